//! Spreadsheets: cells in rows, read from and written to the formats that people have.

mod csv;
mod delimited;
mod general;
mod guess;
mod markup;
mod ods;
mod rows;
mod rtf;
mod table;
mod xls;
mod xlsx;

pub(super) use csv::Csv;
pub(super) use rows::{Range, Rows};
pub(super) use table::table;

use super::archive::{Budget, Zip};
use super::binary::{Encoding, decode};
use crate::node::NodeError;
use crate::value::Str;
use std::collections::BTreeMap;

/// A file with more cells than this is refused.
const MOST_CELLS: usize = 4_000_000;
/// Where Excel's sheets end.
const MOST_ROWS: u32 = 1 << 20;
const MOST_COLUMNS: u32 = 1 << 14;

/// A cell.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Cell {
    /// Nothing, written down all the same.
    Empty,
    /// Text.
    Text(Str),
    /// A number; dates are days since the end of 1899.
    Number(f64),
    /// True or false.
    Bool(bool),
    /// An error such as `#DIV/0!`.
    Error,
}

/// A sheet: the cells that it has, by row and column from 0 on.
#[derive(Clone, Debug, Default)]
pub(super) struct Sheet {
    /// Its name.
    pub(super) name: String,
    rows: BTreeMap<u32, BTreeMap<u32, Cell>>,
    cells: usize,
    /// Does it begin at its first cell, or at A1 all the same?
    from_first: bool,
}

impl Sheet {
    fn new(name: impl Into<String>, from_first: bool) -> Self {
        Self { name: name.into(), from_first, ..Self::default() }
    }

    fn put(&mut self, row: u32, column: u32, cell: Cell) -> Result<(), NodeError> {
        if row >= MOST_ROWS || column >= MOST_COLUMNS {
            return Err(NodeError::new("The sheet is larger than Excel allows"));
        }
        if self.rows.entry(row).or_default().insert(column, cell).is_none() {
            self.cells += 1;
        }
        if self.cells > MOST_CELLS { Err(NodeError::new("The spreadsheet has too many cells")) } else { Ok(()) }
    }

    fn get(&self, row: u32, column: u32) -> Option<&Cell> {
        self.rows.get(&row)?.get(&column)
    }

    /// The first and the last row and column; nothing for a sheet without cells.
    fn bounds(&self) -> Option<((u32, u32), (u32, u32))> {
        let (first_row, last_row) = (*self.rows.keys().next()?, *self.rows.keys().next_back()?);
        let first = self.rows.values().filter_map(|row| row.keys().next()).min()?;
        let last = self.rows.values().filter_map(|row| row.keys().next_back()).max()?;
        Some(if self.from_first { ((first_row, *first), (last_row, *last)) } else { ((0, 0), (last_row, *last)) })
    }

    /// Refuses to write a sheet whose gaps would fill memory: formats of text write every cell from the first to the last.
    fn check_area(&self) -> Result<((u32, u32), (u32, u32)), NodeError> {
        let bounds = self.bounds().unwrap_or_default();
        let ((top, left), (bottom, right)) = bounds;
        let area = u64::from(bottom - top + 1) * u64::from(right - left + 1);
        if area > 5 * MOST_CELLS as u64 { Err(NodeError::new("The table is too large")) } else { Ok(bounds) }
    }
}

/// A cell's name, such as `B3`.
fn cell_name(row: u32, column: u32) -> String {
    format!("{}{}", column_name(column), row + 1)
}

fn column_name(column: u32) -> String {
    let (mut letters, mut rest) = (Vec::new(), column + 1);
    while rest > 0 {
        rest -= 1;
        letters.push((b'A' + (rest % 26) as u8) as char);
        rest /= 26;
    }
    letters.into_iter().rev().collect()
}

/// Row and column of a name such as `B3` or `$B$3`.
fn place(name: &str) -> Option<(u32, u32)> {
    let name = name.replace('$', "");
    let letters = name.bytes().take_while(u8::is_ascii_alphabetic).count();
    let column = name[..letters].bytes().try_fold(0_u32, |column, letter| {
        column.checked_mul(26)?.checked_add(u32::from(letter.to_ascii_uppercase() - b'A') + 1)
    })?;
    let row: u32 = name[letters..].parse().ok()?;
    Some((row.checked_sub(1)?, column.checked_sub(1)?))
}

/// The formats that are written.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Format {
    Csv,
    Html,
    Ods,
    Rtf,
    Xls,
    Xlsx,
}

