//! Values from pages: what the nodes HTML and HTML Extract have in common.

use super::dom::{Dom, NodeId};
use super::{select::select, text::to_text};
use crate::item::Item;
use crate::node::{Context, Group, NodeError, NodeType, Property, Run, Shown};
use crate::nodes::files::binary::{LARGEST_INPUT, file_of};
use crate::nodes::files::fields::path;
use crate::value::{Object, Value};
use std::sync::Arc;

pub(super) const VALUES: &[(&str, &[Property])] = &[(
    "values",
    &[
        Property::text("key"),
        Property::text("cssSelector"),
        Property::options("returnValue", "text", &["attribute", "html", "text", "value"]),
        Property::text("attribute").when(&[Shown::is("returnValue", &["attribute"])]),
        Property::text("skipSelectors").when(&[Shown::is("returnValue", &["text"])]).since(1.2),
        Property::bool("returnArray", false),
    ],
)];

pub(super) const OPTIONS: &[Property] = &[Property::bool("trimValues", true), Property::bool("cleanUpText", true)];

pub(in crate::nodes::files) static HTML_EXTRACT: NodeType = NodeType {
    name: "n8n-nodes-base.htmlExtract",
    title: "HTML Extract",
    summary: "Extracts values from HTML.",
    group: Group::Files,
    properties: &[
        Property::options("sourceData", "json", &["binary", "json"]),
        Property::text("dataPropertyName").or("data").required(),
        Property::groups("extractionValues", VALUES),
        Property::collection("options", OPTIONS),
    ],
    run: Run::Pure(|context| context.each(extract)),
    ..NodeType::BASE
};

/// The values of the pages of an item, an item a page.
pub(super) fn extract(context: &mut Context<'_>, at: usize, item: &Item) -> Result<Vec<Item>, NodeError> {
    let property = context.text("dataPropertyName", at)?;
    let wanted = context.get("extractionValues", at)?;
    let mut options = context.get("options", at)?;
    if let (true, Value::Object(options)) = (context.kind.name == HTML_EXTRACT.name, &mut options)
        && !options.contains_key("trimValues")
    {
        // The old node trims unless it is told not to; the new one only where it is told to.
        Arc::make_mut(options).insert("trimValues", Value::Bool(true));
    }
    let missing = || NodeError::new(format!("No property named \"{property}\" exists!"));
    let source = if &*context.text("sourceData", at)? == "binary" {
        Value::from(String::from_utf8_lossy(&file_of(item, &property, at)?.data).into_owned())
    } else {
        path(&item.json, &property).cloned().ok_or_else(missing)?
    };
    let pages = match &source {
        Value::Array(pages) => pages.to_vec(),
        page => vec![page.clone()],
    };
    let version = if context.kind.name == HTML_EXTRACT.name { 1.0 } else { context.version() };
    let mut given = Vec::with_capacity(pages.len());
    for page in pages {
        let html = page.to_text();
        if html.len() > LARGEST_INPUT {
            return Err(NodeError::new("The HTML is too large"));
        }
        let page = Page { dom: Dom::parse(&html)?, options: &options, laid_out: version >= 1.2 };
        let mut json = Object::new();
        for value in wanted.get("values").as_array().unwrap_or_default() {
            let key = value.get("key").to_text();
            let found = select(&page.dom, &value.get("cssSelector").to_text())?;
            let extracted = if value.get("returnArray").is_truthy() {
                let each: Result<Vec<Value>, NodeError> =
                    found.iter().map(|element| page.value(&[*element], value)).collect();
                each?.into()
            } else {
                page.value(&found, value)?
            };
            json.insert(key, extracted);
        }
        json.retain(|_, value| !value.is_undefined());
        given.push(Item::new(match Value::from(json).into_json() {
            Value::Object(json) => json,
            _ => Object::new().into(),
        }));
    }
    Ok(given)
}

struct Page<'o> {
    dom: Dom,
    options: &'o Value,
    /// Is text laid out in lines and blocks, or just joined?
    laid_out: bool,
}

impl Page<'_> {
    /// The value that is wanted of the elements that were found: of the first one, but for joined text.
    fn value(&self, found: &[NodeId], wanted: &Value) -> Result<Value, NodeError> {
        let first = found.first().copied();
        let non_empty = |text: String| if text.is_empty() { Value::Undefined } else { Value::from(text) };
        let value = match wanted.get("returnValue").as_str().unwrap_or("text") {
            "attribute" => self.attribute(first, &wanted.get("attribute").to_text()),
            "html" => first.map_or(Value::Undefined, |first| non_empty(self.dom.inner_html(first))),
            "value" => first.map_or(Value::Undefined, |first| self.form_value(first)),
            _ if self.laid_out => {
                let mut skip = Vec::new();
                for selector in wanted
                    .get("skipSelectors")
                    .as_str()
                    .unwrap_or_default()
                    .split(',')
                    .filter(|part| !part.trim().is_empty())
                {
                    skip.extend(select(&self.dom, selector)?);
                }
                skip.sort_unstable();
                Value::from(first.map(|first| to_text(&self.dom, first, &skip)).unwrap_or_default())
            }
            _ => non_empty(found.iter().map(|element| self.dom.text(*element)).collect()),
        };
        Ok(match value {
            Value::String(text) => Value::from(self.cleaned(&text)),
            value => value,
        })
    }

    /// The attribute of this name; all of them for no name.
    fn attribute(&self, element: Option<NodeId>, name: &str) -> Value {
        let Some(element) = element else { return Value::Undefined };
        if name.is_empty() || name == "undefined" {
            let all = self.dom.attributes(element).iter().map(|(name, value)| (name.as_str(), Value::text(&**value)));
            return Value::from(all.collect::<Object>());
        }
        self.dom.attribute(element, name).map_or(Value::Undefined, Value::from)
    }

    /// What a form would send for an element.
    fn form_value(&self, element: NodeId) -> Value {
        let attribute = |node, name| self.dom.attribute(node, name).map_or(Value::Undefined, Value::from);
        let of_option = |node| match self.dom.attribute(node, "value") {
            Some(value) => Value::from(value),
            None => Value::from(self.dom.text(node)),
        };
        match self.dom.name(element) {
            "textarea" => Value::from(self.dom.text(element)),
            "option" => of_option(element),
            "select" => {
                let options: Vec<NodeId> =
                    self.dom.descendants(element).filter(|node| self.dom.name(*node) == "option").collect();
                let chosen =
                    || options.iter().copied().filter(|option| self.dom.attribute(*option, "selected").is_some());
                if self.dom.attribute(element, "multiple").is_some() {
                    return Value::list(chosen().map(of_option));
                }
                chosen().next_back().or(options.first().copied()).map_or(Value::Undefined, of_option)
            }
            _ => attribute(element, "value"),
        }
    }

    fn cleaned(&self, text: &str) -> String {
        let text = if self.options.get("trimValues").is_truthy() { text.trim() } else { text };
        if !self.options.get("cleanUpText").is_truthy() {
            return text.to_owned();
        }
        let mut cleaned = String::with_capacity(text.len());
        for c in text.trim_start().chars().filter(|c| *c != '\r' && *c != '\n') {
            match c {
                c if !c.is_whitespace() => cleaned.push(c),
                _ if cleaned.ends_with(' ') => {}
                _ => cleaned.push(' '),
            }
        }
        cleaned
    }
}
