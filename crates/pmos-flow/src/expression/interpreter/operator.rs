//! Operators, and the conversions that they make.

use super::{ErrorValue, Interpreter, Run, Stop, type_error, uncovered};
use crate::expression::builtin::{BigInt, Native};
use crate::expression::syntax::{Binary, Unary};
use crate::time::{DateTime, Duration, JsDate};
use crate::value::{Str, Value};

/// Which primitive a conversion prefers.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Hint {
    Default,
    Number,
    Text,
}

/// The primitive that stands for a value (ECMA-262, ToPrimitive).
pub(crate) fn primitive(value: &Value, hint: Hint) -> Run<Value> {
    Ok(match value {
        Value::Object(object) => {
            if ["toString", "valueOf"].iter().any(|key| object.contains_key(key)) {
                return uncovered("an object that converts itself");
            }
            Value::String(value.to_text())
        }
        Value::Array(values) => {
            let mut joined = String::new();
            for (at, value) in values.iter().enumerate() {
                if at > 0 {
                    joined.push(',');
                }
                if !value.is_nullish() {
                    joined.push_str(&to_text(value)?);
                }
            }
            joined.into()
        }
        Value::Exotic(exotic) => {
            let is_date = value.as_exotic::<JsDate>().is_some();
            let has_number =
                is_date || value.as_exotic::<DateTime>().is_some() || value.as_exotic::<Duration>().is_some();
            if value.as_exotic::<BigInt>().is_some() {
                return Ok(value.clone());
            }
            if has_number && (hint == Hint::Number || (hint == Hint::Default && !is_date)) {
                Value::Number(exotic.to_number())
            } else {
                exotic.to_text().into()
            }
        }
        value => value.clone(),
    })
}

/// `String(value)`.
pub(crate) fn to_text(value: &Value) -> Run<Str> {
    match value {
        Value::Array(_) | Value::Object(_) => Ok(primitive(value, Hint::Text)?.to_text()),
        value => Ok(value.to_text()),
    }
}

/// `+value`.
pub(crate) fn to_number(value: &Value) -> Run<f64> {
    match value {
        Value::Number(number) => Ok(*number),
        Value::Array(_) | Value::Object(_) | Value::Exotic(_) => {
            let value = primitive(value, Hint::Number)?;
            if value.as_exotic::<BigInt>().is_some() {
                return type_error("Cannot convert a BigInt value to a number");
            }
            Ok(value.to_number())
        }
        value => Ok(value.to_number()),
    }
}

/// `number | 0`, by ECMA-262's ToInt32.
pub(crate) fn to_int32(number: f64) -> i32 {
    to_uint32(number) as i32
}

/// ECMA-262's ToUint32.
pub(crate) fn to_uint32(number: f64) -> u32 {
    if !number.is_finite() {
        return 0;
    }
    let number = number.trunc();
    if number.abs() < 9e18 { number as i64 as u32 } else { number.rem_euclid(4_294_967_296.0) as u32 }
}

pub(crate) fn reference_error<T>(message: &str) -> Run<T> {
    Err(Box::new(Stop::Thrown(ErrorValue::value("ReferenceError", message))))
}

pub(super) fn unary(operator: Unary, value: &Value) -> Run<Value> {
    if let (Some(number), Unary::Minus | Unary::BitNot) = (value.as_exotic::<BigInt>(), operator) {
        return number.unary(operator);
    }
    Ok(match operator {
        Unary::Not => Value::Bool(!value.is_truthy()),
        Unary::Minus => Value::Number(-to_number(value)?),
        Unary::Plus => Value::Number(to_number(value)?),
        Unary::BitNot => Value::from(!to_int32(to_number(value)?)),
        Unary::Typeof => value.type_of().into(),
        Unary::Void | Unary::Delete => Value::Undefined,
    })
}

