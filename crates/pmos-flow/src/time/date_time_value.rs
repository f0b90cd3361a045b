//! `DateTime` in expressions.

use super::civil::{days_in_month, is_leap, weeks_in_year};
use super::date_time::IsoTime;
use super::date_time_static::{Conflict, Fields};
use super::duration_value::{from_value, units};
use super::format::{long_offset_name, short_offset_name};
use super::locale::names_or_english;
use super::relative::{relative, relative_calendar};
use super::{Clock, DateTime, Interval, JsDate, Unit, Zone, argument, format_options, parse, thrown, uncovered};
use crate::expression::ExpressionError;
use crate::value::{Exotic, Object, Value};

impl Exotic for DateTime {
    fn to_json(&self) -> Value {
        self.to_iso().map_or(Value::Null, Value::from)
    }

    fn to_text(&self) -> String {
        self.to_iso().unwrap_or_else(|| "Invalid DateTime".into())
    }

    fn to_number(&self) -> f64 {
        self.millis()
    }

    fn get(&self, name: &str) -> Result<Value, ExpressionError> {
        property(self, name)
    }

    fn call(&self, name: &str, arguments: &[Value]) -> Result<Option<Value>, ExpressionError> {
        // Without an expression's clock, now is unknown.
        if matches!(name, "diffNow" | "toRelative" | "toRelativeCalendar" | "diffToNow" | "isInLast") {
            return uncovered(name);
        }
        call(self, name, arguments, &Clock { now: self.millis() as i64, zone: self.zone().clone() })
    }
}

fn property(own: &DateTime, name: &str) -> Result<Value, ExpressionError> {
    let civil = own.civil();
    let names = names_or_english(own.locale());
    let number = |number: i64| Value::Number(if own.is_valid() { number as f64 } else { f64::NAN });
    let text = |text: &str| if own.is_valid() { text.into() } else { Value::Null };
    Ok(match name {
        "year" => number(civil.year),
        "quarter" => number((civil.month + 2) / 3),
        "month" => number(civil.month),
        "day" => number(civil.day),
        "hour" => number(civil.hour),
        "minute" => number(civil.minute),
        "second" => number(civil.second),
        "millisecond" => number(civil.millisecond),
        "weekYear" | "localWeekYear" => number(civil.week().0),
        "weekNumber" => number(civil.week().1),
        "weekday" => number(civil.weekday()),
        "localWeekday" | "localWeekNumber" | "weeksInLocalWeekYear" => return uncovered(name),
        "isWeekend" => (own.is_valid() && civil.weekday() >= 6).into(),
        "ordinal" => number(civil.ordinal()),
        "monthShort" if own.is_valid() => names.short_months[(civil.month - 1) as usize].into(),
        "monthLong" if own.is_valid() => names.months[(civil.month - 1) as usize].into(),
        "weekdayShort" if own.is_valid() => names.short_weekdays[(civil.weekday() - 1) as usize].into(),
        "weekdayLong" if own.is_valid() => names.weekdays[(civil.weekday() - 1) as usize].into(),
        "monthShort" | "monthLong" | "weekdayShort" | "weekdayLong" => Value::Null,
        "offset" => number(own.offset()),
        "offsetNameShort" => text(&short_offset_name(own)),
        "offsetNameLong" => text(&long_offset_name(own)),
        "isOffsetFixed" => {
            if own.is_valid() {
                own.zone().is_fixed().into()
            } else {
                Value::Null
            }
        }
        "isInDST" => (own.is_valid() && own.zone().is_dst(own.millis())).into(),
        "isInLeapYear" => is_leap(civil.year).into(),
        "daysInMonth" => number(days_in_month(civil.year, civil.month)),
        "daysInYear" => number(365 + i64::from(is_leap(civil.year))),
        "weeksInWeekYear" => number(weeks_in_year(civil.week().0)),
        "zoneName" => text(own.zone().name()),
        "zone" => Object::from_iter([
            ("name", text(own.zone().name())),
            ("zoneName", text(own.zone().name())),
            ("valid", own.is_valid().into()),
        ])
        .into(),
        "locale" => text(own.locale()),
        "numberingSystem" | "outputCalendar" => Value::Null,
        "isValid" => own.is_valid().into(),
        "isLuxonDateTime" => true.into(),
        "invalidReason" => own.invalid_reason().map_or(Value::Null, Value::from),
        "invalidExplanation" => Value::Null,
        "ts" => Value::Number(own.millis()),
        _ => Value::Undefined,
    })
}

