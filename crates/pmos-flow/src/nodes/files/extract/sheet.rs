//! The rows of spreadsheets as items.

use crate::item::Item;
use crate::node::{Context, Given, NodeError, Property};
use crate::nodes::files::binary::{Encoding, LARGEST_INPUT, decode, file_of};
use crate::nodes::files::sheet::{Csv, Range, Rows, read};
use crate::value::{Object, Value};

pub(in crate::nodes::files) const OPTIONS: &[Property] = &[
    Property::text("delimiter").or(","),
    Property::bool("enableBOM", false),
    Property::text("encoding").or("utf-8"),
    Property::number("fromLine", 0.0),
    Property::bool("headerRow", true),
    Property::bool("includeEmptyCells", false),
    Property::number("maxRowCount", -1.0),
    Property::text("range"),
    Property::bool("rawData", false),
    Property::bool("readAsString", false),
    Property::bool("relaxQuotes", false),
    Property::text("sheetName"),
    Property::group(
        "skipRecordsWithErrors",
        &[("value", &[Property::bool("enabled", true), Property::number("maxSkippedRecords", -1.0)])],
    ),
];

/// The rows of every item's file.
pub(in crate::nodes::files) fn from_sheet(context: &mut Context<'_>, format: &str) -> Result<Given, NodeError> {
    context.each(|context, at, item| {
        let property = context.text("binaryPropertyName", at)?;
        let options = context.get("options", at)?;
        let file = file_of(item, &property, at)?;
        if file.data.len() > LARGEST_INPUT {
            return Err(NodeError::new("The file is too large"));
        }
        let plain = &*file.mime_type == "text/csv"
            || (&*file.mime_type == "text/plain" && file.file_extension.as_deref() == Some("csv"));
        let rows = if format == "csv" || (format == "autodetect" && plain) {
            from_csv(&file.data, &options)?
        } else {
            from_workbook(&file.data, &options, context.limits.bytes)?
        };
        Ok(rows
            .into_iter()
            .map(|row| match (row, options.get("headerRow").as_bool()) {
                (Value::Object(row), None | Some(true)) => Item::new(row),
                (row, _) => Item::new(Object::from_iter([("row", row)])),
            })
            .collect())
    })
}

fn from_csv(bytes: &[u8], options: &Value) -> Result<Vec<Value>, NodeError> {
    let number = |key: &str| options.get(key).to_number();
    let skip = options.get("skipRecordsWithErrors").get("value");
    let skipped = skip.get("maxSkippedRecords").as_number().unwrap_or(-1.0);
    let csv = Csv {
        delimiter: options.get("delimiter").as_str().unwrap_or(","),
        // Not a number, as where nothing is said, becomes 0.
        from_line: number("fromLine") as usize,
        header: options.get("headerRow").as_bool() != Some(false),
        most: if number("maxRowCount") > -1.0 { number("maxRowCount") as usize } else { usize::MAX },
        relax_quotes: options.get("relaxQuotes").is_truthy(),
        empty: options.get("includeEmptyCells").is_truthy(),
        skip_errors: match skip.get("enabled").is_truthy() {
            true if skipped < 0.0 => usize::MAX,
            true => skipped as usize,
            false => 0,
        },
    };
    let encoding = Encoding::named(options.get("encoding").as_str().unwrap_or("utf8"))?;
    csv.read(&decode(bytes, encoding, options.get("enableBOM").is_truthy()))
}

fn from_workbook(bytes: &[u8], options: &Value, limit: u64) -> Result<Vec<Value>, NodeError> {
    let sheets = read(bytes, options.get("rawData").is_truthy(), limit)?;
    let wanted = options.get("sheetName").as_str().filter(|name| !name.is_empty());
    let sheet = match wanted {
        None => sheets.first().ok_or_else(|| NodeError::new("Spreadsheet does not have any sheets!"))?,
        Some(name) => {
            let missing = || NodeError::new(format!("Spreadsheet does not contain sheet called \"{name}\"!"));
            sheets.iter().find(|sheet| sheet.name == name).ok_or_else(missing)?
        }
    };
    let rows = Rows {
        header: options.get("headerRow").as_bool() != Some(false),
        empty: options.get("includeEmptyCells").is_truthy(),
        range: Range::read(options.get("range"))?,
    };
    rows.of(sheet)
}
