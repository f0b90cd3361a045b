//! XML to JSON, in the shapes of xml2js.

use super::{Event, Reader, Tag};
use crate::node::NodeError;
use crate::value::{Object, Str, Value};
use std::sync::Arc;

/// How elements become fields.
#[derive(Debug)]
pub(super) struct Shape {
    /// The field of an element's attributes.
    pub(super) attributes: Str,
    /// The field of an element's text, where it has other fields.
    pub(super) text: Str,
    /// Is every child a list?
    pub(super) lists: bool,
    /// Is there a field for the outermost element?
    pub(super) root: bool,
    /// Are attributes left out?
    pub(super) ignore_attributes: bool,
    /// Do attributes stand beside the children?
    pub(super) merge_attributes: bool,
    /// Is white space within text joined?
    pub(super) normalize: bool,
    /// Are names of elements in small letters?
    pub(super) small_names: bool,
    /// Is white space around text removed?
    pub(super) trim: bool,
}

/// An element that has begun.
struct Element {
    name: Str,
    fields: Object,
    text: String,
    literal: bool,
}

impl Shape {
    /// The JSON of a document; nothing for blank text.
    pub(super) fn read(&self, document: &str) -> Result<Value, NodeError> {
        let mut reader = Reader::new(document);
        let mut open: Vec<Element> = Vec::new();
        while let Some(event) = reader.next()? {
            match (event, open.last_mut()) {
                (Event::Open(tag), _) => open.push(self.begin(tag)),
                (Event::Text(text), Some(element)) => element.text.push_str(&text),
                (Event::CData(text), Some(element)) => {
                    element.text.push_str(text);
                    element.literal = true;
                }
                (Event::Close(_), Some(_)) => {
                    let Some(element) = open.pop() else { break };
                    let (name, value) = self.end(element);
                    match open.last_mut() {
                        Some(parent) => self.add(&mut parent.fields, name, value),
                        None if self.root => return Ok(Object::from_iter([(name, value)]).into()),
                        None => return Ok(value),
                    }
                }
                _ => {}
            }
        }
        Ok(Value::Null)
    }

    fn begin(&self, tag: Tag<'_>) -> Element {
        let mut fields = Object::new();
        if !self.ignore_attributes && !tag.attributes.is_empty() {
            let mut own = Object::new();
            for (key, value) in tag.attributes {
                let value = Value::text(&*value);
                if self.merge_attributes {
                    self.add(&mut fields, key.into(), value)
                } else {
                    own.insert(key, value);
                }
            }
            if !self.merge_attributes {
                fields.insert(self.attributes.clone(), own.into());
            }
        }
        let name = if self.small_names { tag.name.to_lowercase().into() } else { tag.name.into() };
        Element { name, fields, text: String::new(), literal: false }
    }

    fn end(&self, element: Element) -> (Str, Value) {
        let Element { name, fields, mut text, literal } = element;
        let blank = text.trim().is_empty() && !literal;
        if !blank {
            if self.trim {
                text = text.trim().to_owned();
            }
            if self.normalize {
                text = joined(&text);
            }
        }
        let value = if fields.is_empty() {
            Value::from(text)
        } else if blank {
            fields.into()
        } else {
            let mut all = Object::from_iter([(self.text.clone(), Value::from(text))]);
            for (key, value) in fields {
                self.add(&mut all, key, value);
            }
            all.into()
        };
        (name, value)
    }

    /// Adds a field; several of one name become a list.
    fn add(&self, object: &mut Object, name: Str, value: Value) {
        match object.get_mut(&name) {
            None => {
                let value = if self.lists && !matches!(value, Value::Array(_)) { Value::list([value]) } else { value };
                object.insert(name, value);
            }
            Some(Value::Array(values)) => Arc::make_mut(values).push(value),
            Some(first) => {
                let both = vec![std::mem::take(first), value];
                *first = both.into();
            }
        }
    }
}

