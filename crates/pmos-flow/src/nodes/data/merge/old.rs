//! Version 1.

use super::clash::merge_files;
use super::{all_links, append, of, whole};
use crate::item::{Item, Link, Links};
use crate::node::{Context, Given, NodeError};
use crate::nodes::data::matching::bounded;
use crate::value::{Object, Path, Str, Value};
use std::collections::HashMap;
use std::sync::Arc;

pub(super) fn merge(context: &mut Context<'_>, mode: &str) -> Result<Given, NodeError> {
    match mode {
        "mergeByIndex" => by_index(context),
        "multiplex" => multiplex(context),
        "passThrough" => {
            let second = &*context.text("output", 0)? == "input2";
            Ok(whole(context, usize::from(second)).into())
        }
        "wait" => Ok(vec![Item { links: all_links(context, 0..1), ..Item::default() }].into()),
        "keepKeyMatches" | "removeKeyMatches" | "mergeByKey" => by_key(context, mode),
        _ => Ok(append(context)),
    }
}

fn by_index(context: &mut Context<'_>) -> Result<Given, NodeError> {
    let join = context.text("join", 0)?;
    let (left, right) = (context.input(0), context.input(1));
    let rows = match &*join {
        "inner" => left.len().min(right.len()),
        "outer" => left.len().max(right.len()),
        _ => left.len(),
    };
    let rows = (0..rows).filter_map(|row| match (left.get(row), right.get(row)) {
        (Some(a), Some(b)) => Some(Item { binary: merge_files(&[a, b]), ..pair((a, row), (b, row)) }),
        (Some(a), None) => Some(of(a, 0, row)),
        (None, Some(b)) => Some(of(b, 1, row)),
        (None, None) => None,
    });
    Ok(rows.collect::<Vec<_>>().into())
}

fn multiplex(context: &mut Context<'_>) -> Result<Given, NodeError> {
    let (left, right) = (context.input(0), context.input(1));
    bounded(context, left.len().saturating_mul(right.len()))?;
    let mut given = Vec::with_capacity(left.len() * right.len());
    for (x, a) in left.iter().enumerate() {
        for (y, b) in right.iter().enumerate() {
            context.go_on(given.len())?;
            given.push(pair((a, x), (b, y)));
        }
    }
    Ok(given.into())
}

/// The fields of both, those of the second where they clash.
fn pair((a, x): (&Item, usize), (b, y): (&Item, usize)) -> Item {
    let mut json = Object::clone(&a.json);
    json.extend(b.json.iter().map(|(key, value)| (key.clone(), value.clone())));
    Item { links: Links::Many([Link::to(x), Link::of_input(1, y)].into()), ..Item::new(json) }
}

/// What an item is found by.
enum Key {
    /// Nothing that could be compared.
    None,
    Null,
    Text(Str),
}

fn key(item: &Item, path: &Path) -> Key {
    match path.get(&item.json) {
        Value::Null => Key::Null,
        value @ (Value::String(_) | Value::Number(_)) => Key::Text(value.to_text()),
        _ => Key::None,
    }
}

fn by_key(context: &mut Context<'_>, mode: &str) -> Result<Given, NodeError> {
    let first = Path::new(&context.text("propertyName1", 0)?);
    let second = Path::new(&context.text("propertyName2", 0)?);
    let overwrite = context.text("overwrite", 0)?;
    let (left, right) = (context.input(0), context.input(1));
    let known: HashMap<Str, &Item> = right
        .iter()
        .filter_map(|item| match key(item, &second) {
            Key::Text(key) => Some((key, item)),
            _ => None,
        })
        .collect();
    let mut given = Vec::new();
    for (at, item) in left.iter().enumerate() {
        context.go_on(at)?;
        let key = key(item, &first);
        let other = match &key {
            Key::Text(key) => known.get(key),
            _ => None,
        };
        let kept = match (mode, other) {
            ("keepKeyMatches", Some(_)) | ("removeKeyMatches", None) => Some(of(item, 0, at)),
            ("mergeByKey", Some(other)) => Some(of(&overwritten(item, other, &second, &overwrite), 0, at)),
            ("mergeByKey", None) if !matches!(key, Key::None) => Some(of(item, 0, at)),
            _ => None,
        };
        given.extend(kept);
    }
    Ok(given.into())
}

fn overwritten(item: &Item, other: &Item, reference: &Path, overwrite: &str) -> Item {
    let mut json = Object::clone(&item.json);
    for (key, value) in other.json.iter().filter(|(key, _)| *key != reference.text()) {
        let wins = match (overwrite, json.get(key)) {
            ("undefined", known) => known.is_none(),
            ("blank", known) => known.is_none_or(|known| known.is_nullish() || known.as_str() == Some("")),
            _ => true,
        };
        if wins {
            json.insert(key.clone(), value.clone());
        }
    }
    item.with_json(Arc::new(json))
}
