//! What an expression can see.

use super::ExpressionError;
use crate::value::Value;
use jiff::tz::TimeZone;
use pmos_kit::Millis;

/// What an expression can see beside the language itself: the variables that start with `$`, time and chance.
///
/// The engine's is `run::ItemScope`: one item of one node's input.
pub trait Scope {
    /// `$json`, the fields of the current item. Apart from the others, because nearly every expression begins with it.
    fn json(&self) -> Value;
    /// The value of another variable, such as `$input`, named with its `$`; nothing where there is none.
    fn variable(&self, name: &str) -> Result<Option<Value>, ExpressionError>;
    /// The value of a function that knows the run, such as `$('Node')`, `$items()`, `$fromAI()`; nothing where there is none.
    fn call(&self, function: &str, arguments: &[Value]) -> Result<Option<Value>, ExpressionError>;
    /// The present moment, in milliseconds since the Unix epoch.
    fn now(&self) -> Millis;
    /// The workflow's time zone.
    fn zone(&self) -> &TimeZone;
    /// A number from 0 up to but without 1.
    fn random(&self) -> f64;
}
