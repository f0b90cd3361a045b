//! Strings of BIFF8: bytes or UTF-16, and in the table of shared strings cut at the end of records.

use super::record;
use crate::node::NodeError;
use crate::value::Str;

/// The longest content of a record.
const LONGEST: usize = 8224;

fn broken() -> NodeError {
    NodeError::new("The workbook is damaged")
}

/// Reads through the parts of a record and what continues it.
pub(super) struct Parts<'a> {
    parts: Vec<&'a [u8]>,
    part: usize,
    at: usize,
}

impl<'a> Parts<'a> {
    pub(super) fn new(parts: Vec<&'a [u8]>) -> Self {
        Self { parts, part: 0, at: 0 }
    }

    fn byte(&mut self) -> Result<u8, NodeError> {
        loop {
            let part = self.parts.get(self.part).ok_or_else(broken)?;
            if let Some(byte) = part.get(self.at) {
                self.at += 1;
                return Ok(*byte);
            }
            self.part += 1;
            self.at = 0;
        }
    }

    pub(super) fn u16(&mut self) -> Result<usize, NodeError> {
        Ok(usize::from(u16::from_le_bytes([self.byte()?, self.byte()?])))
    }

    pub(super) fn u32(&mut self) -> Result<usize, NodeError> {
        Ok(self.u16()? | self.u16()? << 16)
    }

    fn skip(&mut self, bytes: usize) -> Result<(), NodeError> {
        for _ in 0..bytes {
            self.byte()?;
        }
        Ok(())
    }

    /// A string with its length before it, in two bytes or one.
    pub(super) fn string(&mut self, short: bool) -> Result<Str, NodeError> {
        let length = if short { usize::from(self.byte()?) } else { self.u16()? };
        let flags = self.byte()?;
        let runs = if flags & 8 != 0 { self.u16()? } else { 0 };
        let phonetic = if flags & 4 != 0 { self.u32()? } else { 0 };
        let mut wide = flags & 1 != 0;
        let mut units: Vec<u16> = Vec::new();
        while units.len() < length {
            // A string that goes on in the next part says there anew how wide its characters are.
            if self.parts.get(self.part).is_some_and(|part| self.at >= part.len()) {
                self.part += 1;
                self.at = 0;
                wide = self.byte()? & 1 != 0;
            }
            units.push(if wide { self.u16()? as u16 } else { u16::from(self.byte()?) });
        }
        self.skip(runs * 4 + phonetic)?;
        Ok(String::from_utf16_lossy(&units).into())
    }
}

/// Writes the table of shared strings with the records that continue it.
pub(super) fn table(strings: &[&str], uses: usize) -> Vec<u8> {
    let mut records: Vec<Vec<u8>> = vec![[(uses as u32).to_le_bytes(), (strings.len() as u32).to_le_bytes()].concat()];
    for text in strings {
        let units: Vec<u16> = text.encode_utf16().collect();
        let mut head = (units.len() as u16).to_le_bytes().to_vec();
        head.push(1);
        let mut rest = units.as_slice();
        loop {
            // The head of a string is not cut, nor are its characters.
            if records.last().is_none_or(|record| record.len() + head.len() + 2 > LONGEST) {
                records.push(Vec::new());
            }
            let Some(record) = records.last_mut() else { break };
            record.extend(&head);
            let (now, later) = rest.split_at(rest.len().min((LONGEST - record.len()) / 2));
            record.extend(now.iter().flat_map(|unit| unit.to_le_bytes()));
            rest = later;
            if rest.is_empty() {
                break;
            }
            records.push(Vec::new());
            head = vec![1];
        }
    }
    let mut bytes = Vec::new();
    for (at, content) in records.iter().enumerate() {
        bytes.extend((if at == 0 { record::SST } else { record::CONTINUE }).to_le_bytes());
        bytes.extend((content.len() as u16).to_le_bytes());
        bytes.extend(content);
    }
    bytes
}
