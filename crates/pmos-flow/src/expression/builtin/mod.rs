//! JavaScript's own functions and methods.
//!
//! Each module holds those of one kind of value. A method that is missing here and exists in JavaScript is named in
//! [`names`], and ends in the sandbox.

mod array;
mod array_change;
mod bigint;
mod collection;
mod date;
mod function;
mod global;
pub(crate) mod intl;
mod json;
mod math;
#[rustfmt::skip] // Tables: a name a line would be 600 lines.
mod names;
mod number;
mod object;
mod regexp;
mod string;
pub(crate) mod text16;
mod uri;

pub(crate) use array::array_method;
pub(crate) use array_change::{change_list, changes_lists};
pub(crate) use bigint::{BigInt, bigint_literal};
pub(crate) use collection::{Iter, Map, Set, clear};
pub(crate) use function::Native;
pub(crate) use global::{call_global, constant, construct, global, parse_float, parse_int_text};
pub(crate) use json::stringify;
pub(crate) use names::{has_method, is_array_method, is_extension, is_namespace, is_object_method, method_value};
pub(crate) use number::{number_method, to_fixed};
pub(crate) use object::object_method;
pub(crate) use regexp::{RegExp, regexp};
pub(crate) use string::string_method;
pub(crate) use uri::{decode, encode};

use super::interpreter::{Interpreter, Run, uncovered};
use crate::time::{self, DateTime, Duration, Interval, JsDate};
use crate::value::{Str, Value};

/// Calls a function of a namespace such as `Math`; nothing where it has none of this name.
pub(crate) fn call_static(
    own: &mut Interpreter<'_>,
    owner: &str,
    name: &str,
    arguments: Vec<Value>,
) -> Run<Option<Value>> {
    match owner {
        "Math" => math::call(own, name, &arguments),
        "JSON" => json::call(own, name, &arguments),
        "Object" => object::call(own, name, arguments),
        "Array" => array::call_static(own, name, arguments),
        "Number" => number::call_static(name, &arguments),
        "String" => string::call_static(own, name, &arguments),
        "Date" => date::call_static(own, name, &arguments),
        "BigInt" => bigint::call_static(name, &arguments),
        "Map" => collection::call_static(own, name, &arguments),
        "DateTime" | "Duration" | "Interval" => Ok(time::call_static(owner, name, &arguments, &clock(own))?),
        _ => uncovered(format!("{owner}.{name}")),
    }
}

/// Calls a function value of the language.
pub(crate) fn call(own: &mut Interpreter<'_>, owner: &str, name: &str, arguments: Vec<Value>) -> Run<Value> {
    let result =
        if owner.is_empty() { call_global(own, name, &arguments)? } else { call_static(own, owner, name, arguments)? };
    match result {
        Some(value) => Ok(value),
        None => uncovered(format!("{owner} {name} as a value")),
    }
}

/// The time and the zone that an expression sees.
pub(crate) fn clock(own: &Interpreter<'_>) -> time::Clock {
    time::Clock::new(own.scope.now(), own.scope.zone().clone())
}

/// A method of an exotic value; nothing where it has none of this name, or knows it itself.
pub(crate) fn exotic_method(
    own: &mut Interpreter<'_>,
    value: &Value,
    name: &Str,
    arguments: &[Value],
) -> Run<Option<Value>> {
    if let Some(date) = value.as_exotic::<JsDate>() {
        return date::method(own, date, name, arguments);
    }
    if let Some(regexp) = value.as_exotic::<RegExp>() {
        return regexp::method(own, regexp, name, arguments);
    }
    if let Some(map) = value.as_exotic::<Map>() {
        return collection::map_method(own, value, map, name, arguments);
    }
    if let Some(set) = value.as_exotic::<Set>() {
        return collection::set_method(own, value, set, name, arguments);
    }
    if let Some(list) = value.as_exotic::<regexp::MatchList>() {
        return own.invoke(list.list(), name, arguments.to_vec()).map(Some);
    }
    if let Some(iter) = value.as_exotic::<Iter>() {
        return collection::iter_method(own, iter, name, arguments);
    }
    if value.as_exotic::<DateTime>().is_some()
        || value.as_exotic::<Duration>().is_some()
        || value.as_exotic::<Interval>().is_some()
    {
        return Ok(time::call(value, name, arguments, &clock(own))?);
    }
    function::method(own, value, name, arguments)
}

