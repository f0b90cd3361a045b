//! Time as expressions see it: luxon's `DateTime`, `Duration` and `Interval`, and JavaScript's `Date`, whose local zone is UTC.
//!
//! Calendars and zones come from jiff and [`civil`]; the rules of arithmetic, texts and formats are luxon's.

mod civil;
mod date_time;
mod date_time_static;
mod date_time_value;
mod diff;
mod duration;
mod duration_text;
mod duration_value;
mod format;
mod interval;
mod js_date;
mod js_date_parse;
mod locale;
mod locale_format;
mod parse;
mod parse_format;
mod relative;
mod zone;

pub use civil::Civil;
pub use date_time::DateTime;
pub use duration::{Duration, Unit};
pub use interval::Interval;
pub use js_date::JsDate;
pub use zone::Zone;

pub(crate) use date_time_value::from_anything;
pub(crate) use locale_format::{format_options, format_preset};

use crate::expression::ExpressionError;
use crate::value::Value;
use jiff::tz::TimeZone;
use pmos_kit::Millis;

/// The present moment and the zone that times without one are in.
#[derive(Clone, Debug)]
pub struct Clock {
    /// The present moment.
    pub now: Millis,
    /// The zone of the workflow.
    pub zone: Zone,
}

impl Clock {
    /// A clock that stands at `now`, in a zone.
    pub fn new(now: Millis, zone: TimeZone) -> Self {
        Self { now, zone: Zone::of(&zone) }
    }
}

/// Calls a function of luxon's classes, such as `DateTime.fromISO`; nothing where there is none of this name.
pub(crate) fn call_static(
    class: &str,
    name: &str,
    arguments: &[Value],
    clock: &Clock,
) -> Result<Option<Value>, ExpressionError> {
    match class {
        "DateTime" => date_time_static::call(name, arguments, clock),
        "Duration" => duration_value::call_static(name, arguments),
        _ => interval::call_static(name, arguments, clock),
    }
}

/// Calls a method of one of luxon's values; nothing where there is none of this name.
pub(crate) fn call(
    value: &Value,
    name: &str,
    arguments: &[Value],
    clock: &Clock,
) -> Result<Option<Value>, ExpressionError> {
    if let Some(time) = value.as_exotic::<DateTime>() {
        return date_time_value::call(time, name, arguments, clock);
    }
    if let Some(duration) = value.as_exotic::<Duration>() {
        return duration_value::call(duration, name, arguments);
    }
    match value.as_exotic::<Interval>() {
        Some(interval) => interval::call(interval, name, arguments, clock),
        None => Ok(None),
    }
}

fn argument(arguments: &[Value], at: usize) -> &Value {
    const NOTHING: &Value = &Value::Undefined;
    arguments.get(at).unwrap_or(NOTHING)
}

fn thrown<T>(message: impl Into<String>) -> Result<T, ExpressionError> {
    Err(ExpressionError::Thrown(message.into()))
}

fn uncovered<T>(what: &str) -> Result<T, ExpressionError> {
    Err(ExpressionError::Uncovered(what.into()))
}
