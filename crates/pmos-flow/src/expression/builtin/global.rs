//! Names that stand by themselves: functions, classes, what n8n adds and what it empties.

use super::names::{global_function, is_emptied};
use super::*;
use crate::expression::Expression;
use crate::expression::interpreter::{ErrorValue, range_error, refused, to_number, to_text, type_error};
use crate::expression::jmespath;
use crate::time::Zone;
use crate::value::{Object, number_from_text};

/// The value of a name; nothing where the language has none.
pub(crate) fn global(own: &mut Interpreter<'_>, name: &str) -> Run<Option<Value>> {
    match name {
        "Math" => return Ok(Some(Native { owner: "", name: "Math" }.into())),
        "JSON" => return Ok(Some(Native { owner: "", name: "JSON" }.into())),
        "Intl" => return Ok(Some(Native { owner: "", name: "Intl" }.into())),
        "$now" => return Ok(Some(now(own).into())),
        "$today" => return Ok(Some(now(own).start_of("day").into())),
        _ => {}
    }
    if is_emptied(name) {
        return Ok(Some(Value::object()));
    }
    Ok(global_function(name).map(Value::from))
}

fn now(own: &Interpreter<'_>) -> DateTime {
    DateTime::from_millis(own.scope.now() as f64, Zone::of(own.scope.zone()))
}

/// A constant or function of a namespace, such as `Math.PI`; nothing where `name` is no namespace.
pub(crate) fn constant(name: &str, key: &str) -> Option<Run<Value>> {
    if !is_namespace(name) {
        return None;
    }
    let number = match (name, key) {
        ("Math", "PI") => std::f64::consts::PI,
        ("Math", "E") => std::f64::consts::E,
        ("Math", "LN2") => std::f64::consts::LN_2,
        ("Math", "LN10") => std::f64::consts::LN_10,
        ("Math", "LOG2E") => std::f64::consts::LOG2_E,
        ("Math", "LOG10E") => std::f64::consts::LOG10_E,
        ("Math", "SQRT2") => std::f64::consts::SQRT_2,
        ("Math", "SQRT1_2") => std::f64::consts::FRAC_1_SQRT_2,
        ("Number", "MAX_SAFE_INTEGER") => 9_007_199_254_740_991.0,
        ("Number", "MIN_SAFE_INTEGER") => -9_007_199_254_740_991.0,
        ("Number", "EPSILON") => f64::EPSILON,
        ("Number", "MAX_VALUE") => f64::MAX,
        ("Number", "MIN_VALUE") => 5e-324,
        ("Number", "NaN") => f64::NAN,
        ("Number", "POSITIVE_INFINITY") => f64::INFINITY,
        ("Number", "NEGATIVE_INFINITY") => f64::NEG_INFINITY,
        _ => {
            if let Some(function) = names::static_function(name, key) {
                return Some(Ok(function.into()));
            }
            if name == "DateTime" {
                return Some(Ok(time::format_preset(key).unwrap_or_default()));
            }
            return match key {
                "name" | "length" => None,
                _ => Some(Ok(Value::Undefined)),
            };
        }
    };
    Some(Ok(Value::Number(number)))
}

