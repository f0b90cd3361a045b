//! What n8n adds to lists.

use crate::expression::builtin::stringify;
use crate::expression::interpreter::{Interpreter, Run, refused, to_number, to_text};
use crate::value::{Object, Str, Value};
use std::sync::Arc;

pub(super) const NAMES: &[&str] = &[
    "removeDuplicates",
    "unique",
    "first",
    "last",
    "pluck",
    "randomItem",
    "sum",
    "min",
    "max",
    "average",
    "isNotEmpty",
    "isEmpty",
    "compact",
    "smartJoin",
    "chunk",
    "renameKeys",
    "merge",
    "mergeIntoObject",
    "union",
    "difference",
    "intersection",
    "append",
    "toJsonString",
    "toInt",
    "toFloat",
    "toBoolean",
    "toDateTime",
    "toNumber",
];

pub(super) fn call(
    own: &mut Interpreter<'_>,
    whole: &Value,
    values: &Arc<Vec<Value>>,
    name: &str,
    arguments: &[Value],
) -> Run<Option<Value>> {
    own.steps(values.len() / 16)?;
    let first = arguments.first().unwrap_or(&Value::Undefined);
    Ok(Some(match name {
        "first" => values.first().cloned().unwrap_or_default(),
        "last" => values.last().cloned().unwrap_or_default(),
        "isEmpty" => values.is_empty().into(),
        "isNotEmpty" => (!values.is_empty()).into(),
        "sum" | "average" | "min" | "max" => numbers(values, name)?,
        "randomItem" if values.is_empty() => Value::Undefined,
        "randomItem" => values[((own.scope.random() * values.len() as f64) as usize).min(values.len() - 1)].clone(),
        "unique" | "removeDuplicates" => unique(own, values, arguments)?,
        "pluck" => pluck(own, values, arguments)?,
        "compact" => {
            let kept = values.iter().filter(|value| !is_blank(value)).map(compacted).collect();
            own.list(kept)?
        }
        "smartJoin" => {
            let (Some(key), Some(field)) = (first.as_str(), arguments.get(1).and_then(Value::as_str)) else {
                return refused("smartJoin(): expected two string args, e.g. .smartJoin(\"name\", \"value\")");
            };
            let mut joined = Object::new();
            for value in values.iter() {
                let name = value.get(key);
                if matches!(value, Value::Object(_)) && !name.is_undefined() && !value.get(field).is_undefined() {
                    joined.insert(to_text(name)?, value.get(field).clone());
                }
            }
            own.object(joined)?
        }
        "chunk" => {
            let size = first.as_number().filter(|size| *size > 0.0);
            let Some(size) = size else { return refused("chunk(): expected non-zero numeric arg, e.g. .chunk(5)") };
            let mut chunks = Vec::new();
            for chunk in values.chunks((size as usize).max(1)) {
                chunks.push(own.list(chunk.to_vec())?);
            }
            own.list(chunks)?
        }
        "renameKeys" => rename(own, values, arguments)?,
        "merge" => {
            // A list to merge with goes in behind the list's own objects.
            let other = match first {
                Value::Undefined => &[],
                other => list(other, "merge(): expected array arg, e.g. .merge([{ id: 1, otherValue: 3 }])")?,
            };
            merge(own, values.iter().chain(other))?
        }
        "mergeIntoObject" => {
            let other = list(
                first,
                "mergeIntoObject(): expected array arg, e.g. .mergeIntoObject([{ id: 1, otherValue: 3 }])",
            )?;
            merge(own, values.iter().chain(other))?
        }
        "union" => {
            let other = list(first, "union(): expected array arg, e.g. .union([1, 2, 3, 4])")?;
            let mut united: Vec<Value> = Vec::new();
            for value in values.iter().chain(other) {
                own.steps(united.len())?;
                if !united.contains(value) {
                    united.push(value.clone());
                }
            }
            own.list(united)?
        }
        "difference" => {
            let other = list(first, "difference(): expected array arg, e.g. .difference([1, 2, 3, 4])")?;
            own.steps(values.len() * other.len())?;
            own.list(values.iter().filter(|value| !other.contains(value)).cloned().collect())?
        }
        "intersection" => {
            let other = list(first, "intersection(): expected array arg, e.g. .intersection([1, 2, 3, 4])")?;
            own.steps(values.len() * other.len())?;
            let mut common: Vec<Value> = Vec::new();
            for value in values.iter().filter(|value| other.contains(value)) {
                if !common.contains(value) {
                    common.push(value.clone());
                }
            }
            own.list(common)?
        }
        "append" => own.list(values.iter().chain(arguments).cloned().collect())?,
        "toJsonString" => match stringify(own, whole)? {
            Some(text) => own.text(text)?,
            None => Value::Undefined,
        },
        "toInt" | "toFloat" | "toBoolean" | "toDateTime" | "toNumber" => Value::Undefined,
        _ => return Ok(None),
    }))
}

