//! Writes workbooks.

use super::super::{Cell, Sheet};
use super::{checked, compound, record, strings};
use crate::node::NodeError;
use std::collections::HashMap;

const MOST_ROWS: u32 = 1 << 16;
const MOST_COLUMNS: u32 = 1 << 8;
/// The format of cells: the first 15 are for styles.
const PLAIN: u16 = 15;

/// A workbook with one sheet.
pub(in crate::nodes::files::sheet) fn write(sheet: &Sheet) -> Result<Vec<u8>, NodeError> {
    let (_, (bottom, right)) = sheet.bounds().unwrap_or_default();
    if bottom >= MOST_ROWS || right >= MOST_COLUMNS {
        return Err(NodeError::new("The format xls holds at most 65536 rows and 256 columns: use xlsx"));
    }
    let mut texts: Vec<&str> = Vec::new();
    let mut known: HashMap<&str, u32> = HashMap::new();
    let mut uses = 0;
    let mut body = begin(0x10);
    add(
        &mut body,
        record::DIMENSIONS,
        &[&0_u32.to_le_bytes()[..], &(bottom + 1).to_le_bytes(), &[0, 0], &(right as u16 + 1).to_le_bytes(), &[0, 0]]
            .concat(),
    );
    for (row, cells) in &sheet.rows {
        for (column, cell) in cells {
            let head = [(*row as u16).to_le_bytes(), (*column as u16).to_le_bytes(), PLAIN.to_le_bytes()].concat();
            match cell {
                Cell::Text(text) => {
                    let next = texts.len() as u32;
                    let index = *known.entry(text).or_insert(next);
                    if index == next {
                        texts.push(checked(text)?);
                    }
                    uses += 1;
                    add(&mut body, record::LABELSST, &[&head[..], &index.to_le_bytes()].concat());
                }
                Cell::Number(number) => add(&mut body, record::NUMBER, &[&head[..], &number.to_le_bytes()].concat()),
                Cell::Bool(bool) => add(&mut body, record::BOOLERR, &[&head[..], &[u8::from(*bool), 0]].concat()),
                Cell::Empty | Cell::Error => {}
            }
        }
    }
    add(&mut body, record::WINDOW2, &[0xb6, 0x06, 0, 0, 0, 0, 0x40, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    add(&mut body, record::END, &[]);

    let mut book = begin(0x05);
    add(&mut book, record::CODEPAGE, &1200_u16.to_le_bytes());
    add(&mut book, record::WINDOW1, &[0, 0, 0, 0, 0x5c, 0x3a, 0xbe, 0x23, 0x38, 0, 0, 0, 0, 0, 1, 0, 0x58, 0x02]);
    for _ in 0..4 {
        // Arial, 10 points.
        add(
            &mut book,
            record::FONT,
            &[&[0xc8, 0, 0, 0, 0xff, 0x7f, 0x90, 0x01, 0, 0, 0, 0, 0, 0, 5, 0][..], b"Arial"].concat(),
        );
    }
    for number in 0..=PLAIN {
        let style = if number < PLAIN { [0xf5, 0xff] } else { [0x01, 0] };
        add(
            &mut book,
            record::XF,
            &[&[0, 0, 0, 0][..], &style, &[0x20, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xc0, 0x20]].concat(),
        );
    }
    add(&mut book, record::STYLE, &[0, 0x80, 0, 0xff]);
    let name: Vec<u8> = sheet.name.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let table = strings::table(&texts, uses);
    // The sheet lies behind this record, the strings and the end.
    let place = book.len() + 4 + 8 + name.len() + table.len() + 4;
    let place =
        u32::try_from(place).map_err(|_| NodeError::new("The workbook would be larger than its format allows"))?;
    add(&mut book, record::SHEET, &[&place.to_le_bytes()[..], &[0, 0, (name.len() / 2) as u8, 1], &name].concat());
    book.extend(table);
    add(&mut book, record::END, &[]);
    book.extend(body);
    Ok(compound::file(book))
}

fn begin(part: u8) -> Vec<u8> {
    let mut bytes = Vec::new();
    add(&mut bytes, record::BEGIN, &[0, 6, part, 0, 0xbb, 0x0d, 0xcc, 0x07, 0, 0, 0, 0, 6, 0, 0, 0]);
    bytes
}

fn add(bytes: &mut Vec<u8>, kind: u16, content: &[u8]) {
    bytes.extend(kind.to_le_bytes());
    bytes.extend((content.len() as u16).to_le_bytes());
    bytes.extend(content);
}
