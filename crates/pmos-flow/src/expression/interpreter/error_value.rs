//! JavaScript's `Error`.

use crate::expression::ExpressionError;
use crate::value::{Exotic, Object, Value};
use std::sync::Arc;

/// An `Error` or one of its kinds.
#[derive(Debug)]
pub(crate) struct ErrorValue {
    pub(crate) name: &'static str,
    pub(crate) message: String,
}

impl ErrorValue {
    pub(crate) fn value(name: &'static str, message: impl Into<String>) -> Value {
        Value::Exotic(Arc::new(Self { name, message: message.into() }))
    }
}

impl Exotic for ErrorValue {
    fn to_json(&self) -> Value {
        Value::from(Object::new())
    }

    fn to_text(&self) -> String {
        if self.message.is_empty() { self.name.to_owned() } else { format!("{}: {}", self.name, self.message) }
    }

    fn get(&self, name: &str) -> Result<Value, ExpressionError> {
        Ok(match name {
            "name" => self.name.into(),
            "message" => self.message.as_str().into(),
            "stack" | "cause" => return Err(ExpressionError::Uncovered(format!("{name} of an error"))),
            _ => Value::Undefined,
        })
    }

    fn call(&self, name: &str, _: &[Value]) -> Result<Option<Value>, ExpressionError> {
        Ok((name == "toString").then(|| self.to_text().into()))
    }
}