fn list<'v>(value: &'v Value, words: &str) -> Run<&'v [Value]> {
    match value {
        Value::Array(values) => Ok(values),
        _ => refused(words),
    }
}

/// `sum` and its like; texts of numbers count as numbers.
fn numbers(values: &[Value], name: &str) -> Run<Value> {
    let mut numbers = Vec::with_capacity(values.len());
    for value in values {
        let number = match value {
            Value::Number(number) => *number,
            Value::String(text) if !text.trim().is_empty() => to_number(value)?,
            _ => f64::NAN,
        };
        if number.is_nan() && !matches!(value, Value::Number(_)) {
            return refused(format!("{name}(): all array elements must be numbers"));
        }
        numbers.push(number);
    }
    let sum: f64 = numbers.iter().sum::<f64>() + 0.0;
    Ok(Value::Number(match name {
        "sum" => sum,
        "average" if numbers.is_empty() => 0.0,
        "average" => sum / numbers.len() as f64,
        "min" => numbers.iter().fold(f64::INFINITY, |best, number| {
            if number.is_nan() || best.is_nan() { f64::NAN } else { best.min(*number) }
        }),
        _ => numbers.iter().fold(f64::NEG_INFINITY, |best, number| {
            if number.is_nan() || best.is_nan() { f64::NAN } else { best.max(*number) }
        }),
    }))
}

fn field_names(arguments: &[Value]) -> Vec<Str> {
    arguments
        .iter()
        .flat_map(|value| match value {
            Value::Array(names) => names.iter().map(Value::to_text).collect(),
            value => vec![value.to_text()],
        })
        .collect()
}

fn unique(own: &mut Interpreter<'_>, values: &[Value], arguments: &[Value]) -> Run<Value> {
    let names = field_names(arguments);
    let same = |a: &Value, b: &Value| {
        if names.is_empty() { a == b } else { names.iter().all(|name| a.get(name) == b.get(name)) }
    };
    let mut kept: Vec<Value> = Vec::new();
    for value in values {
        own.steps(kept.len())?;
        if !kept.iter().any(|known| same(known, value)) {
            kept.push(value.clone());
        }
    }
    own.list(kept)
}

fn pluck(own: &mut Interpreter<'_>, values: &[Value], arguments: &[Value]) -> Run<Value> {
    let names = field_names(arguments);
    if names.is_empty() {
        return own.list(values.to_vec());
    }
    let mut plucked = Vec::new();
    for value in values.iter().filter(|value| matches!(value, Value::Object(_))) {
        let fields: Vec<Value> =
            names.iter().map(|name| value.get(name)).filter(|field| !field.is_undefined()).cloned().collect();
        match (names.len(), fields.first()) {
            (_, None) => {}
            (1, Some(field)) => plucked.push(field.clone()),
            _ => plucked.push(own.list(fields)?),
        }
    }
    own.list(plucked)
}

fn is_blank(value: &Value) -> bool {
    match value {
        Value::Undefined | Value::Null => true,
        Value::String(text) => text.is_empty() || **text == *"nil",
        Value::Array(values) => values.is_empty(),
        Value::Object(object) => object.is_empty(),
        _ => false,
    }
}

/// An object without its blank fields.
fn compacted(value: &Value) -> Value {
    match value {
        Value::Object(object) if object.values().any(is_blank) => object
            .iter()
            .filter(|(_, value)| !is_blank(value))
            .map(|(key, value)| (key.clone(), value.clone()))
            .collect::<Object>()
            .into(),
        value => value.clone(),
    }
}

fn rename(own: &mut Interpreter<'_>, values: &[Value], arguments: &[Value]) -> Run<Value> {
    if arguments.is_empty() || !arguments.len().is_multiple_of(2) {
        return refused(
            "renameKeys(): expected an even amount of args: from1, to1 [, from2, to2, ...]. e.g. .renameKeys(\"name\", \"title\")",
        );
    }
    let mut renamed = Vec::with_capacity(values.len());
    for value in values {
        let Value::Object(object) = value else {
            renamed.push(value.clone());
            continue;
        };
        let mut object = Object::clone(object);
        for pair in arguments.chunks_exact(2) {
            let (from, to) = (to_text(&pair[0])?, to_text(&pair[1])?);
            if from != to
                && let Some(field) = object.remove(&from)
            {
                object.insert(to, field);
            }
        }
        renamed.push(own.object(object)?);
    }
    own.list(renamed)
}

/// One object of all objects: the first to have a field gives its value.
fn merge<'v>(own: &mut Interpreter<'_>, values: impl Iterator<Item = &'v Value>) -> Run<Value> {
    let mut merged = Object::new();
    for value in values {
        if let Value::Object(object) = value {
            for (key, field) in object.iter() {
                if !merged.contains_key(key) {
                    merged.insert(key.clone(), field.clone());
                }
            }
        }
    }
    own.object(merged)
}
