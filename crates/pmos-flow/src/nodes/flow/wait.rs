//! Wait and Form: nodes that wait for a time, or for a request.

use super::triggers::FORM_FIELDS;
use crate::filter::moment;
use crate::node::{BoxFuture, Context, Given, Group, Kind, NodeError, NodeType, Property, Run, Shown};
use crate::port::Wait;
use pmos_kit::Millis;

const BY_TIME: &[Shown] = &[Shown::is("resume", &["timeInterval"])];
const BY_REQUEST: &[Shown] = &[Shown::is("resume", &["webhook", "form"])];
const UNITS: &[&str] = &["seconds", "minutes", "hours", "days"];

/// Waits.
pub(super) static WAIT: NodeType = NodeType {
    name: "n8n-nodes-base.wait",
    title: "Wait",
    summary: "Waits for a time, or for a request.",
    group: Group::Flow,
    versions: &[1.0, 1.1],
    credentials: &["httpBasicAuth", "httpHeaderAuth", "jwtAuth"],
    properties: &[
        Property::options("resume", "timeInterval", &["timeInterval", "specificTime", "webhook", "form"]),
        Property::number("amount", 1.0).until(1.0).when(BY_TIME),
        Property::number("amount", 5.0).since(1.1).when(BY_TIME),
        Property::options("unit", "hours", UNITS).until(1.0).when(BY_TIME),
        Property::options("unit", "seconds", UNITS).since(1.1).when(BY_TIME),
        Property::of("dateTime", Kind::Date).required().when(&[Shown::is("resume", &["specificTime"])]),
        Property::options("incomingAuthentication", "none", &["basicAuth", "headerAuth", "jwtAuth", "none"])
            .when(BY_REQUEST),
        Property::options("httpMethod", "GET", &["DELETE", "GET", "HEAD", "PATCH", "POST", "PUT"]).when(BY_REQUEST),
        Property::options("responseMode", "onReceived", &["onReceived", "lastNode", "responseNode"]).when(BY_REQUEST),
        Property::text("formTitle").when(BY_REQUEST),
        Property::text("formDescription").when(BY_REQUEST),
        FORM_FIELDS,
        Property::bool("limitWaitTime", false).when(BY_REQUEST),
        Property::options("limitType", "afterTimeInterval", &["afterTimeInterval", "atSpecifiedTime"])
            .when(&[Shown::is("limitWaitTime", &["true"])]),
        Property::number("resumeAmount", 1.0),
        Property::options("resumeUnit", "hours", UNITS),
        Property::of("maxDateAndTime", Kind::Date),
        Property::collection("options", &[Property::text("webhookSuffix")]),
    ],
    run: Run::Effect(wait),
    ..NodeType::BASE
};

/// Shows a page of a form.
pub(super) static FORM: NodeType = NodeType {
    name: "n8n-nodes-base.form",
    title: "Form",
    summary: "Shows the next page of a form, and waits for what is filled in.",
    group: Group::Flow,
    versions: &[1.0, 2.3, 2.4, 2.5],
    properties: &[
        Property::options("operation", "page", &["page", "completion"]),
        Property::options("defineForm", "fields", &["fields", "json"]),
        Property::of("jsonOutput", Kind::Json).when(&[Shown::is("defineForm", &["json"])]),
        FORM_FIELDS,
        Property::options("respondWith", "text", &["text", "redirect", "showText", "returnBinary"]),
        Property::text("completionTitle"),
        Property::text("completionMessage"),
        Property::text("redirectUrl"),
        Property::text("responseText"),
        Property::bool("limitWaitTime", false),
        Property::options("limitType", "afterTimeInterval", &["afterTimeInterval", "atSpecifiedTime"]),
        Property::number("resumeAmount", 1.0),
        Property::options("resumeUnit", "hours", UNITS),
        Property::of("maxDateAndTime", Kind::Date),
        Property::collection(
            "options",
            &[
                Property::text("formTitle"),
                Property::text("formDescription"),
                Property::text("buttonLabel").or("Submit"),
                Property::text("customCss"),
            ],
        ),
    ],
    run: Run::Pure(|context| match &*context.text("operation", 0)? {
        "completion" => Ok(context.pass_on()),
        _ => for_request(context),
    }),
    ..NodeType::BASE
};

/// Shorter waits do not leave the process.
const IN_PLACE_MS: Millis = 65_000;

fn wait<'a>(context: &'a mut Context<'_>) -> BoxFuture<'a, Result<Given, NodeError>> {
    Box::pin(async move {
        let now = context.now();
        let until = match &*context.text("resume", 0)? {
            "timeInterval" => now + duration(context, "amount", "unit")?,
            "specificTime" => date(context, "dateTime")?,
            _ => return for_request(context),
        };
        let left = (until - now).max(0);
        if left >= IN_PLACE_MS {
            return Ok(Given {
                wait: Some(Wait { until: Some(until), resumed_by_request: false }),
                ..context.pass_on()
            });
        }
        context.ports.clock.sleep(left as u64).await;
        Ok(context.pass_on())
    })
}

fn for_request(context: &mut Context<'_>) -> Result<Given, NodeError> {
    let until = match (context.flag("limitWaitTime", 0)?, &*context.text("limitType", 0)?) {
        (false, _) => None,
        (true, "atSpecifiedTime") => Some(date(context, "maxDateAndTime")?),
        (true, _) => Some(context.now() + duration(context, "resumeAmount", "resumeUnit")?),
    };
    Ok(Given { wait: Some(Wait { until, resumed_by_request: true }), ..context.pass_on() })
}

/// No wait is longer: a hundred years.
const LONGEST_MS: f64 = 100.0 * 365.0 * 86_400_000.0;

fn duration(context: &mut Context<'_>, amount: &str, unit: &str) -> Result<Millis, NodeError> {
    let count = context.number(amount, 0)?;
    let unit_ms = match &*context.text(unit, 0)? {
        "seconds" => 1_000.0,
        "minutes" => 60_000.0,
        "hours" => 3_600_000.0,
        "days" => 86_400_000.0,
        _ => {
            return Err(NodeError::new("Invalid wait unit. Valid units are 'seconds', 'minutes', 'hours', or 'days'.")
                .in_parameter(unit));
        }
    };
    if count.is_nan() || count < 0.0 {
        return Err(
            NodeError::new("Invalid wait amount. Please enter a number that is 0 or greater.").in_parameter(amount)
        );
    }
    Ok((count * unit_ms).min(LONGEST_MS) as Millis)
}

fn date(context: &mut Context<'_>, name: &str) -> Result<Millis, NodeError> {
    let value = context.get(name, 0)?;
    let date = moment::read(&value, &context.facts().zone).and_then(|moment| moment::millis(&moment));
    date.map(|ms| ms as Millis).ok_or_else(|| {
        let words = format!("Cannot put execution to wait because `{name}` parameter is not a valid date. Please pick a specific date and time to wait until.");
        NodeError::new(words).in_parameter(name)
    })
}
