//! `Duration` in expressions.

use super::duration::{Duration, Unit};
use super::{argument, duration_text, thrown, uncovered};
use crate::expression::ExpressionError;
use crate::value::{Exotic, Object, Value};

impl Exotic for Duration {
    fn to_json(&self) -> Value {
        if self.is_invalid { Value::Null } else { duration_text::to_iso(self).into() }
    }

    fn to_text(&self) -> String {
        if self.is_invalid { "Invalid Duration".into() } else { duration_text::to_iso(self) }
    }

    fn to_number(&self) -> f64 {
        self.to_millis()
    }

    fn get(&self, name: &str) -> Result<Value, ExpressionError> {
        if let Some(unit) = Unit::ALL.into_iter().find(|unit| unit.name() == name) {
            return Ok(Value::Number(if self.is_invalid { f64::NAN } else { self.get(unit) }));
        }
        Ok(match name {
            "isValid" => (!self.is_invalid).into(),
            "invalidReason" | "invalidExplanation" => Value::Null,
            "locale" => "en-US".into(),
            _ => Value::Undefined,
        })
    }

    fn call(&self, name: &str, arguments: &[Value]) -> Result<Option<Value>, ExpressionError> {
        call(self, name, arguments)
    }
}

/// A duration from what luxon takes for one: an object of units, milliseconds, or a duration.
pub(super) fn from_value(value: &Value) -> Result<Duration, ExpressionError> {
    if let Some(duration) = value.as_exotic::<Duration>() {
        return Ok(duration.clone());
    }
    match value {
        Value::Number(millis) => Ok(Duration::of(Unit::Milliseconds, *millis)),
        Value::Object(fields) => from_object(fields),
        value => thrown(format!("Unknown duration argument {} of type {}", value.to_text(), value.type_of())),
    }
}

fn from_object(fields: &Object) -> Result<Duration, ExpressionError> {
    let mut duration = Duration::default();
    for (key, value) in fields.iter().filter(|(_, value)| !value.is_nullish()) {
        let Some(unit) = Unit::named(key) else { return thrown(format!("Invalid unit {key}")) };
        let amount = value.to_number();
        if matches!(value, Value::Bool(_)) || value.as_str() == Some("") || !amount.is_finite() {
            return thrown(format!("Invalid unit value {}", value.to_text()));
        }
        duration.set(unit, amount);
    }
    Ok(duration)
}

/// The units that arguments name: one, several, or a list of them.
pub(super) fn units(arguments: &[Value]) -> Result<Vec<Unit>, ExpressionError> {
    let mut units = Vec::new();
    for value in arguments {
        match value {
            Value::Array(list) => units.extend(self::units(list)?),
            value => match value.as_str().and_then(Unit::named) {
                Some(unit) => units.push(unit),
                None => return thrown(format!("Invalid unit {}", value.to_text())),
            },
        }
    }
    Ok(units)
}

pub(super) fn call_static(name: &str, arguments: &[Value]) -> Result<Option<Value>, ExpressionError> {
    let first = argument(arguments, 0);
    Ok(Some(match name {
        "fromObject" => match first {
            Value::Object(fields) => from_object(fields)?.into(),
            _ => return thrown("Duration.fromObject: argument expected to be an object"),
        },
        "fromMillis" => Duration::of(Unit::Milliseconds, first.to_number()).into(),
        "fromDurationLike" => from_value(first)?.into(),
        "fromISO" => duration_text::from_iso(&first.to_text()).unwrap_or_else(Duration::invalid).into(),
        "fromISOTime" => {
            let text = first.to_text();
            let parts: Vec<f64> = text.split(':').map(|part| part.parse().unwrap_or(f64::NAN)).collect();
            if parts.len() < 2 || parts.len() > 3 || parts.iter().any(|part| part.is_nan()) {
                return Ok(Some(Duration::invalid().into()));
            }
            let mut duration = Duration::of(Unit::Hours, parts[0]);
            duration.set(Unit::Minutes, parts[1]);
            if let Some(seconds) = parts.get(2) {
                duration.set(Unit::Seconds, seconds.trunc());
                duration.set(Unit::Milliseconds, (seconds.fract() * 1000.0).round());
            }
            duration.into()
        }
        "invalid" => Duration::invalid().into(),
        "isDuration" => first.as_exotic::<Duration>().is_some().into(),
        _ => return Ok(None),
    }))
}