/// Calls a function by its name; nothing where the language has none.
pub(crate) fn call_global(own: &mut Interpreter<'_>, name: &str, arguments: &[Value]) -> Run<Option<Value>> {
    let first = argument(arguments, 0);
    Ok(Some(match name {
        "$if" => argument(arguments, if first.is_truthy() { 1 } else { 2 }).clone(),
        "$ifEmpty" => {
            if arguments.len() != 2 {
                return refused("expected two arguments (value, defaultValue) for this function");
            }
            if is_empty(first) { arguments[1].clone() } else { first.clone() }
        }
        "$min" | "min" => return math::call(own, "min", arguments),
        "$max" | "max" => return math::call(own, "max", arguments),
        "$average" | "average" => average(arguments)?,
        "$not" | "not" => Value::Bool(!first.is_truthy()),
        "numberList" => number_list(own, arguments)?,
        "zip" => zip(own, arguments)?,
        "$jmespath" | "$jmesPath" => jmespath(arguments)?,
        "$evaluateExpression" => evaluate(own, first)?,
        "parseInt" => parse_int(arguments)?,
        "parseFloat" => Value::Number(parse_float(&to_text(first)?)),
        "isNaN" => to_number(first)?.is_nan().into(),
        "isFinite" => to_number(first)?.is_finite().into(),
        "encodeURIComponent" => own.text(encode(&to_text(first)?, uri::COMPONENT))?,
        "encodeURI" => own.text(encode(&to_text(first)?, uri::WHOLE))?,
        "decodeURIComponent" => uri::decode_value(own, first, "")?,
        "decodeURI" => uri::decode_value(own, first, ";/?:@&=+$,#")?,
        "Number" => match first.as_exotic::<BigInt>() {
            Some(number) => Value::Number(number.to_f64()),
            None if arguments.is_empty() => Value::Number(0.0),
            None => Value::Number(to_number(first)?),
        },
        "String" if arguments.is_empty() => "".into(),
        "String" => Value::String(to_text(first)?),
        "Boolean" => first.is_truthy().into(),
        "BigInt" => bigint::from_value(first)?,
        "Array" => return construct(own, "Array", arguments.to_vec()).map(Some),
        "RegExp" => return construct(own, "RegExp", arguments.to_vec()).map(Some),
        "Object" if first.is_nullish() => Value::object(),
        "Object" if matches!(first, Value::Object(_) | Value::Array(_) | Value::Exotic(_)) => first.clone(),
        "Date" => JsDate::new(own.scope.now() as f64).to_text_value(),
        "Error" | "TypeError" | "RangeError" | "SyntaxError" | "ReferenceError" => {
            return construct(own, name, arguments.to_vec()).map(Some);
        }
        "Map" | "Set" | "DateTime" | "Duration" | "Interval" => {
            return type_error(format!("Class constructor {name} cannot be invoked without 'new'"));
        }
        "Symbol" => return uncovered("Symbol"),
        _ if is_emptied(name) => return type_error(format!("{name} is not a function")),
        _ if global_function(name).is_some() => return uncovered(name),
        _ => return Ok(None),
    }))
}

/// `new Name(…)`.
pub(crate) fn construct(own: &mut Interpreter<'_>, name: &str, arguments: Vec<Value>) -> Run<Value> {
    let first = argument(&arguments, 0);
    match name {
        "Date" => date::construct(own, &arguments),
        "Map" => collection::new_map(own, first),
        "Set" => collection::new_set(own, first),
        "Array" => match (arguments.as_slice(), first.as_number()) {
            ([_], Some(length)) => {
                if length < 0.0 || length.fract() != 0.0 || length > 4_294_967_295.0 {
                    return range_error("Invalid array length");
                }
                if length == 0.0 { own.list(Vec::new()) } else { collection::holes(length as usize) }
            }
            _ => own.list(arguments),
        },
        "Object" if first.is_nullish() => Ok(Value::object()),
        "RegExp" => {
            let flags = argument(&arguments, 1);
            match first.as_exotic::<RegExp>() {
                Some(known) => {
                    let flags = if flags.is_undefined() { known.flags().into() } else { to_text(flags)? };
                    regexp(own, known.source(), &flags)
                }
                None => {
                    let pattern = if first.is_undefined() { "(?:)".into() } else { to_text(first)? };
                    let flags = if flags.is_undefined() { "".into() } else { to_text(flags)? };
                    regexp(own, if pattern.is_empty() { "(?:)" } else { &pattern }, &flags)
                }
            }
        }
        "Error" | "TypeError" | "RangeError" | "SyntaxError" | "ReferenceError" => {
            let name = global_function(name).map_or("Error", |native| native.name);
            let message = if first.is_undefined() { "".into() } else { to_text(first)? };
            Ok(ErrorValue::value(name, &*message))
        }
        // The object around a primitive behaves as the primitive does in all that expressions do with it.
        "String" if arguments.is_empty() => Ok("".into()),
        "String" => Ok(Value::String(to_text(first)?)),
        "Intl.NumberFormat" | "Intl.DateTimeFormat" => intl::formatter(name, &arguments),
        _ if is_emptied(name) => type_error(format!("{name} is not a constructor")),
        _ if own.scope.variable(name)?.is_none() && global_function(name).is_none() && !name.starts_with("Intl") => {
            type_error(format!("{name} is not a constructor"))
        }
        _ => uncovered(format!("new {name}")),
    }
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Undefined | Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(values) => values.is_empty(),
        Value::Object(object) => object.is_empty(),
        _ => false,
    }
}

fn average(arguments: &[Value]) -> Run<Value> {
    let mut sum = 0.0;
    for value in arguments {
        sum += to_number(value)?;
    }
    Ok(Value::Number(sum / arguments.len() as f64))
}

