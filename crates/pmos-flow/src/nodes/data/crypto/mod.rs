//! Crypto: hashes, codes of authentication, signatures and random text.

mod der;
mod digest;
mod key;

pub(super) use digest::Hash;
pub(super) use key::{Curve, PrivateKey, PublicKey, Scheme};

use crate::item::Item;
use crate::node::{Context, Given, Group, NodeError, NodeType, Property, Run, Shown};
use crate::nodes::files::binary::file_of;
use crate::value::{Object, Path, Value};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use std::sync::Arc;

const TYPES: &[&str] = &["MD5", "SHA1", "SHA256", "SHA3-256", "SHA3-384", "SHA3-512", "SHA384", "SHA512"];

/// Hashes, signs, and makes random text.
pub(super) static CRYPTO: NodeType = NodeType {
    name: "n8n-nodes-base.crypto",
    title: "Crypto",
    summary: "Hashes and signs data, and makes random text.",
    group: Group::Data,
    properties: &[
        Property::options("action", "hash", &["generate", "hash", "hmac", "sign"]),
        Property::options("type", "MD5", TYPES).required().when(&[Shown::is("action", &["hash", "hmac"])]),
        Property::bool("binaryData", false).required().when(&[Shown::is("action", &["hash", "hmac"])]),
        Property::text("binaryPropertyName")
            .or("data")
            .required()
            .when(&[Shown::is("action", &["hash", "hmac"]), Shown::is("binaryData", &["true"])]),
        Property::text("value")
            .required()
            .when(&[Shown::is("action", &["hash", "hmac"]), Shown::is("binaryData", &["false"])]),
        Property::text("value").required().when(&[Shown::is("action", &["sign"])]),
        Property::text("dataPropertyName").or("data").required(),
        Property::text("secret").required().when(&[Shown::is("action", &["hmac"])]),
        Property::options("algorithm", "", &["RSA-SHA256", "RSA-SHA384", "RSA-SHA512"])
            .required()
            .when(&[Shown::is("action", &["sign"])]),
        Property::options("encoding", "hex", &["base64", "hex"])
            .required()
            .when(&[Shown::is("action", &["hash", "hmac", "sign"])]),
        Property::text("privateKey").required().when(&[Shown::is("action", &["sign"])]),
        Property::options("encodingType", "uuid", &["ascii", "base64", "hex", "uuid"])
            .required()
            .when(&[Shown::is("action", &["generate"])]),
        Property::number("stringLength", 32.0)
            .when(&[Shown::is("action", &["generate"]), Shown::is("encodingType", &["ascii", "base64", "hex"])]),
    ],
    run: Run::Pure(run),
    ..NodeType::BASE
};

/// The longest random text.
const LONGEST: f64 = 1_048_576.0;

fn run(context: &mut Context<'_>) -> Result<Given, NodeError> {
    context.each(|context, at, item| {
        let made = match &*context.text("action", at)? {
            "generate" => generate(context, at)?,
            action => {
                let bytes = match action {
                    "hash" => {
                        let name = context.text("type", at)?;
                        let hash = Hash::named(&name).ok_or_else(|| NodeError::new("Digest method not supported"))?;
                        hash.digest(&data(context, at, item)?)
                    }
                    "hmac" => {
                        let name = context.text("type", at)?;
                        let hash =
                            Hash::named(&name).ok_or_else(|| NodeError::new(format!("Invalid digest: {name}")))?;
                        hash.mac(context.text("secret", at)?.as_bytes(), &data(context, at, item)?)
                    }
                    "sign" => sign(context, at)?,
                    other => return Err(NodeError::new(format!("The action \"{other}\" is not supported!"))),
                };
                match &*context.text("encoding", at)? {
                    "base64" => BASE64_STANDARD.encode(bytes),
                    _ => hex(&bytes),
                }
            }
        };
        let mut json = Object::clone(&item.json);
        Path::new(&context.text("dataPropertyName", at)?).set(&mut json, Value::from(made));
        Ok(vec![Item { json: Arc::new(json), binary: item.binary.clone(), ..Item::default() }])
    })
}

