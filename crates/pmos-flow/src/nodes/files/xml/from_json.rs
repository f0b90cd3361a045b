//! JSON to XML, as xml2js builds it.

use super::{DEEPEST, reader::is_name};
use crate::node::NodeError;
use crate::value::{Object, Str, Value};
use std::fmt::Write;

/// How fields become elements.
#[derive(Debug)]
pub(super) struct Builder {
    /// The field that holds an element's attributes.
    pub(super) attributes: Str,
    /// The field that holds an element's text.
    pub(super) text: Str,
    /// Is text with markup put into CDATA sections?
    pub(super) cdata: bool,
    /// Is the declaration left out?
    pub(super) headless: bool,
    /// The name of the outermost element, where the object itself does not give it.
    pub(super) root: Str,
}

const ROOT: &str = "root";

/// An element that is being built.
#[derive(Default)]
struct Element {
    name: String,
    attributes: Vec<(String, String)>,
    children: Vec<Child>,
}

enum Child {
    Element(Element),
    /// Text, escaped.
    Text(String),
}

impl Builder {
    /// The document of an object.
    pub(super) fn build(&self, object: &Object) -> Result<String, NodeError> {
        // An object of one field names the outermost element itself.
        let own = object.iter().next().filter(|_| object.len() == 1 && &*self.root == ROOT);
        let whole;
        let (name, value) = match own {
            Some((name, value)) => (name, value),
            None => {
                whole = Value::from(object.clone());
                (&self.root, &whole)
            }
        };
        let mut root = element(name)?;
        self.fill(&mut root, value, 0)?;
        let mut document = String::new();
        if !self.headless {
            document.push_str("<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n");
        }
        root.write(&mut document, 0);
        Ok(document)
    }

    fn fill(&self, element: &mut Element, value: &Value, depth: usize) -> Result<(), NodeError> {
        if depth > DEEPEST {
            return Err(NodeError::new("The data is nested too deeply"));
        }
        match value {
            Value::Array(values) => {
                for child in values.iter() {
                    match child {
                        Value::Object(fields) => {
                            for (key, entry) in fields.iter() {
                                self.child(element, key, entry, depth)?;
                            }
                        }
                        // JavaScript would go through the indexes, and no name begins with a digit.
                        Value::Array(list) if !list.is_empty() => return Err(bad_name()),
                        Value::String(text) if !text.is_empty() => return Err(bad_name()),
                        _ => {}
                    }
                }
            }
            Value::Object(fields) => {
                for (key, child) in fields.iter() {
                    if *key == self.attributes {
                        for (name, value) in child
                            .as_object()
                            .into_iter()
                            .flat_map(Object::iter)
                            .filter(|(_, value)| !value.is_nullish())
                        {
                            element.attributes.push((legal_name(name)?, attribute(&value.to_text())?));
                        }
                    } else if *key == self.text {
                        element.children.push(Child::Text(self.escaped(child)?));
                    } else if let Value::Array(entries) = child {
                        for entry in entries.iter() {
                            self.child(element, key, entry, depth)?;
                        }
                    } else {
                        self.child(element, key, child, depth)?;
                    }
                }
            }
            Value::Null | Value::Undefined => {}
            scalar => element.children.push(Child::Text(self.escaped(scalar)?)),
        }
        Ok(())
    }

    fn child(&self, parent: &mut Element, name: &str, value: &Value, depth: usize) -> Result<(), NodeError> {
        let mut child = element(name)?;
        self.fill(&mut child, value, depth + 1)?;
        parent.children.push(Child::Element(child));
        Ok(())
    }

    fn escaped(&self, value: &Value) -> Result<String, NodeError> {
        let text = value.to_text();
        if self.cdata && matches!(value, Value::String(_)) && text.contains(['&', '<', '>']) {
            return Ok(format!("<![CDATA[{}]]>", text.replacen("]]>", "]]]]><![CDATA[>", 1)));
        }
        legal(text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('\r', "&#xD;"))
    }
}

