//! The fields of a form, as JSON gives them.

use super::literal;
use crate::value::{self, Object, Value};
use std::sync::Arc;

const KEYS: &[&str] = &[
    "fieldLabel",
    "fieldType",
    "placeholder",
    "fieldOptions",
    "multiselect",
    "multipleFiles",
    "acceptFileTypes",
    "formatDate",
    "requiredField",
    "fieldValue",
    "elementName",
    "fieldName",
    "html",
    "minSelection",
    "maxSelection",
    "limitSelection",
    "numberOfSelections",
    "defaultValue",
];

const TYPES: &[&str] = &[
    "date",
    "dropdown",
    "email",
    "file",
    "number",
    "password",
    "text",
    "textarea",
    "checkbox",
    "radio",
    "html",
    "hiddenField",
];

/// The fields of a form from a list or its JSON; the error says which field is wrong.
pub(super) fn read(value: &Value) -> Result<Value, String> {
    let not_json = || "Value is not valid JSON".to_owned();
    let list = match value {
        Value::String(text) => value::parse(text).ok().or_else(|| literal::read(text)).ok_or_else(not_json)?,
        other => other.clone(),
    };
    let fields = list.as_array().ok_or_else(not_json)?.iter().enumerate().map(|(at, field)| read_field(at, field));
    Ok(Value::from(fields.collect::<Result<Vec<_>, _>>()?))
}

fn read_field(at: usize, field: &Value) -> Result<Value, String> {
    let mut read = Object::new();
    for (key, value) in field.as_object().into_iter().flat_map(Object::iter) {
        if !KEYS.contains(&&**key) {
            return Err(format!("Key '{key}' in field {at} is not valid for form fields"));
        }
        let value = match value {
            _ if **key == *"fieldOptions" => read_options(at, value)?,
            // What a form shows is no markup.
            Value::String(text) => Value::from(text.replace('<', "&lt;").replace('>', "&gt;")),
            Value::Number(_) | Value::Bool(_) => value.clone(),
            other => other.to_text().into(),
        };
        if **key == *"fieldType" && !value.as_str().is_some_and(|kind| TYPES.contains(&kind)) {
            return Err(format!("Field type '{}' in field {at} is not valid for form fields", value.to_text()));
        }
        read.insert(key.clone(), value);
    }
    Ok(read.into())
}

fn read_options(at: usize, options: &Value) -> Result<Value, String> {
    let values = options.as_array().or_else(|| options.get("values").as_array());
    let values = values.ok_or_else(|| {
        format!("Field dropdown in field {at} does has no 'values' property that contain an array of options")
    })?;
    for (number, option) in values.iter().enumerate() {
        if option.as_object().is_none_or(|option| option.len() != 1) || option.get("option").as_str().is_none() {
            return Err(format!("Field dropdown in field {at} has an invalid option {number}"));
        }
    }
    Ok(Value::from(Object::from_iter([("values", Value::Array(Arc::new(values.to_vec())))])))
}
