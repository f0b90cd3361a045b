//! Zip files (PKWARE APPNOTE): stored and deflated entries, with Zip64 when reading.

use super::inflate::{Budget, inflate};
use crate::node::NodeError;
use flate2::{Compression, Crc, write::DeflateEncoder};
use std::io::Write;

/// More entries than this are no honest archive.
const MOST_ENTRIES: usize = 100_000;
const STORED: u16 = 0;
const DEFLATED: u16 = 8;

/// A zip file, opened.
pub(in crate::nodes::files) struct Zip<'a> {
    bytes: &'a [u8],
    /// Its entries in the order of its directory.
    pub(in crate::nodes::files) entries: Vec<Entry>,
}

/// One entry of a zip file.
pub(in crate::nodes::files) struct Entry {
    /// Its path within the archive; that of a folder ends with a slash.
    pub(in crate::nodes::files) name: String,
    method: u16,
    encrypted: bool,
    packed: usize,
    header: usize,
}

fn broken() -> NodeError {
    NodeError::new("invalid zip data")
}

fn u16_at(bytes: &[u8], at: usize) -> Result<usize, NodeError> {
    let part = bytes.get(at..at.saturating_add(2)).ok_or_else(broken)?;
    Ok(usize::from(u16::from_le_bytes([part[0], part[1]])))
}

fn u32_at(bytes: &[u8], at: usize) -> Result<usize, NodeError> {
    Ok(u16_at(bytes, at)? | u16_at(bytes, at + 2)? << 16)
}

fn u64_at(bytes: &[u8], at: usize) -> Result<usize, NodeError> {
    Ok(u32_at(bytes, at)? | u32_at(bytes, at + 4)? << 32)
}

impl<'a> Zip<'a> {
    /// Reads the directory of a zip file.
    pub(in crate::nodes::files) fn open(bytes: &'a [u8]) -> Result<Self, NodeError> {
        // The end record is followed by a comment of at most 65,535 bytes.
        let from = bytes.len().saturating_sub(22 + 0xffff);
        let end = from + bytes[from..].windows(4).rposition(|window| window == b"PK\x05\x06").ok_or_else(broken)?;
        let (mut count, mut at) = (u16_at(bytes, end + 10)?, u32_at(bytes, end + 16)?);
        let locator = end.saturating_sub(20);
        if bytes[locator..].starts_with(b"PK\x06\x07") {
            let end = u64_at(bytes, locator + 8)?;
            (count, at) = (u64_at(bytes, end.saturating_add(32))?, u64_at(bytes, end.saturating_add(48))?);
        }
        if count > MOST_ENTRIES {
            return Err(NodeError::new("The archive has too many entries"));
        }
        let mut entries = Vec::new();
        for _ in 0..count {
            let head = bytes.get(at..).filter(|head| head.starts_with(b"PK\x01\x02")).ok_or_else(broken)?;
            let (name, extra, comment) = (u16_at(head, 28)?, u16_at(head, 30)?, u16_at(head, 32)?);
            let flags = u16_at(head, 8)?;
            let mut entry = Entry {
                name: text(head.get(46..46 + name).ok_or_else(broken)?, flags & 0x800 != 0),
                method: u16_at(head, 10)? as u16,
                encrypted: flags & 1 != 0,
                packed: u32_at(head, 20)?,
                header: u32_at(head, 42)?,
            };
            entry.widen(u32_at(head, 24)?, head.get(46 + name..46 + name + extra).ok_or_else(broken)?)?;
            entries.push(entry);
            at += 46 + name + extra + comment;
        }
        Ok(Self { bytes, entries })
    }

    /// The content of an entry.
    pub(in crate::nodes::files) fn read(&self, entry: &Entry, budget: &mut Budget) -> Result<Vec<u8>, NodeError> {
        if entry.encrypted {
            return Err(NodeError::new(format!("'{}' is protected by a password", entry.name)));
        }
        let head = self.bytes.get(entry.header..).filter(|head| head.starts_with(b"PK\x03\x04")).ok_or_else(broken)?;
        let start = 30 + u16_at(head, 26)? + u16_at(head, 28)?;
        let content = head.get(start..start.saturating_add(entry.packed)).ok_or_else(broken)?;
        match entry.method {
            STORED => {
                budget.take(content.len())?;
                Ok(content.to_vec())
            }
            DEFLATED => inflate(content, budget),
            method => Err(NodeError::new(format!("unknown compression type {method}"))),
        }
    }

    /// The content of the entry of this name, if there is one.
    pub(in crate::nodes::files) fn named(&self, name: &str, budget: &mut Budget) -> Result<Option<Vec<u8>>, NodeError> {
        self.entries.iter().find(|entry| entry.name == name).map(|entry| self.read(entry, budget)).transpose()
    }
}