/// A moment from what luxon takes for one: a `DateTime`, a `Date`, an object of units.
pub(super) fn friendly(value: &Value, clock: &Clock) -> Option<DateTime> {
    if let Some(time) = value.as_exotic::<DateTime>() {
        return Some(time.clone());
    }
    if let Some(date) = value.as_exotic::<JsDate>() {
        return Some(DateTime::from_millis(date.millis(), clock.zone.clone()));
    }
    let made = super::date_time_static::call("fromObject", std::slice::from_ref(value), clock).ok().flatten()?;
    if matches!(value, Value::Object(_)) { made.as_exotic::<DateTime>().cloned() } else { None }
}

/// The zone of an option: the default for none, nothing where it is no zone.
pub(super) fn zone_of(value: &Value, clock: &Clock) -> Option<Zone> {
    match value {
        Value::Undefined | Value::Null => Some(clock.zone.clone()),
        Value::Number(minutes) => Some(Zone::fixed(*minutes as i64)),
        Value::String(name) => Zone::named(name, &clock.zone),
        Value::Object(zone) => zone.get("name").and_then(Value::as_str).and_then(|name| Zone::named(name, &clock.zone)),
        _ => None,
    }
}

/// Calls a method; nothing where there is none of this name.
pub(super) fn call(
    own: &DateTime,
    name: &str,
    arguments: &[Value],
    clock: &Clock,
) -> Result<Option<Value>, ExpressionError> {
    let (first, second) = (argument(arguments, 0), argument(arguments, 1));
    let iso_form = || IsoTime {
        basic: first.get("format").as_str() == Some("basic"),
        suppress_seconds: first.get("suppressSeconds").is_truthy(),
        suppress_milliseconds: first.get("suppressMilliseconds").is_truthy(),
    };
    let valid_text = |text: String| if own.is_valid() { Value::from(text) } else { Value::Null };
    Ok(Some(match name {
        "toISO" | "toISODate" | "toISOTime" | "toISOWeekDate" => {
            let form = iso_form();
            let offset =
                if first.get("includeOffset").as_bool() == Some(false) { String::new() } else { own.iso_offset() };
            valid_text(match name {
                "toISO" => format!("{}T{}{offset}", own.iso_date(form.basic), own.iso_time(form)),
                "toISODate" => own.iso_date(form.basic),
                "toISOTime" => {
                    let prefix = if first.get("includePrefix").is_truthy() { "T" } else { "" };
                    format!("{prefix}{}{offset}", own.iso_time(form))
                }
                _ => own.format("kkkk-'W'WW-c"),
            })
        }
        "toJSON" => own.to_json(),
        "toString" => own.to_text().into(),
        "toFormat" => own.format(&first.to_text()).into(),
        "toMillis" | "valueOf" => Value::Number(own.millis()),
        "toSeconds" => Value::Number(own.millis() / 1000.0),
        "toUnixInteger" => Value::Number((own.millis() / 1000.0).floor()),
        "toJSDate" | "toBSON" => JsDate::new(own.millis()).into(),
        "toObject" => to_object(own, first),
        "toUTC" => {
            let zone = Zone::fixed(first.as_number().unwrap_or(0.0) as i64);
            set_zone(own, zone, second).into()
        }
        "toLocal" => own.in_zone(clock.zone.clone()).into(),
        "setZone" => match zone_of(first, clock) {
            Some(zone) => set_zone(own, zone, second).into(),
            None => DateTime::invalid("unsupported zone", own.zone().clone()).into(),
        },
        "setLocale" => own.with_locale(&first.to_text()).into(),
        "reconfigure" => match first.get("locale").as_str() {
            Some(locale) => own.with_locale(locale).into(),
            None => own.clone().into(),
        },
        "plus" => own.plus(&from_value(first)?).into(),
        "minus" => own.minus(&from_value(first)?).into(),
        "set" => set(own, first)?.into(),
        "startOf" | "endOf" => {
            let unit = units(&arguments[..1.min(arguments.len())])?.first().copied();
            let Some(unit) = unit else { return thrown("Invalid unit undefined") };
            if second.get("useLocaleWeeks").is_truthy() {
                return uncovered("useLocaleWeeks");
            }
            if name == "startOf" { own.start_of_unit(unit) } else { own.end_of_unit(unit) }.into()
        }
        "diff" | "diffNow" => {
            let (other, units_at) = match name {
                "diff" => (friendly(first, clock), 1),
                _ => (Some(DateTime::from_millis(clock.now as f64, own.zone().clone())), 0),
            };
            let Some(other) = other else { return thrown("Unknown datetime argument") };
            let units = match argument(arguments, units_at) {
                Value::Undefined | Value::Object(_) => vec![Unit::Milliseconds],
                value => units(std::slice::from_ref(value))?,
            };
            own.diff(&other, &units).into()
        }
        "until" => {
            let Some(other) = friendly(first, clock) else { return thrown("Unknown datetime argument") };
            Value::Exotic(std::sync::Arc::new(Interval::new(own.clone(), other)))
        }
        "hasSame" => {
            let Some(other) = friendly(first, clock) else { return thrown("Unknown datetime argument") };
            let unit = units(std::slice::from_ref(second))?.first().copied().unwrap_or(Unit::Milliseconds);
            let there =
                if own.zone() == other.zone() { own.clone() } else { own.keeping_local_time(other.zone().clone()) };
            (own.is_valid()
                && there.start_of_unit(unit).millis() <= other.millis()
                && other.millis() <= there.end_of_unit(unit).millis())
            .into()
        }
        "equals" => first
            .as_exotic::<DateTime>()
            .is_some_and(|other| {
                own.is_valid()
                    && own.millis() == other.millis()
                    && own.zone() == other.zone()
                    && own.locale() == other.locale()
            })
            .into(),
        "toRelative" | "toRelativeCalendar" if !own.is_valid() => Value::Null,
        "toRelative" | "toRelativeCalendar" => to_relative(own, name == "toRelative", first, clock)?,
        "toLocaleString" => to_locale_string(own, first, second, clock)?,
        "toLocaleParts" | "resolvedLocaleOptions" | "getPossibleOffsets" | "explain" => return uncovered(name),
        "get" => own.get(&first.to_text())?,
        "toRFC2822" => {
            valid_text(own.with_locale("en").format("EEE, dd LLL yyyy HH:mm:ss ZZZ").replace(" Z", " +0000"))
        }
        "toHTTP" => valid_text(own.in_zone(Zone::utc()).with_locale("en").format("EEE, dd LLL yyyy HH:mm:ss 'GMT'")),
        "toSQLDate" => valid_text(own.iso_date(false)),
        "toSQLTime" | "toSQL" => {
            let spaced = if first.get("includeOffsetSpace").as_bool() == Some(false) { "" } else { " " };
            let offset = if first.get("includeZone").is_truthy() {
                format!("{spaced}{}", own.zone().name())
            } else if first.get("includeOffset").as_bool() == Some(false) {
                String::new()
            } else {
                format!(
                    "{spaced}{}",
                    super::zone::offset_text(own.offset(), super::zone::OffsetForm::Short)
                        .replace("+00:00", if own.zone().is_fixed() { "Z" } else { "+00:00" })
                )
            };
            let time = own.iso_time(IsoTime::default());
            valid_text(if name == "toSQL" {
                format!("{} {time}{offset}", own.iso_date(false))
            } else {
                format!("{time}{offset}")
            })
        }
        _ => return Ok(None),
    }))
}

