//! Properties and methods of values.

use super::{Interpreter, Run, Stop, type_error, uncovered};
use crate::expression::builtin::{self, text16};
use crate::expression::{ExpressionError, extension};
use crate::value::{Object, Str, Value, number_to_text};

/// From so many nested values on, each new one is measured.
const FREE_NESTS: usize = 500;
/// How deep values may be nested: they are read, compared and freed by recursion.
const MAX_NESTING: usize = 800;

impl Interpreter<'_> {
    /// `value[key]`.
    pub(crate) fn get(&mut self, value: &Value, key: &str) -> Run<Value> {
        match value {
            Value::Undefined | Value::Null => {
                type_error(format!("Cannot read properties of {} (reading '{key}')", value.to_text()))
            }
            Value::Object(object) => match object.get(key) {
                Some(field) => Ok(field.clone()),
                None => Ok(builtin::method_value(value, key)),
            },
            Value::Array(values) => Ok(match key {
                "length" => values.len().into(),
                key => match index(key) {
                    Some(at) => values.get(at).cloned().unwrap_or_default(),
                    None => builtin::method_value(value, key),
                },
            }),
            Value::String(text) => match key {
                "length" => Ok(text16::length(text).into()),
                key => match index(key) {
                    Some(at) => match text16::slice(text, at, at + 1) {
                        Some("") => Ok(Value::Undefined),
                        Some(unit) => Ok(unit.into()),
                        None => uncovered("half a character"),
                    },
                    None => Ok(builtin::method_value(value, key)),
                },
            },
            Value::Number(_) | Value::Bool(_) => Ok(builtin::method_value(value, key)),
            Value::Exotic(exotic) => match exotic.get(key)? {
                Value::Undefined => Ok(builtin::method_value(value, key)),
                found => Ok(found),
            },
        }
    }

    /// `key in value`.
    pub(super) fn has(&mut self, value: &Value, key: &Value) -> Run<Value> {
        let key = self.property_key(key)?;
        Ok(Value::Bool(match value {
            Value::Object(object) => object.contains_key(&key) || builtin::is_object_method(&key),
            Value::Array(values) => {
                index(&key).map_or_else(|| *key == *"length" || builtin::is_array_method(&key), |at| at < values.len())
            }
            Value::Exotic(_) => return uncovered("in on a value"),
            _ => return type_error(format!("Cannot use 'in' operator to search for '{key}' in {}", value.to_text())),
        }))
    }

    /// The text of a property's name.
    pub(super) fn property_key(&mut self, key: &Value) -> Run<Str> {
        match key {
            Value::String(key) => Ok(key.clone()),
            Value::Number(number) => Ok(number_to_text(*number).into()),
            key => super::to_text(key),
        }
    }

    /// The own fields of a value, as spreading and `Object.entries` see them.
    pub(crate) fn fields(&mut self, value: &Value) -> Run<Vec<(Str, Value)>> {
        let fields: Vec<(Str, Value)> = match value {
            Value::Object(object) => object.iter().map(|(key, value)| (key.clone(), value.clone())).collect(),
            Value::Array(values) => {
                values.iter().enumerate().map(|(at, value)| (at.to_string().into(), value.clone())).collect()
            }
            Value::String(text) => {
                let mut fields = Vec::new();
                for at in 0..text16::length(text) {
                    match text16::slice(text, at, at + 1) {
                        Some(unit) => fields.push((at.to_string().into(), unit.into())),
                        None => return uncovered("half a character"),
                    }
                }
                fields
            }
            Value::Exotic(_) => return builtin::exotic_fields(value),
            _ => Vec::new(),
        };
        self.charge(fields.len() * 40)?;
        Ok(fields)
    }

    /// The values that a spread or `for … of` gives.
    pub(crate) fn iterate(&mut self, value: &Value) -> Run<Vec<Value>> {
        let values = match value {
            Value::Array(values) => values.to_vec(),
            Value::String(text) => text.chars().map(|c| Value::from(c.encode_utf8(&mut [0; 4]) as &str)).collect(),
            Value::Exotic(_) => match builtin::exotic_values(value)? {
                Some(values) => values,
                None => return type_error(format!("{} is not iterable", value.to_text())),
            },
            Value::Undefined | Value::Null => return type_error(format!("{} is not iterable", value.to_text())),
            _ => return type_error("it is not iterable"),
        };
        self.charge(values.len() * size_of::<Value>())?;
        Ok(values)
    }

    /// Calls a method of a value.
    pub(crate) fn invoke(&mut self, value: Value, name: &Str, arguments: Vec<Value>) -> Run<Value> {
        self.step()?;
        if builtin::is_extension(name)
            && let Some(result) = extension::call(self, &value, name, &arguments)?
        {
            return Ok(result);
        }
        let result = self.native_method(&value, name, arguments);
        match result {
            Ok(Some(result)) => Ok(result),
            Ok(None) if builtin::is_extension(name) => extension::refuse(&value, name),
            Ok(None) => self.no_method(&value, name),
            Err(stop) => Err(stop),
        }
    }

    fn no_method<T>(&mut self, value: &Value, name: &str) -> Run<T> {
        if value.is_nullish() {
            return type_error(format!("Cannot read properties of {} (reading '{name}')", value.to_text()));
        }
        if builtin::has_method(value, name) {
            return uncovered(format!("{name} of {}", value.type_of()));
        }
        type_error(format!("{name} is not a function"))
    }

    /// Calls a method of the language; nothing where the value has none of this name.
    pub(super) fn native_method(&mut self, value: &Value, name: &Str, arguments: Vec<Value>) -> Run<Option<Value>> {
        match value {
            Value::Undefined | Value::Null => Ok(None),
            Value::String(text) => builtin::string_method(self, text, name, &arguments),
            Value::Array(values) => {
                if builtin::changes_lists(name) {
                    return self.change_unseen(value, name, arguments).map(Some);
                }
                builtin::array_method(self, value, values, name, arguments)
            }
            Value::Number(number) => builtin::number_method(*number, name, &arguments),
            Value::Bool(bool) => Ok(match &**name {
                "toString" | "toLocaleString" => Some(if *bool { "true" } else { "false" }.into()),
                "valueOf" => Some(value.clone()),
                _ => None,
            }),
            Value::Object(object) => {
                if let Some(function) = object.get(name).filter(|field| !field.is_undefined()) {
                    return self.call(&function.clone(), arguments).map(Some);
                }
                builtin::object_method(self, value, name, &arguments)
            }
            Value::Exotic(exotic) => {
                if let Some(result) = builtin::exotic_method(self, value, name, &arguments)? {
                    return Ok(Some(result));
                }
                match exotic.call(name, &arguments).map_err(|error| self.explain(error))? {
                    Some(result) => Ok(Some(result)),
                    None => match exotic.get(name)? {
                        Value::Undefined => builtin::object_method(self, value, name, &arguments),
                        function => self.call(&function, arguments).map(Some),
                    },
                }
            }
        }
    }

    fn explain(&self, error: ExpressionError) -> Box<Stop> {
        error.into()
    }

    /// Changes a list that is not in a variable: nobody sees the change but through the result.
    fn change_unseen(&mut self, list: &Value, name: &str, arguments: Vec<Value>) -> Run<Value> {
        let Value::Array(values) = list else { return uncovered(name) };
        // The caller holds it, and whoever else does could see the change.
        if std::sync::Arc::strong_count(values) > 1 && !self.looks_once {
            return uncovered("a change of a list that others see");
        }
        self.charge(values.len() * size_of::<Value>())?;
        let mut values = values.to_vec();
        let result = builtin::change_list(self, &mut values, name, arguments)?;
        Ok(result.unwrap_or_else(|| Value::from(values)))
    }

    /// An object that was made.
    pub(crate) fn object(&mut self, object: Object) -> Run<Value> {
        self.charge(object.len() * 40 + 48)?;
        let value = Value::from(object);
        self.nested(Some(&value))?;
        Ok(value)
    }

    /// Bounds how deep a value that was made or changed is nested.
    pub(super) fn nested(&mut self, value: Option<&Value>) -> Run<()> {
        self.nests += 1;
        if self.nests > FREE_NESTS
            && let Some(value) = value
        {
            let mut seen = 0;
            if is_deeper(value, MAX_NESTING, &mut seen) {
                return Err(Box::new(Stop::Error(ExpressionError::Limit("the value is nested too deeply".into()))));
            }
            self.steps(seen)?;
        }
        Ok(())
    }
}

fn is_deeper(value: &Value, than: usize, seen: &mut usize) -> bool {
    *seen += 1;
    if than == 0 {
        return true;
    }
    match value {
        Value::Array(values) => values.iter().any(|value| is_deeper(value, than - 1, seen)),
        Value::Object(object) => object.values().any(|value| is_deeper(value, than - 1, seen)),
        _ => false,
    }
}

/// The index that a key is.
fn index(key: &str) -> Option<usize> {
    let first = key.as_bytes().first()?;
    if !first.is_ascii_digit() || (*first == b'0' && key.len() > 1) {
        return None;
    }
    key.parse().ok()
}
