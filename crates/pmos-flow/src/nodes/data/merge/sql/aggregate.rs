//! Values over the rows of a group.

use super::evaluate::Scope;
use super::operators::order;
use super::rows::{Bounds, Row, Source};
use super::syntax::{Aggregate, Expr};
use crate::node::NodeError;
use crate::nodes::data::identity::identity;
use crate::value::Value;
use std::collections::HashSet;

/// Gives the aggregates of expressions their slots and returns them.
pub(super) fn take_slots<'e>(exprs: impl Iterator<Item = &'e mut Expr>) -> Vec<Expr> {
    let mut found = Vec::new();
    for expr in exprs {
        let done: Result<(), std::convert::Infallible> = expr.change(&mut |expr| {
            if let Expr::Aggregate { slot, .. } = expr {
                *slot = found.len();
                found.push(expr.clone());
            }
            Ok(())
        });
        match done {
            Ok(()) => {}
        }
    }
    found
}

/// The value of an aggregate over rows. What lacks a value does not count.
pub(super) fn aggregate(
    expr: &Expr,
    sources: &[Source],
    rows: &[&Row],
    bounds: &Bounds<'_>,
) -> Result<Value, NodeError> {
    let Expr::Aggregate { kind, distinct, of, .. } = expr else { return Ok(Value::Undefined) };
    let Some(of) = of else { return Ok(Value::from(rows.len())) };
    let mut known = HashSet::new();
    let mut values: Vec<Value> = Vec::new();
    for (at, row) in rows.iter().enumerate() {
        (bounds.go_on)(at)?;
        let value = Scope { sources, row, aggregates: &[] }.value(of);
        if !value.is_nullish() && (!distinct || known.insert(identity([&value]))) {
            values.push(value);
        }
    }
    let sum = || values.iter().map(Value::to_number).sum::<f64>();
    Ok(match kind {
        Aggregate::Count => Value::from(values.len()),
        Aggregate::List => Value::from(values),
        _ if values.is_empty() => Value::Undefined,
        Aggregate::Sum => Value::Number(sum()),
        Aggregate::Average => Value::Number(sum() / values.len() as f64),
        Aggregate::Min => values.into_iter().min_by(order).unwrap_or_default(),
        Aggregate::Max => values.into_iter().max_by(order).unwrap_or_default(),
        Aggregate::First => values.swap_remove(0),
        Aggregate::Last => values.pop().unwrap_or_default(),
    })
}