fn to_object(own: &DateTime, options: &Value) -> Value {
    let civil = own.civil();
    if !own.is_valid() {
        return Value::object();
    }
    let mut fields: Object = [
        ("year", civil.year),
        ("month", civil.month),
        ("day", civil.day),
        ("hour", civil.hour),
        ("minute", civil.minute),
        ("second", civil.second),
        ("millisecond", civil.millisecond),
    ]
    .into_iter()
    .map(|(key, number)| (key, Value::from(number)))
    .collect();
    if options.get("includeConfig").is_truthy() {
        fields.insert("outputCalendar", Value::Null);
        fields.insert("numberingSystem", Value::Null);
        fields.insert("locale", own.locale().into());
    }
    fields.into()
}

fn set_zone(own: &DateTime, zone: Zone, options: &Value) -> DateTime {
    if options.get("keepLocalTime").is_truthy() || options.get("keepCalendarTime").is_truthy() {
        return own.keeping_local_time(zone);
    }
    own.in_zone(zone)
}

fn set(own: &DateTime, fields: &Value) -> Result<DateTime, ExpressionError> {
    let Value::Object(fields) = fields else { return thrown("the argument must be an object") };
    if !own.is_valid() {
        return Ok(own.clone());
    }
    match Fields::read(fields)?.over(own.civil(), false) {
        Ok(civil) => Ok(own.with_civil(civil)),
        Err(Conflict::Mixed(words)) => thrown(words),
        Err(Conflict::Range) => Ok(DateTime::invalid("unit out of range", own.zone().clone())),
    }
}

