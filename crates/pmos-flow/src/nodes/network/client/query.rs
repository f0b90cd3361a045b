//! Queries and forms as text, in the two manners that n8n's requests have.

use crate::value::{Object, Value};
use std::fmt::Write;

/// How lists and objects are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::nodes::network) enum Lists {
    /// `a[]=1&a[]=2` with readable brackets and `+` for blanks: when nothing is chosen.
    #[default]
    Plain,
    /// `a%5B%5D=1&a%5B%5D=2`
    Brackets,
    /// `a%5B0%5D=1&a%5B1%5D=2`
    Indices,
    /// `a=1&a=2`
    Repeat,
}

/// Deeper nesting is left out: no server reads it.
const DEEPEST: usize = 32;

/// The fields of an object as `a=1&b=2`. Fields that are `undefined` are left out.
pub(in crate::nodes::network) fn write(fields: &Object, lists: Lists) -> String {
    let mut text = String::new();
    for (key, value) in fields.iter() {
        add(&mut text, key, value, lists, 0);
    }
    text
}

fn add(text: &mut String, key: &str, value: &Value, lists: Lists, depth: usize) {
    match value {
        Value::Undefined => {}
        Value::Null if lists == Lists::Plain => {}
        Value::Null => pair(text, key, "", lists),
        Value::Array(values) if depth < DEEPEST => {
            let nests = values.iter().any(|value| matches!(value, Value::Array(_) | Value::Object(_)));
            for (at, value) in values.iter().enumerate() {
                let key = match lists {
                    Lists::Plain if nests => format!("{key}[{at}]"),
                    Lists::Plain | Lists::Brackets => format!("{key}[]"),
                    Lists::Indices => format!("{key}[{at}]"),
                    Lists::Repeat => key.to_owned(),
                };
                add(text, &key, value, lists, depth + 1);
            }
        }
        Value::Object(object) if depth < DEEPEST => {
            for (inner, value) in object.iter() {
                add(text, &format!("{key}[{inner}]"), value, lists, depth + 1);
            }
        }
        Value::Array(_) | Value::Object(_) => {}
        Value::Exotic(exotic) => add(text, key, &exotic.to_json(), lists, depth + 1),
        value => pair(text, key, &value.to_text(), lists),
    }
}

fn pair(text: &mut String, key: &str, value: &str, lists: Lists) {
    if !text.is_empty() {
        text.push('&');
    }
    escape(text, key, lists);
    text.push('=');
    escape(text, value, lists);
}

fn escape(text: &mut String, part: &str, lists: Lists) {
    for byte in part.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => text.push(char::from(byte)),
            b' ' if lists == Lists::Plain => text.push('+'),
            b'!' | b'*' | b'\'' | b'(' | b')' | b':' | b'$' | b',' | b'[' | b']' if lists == Lists::Plain => {
                text.push(char::from(byte))
            }
            // Writing to text does not fail.
            _ => drop(write!(text, "%{byte:02X}")),
        }
    }
}

/// Percent-encoding of RFC 3986: all but letters, digits and `-._~`.
pub(in crate::nodes::network) fn encode(part: &str) -> String {
    let mut text = String::with_capacity(part.len());
    escape(&mut text, part, Lists::Repeat);
    text
}

/// The pairs of `a=1&b=2`, decoded; a name that comes twice keeps its last value.
pub(in crate::nodes::network) fn read(text: &str) -> Object {
    url::form_urlencoded::parse(text.as_bytes())
        .map(|(key, value)| (key.into_owned(), Value::from(value.into_owned())))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{Lists, read, write};
    use crate::value::parse;

    fn written(json: &str, lists: Lists) -> String {
        write(parse(json).unwrap().as_object().unwrap(), lists)
    }

    #[test]
    fn lists_are_written_as_chosen() {
        let json = r#"{"a":[1,"x y"],"b":{"c":true},"n":null}"#;
        assert_eq!(written(json, Lists::Plain), "a[]=1&a[]=x+y&b[c]=true");
        assert_eq!(written(json, Lists::Brackets), "a%5B%5D=1&a%5B%5D=x%20y&b%5Bc%5D=true&n=");
        assert_eq!(written(json, Lists::Indices), "a%5B0%5D=1&a%5B1%5D=x%20y&b%5Bc%5D=true&n=");
        assert_eq!(written(json, Lists::Repeat), "a=1&a=x%20y&b%5Bc%5D=true&n=");
    }

    #[test]
    fn what_is_written_reads_back() {
        assert_eq!(
            read(&written(r#"{"q":"a&b=c ü","r":"1"}"#, Lists::Plain)),
            *parse(r#"{"q":"a&b=c ü","r":"1"}"#).unwrap().as_object().unwrap()
        );
    }
}
