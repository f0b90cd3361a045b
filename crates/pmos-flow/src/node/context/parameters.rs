//! A node's parameters, with their defaults.

use super::Context;
use crate::node::{Kind, NodeError, NodeType, Parameter, Property};
use crate::value::{Object, Str, Value};
use std::sync::Arc;

impl Context<'_> {
    /// A parameter by its path, such as `options.batchSize`, compiled; nodes that read it for many items keep it.
    pub fn parameter(&mut self, path: &str) -> Parameter {
        if let Some(known) = self.parameters.get(path) {
            return known.clone();
        }
        let (first, rest) = path.split_once('.').map_or((path, None), |(first, rest)| (first, Some(rest)));
        let found = match rest {
            None => Parameter::compile(&value_of(self.kind, &self.frame.node.parameters, self.version(), first)),
            Some(rest) => {
                let mut at = Some(self.parameter(first));
                for name in rest.split('.') {
                    at = at.and_then(|parameter| parameter.field(name));
                }
                at.unwrap_or(Parameter::Fixed(Value::Undefined))
            }
        };
        self.parameters.insert(path.into(), found.clone());
        found
    }

    /// The value of a parameter at an item; its default where the file does not say, `undefined` where there is none.
    pub fn get(&mut self, path: &str, item: usize) -> Result<Value, NodeError> {
        match self.parameter(path) {
            Parameter::Fixed(value) => Ok(value),
            parameter => parameter.at(&self.scope(item)).map_err(|error| error.at_item(item).in_parameter(path)),
        }
    }

    /// A parameter as text; empty where it has no value.
    pub fn text(&mut self, path: &str, item: usize) -> Result<Str, NodeError> {
        Ok(match self.get(path, item)? {
            Value::Undefined | Value::Null => "".into(),
            value @ (Value::Array(_) | Value::Object(_)) => crate::value::to_string(&value).into(),
            value => value.to_text(),
        })
    }

    /// A parameter as a number; NaN where it is none.
    pub fn number(&mut self, path: &str, item: usize) -> Result<f64, NodeError> {
        Ok(self.get(path, item)?.to_number())
    }

    /// A parameter as true or false.
    pub fn flag(&mut self, path: &str, item: usize) -> Result<bool, NodeError> {
        Ok(match self.get(path, item)? {
            Value::String(text) => !text.is_empty() && *text != *"false",
            value => value.is_truthy(),
        })
    }

    /// The id or text of a resource locator (`{__rl, mode, value}`) or of the plain text that old files have in its place.
    pub fn resource(&mut self, path: &str, item: usize) -> Result<Str, NodeError> {
        Ok(match self.get(path, item)? {
            Value::Object(locator) => locator.get("value").map(Value::to_text).unwrap_or_default(),
            Value::Undefined | Value::Null => "".into(),
            value => value.to_text(),
        })
    }

    /// The value of a text at an item, evaluated if it begins with `=`.
    pub fn evaluate(&self, text: &Str, item: usize) -> Result<Value, NodeError> {
        Parameter::compile(&Value::String(text.clone())).at(&self.scope(item)).map_err(|error| error.at_item(item))
    }
}

/// What the file says, or else the default of this version under these other parameters.
fn value_of(kind: &NodeType, parameters: &Object, version: f64, name: &str) -> Value {
    let property = find(kind.properties, parameters, version, name);
    match (parameters.get(name), property) {
        (Some(value), Some(property)) => with_defaults(value, &property.kind, version),
        (Some(value), None) => value.clone(),
        (None, Some(property)) => property.default.value(),
        (None, None) => Value::Undefined,
    }
}

/// The parameters of a node with the defaults of what its file does not say.
pub(crate) fn with_all_defaults(kind: &NodeType, parameters: &Object, version: f64) -> Object {
    let mut all = parameters.clone();
    for property in kind.properties {
        if !all.contains_key(property.name) && is_there(property, kind.properties, parameters, version, 0) {
            let default = property.default.value();
            if !default.is_undefined() {
                all.insert(property.name, default);
            }
        }
    }
    all
}

/// The property of this name that is there in this version, under these other parameters.
fn find<'p>(properties: &'p [Property], parameters: &Object, version: f64, name: &str) -> Option<&'p Property> {
    properties.iter().find(|property| property.name == name && is_there(property, properties, parameters, version, 0))
}

/// Conditions on conditions on conditions: deeper than any real node.
const DEEPEST_CONDITION: usize = 8;

/// Is a property there in this version, under these other parameters?
pub(crate) fn is_there(property: &Property, all: &[Property], parameters: &Object, version: f64, depth: usize) -> bool {
    if version < property.since || version > property.until {
        return false;
    }
    property.shown.iter().all(|shown| {
        let value = parameters.get(shown.name).cloned().unwrap_or_else(|| {
            let other = all.iter().find(|other| {
                other.name == shown.name
                    && depth < DEEPEST_CONDITION
                    && is_there(other, all, parameters, version, depth + 1)
            });
            other.map_or(Value::Undefined, |other| other.default.value())
        });
        // A value that only a run knows may be any of them.
        let unknown = value.as_str().is_some_and(|text| text.starts_with('='));
        unknown || shown.values.contains(&&*value.to_text()) == shown.is
    })
}

/// Groups of fields have defaults too: those of every entry that is there.
fn with_defaults(value: &Value, kind: &Kind, version: f64) -> Value {
    match (kind, value) {
        (Kind::Group { groups, .. }, Value::Object(object)) => {
            let mut filled = Object::clone(object);
            for (group, properties) in groups.iter() {
                match filled.get_mut(group) {
                    Some(Value::Array(entries)) => {
                        for entry in Arc::make_mut(entries) {
                            fill(entry, properties, version);
                        }
                    }
                    Some(entry) => fill(entry, properties, version),
                    None => {}
                }
            }
            filled.into()
        }
        (Kind::Collection(properties), Value::Object(object)) => {
            let mut filled = Object::clone(object);
            for property in properties.iter() {
                if let Some(value) = filled.get_mut(property.name) {
                    *value = with_defaults(value, &property.kind, version);
                }
            }
            filled.into()
        }
        _ => value.clone(),
    }
}

fn fill(entry: &mut Value, properties: &[Property], version: f64) {
    let Value::Object(object) = entry else { return };
    let object = Arc::make_mut(object);
    for property in properties {
        if version < property.since || version > property.until {
            continue;
        }
        if let Some(value) = object.get_mut(property.name) {
            *value = with_defaults(value, &property.kind, version);
        } else if is_there(property, properties, object, version, 0) {
            object.insert(property.name, property.default.value());
        }
    }
}
