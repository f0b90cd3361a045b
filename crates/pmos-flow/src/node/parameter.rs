//! A parameter, compiled once and evaluated for every item.

use super::NodeError;
use crate::data::ItemScope;
use crate::expression::{Expression, ExpressionError};
use crate::value::{Object, Str, Value};
use std::sync::Arc;

/// A parameter, compiled: what is fixed is known, what is an expression is parsed.
#[derive(Clone, Debug)]
pub enum Parameter {
    /// The same for every item.
    Fixed(Value),
    /// An expression.
    Expression(Arc<Expression>),
    /// Text that begins with `=` and is no expression.
    Broken(ExpressionError),
    /// An object with expressions somewhere within.
    Object(Arc<Vec<(Str, Parameter)>>),
    /// A list with expressions somewhere within.
    Array(Arc<Vec<Parameter>>),
}

impl Parameter {
    /// Compiles a value of a node's parameters.
    pub fn compile(value: &Value) -> Self {
        match value {
            Value::String(text) if text.starts_with('=') => match Expression::compile(text) {
                Ok(expression) => Self::Expression(Arc::new(expression)),
                Err(error) => Self::Broken(error),
            },
            Value::Array(values) => {
                let parts: Vec<Self> = values.iter().map(Self::compile).collect();
                if parts.iter().all(Self::is_fixed) { Self::Fixed(value.clone()) } else { Self::Array(Arc::new(parts)) }
            }
            Value::Object(object) => {
                let parts: Vec<(Str, Self)> =
                    object.iter().map(|(key, value)| (key.clone(), Self::compile(value))).collect();
                if parts.iter().all(|(_, part)| part.is_fixed()) {
                    Self::Fixed(value.clone())
                } else {
                    Self::Object(Arc::new(parts))
                }
            }
            value => Self::Fixed(value.clone()),
        }
    }

    /// Is it the same for every item?
    pub fn is_fixed(&self) -> bool {
        matches!(self, Self::Fixed(_))
    }

    /// A field of an object, or an element of a list by its number; nothing where there is none.
    pub fn field(&self, name: &str) -> Option<Self> {
        match self {
            Self::Fixed(Value::Object(object)) => object.get(name).cloned().map(Self::Fixed),
            Self::Fixed(Value::Array(values)) => values.get(name.parse::<usize>().ok()?).cloned().map(Self::Fixed),
            Self::Object(parts) => parts.iter().find(|(key, _)| **key == *name).map(|(_, part)| part.clone()),
            Self::Array(parts) => parts.get(name.parse::<usize>().ok()?).cloned(),
            _ => None,
        }
    }

    /// The elements of a list, each as a parameter; none for what is no list.
    pub fn elements(&self) -> Vec<Self> {
        match self {
            Self::Fixed(Value::Array(values)) => values.iter().cloned().map(Self::Fixed).collect(),
            Self::Array(parts) => parts.to_vec(),
            _ => Vec::new(),
        }
    }

    /// Its value for an item.
    pub fn at(&self, scope: &ItemScope<'_>) -> Result<Value, NodeError> {
        match self {
            Self::Fixed(value) => Ok(value.clone()),
            Self::Expression(expression) => evaluate(expression, scope),
            Self::Broken(error) => Err(error.clone().into()),
            Self::Object(parts) => {
                let mut object = Object::with_capacity(parts.len());
                for (key, part) in parts.iter() {
                    object.insert(key.clone(), part.at(scope)?);
                }
                Ok(object.into())
            }
            Self::Array(parts) => {
                Ok(Value::from(parts.iter().map(|part| part.at(scope)).collect::<Result<Vec<_>, _>>()?))
            }
        }
    }
}

fn evaluate(expression: &Expression, scope: &ItemScope<'_>) -> Result<Value, NodeError> {
    match expression.evaluate(scope) {
        Err(ExpressionError::Uncovered(_)) => match scope.of_sandbox(expression.text()) {
            Some(value) => value.map_err(NodeError::new),
            None => Err(NodeError::needs_sandbox(expression.text())),
        },
        other => Ok(other?),
    }
}
