//! OAuth 1.0a: a request is signed with the secrets of the application and of its user (RFC 5849).

use crate::node::{Context, NodeError};
use crate::nodes::network::client::query::encode;
use crate::nodes::network::client::{Body, Draft};
use crate::value::{self, Object, Value};
use base64::Engine;
use hmac::{Hmac, Mac};
use sha1::Sha1;
use sha2::{Sha256, Sha512};

/// Adds the signature as a header.
pub(super) fn sign(draft: &mut Draft, credential: &Object, context: &Context<'_>) -> Result<(), NodeError> {
    let mut random = [0; 16];
    context.ports.chance.fill(&mut random);
    let nonce: String = random.iter().map(|byte| format!("{byte:02x}")).collect();
    let header = authorization(draft, credential, &nonce, context.now() / 1000)?;
    draft.set_header("Authorization", header);
    Ok(())
}

fn authorization(draft: &Draft, credential: &Object, nonce: &str, seconds: i64) -> Result<String, NodeError> {
    let text =
        |key: &str| credential.get(key).filter(|value| !value.is_nullish()).map(Value::to_text).unwrap_or_default();
    let token = match credential.get("oauthTokenData") {
        Some(Value::String(text)) => value::parse(text).unwrap_or_default(),
        Some(token) => token.clone(),
        None => return Err(NodeError::new("OAuth credentials not connected")),
    };
    let part = |key: &str| token.get(key).as_str().unwrap_or_default();
    let method = match &*text("signatureMethod") {
        "HMAC-SHA256" => "HMAC-SHA256",
        "HMAC-SHA512" => "HMAC-SHA512",
        _ => "HMAC-SHA1",
    };
    let own = [
        ("oauth_consumer_key", text("consumerKey").to_string()),
        ("oauth_nonce", nonce.to_owned()),
        ("oauth_signature_method", method.to_owned()),
        ("oauth_timestamp", seconds.to_string()),
        ("oauth_token", part("oauth_token").to_owned()),
        ("oauth_version", "1.0".to_owned()),
    ];
    let address = draft.address()?;
    let mut all: Vec<(String, String)> = own.iter().map(|(name, value)| (encode(name), encode(value))).collect();
    all.extend(address.query_pairs().map(|(name, value)| (encode(&name), encode(&value))));
    if let Body::Form(fields) = &draft.body {
        all.extend(fields.iter().map(|(name, value)| (encode(name), encode(&value.to_text()))));
    }
    all.sort();
    let all: Vec<String> = all.iter().map(|(name, value)| format!("{name}={value}")).collect();
    let mut base = address.clone();
    base.set_query(None);
    let text_to_sign =
        format!("{}&{}&{}", draft.method.to_ascii_uppercase(), encode(base.as_str()), encode(&all.join("&")));
    let key = format!("{}&{}", encode(&text("consumerSecret")), encode(part("oauth_token_secret")));
    let signature = match method {
        "HMAC-SHA256" => mac::<Hmac<Sha256>>(&key, &text_to_sign),
        "HMAC-SHA512" => mac::<Hmac<Sha512>>(&key, &text_to_sign),
        _ => mac::<Hmac<Sha1>>(&key, &text_to_sign),
    };
    let mut parts: Vec<String> = own.iter().map(|(name, value)| format!("{name}=\"{}\"", encode(value))).collect();
    parts.push(format!("oauth_signature=\"{}\"", encode(&signature)));
    Ok(format!("OAuth {}", parts.join(", ")))
}

fn mac<M: Mac + hmac::digest::KeyInit>(key: &str, text: &str) -> String {
    // Keys of any length are taken.
    let Ok(mac) = <M as Mac>::new_from_slice(key.as_bytes()) else { return String::new() };
    base64::prelude::BASE64_STANDARD.encode(mac.chain_update(text).finalize().into_bytes())
}

#[cfg(test)]
mod tests {
    use super::authorization;
    use crate::nodes::network::client::Draft;
    use crate::value::parse;

    /// The photo of RFC 5849, 1.2; its example has no `oauth_version`, so the signature is our own, checked by hand with OpenSSL.
    #[test]
    fn a_signature_covers_query_and_secrets() {
        let credential = parse(r#"{"consumerKey":"dpf43f3p2l4k3l03","consumerSecret":"kd94hf93k423kf44","oauthTokenData":{"oauth_token":"nnch734d00sl2jdk","oauth_token_secret":"pfkkdhi9sl3r4s00"}}"#).unwrap();
        let draft = Draft {
            method: "GET".into(),
            url: "http://photos.example.net/photos?file=vacation.jpg&size=original".into(),
            ..Draft::default()
        };
        let made = authorization(&draft, credential.as_object().unwrap(), "kllo9940pd9333jh", 1_191_242_096).unwrap();
        // The signature that the first edition of the specification (OAuth Core 1.0, appendix A.5) gives for these values.
        assert!(made.contains("oauth_signature=\"tR3%2BTy81lMeYAr%2FFid0kMTYa%2FWM%3D\""), "{made}");
    }
}
