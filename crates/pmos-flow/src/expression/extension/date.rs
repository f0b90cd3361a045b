//! What n8n adds to dates.

use super::number::to_date_time;
use crate::expression::builtin::clock;
use crate::expression::interpreter::{Interpreter, Run, refused};
use crate::time::{self, DateTime, Duration, JsDate, Unit, Zone};
use crate::value::{Object, Str, Value};

pub(super) const NAMES: &[&str] = &[
    "beginningOf",
    "endOfMonth",
    "extract",
    "isBetween",
    "isDst",
    "isInLast",
    "isWeekend",
    "minus",
    "plus",
    "format",
    "diffTo",
    "diffToNow",
    "toDateTime",
    "toInt",
    "toFloat",
    "toBoolean",
    "toNumber",
    "isEmpty",
    "isNotEmpty",
];

pub(super) fn call(own: &mut Interpreter<'_>, value: &Value, name: &Str, arguments: &[Value]) -> Run<Option<Value>> {
    let zone = Zone::of(own.scope.zone());
    let is_date = value.as_exotic::<JsDate>().is_some();
    let Some(time) = to_time(value, &zone) else { return Ok(None) };
    let first = arguments.first().unwrap_or(&Value::Undefined);
    let second = arguments.get(1).unwrap_or(&Value::Undefined);
    // What a `Date` becomes stays a `Date`.
    let same_kind = |time: DateTime| if is_date { JsDate::new(time.millis()).into() } else { Value::from(time) };
    Ok(Some(match &**name {
        "beginningOf" => same_kind(time.start_of(first.as_str().unwrap_or("week"))),
        "endOfMonth" => same_kind(time.end_of("month")),
        "extract" => extract(&time, first.as_str().unwrap_or("week"))?,
        "format" => time.format(first.as_str().unwrap_or("yyyy-MM-dd")).into(),
        "isDst" => time.zone().is_dst(time.millis()).into(),
        "isWeekend" => (time.is_valid() && time.civil().weekday() >= 6).into(),
        "isBetween" => {
            if arguments.len() != 2 {
                return refused("isBetween(): expected exactly two args");
            }
            let (Some(a), Some(b)) = (from_argument(first, &clock(own)), from_argument(second, &clock(own))) else {
                return Ok(Some(Value::Undefined));
            };
            let (start, end) = if a.millis() > b.millis() { (b, a) } else { (a, b) };
            (start.millis() < time.millis() && time.millis() < end.millis()).into()
        }
        "isInLast" => {
            let unit = Unit::named(second.as_str().unwrap_or("minutes")).unwrap_or(Unit::Minutes);
            let amount = first.as_number().unwrap_or(0.0);
            let now = DateTime::from_millis(own.scope.now() as f64, time.zone().clone());
            let start = now.minus(&Duration::of(unit, amount));
            (start.millis() <= time.millis() && time.millis() <= now.millis()).into()
        }
        "plus" | "minus" => {
            let duration = duration(first, second)?;
            let Some(duration) = duration else { return Ok(time::call(&time.into(), name, arguments, &clock(own))?) };
            same_kind(if &**name == "plus" { time.plus(&duration) } else { time.minus(&duration) })
        }
        "diffTo" | "diffToNow" => {
            if &**name == "diffToNow" {
                // How long ago it was: past dates give positive numbers.
                let now = DateTime::from_millis(own.scope.now() as f64, zone);
                return diff(&now, &time, first).map(Some);
            }
            let Some(other) = from_argument(first, &clock(own)) else {
                return refused("cannot convert to Luxon DateTime");
            };
            diff(&time, &other, second)?
        }
        "toDateTime" => time.into(),
        "toInt" | "toFloat" | "toNumber" => Value::Number(time.millis()),
        "toBoolean" => Value::Undefined,
        "isEmpty" => false.into(),
        "isNotEmpty" => true.into(),
        _ => return Ok(None),
    }))
}

