//! Convert to/from binary data: what came before Convert to File and Extract from File.

use super::binary::{Encoding, decode, encode, file, from_base64, named};
use super::fields::{path, remove_path, set_path};
use crate::item::Item;
use crate::node::{Context, Group, NodeError, NodeType, Property, Run, Shown};
use crate::value::{Object, Value, parse, to_string};
use base64::Engine;
use std::sync::Arc;

const TO_JSON: Shown = Shown::is("mode", &["binaryToJson"]);
const TO_BINARY: Shown = Shown::is("mode", &["jsonToBinary"]);

pub(super) static MOVE_BINARY_DATA: NodeType = NodeType {
    name: "n8n-nodes-base.moveBinaryData",
    title: "Convert to/from binary data",
    summary: "Moves data between the fields of items and their files.",
    group: Group::Files,
    versions: &[1.0, 1.1],
    properties: &[
        Property::options("mode", "binaryToJson", &["binaryToJson", "jsonToBinary"]),
        Property::bool("setAllData", true).when(&[TO_JSON]),
        Property::text("sourceKey").or("data").when(&[TO_JSON]).required(),
        Property::text("destinationKey").or("data").when(&[TO_JSON, Shown::is("setAllData", &["false"])]),
        Property::bool("convertAllData", true).when(&[TO_BINARY]),
        Property::text("sourceKey").or("data").when(&[TO_BINARY, Shown::is("convertAllData", &["false"])]).required(),
        Property::text("destinationKey").or("data").when(&[TO_BINARY]).required(),
        Property::collection(
            "options",
            &[
                Property::bool("addBOM", false),
                Property::bool("dataIsBase64", false),
                Property::text("encoding").or("utf8"),
                Property::bool("stripBOM", true),
                Property::text("fileName"),
                Property::bool("jsonParse", false),
                Property::bool("keepAsBase64", false),
                Property::bool("keepSource", false),
                Property::text("mimeType").or("application/json"),
                Property::bool("useRawData", false),
            ],
        ),
    ],
    run: Run::Pure(|context| {
        context.each(|context, at, item| {
            let to_json = &*context.text("mode", at)? == "binaryToJson";
            let moved = if to_json { to_json_fields(context, at, item) } else { to_file(context, at, item) };
            Ok(moved?.into_iter().collect())
        })
    }),
    ..NodeType::BASE
};

/// The item with its file in its fields; nothing where it has no such file.
fn to_json_fields(context: &mut Context<'_>, at: usize, item: &Item) -> Result<Option<Item>, NodeError> {
    let source = context.text("sourceKey", at)?;
    let all = context.flag("setAllData", at)?;
    let options = context.get("options", at)?;
    let Some(content) = item.file(&source) else { return Ok(None) };
    let encoding = Encoding::named(options.get("encoding").as_str().unwrap_or("utf8"))?;
    let text = || decode(&content.data, encoding, options.get("stripBOM").is_truthy());
    let json = |text: &str| parse(text).map_err(|error| NodeError::new(error.to_string()));
    let value = if options.get("keepAsBase64").is_truthy() {
        Value::from(base64::prelude::BASE64_STANDARD.encode(&content.data))
    } else if all || options.get("jsonParse").is_truthy() {
        json(&text())?
    } else {
        Value::String(text())
    };
    let mut moved = item.clone();
    match value {
        Value::Object(object) if all => moved.json = object,
        value => {
            let destination = if all { "data".into() } else { context.text("destinationKey", at)? };
            if all {
                moved.json = Object::new().into();
            }
            set_path(Arc::make_mut(&mut moved.json), &destination, value);
        }
    }
    if let (false, Some(files)) = (options.get("keepSource").is_truthy(), &mut moved.binary) {
        Arc::make_mut(files).retain(|(name, _)| **name != *source);
    }
    moved.binary = moved.binary.filter(|files| !files.is_empty());
    Ok(Some(moved))
}

/// The item with fields in a file; nothing where it has no such field.
fn to_file(context: &mut Context<'_>, at: usize, item: &Item) -> Result<Option<Item>, NodeError> {
    let all = context.flag("convertAllData", at)?;
    let source = if all { "".into() } else { context.text("sourceKey", at)? };
    let destination = context.text("destinationKey", at)?;
    let options = context.get("options", at)?;
    let value =
        if all { Value::Object(item.json.clone()) } else { path(&item.json, &source).cloned().unwrap_or_default() };
    if value.is_undefined() {
        return Ok(None);
    }
    let mut mime = options.get("mimeType").as_str().filter(|mime| !mime.is_empty());
    let content = if options.get("dataIsBase64").is_truthy() {
        from_base64(&value.to_text())
    } else {
        let structured = matches!(value, Value::Object(_) | Value::Array(_) | Value::Null);
        let raw = options.get("useRawData").is_truthy() && !structured;
        let text = if raw { value.to_text() } else { to_string(&value).into() };
        mime = mime.or((!raw).then_some("application/json"));
        let encoding = Encoding::named(options.get("encoding").as_str().unwrap_or("utf8"))?;
        encode(&text, encoding, options.get("addBOM").is_truthy())
    };
    let made = file(content, options.get("fileName").as_str(), mime);
    let made = if context.version() > 1.0 { named(made) } else { made };
    let mut moved = item.clone().with_file(&destination, made);
    if !options.get("keepSource").is_truthy() {
        if all {
            moved.json = Object::new().into();
        } else {
            remove_path(Arc::make_mut(&mut moved.json), &source);
        }
    }
    Ok(Some(moved))
}
