//! JSON web tokens (RFC 7519), with the rules and words of n8n for what is wrong with one.

use crate::node::NodeError;
use crate::nodes::data::crypto::{Curve, Hash, PrivateKey, PublicKey, Scheme};
use crate::value::{self, Object, Value};
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD as BASE64;

/// How a token is signed: a family of algorithms, and the size of the hash.
struct Algorithm {
    name: String,
    family: Family,
    size: u16,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Family {
    Hmac,
    Rsa(Scheme),
    Curve,
}

impl Algorithm {
    fn named(name: &str) -> Option<Self> {
        let (family, size) = name.split_at_checked(2)?;
        let family = match family {
            "HS" => Family::Hmac,
            "RS" => Family::Rsa(Scheme::Pkcs1),
            "PS" => Family::Rsa(Scheme::Pss),
            "ES" => Family::Curve,
            _ => return None,
        };
        let size = [256, 384, 512].into_iter().find(|known| known.to_string() == size)?;
        Some(Self { name: name.to_owned(), family, size })
    }

    fn mac(&self, secret: &str, data: &str) -> Vec<u8> {
        Hash::named(&format!("SHA{}", self.size))
            .map(|hash| hash.mac(secret.as_bytes(), data.as_bytes()))
            .unwrap_or_default()
    }

