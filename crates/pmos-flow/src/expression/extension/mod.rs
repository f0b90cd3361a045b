//! The methods that n8n adds to values: `'a b'.toTitleCase()`, `[1, 2].sum()`.
//!
//! They stop the node where they are misused; their words are part of n8n's format.

mod array;
mod date;
mod number;
mod object;
mod string;
mod string_find;
mod string_form;

use super::interpreter::{Interpreter, Run, refused};
use crate::time::{DateTime, JsDate};
use crate::value::{Str, Value};

/// Calls an added method; nothing where this kind of value has none of this name.
pub(crate) fn call(own: &mut Interpreter<'_>, value: &Value, name: &Str, arguments: &[Value]) -> Run<Option<Value>> {
    match value {
        Value::Array(values) => array::call(own, value, values, name, arguments),
        Value::String(text) => {
            // Text that is a date in ISO's full form counts as a date.
            if name_of_dates(name) && is_iso(text) {
                return date::call(own, &JsDate::parse(text).into(), name, arguments);
            }
            string::call(own, text, name, arguments)
        }
        Value::Number(number) => number::call(own, *number, name, arguments),
        Value::Bool(bool) => Ok(boolean(*bool, name)),
        Value::Exotic(_) if value.as_exotic::<DateTime>().is_some() || value.as_exotic::<JsDate>().is_some() => {
            date::call(own, value, name, arguments)
        }
        Value::Object(_) => object::call(own, value, name, arguments),
        Value::Exotic(_) => Ok(None),
        Value::Undefined | Value::Null => refused(format!("{name} can't be used on {} value", value.to_text())),
    }
}

fn name_of_dates(name: &str) -> bool {
    date::NAMES.contains(&name) && name != "toDateTime"
}

fn is_iso(text: &str) -> bool {
    text.len() >= 24 && text.ends_with('Z') && JsDate::parse(text).to_iso().is_some_and(|iso| iso == *text)
}

/// The refusal of an added method on a value of another kind.
pub(crate) fn refuse<T>(value: &Value, name: &str) -> Run<T> {
    if value.is_nullish() {
        return refused(format!("{name} can't be used on {} value", value.to_text()));
    }
    let kinds: [(&str, &[&str]); 6] = [
        ("Array", array::NAMES),
        ("Date", date::NAMES),
        ("Number", number::NAMES),
        ("Object", object::NAMES),
        ("String", string::NAMES),
        ("Boolean", BOOLEAN),
    ];
    let having: Vec<String> =
        kinds.iter().filter(|(_, names)| names.contains(&name)).map(|(kind, _)| format!("\"{kind}\"")).collect();
    match having.split_last() {
        None => refused(format!("Unknown expression function: {name}")),
        Some((only, [])) => refused(format!("{name}() is only callable on type {only}")),
        Some((last, others)) => {
            refused(format!("{name}() is only callable on types {}, and {last}", others.join(", ")))
        }
    }
}

const BOOLEAN: &[&str] = &["toBoolean", "toInt", "toFloat", "toNumber", "toDateTime"];

fn boolean(bool: bool, name: &str) -> Option<Value> {
    Some(match name {
        "toBoolean" => bool.into(),
        "toInt" | "toFloat" | "toNumber" => Value::from(i32::from(bool)),
        "toDateTime" => Value::Undefined,
        _ => return None,
    })
}
