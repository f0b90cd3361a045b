//! Digest access authentication (RFC 7616), with MD5 and SHA-256.

use crate::port::{HttpRequest, HttpResponse};
use crate::value::{Object, Value};
use md5::Md5;
use pmos_kit::Rng;
use sha2::{Digest, Sha256};

/// The `Authorization` that answers a challenge; nothing where there is none that can be answered.
pub(super) fn answer(
    response: &HttpResponse,
    request: &HttpRequest,
    credential: &Object,
    chance: &dyn Rng,
) -> Option<String> {
    let challenge =
        response.header("www-authenticate").filter(|header| response.status == 401 && header.contains("nonce"))?;
    let mut random = [0; 12];
    chance.fill(&mut random);
    let text = |key: &str| credential.get(key).map(Value::to_text).unwrap_or_default();
    authorization(challenge, &request.method, &request.url, &text("user"), &text("password"), &hex(&random))
}

fn authorization(challenge: &str, method: &str, url: &str, user: &str, password: &str, cnonce: &str) -> Option<String> {
    let (realm, nonce) = (directive(challenge, "realm").unwrap_or_default(), directive(challenge, "nonce")?);
    let algorithm = directive(challenge, "algorithm");
    let hash = match algorithm.unwrap_or("MD5").to_ascii_uppercase().as_str() {
        "MD5" => |text: String| hex(&Md5::digest(text)),
        "SHA-256" => |text: String| hex(&Sha256::digest(text)),
        _ => return None,
    };
    let url = url::Url::parse(url).ok()?;
    let uri = url.query().map_or_else(|| url.path().to_owned(), |query| format!("{}?{query}", url.path()));
    let secret = hash(format!("{user}:{realm}:{password}"));
    let call = hash(format!("{method}:{uri}"));
    let asks_auth = directive(challenge, "qop").is_some_and(|qop| qop.split(',').any(|one| one.trim() == "auth"));
    let proof = match asks_auth {
        true => hash(format!("{secret}:{nonce}:00000001:{cnonce}:auth:{call}")),
        false => hash(format!("{secret}:{nonce}:{call}")),
    };
    let mut header = format!(r#"Digest username="{user}",realm="{realm}",nonce="{nonce}",uri="{uri}""#);
    if asks_auth {
        header += &format!(r#",qop="auth",nc="00000001",cnonce="{cnonce}""#);
    }
    header += &format!(r#",response="{proof}""#);
    if let Some(algorithm) = algorithm {
        header += &format!(r#",algorithm="{algorithm}""#);
    }
    if let Some(opaque) = directive(challenge, "opaque") {
        header += &format!(r#",opaque="{opaque}""#);
    }
    Some(header)
}

/// A directive of a challenge: `Digest realm="a, b", nonce=x`.
fn directive<'c>(challenge: &'c str, name: &str) -> Option<&'c str> {
    let mut rest = challenge.trim_start().split_once(' ')?.1;
    while let Some((own, after)) = rest.split_once('=') {
        let after = after.trim_start();
        let (value, next) = match after.strip_prefix('"') {
            Some(quoted) => quoted.split_once('"')?,
            None => after.split_once(',').map_or((after, ""), |(value, next)| (value, next)),
        };
        if own.trim_matches([' ', ',', '\t']).eq_ignore_ascii_case(name) {
            return Some(value.trim());
        }
        rest = next;
    }
    None
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::authorization;

    /// The example of RFC 7616, 3.9.1.
    #[test]
    fn the_example_of_the_standard_is_answered_as_it_says() {
        let challenge = r#"Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm=MD5, nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS""#;
        let cnonce = "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ";
        let made = authorization(
            challenge,
            "GET",
            "http://www.example.org/dir/index.html",
            "Mufasa",
            "Circle of Life",
            cnonce,
        )
        .unwrap();
        assert!(made.contains(r#"response="8ca523f5e9506fed4657c9700eebdbec""#), "{made}");
    }
}
