//! Spreadsheet File: what came before Convert to File and Extract from File.

use super::{convert, extract};
use crate::node::{Context, Given, Group, NodeError, NodeType, Property, Run, Shown};

const FROM: Shown = Shown::is("operation", &["fromFile"]);
const TO: Shown = Shown::is("operation", &["toFile"]);

pub(super) static SPREADSHEET_FILE: NodeType = NodeType {
    name: "n8n-nodes-base.spreadsheetFile",
    title: "Spreadsheet File",
    summary: "Reads spreadsheets, and writes them.",
    group: Group::Files,
    versions: &[1.0, 2.0],
    properties: &[
        Property::options("operation", "fromFile", &["fromFile", "toFile"]),
        Property::options("fileFormat", "autodetect", &["autodetect", "csv", "html", "ods", "rtf", "xls", "xlsx"])
            .when(&[FROM])
            .since(2.0),
        Property::options("fileFormat", "xls", &["csv", "html", "ods", "rtf", "xls", "xlsx"]).when(&[TO]),
        Property::text("binaryPropertyName").or("data").required(),
        Property::collection("options", extract::SHEET_OPTIONS).when(&[FROM]),
        Property::collection("options", convert::SHEET_OPTIONS).when(&[TO]),
    ],
    run: Run::Pure(run),
    ..NodeType::BASE
};

fn run(context: &mut Context<'_>) -> Result<Given, NodeError> {
    let format = context.text("fileFormat", 0)?;
    if &*context.text("operation", 0)? == "toFile" {
        convert::to_sheet(context, &format)
    } else {
        // Version 1 takes CSV for a spreadsheet, too, and guesses the types of its values.
        extract::from_sheet(context, &format)
    }
}
