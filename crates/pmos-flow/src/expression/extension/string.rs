//! What n8n adds to texts.

use super::{date, string_find as find, string_form as form};
use crate::expression::builtin::{decode, encode, text16};
use crate::expression::interpreter::{Interpreter, Run, refused, uncovered};
use crate::time::JsDate;
use crate::value::{Str, Value, number_from_text, parse};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;

pub(super) const NAMES: &[&str] = &[
    "hash",
    "removeMarkdown",
    "removeTags",
    "toDate",
    "toDateTime",
    "toBoolean",
    "toDecimalNumber",
    "toNumber",
    "toFloat",
    "toInt",
    "toWholeNumber",
    "toSentenceCase",
    "toSnakeCase",
    "toTitleCase",
    "urlDecode",
    "urlEncode",
    "quote",
    "replaceSpecialChars",
    "length",
    "isDomain",
    "isEmail",
    "isNumeric",
    "isUrl",
    "isURL",
    "isEmpty",
    "isNotEmpty",
    "toJsonString",
    "extractEmail",
    "extractDomain",
    "extractUrl",
    "extractUrlPath",
    "parseJson",
    "base64Encode",
    "base64Decode",
];

pub(super) fn call(own: &mut Interpreter<'_>, text: &Str, name: &str, arguments: &[Value]) -> Run<Option<Value>> {
    if !NAMES.contains(&name) {
        return Ok(None);
    }
    own.charge(text.len())?;
    let first = arguments.first().unwrap_or(&Value::Undefined);
    let made = match name {
        "isEmpty" => return Ok(Some(text.is_empty().into())),
        "isNotEmpty" => return Ok(Some((!text.is_empty()).into())),
        "length" => return Ok(Some(text16::length(text).into())),
        "isDomain" => return Ok(Some(find::is_domain(text).into())),
        "isEmail" => return Ok(Some(find::is_email(text).into())),
        "isUrl" | "isURL" => return Ok(Some(find::is_url(text).into())),
        "isNumeric" => {
            let is_blank = text.chars().any(char::is_whitespace) || text.is_empty();
            return Ok(Some((!is_blank && number_from_text(text).is_finite()).into()));
        }
        "extractEmail" => return Ok(Some(optional(find::email(text)))),
        "extractDomain" => return Ok(Some(optional(find::domain(text)))),
        "extractUrl" => return Ok(Some(optional(find::url(text)))),
        "extractUrlPath" => return Ok(Some(optional(find::url_path(text)))),
        "toBoolean" => return Ok(Some((!matches!(&*text.to_lowercase(), "" | "0" | "false" | "no")).into())),
        "toNumber" => {
            let number = number_from_text(text);
            return if number.is_nan() { refused("cannot convert to number") } else { Ok(Some(Value::Number(number))) };
        }
        "toInt" | "toWholeNumber" => {
            let radix = first.as_number().unwrap_or(10.0) as i32;
            let number = crate::expression::builtin::parse_int_text(text, radix);
            return if number.is_nan() {
                refused("cannot convert to integer")
            } else {
                Ok(Some(Value::Number(number)))
            };
        }
        "toFloat" | "toDecimalNumber" => {
            let number = crate::expression::builtin::parse_float(text);
            return if number.is_nan() { refused("cannot convert to float") } else { Ok(Some(Value::Number(number))) };
        }
        "toDate" => {
            let date = JsDate::parse(text);
            return if date.millis().is_nan() { refused("cannot convert to date") } else { Ok(Some(date.into())) };
        }
        "toDateTime" => return date::from_text(own, text, first).map(Some),
        "parseJson" => return parse_json(text).map(Some),
        "base64Decode" => {
            return match BASE64_STANDARD.decode(
                text.trim_end_matches('=').to_owned() + &"=".repeat((4 - text.trim_end_matches('=').len() % 4) % 4),
            ) {
                Ok(bytes) => own.text(String::from_utf8_lossy(&bytes).into_owned()).map(Some),
                Err(_) => uncovered("base64 of another form"),
            };
        }
        "base64Encode" => BASE64_STANDARD.encode(text.as_bytes()),
        "hash" => hash(text, first)?,
        "toJsonString" => quoted(text),
        "quote" => {
            let mark = first.as_str().unwrap_or("\"");
            format!("{mark}{}{mark}", text.replace('\\', "\\\\").replace(mark, &format!("\\{mark}")))
        }
        "urlEncode" => {
            if first.is_truthy() {
                encode(text, "-_.!~*'();/?:@&=+$,#")
            } else {
                encode(text, "-_.!~*'()")
            }
        }
        "urlDecode" => match decode(text, if first.is_truthy() { ";/?:@&=+$,#" } else { "" }) {
            Some(text) => text,
            None => return crate::expression::interpreter::type_error("URI malformed"),
        },
        "toSentenceCase" => form::sentence_case(text),
        "toSnakeCase" => form::snake_case(text),
        "toTitleCase" => form::title_case(text),
        "removeMarkdown" => form::without_markdown(text),
        "removeTags" => form::without_tags(text),
        _ => form::plain_letters(text),
    };
    own.text(made).map(Some)
}

fn optional(text: Option<String>) -> Value {
    text.map_or(Value::Undefined, Value::from)
}

fn quoted(text: &str) -> String {
    crate::value::to_string(&Value::from(text))
}

fn parse_json(text: &str) -> Run<Value> {
    match parse(text) {
        Ok(value) => Ok(value),
        Err(_) if text.contains('\'') => refused("Parsing failed. Check you're using double quotes"),
        Err(_) => refused("Parsing failed"),
    }
}

fn hash(text: &str, algorithm: &Value) -> Run<String> {
    use sha2::Digest;
    let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    let name = algorithm.as_str().unwrap_or("md5").to_lowercase();
    Ok(match &*name {
        "md5" => hex(&<md5::Md5 as md5::Digest>::digest(text.as_bytes())),
        "base64" => BASE64_STANDARD.encode(text.as_bytes()),
        "sha1" => hex(&sha1::Sha1::digest(text.as_bytes())),
        "sha224" => hex(&sha2::Sha224::digest(text.as_bytes())),
        "sha256" => hex(&sha2::Sha256::digest(text.as_bytes())),
        "sha384" => hex(&sha2::Sha384::digest(text.as_bytes())),
        "sha512" => hex(&sha2::Sha512::digest(text.as_bytes())),
        "sha3" => hex(&sha3::Sha3_512::digest(text.as_bytes())),
        _ => {
            return refused(format!(
                "Unknown algorithm {name}. Available algorithms are: base64, md5, sha1, sha224, sha256, sha384, sha512, sha3, ripemd160, and Base64."
            ));
        }
    })
}
