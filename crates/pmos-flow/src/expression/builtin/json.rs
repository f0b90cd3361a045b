//! `JSON`.

use super::{BigInt, argument};
use crate::expression::interpreter::{ErrorValue, Interpreter, Run, Stop, to_number, to_text, type_error, uncovered};
use crate::value::{Object, Str, Value, number_to_text, parse};
use std::sync::Arc;

pub(super) fn call(own: &mut Interpreter<'_>, name: &str, arguments: &[Value]) -> Run<Option<Value>> {
    match name {
        "parse" => {
            let text = to_text(argument(arguments, 0))?;
            own.charge(text.len() * 4)?;
            let value = match parse(&text) {
                Ok(value) => value,
                Err(error) if error.to_string().contains("recursion") => return uncovered("deep JSON"),
                Err(error) if error.to_string().contains("surrogate") => return uncovered("half a character"),
                Err(error) => return Err(Box::new(Stop::Thrown(ErrorValue::value("SyntaxError", error.to_string())))),
            };
            match argument(arguments, 1) {
                Value::Undefined | Value::Null => Ok(Some(value)),
                reviver => revive(own, "".into(), value, reviver).map(Some),
            }
        }
        "stringify" => {
            let value = argument(arguments, 0);
            let filter = Filter::of(argument(arguments, 1));
            let gap = gap(argument(arguments, 2))?;
            let mut writer = Writer { own, filter, gap, indent: String::new(), out: String::new() };
            let written = writer.write("", value.clone())?;
            let out = writer.out;
            if !written {
                return Ok(Some(Value::Undefined));
            }
            own.text(out).map(Some)
        }
        _ => Ok(None),
    }
}

/// `JSON.stringify(value)`; nothing where that is undefined.
pub(crate) fn stringify(own: &mut Interpreter<'_>, value: &Value) -> Run<Option<String>> {
    let mut writer =
        Writer { own, filter: Filter::None, gap: String::new(), indent: String::new(), out: String::new() };
    Ok(if writer.write("", value.clone())? { Some(writer.out) } else { None })
}

fn revive(own: &mut Interpreter<'_>, key: Str, value: Value, reviver: &Value) -> Run<Value> {
    let value = match value {
        Value::Array(values) => {
            let mut revived = Vec::with_capacity(values.len());
            for (at, value) in values.iter().enumerate() {
                revived.push(revive(own, at.to_string().into(), value.clone(), reviver)?);
            }
            Value::from(revived)
        }
        Value::Object(object) => {
            let mut revived = Object::with_capacity(object.len());
            for (key, value) in object.iter() {
                let value = revive(own, key.clone(), value.clone(), reviver)?;
                if !value.is_undefined() {
                    revived.insert(key.clone(), value);
                }
            }
            Value::from(revived)
        }
        value => value,
    };
    own.call(reviver, vec![Value::String(key), value])
}

enum Filter {
    None,
    Keys(Vec<Str>),
    Function(Value),
}

impl Filter {
    fn of(value: &Value) -> Self {
        match value {
            Value::Array(keys) => Self::Keys(keys.iter().map(Value::to_text).collect()),
            Value::Exotic(_) if value.type_of() == "function" => Self::Function(value.clone()),
            _ => Self::None,
        }
    }
}

fn gap(value: &Value) -> Run<String> {
    Ok(match value {
        Value::Number(_) => " ".repeat(to_number(value)?.clamp(0.0, 10.0) as usize),
        Value::String(text) => text.chars().take(10).collect(),
        _ => String::new(),
    })
}

struct Writer<'w, 'a> {
    own: &'w mut Interpreter<'a>,
    filter: Filter,
    gap: String,
    indent: String,
    out: String,
}

impl Writer<'_, '_> {
    /// Writes a value; is there anything to write?
    fn write(&mut self, key: &str, value: Value) -> Run<bool> {
        self.own.step()?;
        let mut value = match &value {
            Value::Exotic(_) if value.as_exotic::<BigInt>().is_some() => {
                return type_error("Do not know how to serialize a BigInt");
            }
            Value::Exotic(exotic) if !matches!(self.filter, Filter::Function(_)) || exotic.type_of() != "function" => {
                exotic.to_json()
            }
            Value::Object(object) if object.contains_key("toJSON") => return uncovered("toJSON"),
            _ => value,
        };
        if let Filter::Function(function) = &self.filter {
            let function = function.clone();
            value = self.own.call(&function, vec![key.into(), value])?;
            if let Value::Exotic(exotic) = &value {
                value = exotic.to_json();
            }
        }
        match value {
            Value::Undefined | Value::Exotic(_) => return Ok(false),
            Value::Null => self.out.push_str("null"),
            Value::Bool(bool) => self.out.push_str(if bool { "true" } else { "false" }),
            Value::Number(number) if number.is_finite() => self.out.push_str(&number_to_text(number)),
            Value::Number(_) => self.out.push_str("null"),
            Value::String(text) => quote(&mut self.out, &text),
            Value::Array(values) => self.write_list(&values)?,
            Value::Object(object) => self.write_object(&object)?,
        }
        Ok(true)
    }

    fn write_list(&mut self, values: &Arc<Vec<Value>>) -> Run<()> {
        self.open('[');
        for (at, value) in values.iter().enumerate() {
            self.separate(at == 0);
            if !self.write(&at.to_string(), value.clone())? {
                self.out.push_str("null");
            }
        }
        self.close(']', values.is_empty());
        Ok(())
    }

    fn write_object(&mut self, object: &Arc<Object>) -> Run<()> {
        let keys: Vec<Str> = match &self.filter {
            Filter::Keys(keys) => keys.iter().filter(|key| object.contains_key(key)).cloned().collect(),
            _ => object.keys().cloned().collect(),
        };
        self.open('{');
        let mut is_first = true;
        for key in keys {
            let before = self.out.len();
            self.separate(is_first);
            quote(&mut self.out, &key);
            self.out.push_str(if self.gap.is_empty() { ":" } else { ": " });
            let value = object.get(&key).cloned().unwrap_or_default();
            if self.write(&key, value)? { is_first = false } else { self.out.truncate(before) }
        }
        self.close('}', is_first);
        Ok(())
    }

    fn open(&mut self, bracket: char) {
        self.out.push(bracket);
        self.indent.push_str(&self.gap);
    }

    fn separate(&mut self, is_first: bool) {
        if !is_first {
            self.out.push(',');
        }
        if !self.gap.is_empty() {
            self.out.push('\n');
            self.out.push_str(&self.indent);
        }
    }

    fn close(&mut self, bracket: char, is_empty: bool) {
        self.indent.truncate(self.indent.len() - self.gap.len());
        if !self.gap.is_empty() && !is_empty {
            self.out.push('\n');
            self.out.push_str(&self.indent);
        }
        self.out.push(bracket);
    }
}

/// Writes text as a JSON string.
pub(crate) fn quote(out: &mut String, text: &str) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            c if c < ' ' => out.push_str(&format!("\\u{:04x}", c as u32)),
            c => out.push(c),
        }
    }
    out.push('"');
}
