//! What n8n adds to objects.

use crate::expression::builtin::stringify;
use crate::expression::interpreter::{Interpreter, Run, refused, to_text};
use crate::value::{Object, Value};

pub(super) const NAMES: &[&str] = &[
    "isEmpty",
    "isNotEmpty",
    "hasField",
    "removeField",
    "removeFieldsContaining",
    "keepFieldsContaining",
    "compact",
    "urlEncode",
    "keys",
    "values",
    "toJsonString",
    "toInt",
    "toFloat",
    "toBoolean",
    "toDateTime",
    "toNumber",
];

pub(super) fn call(own: &mut Interpreter<'_>, value: &Value, name: &str, arguments: &[Value]) -> Run<Option<Value>> {
    let Value::Object(object) = value else { return Ok(None) };
    let first = arguments.first().unwrap_or(&Value::Undefined);
    // A field of the name is what the expression means.
    if !NAMES.contains(&name) {
        return Ok(None);
    }
    Ok(Some(match name {
        "isEmpty" => object.is_empty().into(),
        "isNotEmpty" => (!object.is_empty()).into(),
        "hasField" => object.contains_key(&to_text(first)?).into(),
        "removeField" => {
            let key = to_text(first)?;
            keep(own, object, |known, _| *known != *key)?
        }
        "removeFieldsContaining" => {
            let Some(text) = first.as_str().filter(|text| !text.is_empty()) else {
                return refused("removeFieldsContaining(): expected non-empty string arg");
            };
            keep(own, object, |_, value| !value.as_str().is_some_and(|value| value.contains(text)))?
        }
        "keepFieldsContaining" => {
            let Some(text) = first.as_str().filter(|text| !text.is_empty()) else {
                return refused("argument of keepFieldsContaining must be a non-empty string");
            };
            keep(own, object, |_, value| value.as_str().is_some_and(|value| value.contains(text)))?
        }
        "compact" => compact(own, object)?,
        "urlEncode" => {
            let mut text = String::new();
            for (key, value) in object.iter() {
                if !text.is_empty() {
                    text.push('&');
                }
                text.push_str(&form_encode(key));
                text.push('=');
                text.push_str(&form_encode(&to_text(value)?));
            }
            own.text(text)?
        }
        "keys" => own.list(object.keys().map(|key| Value::String(key.clone())).collect())?,
        "values" => own.list(object.values().cloned().collect())?,
        "toJsonString" => match stringify(own, value)? {
            Some(text) => own.text(text)?,
            None => Value::Undefined,
        },
        _ => Value::Undefined,
    }))
}

fn keep(own: &mut Interpreter<'_>, object: &Object, keeps: impl Fn(&str, &Value) -> bool) -> Run<Value> {
    let kept = object
        .iter()
        .filter(|(key, value)| keeps(key, value))
        .map(|(key, value)| (key.clone(), value.clone()))
        .collect();
    own.object(kept)
}

/// Without what is null, undefined, "", "nil", {} or [].
fn compact(own: &mut Interpreter<'_>, object: &Object) -> Run<Value> {
    keep(own, object, |_, value| match value {
        Value::Undefined | Value::Null => false,
        Value::String(text) => !text.is_empty() && **text != *"nil",
        _ => true,
    })
}

/// Encoded as forms encode: blanks as `+`.
pub(super) fn form_encode(text: &str) -> String {
    crate::expression::builtin::encode(text, "-_.* ").replace(' ', "+")
}
