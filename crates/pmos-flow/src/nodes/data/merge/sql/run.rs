//! Runs a query.

use super::aggregate::{aggregate, take_slots};
use super::bind::{bind, holder, resolve};
use super::evaluate::Scope;
use super::issue;
use super::join::join;
use super::operators::order;
use super::rows::{Bounds, NONE, Record, Row, Source, all_links, records_of};
use super::syntax::{Column, Expr, From, Join, Op, Query, Select, Table, Union};
use crate::node::NodeError;
use crate::nodes::data::identity::identity;
use crate::value::{Object, Value};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// A record of a result, and what it is sorted by.
struct Found {
    record: Record,
    keys: Vec<Value>,
}

/// The records that a query gives. `tables` are those that it may name.
pub(super) fn run(query: &Query, tables: &[Source], bounds: &Bounds<'_>) -> Result<Vec<Record>, NodeError> {
    let alone = query.others.is_empty();
    let order_by: &[(Expr, bool)] = if alone { &query.order } else { &[] };
    let mut found = select(&query.first, order_by, tables, bounds)?;
    for (union, other) in &query.others {
        let other = select(other, &[], tables, bounds)?;
        found = united(*union, found, other);
        if found.len() > bounds.most {
            return Err(issue(format!("the query makes more than {} rows", bounds.most)));
        }
    }
    if !alone {
        sort_keys(&mut found, query)?;
    }
    if !query.order.is_empty() {
        found.sort_by(|a, b| {
            let pairs = a.keys.iter().zip(&b.keys).zip(&query.order);
            let orders = pairs.map(|((a, b), (_, descending))| if *descending { order(b, a) } else { order(a, b) });
            orders.fold(std::cmp::Ordering::Equal, std::cmp::Ordering::then)
        });
    }
    let taken = found.into_iter().skip(query.offset).take(query.limit.unwrap_or(usize::MAX));
    Ok(taken.map(|found| found.record).collect())
}

fn united(union: Union, found: Vec<Found>, other: Vec<Found>) -> Vec<Found> {
    let identities = |of: &[Found]| of.iter().map(|found| identity_of(&found.record)).collect::<HashSet<_>>();
    match union {
        Union::All => found.into_iter().chain(other).collect(),
        Union::Distinct => distinct(found.into_iter().chain(other).collect()),
        Union::Except | Union::Intersect => {
            let known = identities(&other);
            let keep = |found: &Found| known.contains(&identity_of(&found.record)) == (union == Union::Intersect);
            distinct(found.into_iter().filter(keep).collect())
        }
    }
}

fn identity_of(record: &Record) -> String {
    identity([&Value::Object(record.json.clone())])
}

/// Equal records become one that comes from all their items.
fn distinct(found: Vec<Found>) -> Vec<Found> {
    let mut places: HashMap<String, usize> = HashMap::new();
    let mut groups: Vec<Vec<Found>> = Vec::new();
    for one in found {
        let place = *places.entry(identity_of(&one.record)).or_insert(groups.len());
        match groups.get_mut(place) {
            Some(group) => group.push(one),
            None => groups.push(vec![one]),
        }
    }
    let one_of = |mut group: Vec<Found>| {
        let links = all_links(group.iter().map(|found| &found.record));
        let mut first = group.swap_remove(0);
        first.record.links = links;
        first
    };
    groups.into_iter().map(one_of).collect()
}

/// What united records are sorted by: their own fields.
fn sort_keys(found: &mut [Found], query: &Query) -> Result<(), NodeError> {
    let records = found.iter().map(|found| found.record.clone()).collect();
    let sources = [Source { name: "".into(), records: Arc::new(records) }];
    let mut order_by: Vec<Expr> = query.order.iter().map(|(expr, _)| expr.clone()).collect();
    for expr in &mut order_by {
        if let (Expr::Literal(Value::Number(number)), [first, ..]) = (&*expr, &*query.first.columns)
            && let Column::Of(_, name) = query.first.columns.get((*number as usize).wrapping_sub(1)).unwrap_or(first)
        {
            *expr = Expr::column(vec![name.clone()]);
        }
        bind(expr, &sources)?;
    }
    for (at, found) in found.iter_mut().enumerate() {
        let scope = Scope { sources: &sources, row: &[at as u32], aggregates: &[] };
        found.keys = order_by.iter().map(|expr| scope.value(expr)).collect();
    }
    Ok(())
}

