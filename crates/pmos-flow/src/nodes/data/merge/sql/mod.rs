//! Combining by SQL: the inputs are tables, the rows of the result are the items.
//!
//! - Names are the keys of JSON, so their case counts; that of keywords does not.
//! - A value that is missing is what SQL calls NULL: a row without a partner simply lacks the other table's fields.
//! - Columns that a join compares are equal if their texts are: 1 joins "1". Elsewhere `=` tells them apart.

mod aggregate;
mod bind;
mod evaluate;
mod expression;
mod functions;
mod join;
mod lexer;
mod operators;
mod parser;
mod rows;
mod run;
mod syntax;
#[cfg(test)]
mod tests;

use super::{all_links, inputs};
use crate::item::{Item, Link, Links};
use crate::node::{Context, Given, NodeError};
use crate::value::{Object, Value};
use rows::{Bounds, Record, Source};
use std::sync::Arc;

/// Runs the node's query over its inputs.
pub(super) fn by_sql(context: &mut Context<'_>) -> Result<Given, NodeError> {
    let query = context.text("query", 0)?;
    let number = inputs(context)?;
    let version = context.version();
    let must_give = version < 3.2 || &*context.text("options.emptyQueryResult", 0)? == "success";
    let tables: Vec<Source> = (0..number).map(|input| table(context, input)).collect();
    let bounds = Bounds { most: context.limits.items, go_on: &|step| context.go_on(step) };
    let records = run::run(&parser::parse(&query)?, &tables, &bounds)?;
    // Version 3 did not know which items a row comes from.
    let unknown = (version < 3.1).then(|| all_links(context, 0..number));
    let item = |record: Record| Item { links: unknown.clone().unwrap_or(record.links), ..Item::new(record.json) };
    let mut given: Vec<Item> = records.into_iter().map(item).collect();
    if given.is_empty() && must_give {
        let links = unknown.unwrap_or_default();
        given.push(Item { links, ..Item::new(Object::from_iter([("success", Value::Bool(true))])) });
    }
    Ok(given.into())
}

fn table(context: &Context<'_>, input: usize) -> Source {
    let items = context.input(input);
    let record =
        |(at, item): (usize, &Item)| Record { json: item.json.clone(), links: Links::One(Link::of_input(input, at)) };
    let records = items.iter().enumerate().map(record).collect();
    Source { name: format!("input{}", input + 1).into(), records: Arc::new(records) }
}

/// What is wrong with a query.
fn issue(what: impl Into<String>) -> NodeError {
    NodeError::new("Issue while executing query").described(what)
}
