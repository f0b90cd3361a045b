//! XML: a strict reader, and the node that turns XML into JSON and back.

mod from_json;
mod node;
mod reader;
mod to_json;

pub(super) use node::XML;
pub(in crate::nodes) use reader::entity;
pub(super) use reader::{Event, Reader, Tag, local_name};

use crate::node::NodeError;
use crate::value::Value;

/// Elements may nest so deep; JSON may nest 128 levels, and every second one is a list.
const DEEPEST: usize = 256;

/// Escapes text for the content of an element or, with its quotes, for an attribute.
pub(super) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            // XML 1.0 has no way at all to say the other control characters.
            c if c < ' ' && !matches!(c, '\t' | '\n' | '\r') => {}
            c => escaped.push(c),
        }
    }
    escaped
}

/// A document as xml2js reads it unless told otherwise: every child a list, attributes in `$`, text in `_`.
pub(in crate::nodes) fn parse(document: &str) -> Result<Value, NodeError> {
    let shape = to_json::Shape {
        attributes: "$".into(),
        text: "_".into(),
        lists: true,
        root: true,
        ignore_attributes: false,
        merge_attributes: false,
        normalize: false,
        small_names: false,
        trim: false,
    };
    shape.read(document)
}
