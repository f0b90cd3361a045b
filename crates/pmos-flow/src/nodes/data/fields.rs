//! Lists of field names, as parameters have them.

use crate::node::NodeError;
use crate::value::{Str, Value};

/// The names in a parameter: text with commas, a list of texts, or `{fields: [{fieldName}]}`, as old files have it.
pub(super) fn names(value: &Value) -> Vec<Str> {
    let trimmed = |text: &str| Some(text.trim()).filter(|text| !text.is_empty()).map(Str::from);
    match value {
        Value::String(text) => text.split(',').filter_map(trimmed).collect(),
        Value::Array(values) => values.iter().filter_map(|value| trimmed(&value.to_text())).collect(),
        Value::Object(object) => match object.get("fields").and_then(Value::as_array) {
            Some(fields) => fields.iter().filter_map(|field| trimmed(field.get("fieldName").as_str()?)).collect(),
            None => Vec::new(),
        },
        _ => Vec::new(),
    }
}

/// The same, where there must be one; `purpose` is what they are for.
pub(super) fn some_names(value: &Value, purpose: &str) -> Result<Vec<Str>, NodeError> {
    let names = names(value);
    if names.is_empty() {
        return Err(NodeError::new("No fields specified").described(format!("Please add a field to {purpose}")));
    }
    Ok(names)
}

/// What is said where a field that is a path was looked for as a plain key.
pub(super) const DOTS_ARE_OFF: &str =
    "If you're trying to use a nested field, make sure you turn off 'disable dot notation' in the node options";
