//! Remove Duplicates: drops items that are there already, in the input or from earlier runs.

mod history;

use super::fields::{DOTS_ARE_OFF, names};
use super::identity::identity;
use crate::item::Item;
use crate::node::{Context, Given, Group, Kind, NodeError, NodeType, Property, Run, Shown};
use crate::value::{Object, Path, Str, Value};
use std::collections::HashSet;

pub(super) static REMOVE_DUPLICATES: NodeType = NodeType {
    name: "n8n-nodes-base.removeDuplicates",
    title: "Remove Duplicates",
    summary: "Drops items that are there already, in the input or from earlier runs.",
    group: Group::Data,
    versions: &[1.0, 1.1, 2.0],
    outputs: |node| {
        let operation = node.parameters.get("operation").and_then(Value::as_str);
        if node.version >= 2.0 && operation == Some(SEEN) { 2 } else { 1 }
    },
    properties: &[
        Property::options("operation", INPUT, &[INPUT, SEEN, CLEAR]).since(2.0),
        Property::options("compare", "allFields", COMPARE).when(&[Shown::not("operation", &[SEEN, CLEAR])]),
        Property::text("fieldsToExclude").when(&[Shown::is("compare", &["allFieldsExcept"])]),
        Property::text("fieldsToCompare").when(&[Shown::is("compare", &["selectedFields"])]),
        Property::options("logic", history::KEYS, &[history::KEYS, history::INCREMENTAL, history::DATE])
            .since(2.0)
            .when(&[Shown::is("operation", &[SEEN])]),
        Property::text("dedupeValue")
            .required()
            .when(&[Shown::is("logic", &[history::KEYS]), Shown::is("operation", &[SEEN])]),
        Property::of("incrementalDedupeValue", Kind::Number)
            .or("")
            .when(&[Shown::is("logic", &[history::INCREMENTAL]), Shown::is("operation", &[SEEN])]),
        Property::of("dateDedupeValue", Kind::Date)
            .when(&[Shown::is("logic", &[history::DATE]), Shown::is("operation", &[SEEN])]),
        Property::options("mode", "cleanDatabase", &["cleanDatabase"]).when(&[Shown::is("operation", &[CLEAR])]),
        Property::collection("options", OPTIONS).when(&[Shown::not("operation", &[SEEN, CLEAR])]),
        Property::collection(
            "options",
            &[Property::options("scope", "node", &["workflow", "node"]), Property::number("historySize", 10_000.0)],
        )
        .when(&[Shown::is("operation", &[SEEN, CLEAR])]),
    ],
    run: Run::Pure(run),
    ..NodeType::BASE
};

pub(super) const COMPARE: &[&str] = &["allFields", "allFieldsExcept", "selectedFields"];
pub(super) const OPTIONS: &[Property] =
    &[Property::bool("disableDotNotation", false), Property::bool("removeOtherFields", false)];

const INPUT: &str = "removeDuplicateInputItems";
const SEEN: &str = "removeItemsSeenInPreviousExecutions";
const CLEAR: &str = "clearDeduplicationHistory";

fn run(context: &mut Context<'_>) -> Result<Given, NodeError> {
    match &*context.text("operation", 0)? {
        SEEN => history::remove_seen(context),
        CLEAR => history::clear(context),
        _ => {
            let types = if context.version() > 1.0 { Types::SameOrNull } else { Types::Same };
            remove_duplicates(context, types)
        }
    }
}

/// What the values of a field may be.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Types {
    /// All of one type.
    Same,
    /// All of one type, or null.
    SameOrNull,
    /// Anything.
    Any,
}

