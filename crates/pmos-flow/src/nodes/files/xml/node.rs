//! The node XML.

use super::from_json::Builder;
use super::to_json::Shape;
use crate::item::Item;
use crate::node::{Context, Given, Group, NodeError, NodeType, Property, Run, Shown};
use crate::value::{Object, Str, Value};

pub(in crate::nodes::files) static XML: NodeType = NodeType {
    name: "n8n-nodes-base.xml",
    title: "XML",
    summary: "Turns XML into JSON, and JSON into XML.",
    group: Group::Files,
    properties: &[
        Property::options("mode", "xmlToJson", &["jsonToxml", "xmlToJson"]),
        Property::text("dataPropertyName").or("data").required(),
        Property::collection(
            "options",
            &[
                Property::bool("allowSurrogateChars", false),
                Property::text("attrkey").or("$"),
                Property::bool("cdata", false),
                Property::text("charkey").or("_"),
                Property::bool("headless", false),
                Property::text("rootName").or("root"),
            ],
        )
        .when(&[Shown::is("mode", &["jsonToxml"])]),
        Property::collection(
            "options",
            &[
                Property::text("attrkey").or("$"),
                Property::text("charkey").or("_"),
                Property::bool("explicitArray", false),
                Property::bool("explicitRoot", true),
                Property::bool("ignoreAttrs", false),
                Property::bool("mergeAttrs", true),
                Property::bool("normalize", false),
                Property::bool("normalizeTags", false),
                Property::bool("trim", false),
            ],
        )
        .when(&[Shown::is("mode", &["xmlToJson"])]),
    ],
    run: Run::Pure(run),
    ..NodeType::BASE
};

fn run(context: &mut Context<'_>) -> Result<Given, NodeError> {
    context.each(|context, at, item| {
        let property = context.text("dataPropertyName", at)?;
        let options = context.get("options", at)?;
        let name = |key: &str, default: &str| -> Str { options.get(key).as_str().unwrap_or(default).into() };
        let flag = |key: &str, default: bool| options.get(key).as_bool().unwrap_or(default);
        if &*context.text("mode", at)? == "jsonToxml" {
            let builder = Builder {
                attributes: name("attrkey", "$"),
                text: name("charkey", "_"),
                cdata: flag("cdata", false),
                headless: flag("headless", false),
                root: name("rootName", "root"),
            };
            let document = builder.build(&item.json)?;
            return Ok(vec![Item::new(Object::from_iter([(property, Value::from(document))]))]);
        }
        let shape = Shape {
            attributes: name("attrkey", "$"),
            text: name("charkey", "_"),
            lists: flag("explicitArray", false),
            root: flag("explicitRoot", true),
            ignore_attributes: flag("ignoreAttrs", false),
            merge_attributes: flag("mergeAttrs", true),
            normalize: flag("normalize", false),
            small_names: flag("normalizeTags", false),
            trim: flag("trim", false),
        };
        let missing = || NodeError::new(format!("Item has no JSON property called \"{property}\""));
        let document = item.json.get(&property).ok_or_else(missing)?;
        Ok(vec![Item::new(match shape.read(&document.to_text())? {
            Value::Object(object) => object,
            // Without a field for the outermost element, one that holds text alone is no object.
            Value::Null => Object::new().into(),
            text => Object::from_iter([(property, text)]).into(),
        })])
    })
}