    /// Which signature it makes with a key on this curve, or of RSA where there is none.
    fn scheme(&self, curve: Option<Curve>) -> Result<Scheme, NodeError> {
        let refused = |words: String| Err(NodeError::new(words));
        match (self.family, curve) {
            (Family::Rsa(scheme), None) => Ok(scheme),
            (Family::Curve, Some(curve)) => {
                let (fit, title) = match self.size {
                    256 => (Curve::P256, "prime256v1"),
                    384 => (Curve::P384, "secp384r1"),
                    _ => (Curve::P521, "secp521r1"),
                };
                match fit {
                    _ if fit != curve => {
                        refused(format!("\"alg\" parameter \"{}\" requires curve \"{title}\".", self.name))
                    }
                    Curve::P521 => refused("ES512 is not available here: use ES256 or ES384".to_owned()),
                    _ => Ok(Scheme::Fixed),
                }
            }
            (_, None) => refused(
                "\"alg\" parameter for \"rsa\" key type must be one of: RS256, PS256, RS384, PS384, RS512, PS512."
                    .to_owned(),
            ),
            (_, Some(_)) => {
                refused("\"alg\" parameter for \"ec\" key type must be one of: ES256, ES384, ES512.".to_owned())
            }
        }
    }
}

/// A token of a payload.
///
/// `key` is the secret or a private key in PEM, `key_id` the `kid` of the header where there is one, `now` in seconds.
pub(super) fn sign(
    mut payload: Object,
    key: &str,
    algorithm: &str,
    key_id: Option<&str>,
    now: i64,
) -> Result<String, NodeError> {
    let Some(algorithm) = Algorithm::named(algorithm) else {
        return Err(NodeError::new("\"algorithm\" must be a valid string enum value"));
    };
    if key.is_empty() {
        return Err(NodeError::new("secretOrPrivateKey must have a value"));
    }
    for claim in ["iat", "exp", "nbf"] {
        if payload.get(claim).is_some_and(|value| value.as_number().is_none()) {
            return Err(NodeError::new(format!("\"{claim}\" should be a number of seconds")));
        }
    }
    if !payload.get("iat").is_some_and(Value::is_truthy) {
        payload.insert("iat", Value::from(now));
    }
    let mut header = Object::from_iter([("alg", Value::from(algorithm.name.as_str())), ("typ", "JWT".into())]);
    if let Some(id) = key_id {
        header.insert("kid", Value::from(id));
    }
    let encode = |object: Object| BASE64.encode(value::to_string(&object.into()));
    let signed = format!("{}.{}", encode(header), encode(payload));
    let signature = match (algorithm.family, PrivateKey::read(key)) {
        (Family::Hmac, None) => algorithm.mac(key, &signed),
        (Family::Hmac, Some(_)) => {
            return Err(NodeError::new(format!(
                "secretOrPrivateKey must be a symmetric key when using {}",
                algorithm.name
            )));
        }
        (_, None) => {
            return Err(NodeError::new(format!(
                "secretOrPrivateKey must be an asymmetric key when using {}",
                algorithm.name
            )));
        }
        (_, Some(key)) => {
            let curve = match key {
                PrivateKey::Rsa(_) => None,
                PrivateKey::Curve { curve, .. } => Some(curve),
            };
            key.sign(algorithm.scheme(curve)?, algorithm.size, signed.as_bytes())?
        }
    };
    Ok(format!("{signed}.{}", BASE64.encode(signature)))
}

/// A token, taken apart.
#[derive(Debug)]
pub(super) struct Token {
    header: Object,
    /// What it says, usually an object.
    pub(super) payload: Value,
    signature: String,
}

impl Token {
    /// Header, payload and signature as one value.
    pub(super) fn complete(self) -> Object {
        Object::from_iter([
            ("header", self.header.into()),
            ("payload", self.payload),
            ("signature", self.signature.into()),
        ])
    }
}

/// Takes a token apart; nothing where it is none. Fails where it says that its payload is JSON, and it is not.
pub(super) fn decode(token: &str) -> Result<Option<Token>, NodeError> {
    let mut parts = token.splitn(3, '.');
    let (Some(header), Some(payload), Some(signature)) = (parts.next(), parts.next(), parts.next()) else {
        return Ok(None);
    };
    let is_plain = |part: &str| part.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
    if header.is_empty() || payload.is_empty() || ![header, payload, signature].into_iter().all(is_plain) {
        return Ok(None);
    }
    let text = |part: &str| BASE64.decode(part).ok().map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    let Some(Value::Object(header)) = text(header).and_then(|header| value::parse(&header).ok()) else {
        return Ok(None);
    };
    let Some(payload) = text(payload) else { return Ok(None) };
    let payload = match value::parse(&payload) {
        Ok(read) if header.get("typ").is_some_and(|kind| kind.as_str() == Some("JWT")) => read,
        Ok(read @ (Value::Object(_) | Value::Array(_))) => read,
        Err(error) if header.get("typ").is_some_and(|kind| kind.as_str() == Some("JWT")) => {
            return Err(NodeError::new(error.to_string()));
        }
        _ => Value::from(payload),
    };
    Ok(Some(Token { header: Object::clone(&header), payload, signature: signature.to_owned() }))
}

/// How strictly a token is verified.
#[derive(Default)]
pub(super) struct Rules {
    /// May it have expired?
    pub(super) ignore_expiration: bool,
    /// May it be not valid yet?
    pub(super) ignore_not_before: bool,
    /// By how many seconds clocks may differ.
    pub(super) clock_tolerance: f64,
}

/// Takes a token apart whose signature and times are right.
///
/// `key` is the secret or a public key in PEM, `now` in seconds.
pub(super) fn verify(token: &str, key: &str, algorithm: &str, rules: &Rules, now: i64) -> Result<Token, NodeError> {
    let refused = |words: &str| Err(NodeError::new(words));
    if token.is_empty() {
        return refused("jwt must be provided");
    }
    if token.split('.').count() != 3 {
        return refused("jwt malformed");
    }
    let Some(read) = decode(token)? else { return refused("invalid token") };
    if read.signature.is_empty() {
        return refused("jwt signature is required");
    }
    if key.is_empty() {
        return refused("secret or public key must be provided");
    }
    let named = read.header.get("alg").and_then(Value::as_str);
    let Some(algorithm) = Algorithm::named(algorithm).filter(|_| named == Some(algorithm)) else {
        return refused("invalid algorithm");
    };
    let signed = token.rsplit_once('.').map_or("", |(signed, _)| signed);
    let signature = BASE64.decode(&read.signature).unwrap_or_default();
    let is_right = match (algorithm.family, PublicKey::read(key)) {
        (Family::Hmac, None) => same(&algorithm.mac(key, signed), &signature),
        (Family::Hmac, Some(_)) => {
            return refused(&format!("secretOrPublicKey must be a symmetric key when using {}", algorithm.name));
        }
        (_, None) => {
            return refused(&format!("secretOrPublicKey must be an asymmetric key when using {}", algorithm.name));
        }
        (_, Some(key)) => {
            let curve = match key {
                PublicKey::Rsa(_) => None,
                PublicKey::Curve { curve, .. } => Some(curve),
            };
            key.verifies(algorithm.scheme(curve)?, algorithm.size, signed.as_bytes(), &signature)
        }
    };
    if !is_right {
        return refused("invalid signature");
    }
    let now = now as f64;
    match read.payload.get("nbf") {
        Value::Undefined => {}
        _ if rules.ignore_not_before => {}
        Value::Number(from) if *from > now + rules.clock_tolerance => return refused("jwt not active"),
        Value::Number(_) => {}
        _ => return refused("invalid nbf value"),
    }
    match read.payload.get("exp") {
        Value::Undefined => {}
        _ if rules.ignore_expiration => {}
        Value::Number(until) if now >= *until + rules.clock_tolerance => return refused("jwt expired"),
        Value::Number(_) => {}
        _ => return refused("invalid exp value"),
    }
    Ok(read)
}

/// Are they the same? Takes as long wherever they differ, so that nobody finds a signature byte by byte.
fn same(one: &[u8], other: &[u8]) -> bool {
    one.len() == other.len()
        && one.iter().zip(other).fold(0, |difference, (one, other)| difference | (one ^ other)) == 0
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
