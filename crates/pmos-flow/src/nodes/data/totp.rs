//! TOTP: passwords for one time, from a secret and the time of day (RFC 6238).

use super::crypto::Hash;
use crate::item::Item;
use crate::node::{BoxFuture, Context, Given, Group, NodeError, NodeType, Property, Run};
use crate::value::{Object, Value};

const ALGORITHMS: &[&str] =
    &["SHA1", "SHA224", "SHA256", "SHA3-224", "SHA3-256", "SHA3-384", "SHA3-512", "SHA384", "SHA512"];

/// Gives the password that is valid now.
pub(super) static TOTP: NodeType = NodeType {
    name: "n8n-nodes-base.totp",
    title: "TOTP",
    summary: "Gives the time-based one-time password of a secret.",
    group: Group::Data,
    properties: &[
        Property::options("operation", "generateSecret", &["generateSecret"]),
        Property::collection(
            "options",
            &[
                Property::options("algorithm", "SHA1", ALGORITHMS),
                Property::number("digits", 6.0),
                Property::number("period", 30.0),
            ],
        ),
    ],
    credentials: &["totpApi"],
    run: Run::Effect(run),
    ..NodeType::BASE
};

fn run<'a>(context: &'a mut Context<'_>) -> BoxFuture<'a, Result<Given, NodeError>> {
    Box::pin(async move {
        let credential = context.credential("totpApi").await?;
        let text =
            |key: &str| credential.get(key).filter(|value| !value.is_nullish()).map(Value::to_text).unwrap_or_default();
        if !text("label").contains(':') {
            return Err(NodeError::new("Malformed label - expected `issuer:username`"));
        }
        let secret = base32(&text("secret"))?;
        let now = context.now();
        context.each(|context, at, _| {
            let options = context.get("options", at)?;
            let number = |name: &str, usual: f64| {
                Some(options.get(name).to_number()).filter(|number| *number > 0.0).unwrap_or(usual)
            };
            let name = options.get("algorithm").as_str().filter(|name| !name.is_empty()).unwrap_or("SHA1").to_owned();
            let hash = Hash::named(&name).ok_or_else(|| NodeError::new(format!("Unknown hash algorithm: {name}")))?;
            let period = number("period", 30.0);
            let periods = now as f64 / 1000.0 / period;
            let token = token(hash, &secret, periods as u64, number("digits", 6.0) as usize);
            let remaining = (period * (1.0 - periods.fract())).trunc();
            Ok(vec![Item::new(Object::from_iter([
                ("token", Value::from(token)),
                ("secondsRemaining", Value::Number(remaining)),
            ]))])
        })
    })
}

/// More digits than a number of 31 bits has are zeros; more of them than this help nobody.
const MOST_DIGITS: usize = 64;

/// The password of a moment (RFC 4226, section 5.3).
fn token(hash: &Hash, secret: &[u8], counter: u64, digits: usize) -> String {
    let mac = hash.mac(secret, &counter.to_be_bytes());
    let offset = usize::from(mac.last().copied().unwrap_or_default() & 0x0f);
    let number = mac.iter().skip(offset).take(4).fold(0, |number, byte| number << 8 | u64::from(*byte)) & 0x7fff_ffff;
    let digits = digits.min(MOST_DIGITS);
    let shown = 10_u64.checked_pow(digits as u32).map_or(number, |limit| number % limit);
    format!("{shown:0digits$}")
}

/// The bytes of a text in Base32 (RFC 4648): case, spaces and padding do not count.
fn base32(text: &str) -> Result<Vec<u8>, NodeError> {
    let mut bytes = Vec::with_capacity(text.len() * 5 / 8);
    let (mut held, mut bits) = (0_u32, 0);
    for letter in text
        .trim_end_matches(['=', ' '])
        .chars()
        .filter(|letter| *letter != ' ')
        .map(|letter| letter.to_ascii_uppercase())
    {
        let five = match letter {
            'A'..='Z' => letter as u32 - 'A' as u32,
            '2'..='7' => letter as u32 - '2' as u32 + 26,
            _ => return Err(NodeError::new(format!("Invalid character found: {letter}"))),
        };
        held = (held << 5 | five) & 0xfff;
        bits += 5;
        if bits >= 8 {
            bits -= 8;
            bytes.push((held >> bits) as u8);
        }
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::{Hash, base32, token};

    #[test]
    fn passwords_are_those_of_rfc_6238() {
        let secret = "1234567890".repeat(7);
        for (seconds, sha1, sha256, sha512) in [
            (59, "94287082", "46119246", "90693936"),
            (1_111_111_109, "07081804", "68084774", "25091201"),
            (20_000_000_000, "65353130", "77737706", "47863826"),
        ] {
            for (name, bytes, expected) in [("SHA1", 20, sha1), ("SHA256", 32, sha256), ("SHA512", 64, sha512)] {
                assert_eq!(token(Hash::named(name).unwrap(), &secret.as_bytes()[..bytes], seconds / 30, 8), expected);
            }
        }
    }

    #[test]
    fn secrets_are_base32() {
        assert_eq!(base32("gezd GNBV gy3tqojq==").unwrap(), b"1234567890");
        assert_eq!(base32("A1").unwrap_err().message, "Invalid character found: 1");
    }
}
