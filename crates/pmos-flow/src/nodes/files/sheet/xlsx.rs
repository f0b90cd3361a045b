//! Sheets in Office Open XML, the format of today's Excel.

use super::{Cell, Sheet, cell_name, guess::guess, place};
use crate::node::NodeError;
use crate::nodes::files::archive::{Budget, Zip, ZipWriter};
use crate::nodes::files::xml::{Event, Reader, escape, local_name};
use crate::value::{Str, number_to_text};
use std::collections::HashMap;
use std::fmt::Write;

/// All sheets of a workbook, in its order.
pub(super) fn read(zip: &Zip<'_>, budget: &mut Budget) -> Result<Vec<Sheet>, NodeError> {
    let mut part = |name: &str| -> Result<Option<String>, NodeError> {
        Ok(zip.named(name, budget)?.map(|bytes| String::from_utf8_lossy(&bytes).into_owned()))
    };
    let workbook = part("xl/workbook.xml")?.ok_or_else(|| NodeError::new("Unsupported ZIP file"))?;
    let relations = part("xl/_rels/workbook.xml.rels")?.unwrap_or_default();
    let mut targets: HashMap<String, String> = HashMap::new();
    let mut strings = Vec::new();
    for_tags(&relations, |tag| {
        if let (Some(id), Some(target)) = (tag.attribute("Id"), tag.attribute("Target")) {
            let target = target.strip_prefix('/').map_or_else(|| format!("xl/{target}"), str::to_owned);
            if tag.attribute("Type").is_some_and(|kind| kind.ends_with("/sharedStrings")) {
                strings.push(target.clone());
            }
            targets.insert(id.to_owned(), target);
        }
    })?;
    let mut names = Vec::new();
    for_tags(&workbook, |tag| {
        if local_name(tag.name) == "sheet" {
            let id = tag.attributes.iter().find(|(name, _)| name.ends_with(":id")).map(|(_, id)| id.to_string());
            names.push((tag.attribute("name").unwrap_or_default().to_owned(), id.unwrap_or_default()));
        }
    })?;
    let mut shared = Vec::new();
    for name in strings {
        if let Some(xml) = part(&name)? {
            shared.extend(shared_strings(&xml)?);
        }
    }
    let mut sheets = Vec::new();
    for (name, id) in names {
        let mut sheet = Sheet::new(name, true);
        if let Some(xml) = targets.get(&id).map(|target| part(target)).transpose()?.flatten() {
            read_cells(&xml, &shared, &mut sheet)?;
        }
        sheets.push(sheet);
    }
    Ok(sheets)
}