#[inline]
pub(super) fn binary(own: &mut Interpreter<'_>, operator: Binary, left: Value, right: Value) -> Run<Value> {
    if let (Value::Number(a), Value::Number(b)) = (&left, &right)
        && let Some(value) = numbers(operator, *a, *b)
    {
        return Ok(value);
    }
    values(own, operator, &left, &right)
}

/// An operator between numbers; nothing where it is none for numbers.
#[inline]
pub(super) fn numbers(operator: Binary, a: f64, b: f64) -> Option<Value> {
    Some(match operator {
        Binary::Add => Value::Number(a + b),
        Binary::Subtract => Value::Number(a - b),
        Binary::Multiply => Value::Number(a * b),
        Binary::Divide => Value::Number(a / b),
        Binary::Remainder => Value::Number(a % b),
        Binary::Power => Value::Number(power(a, b)),
        Binary::Equal | Binary::Same => Value::Bool(a == b),
        Binary::NotEqual | Binary::NotSame => Value::Bool(a != b),
        Binary::Less => Value::Bool(a < b),
        Binary::LessOrEqual => Value::Bool(a <= b),
        Binary::Greater => Value::Bool(a > b),
        Binary::GreaterOrEqual => Value::Bool(a >= b),
        Binary::BitAnd => Value::from(to_int32(a) & to_int32(b)),
        Binary::BitOr => Value::from(to_int32(a) | to_int32(b)),
        Binary::BitXor => Value::from(to_int32(a) ^ to_int32(b)),
        Binary::ShiftLeft => Value::from(to_int32(a).wrapping_shl(to_uint32(b) & 31)),
        Binary::ShiftRight => Value::from(to_int32(a).wrapping_shr(to_uint32(b) & 31)),
        Binary::ShiftRightUnsigned => Value::from(f64::from(to_uint32(a).wrapping_shr(to_uint32(b) & 31))),
        Binary::In | Binary::InstanceOf => return None,
    })
}

/// `a ** b`; JavaScript gives NaN where IEEE 754 gives 1.
pub(crate) fn power(a: f64, b: f64) -> f64 {
    if b.is_nan() || (a.abs() == 1.0 && b.is_infinite()) { f64::NAN } else { a.powf(b) }
}

fn values(own: &mut Interpreter<'_>, operator: Binary, left: &Value, right: &Value) -> Run<Value> {
    match operator {
        Binary::Add => return add(own, left, right),
        Binary::Same => return Ok(same(left, right).into()),
        Binary::NotSame => return Ok((!same(left, right)).into()),
        Binary::Equal => return Ok(equal(left, right)?.into()),
        Binary::NotEqual => return Ok((!equal(left, right)?).into()),
        Binary::In => return own.has(right, left),
        Binary::InstanceOf => return instance_of(left, right),
        Binary::Less | Binary::LessOrEqual | Binary::Greater | Binary::GreaterOrEqual => {
            return compare(operator, left, right);
        }
        _ => {}
    }
    let (left, right) = (primitive(left, Hint::Number)?, primitive(right, Hint::Number)?);
    match (left.as_exotic::<BigInt>(), right.as_exotic::<BigInt>()) {
        (Some(a), Some(b)) => return a.binary(operator, b),
        (None, None) => {}
        _ => return type_error("Cannot mix BigInt and other types, use explicit conversions"),
    }
    Ok(numbers(operator, left.to_number(), right.to_number()).unwrap_or_default())
}

/// `===`.
pub(crate) fn same(left: &Value, right: &Value) -> bool {
    match (left.as_exotic::<BigInt>(), right.as_exotic::<BigInt>()) {
        (Some(a), Some(b)) => return a == b,
        (None, None) => {}
        _ => return false,
    }
    match (left.as_exotic::<Native>(), right.as_exotic::<Native>()) {
        (Some(a), Some(b)) => a == b,
        _ => left.strictly_equals(right),
    }
}