/// What is hashed: a file or a text.
fn data(context: &mut Context<'_>, at: usize, item: &Item) -> Result<bytes::Bytes, NodeError> {
    if context.flag("binaryData", at)? {
        let property = context.text("binaryPropertyName", at)?;
        return Ok(file_of(item, &property, at)?.data.clone());
    }
    value(context, at)
}

/// The text of the parameter `value`. Numbers and such are not turned into text: n8n takes none.
fn value(context: &mut Context<'_>, at: usize) -> Result<bytes::Bytes, NodeError> {
    let received = match context.get("value", at)? {
        Value::String(text) => return Ok(text.as_bytes().to_vec().into()),
        none @ (Value::Undefined | Value::Null) => none.to_text().to_string(),
        Value::Array(_) => "an instance of Array".to_owned(),
        plain @ (Value::Number(_) | Value::Bool(_)) => format!("type {} ({})", plain.type_of(), plain.to_text()),
        _ => "an instance of Object".to_owned(),
    };
    Err(NodeError::new(format!(
        "The \"data\" argument must be of type string or an instance of Buffer, TypedArray, or DataView. Received {received}"
    )))
}

/// Signs the text. RSA keys sign as PKCS #1 1.5 says, the others in DER; the name of the hash may begin with `RSA-`.
fn sign(context: &mut Context<'_>, at: usize) -> Result<Vec<u8>, NodeError> {
    let algorithm = context.text("algorithm", at)?.to_ascii_uppercase();
    let size = match algorithm.strip_prefix("RSA-").unwrap_or(&algorithm) {
        "SHA256" => 256,
        "SHA384" => 384,
        "SHA512" => 512,
        _ => {
            return Err(NodeError::new(format!("Invalid digest: {algorithm}"))
                .described("Use RSA-SHA256, RSA-SHA384 or RSA-SHA512"));
        }
    };
    let pem = context.text("privateKey", at)?;
    let key = PrivateKey::read(&pem).ok_or_else(|| {
        NodeError::new("The private key cannot be read").described("It must be in PEM format, and not encrypted")
    })?;
    let scheme = if matches!(key, PrivateKey::Rsa(_)) { Scheme::Pkcs1 } else { Scheme::Der };
    key.sign(scheme, size, &value(context, at)?)
}

fn generate(context: &mut Context<'_>, at: usize) -> Result<String, NodeError> {
    let form = context.text("encodingType", at)?;
    let length = match &*form {
        "uuid" => 16.0,
        _ => context.number("stringLength", at)?.trunc(),
    };
    if !(0.0..=LONGEST).contains(&length) {
        return Err(NodeError::new(format!(
            "The value of \"size\" is out of range. It must be >= 0 && <= {LONGEST}. Received {length}"
        )));
    }
    let mut bytes = vec![0; length as usize];
    context.ports.chance.fill(&mut bytes);
    Ok(match &*form {
        "uuid" => uuid(bytes),
        "base64" => {
            BASE64_STANDARD.encode(&bytes).chars().filter(char::is_ascii_alphanumeric).take(bytes.len()).collect()
        }
        "ascii" => bytes.iter().map(|byte| char::from(byte & 0x7f)).collect(),
        _ => hex(&bytes).chars().take(bytes.len()).collect(),
    })
}

/// A random UUID (RFC 9562, version 4) of 16 bytes.
fn uuid(mut bytes: Vec<u8>) -> String {
    bytes[6] = bytes[6] & 0x0f | 0x40;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    let text = hex(&bytes);
    [&text[..8], &text[8..12], &text[12..16], &text[16..20], &text[20..]].join("-")
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn uuids_say_that_they_are_random() {
        assert_eq!(super::uuid(vec![0xff; 16]), "ffffffff-ffff-4fff-bfff-ffffffffffff");
    }
}
