//! Values of expressions that JSON cannot hold.

use super::Value;
use crate::expression::ExpressionError;
use std::any::Any;
use std::fmt::Debug;

/// A value of an expression that JSON cannot hold: a date, a duration, a function, a regular expression.
pub trait Exotic: Any + Debug + Send + Sync {
    /// What `JSON.stringify` makes of it; `undefined` where it leaves the value out.
    fn to_json(&self) -> Value;
    /// What `String(value)` is.
    fn to_text(&self) -> String;
    /// What `Number(value)` is.
    fn to_number(&self) -> f64 {
        f64::NAN
    }
    /// What `Boolean(value)` is.
    fn is_truthy(&self) -> bool {
        true
    }
    /// What `typeof` says.
    fn type_of(&self) -> &'static str {
        "object"
    }
    /// The property `name`: `undefined` where there is none.
    fn get(&self, _name: &str) -> Result<Value, ExpressionError> {
        Ok(Value::Undefined)
    }
    /// Calls the method `name`; nothing where there is no such method.
    fn call(&self, _name: &str, _arguments: &[Value]) -> Result<Option<Value>, ExpressionError> {
        Ok(None)
    }
}
