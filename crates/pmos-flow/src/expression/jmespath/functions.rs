//! The functions of JMESPath.

use super::evaluate::Evaluator;
use super::parser::Node;
use super::{ExpressionError, thrown};
use crate::value::{Object, Value, number_from_text, to_string};
use std::cmp::Ordering;

pub(super) fn call(own: &mut Evaluator, name: &str, nodes: &[Node], value: Value) -> Result<Value, ExpressionError> {
    if matches!(name, "map" | "sort_by" | "max_by" | "min_by") {
        return by(own, name, nodes, value);
    }
    let mut arguments = Vec::with_capacity(nodes.len());
    for node in nodes {
        arguments.push(own.evaluate(node, value.clone())?);
    }
    let least = if matches!(name, "contains" | "starts_with" | "ends_with" | "join") { 2 } else { 1 };
    if arguments.len() < least {
        return thrown(format!("ArgumentError: {name}() takes {least} argument but received {}", arguments.len()));
    }
    plain(own, name, &arguments)
}

fn plain(own: &mut Evaluator, name: &str, arguments: &[Value]) -> Result<Value, ExpressionError> {
    let first = &arguments[0];
    let number = |value: &Value| value.as_number().map_or_else(|| wrong(name), Ok);
    let text = |value: &Value| value.as_str().map(str::to_owned).map_or_else(|| wrong(name), Ok);
    let list = |value: &Value| value.as_array().map(<[Value]>::to_vec).map_or_else(|| wrong(name), Ok);
    Ok(match name {
        "abs" => Value::Number(number(first)?.abs()),
        "ceil" => Value::Number(number(first)?.ceil()),
        "floor" => Value::Number(number(first)?.floor()),
        "avg" | "sum" => {
            let values = list(first)?;
            let mut sum = 0.0;
            for value in &values {
                sum += number(value)?;
            }
            match (name, values.len()) {
                ("sum", _) => Value::Number(sum),
                (_, 0) => Value::Null,
                (_, count) => Value::Number(sum / count as f64),
            }
        }
        "contains" => match (first, &arguments[1]) {
            (Value::String(text), Value::String(part)) => text.contains(&**part).into(),
            (Value::String(_), _) => false.into(),
            (Value::Array(values), sought) => values.contains(sought).into(),
            _ => return wrong(name),
        },
        "starts_with" => text(first)?.starts_with(&text(&arguments[1])?).into(),
        "ends_with" => text(first)?.ends_with(&text(&arguments[1])?).into(),
        "join" => {
            let mut parts = Vec::new();
            for part in list(&arguments[1])? {
                parts.push(text(&part)?);
            }
            parts.join(&text(first)?).into()
        }
        "keys" | "values" => {
            let Some(object) = first.as_object() else { return wrong(name) };
            if name == "keys" {
                Value::list(object.keys().map(|key| Value::String(key.clone())))
            } else {
                Value::list(object.values().cloned())
            }
        }
        "length" => match first {
            Value::String(text) => text.encode_utf16().count().into(),
            Value::Array(values) => values.len().into(),
            Value::Object(object) => object.len().into(),
            _ => return wrong(name),
        },
        "max" | "min" => extreme(list(first)?, name == "max", name)?,
        "merge" => {
            let mut merged = Object::new();
            for value in arguments {
                let Some(object) = value.as_object() else { return wrong(name) };
                merged.extend(object.iter().map(|(key, value)| (key.clone(), value.clone())));
            }
            merged.into()
        }
        "not_null" => arguments.iter().find(|value| !value.is_nullish()).cloned().unwrap_or(Value::Null),
        "reverse" => match first {
            Value::String(text) => text.chars().rev().collect::<String>().into(),
            value => Value::list(list(value)?.into_iter().rev()),
        },
        "sort" => {
            let mut values = list(first)?;
            own.steps += values.len() * 8;
            check(&values, name)?;
            values.sort_by(order);
            values.into()
        }
        "to_array" => match first {
            Value::Array(_) => first.clone(),
            value => Value::list([value.clone()]),
        },
        "to_number" => match first {
            Value::Number(_) => first.clone(),
            Value::String(text) => {
                Some(number_from_text(text)).filter(|number| !number.is_nan()).map_or(Value::Null, Value::Number)
            }
            _ => Value::Null,
        },
        "to_string" => match first {
            Value::String(_) => first.clone(),
            value => to_string(value).into(),
        },
        "type" => match first {
            Value::Array(_) => "array",
            Value::Undefined | Value::Null => "null",
            value => value.type_of(),
        }
        .into(),
        _ => return thrown(format!("Unknown function: {name}()")),
    })
}

fn wrong<T>(name: &str) -> Result<T, ExpressionError> {
    thrown(format!("TypeError: {name}() got an argument of the wrong type"))
}

/// The functions that take a reference to an expression.
fn by(own: &mut Evaluator, name: &str, nodes: &[Node], value: Value) -> Result<Value, ExpressionError> {
    let (reference, list) = match (name, nodes) {
        ("map", [Node::Reference(reference), list]) => (reference, list),
        ("sort_by" | "max_by" | "min_by", [list, Node::Reference(reference)]) => (reference, list),
        _ => return wrong(name),
    };
    let Value::Array(values) = own.evaluate(list, value)? else { return wrong(name) };
    let mut keyed = Vec::with_capacity(values.len());
    for value in values.iter() {
        keyed.push((own.evaluate(reference, value.clone())?, value.clone()));
    }
    if name == "map" {
        return Ok(Value::list(keyed.into_iter().map(|(key, _)| key)));
    }
    let keys: Vec<Value> = keyed.iter().map(|(key, _)| key.clone()).collect();
    check(&keys, name)?;
    own.steps += keyed.len() * 8;
    match name {
        "sort_by" => {
            keyed.sort_by(|a, b| order(&a.0, &b.0));
            Ok(Value::list(keyed.into_iter().map(|(_, value)| value)))
        }
        _ => {
            let wanted = if name == "max_by" { Ordering::Greater } else { Ordering::Less };
            let mut best: Option<(Value, Value)> = None;
            for (key, value) in keyed {
                if best.as_ref().is_none_or(|(known, _)| order(&key, known) == wanted) {
                    best = Some((key, value));
                }
            }
            Ok(best.map_or(Value::Null, |(_, value)| value))
        }
    }
}

fn extreme(values: Vec<Value>, max: bool, name: &str) -> Result<Value, ExpressionError> {
    check(&values, name)?;
    let best = if max { values.into_iter().max_by(order) } else { values.into_iter().min_by(order) };
    Ok(best.unwrap_or(Value::Null))
}

/// Only numbers, or only texts, have an order.
fn check(values: &[Value], name: &str) -> Result<(), ExpressionError> {
    let numbers = values.iter().all(|value| value.as_number().is_some());
    let texts = values.iter().all(|value| value.as_str().is_some());
    if numbers || texts { Ok(()) } else { wrong(name) }
}

fn order(a: &Value, b: &Value) -> Ordering {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => a.total_cmp(b),
        (Value::String(a), Value::String(b)) => a.cmp(b),
        _ => Ordering::Equal,
    }
}
