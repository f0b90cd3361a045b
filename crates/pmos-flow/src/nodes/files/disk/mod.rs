//! Files of the disk that a workflow may use.

mod read;
mod read_write;
mod write;

pub(super) use read::{READ_BINARY_FILE, READ_BINARY_FILES};
pub(super) use read_write::READ_WRITE_FILE;
pub(super) use write::WRITE_BINARY_FILE;

use crate::node::{Context, NodeError};
use crate::value::Str;

/// The files that a pattern matches, in the order of their names.
async fn matching(context: &Context<'_>, pattern: &str) -> Result<Vec<String>, NodeError> {
    Ok(context.ports.files.matching(pattern).await?)
}

/// Writes a file of an item to the disk, with the name and the property that the node's parameters say; gives the name.
async fn write_item(context: &mut Context<'_>, item: &crate::item::Item, at: usize) -> Result<Str, NodeError> {
    let property = context.text("dataPropertyName", at)?;
    let name = context.text("fileName", at)?;
    let append = context.flag("options.append", at)?;
    let content = super::binary::file_of(item, &property, at)?.data.clone();
    context.write_file(at, &name, content, append).await?;
    Ok(name)
}
