//! luxon's `Interval`.

use super::duration_value::{from_value, units};
use super::{Clock, DateTime, Duration, Unit, argument, thrown};
use crate::expression::ExpressionError;
use crate::value::{Exotic, Object, Value};
use std::sync::Arc;

/// How many pieces an interval may be split into.
const MAX_PIECES: usize = 100_000;

/// The time from a moment up to but without another.
#[derive(Clone, Debug)]
pub struct Interval {
    start: DateTime,
    end: DateTime,
    invalid: Option<&'static str>,
}

impl Interval {
    /// From `start` to `end`; invalid where that is before it.
    pub fn new(start: DateTime, end: DateTime) -> Self {
        let invalid = if !start.is_valid() {
            Some("missing or invalid start")
        } else if !end.is_valid() {
            Some("missing or invalid end")
        } else if end.millis() < start.millis() {
            Some("end before start")
        } else {
            None
        };
        Self { start, end, invalid }
    }

    fn invalid(reason: &'static str, clock: &Clock) -> Self {
        let never = DateTime::invalid(reason, clock.zone.clone());
        Self { start: never.clone(), end: never, invalid: Some(reason) }
    }

    fn value(self) -> Value {
        Value::Exotic(Arc::new(self))
    }

    fn is_valid(&self) -> bool {
        self.invalid.is_none()
    }

    fn to_iso(&self) -> String {
        match (self.start.to_iso(), self.end.to_iso()) {
            (Some(start), Some(end)) if self.is_valid() => format!("{start}/{end}"),
            _ => "Invalid Interval".into(),
        }
    }

    fn contains(&self, time: f64) -> bool {
        self.start.millis() <= time && time < self.end.millis()
    }

    fn overlaps(&self, other: &Self) -> bool {
        self.end.millis() > other.start.millis() && self.start.millis() < other.end.millis()
    }

    fn split_by(&self, duration: &Duration) -> Result<Vec<Value>, ExpressionError> {
        let mut pieces = Vec::new();
        let mut start = self.start.clone();
        let mut at = 1.0;
        if !self.is_valid() || duration.to_millis() == 0.0 {
            return Ok(pieces);
        }
        while start.millis() < self.end.millis() {
            let added = self.start.plus(&duration.map(|amount| amount * at));
            let next = if added.millis() > self.end.millis() { self.end.clone() } else { added };
            if next.millis() <= start.millis() || pieces.len() >= MAX_PIECES {
                return Err(ExpressionError::Limit("an interval in too many pieces".into()));
            }
            pieces.push(Self::new(start, next.clone()).value());
            start = next;
            at += 1.0;
        }
        Ok(pieces)
    }
}

impl Exotic for Interval {
    fn to_json(&self) -> Value {
        // luxon's intervals have no form in JSON: their fields are written.
        let time = |time: &DateTime| time.to_iso().map_or(Value::Null, Value::from);
        Object::from_iter([
            ("s", time(&self.start)),
            ("e", time(&self.end)),
            ("invalid", Value::Null),
            ("isLuxonInterval", true.into()),
        ])
        .into()
    }

    fn to_text(&self) -> String {
        match (self.start.to_iso(), self.end.to_iso()) {
            (Some(start), Some(end)) if self.is_valid() => format!("[{start} – {end})"),
            _ => "Invalid Interval".into(),
        }
    }

    fn get(&self, name: &str) -> Result<Value, ExpressionError> {
        Ok(match name {
            "start" if self.is_valid() => self.start.clone().into(),
            "end" if self.is_valid() => self.end.clone().into(),
            "start" | "end" => Value::Null,
            "isValid" => self.is_valid().into(),
            "invalidReason" => self.invalid.map_or(Value::Null, Value::from),
            "invalidExplanation" => Value::Null,
            _ => Value::Undefined,
        })
    }
}

pub(super) fn call_static(name: &str, arguments: &[Value], clock: &Clock) -> Result<Option<Value>, ExpressionError> {
    let (first, second) = (argument(arguments, 0), argument(arguments, 1));
    Ok(Some(match name {
        "fromDateTimes" => Interval::new(time(first, clock), time(second, clock)).value(),
        "after" => {
            let start = time(first, clock);
            let end = start.plus(&from_value(second)?);
            Interval::new(start, end).value()
        }
        "before" => {
            let end = time(first, clock);
            let start = end.minus(&from_value(second)?);
            Interval::new(start, end).value()
        }
        "fromISO" => {
            from_iso(&first.to_text(), clock).unwrap_or_else(|| Interval::invalid("unparsable", clock)).value()
        }
        "isInterval" => first.as_exotic::<Interval>().is_some().into(),
        "invalid" => Interval::invalid("invalid", clock).value(),
        "merge" => merge(first),
        _ => return Ok(None),
    }))
}

fn merge(list: &Value) -> Value {
    let mut intervals: Vec<Interval> =
        list.as_array().unwrap_or_default().iter().filter_map(|value| value.as_exotic::<Interval>().cloned()).collect();
    intervals.sort_by(|a, b| a.start.millis().total_cmp(&b.start.millis()));
    let mut merged: Vec<Interval> = Vec::new();
    for interval in intervals {
        match merged.last_mut() {
            Some(last) if interval.start.millis() <= last.end.millis() => {
                if interval.end.millis() > last.end.millis() {
                    last.end = interval.end;
                }
            }
            _ => merged.push(interval),
        }
    }
    Value::list(merged.into_iter().map(Interval::value))
}