/// Runs of two and more white spaces become one space; the ends are trimmed.
fn joined(text: &str) -> String {
    let mut joined = String::with_capacity(text.len());
    let mut rest = text.trim();
    while let Some(at) = rest.find(char::is_whitespace) {
        joined.push_str(&rest[..at]);
        let after = rest[at..].trim_start();
        let run = &rest[at..rest.len() - after.len()];
        joined.push_str(if run.chars().count() > 1 { " " } else { run });
        rest = after;
    }
    joined + rest
}

#[cfg(test)]
mod tests {
    use super::Shape;
    use crate::value::{parse, to_string};

    fn shape() -> Shape {
        Shape {
            attributes: "$".into(),
            text: "_".into(),
            lists: false,
            root: true,
            ignore_attributes: false,
            merge_attributes: true,
            normalize: false,
            small_names: false,
            trim: false,
        }
    }

    #[test]
    fn elements_become_fields() {
        for (xml, json) in [
            ("<a> </a>", r#"{"a":" "}"#),
            ("<a>\n<b/>\n</a>", r#"{"a":{"b":""}}"#),
            (r#"<a x="1">t</a>"#, r#"{"a":{"_":"t","x":"1"}}"#),
            ("<a><b/><b>2</b></a>", r#"{"a":{"b":["","2"]}}"#),
            (r#"<a x="1"><x>2</x></a>"#, r#"{"a":{"x":["1","2"]}}"#),
            ("<a>&nbsp;&#65;&lt;</a>", "{\"a\":\"\u{a0}A<\"}"),
            ("<a/>x", r#"{"a":""}"#),
            (r#"<?xml version="1.0"?><!-- c --><a><![CDATA[ <x> ]]></a>"#, r#"{"a":" <x> "}"#),
            ("<a>t1<b/>t2</a>", r#"{"a":{"_":"t1t2","b":""}}"#),
            ("< a/>", r#"{"a":""}"#),
            ("", "null"),
        ] {
            assert_eq!(shape().read(xml).unwrap(), parse(json).unwrap(), "{xml}");
        }
    }

    #[test]
    fn options_change_the_shape() {
        let listed = Shape { lists: true, ..shape() };
        assert_eq!(to_string(&listed.read(r#"<A B="1">x<c/></A>"#).unwrap()), r#"{"A":{"_":"x","B":["1"],"c":[""]}}"#);
        let apart = Shape { merge_attributes: false, normalize: true, small_names: true, ..shape() };
        assert_eq!(to_string(&apart.read(r#"<A B="1">  x   y </A>"#).unwrap()), r#"{"a":{"_":"x y","$":{"B":"1"}}}"#);
    }

    #[test]
    fn errors_name_the_place() {
        for (xml, error) in [
            ("hello", "Non-whitespace before first tag.\nLine: 0\nColumn: 1\nChar: h"),
            ("<a><b></a>", "Unexpected close tag\nLine: 0\nColumn: 10\nChar: >"),
            ("<a>", "Unclosed root tag\nLine: 0\nColumn: 3\nChar: "),
            ("<a x=1/>", "Unquoted attribute value\nLine: 0\nColumn: 6\nChar: 1"),
            ("<!DOCTYPE a [<!ENTITY x \"y\">]><a>&x;</a>", "Invalid character entity\nLine: 0\nColumn: 36\nChar: ;"),
            ("<a>x & y</a>", "Invalid character in entity name\nLine: 0\nColumn: 7\nChar:  "),
            ("<a", "Unexpected end\nLine: 0\nColumn: 2\nChar: "),
            ("<a b>", "Attribute without value\nLine: 0\nColumn: 5\nChar: >"),
            ("<1/>", "Unencoded <\nLine: 0\nColumn: 2\nChar: 1"),
            ("<a>\n</b>\n</a>", "Unexpected close tag\nLine: 1\nColumn: 4\nChar: >"),
            ("</a>", "Unmatched closing tag: a\nLine: 0\nColumn: 4\nChar: >"),
        ] {
            assert_eq!(shape().read(xml).unwrap_err().message, error, "{xml}");
        }
        assert!(shape().read(&"<a>".repeat(100_000)).is_err());
    }
}
