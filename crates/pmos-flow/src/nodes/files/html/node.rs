//! The node HTML.

use super::{extract, table};
use crate::item::Item;
use crate::node::{Context, Given, Group, NodeError, NodeType, Property, Run, Shown};
use crate::value::{Object, Value};

const EXTRACT: &[Shown] = &[Shown::is("operation", &["extractHtmlContent"])];

pub(in crate::nodes::files) static HTML: NodeType = NodeType {
    name: "n8n-nodes-base.html",
    title: "HTML",
    summary: "Extracts values from HTML, fills in a page, or writes items as a table.",
    group: Group::Files,
    versions: &[1.0, 1.1, 1.2],
    properties: &[
        Property::options(
            "operation",
            "generateHtmlTemplate",
            &["generateHtmlTemplate", "extractHtmlContent", "convertToHtmlTable"],
        ),
        Property::text("html").or(TEMPLATE).when(&[Shown::is("operation", &["generateHtmlTemplate"])]),
        Property::options("sourceData", "json", &["binary", "json"]).when(EXTRACT),
        Property::text("dataPropertyName").or("data").when(EXTRACT).required(),
        Property::groups("extractionValues", extract::VALUES).when(EXTRACT),
        Property::collection("options", extract::OPTIONS).when(EXTRACT),
        Property::collection("options", table::OPTIONS).when(&[Shown::is("operation", &["convertToHtmlTable"])]),
    ],
    run: Run::Pure(run),
    ..NodeType::BASE
};

const TEMPLATE: &str = "<!DOCTYPE html>\n\n<html>\n<head>\n  <meta charset=\"UTF-8\" />\n  <title>My HTML document</title>\n</head>\n<body>\n  \
                        <div class=\"container\">\n    <h1>This is an H1 heading</h1>\n    <h2>This is an H2 heading</h2>\n    \
                        <p>This is a paragraph</p>\n  </div>\n</body>\n</html>";

fn run(context: &mut Context<'_>) -> Result<Given, NodeError> {
    match &*context.text("operation", 0)? {
        "convertToHtmlTable" if !context.items().is_empty() => table::table(context),
        "convertToHtmlTable" => Ok(Vec::<Item>::new().into()),
        "extractHtmlContent" => context.each(extract::extract),
        _ => context.each(|context, at, _| {
            let page = context.text("html", at)?;
            let html = filled(context, &page, at)?;
            Ok(vec![Item::new(Object::from_iter([("html", Value::from(html))]))])
        }),
    }
}

/// A page with each `{{ }}` replaced by its value. Each stands for itself: one that is null reads `null`.
fn filled(context: &Context<'_>, html: &str, at: usize) -> Result<String, NodeError> {
    let mut filled = String::with_capacity(html.len());
    let mut rest = html;
    while let Some((before, opened)) = rest.split_once("{{") {
        let Some(end) = opened.find("}}") else { break };
        filled.push_str(before);
        let value = context.evaluate(&format!("={{{{{}}}}}", &opened[..end]).into(), at)?;
        filled.push_str(&value.to_text());
        rest = &opened[end + 2..];
    }
    Ok(filled + rest)
}
