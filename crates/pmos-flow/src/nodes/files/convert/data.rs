//! JSON, text and Base64 as files.

use crate::item::{Binary, Item, Links};
use crate::node::{Context, Given, NodeError, Property};
use crate::nodes::files::binary::{Encoding, encode, file, from_base64, named};
use crate::nodes::files::fields::path;
use crate::value::{Object, Value, to_string, to_string_pretty};

pub(super) const JSON_OPTIONS: &[Property] = &[
    Property::bool("addBOM", false),
    Property::text("encoding").or("utf8"),
    Property::text("fileName"),
    Property::bool("format", false),
];
pub(super) const TEXT_OPTIONS: &[Property] =
    &[Property::bool("addBOM", false), Property::text("encoding").or("utf8"), Property::text("fileName")];
pub(super) const BINARY_OPTIONS: &[Property] = &[
    Property::bool("addBOM", false),
    Property::bool("dataIsBase64", true).until(1.0),
    Property::text("encoding").or("utf8"),
    Property::text("fileName"),
    Property::text("mimeType"),
];

/// One file with all items as a list, or a file for each.
pub(super) fn to_json(context: &mut Context<'_>) -> Result<Given, NodeError> {
    if &*context.text("mode", 0)? == "each" {
        return context.each(|context, at, item| {
            let made = text_file(context, at, &Value::Object(item.json.clone()), Some("application/json"))?;
            given(context, at, made)
        });
    }
    let items = context.items();
    let all = Value::list(items.iter().map(|item| Value::Object(item.json.clone())));
    let made = text_file(context, 0, &all, Some("application/json")).and_then(|made| given(context, 0, made));
    let mut given = match made {
        Ok(given) => given,
        Err(error) => vec![context.failed(error, 0)?],
    };
    for item in &mut given {
        item.links = Links::to_all(0..items.len());
    }
    Ok(given.into())
}

pub(super) fn to_text(context: &mut Context<'_>, at: usize, item: &Item) -> Result<Vec<Item>, NodeError> {
    let source = source(context, at, item)?;
    let made = text_file(context, at, &source, Some("text/plain"))?;
    given(context, at, made)
}

pub(super) fn to_binary(context: &mut Context<'_>, at: usize, item: &Item) -> Result<Vec<Item>, NodeError> {
    let source = source(context, at, item)?;
    let options = context.get("options", at)?;
    let base64 = context.version() > 1.0 || options.get("dataIsBase64").as_bool().unwrap_or(true);
    let mime = options.get("mimeType").as_str().filter(|mime| !mime.is_empty());
    let made = if base64 {
        named(file(from_base64(&source.to_text()), options.get("fileName").as_str(), mime))
    } else {
        text_file(context, at, &source, mime)?
    };
    given(context, at, made)
}

fn source(context: &mut Context<'_>, at: usize, item: &Item) -> Result<Value, NodeError> {
    let property = context.text("sourceProperty", at)?;
    path(&item.json, &property)
        .cloned()
        .ok_or_else(|| NodeError::new(format!("The value in \"{property}\" is not set")))
}

/// A file of text; what is no text becomes JSON.
fn text_file(context: &mut Context<'_>, at: usize, value: &Value, mime: Option<&str>) -> Result<Binary, NodeError> {
    let options = context.get("options", at)?;
    let structured = matches!(value, Value::Object(_) | Value::Array(_) | Value::Null);
    let text = match value {
        value if !structured => value.to_text(),
        value if options.get("format").is_truthy() => to_string_pretty(value).into(),
        value => to_string(value).into(),
    };
    let encoding = Encoding::named(options.get("encoding").as_str().unwrap_or("utf8"))?;
    let content = encode(&text, encoding, options.get("addBOM").is_truthy());
    let mime = if structured { Some("application/json") } else { mime };
    Ok(named(file(content, options.get("fileName").as_str(), mime)))
}

fn given(context: &mut Context<'_>, at: usize, made: Binary) -> Result<Vec<Item>, NodeError> {
    let property = context.text("binaryPropertyName", at)?;
    Ok(vec![Item::new(Object::new()).with_file(&property, made)])
}
