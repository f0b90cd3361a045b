//! Dates, as values that are validated may be given.

use crate::time::{DateTime, JsDate, Zone};
use crate::value::{Object, Value, number_from_text};
use jiff::tz::TimeZone;
use std::sync::Arc;

/// A moment from a date, or from text as n8n reads it: ISO, HTTP, RFC 2822, SQL, and what JavaScript's `Date` reads
/// besides. Text without an offset is read in `zone`.
pub(crate) fn read(value: &Value, zone: &TimeZone) -> Option<Value> {
    if value.as_exotic::<DateTime>().is_some_and(DateTime::is_valid) {
        return Some(value.clone());
    }
    let zone = Zone::of(zone);
    let moment = match value.as_exotic::<JsDate>() {
        Some(date) => DateTime::from_millis(date.millis(), zone),
        None => from_text(value.to_text().trim(), zone),
    };
    moment.is_valid().then(|| Value::Exotic(Arc::new(moment)))
}

/// ISO 8601 without signs has no more digits than this; longer numbers are no dates.
const MOST_DIGITS: usize = 8;

/// The moment of a text, as [`read`] has it; an invalid one for a text that is no date.
pub(crate) fn from_text(text: &str, zone: Zone) -> DateTime {
    let is_number = text.len() > MOST_DIGITS && !number_from_text(text).is_nan();
    let known = if is_number { None } else { DateTime::parse_any(text, &zone) };
    known.unwrap_or_else(|| DateTime::from_millis(JsDate::parse(text).millis(), zone))
}

/// The milliseconds since the Unix epoch of what [`read`] gave.
pub(crate) fn millis(value: &Value) -> Option<f64> {
    Some(value.as_exotic::<DateTime>()?.millis())
}

/// The milliseconds of a date as JavaScript's `new Date(value)` reads it; nothing for what is no date.
pub(crate) fn of_javascript(value: &Value) -> Option<f64> {
    let ms = match value {
        Value::String(text) => JsDate::parse(text).millis(),
        other => other.to_number(),
    };
    Some(ms).filter(|ms| !ms.is_nan())
}

/// A moment as files of recorded answers have it: `{"$type": "DateTime", iso, zone}`; nothing for what is none.
pub(super) fn describe(value: &Value) -> Option<Value> {
    let moment = value.as_exotic::<DateTime>()?;
    let fields = [
        ("$type", Value::from("DateTime")),
        ("iso", Value::from(moment.to_iso())),
        ("zone", moment.zone().name().clone().into()),
    ];
    Some(Value::from(Object::from_iter(fields)))
}

/// The moment that [`describe`] described.
pub(super) fn decode(described: &Value) -> Option<Value> {
    let zone = Zone::named(described.get("zone").as_str().unwrap_or("UTC"), &Zone::utc())?;
    let moment = DateTime::parse_any(described.get("iso").as_str()?, &zone)?.in_zone(zone);
    Some(match described.get("$type").as_str() {
        Some("Date") => Value::Exotic(Arc::new(JsDate::new(moment.millis()))),
        _ => Value::Exotic(Arc::new(moment)),
    })
}
