//! Paths into values, such as `a.b[0]["c.d"]`: lodash's `get`, `set`, `has` and `unset`, which n8n's field names follow.

use super::{Object, Str, Value};
use std::sync::Arc;

/// Deeper paths, which nobody writes, are plain keys: what nests is walked recursively.
const DEEPEST: usize = 100;
/// Lists grow by a path no further than this.
const LONGEST_LIST: usize = 100_000;

/// A path into a value, compiled once. An object that has the whole text as a key is asked for that key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Path {
    whole: Str,
    /// Empty where the text is a plain key.
    parts: Vec<Str>,
}

impl Path {
    /// Compiles a path. Every text is one: what does not nest is a plain key.
    pub fn new(text: &str) -> Self {
        let parts = if nests(text) { split(text) } else { Vec::new() };
        let parts = if parts.len() > DEEPEST { Vec::new() } else { parts };
        Self { whole: text.into(), parts }
    }

    /// A key that is no path, whatever dots it has: what fields are where dot notation is switched off.
    pub fn key(text: &str) -> Self {
        Self { whole: text.into(), parts: Vec::new() }
    }

    /// A path where `dots` is true, a plain key where it is not.
    pub fn with(text: &str, dots: bool) -> Self {
        if dots { Self::new(text) } else { Self::key(text) }
    }

    /// The text that it was compiled from.
    pub fn text(&self) -> &Str {
        &self.whole
    }

    /// Is it a plain key?
    pub fn is_plain(&self) -> bool {
        self.parts.is_empty()
    }

    /// The value at the path; `undefined` where there is none.
    pub fn get(&self, object: &Object) -> Value {
        self.find(object).unwrap_or_default()
    }

    /// Is there something at the path, be it null?
    pub fn is_in(&self, object: &Object) -> bool {
        self.find(object).is_some()
    }

    /// The value at the path; nothing where there is none.
    pub fn find(&self, object: &Object) -> Option<Value> {
        if let Some(value) = object.get(&self.whole) {
            return Some(value.clone());
        }
        let (last, before) = self.parts.split_last()?;
        let Some((first, between)) = before.split_first() else { return object.get(last).cloned() };
        let mut at = object.get(first)?;
        for part in between {
            at = step(at, part)?;
        }
        step(at, last).cloned().or_else(|| computed(at, last))
    }

    /// Sets the value at the path. What is missing on the way is made: a list where the next part is an index, else an
    /// object; what is neither is replaced. Nothing happens for an index far beyond the end of a list.
    pub fn set(&self, object: &mut Object, value: Value) {
        if self.parts.is_empty() || object.contains_key(&self.whole) {
            object.insert(self.whole.clone(), value);
        } else if !self.parts.iter().any(|part| is_forbidden(part)) {
            let mut root = Value::from(std::mem::take(object));
            set(&mut root, &self.parts, value);
            if let Value::Object(root) = root {
                *object = Arc::unwrap_or_clone(root);
            }
        }
    }

    /// Removes what is at the path, and gives it; an element of a list becomes null.
    pub fn unset(&self, object: &mut Object) -> Option<Value> {
        if object.contains_key(&self.whole) {
            return object.remove(&self.whole);
        }
        self.find(object)?;
        let (last, before) = self.parts.split_last()?;
        let Some((first, between)) = before.split_first() else { return object.remove(last) };
        let mut at = object.get_mut(first)?;
        for part in between {
            at = step_mut(at, part)?;
        }
        match at {
            Value::Object(object) => Arc::make_mut(object).remove(last),
            Value::Array(values) => Some(std::mem::replace(Arc::make_mut(values).get_mut(index(last)?)?, Value::Null)),
            _ => None,
        }
    }
}

fn step<'v>(value: &'v Value, part: &str) -> Option<&'v Value> {
    match value {
        Value::Object(object) => object.get(part),
        Value::Array(values) => values.get(index(part)?),
        _ => None,
    }
}

fn step_mut<'v>(value: &'v mut Value, part: &str) -> Option<&'v mut Value> {
    match value {
        Value::Object(object) => Arc::make_mut(object).get_mut(part),
        Value::Array(values) => Arc::make_mut(values).get_mut(index(part)?),
        _ => None,
    }
}

/// What JavaScript computes for lists and text: their length, a unit of a text.
fn computed(value: &Value, part: &str) -> Option<Value> {
    match (value, part) {
        (Value::Array(values), "length") => Some(Value::from(values.len())),
        (Value::String(text), "length") => Some(Value::from(text.encode_utf16().count())),
        (Value::String(text), part) => {
            let unit = text.encode_utf16().nth(index(part)?)?;
            Some(Value::from(String::from_utf16_lossy(&[unit])))
        }
        _ => None,
    }
}

fn set(value: &mut Value, parts: &[Str], new: Value) {
    let Some((part, rest)) = parts.split_first() else {
        *value = new;
        return;
    };
    let next = rest.first();
    match value {
        Value::Object(object) => {
            let object = Arc::make_mut(object);
            let old = object.get(part);
            match next {
                Some(next) if !old.is_some_and(is_container) => drop(object.insert(part.clone(), container(next))),
                None if old.is_none() => drop(object.insert(part.clone(), Value::Null)),
                _ => {}
            }
            if let Some(inner) = object.get_mut(part) {
                set(inner, rest, new);
            }
        }
        Value::Array(values) => {
            let Some(at) = index(part).filter(|at| *at < LONGEST_LIST) else { return };
            let values = Arc::make_mut(values);
            if values.len() <= at {
                values.resize(at + 1, Value::Null);
            }
            if let Some(next) = next.filter(|_| !is_container(&values[at])) {
                values[at] = container(next);
            }
            set(&mut values[at], rest, new);
        }
        _ => {}
    }
}

