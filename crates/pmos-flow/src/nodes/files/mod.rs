//! Nodes that read and write files and formats.
//!
//! Everything here reads what strangers wrote: every reader has a bound of size and of depth, and entities of XML are never
//! expanded.

mod archive;
pub(super) mod binary;
mod calendar;
mod convert;
mod disk;
mod extract;
mod fields;
mod html;
mod markdown;
mod move_binary;
mod sheet;
mod spreadsheet_file;
pub(super) mod xml;

use crate::node::NodeType;

/// The types of this folder.
pub(super) static TYPES: &[&NodeType] = &[
    &archive::COMPRESSION,
    &calendar::I_CALENDAR,
    &convert::CONVERT_TO_FILE,
    &disk::READ_BINARY_FILE,
    &disk::READ_BINARY_FILES,
    &disk::READ_WRITE_FILE,
    &disk::WRITE_BINARY_FILE,
    &extract::EXTRACT_FROM_FILE,
    &html::HTML,
    &html::HTML_EXTRACT,
    &markdown::MARKDOWN,
    &move_binary::MOVE_BINARY_DATA,
    &spreadsheet_file::SPREADSHEET_FILE,
    &xml::XML,
];
