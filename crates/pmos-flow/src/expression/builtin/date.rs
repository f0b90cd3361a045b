//! `Date` and its methods.

use super::{argument, intl};
use crate::expression::interpreter::{Hint, Interpreter, Run, primitive, range_error, to_number, to_text};
use crate::time::{Civil, JsDate};
use crate::value::{Exotic, Value};

pub(super) fn call_static(own: &mut Interpreter<'_>, name: &str, arguments: &[Value]) -> Run<Option<Value>> {
    Ok(Some(match name {
        "now" => Value::Number(own.scope.now() as f64),
        "parse" => Value::Number(JsDate::parse(&to_text(argument(arguments, 0))?).millis()),
        "UTC" => Value::Number(JsDate::new(from_parts(arguments)?).millis()),
        _ => return Ok(None),
    }))
}

/// `new Date(…)`.
pub(super) fn construct(own: &mut Interpreter<'_>, arguments: &[Value]) -> Run<Value> {
    Ok(match arguments {
        [] => JsDate::new(own.scope.now() as f64),
        [value] => match value.as_exotic::<JsDate>() {
            Some(date) => JsDate::new(date.millis()),
            None => match primitive(value, Hint::Default)? {
                Value::String(text) => JsDate::parse(&text),
                value => JsDate::new(to_number(&value)?),
            },
        },
        parts => JsDate::new(from_parts(parts)?),
    }
    .into())
}

/// The milliseconds of year, month (from 0), day, hour, minute, second and millisecond.
fn from_parts(arguments: &[Value]) -> Run<f64> {
    let mut parts = [f64::NAN, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0];
    for (part, value) in parts.iter_mut().zip(arguments) {
        *part = to_number(value)?;
    }
    if parts.iter().any(|part| !part.is_finite()) {
        return Ok(f64::NAN);
    }
    if (0.0..=99.0).contains(&parts[0].trunc()) {
        parts[0] = 1900.0 + parts[0].trunc();
    }
    Ok(make(parts))
}

fn make(parts: [f64; 7]) -> f64 {
    if parts.iter().any(|part| !part.is_finite() || part.abs() > 1e15) || parts[0].abs() > 400_000.0 {
        return f64::NAN;
    }
    let [year, month, day, hour, minute, second, millisecond] = parts.map(|part| part as i64);
    Civil { year, month: month + 1, day, hour, minute, second, millisecond }.to_millis()
}

/// A method of a date; nothing where there is none of this name.
pub(super) fn method(_: &mut Interpreter<'_>, date: &JsDate, name: &str, arguments: &[Value]) -> Run<Option<Value>> {
    // The local zone is UTC, so that both names mean the same.
    if let Some(rest) = name.strip_prefix("set") {
        return set(date, rest.strip_prefix("UTC").unwrap_or(rest), arguments);
    }
    if let Some(rest) = name.strip_prefix("get") {
        return Ok(get(date, rest.strip_prefix("UTC").unwrap_or(rest)).map(Value::Number));
    }
    let text = |text: Option<String>| Value::from(text.unwrap_or_else(|| "Invalid Date".into()));
    let (first, second) = (argument(arguments, 0), argument(arguments, 1));
    Ok(Some(match name {
        "valueOf" => Value::Number(date.millis()),
        "toISOString" => match date.to_iso() {
            Some(text) => text.into(),
            None => return range_error("Invalid time value"),
        },
        "toJSON" => date.to_json(),
        "toString" => date.to_text().into(),
        "toDateString" => text(date.date_text(false)),
        "toTimeString" => text(date.time_text().map(|time| format!("{time} GMT+0000 (Coordinated Universal Time)"))),
        "toUTCString" | "toGMTString" => {
            text(date.date_text(true).zip(date.time_text()).map(|(date, time)| format!("{date} {time} GMT")))
        }
        "toLocaleString" => intl::date_to_locale(date, first, second, "all")?.into(),
        "toLocaleDateString" => intl::date_to_locale(date, first, second, "date")?.into(),
        "toLocaleTimeString" => intl::date_to_locale(date, first, second, "time")?.into(),
        _ => return Ok(None),
    }))
}

fn get(date: &JsDate, part: &str) -> Option<f64> {
    if part == "Time" {
        return Some(date.millis());
    }
    const PARTS: [&str; 10] =
        ["FullYear", "Month", "Date", "Day", "Hours", "Minutes", "Seconds", "Milliseconds", "TimezoneOffset", "Year"];
    let at = PARTS.iter().position(|known| *known == part)?;
    let Some(civil) = date.civil() else { return Some(f64::NAN) };
    let number = match at {
        0 => civil.year,
        1 => civil.month - 1,
        2 => civil.day,
        3 => civil.weekday() % 7,
        4 => civil.hour,
        5 => civil.minute,
        6 => civil.second,
        7 => civil.millisecond,
        8 => 0,
        _ => civil.year - 1900,
    };
    Some(number as f64)
}

fn set(date: &JsDate, part: &str, arguments: &[Value]) -> Run<Option<Value>> {
    if part == "Time" {
        date.set(to_number(argument(arguments, 0))?);
        return Ok(Some(Value::Number(date.millis())));
    }
    let (first, most) = match part {
        "FullYear" => (0, 3),
        "Month" => (1, 2),
        "Date" => (2, 1),
        "Hours" => (3, 4),
        "Minutes" => (4, 3),
        "Seconds" => (5, 2),
        "Milliseconds" => (6, 1),
        _ => return Ok(None),
    };
    let civil = match date.civil() {
        Some(civil) => civil,
        None if part == "FullYear" => Civil::from_millis(0.0),
        None => return Ok(Some(Value::Number(f64::NAN))),
    };
    let own = [civil.year, civil.month - 1, civil.day, civil.hour, civil.minute, civil.second, civil.millisecond];
    let mut parts = own.map(|part| part as f64);
    if arguments.is_empty() {
        parts[first] = f64::NAN;
    }
    for (offset, value) in arguments.iter().take(most).enumerate() {
        parts[first + offset] = to_number(value)?;
    }
    date.set(make(parts));
    Ok(Some(Value::Number(date.millis())))
}
