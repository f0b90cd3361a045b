//! Fields of fields, named by paths such as `body.items[0].name`.

use crate::value::{Object, Str, Value};
use std::sync::Arc;

/// Paths go no deeper than this.
const DEEPEST: usize = 64;

/// The value at a path; a field that has the whole path as its name comes first.
pub(super) fn path<'o>(object: &'o Object, path: &str) -> Option<&'o Value> {
    if let Some(value) = object.get(path) {
        return Some(value);
    }
    let mut names = names(path).into_iter();
    let mut value = object.get(&names.next()?)?;
    for name in names {
        value = match value {
            Value::Object(object) => object.get(&name)?,
            Value::Array(values) => values.get(name.parse::<usize>().ok()?)?,
            _ => return None,
        };
    }
    Some(value)
}

/// Sets the value at a path; what is missing on the way is made, and what is no object on the way is replaced.
pub(super) fn set_path(object: &mut Object, path: &str, value: Value) {
    let names = names(path);
    let (Some((last, way)), true) = (names.split_last(), !object.contains_key(path)) else {
        object.insert(path, value);
        return;
    };
    let mut at = object;
    for name in way {
        if !matches!(at.get(name), Some(Value::Object(_))) {
            at.insert(name.clone(), Value::object());
        }
        let Some(Value::Object(next)) = at.get_mut(name) else { return };
        at = Arc::make_mut(next);
    }
    at.insert(last.clone(), value);
}

/// Removes the value at a path.
pub(super) fn remove_path(object: &mut Object, path: &str) {
    let names = names(path);
    let (Some((last, way)), true) = (names.split_last(), !object.contains_key(path)) else {
        object.remove(path);
        return;
    };
    let mut at = object;
    for name in way {
        let Some(Value::Object(next)) = at.get_mut(name) else { return };
        at = Arc::make_mut(next);
    }
    at.remove(last);
}

fn names(path: &str) -> Vec<Str> {
    path.split(['.', '[', ']'])
        .filter(|name| !name.is_empty())
        .map(|name| name.trim_matches(['"', '\'']).into())
        .take(DEEPEST)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{path, remove_path, set_path};
    use crate::value::{Value, parse, to_string};
    use std::sync::Arc;

    #[test]
    fn paths_lead_into_objects() {
        let Value::Object(object) = parse(r#"{"a":{"b":[{"c":1}]},"x.y":2}"#).unwrap() else { panic!() };
        let mut object = Arc::unwrap_or_clone(object);
        assert_eq!(path(&object, "a.b[0].c"), Some(&Value::from(1)));
        assert_eq!(path(&object, "x.y"), Some(&Value::from(2)));
        assert_eq!(path(&object, "a.q.r"), None);
        set_path(&mut object, "n.m", Value::from(3));
        remove_path(&mut object, "a.b");
        assert_eq!(to_string(&object.into()), r#"{"a":{},"x.y":2,"n":{"m":3}}"#);
    }
}
