//! The value of an expression at a row.

use super::functions::{call, cast};
use super::operators::{binary, compare, like};
use super::rows::{NONE, Source};
use super::syntax::Expr;
use crate::nodes::data::identity::identity;
use crate::value::{Str, Value};

/// What an expression sees.
#[derive(Clone, Copy)]
pub(super) struct Scope<'a> {
    pub(super) sources: &'a [Source],
    /// The record of each source, or [`NONE`].
    pub(super) row: &'a [u32],
    /// The aggregates of the row's group, by their slots.
    pub(super) aggregates: &'a [Value],
}

impl Scope<'_> {
    /// The value of an expression; `undefined` where there is none.
    pub(super) fn value(&self, expr: &Expr) -> Value {
        match expr {
            Expr::Literal(value) => value.clone(),
            Expr::Column { bound, .. } => {
                bound.as_ref().map_or(Value::Undefined, |(source, path)| self.column(*source, path))
            }
            Expr::Field(of, name) => match self.value(of) {
                Value::Array(values) => {
                    name.parse().ok().and_then(|at: usize| values.get(at).cloned()).unwrap_or_default()
                }
                value => value.get(name).clone(),
            },
            Expr::All(parts) => Value::Bool(parts.iter().all(|part| self.holds(part))),
            Expr::Any(parts) => Value::Bool(parts.iter().any(|part| self.holds(part))),
            Expr::Not(of) => Value::Bool(!self.holds(of)),
            Expr::Minus(of) => match self.value(of) {
                value if value.is_nullish() => Value::Undefined,
                value => Value::Number(-value.to_number()),
            },
            Expr::Binary(op, left, right) => binary(*op, &self.value(left), &self.value(right)),
            Expr::Like { value, pattern, not } => {
                let (value, pattern) = (self.value(value), self.value(pattern));
                unless_nullish(&[&value, &pattern], || like(&value.to_text(), &pattern.to_text()) != *not)
            }
            Expr::In { value, list, not } => {
                let value = self.value(value);
                unless_nullish(&[&value], || list.iter().any(|other| self.value(other) == value) != *not)
            }
            Expr::Among { value, of, not } => {
                let value = self.value(value);
                unless_nullish(&[&value], || of.contains(&identity([&value])) != *not)
            }
            Expr::Between { value, low, high, not } => {
                let (value, low, high) = (self.value(value), self.value(low), self.value(high));
                let within = || {
                    compare(&low, &value).is_some_and(std::cmp::Ordering::is_le)
                        && compare(&value, &high).is_some_and(std::cmp::Ordering::is_le)
                };
                unless_nullish(&[&value, &low, &high], || within() != *not)
            }
            Expr::IsNull { value, not } => Value::Bool(self.value(value).is_nullish() != *not),
            Expr::Case { of, when, otherwise } => {
                let of = of.as_ref().map(|of| self.value(of));
                let is = |condition: &Expr| match &of {
                    Some(of) => !of.is_nullish() && self.value(condition) == *of,
                    None => self.holds(condition),
                };
                let found = when.iter().find(|(condition, _)| is(condition)).map(|(_, value)| value);
                found.or(otherwise.as_deref()).map_or(Value::Undefined, |value| self.value(value))
            }
            Expr::Cast(of, kind) => cast(&self.value(of), kind),
            Expr::Function { name, arguments } => {
                let values: Vec<Value> = arguments.iter().map(|argument| self.value(argument)).collect();
                call(name, &values)
            }
            Expr::Aggregate { slot, .. } => self.aggregates.get(*slot).cloned().unwrap_or_default(),
            // Gone before rows are looked at.
            Expr::Double(_) | Expr::InQuery { .. } | Expr::Scalar(_) | Expr::Exists(_) => Value::Undefined,
        }
    }

    /// Is a condition true?
    pub(super) fn holds(&self, condition: &Expr) -> bool {
        self.value(condition).is_truthy()
    }

    fn column(&self, source: usize, path: &[Str]) -> Value {
        let Some(at) = self.row.get(source).filter(|at| **at != NONE) else { return Value::Undefined };
        let Some((first, rest)) = path.split_first() else { return Value::Undefined };
        let Some(value) = self.sources[source].records[*at as usize].json.get(first) else { return Value::Undefined };
        rest.iter().fold(value, |value, name| value.get(name)).clone()
    }
}

fn unless_nullish(values: &[&Value], is: impl FnOnce() -> bool) -> Value {
    if values.iter().any(|value| value.is_nullish()) { Value::Undefined } else { Value::Bool(is()) }
}
