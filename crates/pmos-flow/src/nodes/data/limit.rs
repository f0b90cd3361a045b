//! Limit: the first or the last items.

use crate::node::{Context, Given, Group, NodeError, NodeType, Property, Run};

/// Gives the first or the last items.
pub(super) static LIMIT: NodeType = NodeType {
    name: "n8n-nodes-base.limit",
    title: "Limit",
    summary: "Gives the first or the last items, and drops the others.",
    group: Group::Data,
    properties: &[
        Property::number("maxItems", 1.0),
        Property::options("keep", "firstItems", &["firstItems", "lastItems"]),
    ],
    run: Run::Pure(run),
    ..NodeType::BASE
};

fn run(context: &mut Context<'_>) -> Result<Given, NodeError> {
    let most = context.number("maxItems", 0)?.max(0.0) as usize;
    let Given { mut outputs, .. } = context.pass_on();
    if let Some(items) = outputs.first_mut() {
        match &*context.text("keep", 0)? {
            "firstItems" => items.truncate(most),
            _ => drop(items.drain(..items.len().saturating_sub(most))),
        }
    }
    Ok(outputs.into())
}