fn to_time(value: &Value, zone: &Zone) -> Option<DateTime> {
    match value.as_exotic::<JsDate>() {
        Some(date) => Some(DateTime::from_millis(date.millis(), zone.clone())),
        None => value.as_exotic::<DateTime>().cloned(),
    }
}

fn from_argument(value: &Value, clock: &time::Clock) -> Option<DateTime> {
    to_time(value, &clock.zone).or_else(|| time::from_anything(value, clock))
}

/// `plus(7, 'days')`, `plus(1000)`, `plus({ days: 7 })`; nothing where luxon must read the argument.
fn duration(amount: &Value, unit: &Value) -> Run<Option<Duration>> {
    match (amount, unit.as_str()) {
        (Value::Number(_) | Value::String(_), Some(name)) => {
            let Some(unit) = Unit::named(name) else {
                return refused(format!(
                    "Unsupported unit '{name}'. Supported: {}",
                    Unit::ALL.map(|unit| format!("'{}'", unit.singular())).join(", ")
                ));
            };
            Ok(Some(Duration::of(unit, amount.to_number())))
        }
        (Value::Number(number), None) => Ok(Some(Duration::of(Unit::Milliseconds, *number))),
        _ => Ok(None),
    }
}

/// A part of a date by its name.
fn extract(time: &DateTime, part: &str) -> Run<Value> {
    let civil = time.civil();
    let number = match part {
        "year" | "years" => civil.year,
        "quarter" | "quarters" => (civil.month + 2) / 3,
        "month" | "months" => civil.month,
        "week" | "weeks" | "weekNumber" | "weekNumbers" => civil.week().1,
        "day" | "days" => civil.day,
        "hour" | "hours" => civil.hour,
        "minute" | "minutes" => civil.minute,
        "second" | "seconds" => civil.second,
        "millisecond" | "milliseconds" => civil.millisecond,
        "weekday" | "weekDay" | "weekdays" => civil.weekday(),
        "ordinal" | "yearDayNumber" => civil.ordinal(),
        _ => return Ok(Value::Null),
    };
    Ok(number.into())
}

fn diff(time: &DateTime, other: &DateTime, units: &Value) -> Run<Value> {
    let named = |value: &Value| match value.as_str().and_then(Unit::named) {
        Some(unit) => Ok(unit),
        None => refused(format!(
            "Unsupported unit '{}'. Supported: {}",
            value.to_text(),
            Unit::ALL.map(|unit| format!("'{}'", unit.singular())).join(", ")
        )),
    };
    match units {
        Value::Array(list) => {
            let units = list.iter().map(named).collect::<Run<Vec<Unit>>>()?;
            let duration = time.diff(other, &units);
            Ok(duration
                .amounts()
                .map(|(unit, amount)| (unit.name(), Value::Number(amount + 0.0)))
                .collect::<Object>()
                .into())
        }
        units => {
            let unit = if units.is_undefined() { Unit::Days } else { named(units)? };
            Ok(Value::Number(time.diff(other, &[unit]).to_unit(unit)))
        }
    }
}

/// A text as a moment: `toDateTime()` of texts.
pub(super) fn from_text(own: &Interpreter<'_>, text: &str, form: &Value) -> Run<Value> {
    let zone = Zone::of(own.scope.zone());
    if let Some(pattern) = form.as_str() {
        let number = crate::value::number_from_text(text);
        if matches!(pattern, "ms" | "s" | "us" | "excel") {
            if number.is_nan() {
                return refused("cannot convert to Luxon DateTime");
            }
            return to_date_time(own, number, form);
        }
        return match DateTime::from_format(text, pattern, &zone) {
            Some(time) => Ok(time.into()),
            None => refused("cannot convert to Luxon DateTime"),
        };
    }
    match time::from_anything(&text.into(), &clock(own)) {
        Some(time) => Ok(time.into()),
        None => refused("cannot convert to Luxon DateTime"),
    }
}
