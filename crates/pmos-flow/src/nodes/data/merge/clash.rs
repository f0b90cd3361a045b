//! What becomes of fields that several items have.

use crate::item::{Binary, Item};
use crate::node::{Context, NodeError};
use crate::value::{Object, Str, Value};
use std::sync::Arc;

/// What becomes of fields that several items have.
pub(super) struct Clash {
    pub(super) resolve: Resolve,
    deep: bool,
    keep_full: bool,
}

/// Whose field counts.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Resolve {
    /// The node decides.
    Unsaid,
    /// That of this input, counted from 1.
    Prefer(usize),
    /// That of the last input.
    Last,
    /// All: each gets the number of its input.
    Suffix,
}

/// Deeper objects replace each other instead of being merged.
const DEEPEST: usize = 100;

impl Clash {
    /// What the node's options say.
    pub(super) fn read(context: &mut Context<'_>) -> Result<Self, NodeError> {
        let values = context.get("options.clashHandling.values", 0)?;
        let resolve = match values.get("resolveClash").as_str().unwrap_or_default() {
            "addSuffix" => Resolve::Suffix,
            "preferLast" => Resolve::Last,
            text => match text.strip_prefix("preferInput").and_then(|input| input.parse().ok()) {
                Some(input) => Resolve::Prefer(input),
                None => Resolve::Unsaid,
            },
        };
        Ok(Self {
            resolve,
            deep: values.get("mergeMode").as_str() != Some("shallowMerge"),
            keep_full: values.get("overrideEmpty").is_truthy(),
        })
    }

    /// The items as one: later ones count where fields clash. Links are the caller's.
    pub(super) fn merge(&self, items: &[&Item]) -> Item {
        let json: Vec<&Object> = items.iter().map(|item| &*item.json).collect();
        Item { json: Arc::new(self.merge_objects(&json)), binary: merge_files(items), ..Item::default() }
    }

    /// The same, each item's fields with the number of its input.
    pub(super) fn merge_with_suffixes(&self, items: &[(&Item, usize)]) -> Item {
        let renamed: Vec<Item> = items.iter().map(|(item, input)| with_suffix(item, *input)).collect();
        self.merge(&renamed.iter().collect::<Vec<_>>())
    }

    fn merge_objects(&self, objects: &[&Object]) -> Object {
        let Some((first, rest)) = objects.split_first() else { return Object::new() };
        let mut merged = Object::clone(first);
        for object in rest {
            self.merge_into(&mut merged, object, 0);
        }
        merged
    }

    fn merge_into(&self, target: &mut Object, source: &Object, depth: usize) {
        for (key, value) in source.iter() {
            match target.get_mut(key) {
                Some(known) => self.replace(known, value, depth),
                None => drop(target.insert(key.clone(), value.clone())),
            }
        }
    }

    fn replace(&self, known: &mut Value, value: &Value, depth: usize) {
        if self.keep_full && (value.is_nullish() || value.as_str() == Some("")) {
            return;
        }
        match (known, value) {
            (Value::Object(known), Value::Object(value)) if self.deep && depth < DEEPEST => {
                self.merge_into(Arc::make_mut(known), value, depth + 1);
            }
            // Lists are merged element by element.
            (Value::Array(known), Value::Array(values)) if self.deep && depth < DEEPEST => {
                let known = Arc::make_mut(known);
                for (at, value) in values.iter().enumerate() {
                    match known.get_mut(at) {
                        Some(known) => self.replace(known, value, depth + 1),
                        None => known.push(value.clone()),
                    }
                }
            }
            (known, value) => *known = value.clone(),
        }
    }
}

/// The item with the number of its input behind the names of its fields.
pub(super) fn with_suffix(item: &Item, input: usize) -> Item {
    let fields = item.json.iter().map(|(key, value)| (Str::from(format!("{key}_{input}")), value.clone()));
    item.with_json(fields.collect::<Object>())
}

/// The files of all items; later ones count where names clash.
pub(super) fn merge_files(items: &[&Item]) -> Option<Arc<Vec<(Str, Binary)>>> {
    let mut merged = Item::default();
    for (name, file) in items.iter().filter_map(|item| item.binary.as_deref()).flatten() {
        merged = merged.with_file(name, file.clone());
    }
    merged.binary
}
