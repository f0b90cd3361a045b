//! Percent encoding.

use crate::expression::interpreter::{ErrorValue, Interpreter, Run, Stop, to_text};
use crate::value::Value;

/// What `encodeURIComponent` leaves as it is, beside letters and digits.
pub(crate) const COMPONENT: &str = "-_.!~*'()";
/// What `encodeURI` leaves as it is.
pub(crate) const WHOLE: &str = "-_.!~*'();/?:@&=+$,#";

/// Text with every byte encoded that is no letter, no digit and not in `plain`.
pub(crate) fn encode(text: &str, plain: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || plain.as_bytes().contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    encoded
}

/// Encoded text as it was; what would be one of `kept` stays encoded. Nothing where it is malformed.
pub(crate) fn decode(text: &str, kept: &str) -> Option<String> {
    let bytes = text.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        if bytes[at] == b'%' {
            let digits =
                text.get(at + 1..at + 3).filter(|digits| digits.bytes().all(|digit| digit.is_ascii_hexdigit()))?;
            let byte = u8::from_str_radix(digits, 16).ok()?;
            if kept.as_bytes().contains(&byte) {
                decoded.extend_from_slice(&bytes[at..at + 3]);
            } else {
                decoded.push(byte);
            }
            at += 3;
        } else {
            decoded.push(bytes[at]);
            at += 1;
        }
    }
    String::from_utf8(decoded).ok()
}

pub(super) fn decode_value(own: &mut Interpreter<'_>, value: &Value, kept: &str) -> Run<Value> {
    match decode(&to_text(value)?, kept) {
        Some(text) => own.text(text),
        None => Err(Box::new(Stop::Thrown(ErrorValue::value("URIError", "URI malformed")))),
    }
}