fn for_tags(xml: &str, mut see: impl FnMut(&crate::nodes::files::xml::Tag<'_>)) -> Result<(), NodeError> {
    let mut reader = Reader::new(xml);
    while let Some(event) = reader.next()? {
        if let Event::Open(tag) = event {
            see(&tag);
        }
    }
    Ok(())
}

fn shared_strings(xml: &str) -> Result<Vec<Str>, NodeError> {
    let mut reader = Reader::new(xml);
    let (mut strings, mut text) = (Vec::new(), String::new());
    let (mut within, mut phonetic) = (false, false);
    while let Some(event) = reader.next()? {
        match event {
            Event::Open(tag) => match local_name(tag.name) {
                "si" => text.clear(),
                "t" => within = true,
                "rPh" => phonetic = true,
                _ => {}
            },
            Event::Close(name) => match local_name(name) {
                "si" => strings.push(text.as_str().into()),
                "t" => within = false,
                "rPh" => phonetic = false,
                _ => {}
            },
            Event::Text(part) if within && !phonetic => text.push_str(&part),
            Event::CData(part) if within && !phonetic => text.push_str(part),
            _ => {}
        }
    }
    Ok(strings)
}

fn read_cells(xml: &str, shared: &[Str], sheet: &mut Sheet) -> Result<(), NodeError> {
    let mut reader = Reader::new(xml);
    let (mut row, mut column) = (0_u32, 0_u32);
    let (mut kind, mut text, mut within) = (String::new(), String::new(), false);
    while let Some(event) = reader.next()? {
        match event {
            Event::Open(tag) => match local_name(tag.name) {
                "row" => {
                    row = tag.attribute("r").and_then(|number| number.parse().ok()).unwrap_or(row + 1);
                    column = 0;
                }
                "c" => {
                    if let Some((own_row, own_column)) = tag.attribute("r").and_then(place) {
                        (row, column) = (own_row + 1, own_column);
                    }
                    kind = tag.attribute("t").unwrap_or("n").to_owned();
                    text.clear();
                }
                "v" | "t" => within = true,
                _ => {}
            },
            Event::Close(name) => match local_name(name) {
                "v" | "t" => within = false,
                "c" => {
                    if let Some(cell) = cell(&kind, &text, shared) {
                        sheet.put(row.saturating_sub(1), column, cell)?;
                    }
                    column = column.saturating_add(1);
                }
                "sheetData" => break,
                _ => {}
            },
            Event::Text(part) if within => text.push_str(&part),
            Event::CData(part) if within => text.push_str(part),
            _ => {}
        }
    }
    Ok(())
}

fn cell(kind: &str, text: &str, shared: &[Str]) -> Option<Cell> {
    match kind {
        "s" => shared.get(text.trim().parse::<usize>().ok()?).cloned().map(Cell::Text),
        "inlineStr" | "str" => Some(Cell::Text(text.into())),
        "e" => Some(Cell::Error),
        _ if text.is_empty() => None,
        "b" => Some(Cell::Bool(matches!(text.trim(), "1" | "true"))),
        "d" => Some(guess(text, true)),
        _ => text.trim().parse().ok().map(Cell::Number),
    }
}

const CONTENT_TYPES: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>"#;
const RELATIONS: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#;
const WORKBOOK_RELATIONS: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#;
const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";
const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";

/// A workbook with one sheet; its parts are deflated if `compress` is true.
pub(super) fn write(sheet: &Sheet, compress: bool) -> Result<Vec<u8>, NodeError> {
    let workbook = format!(
        "{HEAD}<workbook xmlns=\"{MAIN}\" xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\">\
         <sheets><sheet name=\"{}\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>",
        escape(&sheet.name)
    );
    let mut xml = format!("{HEAD}<worksheet xmlns=\"{MAIN}\"><sheetData>");
    for (row, cells) in &sheet.rows {
        // Writing to a string cannot fail.
        let _ = write!(xml, "<row r=\"{}\">", row + 1);
        for (column, cell) in cells {
            let name = cell_name(*row, *column);
            let _ = match cell {
                Cell::Text(text) => write!(
                    xml,
                    "<c r=\"{name}\" t=\"inlineStr\"><is><t xml:space=\"preserve\">{}</t></is></c>",
                    escape(super::xls::checked(text)?).replace('\r', "&#xD;")
                ),
                Cell::Number(number) => write!(xml, "<c r=\"{name}\"><v>{}</v></c>", number_to_text(*number)),
                Cell::Bool(bool) => write!(xml, "<c r=\"{name}\" t=\"b\"><v>{}</v></c>", u8::from(*bool)),
                Cell::Empty | Cell::Error => Ok(()),
            };
        }
        xml.push_str("</row>");
    }
    xml.push_str("</sheetData></worksheet>");
    let mut zip = ZipWriter::default();
    for (name, content) in [
        ("[Content_Types].xml", CONTENT_TYPES),
        ("_rels/.rels", RELATIONS),
        ("xl/workbook.xml", &workbook),
        ("xl/_rels/workbook.xml.rels", WORKBOOK_RELATIONS),
        ("xl/worksheets/sheet1.xml", &xml),
    ] {
        zip.add(name, content.as_bytes(), !compress)?;
    }
    Ok(zip.finish())
}
