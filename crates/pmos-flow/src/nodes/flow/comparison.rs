//! Comparisons of two values as the old versions of If, Filter and Switch make them.

use crate::filter::{Pattern, moment as dates};
use crate::node::NodeError;
use crate::value::{Str, Value};
use std::cmp::Ordering;

/// Does `left` compare to `right` as the operation says?
pub(super) fn compare(operation: &str, left: &Value, right: &Value) -> Result<bool, NodeError> {
    let order = || order(&or_zero(left), &or_zero(right));
    Ok(match operation {
        "after" | "larger" => order().is_some_and(Ordering::is_gt),
        "before" | "smaller" => order().is_some_and(Ordering::is_lt),
        "largerEqual" => order().is_some_and(Ordering::is_ge),
        "smallerEqual" => order().is_some_and(Ordering::is_le),
        "equal" => left.strictly_equals(right),
        "notEqual" => !left.strictly_equals(right),
        "contains" => or_blank(left).contains(&*or_blank(right)),
        "notContains" => !or_blank(left).contains(&*or_blank(right)),
        "startsWith" => or_blank(left).starts_with(&*or_blank(right)),
        "notStartsWith" => !or_blank(left).starts_with(&*or_blank(right)),
        "endsWith" => or_blank(left).ends_with(&*or_blank(right)),
        "notEndsWith" => !or_blank(left).ends_with(&*or_blank(right)),
        "isEmpty" => is_empty(left),
        "isNotEmpty" => !is_empty(left),
        "regex" => matches(left, right)?,
        "notRegex" => !matches(left, right)?,
        other => return Err(NodeError::new(format!("The operation '{other}' is not known"))),
    })
}

fn matches(text: &Value, pattern: &Value) -> Result<bool, NodeError> {
    Ok(Pattern::parse(&or_blank(pattern)).map_err(NodeError::new)?.is_match(&or_blank(text)))
}

/// JavaScript's `value || ''` as text.
fn or_blank(value: &Value) -> Str {
    if value.is_truthy() { value.to_text() } else { "".into() }
}

/// JavaScript's `value || 0`.
fn or_zero(value: &Value) -> Value {
    if value.is_truthy() { value.clone() } else { Value::Number(0.0) }
}

/// JavaScript compares two texts as texts, and everything else as numbers.
fn order(left: &Value, right: &Value) -> Option<Ordering> {
    match (left, right) {
        (Value::String(left), Value::String(right)) => Some(left.encode_utf16().cmp(right.encode_utf16())),
        _ => left.to_number().partial_cmp(&right.to_number()),
    }
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Undefined | Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Number(number) => number.is_nan(),
        Value::Array(values) => values.is_empty(),
        Value::Object(object) => object.is_empty(),
        _ => false,
    }
}

/// The milliseconds of a date; 0 for none at all.
pub(super) fn moment(value: &Value) -> Result<Value, NodeError> {
    match value {
        Value::Undefined => Ok(Value::Number(0.0)),
        value => match dates::of_javascript(value) {
            Some(ms) => Ok(Value::Number(ms)),
            None => Err(NodeError::new(format!("The value \"{}\" is not a valid DateTime.", value.to_text()))),
        },
    }
}
