//! JSON Schema for people.

use super::SHAPES_PAGE;
use super::text::{code, escape, inline};
use serde_json::{Map, Value, json};

/// Fields in fields are shown to this depth; what lies deeper has a shape of its own.
const DEEPEST: usize = 3;

/// The shapes that methods share, by name.
pub(super) struct Shapes<'a>(pub(super) &'a Map<String, Value>);

/// A field of an object, as HTML except for the name.
pub(super) struct Field {
    pub(super) name: String,
    pub(super) kind: String,
    pub(super) doc: String,
    pub(super) is_required: bool,
}

impl Shapes<'_> {
    /// The fields of an object; none for what is no object.
    pub(super) fn fields(&self, shape: &Value) -> Vec<Field> {
        let mut fields = Vec::new();
        self.collect(self.resolved(shape), "", 0, &mut fields);
        fields
    }

    fn collect(&self, shape: &Value, prefix: &str, depth: usize, fields: &mut Vec<Field>) {
        let required = shape["required"].as_array();
        for (name, field) in shape["properties"].as_object().into_iter().flatten() {
            let path = format!("{prefix}{name}");
            fields.push(Field {
                kind: self.kind(field),
                doc: inline(&field["description"].as_str().unwrap_or_default().replace('\n', " ")),
                is_required: required.is_some_and(|required| required.iter().any(|known| known == name)),
                name: path.clone(),
            });
            if depth < DEEPEST {
                self.collect(field, &format!("{path}."), depth + 1, fields);
            }
        }
    }

    /// What kind of value it is, as HTML.
    pub(super) fn kind(&self, shape: &Value) -> String {
        if let Some(name) = name_of(shape) {
            return format!("<a href=\"{SHAPES_PAGE}#{0}\">{0}</a>", escape(name));
        }
        if let Some(choices) = shape["anyOf"].as_array().or(shape["oneOf"].as_array()) {
            let kinds = choices.iter().filter(|choice| choice["type"] != "null").map(|choice| self.kind(choice));
            return kinds.collect::<Vec<_>>().join(" or ");
        }
        if let Some(words) = shape["enum"].as_array() {
            return words.iter().filter(|word| !word.is_null()).map(literal).collect::<Vec<_>>().join(" or ");
        }
        if !shape["const"].is_null() {
            return literal(&shape["const"]);
        }
        let one = |kind: &str| match kind {
            "array" => format!("list of {}", self.kind(&shape["items"])),
            "object" if shape["additionalProperties"].is_object() => {
                format!("map of {}", self.kind(&shape["additionalProperties"]))
            }
            "string" => {
                shape["format"].as_str().map_or("text".to_owned(), |format| format!("text, {}", escape(format)))
            }
            "integer" => "whole number".to_owned(),
            other => escape(other),
        };
        let kinds: Vec<String> = kinds_of(shape).map(one).collect();
        if kinds.is_empty() { "anything".to_owned() } else { kinds.join(" or ") }
    }

    /// A value of this shape with the fields that are required, for an example.
    pub(super) fn example(&self, shape: &Value) -> Value {
        let shape = self.resolved(shape);
        if let Some(choice) = ["anyOf", "oneOf", "enum"].iter().find_map(|key| shape[*key].as_array()?.first()) {
            return if shape["enum"].is_array() { choice.clone() } else { self.example(choice) };
        }
        if !shape["const"].is_null() {
            return shape["const"].clone();
        }
        match kinds_of(shape).next() {
            Some("object") => self.object(shape),
            Some("array") => json!([]),
            Some("integer" | "number") => shape.get("minimum").cloned().unwrap_or(json!(1)),
            Some("boolean") => json!(true),
            _ => text(shape),
        }
    }

    fn object(&self, shape: &Value) -> Value {
        let required = shape["required"].as_array().into_iter().flatten().filter_map(Value::as_str);
        required.map(|name| (name.to_owned(), self.example(&shape["properties"][name]))).collect::<Map<_, _>>().into()
    }

    fn resolved<'s>(&'s self, shape: &'s Value) -> &'s Value {
        name_of(shape).and_then(|name| self.0.get(name)).unwrap_or(shape)
    }
}

fn name_of(shape: &Value) -> Option<&str> {
    shape["$ref"].as_str()?.strip_prefix("#/$defs/")
}

fn kinds_of(shape: &Value) -> impl Iterator<Item = &str> {
    let kinds = match &shape["type"] {
        Value::Array(kinds) => kinds.as_slice(),
        Value::Null => &[],
        one => std::slice::from_ref(one),
    };
    kinds.iter().filter_map(Value::as_str).filter(|kind| *kind != "null")
}

fn literal(value: &Value) -> String {
    code(&value.to_string())
}

/// Ids look like ids; everything else is a gap to fill.
fn text(shape: &Value) -> Value {
    let pattern = shape["pattern"].as_str().unwrap_or_default();
    match (shape["format"].as_str(), pattern.strip_prefix('^').and_then(|rest| rest.split_once('_'))) {
        (Some("uuid"), _) => json!("3f0a8a5e-9a52-4f0e-9f11-0f6b7a7c1d2e"),
        (_, Some((prefix, _))) if shape["x-id"].is_string() => json!(format!("{prefix}_01j9z3k8e4m7q2s5t8v1x4y7b0")),
        _ => json!("…"),
    }
}