fn number_list(own: &mut Interpreter<'_>, arguments: &[Value]) -> Run<Value> {
    let (Some(start), Some(end)) = (argument(arguments, 0).as_number(), argument(arguments, 1).as_number()) else {
        return refused("numberList() requires two numbers");
    };
    let length = (end - start).abs() + 1.0;
    if length.is_nan() {
        return refused("numberList() requires two numbers");
    }
    own.charge((length * 24.0) as usize)?;
    let step = if end >= start { 1.0 } else { -1.0 };
    let values = (0..length as usize).map(|at| Value::Number(start + step * at as f64)).collect();
    own.list(values)
}

fn zip(own: &mut Interpreter<'_>, arguments: &[Value]) -> Run<Value> {
    let (Value::Array(keys), Value::Array(values)) = (argument(arguments, 0), argument(arguments, 1)) else {
        return refused("zip() requires two arrays");
    };
    if keys.len() != values.len() {
        return refused("keys and values not of equal length");
    }
    let mut object = Object::with_capacity(keys.len());
    for (key, value) in keys.iter().zip(values.iter()) {
        object.insert(to_text(key)?, value.clone());
    }
    own.object(object)
}

fn jmespath(arguments: &[Value]) -> Run<Value> {
    let (data, query) = (argument(arguments, 0), argument(arguments, 1));
    let Some(query) = query.as_str().filter(|_| matches!(data, Value::Object(_) | Value::Array(_) | Value::Exotic(_)))
    else {
        return refused("expected two arguments (Object, string) for this function");
    };
    if query.contains('\\') {
        return refused("JMESPath expressions cannot contain backslashes");
    }
    Ok(jmespath::search(&data.clone().into_json(), query)?)
}

fn evaluate(own: &mut Interpreter<'_>, text: &Value) -> Run<Value> {
    if !own.may_nest() {
        return Err(crate::expression::ExpressionError::Limit("expressions are nested too deeply".into()).into());
    }
    let text = to_text(text)?;
    let text = if text.starts_with('=') { text.to_string() } else { format!("={text}") };
    Ok(Expression::compile(&text)?.evaluate_within(own.scope, Some(own))?)
}

pub(super) fn parse_int(arguments: &[Value]) -> Run<Value> {
    let text = to_text(argument(arguments, 0))?;
    let radix = to_number(argument(arguments, 1))?;
    Ok(Value::Number(parse_int_text(&text, crate::expression::interpreter::to_int32(radix))))
}

/// `parseInt(text, radix)`; radix 0 is that of the text.
pub(crate) fn parse_int_text(text: &str, radix: i32) -> f64 {
    let text = text.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
    let (sign, text) = match text.strip_prefix('-') {
        Some(rest) => (-1.0, rest),
        None => (1.0, text.strip_prefix('+').unwrap_or(text)),
    };
    let hex = (text.starts_with("0x") || text.starts_with("0X")) && (radix == 0 || radix == 16);
    let (text, radix) = match radix {
        _ if hex => (&text[2..], 16),
        0 => (text, 10),
        radix @ 2..=36 => (text, radix as u32),
        _ => return f64::NAN,
    };
    let length = text.find(|c: char| !c.is_digit(radix)).unwrap_or(text.len());
    let digits = &text[..length];
    if digits.is_empty() {
        return f64::NAN;
    }
    if radix == 10 {
        return sign * digits.parse().unwrap_or(f64::NAN);
    }
    sign * digits
        .chars()
        .fold(0.0, |number, digit| number * f64::from(radix) + f64::from(digit.to_digit(radix).unwrap_or(0)))
}

/// `parseFloat(text)`.
pub(crate) fn parse_float(text: &str) -> f64 {
    let text = text.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
    let bytes = text.as_bytes();
    let sign = usize::from(matches!(bytes.first(), Some(b'+' | b'-')));
    if text[sign..].starts_with("Infinity") {
        return number_from_text(&text[..sign + 8]);
    }
    let digits = |from: usize| bytes[from.min(bytes.len())..].iter().take_while(|byte| byte.is_ascii_digit()).count();
    let whole = digits(sign);
    let mut end = sign + whole;
    let mut fraction = 0;
    if bytes.get(end) == Some(&b'.') {
        fraction = digits(end + 1);
        end += if whole + fraction > 0 { 1 + fraction } else { 0 };
    }
    if whole + fraction == 0 {
        return f64::NAN;
    }
    if matches!(bytes.get(end), Some(b'e' | b'E')) {
        let sign = usize::from(matches!(bytes.get(end + 1), Some(b'+' | b'-')));
        let exponent = digits(end + 1 + sign);
        if exponent > 0 {
            end += 1 + sign + exponent;
        }
    }
    text[..end].parse().unwrap_or(f64::NAN)
}