/// `==`.
fn equal(left: &Value, right: &Value) -> Run<bool> {
    let is_object = |value: &Value| {
        matches!(value, Value::Array(_) | Value::Object(_))
            || (matches!(value, Value::Exotic(_)) && value.as_exotic::<BigInt>().is_none())
    };
    if left.is_nullish() || right.is_nullish() {
        return Ok(left.is_nullish() && right.is_nullish());
    }
    match (is_object(left), is_object(right)) {
        (true, true) => Ok(same(left, right)),
        (true, false) => equal(&primitive(left, Hint::Default)?, right),
        (false, true) => equal(left, &primitive(right, Hint::Default)?),
        (false, false) => match (left.as_exotic::<BigInt>(), right.as_exotic::<BigInt>()) {
            (Some(a), Some(b)) => Ok(a == b),
            (Some(a), None) => Ok(a.equals_number(right.to_number())),
            (None, Some(b)) => Ok(b.equals_number(left.to_number())),
            (None, None) => Ok(left.loosely_equals(right)),
        },
    }
}

fn add(own: &mut Interpreter<'_>, left: &Value, right: &Value) -> Run<Value> {
    let (left, right) = (primitive(left, Hint::Default)?, primitive(right, Hint::Default)?);
    if left.as_str().is_some() || right.as_str().is_some() {
        let (left, right) = (left.to_text(), right.to_text());
        let mut joined = String::with_capacity(left.len() + right.len());
        joined.push_str(&left);
        joined.push_str(&right);
        return own.text(joined);
    }
    match (left.as_exotic::<BigInt>(), right.as_exotic::<BigInt>()) {
        (Some(a), Some(b)) => a.binary(Binary::Add, b),
        (None, None) => Ok(Value::Number(left.to_number() + right.to_number())),
        _ => type_error("Cannot mix BigInt and other types, use explicit conversions"),
    }
}

fn compare(operator: Binary, left: &Value, right: &Value) -> Run<Value> {
    let (left, right) = (primitive(left, Hint::Number)?, primitive(right, Hint::Number)?);
    if let (Some(a), Some(b)) = (left.as_str(), right.as_str()) {
        let order = compare_text(a, b);
        return Ok(Value::Bool(match operator {
            Binary::Less => order.is_lt(),
            Binary::LessOrEqual => order.is_le(),
            Binary::Greater => order.is_gt(),
            _ => order.is_ge(),
        }));
    }
    Ok(numbers(operator, left.to_number(), right.to_number()).unwrap_or_default())
}

/// The order of text in JavaScript: that of its UTF-16 units.
pub(crate) fn compare_text(a: &str, b: &str) -> std::cmp::Ordering {
    if a.is_ascii() || b.is_ascii() { a.cmp(b) } else { a.encode_utf16().cmp(b.encode_utf16()) }
}

fn instance_of(value: &Value, class: &Value) -> Run<Value> {
    let Some(class) = class.as_exotic::<Native>().filter(|native| native.owner.is_empty()) else {
        return uncovered("instanceof");
    };
    use crate::expression::builtin as b;
    Ok(Value::Bool(match class.name {
        "Object" => {
            matches!(value, Value::Array(_) | Value::Object(_))
                || (matches!(value, Value::Exotic(_)) && value.as_exotic::<BigInt>().is_none())
        }
        "Array" => matches!(value, Value::Array(_)),
        "Date" => value.as_exotic::<JsDate>().is_some(),
        "DateTime" => value.as_exotic::<DateTime>().is_some(),
        "Duration" => value.as_exotic::<Duration>().is_some(),
        "RegExp" => value.as_exotic::<b::RegExp>().is_some(),
        "Map" => value.as_exotic::<b::Map>().is_some(),
        "Set" => value.as_exotic::<b::Set>().is_some(),
        "Function" => value.type_of() == "function",
        "Error" => value.as_exotic::<ErrorValue>().is_some(),
        "TypeError" | "RangeError" | "SyntaxError" | "ReferenceError" => {
            value.as_exotic::<ErrorValue>().is_some_and(|error| error.name == class.name)
        }
        "String" | "Number" | "Boolean" => false,
        name => return uncovered(format!("instanceof {name}")),
    }))
}
