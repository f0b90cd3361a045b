//! Sheets in Excel's format of 1997 to 2003: BIFF8 records in a compound file. Reading also takes what Excel 95 wrote.

mod compound;
mod read;
mod strings;
mod write;

pub(super) use read::read;
pub(super) use write::write;

use crate::node::NodeError;

/// Numbers of records.
mod record {
    pub(super) const FORMULA: u16 = 0x06;
    pub(super) const END: u16 = 0x0a;
    pub(super) const FILEPASS: u16 = 0x2f;
    pub(super) const FONT: u16 = 0x31;
    pub(super) const CONTINUE: u16 = 0x3c;
    pub(super) const WINDOW1: u16 = 0x3d;
    pub(super) const CODEPAGE: u16 = 0x42;
    pub(super) const SHEET: u16 = 0x85;
    pub(super) const MULRK: u16 = 0xbd;
    pub(super) const RSTRING: u16 = 0xd6;
    pub(super) const XF: u16 = 0xe0;
    pub(super) const SST: u16 = 0xfc;
    pub(super) const LABELSST: u16 = 0xfd;
    pub(super) const DIMENSIONS: u16 = 0x200;
    pub(super) const NUMBER: u16 = 0x203;
    pub(super) const LABEL: u16 = 0x204;
    pub(super) const BOOLERR: u16 = 0x205;
    pub(super) const STRING: u16 = 0x207;
    pub(super) const WINDOW2: u16 = 0x23e;
    pub(super) const RK: u16 = 0x27e;
    pub(super) const STYLE: u16 = 0x293;
    pub(super) const BEGIN: u16 = 0x809;
}

/// A text that fits into a cell of Excel.
pub(super) fn checked(text: &str) -> Result<&str, NodeError> {
    const LONGEST: usize = 32_767;
    if text.len() > LONGEST && text.encode_utf16().count() > LONGEST {
        return Err(NodeError::new("Text length must not exceed 32767 characters"));
    }
    Ok(text)
}
