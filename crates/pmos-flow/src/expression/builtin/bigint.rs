//! Whole numbers of any size: here of 127 bits, the sandbox has the rest.

use super::argument;
use crate::expression::ExpressionError;
use crate::expression::interpreter::{ErrorValue, Hint, Run, Stop, primitive, range_error, type_error, uncovered};
use crate::expression::syntax::{Binary, Unary};
use crate::value::{Exotic, Value};
use std::sync::Arc;

/// A bigint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct BigInt(pub(crate) i128);

impl Exotic for BigInt {
    fn to_json(&self) -> Value {
        self.to_text().into()
    }

    fn to_text(&self) -> String {
        self.0.to_string()
    }

    fn to_number(&self) -> f64 {
        self.to_f64()
    }

    fn is_truthy(&self) -> bool {
        self.0 != 0
    }

    fn type_of(&self) -> &'static str {
        "bigint"
    }

    fn call(&self, name: &str, arguments: &[Value]) -> Result<Option<Value>, ExpressionError> {
        match name {
            "toString" if argument(arguments, 0).is_undefined() => Ok(Some(self.to_text().into())),
            "valueOf" => Ok(Some((*self).into())),
            _ => Err(ExpressionError::Uncovered(format!("{name} of a bigint"))),
        }
    }
}

impl From<BigInt> for Value {
    fn from(number: BigInt) -> Self {
        Value::Exotic(Arc::new(number))
    }
}

impl BigInt {
    pub(crate) fn to_f64(self) -> f64 {
        self.0 as f64
    }

    pub(crate) fn equals_number(self, number: f64) -> bool {
        number.fract() == 0.0 && number.abs() < 1e38 && number as i128 == self.0
    }

    pub(crate) fn unary(self, operator: Unary) -> Run<Value> {
        let number = if operator == Unary::Minus { self.0.checked_neg() } else { Some(!self.0) };
        number.map_or_else(|| uncovered("a large bigint"), |number| Ok(Self(number).into()))
    }

    pub(crate) fn binary(self, operator: Binary, other: &Self) -> Run<Value> {
        let (a, b) = (self.0, other.0);
        if b == 0 && matches!(operator, Binary::Divide | Binary::Remainder) {
            return range_error("Division by zero");
        }
        let number = match operator {
            Binary::Add => a.checked_add(b),
            Binary::Subtract => a.checked_sub(b),
            Binary::Multiply => a.checked_mul(b),
            Binary::Divide => a.checked_div(b),
            Binary::Remainder => a.checked_rem(b),
            Binary::Power if b < 0 => return range_error("Exponent must be non-negative"),
            Binary::Power => u32::try_from(b).ok().and_then(|b| a.checked_pow(b)),
            Binary::BitAnd => Some(a & b),
            Binary::BitOr => Some(a | b),
            Binary::BitXor => Some(a ^ b),
            _ => None,
        };
        number.map_or_else(|| uncovered("a large bigint"), |number| Ok(Self(number).into()))
    }
}

/// A literal such as `10n`.
pub(crate) fn bigint_literal(digits: &str) -> Run<Value> {
    match read(digits) {
        Some(number) => Ok(number.into()),
        None => uncovered("a large bigint"),
    }
}

fn read(text: &str) -> Option<BigInt> {
    let (digits, radix) = match text.get(..2) {
        Some("0x" | "0X") => (&text[2..], 16),
        Some("0o" | "0O") => (&text[2..], 8),
        Some("0b" | "0B") => (&text[2..], 2),
        _ => (text, 10),
    };
    i128::from_str_radix(digits, radix).ok().map(BigInt)
}

/// `BigInt(value)`.
pub(super) fn from_value(value: &Value) -> Run<Value> {
    match value {
        Value::Bool(bool) => Ok(BigInt(i128::from(*bool)).into()),
        Value::Number(number) if number.fract() != 0.0 || !number.is_finite() => range_error(format!(
            "The number {} cannot be converted to a BigInt because it is not an integer",
            value.to_text()
        )),
        Value::Number(number) if number.abs() < 1e38 => Ok(BigInt(*number as i128).into()),
        Value::String(text) if text.trim().is_empty() => Ok(BigInt(0).into()),
        Value::String(text) => match read(text.trim()) {
            Some(number) => Ok(number.into()),
            None if text.trim().trim_start_matches('-').bytes().all(|byte| byte.is_ascii_digit()) => {
                uncovered("a large bigint")
            }
            None => Err(Box::new(Stop::Thrown(ErrorValue::value(
                "SyntaxError",
                format!("Cannot convert {text} to a BigInt"),
            )))),
        },
        Value::Exotic(_) if value.as_exotic::<BigInt>().is_some() => Ok(value.clone()),
        Value::Undefined | Value::Null => type_error(format!("Cannot convert {} to a BigInt", value.to_text())),
        _ => from_value(&primitive(value, Hint::Number)?),
    }
}

pub(super) fn call_static(name: &str, _: &[Value]) -> Run<Option<Value>> {
    uncovered(format!("BigInt.{name}"))
}
