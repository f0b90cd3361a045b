//! The functions of luxon's `DateTime` class.

use super::civil::{Civil, days_in_month, weeks_in_year};
use super::{Clock, DateTime, JsDate, Zone, argument, parse, parse_format, thrown, uncovered};
use crate::expression::ExpressionError;
use crate::value::{Object, Value};

/// Calls a function of the class; nothing where there is none of this name.
pub(super) fn call(name: &str, arguments: &[Value], clock: &Clock) -> Result<Option<Value>, ExpressionError> {
    let first = argument(arguments, 0);
    let options = |at: usize| Options::of(argument(arguments, at), clock);
    let time = match name {
        "now" => DateTime::from_millis(clock.now as f64, clock.zone.clone()),
        "local" | "utc" => from_parts(name == "utc", arguments, clock)?,
        "fromMillis" | "fromSeconds" => {
            let Some(number) = first.as_number() else {
                return thrown(format!(
                    "{name} requires a numerical input, but received a {} with value {}",
                    first.type_of(),
                    first.to_text()
                ));
            };
            let options = options(1);
            options.finish(DateTime::from_millis(
                if name == "fromSeconds" { number * 1000.0 } else { number },
                options.zone.clone(),
            ))
        }
        "fromJSDate" => {
            let options = options(1);
            match first.as_exotic::<JsDate>() {
                Some(date) => options.finish(DateTime::from_millis(date.millis(), options.zone.clone())),
                None => DateTime::invalid("invalid input", options.zone),
            }
        }
        "fromObject" => match first {
            Value::Object(fields) => from_object(fields, &options(1), clock)?,
            Value::Undefined => from_object(&Object::new(), &options(1), clock)?,
            _ => return thrown("the argument must be an object"),
        },
        "fromISO" | "fromRFC2822" | "fromHTTP" | "fromSQL" => {
            let options = options(1);
            let text = first.to_text();
            let reading = match name {
                "fromISO" => parse::iso(&text),
                "fromRFC2822" => parse::rfc2822(&text),
                "fromHTTP" => parse::http(&text),
                _ => parse::sql(&text, &clock.zone),
            };
            // A time alone is one of today.
            let reading =
                reading.or_else(|| if name == "fromISO" { time_of_today(&text, &options, clock) } else { None });
            match reading {
                Some(reading) => {
                    options.finish(reading.to_time(&options.zone, options.sets_zone, Some(clock.now as f64)))
                }
                None => DateTime::invalid("unparsable", options.zone),
            }
        }
        "fromFormat" | "fromString" => {
            let options = options(2);
            let (text, format) = (first.to_text(), argument(arguments, 1).to_text());
            if argument(arguments, 1).is_undefined() {
                return thrown("fromFormat requires an input string and a format");
            }
            if options.sets_zone {
                return uncovered("setZone of fromFormat");
            }
            parse_format::parse(&text, &format, &options.zone, options.locale.as_deref().unwrap_or("en-US"), clock.now)
        }
        "invalid" => DateTime::invalid("invalid", clock.zone.clone()),
        "isDateTime" => return Ok(Some(first.as_exotic::<DateTime>().is_some().into())),
        "min" | "max" => return Ok(Some(extreme(name == "max", arguments)?)),
        _ => return Ok(None),
    };
    Ok(Some(time.into()))
}

/// What luxon's functions take as their last argument.
struct Options {
    zone: Zone,
    locale: Option<String>,
    sets_zone: bool,
    bad_zone: bool,
}

impl Options {
    fn of(value: &Value, clock: &Clock) -> Self {
        let zone = super::date_time_value::zone_of(value.get("zone"), clock);
        Self {
            bad_zone: zone.is_none(),
            zone: zone.unwrap_or_else(|| clock.zone.clone()),
            locale: value.get("locale").as_str().map(str::to_owned),
            sets_zone: value.get("setZone").is_truthy(),
        }
    }

    fn finish(&self, time: DateTime) -> DateTime {
        if self.bad_zone {
            return DateTime::invalid("unsupported zone", time.zone().clone());
        }
        match &self.locale {
            Some(locale) => time.with_locale(locale),
            None => time,
        }
    }
}

fn time_of_today(text: &str, options: &Options, clock: &Clock) -> Option<parse::Reading> {
    let time = text.strip_prefix('T').unwrap_or(text);
    if !text.starts_with('T') && text.get(2..3).is_none_or(|separator| separator != ":") {
        return None;
    }
    let today = DateTime::from_millis(clock.now as f64, options.zone.clone()).iso_date(false);
    parse::iso(&format!("{today}T{time}"))
}

/// `DateTime.local(2024, 1, 31)`.
fn from_parts(utc: bool, arguments: &[Value], clock: &Clock) -> Result<DateTime, ExpressionError> {
    let (numbers, options) = match arguments.split_last() {
        Some((options @ Value::Object(_), numbers)) => (numbers, Options::of(options, clock)),
        _ => (arguments, Options::of(&Value::Undefined, clock)),
    };
    let zone = if utc { Zone::utc() } else { options.zone.clone() };
    if numbers.is_empty() || numbers[0].is_undefined() {
        return Ok(options.finish(DateTime::from_millis(clock.now as f64, zone)));
    }
    let names = ["year", "month", "day", "hour", "minute", "second", "millisecond"];
    let fields: Object = names.into_iter().zip(numbers).map(|(name, value)| (name, value.clone())).collect();
    from_object(&fields, &Options { zone, ..options }, clock)
}