fn is_container(value: &Value) -> bool {
    matches!(value, Value::Object(_) | Value::Array(_))
}

fn container(next: &Str) -> Value {
    if index(next).is_some_and(|at| at < LONGEST_LIST) { Value::list([]) } else { Value::object() }
}

fn index(part: &str) -> Option<usize> {
    let plain = part == "0" || (part.bytes().all(|byte| byte.is_ascii_digit()) && !part.starts_with('0'));
    if plain { part.parse().ok() } else { None }
}

/// Keys that JavaScript gives a meaning: lodash sets none of them.
fn is_forbidden(part: &str) -> bool {
    matches!(part, "__proto__" | "constructor" | "prototype")
}

/// Has the text a dot, or a pair of brackets?
fn nests(text: &str) -> bool {
    text.contains('.') || text.find('[').is_some_and(|open| text[open..].contains(']'))
}

/// The parts of a path, as lodash splits it.
fn split(text: &str) -> Vec<Str> {
    let mut parts: Vec<Str> = Vec::new();
    if text.starts_with('.') {
        parts.push("".into());
    }
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        if !matches!(first, '.' | '[' | ']') {
            let end = rest.find(['.', '[', ']']).unwrap_or(rest.len());
            parts.push(rest[..end].into());
            rest = &rest[end..];
        } else if let Some((part, after)) = bracketed(rest) {
            parts.push(part);
            rest = after;
        } else {
            let after = rest.strip_prefix('.').or_else(|| rest.strip_prefix("[]"));
            if after.is_some_and(|after| after.is_empty() || after.starts_with('.') || after.starts_with("[]")) {
                parts.push("".into());
            }
            rest = &rest[first.len_utf8()..];
        }
    }
    parts
}

/// `[12]` and `["text"]` at the start of `text`, and what follows.
fn bracketed(text: &str) -> Option<(Str, &str)> {
    let inner = text.strip_prefix('[')?;
    let quote = inner.chars().next().filter(|first| matches!(first, '"' | '\''));
    let Some(quote) = quote else {
        let (number, after) = inner.split_once(']')?;
        let digits = number.strip_prefix('-').unwrap_or(number);
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
        let numeric = |digits: &str| !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
        return (numeric(whole) && numeric(fraction)).then(|| (number.into(), after));
    };
    let mut part = String::new();
    let mut chars = inner[1..].char_indices();
    while let Some((at, char)) = chars.next() {
        match char {
            '\\' => part.push(chars.next()?.1),
            char if char == quote => return Some((part.into(), inner[1 + at + 1..].strip_prefix(']')?)),
            char => part.push(char),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::{Path, split};
    use crate::value::{Object, Value, parse, to_string};

    fn object(text: &str) -> Object {
        serde_json::from_str(text).unwrap()
    }

    #[test]
    fn paths_split_as_lodash_splits_them() {
        for (text, parts) in [
            ("a.b", vec!["a", "b"]),
            ("a[0].b", vec!["a", "0", "b"]),
            ("a[b]", vec!["a", "b"]),
            (r#"a["b.c"]['d\'e']"#, vec!["a", "b.c", "d'e"]),
            (".a", vec!["", "a"]),
            ("a..b", vec!["a", "", "b"]),
            ("a.", vec!["a", ""]),
        ] {
            assert_eq!(split(text).iter().map(|part| &**part).collect::<Vec<_>>(), parts, "{text}");
        }
    }

    #[test]
    fn a_value_is_found() {
        let object = object(r#"{"a":{"b":[{"c":1},"xyz"]},"d.e":2,"f":null}"#);
        for (path, value) in [
            ("a.b[0].c", Value::from(1)),
            ("a.b.0.c", Value::from(1)),
            ("d.e", Value::from(2)),
            ("a.b.length", Value::from(2)),
            ("a.b[1][2]", Value::from("z")),
            ("f", Value::Null),
            ("f.g", Value::Undefined),
            ("a.x.y", Value::Undefined),
        ] {
            assert_eq!(Path::new(path).get(&object), value, "{path}");
        }
        assert_eq!(Path::key("a.b").get(&object), Value::Undefined);
        assert!(Path::new("f").is_in(&object));
    }

    #[test]
    fn a_value_is_set_and_removed() {
        let mut made = Object::new();
        Path::new("a.b[1].c").set(&mut made, Value::from(1));
        Path::new("a.d").set(&mut made, Value::from(2));
        Path::new("e.f").set(&mut made, Value::from(3));
        Path::new("e").set(&mut made, Value::from(4));
        Path::new("__proto__.x").set(&mut made, Value::from(5));
        Path::new("a.b[99999999999]").set(&mut made, Value::from(6));
        assert_eq!(to_string(&made.clone().into()), r#"{"a":{"b":[null,{"c":1}],"d":2},"e":4}"#);
        assert_eq!(Path::new("a.b[1].c").unset(&mut made), Some(Value::from(1)));
        assert_eq!(Path::new("a.x").unset(&mut made), None);
        assert_eq!(Value::from(made), parse(r#"{"a":{"b":[null,{}],"d":2},"e":4}"#).unwrap());
    }

    #[test]
    fn depth_is_bounded() {
        let mut made = Object::new();
        let path = "a.".repeat(100_000);
        Path::new(&path).set(&mut made, Value::Null);
        assert_eq!(made.keys().next().map(|key| key.len()), Some(path.len()));
    }
}
