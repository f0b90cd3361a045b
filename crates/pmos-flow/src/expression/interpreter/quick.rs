//! What can be seen without running: most expressions are a path of fields, or numbers put together.

use super::{Slot, operator};
use crate::expression::syntax::{Binary, Body, Expr, Place, Program};
use crate::value::Value;

/// The value of a program that reads a field of `$json` or computes with such: without an interpreter.
pub(crate) fn glance(program: &Program, json: &Value) -> Option<Value> {
    match &program.body {
        Body::Expression(Expr::Binary(operator, left, right)) => compute(json, &[], *operator, left, right),
        Body::Expression(expr) => look(json, &[], expr).filter(|value| !matches!(value, Value::Exotic(_))).cloned(),
        Body::Statements(_) => None,
    }
}

/// What stands at the end of a path of fields, without touching the counters of what lies on the way.
pub(super) fn look<'v>(json: &'v Value, frame: &'v [Slot], expr: &Expr) -> Option<&'v Value> {
    match expr {
        Expr::Json => Some(json).filter(|json| !json.is_undefined()),
        Expr::Variable(Place::Local(slot)) => match frame.get(*slot as usize)? {
            Slot::Value(value) => Some(value),
            _ => None,
        },
        Expr::Member { object, key, .. } => match look(json, frame, object)? {
            Value::Object(object) => object.get(key),
            _ => None,
        },
        Expr::Index { object, key, .. } => match (look(json, frame, object)?, &**key) {
            (Value::Array(values), Expr::Literal(Value::Number(at))) if *at >= 0.0 && at.fract() == 0.0 => {
                values.get(*at as usize)
            }
            _ => None,
        },
        _ => None,
    }
}

/// The value of an operator between numbers that lie ready: fields, literals, and operators between such.
pub(super) fn compute(json: &Value, frame: &[Slot], operator: Binary, left: &Expr, right: &Expr) -> Option<Value> {
    // The right side first: it is short in most code, and looking changes nothing.
    let right = number(json, frame, right)?;
    operator::numbers(operator, number(json, frame, left)?, right)
}

fn number(json: &Value, frame: &[Slot], expr: &Expr) -> Option<f64> {
    match expr {
        Expr::Literal(value) => value.as_number(),
        Expr::Binary(operator, left, right) => compute(json, frame, *operator, left, right)?.as_number(),
        expr => look(json, frame, expr)?.as_number(),
    }
}
