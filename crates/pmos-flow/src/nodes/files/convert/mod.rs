//! Convert to File: items become files.

mod data;
mod sheet;

pub(super) use sheet::{OPTIONS as SHEET_OPTIONS, to_sheet};

use super::calendar;
use crate::node::{Context, Given, Group, NodeError, NodeType, Property, Run, Shown};

const SHEETS: &[Shown] = &[Shown::is("operation", &["csv", "html", "ods", "rtf", "xls", "xlsx"])];
const JSON: Shown = Shown::is("operation", &["toJson"]);
const TEXT: Shown = Shown::is("operation", &["toText"]);
const BINARY: Shown = Shown::is("operation", &["toBinary"]);

pub(super) static CONVERT_TO_FILE: NodeType = NodeType {
    name: "n8n-nodes-base.convertToFile",
    title: "Convert to File",
    summary: "Turns items into a file: a table, JSON, text, an event, or any file in Base64.",
    group: Group::Files,
    versions: &[1.0, 1.1],
    properties: &[
        Property::options(
            "operation",
            "csv",
            &["csv", "html", "iCal", "toJson", "ods", "rtf", "toText", "xls", "xlsx", "toBinary"],
        ),
        Property::text("sourceProperty").when(&[Shown::is("operation", &["toText", "toBinary"])]).required(),
        Property::options("mode", "once", &["once", "each"]).when(&[JSON]),
        Property::text("title").when(calendar::ICAL),
        Property::text("start").when(calendar::ICAL).required(),
        Property::text("end").when(calendar::ICAL).required(),
        Property::bool("allDay", false).when(calendar::ICAL),
        Property::text("binaryPropertyName").or("data").required(),
        Property::collection("additionalFields", calendar::FIELDS).when(calendar::ICAL),
        Property::collection("options", SHEET_OPTIONS).when(SHEETS),
        Property::collection("options", data::JSON_OPTIONS).when(&[JSON]),
        Property::collection("options", data::TEXT_OPTIONS).when(&[TEXT]),
        Property::collection("options", data::BINARY_OPTIONS).when(&[BINARY]),
    ],
    run: Run::Pure(run),
    ..NodeType::BASE
};

fn run(context: &mut Context<'_>) -> Result<Given, NodeError> {
    if context.items().is_empty() {
        return Ok(vec![Vec::new()].into());
    }
    match &*context.text("operation", 0)? {
        "toJson" => data::to_json(context),
        "toText" => context.each(data::to_text),
        "toBinary" => context.each(data::to_binary),
        "iCal" => context.each(calendar::to_file),
        format => to_sheet(context, format),
    }
}
