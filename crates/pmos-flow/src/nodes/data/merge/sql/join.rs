//! The rows of joined tables.

use super::evaluate::Scope;
use super::issue;
use super::rows::{Bounds, NONE, Row, Source};
use super::syntax::{Expr, From, Join, Op};
use crate::node::NodeError;
use crate::nodes::data::identity::identity;
use crate::value::Value;
use std::collections::HashMap;

/// So many pairs of records are compared where no columns tell which belong together.
const MOST_COMPARISONS: usize = 20_000_000;

/// The rows of all sources. `from` says how they are joined; `filter` is what rows must fulfil later.
pub(super) fn join(
    sources: &[Source],
    from: &[From],
    filter: Option<&Expr>,
    bounds: &Bounds<'_>,
) -> Result<Vec<Row>, NodeError> {
    let mut empty = vec![NONE; sources.len()];
    let Some(first) = sources.first() else { return Ok(vec![empty]) };
    let mut rows: Vec<Row> = Vec::with_capacity(first.records.len());
    for at in 0..first.records.len() {
        empty[0] = at as u32;
        rows.push(empty.clone());
    }
    // A condition on all rows can as well choose the pairs, unless records without a partner stay.
    let filter = filter.filter(|_| from.iter().all(|table| table.join == Join::Inner));
    for (number, table) in from.iter().enumerate().skip(1) {
        let plan = Plan::new(table, filter, number);
        rows = plan.run(sources, rows, bounds)?;
    }
    Ok(rows)
}

/// How one table is joined to those before it.
struct Plan<'q> {
    /// The number of the table.
    table: usize,
    join: Join,
    /// What must be equal: of the rows so far, and of the table.
    keys: Vec<(&'q Expr, &'q Expr)>,
    /// What must hold besides.
    rest: Vec<&'q Expr>,
}

impl<'q> Plan<'q> {
    fn new(from: &'q From, filter: Option<&'q Expr>, table: usize) -> Self {
        let mut plan = Self { table, join: from.join, keys: Vec::new(), rest: Vec::new() };
        for part in from.on.iter().flat_map(conditions) {
            match key(part, table) {
                Some(key) => plan.keys.push(key),
                None => plan.rest.push(part),
            }
        }
        let filters = filter.into_iter().flat_map(conditions);
        plan.keys.extend(filters.filter_map(|part| key(part, table)));
        plan
    }

    fn run(&self, sources: &[Source], rows: Vec<Row>, bounds: &Bounds<'_>) -> Result<Vec<Row>, NodeError> {
        let records = sources[self.table].records.len();
        let index = self.index(sources, bounds)?;
        let mut joined: Vec<Row> = Vec::new();
        let mut is_matched = vec![false; records];
        let mut compared = 0;
        let all: Vec<u32> = if index.is_none() { (0..records as u32).collect() } else { Vec::new() };
        for (step, mut row) in rows.into_iter().enumerate() {
            (bounds.go_on)(step)?;
            let candidates = match &index {
                Some(index) => {
                    let key =
                        text_of(self.keys.iter().map(|(left, _)| *left), Scope { sources, row: &row, aggregates: &[] });
                    key.and_then(|key| index.get(&key)).map_or(&[][..], Vec::as_slice)
                }
                None => &all,
            };
            let mut found = false;
            for at in candidates {
                compared += 1;
                (bounds.go_on)(compared)?;
                if compared > MOST_COMPARISONS {
                    return Err(issue(
                        "the tables are too large to compare every row with every other; join them ON equal columns",
                    ));
                }
                row[self.table] = *at;
                let scope = Scope { sources, row: &row, aggregates: &[] };
                if self.rest.iter().all(|condition| scope.holds(condition)) {
                    found = true;
                    is_matched[*at as usize] = true;
                    joined.push(row.clone());
                    must_fit(joined.len(), bounds)?;
                }
            }
            if !found && matches!(self.join, Join::Left | Join::Full) {
                row[self.table] = NONE;
                joined.push(row);
            }
        }
        if matches!(self.join, Join::Right | Join::Full) {
            for at in (0..records).filter(|at| !is_matched[*at]) {
                let mut row = vec![NONE; sources.len()];
                row[self.table] = at as u32;
                joined.push(row);
            }
        }
        must_fit(joined.len(), bounds)?;
        Ok(joined)
    }

    /// The records of the table by what must be equal; nothing where nothing must.
    fn index(&self, sources: &[Source], bounds: &Bounds<'_>) -> Result<Option<HashMap<String, Vec<u32>>>, NodeError> {
        if self.keys.is_empty() {
            return Ok(None);
        }
        let records = sources[self.table].records.len();
        let mut index: HashMap<String, Vec<u32>> = HashMap::with_capacity(records);
        let mut row = vec![NONE; sources.len()];
        for at in 0..records {
            (bounds.go_on)(at)?;
            row[self.table] = at as u32;
            let scope = Scope { sources, row: &row, aggregates: &[] };
            if let Some(key) = text_of(self.keys.iter().map(|(_, right)| *right), scope) {
                index.entry(key).or_default().push(at as u32);
            }
        }
        Ok(Some(index))
    }
}

fn must_fit(rows: usize, bounds: &Bounds<'_>) -> Result<(), NodeError> {
    if rows > bounds.most {
        return Err(issue(format!("the query makes more than {} rows", bounds.most)));
    }
    Ok(())
}

/// The conditions of which all must hold.
fn conditions(condition: &Expr) -> &[Expr] {
    match condition {
        Expr::All(parts) => parts,
        one => std::slice::from_ref(one),
    }
}

/// The sides of an equality between the tables before this one and this one.
fn key(condition: &Expr, table: usize) -> Option<(&Expr, &Expr)> {
    let Expr::Binary(Op::Equal, left, right) = condition else { return None };
    let (own, before) = (1_u64 << table, (1_u64 << table) - 1);
    let is_before = |tables: u64| tables != 0 && tables & !before == 0;
    let (of_left, of_right) = (tables(left), tables(right));
    if is_before(of_left) && of_right == own {
        return Some((left, right));
    }
    (is_before(of_right) && of_left == own).then_some((right, left))
}

/// The tables of which an expression has columns, a bit each.
fn tables(expr: &Expr) -> u64 {
    let mut tables = 0;
    let done: Result<(), std::convert::Infallible> = expr.clone().change(&mut |expr| {
        if let Expr::Column { bound: Some((table, _)), .. } = expr {
            tables |= 1 << *table;
        }
        Ok(())
    });
    match done {
        Ok(()) => tables,
    }
}

/// Values that are equal for a join share a text: numbers equal texts of their digits. Nothing equals nothing.
fn text_of<'e>(keys: impl Iterator<Item = &'e Expr>, scope: Scope<'_>) -> Option<String> {
    let mut text = String::new();
    for (at, key) in keys.enumerate() {
        if at > 0 {
            text.push('\0');
        }
        match scope.value(key) {
            Value::Undefined | Value::Null => return None,
            value @ (Value::Array(_) | Value::Object(_)) => text.push_str(&identity([&value])),
            value => text.push_str(&value.to_text()),
        }
    }
    Some(text)
}
