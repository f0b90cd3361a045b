//! Text, JSON, events and Base64 from files.

use crate::item::Item;
use crate::node::{Context, NodeError};
use crate::nodes::files::binary::{Encoding, decode, file_of};
use crate::nodes::files::{calendar, fields::set_path};
use crate::value::{Object, Value, parse};
use base64::Engine;
use std::sync::Arc;

/// The content of an item's file, in a field.
pub(super) fn extract(context: &mut Context<'_>, at: usize, item: &Item) -> Result<Vec<Item>, NodeError> {
    let property = context.text("binaryPropertyName", at)?;
    let destination = context.text("destinationKey", at)?;
    let options = context.get("options", at)?;
    let bytes = file_of(item, &property, at)?.data.clone();
    let encoding = Encoding::named(options.get("encoding").as_str().unwrap_or("utf8"))?;
    let text = || decode(&bytes, encoding, options.get("stripBOM").as_bool().unwrap_or(true));
    let value = match &*context.text("operation", at)? {
        "binaryToPropery" => Value::from(base64::prelude::BASE64_STANDARD.encode(&bytes)),
        "fromJson" => json(&text())?,
        "fromIcs" => calendar::read(&text())?,
        _ => Value::String(text()),
    };
    let kept = options.get("keepSource").as_str().unwrap_or_default();
    let mut json = if matches!(kept, "json" | "both") { Object::clone(&item.json) } else { Object::new() };
    set_path(&mut json, &destination, value);
    let mut given = Item::new(json);
    given.binary = item.binary.clone();
    if !matches!(kept, "binary" | "both") {
        given = without(given, &property);
    }
    Ok(vec![given])
}

/// JSON from text; nothing becomes an empty object.
pub(super) fn json(text: &str) -> Result<Value, NodeError> {
    if text.is_empty() {
        return Ok(Value::object());
    }
    parse(text).map_err(|_| {
        NodeError::new("The file does not contain valid JSON")
            .described("The content of the file could not be read as JSON")
    })
}

/// An item without one of its files.
fn without(mut item: Item, property: &str) -> Item {
    if let Some(files) = &mut item.binary {
        Arc::make_mut(files).retain(|(name, _)| **name != *property);
        if files.is_empty() {
            item.binary = None;
        }
    }
    item
}
