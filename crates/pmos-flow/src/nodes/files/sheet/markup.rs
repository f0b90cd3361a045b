//! Sheets as tables of HTML.

use super::{Cell, MOST_COLUMNS, Sheet, cell_name, guess::guess, rows::shown};
use crate::node::NodeError;
use crate::nodes::files::html::{Dom, NodeId};
use crate::nodes::files::xml::escape;
use std::collections::HashMap;

/// The first table of a page.
pub(super) fn read(html: &str, raw: bool) -> Result<Sheet, NodeError> {
    let dom = Dom::parse(html)?;
    let missing = || NodeError::new("Invalid HTML: could not find <table>");
    let table = dom.descendants(Dom::ROOT).find(|node| dom.name(*node) == "table").ok_or_else(missing)?;
    let mut sheet = Sheet::new("Sheet1", true);
    // How many more rows a cell from above fills, by column.
    let mut filled: HashMap<u32, u32> = HashMap::new();
    for (row, node) in (0_u32..).zip(dom.descendants(table).filter(|node| dom.name(*node) == "tr")) {
        let mut column = 0;
        let mut next = HashMap::new();
        for cell in dom.children(node).iter().filter(|cell| matches!(dom.name(**cell), "td" | "th")) {
            while filled.contains_key(&column) {
                column += 1;
            }
            let span = |name| {
                dom.attribute(*cell, name).and_then(|span| span.parse::<u32>().ok()).unwrap_or(1).clamp(1, MOST_COLUMNS)
            };
            let (wide, high) = (span("colspan"), span("rowspan"));
            if high > 1 {
                next.extend((column..column.saturating_add(wide)).map(|column| (column, high)));
            }
            let text = text(&dom, *cell);
            if !text.is_empty() {
                let literal =
                    raw || dom.attribute(*cell, "data-t") == Some("s") || dom.attribute(*cell, "t") == Some("s");
                sheet.put(row, column, if literal { Cell::Text(text.into()) } else { guess(&text, true) })?;
            }
            column = column.saturating_add(wide);
        }
        filled.extend(next);
        filled.retain(|_, rows| {
            *rows -= 1;
            *rows > 0
        });
    }
    Ok(sheet)
}

/// The text of a cell; `<br>` breaks the line.
fn text(dom: &Dom, cell: NodeId) -> String {
    let mut text = String::new();
    for node in dom.descendants(cell) {
        match dom.own_text(node) {
            Some(own) => {
                for (at, word) in own.split(['\n', '\r', '\t', ' ']).enumerate() {
                    if at > 0 && !text.ends_with([' ', '\n']) {
                        text.push(' ');
                    }
                    text.push_str(word);
                }
            }
            None if dom.name(node) == "br" => text.push('\n'),
            None => {}
        }
    }
    text.trim_matches([' ', '\n']).to_owned()
}

/// A sheet as a page with a table, in SheetJS's form.
pub(super) fn write(sheet: &Sheet) -> Result<String, NodeError> {
    let ((top, left), (bottom, right)) = sheet.check_area()?;
    let mut html =
        String::from("<html><head><meta charset=\"utf-8\"/><title>SheetJS Table Export</title></head><body><table>");
    for row in top..=bottom {
        html.push_str("<tr>");
        for column in left..=right {
            html.push_str("<td");
            let cell = sheet.get(row, column);
            if let Some(cell) = cell {
                let (kind, value) = match cell {
                    Cell::Empty => ("z", None),
                    Cell::Text(text) => ("s", Some(escape(text))),
                    Cell::Number(number) => ("n", Some(crate::value::number_to_text(*number))),
                    Cell::Bool(bool) => ("b", Some(bool.to_string())),
                    Cell::Error => ("e", None),
                };
                html.extend([" data-t=\"", kind, "\""]);
                if let Some(value) = value {
                    html.extend([" data-v=\"", &value, "\""]);
                }
            }
            html.extend([" id=\"sjs-", &cell_name(row, column), "\">"]);
            html.push_str(&escape(&cell.map(shown).unwrap_or_default()).replace('\n', "<br/>"));
            html.push_str("</td>");
        }
        html.push_str("</tr>");
    }
    html.push_str("</table></body></html>");
    Ok(html)
}
