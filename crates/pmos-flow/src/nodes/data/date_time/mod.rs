//! Date & Time: [`v2`] reads and writes dates as luxon does, [`v1`] as moment does.

mod moment_format;
mod v1;
mod v2;

use crate::filter::moment::from_text;
use crate::node::{Group, Kind, NodeType, Property, Run, Shown};
use crate::time::{DateTime, JsDate, Zone};
use crate::value::{Value, number_from_text};

const UNITS: &[&str] = &["years", "quarters", "months", "weeks", "days", "hours", "minutes", "seconds", "milliseconds"];
const OPERATIONS: &[&str] = &[
    "addToDate",
    "extractDate",
    "formatDate",
    "getCurrentDate",
    "getTimeBetweenDates",
    "roundDate",
    "subtractFromDate",
];
const FORMATS: &[&str] = &["custom", "MM/dd/yyyy", "yyyy/MM/dd", "MMMM dd yyyy", "MM-dd-yyyy", "yyyy-MM-dd", "X", "x"];
const FORMAT: &[Shown] = &[Shown::is("action", &["format"])];
const CALCULATE: &[Shown] = &[Shown::is("action", &["calculate"])];

/// Reads, writes and calculates dates.
pub(super) static DATE_TIME: NodeType = NodeType {
    name: "n8n-nodes-base.dateTime",
    title: "Date & Time",
    summary: "Reads, writes and calculates dates.",
    group: Group::Data,
    versions: &[1.0, 2.0],
    properties: &[
        Property::options("action", "format", &["calculate", "format"]).until(1.0),
        Property::text("value").until(1.0),
        Property::text("dataPropertyName").or("data").until(1.0),
        Property::bool("custom", false).until(1.0).when(FORMAT),
        Property::text("toFormat").or("MM/DD/YYYY").until(1.0).when(FORMAT),
        Property::options("operation", "add", &["add", "subtract"]).until(1.0).when(CALCULATE),
        Property::number("duration", 0.0).until(1.0).when(CALCULATE),
        Property::options("timeUnit", "days", UNITS).until(1.0).when(CALCULATE),
        Property::collection(
            "options",
            &[Property::text("fromFormat"), Property::text("fromTimezone"), Property::text("toTimezone")],
        )
        .until(1.0),
        Property::options("operation", "getCurrentDate", OPERATIONS).since(2.0),
        Property::bool("includeTime", true).since(2.0).when(&[Shown::is("operation", &["getCurrentDate"])]),
        Property::text("magnitude").since(2.0).required().when(CHANGE),
        Property::options("timeUnit", "days", UNITS).since(2.0).when(CHANGE),
        Property::number("duration", 0.0).since(2.0).when(CHANGE),
        Property::text("date").since(2.0).when(&[Shown::is("operation", &["formatDate", "roundDate", "extractDate"])]),
        Property::options("format", "MM/dd/yyyy", FORMATS).since(2.0).when(&[Shown::is("operation", &["formatDate"])]),
        Property::text("customFormat").since(2.0).when(&[Shown::is("format", &["custom"])]),
        Property::options("mode", "roundDown", &["roundDown", "roundUp"]).since(2.0).when(ROUND),
        Property::options("toNearest", "month", &["year", "month", "week", "day", "hour", "minute", "second"])
            .since(2.0)
            .when(ROUND),
        Property::options("to", "month", &["month"]).since(2.0).when(ROUND),
        Property::text("startDate").since(2.0).when(BETWEEN),
        Property::text("endDate").since(2.0).when(BETWEEN),
        Property::of(
            "units",
            Kind::Several(&["year", "month", "week", "day", "hour", "minute", "second", "millisecond"]),
        )
        .since(2.0)
        .when(BETWEEN),
        Property::options("part", "month", &["year", "month", "week", "day", "hour", "minute", "second"])
            .since(2.0)
            .when(&[Shown::is("operation", &["extractDate"])]),
        Property::text("outputFieldName")
            .or("currentDate")
            .since(2.0)
            .when(&[Shown::is("operation", &["getCurrentDate"])]),
        Property::text("outputFieldName").or("newDate").since(2.0).when(CHANGE),
        Property::text("outputFieldName")
            .or("formattedDate")
            .since(2.0)
            .when(&[Shown::is("operation", &["formatDate"])]),
        Property::text("outputFieldName").or("roundedDate").since(2.0).when(ROUND),
        Property::text("outputFieldName").or("timeDifference").since(2.0).when(BETWEEN),
        Property::text("outputFieldName").or("datePart").since(2.0).when(&[Shown::is("operation", &["extractDate"])]),
        Property::collection(
            "options",
            &[
                Property::bool("includeInputFields", false),
                Property::of("timezone", Kind::Any),
                Property::text("fromFormat"),
                Property::bool("isoString", false),
            ],
        )
        .since(2.0),
    ],
    run: Run::Pure(|context| if context.version() < 2.0 { v1::run(context) } else { v2::run(context) }),
    ..NodeType::BASE
};

const CHANGE: &[Shown] = &[Shown::is("operation", &["addToDate", "subtractFromDate"])];
const ROUND: &[Shown] = &[Shown::is("operation", &["roundDate"])];
const BETWEEN: &[Shown] = &[Shown::is("operation", &["getTimeBetweenDates"])];

/// A shorter number of seconds is a date since 1970, a longer one has milliseconds: the digits of those since 1990.
const DIGITS_OF_MS: usize = 12;

/// The moment of a number, of seconds or milliseconds as its length says, also where it is written as text.
fn from_number(value: &Value) -> Option<f64> {
    let number = match value {
        Value::Number(number) => *number,
        Value::String(text) if !text.trim().is_empty() => number_from_text(text),
        _ => f64::NAN,
    };
    if number.is_nan() {
        return None;
    }
    let whole = if number.fract() == 0.0 { number } else { number * 1000.0 };
    let digits = crate::value::number_to_text(whole).len();
    Some(if digits < DIGITS_OF_MS { whole * 1000.0 } else { whole })
}

/// The moment of a date, or of text that is read without a zone in `zone`.
fn from_date(value: &Value, zone: &Zone) -> Option<DateTime> {
    if let Some(date) = value.as_exotic::<DateTime>() {
        return Some(date.clone());
    }
    if let Some(date) = value.as_exotic::<JsDate>() {
        return Some(DateTime::from_millis(date.millis(), zone.clone()));
    }
    Some(from_text(value.to_text().trim(), zone.clone())).filter(DateTime::is_valid)
}