impl Entry {
    /// Takes from the Zip64 field what does not fit into 32 bits.
    fn widen(&mut self, unpacked: usize, mut extra: &[u8]) -> Result<(), NodeError> {
        const FULL: usize = u32::MAX as usize;
        while extra.len() >= 4 {
            let (id, length) = (u16_at(extra, 0)?, u16_at(extra, 2)?);
            let field = extra.get(4..4 + length).ok_or_else(broken)?;
            if id == 1 {
                let mut at = if unpacked == FULL { 8 } else { 0 };
                if self.packed == FULL {
                    self.packed = u64_at(field, at)?;
                    at += 8;
                }
                if self.header == FULL {
                    self.header = u64_at(field, at)?;
                }
            }
            extra = &extra[4 + length..];
        }
        Ok(())
    }
}

fn text(bytes: &[u8], utf8: bool) -> String {
    match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) if utf8 => String::from_utf8_lossy(bytes).into_owned(),
        Err(_) => bytes.iter().map(|byte| char::from(*byte)).collect(),
    }
}

/// Writes a zip file, entry by entry.
#[derive(Default)]
pub(in crate::nodes::files) struct ZipWriter {
    bytes: Vec<u8>,
    directory: Vec<u8>,
    entries: u16,
}

impl ZipWriter {
    /// Adds a file, deflated unless `stored`. Times are left at the format's zero: the same content gives the same bytes.
    pub(in crate::nodes::files) fn add(&mut self, name: &str, content: &[u8], stored: bool) -> Result<(), NodeError> {
        let too_large = || NodeError::new("The archive would be larger than its format allows");
        let packed = if stored { content.to_vec() } else { deflate(content)? };
        let mut crc = Crc::new();
        crc.update(content);
        let method = if stored { STORED } else { DEFLATED };
        let header = u32::try_from(self.bytes.len()).map_err(|_| too_large())?;
        let mut common = Vec::new();
        // Version 2.0; names are UTF-8; 1 January 1980.
        for field in [20, 0x800, method, 0, 0x21] {
            common.extend_from_slice(&field.to_le_bytes());
        }
        common.extend_from_slice(&crc.sum().to_le_bytes());
        for length in [packed.len(), content.len()] {
            common.extend_from_slice(&u32::try_from(length).map_err(|_| too_large())?.to_le_bytes());
        }
        common.extend_from_slice(&u16::try_from(name.len()).map_err(|_| too_large())?.to_le_bytes());
        common.extend_from_slice(&[0, 0]);
        self.bytes.extend([&b"PK\x03\x04"[..], &common, name.as_bytes(), &packed].concat());
        let place = [&[0; 10][..], &header.to_le_bytes()].concat();
        self.directory.extend([&b"PK\x01\x02\x14\0"[..], &common, &place, name.as_bytes()].concat());
        self.entries = self.entries.checked_add(1).ok_or_else(too_large)?;
        Ok(())
    }

    /// The whole file.
    pub(in crate::nodes::files) fn finish(mut self) -> Vec<u8> {
        let (at, length) = (self.bytes.len() as u32, self.directory.len() as u32);
        self.bytes.extend_from_slice(&self.directory);
        self.bytes.extend_from_slice(b"PK\x05\x06\0\0\0\0");
        for count in [self.entries; 2] {
            self.bytes.extend_from_slice(&count.to_le_bytes());
        }
        for number in [length, at] {
            self.bytes.extend_from_slice(&number.to_le_bytes());
        }
        self.bytes.extend_from_slice(&[0, 0]);
        self.bytes
    }
}

fn deflate(content: &[u8]) -> Result<Vec<u8>, NodeError> {
    let failed = |error: std::io::Error| NodeError::new(error.to_string());
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(content).map_err(failed)?;
    encoder.finish().map_err(failed)
}

#[cfg(test)]
mod tests {
    use super::{Budget, Zip, ZipWriter};

    #[test]
    fn what_is_zipped_unzips() {
        let mut writer = ZipWriter::default();
        writer.add("dir/ü.txt", b"hello hello hello", false).unwrap();
        writer.add("b.png", b"\x89PNG", true).unwrap();
        let bytes = writer.finish();
        let zip = Zip::open(&bytes).unwrap();
        let mut budget = Budget::of(bytes.len(), 1 << 20);
        let content: Vec<_> =
            zip.entries.iter().map(|entry| (entry.name.as_str(), zip.read(entry, &mut budget).unwrap())).collect();
        assert_eq!(content, [("dir/ü.txt", b"hello hello hello".to_vec()), ("b.png", b"\x89PNG".to_vec())]);
    }

    #[test]
    fn bombs_stop_at_the_budget() {
        let mut writer = ZipWriter::default();
        writer.add("zeros", &vec![0; 40 << 20], false).unwrap();
        let bytes = writer.finish();
        let zip = Zip::open(&bytes).unwrap();
        assert!(zip.read(&zip.entries[0], &mut Budget::of(bytes.len(), 1 << 30)).is_err());
    }

    #[test]
    fn garbage_is_refused() {
        for bytes in [&b""[..], b"PK\x05\x06", b"PK\x05\x06\0\0\0\0\x01\0\x01\0\xff\xff\xff\xff\xff\xff\xff\xff\0\0"] {
            assert!(Zip::open(bytes).is_err());
        }
    }
}
