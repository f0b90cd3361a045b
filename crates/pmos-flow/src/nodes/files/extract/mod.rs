//! Extract from File: files become items.

mod data;
mod sheet;

pub(super) use sheet::{OPTIONS as SHEET_OPTIONS, from_sheet};

use crate::node::{Context, Given, Group, NodeError, NodeType, Property, Run, Shown};

const SHEETS: &[Shown] = &[Shown::is("operation", &["csv", "html", "ods", "rtf", "xls", "xlsx"])];
const DATA: &[Shown] = &[Shown::is("operation", &["binaryToPropery", "fromJson", "text", "fromIcs", "xml"])];
const PDF: &[Shown] = &[Shown::is("operation", &["pdf"])];
const KEPT: &[&str] = &["json", "binary", "both"];

pub(super) static EXTRACT_FROM_FILE: NodeType = NodeType {
    name: "n8n-nodes-base.extractFromFile",
    title: "Extract from File",
    summary: "Turns files into items: the rows of a table, JSON, text, events, or Base64.",
    group: Group::Files,
    versions: &[1.0, 1.1],
    properties: &[
        Property::options(
            "operation",
            "csv",
            // The spelling of `binaryToPropery` is the format's.
            &[
                "csv",
                "html",
                "fromIcs",
                "fromJson",
                "ods",
                "pdf",
                "rtf",
                "text",
                "xml",
                "xls",
                "xlsx",
                "binaryToPropery",
            ],
        ),
        Property::text("binaryPropertyName").or("data").required(),
        Property::text("destinationKey").or("data").when(DATA).required(),
        Property::collection("options", SHEET_OPTIONS).when(SHEETS),
        Property::collection(
            "options",
            &[
                Property::text("encoding").or("utf8"),
                Property::bool("stripBOM", true),
                Property::options("keepSource", "json", KEPT),
            ],
        )
        .when(DATA),
        Property::collection(
            "options",
            &[
                Property::bool("joinPages", true),
                Property::options("keepSource", "json", KEPT),
                Property::number("maxPages", 0.0),
                Property::text("password"),
            ],
        )
        .when(PDF),
    ],
    run: Run::Pure(run),
    ..NodeType::BASE
};

fn run(context: &mut Context<'_>) -> Result<Given, NodeError> {
    match &*context.text("operation", 0)? {
        "pdf" => Err(NodeError::new("Text cannot be extracted from PDF files here yet")
            .described("Have the text extracted by a service, such as with HTTP Request")),
        "binaryToPropery" | "fromJson" | "text" | "fromIcs" | "xml" => context.each(data::extract),
        format => from_sheet(context, format),
    }
}
