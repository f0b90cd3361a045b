//! `Object`, and the methods that every object has.

use super::argument;
use crate::expression::interpreter::{Interpreter, Run, same, to_text, type_error, uncovered};
use crate::value::{Object, Value};
use std::sync::Arc;

pub(super) fn call(own: &mut Interpreter<'_>, name: &str, arguments: Vec<Value>) -> Run<Option<Value>> {
    let first = argument(&arguments, 0);
    if first.is_nullish() && !matches!(name, "is" | "isFrozen" | "isSealed" | "isExtensible" | "freeze" | "seal") {
        return type_error("Cannot convert undefined or null to object");
    }
    Ok(Some(match name {
        "keys" => {
            let keys = own.fields(first)?.into_iter().map(|(key, _)| Value::String(key)).collect();
            own.list(keys)?
        }
        "values" => {
            let values = own.fields(first)?.into_iter().map(|(_, value)| value).collect();
            own.list(values)?
        }
        "entries" => {
            let entries =
                own.fields(first)?.into_iter().map(|(key, value)| Value::list([Value::String(key), value])).collect();
            own.list(entries)?
        }
        "fromEntries" => {
            let mut object = Object::new();
            for entry in own.iterate(first)? {
                let key = own.get(&entry, "0")?;
                object.insert(to_text(&key)?, own.get(&entry, "1")?);
            }
            own.object(object)?
        }
        "assign" => return assign(own, arguments).map(Some),
        "groupBy" => {
            let mut groups = Object::new();
            for (at, value) in own.iterate(first)?.into_iter().enumerate() {
                let key = own.call(argument(&arguments, 1), vec![value.clone(), at.into()])?;
                let key = to_text(&key)?;
                match groups.get_mut(&key) {
                    Some(Value::Array(group)) => Arc::make_mut(group).push(value),
                    _ => {
                        groups.insert(key, Value::list([value]));
                    }
                }
            }
            own.object(groups)?
        }
        "hasOwn" => own_field(own, first, argument(&arguments, 1))?,
        "is" => {
            let second = argument(&arguments, 1);
            Value::Bool(match (first, second) {
                (Value::Number(a), Value::Number(b)) => {
                    (a.is_nan() && b.is_nan()) || (a == b && a.is_sign_negative() == b.is_sign_negative())
                }
                _ => same(first, second),
            })
        }
        "freeze" | "seal" | "isFrozen" | "isSealed" | "isExtensible" => return uncovered(name),
        _ => return Ok(None),
    }))
}

fn assign(own: &mut Interpreter<'_>, arguments: Vec<Value>) -> Run<Value> {
    let mut arguments = arguments.into_iter();
    let Some(Value::Object(target)) = arguments.next() else { return uncovered("Object.assign") };
    let Ok(mut object) = Arc::try_unwrap(target) else { return uncovered("a change of an object that others see") };
    for source in arguments {
        object.extend(own.fields(&source)?);
    }
    own.object(object)
}

fn own_field(own: &mut Interpreter<'_>, value: &Value, key: &Value) -> Run<Value> {
    let key = to_text(key)?;
    Ok(Value::Bool(match value {
        Value::Object(object) => object.contains_key(&key),
        _ => {
            own.fields(value)?.iter().any(|(known, _)| *known == key)
                || (*key == *"length" && matches!(value, Value::Array(_) | Value::String(_)))
        }
    }))
}

/// The methods that every object has; nothing where there is none of this name.
pub(crate) fn object_method(
    own: &mut Interpreter<'_>,
    value: &Value,
    name: &str,
    arguments: &[Value],
) -> Run<Option<Value>> {
    Ok(Some(match name {
        "toString" | "toLocaleString" => Value::String(value.to_text()),
        "valueOf" => value.clone(),
        "hasOwnProperty" | "propertyIsEnumerable" => own_field(own, value, argument(arguments, 0))?,
        _ => return Ok(None),
    }))
}
