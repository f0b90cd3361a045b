//! Version 2.

use super::{from_date, from_number};
use crate::item::Item;
use crate::node::{Context, Given, NodeError};
use crate::time::{DateTime, Duration, Unit, Zone};
use crate::value::{Exotic, Object, Str, Value};

pub(super) fn run(context: &mut Context<'_>) -> Result<Given, NodeError> {
    let operation = context.text("operation", 0)?;
    context.each(|context, at, item| {
        let value = calculate(context, &operation, at)?;
        let keeps = context.flag("options.includeInputFields", at)?;
        let mut json = if keeps { Object::clone(&item.json) } else { Object::new() };
        json.insert(context.text("outputFieldName", at)?, value.into_json());
        Ok(vec![Item { json: json.into(), ..Item::default() }])
    })
}

fn calculate(context: &mut Context<'_>, operation: &str, at: usize) -> Result<Value, NodeError> {
    match operation {
        "getCurrentDate" => now(context, at),
        "addToDate" | "subtractFromDate" => {
            let date = date(context, "magnitude", at)?;
            let mut amount = context.number("duration", at)?;
            if operation == "subtractFromDate" {
                amount = -amount;
            }
            Ok(iso(&date.plus(&Duration::of(unit(&context.text("timeUnit", at)?)?, amount))))
        }
        "formatDate" => format(context, at),
        "roundDate" => {
            let date = date(context, "date", at)?;
            if &*context.text("mode", at)? == "roundDown" {
                return Ok(iso(&date.start_of(&context.text("toNearest", at)?)));
            }
            let to = context.text("to", at)?;
            Ok(iso(&date.plus(&Duration::of(unit(&to)?, 1.0)).start_of(&to)))
        }
        "getTimeBetweenDates" => between(context, at),
        "extractDate" => {
            let civil = date(context, "date", at)?.civil();
            Ok(Value::from(match &*context.text("part", at)? {
                "year" => civil.year,
                "month" => civil.month,
                "week" => civil.week().1,
                "day" => civil.day,
                "hour" => civil.hour,
                "minute" => civil.minute,
                "second" => civil.second,
                other => {
                    return Err(
                        NodeError::new(format!("The part '{other}' of a date is not known")).in_parameter("part")
                    );
                }
            }))
        }
        other => Err(NodeError::new(format!("The operation '{other}' is not known")).in_parameter("operation")),
    }
}

fn now(context: &mut Context<'_>, at: usize) -> Result<Value, NodeError> {
    let own = Zone::of(&context.facts().zone);
    let name = context.text("options.timezone", at)?;
    let zone = match name.is_empty() {
        true => own,
        false => Zone::named(&name, &own)
            .ok_or_else(|| NodeError::new(format!("The timezone {name} is not valid. Please check the timezone.")))?,
    };
    let now = DateTime::from_millis(context.now() as f64, zone);
    Ok(iso(&if context.flag("includeTime", at)? { now } else { now.start_of("day") }))
}

fn format(context: &mut Context<'_>, at: usize) -> Result<Value, NodeError> {
    let value = context.get("date", at)?;
    if value.is_nullish() {
        return Ok(Value::Null);
    }
    let own = context.flag("options.timezone", at)?.then(|| Zone::of(&context.facts().zone));
    let from = context.text("options.fromFormat", at)?;
    let date = read(&value, own, &from)?;
    let format = match &*context.text("format", at)? {
        "custom" => context.text("customFormat", at)?,
        format => Str::from(format),
    };
    Ok(Value::from(date.format(&format)))
}

fn between(context: &mut Context<'_>, at: usize) -> Result<Value, NodeError> {
    let (start, end) = (date(context, "startDate", at)?, date(context, "endDate", at)?);
    let units = match context.get("units", at)? {
        Value::Array(names) if !names.is_empty() => {
            names.iter().map(|name| unit(&name.to_text())).collect::<Result<Vec<_>, _>>()?
        }
        _ => vec![Unit::Days],
    };
    let duration = end.diff(&start, &units);
    Ok(match context.flag("options.isoString", at)? {
        true => Value::from(duration.to_text()),
        false => Value::from(duration.to_object()),
    })
}

fn unit(name: &str) -> Result<Unit, NodeError> {
    Unit::named(name).ok_or_else(|| NodeError::new(format!("Invalid unit {name}")))
}

fn iso(date: &DateTime) -> Value {
    Value::from(date.to_iso())
}

fn date(context: &mut Context<'_>, parameter: &str, at: usize) -> Result<DateTime, NodeError> {
    let value = context.get(parameter, at)?;
    read(&value, None, "").map_err(|error| error.in_parameter(parameter))
}

/// The moment of a value: in the zone that is asked for, else in that of its offset, else in UTC.
fn read(value: &Value, zone: Option<Zone>, format: &str) -> Result<DateTime, NodeError> {
    let utc = named("Etc/UTC");
    let invalid = || NodeError::new("Invalid date format");
    if let Some(ms) = from_number(value).filter(|_| format.is_empty()) {
        return Ok(DateTime::from_millis(ms, zone.unwrap_or(utc)));
    }
    if value.type_of() == "object" {
        // A date keeps the zone that it has.
        return from_date(value, &utc).ok_or_else(invalid);
    }
    let text = value.to_text();
    let date = match format {
        "" => from_date(value, &utc),
        format => DateTime::from_format(&text, format, &utc),
    };
    // Only offsets with a plus count, and of them the hours.
    let offset = || {
        let hours = text.split('+').nth(1)?.get(..2)?.parse::<u8>().ok()?;
        Some(named(&format!("Etc/GMT-{hours}")))
    };
    let zone = zone.or_else(offset).unwrap_or(utc);
    date.filter(DateTime::is_valid).map(|date| date.in_zone(zone)).ok_or_else(invalid)
}

/// Zones by their names write offsets of zero as `+00:00`, where UTC itself writes `Z`.
fn named(name: &str) -> Zone {
    Zone::named(name, &Zone::utc()).unwrap_or_else(Zone::utc)
}
