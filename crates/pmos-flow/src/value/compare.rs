//! Equality of values: deep, as nodes compare; strict and loose, as JavaScript does.

use super::{Value, number_from_text};
use std::sync::Arc;

impl PartialEq for Value {
    /// Deep equality: objects by their fields in any order, lists by their elements, NaN equal to nothing.
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Undefined, Self::Undefined) | (Self::Null, Self::Null) => true,
            (Self::Bool(a), Self::Bool(b)) => a == b,
            (Self::Number(a), Self::Number(b)) => a == b,
            (Self::String(a), Self::String(b)) => a == b,
            (Self::Array(a), Self::Array(b)) => Arc::ptr_eq(a, b) || a == b,
            (Self::Object(a), Self::Object(b)) => Arc::ptr_eq(a, b) || a == b,
            (Self::Exotic(a), Self::Exotic(b)) => Arc::ptr_eq(a, b) || a.to_json() == b.to_json(),
            _ => false,
        }
    }
}

impl Value {
    /// JavaScript's `===`: lists, objects and exotic values equal only themselves.
    pub fn strictly_equals(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Array(a), Self::Array(b)) => Arc::ptr_eq(a, b),
            (Self::Object(a), Self::Object(b)) => Arc::ptr_eq(a, b),
            (Self::Exotic(a), Self::Exotic(b)) => Arc::ptr_eq(a, b),
            _ => self == other,
        }
    }

    /// JavaScript's `==` (ECMA-262, IsLooselyEqual).
    pub fn loosely_equals(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Undefined | Self::Null, Self::Undefined | Self::Null) => true,
            (Self::Undefined | Self::Null, _) | (_, Self::Undefined | Self::Null) => false,
            (Self::Bool(_), _) if other.as_bool().is_none() => Self::Number(self.to_number()).loosely_equals(other),
            (_, Self::Bool(_)) if self.as_bool().is_none() => self.loosely_equals(&Self::Number(other.to_number())),
            (Self::Number(number), Self::String(text)) | (Self::String(text), Self::Number(number)) => {
                *number == number_from_text(text)
            }
            (Self::Number(number), other) | (other, Self::Number(number)) => *number == other.to_number(),
            (Self::String(text), other @ (Self::Array(_) | Self::Object(_) | Self::Exotic(_)))
            | (other @ (Self::Array(_) | Self::Object(_) | Self::Exotic(_)), Self::String(text)) => {
                *text == other.to_text()
            }
            _ => self.strictly_equals(other),
        }
    }
}