impl Format {
    /// The format of this name.
    pub(super) fn named(name: &str) -> Option<Self> {
        Some(match name {
            "csv" => Self::Csv,
            "html" => Self::Html,
            "ods" => Self::Ods,
            "rtf" => Self::Rtf,
            "xls" => Self::Xls,
            "xlsx" => Self::Xlsx,
            _ => return None,
        })
    }
}

/// A file with one sheet. `delimiter` is for CSV; `compress` for what is an archive inside.
pub(super) fn write(sheet: &Sheet, format: Format, delimiter: &str, compress: bool) -> Result<Vec<u8>, NodeError> {
    check_name(&sheet.name)?;
    match format {
        Format::Csv => delimited::write(sheet, delimiter).map(String::into_bytes),
        Format::Html => markup::write(sheet).map(String::into_bytes),
        Format::Rtf => rtf::write(sheet).map(String::into_bytes),
        Format::Ods => ods::write(sheet, compress),
        Format::Xls => xls::write(sheet),
        Format::Xlsx => xlsx::write(sheet, compress),
    }
}

/// Refuses a name that Excel would refuse.
fn check_name(name: &str) -> Result<(), NodeError> {
    let wrong = if name.is_empty() {
        "Sheet name cannot be blank"
    } else if name.encode_utf16().count() > 31 {
        "Sheet name cannot exceed 31 chars"
    } else if name.contains([':', '\\', '/', '?', '*', '[', ']']) {
        "Sheet name cannot contain : \\ / ? * [ ]"
    } else {
        return Ok(());
    };
    Err(NodeError::new(wrong))
}

/// The sheets of a file, whose format is seen from how it begins. `raw` leaves text in formats without types as it is;
/// `limit` is how much an archive may unpack to.
pub(super) fn read(bytes: &[u8], raw: bool, limit: u64) -> Result<Vec<Sheet>, NodeError> {
    if bytes.starts_with(b"PK") {
        let zip = Zip::open(bytes)?;
        let mut budget = Budget::of(bytes.len(), limit);
        return if zip.entries.iter().any(|entry| entry.name == "content.xml") {
            ods::read(&zip, &mut budget)
        } else {
            xlsx::read(&zip, &mut budget)
        };
    }
    if bytes.starts_with(b"\xd0\xcf\x11\xe0") {
        return xls::read(bytes);
    }
    let encoding = if bytes.starts_with(b"\xff\xfe") { "utf16le" } else { "utf8" };
    let text = decode(bytes, Encoding::named(encoding)?, true);
    let start = text.trim_start();
    if start.starts_with("{\\rtf") {
        return Ok(vec![rtf::read(&text)?]);
    }
    if start.starts_with('<') {
        return Ok(vec![markup::read(&text, raw)?]);
    }
    Ok(vec![delimited::read(&text, raw)?])
}

#[cfg(test)]
mod tests {
    use super::{Cell, Format, Sheet, cell_name, place, read, write};

    fn sheet() -> Sheet {
        let mut sheet = Sheet::new("Sheet", true);
        let cells = [
            (0, 0, Cell::Text("name".into())),
            (0, 1, Cell::Text("n".into())),
            (0, 2, Cell::Text("ok".into())),
            (1, 0, Cell::Text("a \"b\" <c> & ü🐛 {x}\\y".into())),
            (1, 1, Cell::Number(2.5)),
            (1, 2, Cell::Bool(true)),
            (2, 0, Cell::Text("long ".repeat(3000).trim_end().into())),
            (3, 1, Cell::Number(-7.0)),
        ];
        for (row, column, cell) in cells {
            sheet.put(row, column, cell).unwrap();
        }
        sheet
    }

    #[test]
    fn what_is_written_reads_back() {
        for format in [Format::Csv, Format::Html, Format::Ods, Format::Rtf, Format::Xls, Format::Xlsx] {
            let bytes = write(&sheet(), format, ",", true).unwrap();
            let back = &read(&bytes, false, 1 << 30).unwrap()[0];
            assert_eq!(back.rows, sheet().rows, "{format:?}");
        }
    }

    #[test]
    fn cells_have_names() {
        for (row, column, name) in [(0, 0, "A1"), (9, 25, "Z10"), (0, 26, "AA1"), (99, 701, "ZZ100")] {
            assert_eq!(cell_name(row, column), name);
            assert_eq!(place(name), Some((row, column)));
        }
        assert_eq!(place("A0"), None);
    }
}
