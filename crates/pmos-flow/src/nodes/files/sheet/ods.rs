//! Sheets in OpenDocument, the format of LibreOffice.

use super::{Cell, Sheet, guess::guess};
use crate::node::NodeError;
use crate::nodes::files::archive::{Budget, Zip, ZipWriter};
use crate::nodes::files::xml::{Event, Reader, Tag, escape, local_name};
use crate::value::number_to_text;
use std::fmt::Write;

const MIME: &str = "application/vnd.oasis.opendocument.spreadsheet";

/// All sheets of a document.
pub(super) fn read(zip: &Zip<'_>, budget: &mut Budget) -> Result<Vec<Sheet>, NodeError> {
    let content = zip.named("content.xml", budget)?.unwrap_or_default();
    let content = String::from_utf8_lossy(&content);
    let mut reader = Reader::new(&content);
    let mut sheets: Vec<Sheet> = Vec::new();
    let (mut row, mut column, mut repeat_row) = (0_u32, 0_u32, 1_u32);
    let mut current: Vec<(u32, Cell)> = Vec::new();
    let mut open: Option<Open> = None;
    let mut notes = 0;
    while let Some(event) = reader.next()? {
        match event {
            Event::Open(tag) => match (local_name(tag.name), &mut open) {
                ("table", _) => {
                    sheets.push(Sheet::new(tag.attribute("name").unwrap_or_default(), true));
                    row = 0;
                }
                ("table-row", _) => {
                    (column, repeat_row) = (0, repeated(&tag, "number-rows-repeated"));
                    current.clear();
                }
                ("table-cell" | "covered-table-cell", _) => open = Some(Open::new(&tag)),
                // Notes are no content of their cell.
                ("annotation", _) => notes += 1,
                ("p", Some(cell)) if notes == 0 => cell.paragraph(),
                ("s", Some(cell)) if notes == 0 => {
                    let count =
                        tag.attribute("c").and_then(|count| count.parse::<usize>().ok()).unwrap_or(1).min(1 << 15);
                    cell.text.extend(std::iter::repeat_n(' ', count));
                }
                ("tab", Some(cell)) if notes == 0 => cell.text.push('\t'),
                ("line-break", Some(cell)) if notes == 0 => cell.text.push('\n'),
                _ => {}
            },
            Event::Text(text) => {
                if let (Some(cell), 0) = (&mut open, notes) {
                    cell.add(&text);
                }
            }
            Event::CData(text) => {
                if let (Some(cell), 0) = (&mut open, notes) {
                    cell.add(text);
                }
            }
            Event::Close(name) => match local_name(name) {
                "annotation" => notes -= 1,
                "table-cell" | "covered-table-cell" => {
                    let Some(cell) = open.take() else { continue };
                    let repeat = cell.repeat;
                    if let Some(cell) = cell.into_cell() {
                        // A whole row may repeat one cell: what lies beyond Excel's last column is refused when it is put.
                        for offset in 0..repeat.min(super::MOST_COLUMNS) {
                            current.push((column.saturating_add(offset), cell.clone()));
                        }
                    }
                    column = column.saturating_add(repeat);
                }
                "table-row" => {
                    if let (Some(sheet), false) = (sheets.last_mut(), current.is_empty()) {
                        for offset in 0..repeat_row {
                            for (column, cell) in &current {
                                sheet.put(row.saturating_add(offset), *column, cell.clone())?;
                            }
                        }
                    }
                    row = row.saturating_add(repeat_row);
                }
                _ => {}
            },
        }
    }
    Ok(sheets)
}

fn repeated(tag: &Tag<'_>, name: &str) -> u32 {
    tag.attribute(name).and_then(|count| count.parse().ok()).unwrap_or(1).max(1)
}

/// A cell that is being read.
struct Open {
    kind: String,
    value: String,
    text: String,
    repeat: u32,
    paragraphs: usize,
}

impl Open {
    fn new(tag: &Tag<'_>) -> Self {
        let kind = tag.attribute("value-type").unwrap_or_default();
        let value = match kind {
            "boolean" => "boolean-value",
            "date" => "date-value",
            "time" => "time-value",
            "string" => "string-value",
            _ => "value",
        };
        Self {
            kind: kind.to_owned(),
            value: tag.attribute(value).unwrap_or_default().to_owned(),
            text: String::new(),
            repeat: repeated(tag, "number-columns-repeated"),
            paragraphs: 0,
        }
    }

    fn paragraph(&mut self) {
        if self.paragraphs > 0 {
            self.text.push('\n');
        }
        self.paragraphs += 1;
    }

    /// Adds text of a paragraph, in which white space counts once.
    fn add(&mut self, text: &str) {
        if self.paragraphs == 0 {
            return;
        }
        for c in text.chars() {
            match c {
                '\n' | '\r' | '\t' | ' ' if self.text.is_empty() || self.text.ends_with([' ', '\n']) => {}
                '\n' | '\r' | '\t' => self.text.push(' '),
                c => self.text.push(c),
            }
        }
    }