fn element(name: &str) -> Result<Element, NodeError> {
    Ok(Element { name: legal_name(name)?, ..Element::default() })
}

fn bad_name() -> NodeError {
    NodeError::new("Invalid character in name")
}

fn legal_name(name: &str) -> Result<String, NodeError> {
    let legal = !name.is_empty() && name.char_indices().all(|(at, c)| is_name(c, at == 0));
    if legal { Ok(name.to_owned()) } else { Err(bad_name()) }
}

fn attribute(text: &str) -> Result<String, NodeError> {
    let escaped = text.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;");
    legal(escaped.replace('\t', "&#x9;").replace('\n', "&#xA;").replace('\r', "&#xD;"))
}

/// The text itself, if XML 1.0 can say it.
fn legal(text: String) -> Result<String, NodeError> {
    let wrong =
        |c: char| matches!(c, '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}');
    match text.find(wrong) {
        None => Ok(text),
        Some(at) => {
            let index = text[..at].encode_utf16().count();
            Err(NodeError::new(format!("Invalid character in string: {text} at index {index}")))
        }
    }
}

impl Element {
    fn write(&self, out: &mut String, depth: usize) {
        let indent = "  ".repeat(depth);
        out.push_str(&indent);
        out.push('<');
        out.push_str(&self.name);
        for (name, value) in &self.attributes {
            // Writing to a string cannot fail.
            let _ = write!(out, " {name}=\"{value}\"");
        }
        match self.children.as_slice() {
            children if children.iter().all(|child| matches!(child, Child::Text(text) if text.is_empty())) => {
                out.push_str("/>")
            }
            [Child::Text(text)] => {
                let _ = write!(out, ">{text}</{}>", self.name);
            }
            children => {
                out.push_str(">\n");
                for child in children {
                    match child {
                        Child::Element(element) => element.write(out, depth + 1),
                        Child::Text(text) => {
                            let _ = write!(out, "{indent}  {text}");
                        }
                    }
                    out.push('\n');
                }
                let _ = write!(out, "{indent}</{}>", self.name);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Builder;
    use crate::value::parse;

    fn built(json: &str, cdata: bool) -> Result<String, String> {
        let builder = Builder { attributes: "$".into(), text: "_".into(), cdata, headless: true, root: "root".into() };
        builder.build(parse(json).unwrap().as_object().unwrap()).map_err(|error| error.message)
    }

    #[test]
    fn fields_become_elements() {
        let json = r#"{"a":1,"b":[1,{"c":null}],"d":{"$":{"q":"x\"&<"},"_":"t"},"e":"<&>\"","g":"","h":[],"i":{}}"#;
        let xml = "<root>\n  <a>1</a>\n  <b>1</b>\n  <b>\n    <c/>\n  </b>\n  <d q=\"x&quot;&amp;&lt;\">t</d>\n  \
                   <e>&lt;&amp;&gt;\"</e>\n  <g/>\n  <i/>\n</root>";
        assert_eq!(built(json, false).unwrap(), xml);
        assert_eq!(built(r#"{"a":{"_":"x","b":1}}"#, false).unwrap(), "<a>\n  x\n  <b>1</b>\n</a>");
        assert_eq!(built(r#"{"a":"z]]>q"}"#, true).unwrap(), "<a><![CDATA[z]]]]><![CDATA[>q]]></a>");
        assert_eq!(built(r#"{"a":[1,2]}"#, false).unwrap(), "<a/>");
    }

    #[test]
    fn what_xml_cannot_say_is_refused() {
        assert_eq!(built(r#"{"a b":1}"#, false).unwrap_err(), "Invalid character in name");
        assert_eq!(
            built(r#"{"a":"t\r\u0001"}"#, false).unwrap_err(),
            "Invalid character in string: t&#xD;\u{1} at index 6"
        );
    }
}