/// Drops the items of the input that equal an earlier one, as the node's parameters say.
pub(super) fn remove_duplicates(context: &mut Context<'_>, types: Types) -> Result<Given, NodeError> {
    let items = context.items();
    let dots = !context.flag("options.disableDotNotation", 0)?;
    let only_compared = context.flag("options.removeOtherFields", 0)?;
    let fields = compared(context, &items, dots)?;
    let rows: Vec<Vec<Value>> =
        items.iter().map(|item| fields.iter().map(|field| field.get(&item.json)).collect()).collect();
    for (column, field) in fields.iter().enumerate() {
        check(field, rows.iter().map(|row| &row[column]), types)?;
    }
    let mut seen = HashSet::with_capacity(items.len());
    let mut given: Vec<Item> = Vec::new();
    for (at, (item, values)) in items.iter().zip(rows).enumerate() {
        context.go_on(at)?;
        if !seen.insert(identity(&values)) {
            continue;
        }
        given.push(if only_compared {
            let mut json = Object::new();
            fields.iter().zip(values).for_each(|(field, value)| field.set(&mut json, value));
            // The new items are linked by their own places, not by those of the items that they come from.
            Item::new(json).linked(given.len())
        } else {
            item.clone().linked(at)
        });
    }
    Ok(given.into())
}

/// The fields by which items are compared.
fn compared(context: &mut Context<'_>, items: &[Item], dots: bool) -> Result<Vec<Path>, NodeError> {
    let missing = |purpose| NodeError::new(format!("No fields specified. Please add a field to {purpose}"));
    let keys = match &*context.text("compare", 0)? {
        "selectedFields" => {
            let selected = names(&context.get("fieldsToCompare", 0)?);
            if selected.is_empty() {
                return Err(missing("compare on"));
            }
            selected
        }
        "allFieldsExcept" => {
            let excluded = names(&context.get("fieldsToExclude", 0)?);
            if excluded.is_empty() {
                return Err(missing("exclude from comparison"));
            }
            // With dot notation the first item says which fields there are.
            let mut keys = keys_of(if dots { &items[..items.len().min(1)] } else { items }, dots);
            keys.retain(|key| !excluded.contains(key));
            keys
        }
        _ => keys_of(items, dots),
    };
    Ok(keys.iter().map(|key| Path::with(key, dots)).collect())
}

/// The keys of all items in the order in which they are met; with dot notation the paths of all that is within.
fn keys_of(items: &[Item], dots: bool) -> Vec<Str> {
    let mut keys = Object::new();
    for item in items {
        if dots {
            item.json.iter().for_each(|(key, value)| flatten(key, value, &mut keys, 0));
        } else {
            keys.extend(item.json.keys().map(|key| (key.clone(), Value::Null)));
        }
    }
    keys.keys().cloned().collect()
}

const DEEPEST: usize = 100;

fn flatten(path: &Str, value: &Value, keys: &mut Object, depth: usize) {
    match value {
        Value::Object(object) if depth < DEEPEST => {
            object.iter().for_each(|(key, value)| flatten(&format!("{path}.{key}").into(), value, keys, depth + 1));
        }
        Value::Array(values) if depth < DEEPEST => {
            for (at, value) in values.iter().enumerate() {
                flatten(&format!("{path}.{at}").into(), value, keys, depth + 1);
            }
        }
        _ => drop(keys.insert(path.clone(), Value::Null)),
    }
}

/// Fails if a field is missing somewhere, or has values of types that must not mix.
fn check<'v>(field: &Path, values: impl Iterator<Item = &'v Value>, types: Types) -> Result<(), NodeError> {
    let name = field.text();
    let mut known = None;
    for (at, value) in values.enumerate() {
        if value.is_undefined() {
            let error = NodeError::new(format!("'{name}' field is missing from some input items"));
            let dots_are_off = field.is_plain() && name.contains('.');
            return Err(if dots_are_off { error.described(DOTS_ARE_OFF) } else { error });
        }
        if types == Types::Any || (types == Types::SameOrNull && matches!(value, Value::Null)) {
            continue;
        }
        let (own, known) = (value.type_of(), *known.get_or_insert(value.type_of()));
        if own != known {
            let mut words = "The type of this field varies between items".to_owned();
            if types == Types::SameOrNull {
                let before = at.saturating_sub(1);
                words += &format!(", in item [{before}] it's a {known} and in item [{at}] it's a {own} ");
            }
            return Err(NodeError::new(format!("'{name}' isn't always the same type")).described(words));
        }
    }
    Ok(())
}