/// The own fields of an exotic value.
pub(crate) fn exotic_fields(value: &Value) -> Run<Vec<(Str, Value)>> {
    match value {
        Value::Exotic(_) if value.as_exotic::<JsDate>().is_some() || value.type_of() == "function" => Ok(Vec::new()),
        Value::Exotic(_) if value.as_exotic::<Map>().is_some() || value.as_exotic::<Set>().is_some() => Ok(Vec::new()),
        Value::Exotic(_) if value.as_exotic::<RegExp>().is_some() => Ok(Vec::new()),
        // What the engine gives stands for an object with fields: its JSON has them.
        Value::Exotic(exotic) if value.as_exotic::<DateTime>().is_none() && value.as_exotic::<Duration>().is_none() => {
            match exotic.to_json() {
                Value::Object(object) => Ok(object.iter().map(|(key, value)| (key.clone(), value.clone())).collect()),
                Value::Array(values) => {
                    Ok(values.iter().enumerate().map(|(at, value)| (at.to_string().into(), value.clone())).collect())
                }
                _ => uncovered("the fields of a value"),
            }
        }
        _ => uncovered("the fields of a value"),
    }
}

/// The values that iterating an exotic value gives; nothing where it cannot be iterated.
pub(crate) fn exotic_values(value: &Value) -> Run<Option<Vec<Value>>> {
    if let Some(map) = value.as_exotic::<Map>() {
        return Ok(Some(map.entries()));
    }
    if let Some(set) = value.as_exotic::<Set>() {
        return Ok(Some(set.values()));
    }
    if let Some(iter) = value.as_exotic::<Iter>() {
        return Ok(Some(iter.take()));
    }
    if let Some(holes) = value.as_exotic::<collection::Holes>() {
        return Ok(Some(holes.values()));
    }
    if let Some(Value::Array(values)) = value.as_exotic::<regexp::MatchList>().map(regexp::MatchList::list) {
        return Ok(Some(values.to_vec()));
    }
    if value.as_exotic::<JsDate>().is_some()
        || value.as_exotic::<DateTime>().is_some()
        || value.as_exotic::<Duration>().is_some()
    {
        return Ok(None);
    }
    match value {
        Value::Exotic(exotic) => match exotic.to_json() {
            Value::Array(values) => Ok(Some(values.to_vec())),
            _ => Ok(None),
        },
        _ => Ok(None),
    }
}

/// An argument, `undefined` where it is missing.
pub(crate) fn argument(arguments: &[Value], at: usize) -> &Value {
    const NOTHING: &Value = &Value::Undefined;
    arguments.get(at).unwrap_or(NOTHING)
}

/// An argument as a whole number (ECMA-262, ToIntegerOrInfinity); `missing` where it is undefined.
pub(crate) fn integer(arguments: &[Value], at: usize, missing: f64) -> Run<f64> {
    match argument(arguments, at) {
        Value::Undefined => Ok(missing),
        value => {
            let number = super::interpreter::to_number(value)?;
            Ok(if number.is_nan() { 0.0 } else { number.trunc() })
        }
    }
}

/// An index of a list of `length`, counted from its end where it is negative, as `slice` takes it.
pub(crate) fn relative(arguments: &[Value], at: usize, length: usize, missing: usize) -> Run<usize> {
    let index = integer(arguments, at, missing as f64)?;
    let index = if index < 0.0 { (length as f64 + index).max(0.0) } else { index.min(length as f64) };
    Ok(index as usize)
}
