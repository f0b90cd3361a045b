//! What earlier runs have seen. It is kept in the static data of the node, or of the workflow where nodes share it.

use crate::item::Item;
use crate::node::{Context, Given, NodeError};
use crate::value::{Object, Str, Value};
use sha2::{Digest, Sha256};
use std::collections::HashSet;
use std::sync::Arc;

pub(super) const KEYS: &str = "removeItemsWithAlreadySeenKeyValues";
pub(super) const INCREMENTAL: &str = "removeItemsUpToStoredIncrementalKey";
pub(super) const DATE: &str = "removeItemsUpToStoredDate";

/// Where it lies in the static data.
const FIELD: &str = "removeDuplicates";
/// More would make the static data of every run slow to read.
const LARGEST_HISTORY: f64 = 100_000.0;

/// Gives the items that are new by output 0, those that earlier runs have seen by output 1.
pub(super) fn remove_seen(context: &mut Context<'_>) -> Result<Given, NodeError> {
    let (kept, discarded) = match &*context.text("logic", 0)? {
        INCREMENTAL => by_latest(context, "latestIncrementalKey", |context, at| {
            let value = context.get("incrementalDedupeValue", at)?;
            let number = value.to_number();
            let is_number = !number.is_nan() && !value.to_text().is_empty();
            if is_number {
                Ok(number)
            } else {
                Err(NodeError::new(format!("The value '{}' is not a number", value.to_text())))
            }
        })?,
        DATE => by_latest(context, "latestDate", |context, at| {
            let value = context.get("dateDedupeValue", at)?;
            moment(context, &value)
                .ok_or_else(|| NodeError::new(format!("The value '{}' is not a valid date", value.to_text())))
        })?,
        _ => by_key(context)?,
    };
    Ok(vec![kept, discarded].into())
}

/// Forgets, and passes the items on.
pub(super) fn clear(context: &mut Context<'_>) -> Result<Given, NodeError> {
    change(context, |memory| drop(memory.remove(FIELD)))?;
    Ok(context.pass_on())
}

type Parted = (Vec<Item>, Vec<Item>);

fn by_key(context: &mut Context<'_>) -> Result<Parted, NodeError> {
    let items = context.items();
    // Items with the same key stay together, as the keys of an object do.
    let mut groups = Object::new();
    for at in 0..items.len() {
        context.go_on(at)?;
        let key = context.text("dedupeValue", at)?;
        if !groups.contains_key(&key) {
            groups.insert(key.clone(), Value::list([]));
        }
        if let Some(Value::Array(group)) = groups.get_mut(&key) {
            Arc::make_mut(group).push(Value::from(at));
        }
    }
    let size = context.number("options.historySize", 0)?;
    let size = if size.is_nan() { 10_000.0 } else { size.clamp(0.0, LARGEST_HISTORY) } as usize;
    let mut entries = recalled(context, "entries")?.as_array().unwrap_or_default().to_vec();
    let seen: HashSet<Str> = entries.iter().map(Value::to_text).collect();
    let mut parted = Parted::default();
    for (key, group) in groups.iter() {
        let digest = digest(key);
        let is_new = !seen.contains(&digest);
        if is_new {
            entries.push(Value::from(digest));
        }
        let part = if is_new { &mut parted.0 } else { &mut parted.1 };
        let members = group.as_array().unwrap_or_default().iter().filter_map(Value::as_number);
        part.extend(members.map(|at| at as usize).map(|at| items[at].clone().linked(at)));
    }
    let kept = entries.split_off(entries.len().saturating_sub(size));
    remember(context, "entries", Value::from(kept))?;
    Ok(parted)
}

/// Half of a digest is enough to tell keys apart, and keeps secrets out of the memory.
fn digest(key: &str) -> Str {
    Sha256::digest(key.as_bytes())[..16].iter().map(|byte| format!("{byte:02x}")).collect::<String>().into()
}

fn by_latest(
    context: &mut Context<'_>,
    field: &'static str,
    value_at: fn(&mut Context<'_>, usize) -> Result<f64, NodeError>,
) -> Result<Parted, NodeError> {
    let items = context.items();
    let latest = recalled(context, field)?.as_number();
    let mut newest = latest;
    let mut parted = Parted::default();
    for (at, item) in items.iter().enumerate() {
        context.go_on(at)?;
        let value = value_at(context, at)?;
        let is_new = latest.is_none_or(|latest| value > latest);
        newest = Some(newest.map_or(value, |newest| newest.max(value)));
        let part = if is_new { &mut parted.0 } else { &mut parted.1 };
        part.push(item.clone().linked(at));
    }
    if let Some(newest) = newest {
        remember(context, field, Value::from(newest))?;
    }
    Ok(parted)
}

/// A moment in milliseconds: a date of an expression, a number, or a text as ISO 8601 has it.
fn moment(context: &Context<'_>, value: &Value) -> Option<f64> {
    let text = match value {
        Value::Number(number) => return Some(*number),
        Value::Exotic(value) => return Some(value.to_number()).filter(|number| !number.is_nan()),
        value => value.as_str()?.trim(),
    };
    if let Ok(moment) = text.parse::<jiff::Timestamp>() {
        return Some(moment.as_millisecond() as f64);
    }
    let local = text.parse::<jiff::civil::DateTime>().ok()?;
    Some(local.to_zoned(context.facts().zone.clone()).ok()?.timestamp().as_millisecond() as f64)
}

/// The name of the static data that holds the memory.
fn scope(context: &mut Context<'_>) -> Result<String, NodeError> {
    let shared = &*context.text("options.scope", 0)? == "workflow";
    Ok(if shared { "global".into() } else { format!("node:{}", context.node().name) })
}

fn recalled(context: &mut Context<'_>, field: &str) -> Result<Value, NodeError> {
    let scope = scope(context)?;
    Ok(context.static_data.get(&scope).map(|memory| memory.get(FIELD).get(field).clone()).unwrap_or_default())
}

fn remember(context: &mut Context<'_>, field: &'static str, value: Value) -> Result<(), NodeError> {
    change(context, |memory| {
        let mut known = memory.get(FIELD).and_then(Value::as_object).cloned().unwrap_or_default();
        known.insert(field, value);
        memory.insert(FIELD, Value::from(known));
    })
}

fn change(context: &mut Context<'_>, change: impl FnOnce(&mut Object)) -> Result<(), NodeError> {
    let scope = scope(context)?;
    let data = Arc::make_mut(&mut context.static_data);
    let mut memory = data.get(&scope).and_then(Value::as_object).cloned().unwrap_or_default();
    change(&mut memory);
    data.insert(scope, Value::from(memory));
    Ok(())
}
