//! n8n's expressions: parameters that start with `=`, with JavaScript between `{{` and `}}`.
//!
//! Compile a text once, evaluate it for every item. The path of an evaluation: [`template`] splits the text, [`syntax`]
//! makes a tree of each code, [`interpreter`] runs it on the functions of [`builtin`] (JavaScript's) and [`extension`]
//! (n8n's). What JavaScript can and this cannot ends in [`ExpressionError::Uncovered`]: the sandbox evaluates it instead.

mod builtin;
pub mod check;
mod error;
mod extension;
mod interpreter;
mod jmespath;
pub(crate) mod regex;
mod scope;
mod syntax;
mod template;
#[cfg(test)]
mod tests;

pub use error::ExpressionError;
pub use scope::Scope;

pub(crate) use builtin::intl::grouped;

use crate::value::Value;
use interpreter::{Interpreter, Run, Stop};
use template::Part;

/// A compiled expression: compile once, evaluate for every item.
#[derive(Debug)]
pub struct Expression {
    text: String,
    parts: Vec<Part>,
    /// n8n's refusal of the whole text.
    refused: Option<ExpressionError>,
}

impl Expression {
    /// Compiles a parameter's text, which begins with `=`.
    ///
    /// Fails with [`ExpressionError::Syntax`] for code that is none.
    pub fn compile(text: &str) -> Result<Self, ExpressionError> {
        let parts = template::split(text.strip_prefix('=').unwrap_or(text))?;
        Ok(Self { text: text.to_owned(), parts, refused: refusal(text) })
    }

    /// Its value for what `scope` sees.
    ///
    /// What code throws is no error: the value is `undefined` then, as in n8n.
    pub fn evaluate(&self, scope: &dyn Scope) -> Result<Value, ExpressionError> {
        self.evaluate_within(scope, None)
    }

    /// Its value, where it may stand within another expression.
    fn evaluate_within(&self, scope: &dyn Scope, outer: Option<&Interpreter<'_>>) -> Result<Value, ExpressionError> {
        if let Some(refused) = &self.refused {
            return Err(refused.clone());
        }
        if let [part] = self.parts.as_slice() {
            return value(part, scope, outer);
        }
        let mut joined = String::new();
        for part in &self.parts {
            match part {
                Part::Text(text) => joined.push_str(text),
                part => match value(part, scope, outer)? {
                    Value::Undefined | Value::Null => {}
                    value => joined.push_str(&text(&value)?),
                },
            }
        }
        Ok(joined.into())
    }

    /// The text that it was compiled from, with its `=`.
    pub fn text(&self) -> &str {
        &self.text
    }
}

/// The value of one part.
fn value(part: &Part, scope: &dyn Scope, outer: Option<&Interpreter<'_>>) -> Result<Value, ExpressionError> {
    let program = match part {
        Part::Text(text) => return Ok(Value::String(text.clone())),
        Part::Stopped(error) => return Err(error.clone()),
        Part::Code(program) => program,
    };
    let json = if program.reads_json { scope.json() } else { Value::Undefined };
    if let Some(value) = interpreter::glance(program, &json) {
        return Ok(value);
    }
    let mut interpreter = outer.map_or_else(|| Interpreter::new(scope), Interpreter::within);
    match swallow(interpreter.run(program, json))? {
        Value::Exotic(value) if value.type_of() == "function" => Err(ExpressionError::Refused(format!(
            "Expression evaluation failed: {} could not be cloned.",
            value.to_text()
        ))),
        value => Ok(value),
    }
}

/// What code throws, n8n swallows.
fn swallow(result: Run<Value>) -> Result<Value, ExpressionError> {
    match result {
        Ok(value) => Ok(value),
        Err(stop) => match *stop {
            Stop::Thrown(_) | Stop::Error(ExpressionError::Thrown(_)) => Ok(Value::Undefined),
            Stop::Error(error) => Err(error),
        },
    }
}

/// The text of a value among others: dates as ISO text.
fn text(value: &Value) -> Result<crate::value::Str, ExpressionError> {
    if value.as_exotic::<crate::time::JsDate>().is_some() {
        return Ok(value.clone().into_json().to_text());
    }
    swallow(interpreter::to_text(value).map(Value::String)).map(|text| text.to_text())
}

/// n8n refuses a text that reads `.constructor`, in code or not.
fn refusal(text: &str) -> Option<ExpressionError> {
    let found = text.match_indices("constructor").any(|(at, _)| text[..at].trim_end().ends_with('.'));
    found.then(|| ExpressionError::Refused("Expression contains invalid constructor function call".into()))
}
