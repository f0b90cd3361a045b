//! Items as a spreadsheet.

use crate::item::{Item, Links};
use crate::node::{Context, Given, NodeError, Property};
use crate::nodes::files::{binary::file, sheet};
use crate::value::Object;

pub(in crate::nodes::files) const OPTIONS: &[Property] = &[
    Property::bool("compression", false),
    Property::text("delimiter").or(","),
    Property::text("fileName"),
    Property::bool("headerRow", true),
    Property::text("sheetName").or("Sheet"),
];

/// One file with a row for every item.
pub(in crate::nodes::files) fn to_sheet(context: &mut Context<'_>, format: &str) -> Result<Given, NodeError> {
    let items = context.items();
    let mut item = match make(context, &items, format) {
        Ok(item) => item,
        Err(error) => context.failed(error, 0)?,
    };
    item.links = Links::to_all(0..items.len());
    Ok(vec![item].into())
}

fn make(context: &mut Context<'_>, items: &[Item], name: &str) -> Result<Item, NodeError> {
    let unknown = || NodeError::new(format!("The file format \"{name}\" is not supported"));
    let format = sheet::Format::named(name).ok_or_else(unknown)?;
    let property = context.text("binaryPropertyName", 0)?;
    let options = context.get("options", 0)?;
    let text = |key: &str| options.get(key).as_str().filter(|text| !text.is_empty());
    let header = options.get("headerRow").as_bool() != Some(false);
    let table = sheet::table(items, text("sheetName").unwrap_or("Sheet"), header)?;
    let content =
        sheet::write(&table, format, text("delimiter").unwrap_or(","), options.get("compression").is_truthy())?;
    let file_name = text("fileName").map_or_else(|| format!("spreadsheet.{name}"), str::to_owned);
    Ok(Item::new(Object::new()).with_file(&property, file(content, Some(&file_name), None)))
}
