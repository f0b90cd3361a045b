//! Read Binary File and Read Binary Files: what came before Read/Write Files from Disk.

use super::matching;
use crate::item::{Item, Links};
use crate::node::{BoxFuture, Context, Given, Group, NodeError, NodeType, Property, Run};
use crate::nodes::files::binary::file;
use crate::value::Object;

pub(in crate::nodes::files) static READ_BINARY_FILE: NodeType = NodeType {
    name: "n8n-nodes-base.readBinaryFile",
    title: "Read Binary File",
    summary: "Reads a file from the disk.",
    group: Group::Files,
    properties: &[Property::text("filePath").required(), Property::text("dataPropertyName").or("data").required()],
    run: Run::Effect(one),
    ..NodeType::BASE
};

pub(in crate::nodes::files) static READ_BINARY_FILES: NodeType = NodeType {
    name: "n8n-nodes-base.readBinaryFiles",
    title: "Read Binary Files",
    summary: "Reads the files that a pattern matches from the disk.",
    group: Group::Files,
    properties: &[Property::text("fileSelector").required(), Property::text("dataPropertyName").or("data").required()],
    run: Run::Effect(many),
    ..NodeType::BASE
};

fn one<'a>(context: &'a mut Context<'_>) -> BoxFuture<'a, Result<Given, NodeError>> {
    Box::pin(async move {
        let items = context.items();
        let mut given = Vec::with_capacity(items.len());
        for (at, item) in items.iter().enumerate() {
            given.push(match read(context, item, at).await {
                Ok(item) => item.linked(at),
                Err(error) => context.failed(error, at)?,
            });
        }
        Ok(given.into())
    })
}

async fn read(context: &mut Context<'_>, item: &Item, at: usize) -> Result<Item, NodeError> {
    let path = context.text("filePath", at)?;
    let property = context.text("dataPropertyName", at)?;
    let content = context.read_file(&path).await?;
    Ok(item.clone().with_file(&property, file(content, Some(&path), None)))
}

fn many<'a>(context: &'a mut Context<'_>) -> BoxFuture<'a, Result<Given, NodeError>> {
    Box::pin(async move {
        let pattern = context.text("fileSelector", 0)?;
        let property = context.text("dataPropertyName", 0)?;
        let mut given = Vec::new();
        for path in matching(context, &pattern).await? {
            let content = context.read_file(&path).await?;
            let mut item = Item::new(Object::new()).with_file(&property, file(content, Some(&path), None));
            item.links = Links::to_all(0..context.items().len());
            given.push(item);
        }
        Ok(given.into())
    })
}