fn select(
    select: &Select,
    order_by: &[(Expr, bool)],
    tables: &[Source],
    bounds: &Bounds<'_>,
) -> Result<Vec<Found>, NodeError> {
    let mut select = select.clone();
    let mut order_by: Vec<Expr> = order_by.iter().map(|(expr, _)| expr.clone()).collect();
    let sources = select.from.iter().map(|from| source(from, tables, bounds)).collect::<Result<Vec<_>, _>>()?;
    prepare(&mut select, &mut order_by, &sources, tables, bounds)?;
    let mut rows = join(&sources, &select.from, select.filter.as_ref(), bounds)?;
    if let Some(filter) = &select.filter {
        rows.retain(|row| Scope { sources: &sources, row, aggregates: &[] }.holds(filter));
    }
    let computed = select.columns.iter_mut().filter_map(|column| match column {
        Column::Of(expr, _) => Some(expr),
        Column::All(_) => None,
    });
    let aggregates = take_slots(computed.chain(&mut select.having).chain(&mut order_by));
    let is_grouped = !aggregates.is_empty() || !select.groups.is_empty();
    let nothing = vec![NONE; sources.len()];
    let mut found = Vec::new();
    let mut give = |rows: &[&Row], aggregates: &[Value]| -> Result<(), NodeError> {
        (bounds.go_on)(found.len())?;
        let row = rows.first().copied().unwrap_or(&nothing);
        let scope = Scope { sources: &sources, row, aggregates };
        if select.having.as_ref().is_none_or(|having| scope.holds(having)) {
            let links = all_links(rows.iter().flat_map(|row| records_of(&sources, row)));
            let record = Record { json: projected(&select.columns, scope)?, links };
            found.push(Found { record, keys: order_by.iter().map(|expr| scope.value(expr)).collect() });
        }
        Ok(())
    };
    if is_grouped {
        for group in grouped(&rows, &select.groups, &sources, bounds)? {
            let values = aggregates.iter().map(|expr| aggregate(expr, &sources, &group, bounds));
            give(&group, &values.collect::<Result<Vec<_>, _>>()?)?;
        }
    } else {
        for row in &rows {
            give(&[row], &[])?;
        }
    }
    Ok(if select.distinct { distinct(found) } else { found })
}

fn source(from: &From, tables: &[Source], bounds: &Bounds<'_>) -> Result<Source, NodeError> {
    let records = match &from.table {
        Table::Query(query) => Arc::new(run(query, tables, bounds)?),
        Table::Named(name) => match tables.iter().find(|table| table.name == *name) {
            Some(table) => table.records.clone(),
            None => return Err(issue(format!("table '{name}' does not exist"))),
        },
    };
    Ok(Source { name: from.name.clone(), records })
}

