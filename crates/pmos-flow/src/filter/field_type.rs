//! The types of fields: does a value fit one, and what is it then?

use super::{form_fields, literal, moment};
use crate::value::{self, Value};
use jiff::tz::TimeZone;

/// How a value is validated.
#[derive(Clone, Copy, Debug, Default)]
pub struct Rigour<'o> {
    /// Is nothing converted?
    pub strict: bool,
    /// Is what is no text made text, where text is wanted?
    pub parse_strings: bool,
    /// The values that `options` may have.
    pub options: &'o [Value],
}

/// The value of a field of this type: `string`, `string-alphanumeric`, `number`, `boolean`, `dateTime`, `time`, `object`,
/// `array`, `options`, `url`, `jwt`, `form-fields`; any other type takes every value. `undefined` where the field has no
/// value, which fits every type. Text of dates without an offset is read in `zone`.
///
/// The error says in n8n's words what the field `name` expects.
pub fn validate(name: &str, value: &Value, kind: &str, rigour: &Rigour<'_>, zone: &TimeZone) -> Result<Value, String> {
    if value.is_nullish() {
        return Ok(Value::Undefined);
    }
    let expected = || format!("'{name}' expects a {kind} but we got {}", value_description(value));
    match kind {
        "string" if !rigour.parse_strings => Ok(value.clone()),
        "string" if rigour.strict && value.as_str().is_none() => Err(expected()),
        "string" => Ok(as_text(value)),
        "string-alphanumeric" => match as_text(value) {
            Value::String(text) if is_identifier(&text) => Ok(Value::String(text)),
            _ => Err("Value is not a valid alphanumeric string, only letters, numbers and underscore allowed".into()),
        },
        "number" if rigour.strict && value.as_number().is_none() => Err(expected()),
        "number" => Some(value.to_number()).filter(|number| !number.is_nan()).map(Value::Number).ok_or_else(expected),
        "boolean" if rigour.strict && value.as_bool().is_none() => Err(expected()),
        "boolean" => as_bool(value).map(Value::Bool).ok_or_else(expected),
        "dateTime" | "datetime" => moment::read(value, zone).ok_or_else(|| {
            let docs = "https://moment.github.io/luxon/api-docs/index.html#datetimefromformat";
            format!(
                "{} <br/><br/> Consider using <a href=\"{docs}\" target=\"_blank\"><code>DateTime.fromFormat</code></a> to work with custom date formats.",
                expected()
            )
        }),
        "time" => match value.to_text() {
            text if is_time(&text) => Ok(Value::String(text)),
            _ => Err(format!("'{name}' expects time (hh:mm:(:ss)) but we got {}.", value_description(value))),
        },
        "object" if rigour.strict && value.type_of() != "object" => Err(expected()),
        "object" => as_object(value).ok_or_else(expected),
        "array" if rigour.strict && value.as_array().is_none() => Err(expected()),
        "array" => as_list(value).ok_or_else(expected),
        "options" if rigour.options.iter().any(|option| option.strictly_equals(value)) => Ok(value.clone()),
        "options" => {
            let allowed: Vec<_> = rigour.options.iter().map(Value::to_text).collect();
            Err(format!(
                "'{name}' expects one of the following values: [{}] but we got {}",
                allowed.join(", "),
                value_description(value)
            ))
        }
        "url" => as_url(value).map(Value::from).ok_or_else(expected),
        "jwt" => match value.to_text() {
            text if value.is_truthy() && is_jwt(&text) => Ok(Value::String(text)),
            _ => Err("Value is not a valid JWT token".into()),
        },
        "form-fields" => form_fields::read(value),
        _ => Ok(value.clone()),
    }
}

/// A value as messages name it: `'text'`, `array`, `object`.
pub fn value_description(value: &Value) -> String {
    match value {
        Value::Array(_) => "array".into(),
        Value::Object(_) => "object".into(),
        Value::Exotic(exotic) if exotic.type_of() == "object" => "object".into(),
        other => format!("'{}'", other.to_text()),
    }
}

/// Text: what is an object or a list as JSON.
fn as_text(value: &Value) -> Value {
    match value {
        Value::String(_) => value.clone(),
        other if other.type_of() == "object" => value::to_string(other).into(),
        other => other.to_text().into(),
    }
}

fn is_identifier(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

fn as_bool(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(bool) => return Some(*bool),
        Value::String(text) if text.eq_ignore_ascii_case("true") => return Some(true),
        Value::String(text) if text.eq_ignore_ascii_case("false") => return Some(false),
        Value::String(text) if text.trim().is_empty() => return None,
        _ => {}
    }
    match value.to_number() {
        0.0 => Some(false),
        1.0 => Some(true),
        _ => None,
    }
}

/// `hh:mm`, `hh:mm:ss`, and after either an offset such as `+0100`, `+1` or `-01:00`.
fn is_time(text: &str) -> bool {
    let digits = |text: &str, count: std::ops::RangeInclusive<usize>| {
        count.contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
    };
    let (clock, offset) = match text.find(['+', '-']) {
        Some(at) => (&text[..at], &text[at + 1..]),
        None => (text, "00"),
    };
    let clock: Vec<&str> = clock.split(':').collect();
    let offset_fits = match offset.split_once(':') {
        Some((hours, minutes)) => digits(hours, 1..=2) && digits(minutes, 2..=2),
        None => digits(offset, 1..=2) || digits(offset, 4..=4),
    };
    (2..=3).contains(&clock.len()) && clock.iter().all(|part| digits(part, 2..=2)) && offset_fits
}

fn as_object(value: &Value) -> Option<Value> {
    match value {
        Value::Object(_) | Value::Exotic(_) => Some(value.clone()),
        other => {
            let text = other.to_text();
            let read = value::parse(&text).ok().or_else(|| literal::read(&text));
            read.filter(|value| matches!(value, Value::Object(_) | Value::Null))
        }
    }
}

fn as_list(value: &Value) -> Option<Value> {
    if value.as_array().is_some() {
        return Some(value.clone());
    }
    let text = value.to_text();
    let read = value::parse(&text).or_else(|_| value::parse(&text.replace('\'', "\"")));
    read.ok().filter(|value| value.as_array().is_some())
}

fn as_url(value: &Value) -> Option<String> {
    let text = match value {
        Value::String(text) if !text.contains("://") => format!("http://{text}"),
        other => other.to_text().to_string(),
    };
    let goes_on = |rest: &str| rest.starts_with(|next: char| !next.is_whitespace());
    let has_scheme = ["http://", "https://", "ftp://", "file://"]
        .iter()
        .any(|scheme| text.strip_prefix(scheme).is_some_and(goes_on));
    let has_host = text.match_indices("www.").any(|(at, found)| goes_on(&text[at + found.len()..]));
    (has_scheme || has_host).then_some(text)
}

fn is_jwt(text: &str) -> bool {
    let plain = |part: &str, more: &[u8]| {
        part.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte) || more.contains(&byte))
    };
    let mut parts = text.splitn(3, '.');
    match (parts.next(), parts.next(), parts.next()) {
        (Some(head), Some(body), Some(signature)) => {
            !head.is_empty() && !body.is_empty() && plain(head, &[]) && plain(body, &[]) && plain(signature, b".+/=")
        }
        _ => false,
    }
}
