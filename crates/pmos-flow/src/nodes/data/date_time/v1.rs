//! Version 1.

use super::moment_format::{format, luxon};
use super::{from_date, from_number};
use crate::item::Item;
use crate::node::{Context, Given, NodeError};
use crate::time::{DateTime, Duration, Unit, Zone};
use crate::value::{Object, Path, Value};

pub(super) fn run(context: &mut Context<'_>) -> Result<Given, NodeError> {
    context.each(|context, at, item| {
        let value = context.get("value", at)?;
        if value.is_undefined() {
            return Ok(vec![item.clone().linked(at)]);
        }
        let text = match &*context.text("action", at)? {
            "format" => formatted(context, &value, at)?,
            _ => calculated(context, &value, at)?,
        };
        let mut json = Object::clone(&item.json);
        Path::new(&context.text("dataPropertyName", at)?).set(&mut json, Value::from(text));
        Ok(vec![Item { json: json.into(), binary: item.binary.clone(), ..Item::default() }])
    })
}

fn formatted(context: &mut Context<'_>, value: &Value, at: usize) -> Result<String, NodeError> {
    let own = Zone::of(&context.facts().zone);
    let zone = |name: &str, context: &mut Context<'_>| -> Result<Option<Zone>, NodeError> {
        let text = context.text(name, at)?;
        let found = (!text.is_empty()).then(|| {
            Zone::named(&text, &own)
                .ok_or_else(|| NodeError::new(format!("The timezone {text} is not valid. Please check the timezone.")))
        });
        found.transpose()
    };
    let (from, to) = (zone("options.fromTimezone", context)?, zone("options.toTimezone", context)?);
    let in_zone = from.is_some() || to.is_some();
    let read_in = if in_zone { from.unwrap_or_else(|| own.clone()) } else { Zone::utc() };
    let date = read(context, value, &read_in, at)?;
    let to_format = context.text("toFormat", at)?;
    Ok(match date {
        Some(date) if in_zone => format(&date.in_zone(to.unwrap_or(own)), &to_format),
        Some(date) => format(&date, &to_format),
        None => "Invalid date".into(),
    })
}

fn calculated(context: &mut Context<'_>, value: &Value, at: usize) -> Result<String, NodeError> {
    let utc = Zone::utc();
    let unit = context.text("timeUnit", at)?;
    let unit =
        Unit::named(&unit).ok_or_else(|| NodeError::new(format!("Invalid unit {unit}")).in_parameter("timeUnit"))?;
    let amount = context.number("duration", at)?;
    let amount = if &*context.text("operation", at)? == "add" { amount } else { -amount };
    let date = read(context, value, &utc, at)?;
    let date = date.map(|date| format(&date.plus(&Duration::of(unit, amount)).in_zone(utc), "YYYY-MM-DDTHH:mm:ss[Z]"));
    Ok(date.unwrap_or_else(|| "Invalid date".into()))
}

/// The moment of a value; nothing where it is none, and the file says how it is to be read.
fn read(context: &mut Context<'_>, value: &Value, zone: &Zone, at: usize) -> Result<Option<DateTime>, NodeError> {
    let from = context.get("options.fromFormat", at)?;
    let plain = match from_number(value) {
        Some(ms) => Some(DateTime::from_millis(ms, zone.clone())),
        None => from_date(value, zone),
    };
    match (from.as_str(), plain) {
        (Some(from), _) if !from.is_empty() => Ok(DateTime::from_format(&value.to_text(), &luxon(from), zone)),
        (None, None) => {
            Err(NodeError::new("The date input format could not be recognized. Please set the \"From Format\" field"))
        }
        (_, plain) => Ok(plain.filter(DateTime::is_valid).map(|date| date.in_zone(zone.clone()))),
    }
}
