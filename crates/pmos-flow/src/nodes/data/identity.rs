//! A text that stands for a value: equal values share it, others do not.

use crate::value::{Value, to_string};

/// Deeper values are told apart by the order of their fields too.
const DEEPEST: usize = 100;

/// The text of a list of values.
pub(super) fn identity<'v>(values: impl IntoIterator<Item = &'v Value>) -> String {
    let mut text = String::new();
    for value in values {
        write(value, &mut text, 0);
        text.push(',');
    }
    text
}

fn write(value: &Value, text: &mut String, depth: usize) {
    match value {
        // The order of fields does not count.
        Value::Object(object) if depth < DEEPEST => {
            let mut fields: Vec<_> = object.iter().collect();
            fields.sort_by_key(|(key, _)| *key);
            text.push('{');
            for (key, value) in fields {
                text.push_str(&to_string(&Value::String(key.clone())));
                text.push(':');
                write(value, text, depth + 1);
            }
            text.push('}');
        }
        Value::Array(values) if depth < DEEPEST => {
            text.push('[');
            for value in values.iter() {
                write(value, text, depth + 1);
                text.push(',');
            }
            text.push(']');
        }
        value => text.push_str(&to_string(value)),
    }
}