/// `DateTime.fromObject({year: 2024, month: 2})`: larger units that are missing are today's, smaller ones begin.
fn from_object(fields: &Object, options: &Options, clock: &Clock) -> Result<DateTime, ExpressionError> {
    let given = Fields::read(fields)?;
    let zone = options.zone.clone();
    let today = DateTime::from_millis(clock.now as f64, zone.clone()).civil();
    if given.is_empty() {
        return Ok(options.finish(DateTime::from_millis(clock.now as f64, zone)));
    }
    match given.over(today, true) {
        Ok(civil) => Ok(options.finish(DateTime::from_civil(civil, zone.clone(), zone.offset(clock.now as f64)))),
        Err(Conflict::Mixed(words)) => thrown(words),
        Err(Conflict::Range) => Ok(DateTime::invalid("unit out of range", zone)),
    }
}

/// The units of a date and time that an object names.
#[derive(Default)]
pub(super) struct Fields {
    values: [Option<i64>; 11],
}

/// Why fields make no date.
pub(super) enum Conflict {
    Mixed(&'static str),
    Range,
}

const NAMES: [&str; 11] =
    ["year", "month", "day", "ordinal", "weekyear", "weeknumber", "weekday", "hour", "minute", "second", "millisecond"];

impl Fields {
    /// Fails for a unit that is none, or a value that is no number.
    pub(super) fn read(fields: &Object) -> Result<Self, ExpressionError> {
        let mut read = Self::default();
        for (key, value) in fields.iter().filter(|(_, value)| !value.is_nullish()) {
            let small = key.to_lowercase();
            let singular = small.strip_suffix('s').unwrap_or(&small);
            let Some(at) = NAMES.iter().position(|name| *name == singular) else {
                if matches!(singular, "quarter" | "localweekday" | "localweeknumber" | "localweekyear") {
                    return uncovered(key);
                }
                return thrown(format!("Invalid unit {key}"));
            };
            let number = value.to_number();
            if matches!(value, Value::Bool(_)) || value.as_str() == Some("") || !number.is_finite() {
                return thrown(format!("Invalid unit value {}", value.to_text()));
            }
            read.values[at] = Some(number.trunc() as i64);
        }
        Ok(read)
    }

    fn is_empty(&self) -> bool {
        self.values.iter().all(Option::is_none)
    }

    fn get(&self, name: &str) -> Option<i64> {
        NAMES.iter().position(|known| *known == name).and_then(|at| self.values[at])
    }

    /// The local time with these fields. `fresh`: what is smaller than the largest field begins anew.
    pub(super) fn over(&self, base: Civil, fresh: bool) -> Result<Civil, Conflict> {
        let by_week = ["weekyear", "weeknumber", "weekday"].iter().any(|name| self.get(name).is_some());
        let by_date = self.get("month").is_some() || self.get("day").is_some();
        let ordinal = self.get("ordinal");
        if (by_date || self.get("year").is_some() || ordinal.is_some())
            && by_week
            && (by_date || ordinal.is_some() || self.get("weekyear").is_some())
        {
            return Err(Conflict::Mixed("Can't mix weekYear/weekNumber units with year/month/day or ordinals"));
        }
        if by_date && ordinal.is_some() {
            return Err(Conflict::Mixed("Can't mix ordinal dates with month/day"));
        }
        // The units from the largest on: those before the first given one are the base's, those behind it begin.
        let mut found = false;
        let mut pick = |name: &str, own: i64, first: i64| {
            let given = self.get(name);
            found |= given.is_some();
            given.unwrap_or(if found && fresh { first } else { own })
        };
        let date = if by_week {
            let (year, week) = base.week();
            let (year, week, weekday) = (
                pick("weekyear", self.get("year").unwrap_or(year), 1),
                pick("weeknumber", week, 1),
                pick("weekday", base.weekday(), 1),
            );
            if !(1..=weeks_in_year(year)).contains(&week) || !(1..=7).contains(&weekday) {
                return Err(Conflict::Range);
            }
            Civil::of_week(year, week, weekday)
        } else if ordinal.is_some() {
            let (year, ordinal) = (pick("year", base.year, 1), pick("ordinal", base.ordinal(), 1));
            if !(1..=365 + i64::from(super::civil::is_leap(year))).contains(&ordinal) {
                return Err(Conflict::Range);
            }
            Civil::of_ordinal(year, ordinal)
        } else {
            let (year, month) = (pick("year", base.year, 1), pick("month", base.month, 1));
            let mut day = pick("day", base.day, 1);
            if self.get("day").is_none() {
                day = day.min(days_in_month(year, month));
            }
            Civil { year, month, day, ..Civil::default() }
        };
        let civil = Civil {
            hour: pick("hour", base.hour, 0),
            minute: pick("minute", base.minute, 0),
            second: pick("second", base.second, 0),
            millisecond: pick("millisecond", base.millisecond, 0),
            ..date
        };
        // What is set may overflow into the next unit; what is made anew may not.
        if fresh && !is_civil(civil) { Err(Conflict::Range) } else { Ok(civil) }
    }
}

fn is_civil(civil: Civil) -> bool {
    (1..=12).contains(&civil.month)
        && (1..=days_in_month(civil.year, civil.month)).contains(&civil.day)
        && (0..24).contains(&civil.hour)
        && (0..60).contains(&civil.minute)
        && (0..60).contains(&civil.second)
        && (0..1000).contains(&civil.millisecond)
}

fn extreme(latest: bool, arguments: &[Value]) -> Result<Value, ExpressionError> {
    let mut best: Option<&DateTime> = None;
    for value in arguments {
        let Some(time) = value.as_exotic::<DateTime>() else {
            return thrown(format!("{} requires all arguments be DateTimes", if latest { "max" } else { "min" }));
        };
        let better =
            best.is_none_or(|best| if latest { time.millis() > best.millis() } else { time.millis() < best.millis() });
        if better {
            best = Some(time);
        }
    }
    Ok(best.map_or(Value::Undefined, |time| time.clone().into()))
}
