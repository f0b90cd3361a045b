//! Items as a table of HTML.

use crate::item::{Item, Links};
use crate::node::{Context, Given, NodeError, Property};
use crate::value::{Object, Str, Value};
use std::collections::HashSet;

pub(super) const OPTIONS: &[Property] = &[
    Property::bool("capitalize", false),
    Property::bool("customStyling", false),
    Property::text("caption"),
    Property::text("tableAttributes"),
    Property::text("headerAttributes"),
    Property::text("rowAttributes"),
    Property::text("cellAttributes"),
];

const TABLE_STYLE: &str = "style='border-spacing:0; font-family:helvetica,arial,sans-serif'";
const HEADER_STYLE: &str = "style='margin:0; padding:7px 20px 7px 0px; border-bottom:1px solid #eee; text-align:left; color:#888; font-weight:normal'";
const CELL_STYLE: &str = "style='margin:0; padding:7px 20px 7px 0px; border-bottom:1px solid #eee'";

/// One item whose `table` has a row for every item and a column for every field. Values are HTML, not escaped.
pub(super) fn table(context: &mut Context<'_>) -> Result<Given, NodeError> {
    let items = context.items();
    let option = |context: &mut Context<'_>, name: &str, at| context.text(&format!("options.{name}"), at);
    let plain = context.flag("options.customStyling", 0)?;
    let style = |style: &'static str| if plain { "" } else { style };
    let capitalize = context.flag("options.capitalize", 0)?;
    let mut seen = HashSet::new();
    let columns: Vec<&Str> = items.iter().flat_map(|item| item.json.keys()).filter(|key| seen.insert(*key)).collect();

    let mut html = format!("<table {} {}>", style(TABLE_STYLE), option(context, "tableAttributes", 0)?);
    let caption = option(context, "caption", 0)?;
    if !caption.is_empty() {
        html.extend(["<caption>", &caption, "</caption>"]);
    }
    html.push_str(&format!("<thead {} {}><tr>", style(HEADER_STYLE), option(context, "headerAttributes", 0)?));
    for column in &columns {
        html.extend(["<th>", &*if capitalize { capitalized(column) } else { column.to_string() }, "</th>"]);
    }
    html.push_str("</tr></thead><tbody>");
    for (at, item) in items.iter().enumerate() {
        context.go_on(at)?;
        let row = option(context, "rowAttributes", at)?;
        let cell = option(context, "cellAttributes", at)?;
        html.extend(["<tr  ", &*row, ">"]);
        for column in &columns {
            html.extend(["<td ", style(CELL_STYLE), " ", &*cell, ">"]);
            match item.json.get(column).unwrap_or(&Value::Undefined) {
                Value::Bool(checked) => {
                    html.extend(["<input type=\"checkbox\" ", if *checked { "checked=\"checked\"" } else { "" }, "/>"])
                }
                value => html.push_str(&value.to_text()),
            }
            html.push_str("</td>");
        }
        html.push_str("</tr>");
    }
    html.push_str("</tbody></table>");
    let mut given = Item::new(Object::from_iter([("table", Value::from(html))]));
    given.links = Links::to_all(0..items.len());
    Ok(vec![given].into())
}

/// `first_name` as `First Name`.
fn capitalized(name: &str) -> String {
    let words = name.split('_').filter(|word| !word.is_empty()).map(|word| {
        let mut letters = word.chars();
        letters
            .next()
            .into_iter()
            .flat_map(char::to_uppercase)
            .chain(letters.flat_map(char::to_lowercase))
            .collect::<String>()
    });
    words.collect::<Vec<_>>().join(" ")
}
