//! `Array`, and the methods that leave a list as it is.

use super::array_change::{sort, splice_range};
use super::{Iter, argument, integer, relative};
use crate::expression::interpreter::{Interpreter, Run, range_error, same, to_number, to_text, type_error, uncovered};
use crate::value::Value;
use std::sync::Arc;

pub(super) fn call_static(own: &mut Interpreter<'_>, name: &str, arguments: Vec<Value>) -> Run<Option<Value>> {
    match name {
        "isArray" => Ok(Some(matches!(argument(&arguments, 0), Value::Array(_)).into())),
        "of" => own.list(arguments).map(Some),
        "from" => {
            let source = argument(&arguments, 0);
            let values = match source {
                Value::Object(object) => {
                    let length = to_number(object.get("length").unwrap_or(&Value::Number(0.0)))?;
                    let length = if length.is_nan() { 0 } else { length.clamp(0.0, 1e9) as usize };
                    own.charge(length * size_of::<Value>())?;
                    (0..length).map(|at| object.get(&at.to_string()).cloned().unwrap_or_default()).collect()
                }
                Value::Number(_) | Value::Bool(_) => Vec::new(),
                source => own.iterate(source)?,
            };
            match argument(&arguments, 1) {
                Value::Undefined => own.list(values).map(Some),
                function => {
                    let mut mapped = Vec::with_capacity(values.len());
                    for (at, value) in values.into_iter().enumerate() {
                        mapped.push(own.call(function, vec![value, at.into()])?);
                    }
                    own.list(mapped).map(Some)
                }
            }
        }
        _ => Ok(None),
    }
}

/// A method of a list; nothing where there is none of this name.
pub(crate) fn array_method(
    own: &mut Interpreter<'_>,
    whole: &Value,
    values: &Arc<Vec<Value>>,
    name: &str,
    arguments: Vec<Value>,
) -> Run<Option<Value>> {
    own.steps(values.len() / 32)?;
    let first = argument(&arguments, 0);
    let length = values.len();
    Ok(Some(match name {
        "map" | "filter" | "forEach" | "find" | "findIndex" | "findLast" | "findLastIndex" | "some" | "every"
        | "flatMap" => {
            return each(own, whole, values, name, first).map(Some);
        }
        "reduce" | "reduceRight" => return reduce(own, whole, values, name, arguments).map(Some),
        "join" => {
            let separator = if first.is_undefined() { ",".into() } else { to_text(first)? };
            join(own, values, &separator)?
        }
        "toString" => join(own, values, ",")?,
        "includes" => {
            let from = relative(&arguments, 1, length, 0)?;
            let is_nan = first.as_number().is_some_and(f64::is_nan);
            values[from..]
                .iter()
                .any(|value| same(value, first) || (is_nan && value.as_number().is_some_and(f64::is_nan)))
                .into()
        }
        "indexOf" => {
            let from = relative(&arguments, 1, length, 0)?;
            values[from..].iter().position(|value| same(value, first)).map_or(Value::from(-1), |at| (at + from).into())
        }
        "lastIndexOf" if arguments.len() < 2 => {
            values.iter().rposition(|value| same(value, first)).map_or(Value::from(-1), Value::from)
        }
        "at" => {
            let at = integer(&arguments, 0, 0.0)?;
            let at = if at < 0.0 { at + length as f64 } else { at };
            if at < 0.0 { Value::Undefined } else { values.get(at as usize).cloned().unwrap_or_default() }
        }
        "slice" => {
            let start = relative(&arguments, 0, length, 0)?;
            let end = relative(&arguments, 1, length, length)?;
            own.list(values.get(start..end).unwrap_or_default().to_vec())?
        }
        "concat" => {
            let mut joined = values.to_vec();
            for value in arguments {
                match value {
                    Value::Array(more) => joined.extend(more.iter().cloned()),
                    value => joined.push(value),
                }
            }
            own.list(joined)?
        }
        "flat" => {
            let mut flat = Vec::new();
            flatten(own, values, integer(&arguments, 0, 1.0)?, &mut flat)?;
            own.list(flat)?
        }
        "keys" => Iter::of((0..length).map(Value::from).collect()),
        "values" => Iter::of(values.to_vec()),
        "entries" => {
            Iter::of(values.iter().enumerate().map(|(at, value)| Value::list([at.into(), value.clone()])).collect())
        }
        "toSorted" => {
            let mut sorted = values.to_vec();
            sort(own, &mut sorted, first)?;
            own.list(sorted)?
        }
        "toReversed" => own.list(values.iter().rev().cloned().collect())?,
        "toSpliced" => {
            let (start, end) = splice_range(&arguments, length)?;
            let mut spliced = values.to_vec();
            spliced.splice(start..end, arguments.into_iter().skip(2));
            own.list(spliced)?
        }
        "with" => {
            let at = integer(&arguments, 0, 0.0)?;
            let at = if at < 0.0 { at + length as f64 } else { at };
            if at < 0.0 || at >= length as f64 {
                return range_error(format!("Invalid index : {at}"));
            }
            let mut changed = values.to_vec();
            changed[at as usize] = argument(&arguments, 1).clone();
            own.list(changed)?
        }
        "toLocaleString" if values.iter().all(|value| matches!(value, Value::String(_))) => join(own, values, ",")?,
        "valueOf" => whole.clone(),
        "hasOwnProperty" => return super::object_method(own, whole, name, &arguments),
        _ => return Ok(None),
    }))
}

