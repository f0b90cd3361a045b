//! Rename Keys: fields get other names, one by one or by patterns.

use crate::filter::Pattern;
use crate::item::Item;
use crate::node::{Context, Given, Group, NodeError, NodeType, Property, Run};
use crate::value::{Object, Path, Str, Value};
use std::sync::Arc;

/// Gives fields other names.
pub(super) static RENAME_KEYS: NodeType = NodeType {
    name: "n8n-nodes-base.renameKeys",
    title: "Rename Keys",
    summary: "Gives fields other names.",
    group: Group::Data,
    properties: &[
        Property::groups("keys", &[("key", &[Property::text("currentKey"), Property::text("newKey")])]),
        Property::collection(
            "additionalOptions",
            &[Property::groups(
                "regexReplacement",
                &[(
                    "replacements",
                    &[
                        Property::text("searchRegex"),
                        Property::text("replaceRegex"),
                        Property::collection(
                            "options",
                            &[Property::bool("caseInsensitive", false), Property::number("depth", -1.0)],
                        ),
                    ],
                )],
            )],
        ),
    ],
    run: Run::Pure(run),
    ..NodeType::BASE
};

fn run(context: &mut Context<'_>) -> Result<Given, NodeError> {
    context.each(|context, at, item| {
        let keys = context.get("keys.key", at)?;
        let patterns = context.get("additionalOptions.regexReplacement.replacements", at)?;
        let mut json = Object::clone(&item.json);
        for pair in keys.as_array().unwrap_or_default() {
            rename(&mut json, &pair.get("currentKey").to_text(), &pair.get("newKey").to_text());
        }
        for replacement in patterns.as_array().unwrap_or_default() {
            json = rename_by_pattern(json, replacement)?;
        }
        Ok(vec![Item { json: json.into(), binary: item.binary.clone(), ..Item::default() }])
    })
}

fn rename(json: &mut Object, from: &str, to: &str) {
    if from.is_empty() || to.is_empty() || from == to {
        return;
    }
    let path = Path::new(from);
    if let Some(value) = path.find(json) {
        Path::new(to).set(json, value);
        path.unset(json);
    }
}

fn rename_by_pattern(json: Object, replacement: &Value) -> Result<Object, NodeError> {
    let options = replacement.get("options");
    let flags = if options.get("caseInsensitive").is_truthy() { "gi" } else { "g" };
    let pattern = Pattern::new(&replacement.get("searchRegex").to_text(), flags).map_err(NodeError::new)?;
    let depth = options.get("depth").as_number().unwrap_or(-1.0);
    Ok(renamed(&json, &pattern, &replacement.get("replaceRegex").to_text(), depth, 0))
}

/// Deeper fields keep their names.
const DEEPEST: usize = 128;

/// The object with new names down to `depth` levels below its own; -1 for all.
fn renamed(object: &Object, pattern: &Pattern, by: &Str, depth: f64, level: usize) -> Object {
    let mut out = Object::with_capacity(object.len());
    for (key, value) in object.iter() {
        let goes_on = level < DEEPEST && (depth < 0.0 || (level as f64) < depth);
        let value = if goes_on { within(value, pattern, by, depth, level + 1) } else { value.clone() };
        out.insert(Str::from(pattern.replace_all(key, by)), value);
    }
    out
}

fn within(value: &Value, pattern: &Pattern, by: &Str, depth: f64, level: usize) -> Value {
    match value {
        Value::Object(object) => renamed(object, pattern, by, depth, level).into(),
        Value::Array(values) if level < DEEPEST => {
            Value::Array(Arc::new(values.iter().map(|value| within(value, pattern, by, depth, level + 1)).collect()))
        }
        other => other.clone(),
    }
}
