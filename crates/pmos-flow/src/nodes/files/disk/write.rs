//! Write Binary File: what came before Read/Write Files from Disk.

use super::write_item;
use crate::node::{BoxFuture, Context, Given, Group, NodeError, NodeType, Property, Run};
use crate::value::Value;
use std::sync::Arc;

pub(in crate::nodes::files) static WRITE_BINARY_FILE: NodeType = NodeType {
    name: "n8n-nodes-base.writeBinaryFile",
    title: "Write Binary File",
    summary: "Writes a file to the disk.",
    group: Group::Files,
    properties: &[
        Property::text("fileName").required(),
        Property::text("dataPropertyName").or("data").required(),
        Property::collection("options", &[Property::bool("append", false)]),
    ],
    run: Run::Effect(run),
    ..NodeType::BASE
};

/// Gives each item with the name of the file that it was written to.
pub(super) fn run<'a>(context: &'a mut Context<'_>) -> BoxFuture<'a, Result<Given, NodeError>> {
    Box::pin(async move {
        let items = context.items();
        let mut given = Vec::with_capacity(items.len());
        for (at, item) in items.iter().enumerate() {
            given.push(match write_item(context, item, at).await {
                Ok(name) => {
                    let mut item = item.clone().linked(at);
                    Arc::make_mut(&mut item.json).insert("fileName", Value::from(name));
                    item
                }
                Err(error) => context.failed(error, at)?,
            });
        }
        Ok(given.into())
    })
}
