//! Expressions that see more than an item: the answer of the page before, the number of pages.

use crate::data::ItemScope;
use crate::expression::{Expression, ExpressionError, Scope};
use crate::node::{Context, NodeError};
use crate::port::ScriptForm;
use crate::value::{Object, Value};
use jiff::tz::TimeZone;
use pmos_kit::Millis;
use std::sync::Arc;

/// Variables that expressions see besides those of an item.
#[derive(Clone, Debug)]
pub(super) struct Variables(Vec<(&'static str, Value)>);

impl<const N: usize> From<[(&'static str, Value); N]> for Variables {
    fn from(variables: [(&'static str, Value); N]) -> Self {
        Self(variables.into())
    }
}

impl Variables {
    /// Sets a variable.
    pub(super) fn set(&mut self, name: &'static str, value: Value) {
        match self.0.iter_mut().find(|(own, _)| *own == name) {
            Some((_, old)) => *old = value,
            None => self.0.push((name, value)),
        }
    }

    /// The value of a parameter at an item; what does not begin with `=` is its own value.
    pub(super) async fn evaluate(&self, context: &Context<'_>, value: &Value, item: usize) -> Result<Value, NodeError> {
        let Some(text) = value.as_str().filter(|text| text.starts_with('=')) else { return Ok(value.clone()) };
        let native = Expression::compile(text).and_then(|compiled| {
            let scope = With { inner: context.scope(item), variables: self };
            compiled.evaluate(&scope)
        });
        match native {
            Err(ExpressionError::Uncovered(_)) => self.in_sandbox(context, text, item).await,
            other => Ok(other?),
        }
    }

    async fn in_sandbox(&self, context: &Context<'_>, text: &str, item: usize) -> Result<Value, NodeError> {
        let mut script = context.script(ScriptForm::Expressions, vec![text.into()]);
        let variables: Object = self.0.iter().map(|(name, value)| (*name, value.clone())).collect();
        if let Value::Object(sees) = &mut script.sees {
            Arc::make_mut(sees).insert("variables", variables.into());
        }
        let output = context.ports.sandbox.run(script).await?;
        // One value an item.
        match output.values.into_iter().nth(item) {
            Some(Ok(value)) => Ok(value),
            Some(Err(error)) => Err(NodeError::new(error.message)),
            None => Ok(Value::Undefined),
        }
    }
}

/// What an item sees, and the variables.
struct With<'a> {
    inner: ItemScope<'a>,
    variables: &'a Variables,
}

impl Scope for With<'_> {
    fn json(&self) -> Value {
        self.inner.json()
    }

    fn variable(&self, name: &str) -> Result<Option<Value>, ExpressionError> {
        match self.variables.0.iter().find(|(own, _)| *own == name) {
            Some((_, value)) => Ok(Some(value.clone())),
            None => self.inner.variable(name),
        }
    }

    fn call(&self, function: &str, arguments: &[Value]) -> Result<Option<Value>, ExpressionError> {
        self.inner.call(function, arguments)
    }

    fn now(&self) -> Millis {
        self.inner.now()
    }

    fn zone(&self) -> &TimeZone {
        self.inner.zone()
    }

    fn random(&self) -> f64 {
        self.inner.random()
    }
}