fn to_relative(own: &DateTime, by_clock: bool, options: &Value, clock: &Clock) -> Result<Value, ExpressionError> {
    if options.get("locale").as_str().is_some_and(|locale| !locale.starts_with("en")) || !own.locale().starts_with("en")
    {
        return uncovered("a relative time in a language");
    }
    let base = match options.get("base") {
        Value::Undefined => DateTime::from_millis(clock.now as f64, own.zone().clone()),
        base => match friendly(base, clock) {
            Some(base) => base,
            None => return thrown("Unknown datetime argument"),
        },
    };
    let own = match options.get("padding").as_number() {
        Some(padding) => {
            let padding = if own.millis() < base.millis() { -padding } else { padding };
            &own.plus(&super::Duration::of(Unit::Milliseconds, padding))
        }
        None => own,
    };
    let wanted = match options.get("unit") {
        Value::Undefined => Vec::new(),
        unit => units(std::slice::from_ref(unit))?,
    };
    if !by_clock {
        return Ok(relative_calendar(own, &base, wanted.first().copied()).into());
    }
    let narrow = match options.get("style").as_str() {
        None | Some("long") => false,
        Some("short") => true,
        Some(_) => return uncovered("a narrow relative time"),
    };
    let numeric = options.get("numeric").as_str() != Some("auto");
    Ok(relative(own, &base, &wanted, numeric, narrow).into())
}

fn to_locale_string(own: &DateTime, options: &Value, more: &Value, clock: &Clock) -> Result<Value, ExpressionError> {
    if !own.is_valid() {
        return Ok("Invalid DateTime".into());
    }
    let locale = more.get("locale").as_str().or_else(|| options.get("locale").as_str());
    let time = locale.map_or_else(|| own.clone(), |locale| own.with_locale(locale));
    let time = match options.get("timeZone").as_str() {
        Some(name) => match Zone::named(name, &clock.zone) {
            Some(zone) => time.in_zone(zone),
            None => return thrown(format!("Invalid time zone specified: {name}")),
        },
        None => time,
    };
    // A language alone, as `Date` takes it.
    let options = if matches!(options, Value::Object(_)) { options } else { &Value::Undefined };
    Ok(format_options(&time, options, "")?.into())
}

/// See [`DateTime::parse_any`]; for values of any kind.
pub(crate) fn from_anything(value: &Value, clock: &Clock) -> Option<DateTime> {
    let zone = &clock.zone;
    if let Some(time) = value.as_exotic::<DateTime>() {
        return Some(time.clone());
    }
    if let Some(date) = value.as_exotic::<JsDate>() {
        return Some(DateTime::from_millis(date.millis(), zone.clone())).filter(DateTime::is_valid);
    }
    match value {
        Value::Number(millis) => Some(DateTime::from_millis(*millis, zone.clone())).filter(DateTime::is_valid),
        Value::String(text) => parse::any(text.trim(), zone, Some(clock.now as f64)),
        _ => None,
    }
}