/// Runs the queries within expressions, and finds out what names mean.
fn prepare(
    select: &mut Select,
    order_by: &mut [Expr],
    sources: &[Source],
    tables: &[Source],
    bounds: &Bounds<'_>,
) -> Result<(), NodeError> {
    for (at, from) in select.from.iter_mut().enumerate().skip(1) {
        let equal = std::mem::take(&mut from.using).into_iter().map(|name| {
            let before = holder(&name, &sources[..at]).unwrap_or(0);
            let column =
                |table: usize| Expr::Column { names: vec![name.clone()], bound: Some((table, vec![name.clone()])) };
            Expr::Binary(Op::Equal, Box::new(column(before)), Box::new(column(at)))
        });
        let equal: Vec<Expr> = equal.collect();
        if !equal.is_empty() {
            from.on = Some(Expr::All(equal));
        }
        if from.on.is_none() && from.join != Join::Inner {
            return Err(issue(format!("the join of '{}' has no ON", from.name)));
        }
    }
    select.groups.iter_mut().try_for_each(|expr| resolve(expr, &select.columns, sources, true))?;
    let by_alias =
        select.having.iter_mut().map(|expr| (expr, true)).chain(order_by.iter_mut().map(|expr| (expr, false)));
    for (expr, columns_first) in by_alias {
        resolve(expr, &select.columns, sources, columns_first)?;
    }
    let columns = select.columns.iter_mut().filter_map(|column| match column {
        Column::Of(expr, _) => Some(expr),
        Column::All(_) => None,
    });
    let conditions = select.from.iter_mut().filter_map(|from| from.on.as_mut()).chain(&mut select.filter);
    let all = columns.chain(conditions).chain(&mut select.groups).chain(&mut select.having).chain(order_by);
    for expr in all {
        expr.change(&mut |expr| within(expr, tables, bounds))?;
        bind(expr, sources)?;
    }
    Ok(())
}

/// A query within an expression becomes what it gives.
fn within(expr: &mut Expr, tables: &[Source], bounds: &Bounds<'_>) -> Result<(), NodeError> {
    let first = |record: &Record| record.json.values().next().cloned().unwrap_or_default();
    *expr = match expr {
        Expr::Scalar(query) => Expr::Literal(run(query, tables, bounds)?.first().map(first).unwrap_or_default()),
        Expr::Exists(query) => Expr::Literal(Value::Bool(!run(query, tables, bounds)?.is_empty())),
        Expr::InQuery { value, query, not } => {
            let of = run(query, tables, bounds)?.iter().map(|record| identity([&first(record)])).collect();
            Expr::Among { value: value.clone(), of: Arc::new(of), not: *not }
        }
        _ => return Ok(()),
    };
    Ok(())
}

/// The rows that are equal in all of `by`; all rows where there is nothing to group by.
fn grouped<'r>(
    rows: &'r [Row],
    by: &[Expr],
    sources: &[Source],
    bounds: &Bounds<'_>,
) -> Result<Vec<Vec<&'r Row>>, NodeError> {
    if by.is_empty() {
        return Ok(vec![rows.iter().collect()]);
    }
    let mut places: HashMap<String, usize> = HashMap::new();
    let mut groups: Vec<Vec<&Row>> = Vec::new();
    for (at, row) in rows.iter().enumerate() {
        (bounds.go_on)(at)?;
        let scope = Scope { sources, row, aggregates: &[] };
        let values: Vec<Value> = by.iter().map(|expr| scope.value(expr)).collect();
        let place = *places.entry(identity(&values)).or_insert(groups.len());
        match groups.get_mut(place) {
            Some(group) => group.push(row),
            None => groups.push(vec![row]),
        }
    }
    Ok(groups)
}

/// The fields of a row's record.
fn projected(columns: &[Column], scope: Scope<'_>) -> Result<Arc<Object>, NodeError> {
    let record = |table: usize| {
        scope.row.get(table).filter(|at| **at != NONE).map(|at| &scope.sources[table].records[*at as usize])
    };
    if let ([Column::All(_)], [_], Some(only)) = (columns, scope.sources, record(0)) {
        return Ok(only.json.clone());
    }
    let mut object = Object::new();
    for column in columns {
        match column {
            Column::All(name) => {
                let is_meant = |table: &usize| name.as_ref().is_none_or(|name| scope.sources[*table].name == *name);
                let tables: Vec<usize> = (0..scope.sources.len()).filter(is_meant).collect();
                if let (Some(name), []) = (name, &*tables) {
                    return Err(issue(format!("table '{name}' is not part of the query's FROM")));
                }
                for record in tables.into_iter().filter_map(record) {
                    object.extend(record.json.iter().map(|(key, value)| (key.clone(), value.clone())));
                }
            }
            Column::Of(expr, name) => {
                let value = scope.value(expr).into_json();
                if !value.is_undefined() {
                    object.insert(name.clone(), value);
                }
            }
        }
    }
    Ok(Arc::new(object))
}
