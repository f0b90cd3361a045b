//! Edit Fields (Set): sets fields of items.
//!
//! [`old`] are versions 1 and 2. Since version 3 a node keeps some fields of its input ([`kept`]) and lays new ones over
//! them: one by one with a type ([`fields`]), or as JSON ([`json`]).

mod fields;
mod json;
mod kept;
mod old;

use crate::item::Item;
use crate::node::{Context, Given, Group, Kind, NodeError, NodeType, Property, Run, Shown};
use crate::value::{Object, Path, Value};
use fields::Fields;
use json::Template;
use kept::Kept;

const BY_HAND: &[Shown] = &[Shown::is("mode", &["manual"])];
const AS_JSON: &[Shown] = &[Shown::is("mode", &["raw"])];
const SOME: &[&str] = &["all", "selected", "except"];

/// Sets fields of items.
pub(super) static SET: NodeType = NodeType {
    name: "n8n-nodes-base.set",
    title: "Edit Fields (Set)",
    summary: "Sets fields of items.",
    group: Group::Data,
    versions: &[1.0, 2.0, 3.0, 3.1, 3.2, 3.3, 3.4],
    properties: &[
        Property::bool("keepOnlySet", false).until(2.0),
        Property::groups(
            "values",
            &[
                ("boolean", &[Property::text("name").or("propertyName"), Property::bool("value", false)]),
                ("number", &[Property::text("name").or("propertyName"), Property::number("value", 0.0)]),
                ("string", &[Property::text("name").or("propertyName"), Property::text("value")]),
            ],
        )
        .until(2.0),
        Property::options("mode", "manual", &["manual", "raw"]).since(3.0),
        Property::bool("duplicateItem", false).since(3.0),
        Property::number("duplicateCount", 0.0).since(3.0).when(&[Shown::is("duplicateItem", &["true"])]),
        Property::of("jsonOutput", Kind::Json)
            .or("{\n  \"my_field_1\": \"value\",\n  \"my_field_2\": 1\n}")
            .since(3.0)
            .when(AS_JSON),
        Property::groups(
            "fields",
            &[(
                "values",
                &[
                    Property::text("name"),
                    Property::options(
                        "type",
                        "stringValue",
                        &["stringValue", "numberValue", "booleanValue", "arrayValue", "objectValue"],
                    ),
                    Property::text("stringValue").when(&[Shown::is("type", &["stringValue"])]),
                    Property::text("numberValue").when(&[Shown::is("type", &["numberValue"])]),
                    Property::text("booleanValue").or("true").when(&[Shown::is("type", &["booleanValue"])]),
                    Property::text("arrayValue").when(&[Shown::is("type", &["arrayValue"])]),
                    Property::text("objectValue").or("={}").when(&[Shown::is("type", &["objectValue"])]),
                ],
            )],
        )
        .since(3.0)
        .until(3.2)
        .when(BY_HAND),
        Property::of("assignments", Kind::Assignments).since(3.3).when(BY_HAND),
        Property::options("include", "all", &["all", "none", "selected", "except"]).since(3.0).until(3.2),
        Property::bool("includeOtherFields", false).since(3.3),
        Property::options("include", "all", SOME).since(3.3).when(&[Shown::is("includeOtherFields", &["true"])]),
        Property::text("includeFields").since(3.0).when(&[Shown::is("include", &["selected"])]),
        Property::text("excludeFields").since(3.0).when(&[Shown::is("include", &["except"])]),
        Property::collection(
            "options",
            &[
                Property::bool("includeBinary", true).since(3.0).until(3.3),
                Property::bool("stripBinary", true).since(3.4),
                Property::bool("ignoreConversionErrors", false).since(3.0),
                Property::bool("dotNotation", true),
            ],
        ),
    ],
    run: Run::Pure(|context| if context.version() < 3.0 { old::run(context) } else { run(context) }),
    ..NodeType::BASE
};

/// What is laid over the fields that are kept.
enum Laid {
    Fields(Fields),
    Json(Template),
}

fn run(context: &mut Context<'_>) -> Result<Given, NodeError> {
    let dots = with_dots(context)?;
    let kept = Kept::read(context, dots)?;
    let laid = match &*context.text("mode", 0)? {
        "raw" => {
            Laid::Json(Template::of(&context.parameter("jsonOutput"), context.node().parameters.get("jsonOutput")))
        }
        _ => Laid::Fields(Fields::read(context, dots)?),
    };
    context.each(|context, at, item| {
        let scope = context.scope(at);
        let mut json = kept.fields_of(item);
        let mut files = Vec::new();
        match &laid {
            Laid::Fields(fields) => fields.lay(&scope, item, at, context, &mut json, &mut files)?,
            Laid::Json(template) => {
                for (key, value) in template.object(&scope, "'JSON Output'", at)?.iter() {
                    put(&Path::with(key, dots), &mut json, value.clone());
                }
            }
        }
        let mut made = Item { json: json.into(), binary: kept.files_of(item), ..Item::default() };
        for (name, file) in files {
            made = made.with_file(&name, file);
        }
        Ok(vec![made])
    })
}

/// Are names of fields paths?
fn with_dots(context: &mut Context<'_>) -> Result<bool, NodeError> {
    Ok(context.get("options.dotNotation", 0)? != Value::Bool(false))
}

/// Sets a field; what is undefined is no field.
fn put(path: &Path, json: &mut Object, value: Value) {
    match value.into_json() {
        Value::Undefined => drop(path.unset(json)),
        value => path.set(json, value),
    }
}
