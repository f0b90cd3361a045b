//! What the fuzz targets call.

use crate::expression::{Expression, ExpressionError, Scope};
use crate::format::Workflow;
use crate::run::problems;
use crate::value::{self, Object, Value};
use jiff::tz::TimeZone;
use pmos_kit::Millis;

/// Reads a workflow file and looks for what is wrong with it.
pub fn workflow(text: &str) {
    if let Ok(workflow) = Workflow::parse(text) {
        drop(problems(&workflow));
    }
}

/// Compiles an expression, evaluates it, and writes its value as JSON.
pub fn expression(text: &str) {
    if let Ok(expression) = Expression::compile(&format!("={text}"))
        && let Ok(found) = expression.evaluate(&Small(TimeZone::UTC))
    {
        drop(value::to_string(&found));
    }
}

/// A scope with one small item.
struct Small(TimeZone);

impl Scope for Small {
    fn json(&self) -> Value {
        let tags = Value::list([Value::from("a"), Value::from("b")]);
        Value::from(Object::from_iter([("name", Value::from("Ada")), ("value", Value::from(7)), ("tags", tags)]))
    }

    fn variable(&self, _name: &str) -> Result<Option<Value>, ExpressionError> {
        Ok(None)
    }

    fn call(&self, _function: &str, _arguments: &[Value]) -> Result<Option<Value>, ExpressionError> {
        Ok(None)
    }

    fn now(&self) -> Millis {
        1_709_208_000_000
    }

    fn zone(&self) -> &TimeZone {
        &self.0
    }

    fn random(&self) -> f64 {
        0.5
    }
}
