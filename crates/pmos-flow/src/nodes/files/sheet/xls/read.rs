//! Reads workbooks.

use super::super::{Cell, Sheet};
use super::{compound, record, strings::Parts};
use crate::node::NodeError;
use crate::nodes::files::binary::{Encoding, decode};
use crate::value::Str;

/// All sheets of a workbook.
pub(in crate::nodes::files::sheet) fn read(bytes: &[u8]) -> Result<Vec<Sheet>, NodeError> {
    let stream = compound::workbook(bytes)?;
    let mut book = Book { old: false, encoding: Encoding::named("win1252")?, strings: Vec::new() };
    let mut places = Vec::new();
    let mut records = Records { stream: &stream, at: 0 };
    while let Some((kind, content)) = records.next() {
        match kind {
            record::BEGIN => book.old = content.get(1).is_some_and(|version| *version < 6),
            record::FILEPASS => return Err(NodeError::new("File is password-protected")),
            record::CODEPAGE => {
                let page = content.get(..2).map_or(0, |page| u16::from_le_bytes([page[0], page[1]]));
                book.encoding = Encoding::named(&format!("cp{page}")).unwrap_or(book.encoding);
            }
            record::SHEET => {
                if let Some(place) = content.get(..4) {
                    let place = u32::from_le_bytes([place[0], place[1], place[2], place[3]]) as usize;
                    // Charts and macros are no sheets.
                    if content.get(5) == Some(&0) {
                        places.push((place, book.text(content.get(6..).unwrap_or_default(), true)?));
                    }
                }
            }
            record::SST => {
                let mut parts = vec![content];
                while records.peek() == Some(record::CONTINUE) {
                    parts.extend(records.next().map(|(_, content)| content));
                }
                let mut parts = Parts::new(parts);
                parts.u32()?;
                let count = parts.u32()?;
                // What a damaged table lacks is missed by the cells that need it.
                for _ in 0..count {
                    let Ok(text) = parts.string(false) else { break };
                    book.strings.push(text);
                }
            }
            record::END => break,
            _ => {}
        }
    }
    places.into_iter().map(|(place, name)| book.sheet(&stream, place, &name)).collect()
}

struct Records<'a> {
    stream: &'a [u8],
    at: usize,
}

impl<'a> Records<'a> {
    fn peek(&self) -> Option<u16> {
        let head = self.stream.get(self.at..self.at.checked_add(4)?)?;
        Some(u16::from_le_bytes([head[0], head[1]]))
    }

    fn next(&mut self) -> Option<(u16, &'a [u8])> {
        let kind = self.peek()?;
        let length = usize::from(u16::from_le_bytes([self.stream[self.at + 2], self.stream[self.at + 3]]));
        let content = self.stream.get(self.at + 4..self.at + 4 + length)?;
        self.at += 4 + length;
        Some((kind, content))
    }
}

struct Book {
    /// Written by Excel 95 or before: strings are bytes.
    old: bool,
    encoding: Encoding,
    strings: Vec<Str>,
}

impl Book {
    fn text(&self, content: &[u8], short: bool) -> Result<Str, NodeError> {
        if !self.old {
            return Parts::new(vec![content]).string(short);
        }
        let skip = if short { 1 } else { 2 };
        let bytes = content.get(skip..).unwrap_or_default();
        let length = if short {
            usize::from(content.first().copied().unwrap_or_default())
        } else {
            u16_at(content, 0).unwrap_or_default()
        };
        Ok(decode(&bytes[..length.min(bytes.len())], self.encoding, false))
    }

    fn sheet(&self, stream: &[u8], place: usize, name: &str) -> Result<Sheet, NodeError> {
        let mut sheet = Sheet::new(name, true);
        let mut records = Records { stream, at: place };
        // Charts within a sheet are parts of their own, with a beginning and an end.
        let mut depth = 0;
        // The cell of a formula whose text comes in a record of its own.
        let mut awaited = None;
        while let Some((kind, content)) = records.next() {
            match kind {
                record::BEGIN => depth += 1,
                record::END => {
                    depth -= 1;
                    if depth <= 0 {
                        break;
                    }
                }
                record::STRING => {
                    if let Some((row, column)) = awaited.take() {
                        sheet.put(row, column, Cell::Text(self.text(content, false)?))?;
                    }
                }
                _ if depth == 1 => {
                    let (Some(row), Some(column)) = (u16_at(content, 0), u16_at(content, 2)) else { continue };
                    let (row, column) = (row as u32, column as u32);
                    if kind == record::MULRK {
                        let cells = content.get(4..content.len().saturating_sub(2)).unwrap_or_default().chunks_exact(6);
                        for (column, cell) in (column..).zip(cells) {
                            sheet.put(row, column, Cell::Number(rk([cell[2], cell[3], cell[4], cell[5]])))?;
                        }
                    } else if kind == record::FORMULA
                        && content.get(6) == Some(&0)
                        && content.get(12..14) == Some(&[0xff; 2])
                    {
                        awaited = Some((row, column));
                    } else if let Some(cell) = self.cell(kind, content)? {
                        sheet.put(row, column, cell)?;
                    }
                }
                _ => {}
            }
        }
        Ok(sheet)
    }

    /// The cell of a record, which begins with row, column and format.
    fn cell(&self, kind: u16, content: &[u8]) -> Result<Option<Cell>, NodeError> {
        let value = content.get(6..).unwrap_or_default();
        let eight = |value: &[u8]| value.first_chunk::<8>().copied();
        Ok(match kind {
            record::NUMBER => eight(value).map(|bytes| Cell::Number(f64::from_le_bytes(bytes))),
            record::RK => value.first_chunk::<4>().map(|bytes| Cell::Number(rk(*bytes))),
            record::LABEL | record::RSTRING => Some(Cell::Text(self.text(value, false)?)),
            record::LABELSST => {
                let index = value.first_chunk::<4>().map(|bytes| u32::from_le_bytes(*bytes) as usize);
                index.and_then(|index| self.strings.get(index)).cloned().map(Cell::Text)
            }
            record::BOOLERR => match value {
                [bool, 0, ..] => Some(Cell::Bool(*bool != 0)),
                [_, _, ..] => Some(Cell::Error),
                _ => None,
            },
            record::FORMULA => match eight(value) {
                Some([1, _, bool, _, _, _, 0xff, 0xff]) => Some(Cell::Bool(bool != 0)),
                Some([2, .., 0xff, 0xff]) => Some(Cell::Error),
                Some([.., 0xff, 0xff]) | None => None,
                Some(bytes) => Some(Cell::Number(f64::from_le_bytes(bytes))),
            },
            _ => None,
        })
    }
}

fn u16_at(bytes: &[u8], at: usize) -> Option<usize> {
    let part = bytes.get(at..at + 2)?;
    Some(usize::from(u16::from_le_bytes([part[0], part[1]])))
}

/// A number in 32 bits: the upper half of a double or an integer, maybe times a hundred.
fn rk(bytes: [u8; 4]) -> f64 {
    let bits = u32::from_le_bytes(bytes);
    let number = if bits & 2 != 0 { f64::from(bits as i32 >> 2) } else { f64::from_bits(u64::from(bits & !3) << 32) };
    if bits & 1 != 0 { number / 100.0 } else { number }
}
