//! JSON with expressions in it: each is replaced by the JSON of its value, and what comes out must be an object.

use crate::data::ItemScope;
use crate::filter::literal;
use crate::node::{NodeError, Parameter};
use crate::value::{self, Object, Value};
use std::sync::Arc;

/// Compiled JSON with expressions in it.
pub(super) enum Template {
    /// A text without expressions, or a value.
    Whole(Parameter),
    /// Text, and expressions in it.
    Parts(Vec<Part>),
}

pub(super) enum Part {
    Text(String),
    Value(Parameter),
}

impl Template {
    /// Of a parameter and what the file has for it.
    pub(super) fn of(parameter: &Parameter, written: Option<&Value>) -> Self {
        match written.and_then(Value::as_str).and_then(|text| text.strip_prefix('=')) {
            Some(text) if !parameter.is_fixed() => Self::Parts(split(text.trim_start_matches('='))),
            _ => Self::Whole(parameter.clone()),
        }
    }

    /// The object at an item. `place` names the parameter in errors.
    pub(super) fn object(&self, scope: &ItemScope<'_>, place: &str, item: usize) -> Result<Arc<Object>, NodeError> {
        let read = match self {
            Self::Whole(parameter) => parameter.at(scope)?,
            Self::Parts(parts) => Value::from(fill(parts, scope)?),
        };
        let value = match read {
            Value::String(text) => match value::parse(&text).ok().or_else(|| literal::read(&text)) {
                Some(value) => value,
                None => {
                    let words = format!("The {place} in item {item} contains invalid JSON");
                    return Err(NodeError::new(words).described(text.to_string()));
                }
            },
            other => other.into_json(),
        };
        match value {
            Value::Object(object) => Ok(object),
            _ => Err(NodeError::new(format!("The {place} in item {item} does not contain a valid JSON object"))),
        }
    }
}

/// The text with each expression replaced: lists and objects by their JSON, everything else as it reads.
fn fill(parts: &[Part], scope: &ItemScope<'_>) -> Result<String, NodeError> {
    let mut filled = String::new();
    for part in parts {
        match part {
            Part::Text(text) => filled.push_str(text),
            Part::Value(parameter) => match parameter.at(scope)? {
                value @ (Value::Array(_) | Value::Object(_)) => filled.push_str(&value::to_string(&value)),
                Value::Exotic(exotic) if exotic.type_of() == "object" => {
                    filled.push_str(&value::to_string(&exotic.to_json()))
                }
                value => filled.push_str(&value.to_text()),
            },
        }
    }
    Ok(filled)
}

/// The parts of a text: what stands between `{{` and `}}`, and what does not.
fn split(text: &str) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some(open) = rest.find("{{") {
        let Some(length) = rest[open..].find("}}") else { break };
        // `{"a": {{ $json.b }}}` ends in three braces: the last one is not the expression's.
        let end = open + length + 2;
        parts.push(Part::Text(rest[..open].to_owned()));
        parts.push(Part::Value(Parameter::compile(&Value::from(format!("={}", &rest[open..end])))));
        rest = &rest[end..];
    }
    parts.push(Part::Text(rest.to_owned()));
    parts
}
