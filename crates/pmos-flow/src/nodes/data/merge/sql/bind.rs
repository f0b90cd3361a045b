//! Names in expressions: which table they belong to, which alias they stand for.

use super::issue;
use super::rows::Source;
use super::syntax::{Column, Expr};
use crate::node::NodeError;
use crate::value::{Str, Value};

/// Binds the columns of an expression to the tables.
pub(super) fn bind(expr: &mut Expr, sources: &[Source]) -> Result<(), NodeError> {
    expr.change(&mut |expr| {
        match expr {
            Expr::Column { names, bound } if bound.is_none() => *bound = Some(place(names, sources)?),
            Expr::Double(text) => {
                *expr = match holder(text, sources) {
                    Some(table) => Expr::Column { names: vec![text.clone()], bound: Some((table, vec![text.clone()])) },
                    None => Expr::Literal(Value::String(text.clone())),
                }
            }
            _ => {}
        }
        Ok(())
    })
}

fn place(names: &[Str], sources: &[Source]) -> Result<(usize, Vec<Str>), NodeError> {
    let Some(first) = names.first() else { return Ok((0, Vec::new())) };
    if names.len() > 1 {
        if let Some(table) = sources.iter().position(|source| source.name == *first) {
            return Ok((table, names[1..].to_vec()));
        }
        let is_input = first.strip_prefix("input").is_some_and(|number| number.parse::<u8>().is_ok());
        if is_input && holder(first, sources).is_none() {
            return Err(issue(format!("table '{first}' is not part of the query's FROM")));
        }
    }
    Ok((holder(first, sources).unwrap_or(0), names.to_vec()))
}

/// The first table with this column.
pub(super) fn holder(column: &str, sources: &[Source]) -> Option<usize> {
    sources.iter().position(|source| source.records.iter().any(|record| record.json.contains_key(column)))
}

/// Puts what a number or an alias stands for in its place. Where `columns_first`, an alias does not hide a column.
pub(super) fn resolve(
    expr: &mut Expr,
    columns: &[Column],
    sources: &[Source],
    columns_first: bool,
) -> Result<(), NodeError> {
    if let Expr::Literal(Value::Number(number)) = expr {
        let at = (*number as usize).wrapping_sub(1);
        match columns.get(at) {
            Some(Column::Of(of, _)) => *expr = of.clone(),
            Some(Column::All(_)) => {}
            None if columns.iter().any(|column| matches!(column, Column::All(_))) => {}
            None => return Err(issue(format!("there is no column {number}"))),
        }
        return Ok(());
    }
    expr.change(&mut |expr| {
        let name = match expr {
            Expr::Column { names, bound: None } if names.len() == 1 => names[0].clone(),
            Expr::Double(name) => name.clone(),
            _ => return Ok(()),
        };
        if columns_first && holder(&name, sources).is_some() {
            return Ok(());
        }
        let named = columns.iter().find_map(|column| match column {
            Column::Of(of, alias) if *alias == name => Some(of),
            _ => None,
        });
        if let Some(of) = named {
            *expr = of.clone();
        }
        Ok(())
    })
}