fn join(own: &mut Interpreter<'_>, values: &[Value], separator: &str) -> Run<Value> {
    let mut joined = String::new();
    for (at, value) in values.iter().enumerate() {
        if at > 0 {
            joined.push_str(separator);
        }
        if !value.is_nullish() {
            joined.push_str(&to_text(value)?);
        }
        if joined.len() > 1 << 20 {
            own.charge(separator.len() + 8)?;
        }
    }
    own.text(joined)
}

/// The methods that call a function for each element.
fn each(
    own: &mut Interpreter<'_>,
    whole: &Value,
    values: &Arc<Vec<Value>>,
    name: &str,
    function: &Value,
) -> Run<Value> {
    if function.type_of() != "function" {
        return type_error(format!("{} is not a function", function.to_text()));
    }
    let mut made = Vec::new();
    if name == "map" {
        made.reserve_exact(values.len());
    }
    let backwards = name.starts_with("findLast");
    for step in 0..values.len() {
        let at = if backwards { values.len() - 1 - step } else { step };
        let value = &values[at];
        let result = own.call(function, vec![value.clone(), at.into(), whole.clone()])?;
        match name {
            "map" => made.push(result),
            "flatMap" => match result {
                Value::Array(more) => made.extend(more.iter().cloned()),
                value => made.push(value),
            },
            "filter" if result.is_truthy() => made.push(value.clone()),
            "find" | "findLast" if result.is_truthy() => return Ok(value.clone()),
            "findIndex" | "findLastIndex" if result.is_truthy() => return Ok(at.into()),
            "some" if result.is_truthy() => return Ok(true.into()),
            "every" if !result.is_truthy() => return Ok(false.into()),
            _ => {}
        }
    }
    Ok(match name {
        "map" | "filter" | "flatMap" => own.list(made)?,
        "findIndex" | "findLastIndex" => Value::from(-1),
        "some" => false.into(),
        "every" => true.into(),
        _ => Value::Undefined,
    })
}

fn reduce(
    own: &mut Interpreter<'_>,
    whole: &Value,
    values: &Arc<Vec<Value>>,
    name: &str,
    arguments: Vec<Value>,
) -> Run<Value> {
    let mut arguments = arguments.into_iter();
    let function = arguments.next().unwrap_or_default();
    if function.type_of() != "function" {
        return type_error(format!("{} is not a function", function.to_text()));
    }
    let mut order: Box<dyn Iterator<Item = usize>> =
        if name == "reduce" { Box::new(0..values.len()) } else { Box::new((0..values.len()).rev()) };
    let mut result = match arguments.next() {
        Some(start) => start,
        None => match order.next() {
            Some(at) => values[at].clone(),
            None => return type_error("Reduce of empty array with no initial value"),
        },
    };
    for at in order {
        // The result so far is moved: a function may then add to it in place.
        let list = vec![std::mem::take(&mut result), values[at].clone(), at.into(), whole.clone()];
        result = own.call(&function, list)?;
    }
    Ok(result)
}

fn flatten(own: &mut Interpreter<'_>, values: &[Value], depth: f64, flat: &mut Vec<Value>) -> Run<()> {
    own.charge(std::mem::size_of_val(values))?;
    for value in values {
        match value {
            Value::Array(inner) if depth >= 1.0 => flatten(own, inner, depth - 1.0, flat)?,
            Value::Exotic(_) if value.as_exotic::<super::collection::Holes>().is_some() => {
                return uncovered("a list with holes");
            }
            value => flat.push(value.clone()),
        }
    }
    Ok(())
}