pub(super) fn call(own: &Duration, name: &str, arguments: &[Value]) -> Result<Option<Value>, ExpressionError> {
    let first = argument(arguments, 0);
    let text = |key: &str, at: usize| argument(arguments, at).get(key).as_str().map(str::to_owned);
    Ok(Some(match name {
        "as" => match units(&arguments[..1.min(arguments.len())])?.first() {
            Some(unit) => Value::Number(own.to_unit(*unit)),
            None => return thrown("Invalid unit undefined"),
        },
        "get" => match units(&arguments[..1.min(arguments.len())])?.first() {
            Some(unit) => Value::Number(Duration::get(own, *unit)),
            None => return thrown("Invalid unit undefined"),
        },
        "shiftTo" => own.shift_to(&units(arguments)?).into(),
        "shiftToAll" => {
            let all: Vec<Unit> = Unit::ALL.into_iter().filter(|unit| *unit != Unit::Quarters).collect();
            own.shift_to(&all).into()
        }
        "normalize" => own.normalize().into(),
        "rescale" => {
            let all: Vec<Unit> = Unit::ALL.into_iter().filter(|unit| *unit != Unit::Quarters).collect();
            let shifted = own.normalize().shift_to(&all);
            let mut rescaled = Duration::default();
            shifted
                .amounts()
                .filter(|(_, amount)| *amount != 0.0)
                .for_each(|(unit, amount)| rescaled.set(unit, amount));
            rescaled.into()
        }
        "plus" => own.plus(&from_value(first)?).into(),
        "minus" => own.plus(&from_value(first)?.negate()).into(),
        "negate" => own.negate().into(),
        "mapUnits" => return uncovered("mapUnits"),
        "set" => {
            let mut set = own.clone();
            from_value(first)?.amounts().for_each(|(unit, amount)| set.set(unit, amount));
            set.into()
        }
        "toISO" | "toJSON" => own.to_json(),
        "toString" => own.to_text().into(),
        "toObject" => own.to_object().into(),
        "toMillis" | "valueOf" => Value::Number(own.to_millis()),
        "toFormat" if own.is_invalid => "Invalid Duration".into(),
        "toFormat" => {
            let floor = argument(arguments, 1).get("floor").as_bool() != Some(false);
            duration_text::format(own, &first.to_text(), floor).into()
        }
        "toHuman" if own.is_invalid => "Invalid Duration".into(),
        "toHuman" => {
            let style = text("unitDisplay", 0).unwrap_or_else(|| "long".into());
            let list = text("listStyle", 0).unwrap_or_else(|| "narrow".into());
            duration_text::to_human(own, &style, &list).into()
        }
        "toISOTime" => {
            let shifted = own.shift_to(&[Unit::Hours, Unit::Minutes, Unit::Seconds, Unit::Milliseconds]);
            if own.is_invalid || !(0.0..86_400_000.0).contains(&own.to_millis()) {
                return Ok(Some(Value::Null));
            }
            duration_text::format(&shifted, "hh:mm:ss.SSS", true).into()
        }
        "equals" => first
            .as_exotic::<Duration>()
            .is_some_and(|other| {
                Unit::ALL.into_iter().all(|unit| Duration::get(own, unit) == Duration::get(other, unit))
            })
            .into(),
        "hasOwnProperty" => return uncovered(name),
        "reconfigure" => own.clone().into(),
        "removeZeros" => {
            let mut kept = Duration::default();
            own.amounts().filter(|(_, amount)| *amount != 0.0).for_each(|(unit, amount)| kept.set(unit, amount));
            kept.into()
        }
        _ => return Ok(None),
    }))
}