fn from_iso(text: &str, clock: &Clock) -> Option<Interval> {
    let (start, end) = text.split_once('/')?;
    let read =
        |text: &str| super::parse::iso(text).map(|reading| reading.to_time(&clock.zone, false, Some(clock.now as f64)));
    let duration = super::duration_text::from_iso;
    match (read(start), read(end)) {
        (Some(start), Some(end)) => Some(Interval::new(start, end)),
        (Some(start), None) => {
            let end = start.plus(&duration(end)?);
            Some(Interval::new(start, end))
        }
        (None, Some(end)) => {
            let start = end.minus(&duration(start)?);
            Some(Interval::new(start, end))
        }
        (None, None) => None,
    }
}

/// A moment from what luxon takes for one.
fn time(value: &Value, clock: &Clock) -> DateTime {
    super::date_time_value::friendly(value, clock).unwrap_or_else(|| DateTime::invalid("invalid", clock.zone.clone()))
}

pub(super) fn call(
    own: &Interval,
    name: &str,
    arguments: &[Value],
    clock: &Clock,
) -> Result<Option<Value>, ExpressionError> {
    let first = argument(arguments, 0);
    let unit = |missing: &str| {
        let name = if first.is_undefined() { missing.into() } else { first.to_text() };
        Unit::named(&name).map_or_else(|| thrown(format!("Invalid unit {name}")), Ok)
    };
    let other = first.as_exotic::<Interval>();
    Ok(Some(match name {
        "toISO" => own.to_iso().into(),
        "toISODate" | "toISOTime" => {
            let part = |time: &DateTime| {
                if name == "toISODate" {
                    time.iso_date(false)
                } else {
                    time.iso_time(super::date_time::IsoTime::default()) + &time.iso_offset()
                }
            };
            if own.is_valid() {
                format!("{}/{}", part(&own.start), part(&own.end)).into()
            } else {
                "Invalid Interval".into()
            }
        }
        "toString" => own.to_text().into(),
        "toFormat" => {
            let separator = argument(arguments, 1).get("separator").as_str().map_or(" – ".to_owned(), str::to_owned);
            let pattern = first.to_text();
            format!("{}{separator}{}", own.start.format(&pattern), own.end.format(&pattern)).into()
        }
        "length" => {
            let unit = unit("milliseconds")?;
            Value::Number(if own.is_valid() { own.end.diff(&own.start, &[unit]).to_unit(unit) } else { f64::NAN })
        }
        "count" => {
            let unit = unit("milliseconds")?;
            if !own.is_valid() {
                return Ok(Some(Value::Number(f64::NAN)));
            }
            let (start, end) = (own.start.start_of_unit(unit), own.end.start_of_unit(unit));
            let whole = end.diff(&start, &[unit]).get(unit).floor();
            let last = if end.millis() == own.end.millis() { 0.0 } else { 1.0 };
            Value::Number(whole + last)
        }
        "toDuration" => {
            let units = if arguments.is_empty() { vec![Unit::Milliseconds] } else { units(&arguments[..1])? };
            own.end.diff(&own.start, &units).into()
        }
        "contains" => own.contains(time(first, clock).millis()).into(),
        "isBefore" => (own.is_valid() && own.end.millis() <= time(first, clock).millis()).into(),
        "isAfter" => (own.is_valid() && own.start.millis() > time(first, clock).millis()).into(),
        "isEmpty" => (own.is_valid() && own.start.millis() == own.end.millis()).into(),
        "hasSame" => {
            let unit = unit("")?;
            let almost = own.end.minus(&Duration::of(Unit::Milliseconds, 1.0));
            (own.start.start_of_unit(unit).millis() == almost.start_of_unit(unit).millis()).into()
        }
        "overlaps" => other.is_some_and(|other| own.overlaps(other)).into(),
        "abutsStart" => other.is_some_and(|other| own.end.millis() == other.start.millis()).into(),
        "abutsEnd" => other.is_some_and(|other| other.end.millis() == own.start.millis()).into(),
        "engulfs" => other
            .is_some_and(|other| own.start.millis() <= other.start.millis() && own.end.millis() >= other.end.millis())
            .into(),
        "equals" => other
            .is_some_and(|other| own.start.millis() == other.start.millis() && own.end.millis() == other.end.millis())
            .into(),
        "intersection" => match other.filter(|other| own.overlaps(other)) {
            Some(other) => {
                let start = if own.start.millis() > other.start.millis() { &own.start } else { &other.start };
                let end = if own.end.millis() < other.end.millis() { &own.end } else { &other.end };
                Interval::new(start.clone(), end.clone()).value()
            }
            None => Value::Null,
        },
        "union" => match other {
            Some(other) => {
                let start = if own.start.millis() < other.start.millis() { &own.start } else { &other.start };
                let end = if own.end.millis() > other.end.millis() { &own.end } else { &other.end };
                Interval::new(start.clone(), end.clone()).value()
            }
            None => return thrown("union needs an interval"),
        },
        "splitBy" => own.split_by(&from_value(first)?)?.into(),
        "divideEqually" => {
            let parts = first.to_number();
            if parts.is_nan() || parts < 1.0 {
                return Ok(Some(Value::list([])));
            }
            let length = (own.end.millis() - own.start.millis()) / parts;
            let mut pieces = own.split_by(&Duration::of(Unit::Milliseconds, length))?;
            pieces.truncate(parts as usize);
            pieces.into()
        }
        _ => return Ok(None),
    }))
}
