//! Read/Write Files from Disk.

use super::{matching, write};
use crate::item::Item;
use crate::node::{BoxFuture, Context, Given, Group, NodeError, NodeType, Property, Run, Shown};
use crate::nodes::files::binary::file;
use crate::value::Str;

const READ: &[Shown] = &[Shown::is("operation", &["read"])];
const WRITE: &[Shown] = &[Shown::is("operation", &["write"])];

pub(in crate::nodes::files) static READ_WRITE_FILE: NodeType = NodeType {
    name: "n8n-nodes-base.readWriteFile",
    title: "Read/Write Files from Disk",
    summary: "Reads files from the disk, and writes them.",
    group: Group::Files,
    versions: &[1.0, 1.1],
    properties: &[
        Property::options("operation", "read", &["read", "write"]),
        Property::text("fileSelector").when(READ).required(),
        Property::text("fileName").when(WRITE).required(),
        Property::text("dataPropertyName").or("data").when(WRITE).required(),
        Property::collection(
            "options",
            &[
                Property::text("fileExtension"),
                Property::text("fileName"),
                Property::text("mimeType"),
                Property::text("dataPropertyName").or("data"),
            ],
        )
        .when(READ),
        Property::collection("options", &[Property::bool("append", false)]).when(WRITE),
    ],
    run: Run::Effect(run),
    ..NodeType::BASE
};

fn run<'a>(context: &'a mut Context<'_>) -> BoxFuture<'a, Result<Given, NodeError>> {
    Box::pin(async move {
        if &*context.text("operation", 0)? == "write" {
            return write::run(context).await;
        }
        let mut given = Vec::new();
        for at in 0..context.items().len() {
            match read(context, at).await {
                Ok(items) => given.extend(items),
                Err(error) => given.push(context.failed(error, at)?),
            }
        }
        Ok(given.into())
    })
}

/// The files that an item's pattern matches, each as an item that describes it.
async fn read(context: &mut Context<'_>, at: usize) -> Result<Vec<Item>, NodeError> {
    let pattern = context.text("fileSelector", at)?;
    let option = |context: &mut Context<'_>, name: &str| -> Result<Option<Str>, NodeError> {
        let value = context.get(&format!("options.{name}"), at)?;
        Ok((!value.is_nullish()).then(|| value.to_text()))
    };
    let property = option(context, "dataPropertyName")?.unwrap_or_else(|| "data".into());
    let (extension, name, mime) =
        (option(context, "fileExtension")?, option(context, "fileName")?, option(context, "mimeType")?);
    let mut items = Vec::new();
    for path in matching(context, &pattern).await? {
        let mut found = file(context.read_file(&path).await?, Some(&path), None);
        found.file_extension = extension.clone().or(found.file_extension);
        found.file_name = name.clone().or(found.file_name);
        found.mime_type = mime.clone().unwrap_or(found.mime_type);
        let mut json = found.describe();
        json.remove("bytes");
        items.push(Item::new(json).with_file(&property, found).linked(at));
    }
    Ok(items)
}