    fn into_cell(self) -> Option<Cell> {
        match self.kind.as_str() {
            "float" | "percentage" | "currency" => self.value.trim().parse().ok().map(Cell::Number),
            "boolean" => Some(Cell::Bool(self.value.trim() == "true")),
            "date" => Some(guess(&self.value, true)),
            "time" => days(&self.value).map(Cell::Number),
            "string" if !self.value.is_empty() => Some(Cell::Text(self.value.into())),
            _ if self.paragraphs > 0 && !(self.kind.is_empty() && self.text.is_empty()) => {
                Some(Cell::Text(self.text.into()))
            }
            _ => None,
        }
    }
}

/// The days of a duration such as `PT12H30M00S`.
fn days(duration: &str) -> Option<f64> {
    let (mut seconds, mut number) = (0.0, String::new());
    for c in duration.strip_prefix("PT")?.chars() {
        let weight = match c {
            'H' => 3600.0,
            'M' => 60.0,
            'S' => 1.0,
            c => {
                number.push(c);
                continue;
            }
        };
        seconds += number.parse::<f64>().ok()? * weight;
        number.clear();
    }
    Some(seconds / 86_400.0)
}

/// A document with one sheet; its content is deflated if `compress` is true.
pub(super) fn write(sheet: &Sheet, compress: bool) -> Result<Vec<u8>, NodeError> {
    let mut xml = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<office:document-content \
         xmlns:office=\"urn:oasis:names:tc:opendocument:xmlns:office:1.0\" xmlns:table=\"urn:oasis:names:tc:opendocument:xmlns:table:1.0\" \
         xmlns:text=\"urn:oasis:names:tc:opendocument:xmlns:text:1.0\" office:version=\"1.2\"><office:body><office:spreadsheet>\
         <table:table table:name=\"{}\">",
        escape(&sheet.name)
    );
    let mut next_row = 0;
    for (row, cells) in &sheet.rows {
        // Writing to a string cannot fail.
        if *row > next_row {
            let _ = write!(
                xml,
                "<table:table-row table:number-rows-repeated=\"{}\"><table:table-cell/></table:table-row>",
                row - next_row
            );
        }
        next_row = row + 1;
        xml.push_str("<table:table-row>");
        let mut next_column = 0;
        for (column, cell) in cells {
            if *column > next_column {
                let _ = write!(xml, "<table:table-cell table:number-columns-repeated=\"{}\"/>", column - next_column);
            }
            next_column = column + 1;
            let _ = match cell {
                Cell::Text(text) => write!(
                    xml,
                    "<table:table-cell office:value-type=\"string\">{}</table:table-cell>",
                    paragraphs(text)
                ),
                Cell::Number(number) => {
                    let number = number_to_text(*number);
                    write!(
                        xml,
                        "<table:table-cell office:value-type=\"float\" office:value=\"{number}\"><text:p>{number}</text:p></table:table-cell>"
                    )
                }
                Cell::Bool(bool) => write!(
                    xml,
                    "<table:table-cell office:value-type=\"boolean\" office:boolean-value=\"{bool}\"><text:p>{}</text:p></table:table-cell>",
                    if *bool { "TRUE" } else { "FALSE" }
                ),
                Cell::Empty | Cell::Error => write!(xml, "<table:table-cell/>"),
            };
        }
        xml.push_str("</table:table-row>");
    }
    xml.push_str("</table:table></office:spreadsheet></office:body></office:document-content>");
    let manifest = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<manifest:manifest \
         xmlns:manifest=\"urn:oasis:names:tc:opendocument:xmlns:manifest:1.0\" manifest:version=\"1.2\">\
         <manifest:file-entry manifest:full-path=\"/\" manifest:media-type=\"{MIME}\"/>\
         <manifest:file-entry manifest:full-path=\"content.xml\" manifest:media-type=\"text/xml\"/></manifest:manifest>"
    );
    let mut zip = ZipWriter::default();
    // The format wants its type first and as it is, so that it can be seen at a fixed place.
    zip.add("mimetype", MIME.as_bytes(), true)?;
    zip.add("content.xml", xml.as_bytes(), !compress)?;
    zip.add("META-INF/manifest.xml", manifest.as_bytes(), !compress)?;
    Ok(zip.finish())
}

/// Text as paragraphs; spaces that would be joined are spelled out.
fn paragraphs(text: &str) -> String {
    let mut xml = String::new();
    for line in text.split('\n') {
        xml.push_str("<text:p>");
        let mut before = ' ';
        for c in line.trim_end_matches('\r').chars() {
            match c {
                ' ' if before == ' ' => xml.push_str("<text:s/>"),
                '\t' => xml.push_str("<text:tab/>"),
                c => xml.push_str(&escape(c.encode_utf8(&mut [0; 4]))),
            }
            before = c;
        }
        xml.push_str("</text:p>");
    }
    xml
}
