//! Archives: zip and gzip, read within bounds.

mod compression;
mod inflate;
mod zip;

pub(super) use compression::COMPRESSION;
pub(super) use inflate::Budget;
pub(super) use zip::{Zip, ZipWriter};
