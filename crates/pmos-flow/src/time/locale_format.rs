//! Dates as a language writes them: what `toLocaleString` gives in English, and in German, French and their like for numbers.

use super::format::{long_offset_name, short_offset_name};
use super::locale::names;
use super::{DateTime, uncovered};
use crate::expression::ExpressionError;
use crate::value::{Object, Value};

/// The presets of luxon's, such as `DateTime.DATE_FULL`.
pub(crate) fn format_preset(name: &str) -> Option<Value> {
    let fields: &[(&str, &str)] = match name {
        "DATE_SHORT" => &[("year", "numeric"), ("month", "numeric"), ("day", "numeric")],
        "DATE_MED" => &[("year", "numeric"), ("month", "short"), ("day", "numeric")],
        "DATE_MED_WITH_WEEKDAY" => &[("year", "numeric"), ("month", "short"), ("day", "numeric"), ("weekday", "short")],
        "DATE_FULL" => &[("year", "numeric"), ("month", "long"), ("day", "numeric")],
        "DATE_HUGE" => &[("year", "numeric"), ("month", "long"), ("day", "numeric"), ("weekday", "long")],
        "TIME_SIMPLE" => &[("hour", "numeric"), ("minute", "numeric")],
        "TIME_WITH_SECONDS" => &[("hour", "numeric"), ("minute", "numeric"), ("second", "numeric")],
        "TIME_WITH_SHORT_OFFSET" => {
            &[("hour", "numeric"), ("minute", "numeric"), ("second", "numeric"), ("timeZoneName", "short")]
        }
        "TIME_WITH_LONG_OFFSET" => {
            &[("hour", "numeric"), ("minute", "numeric"), ("second", "numeric"), ("timeZoneName", "long")]
        }
        "TIME_24_SIMPLE" => &[("hour", "numeric"), ("minute", "numeric"), ("hourCycle", "h23")],
        "TIME_24_WITH_SECONDS" => {
            &[("hour", "numeric"), ("minute", "numeric"), ("second", "numeric"), ("hourCycle", "h23")]
        }
        "DATETIME_SHORT" => {
            &[("year", "numeric"), ("month", "numeric"), ("day", "numeric"), ("hour", "numeric"), ("minute", "numeric")]
        }
        "DATETIME_SHORT_WITH_SECONDS" => &[
            ("year", "numeric"),
            ("month", "numeric"),
            ("day", "numeric"),
            ("hour", "numeric"),
            ("minute", "numeric"),
            ("second", "numeric"),
        ],
        "DATETIME_MED" => {
            &[("year", "numeric"), ("month", "short"), ("day", "numeric"), ("hour", "numeric"), ("minute", "numeric")]
        }
        "DATETIME_MED_WITH_SECONDS" => &[
            ("year", "numeric"),
            ("month", "short"),
            ("day", "numeric"),
            ("hour", "numeric"),
            ("minute", "numeric"),
            ("second", "numeric"),
        ],
        "DATETIME_MED_WITH_WEEKDAY" => &[
            ("year", "numeric"),
            ("month", "short"),
            ("day", "numeric"),
            ("weekday", "short"),
            ("hour", "numeric"),
            ("minute", "numeric"),
        ],
        "DATETIME_FULL" => &[
            ("year", "numeric"),
            ("month", "long"),
            ("day", "numeric"),
            ("hour", "numeric"),
            ("minute", "numeric"),
            ("timeZoneName", "short"),
        ],
        "DATETIME_HUGE" => &[
            ("year", "numeric"),
            ("month", "long"),
            ("day", "numeric"),
            ("weekday", "long"),
            ("hour", "numeric"),
            ("minute", "numeric"),
            ("timeZoneName", "long"),
        ],
        _ => return None,
    };
    Some(fields.iter().map(|(key, value)| (*key, Value::from(*value))).collect::<Object>().into())
}

/// What a token such as `DD` stands for, which a preset writes.
pub(super) fn macro_token(time: &DateTime, token: &str) -> Option<String> {
    let preset = match token {
        "D" => "DATE_SHORT",
        "DD" => "DATE_MED",
        "DDD" => "DATE_FULL",
        "DDDD" => "DATE_HUGE",
        "t" => "TIME_SIMPLE",
        "tt" => "TIME_WITH_SECONDS",
        "ttt" => "TIME_WITH_SHORT_OFFSET",
        "tttt" => "TIME_WITH_LONG_OFFSET",
        "T" => "TIME_24_SIMPLE",
        "TT" => "TIME_24_WITH_SECONDS",
        "f" => "DATETIME_SHORT",
        "ff" => "DATETIME_MED",
        "fff" => "DATETIME_FULL",
        "ffff" => "DATETIME_HUGE",
        "F" => "DATETIME_SHORT_WITH_SECONDS",
        "FF" => "DATETIME_MED_WITH_SECONDS",
        _ => return None,
    };
    let options = format_preset(preset)?;
    format_options(time, &options, "").ok()
}

/// A time as a language writes it. `defaults` says what is written where the options do not name it: `date`, `time`, `all`
/// (both where they name nothing), or nothing for the date where they name nothing.
pub(crate) fn format_options(time: &DateTime, options: &Value, defaults: &str) -> Result<String, ExpressionError> {
    const KNOWN: [&str; 13] = [
        "year",
        "month",
        "day",
        "weekday",
        "hour",
        "minute",
        "second",
        "timeZoneName",
        "hourCycle",
        "hour12",
        "timeZone",
        "locale",
        "era",
    ];
    let language = time.locale().split('-').next().unwrap_or_default();
    if let Some(options) = options.as_object()
        && let Some(key) =
            options.keys().find(|key| !KNOWN.contains(&&***key) && !matches!(&***key, "dateStyle" | "timeStyle"))
    {
        return uncovered(&format!("the option {key} of a date's format"));
    }
    let styled = styles(options);
    let options = styled.as_ref().unwrap_or(options);
    let named = |key: &str| options.get(key).as_str().map(str::to_owned);
    let mut parts = Parts {
        year: named("year"),
        month: named("month"),
        day: named("day"),
        weekday: named("weekday"),
        hour: named("hour"),
        minute: named("minute"),
        second: named("second"),
        zone: named("timeZoneName"),
        hour24: options.get("hour12").as_bool() == Some(false)
            || named("hourCycle").is_some_and(|cycle| cycle == "h23" || cycle == "h24"),
        // Written with `at` between date and time: the long forms of luxon's presets.
        joined_by_at: false,
    };
    let lacks = match defaults {
        "date" => !parts.has_date(),
        "time" => !parts.has_time(),
        _ => !parts.has_date() && !parts.has_time(),
    };
    if lacks {
        let numeric = || Some("numeric".to_owned());
        if matches!(defaults, "date" | "all" | "") {
            (parts.year, parts.month, parts.day) = (numeric(), numeric(), numeric());
        }
        if matches!(defaults, "time" | "all") {
            (parts.hour, parts.minute, parts.second) = (numeric(), numeric(), numeric());
        }
    }
    parts.joined_by_at = styled.is_some() && parts.month.as_deref() == Some("long");
    if matches!(time.locale(), "en" | "en-US") {
        return Ok(parts.american(time));
    }
    match time.locale() {
        "en-GB" | "de" | "de-DE" | "fr" | "fr-FR" | "es" | "es-ES" | "it" | "it-IT" | "pt" | "pt-BR" | "nl"
        | "nl-NL" => parts.european(time, language),
        _ => uncovered("a language"),
    }
}

/// The options that `dateStyle` and `timeStyle` stand for.
fn styles(options: &Value) -> Option<Value> {
    let (date, time) = (options.get("dateStyle").as_str(), options.get("timeStyle").as_str());
    if date.is_none() && time.is_none() {
        return None;
    }
    let mut fields = Object::new();
    let mut add = |preset: &str| {
        if let Some(Value::Object(preset)) = format_preset(preset) {
            fields.extend(preset.iter().map(|(key, value)| (key.clone(), value.clone())));
        }
    };
    match date {
        Some("full") => add("DATE_HUGE"),
        Some("long") => add("DATE_FULL"),
        Some("medium") => add("DATE_MED"),
        Some(_) => add("DATE_SHORT"),
        None => {}
    }
    match time {
        Some("full") => add("TIME_WITH_LONG_OFFSET"),
        Some("long") => add("TIME_WITH_SHORT_OFFSET"),
        Some("medium") => add("TIME_WITH_SECONDS"),
        Some(_) => add("TIME_SIMPLE"),
        None => {}
    }
    if date == Some("short") {
        fields.insert("year", "2-digit".into());
    }
    Some(fields.into())
}

struct Parts {
    year: Option<String>,
    month: Option<String>,
    day: Option<String>,
    weekday: Option<String>,
    hour: Option<String>,
    minute: Option<String>,
    second: Option<String>,
    zone: Option<String>,
    hour24: bool,
    joined_by_at: bool,
}

impl Parts {
    fn has_date(&self) -> bool {
        self.year.is_some() || self.month.is_some() || self.day.is_some() || self.weekday.is_some()
    }

    fn has_time(&self) -> bool {
        self.hour.is_some() || self.minute.is_some() || self.second.is_some()
    }

    fn american(&self, time: &DateTime) -> String {
        let date = self.american_date(time);
        let clock = self.clock(time, !self.hour24);
        let zone = self.zone_name(time);
        let clock = [clock, zone].into_iter().flatten().collect::<Vec<_>>().join(" ");
        match (date, clock.is_empty()) {
            (Some(date), true) => date,
            (None, _) => clock,
            (Some(date), false)
                if self.joined_by_at || (self.month.as_deref() == Some("long") && self.year.is_some()) =>
            {
                format!("{date} at {clock}")
            }
            (Some(date), false) => format!("{date}, {clock}"),
        }
    }

    fn american_date(&self, time: &DateTime) -> Option<String> {
        let civil = time.civil();
        let names = names("en")?;
        let weekday = self.weekday.as_deref().map(|form| self.weekday_name(time, form, names));
        let year = self.year.as_deref().map(|form| year_text(civil.year, form));
        let day = self.day.as_deref().map(|form| digits(civil.day, form));
        let date = match self.month.as_deref() {
            Some(form @ ("numeric" | "2-digit")) => {
                let parts = [Some(digits(civil.month, form)), day, year];
                Some(parts.into_iter().flatten().collect::<Vec<_>>().join("/"))
            }
            Some(form) => {
                let month = month_name(civil.month, form, names);
                let first = [Some(month), day.clone()].into_iter().flatten().collect::<Vec<_>>().join(" ");
                Some(match year {
                    Some(year) if day.is_some() => format!("{first}, {year}"),
                    Some(year) => format!("{first} {year}"),
                    None => first,
                })
            }
            None => match (year, day) {
                (Some(year), Some(day)) => Some(format!("{day} {year}")),
                // English puts a lone day before its weekday: `15 Wednesday`.
                (None, Some(day)) => return Some(weekday.map_or(day.clone(), |weekday| format!("{day} {weekday}"))),
                (year, _) => year,
            },
        };
        match (weekday, date) {
            (Some(weekday), Some(date)) if self.month.is_none() => Some(format!("{date} {weekday}")),
            (Some(weekday), Some(date)) => Some(format!("{weekday}, {date}")),
            (weekday, date) => weekday.or(date),
        }
    }

    fn weekday_name(&self, time: &DateTime, form: &str, names: &super::locale::Names) -> String {
        let at = (time.civil().weekday() - 1) as usize;
        match form {
            "long" => names.weekdays[at].to_owned(),
            "narrow" => names.weekdays[at].chars().take(1).collect::<String>().to_uppercase(),
            _ => names.short_weekdays[at].to_owned(),
        }
    }

    fn clock(&self, time: &DateTime, hour12: bool) -> Option<String> {
        let civil = time.civil();
        let mut text = match self.hour.as_deref() {
            Some(form) if hour12 => digits((civil.hour + 11) % 12 + 1, form),
            Some(_) => digits(civil.hour, "2-digit"),
            None => String::new(),
        };
        for (form, number) in [(&self.minute, civil.minute), (&self.second, civil.second)] {
            let Some(form) = form else { continue };
            if text.is_empty() {
                text = digits(number, if self.second.is_some() && self.minute.is_some() { "2-digit" } else { form });
            } else {
                text.push_str(&format!(":{number:02}"));
            }
        }
        if text.is_empty() {
            return None;
        }
        if hour12 && self.hour.is_some() {
            text.push_str(if civil.hour < 12 { " AM" } else { " PM" });
        }
        Some(text)
    }

    fn zone_name(&self, time: &DateTime) -> Option<String> {
        match self.zone.as_deref()? {
            "long" => Some(long_offset_name(time)),
            _ => Some(short_offset_name(time)),
        }
    }

    /// The plain forms of European languages; the rest is left to others.
    fn european(&self, time: &DateTime, language: &str) -> Result<String, ExpressionError> {
        let civil = time.civil();
        let Some(names) = names(language) else { return uncovered("a language") };
        if self.zone.is_some() {
            return uncovered("a zone's name in a language");
        }
        let date = match (self.year.as_deref(), self.month.as_deref(), self.day.as_deref()) {
            (None, None, None) if self.weekday.is_none() => None,
            (Some(year), Some("numeric" | "2-digit"), Some(day)) if self.weekday.is_none() => {
                let two = !matches!(language, "de" | "es" | "nl") || self.month.as_deref() == Some("2-digit");
                let form = if two { "2-digit" } else { "numeric" };
                let separator = match language {
                    "de" => ".",
                    "nl" => "-",
                    _ => "/",
                };
                let day = digits(civil.day, if two { "2-digit" } else { day });
                Some([day, digits(civil.month, form), year_text(civil.year, year)].join(separator))
            }
            (year, Some(form @ ("long" | "short")), Some(day))
                if matches!(language, "en" | "de" | "fr" | "it" | "nl") =>
            {
                let day = digits(civil.day, day) + if language == "de" { "." } else { "" };
                let month = month_name(civil.month, form, names);
                if language == "de" && form == "short" {
                    return uncovered("a short month in a language");
                }
                let date = [Some(day), Some(month), year.map(|form| year_text(civil.year, form))]
                    .into_iter()
                    .flatten()
                    .collect::<Vec<_>>()
                    .join(" ");
                Some(match self.weekday.as_deref() {
                    Some("long") if matches!(language, "fr" | "it" | "nl") => {
                        format!("{} {date}", names.weekdays[(civil.weekday() - 1) as usize])
                    }
                    Some("long") => format!("{}, {date}", names.weekdays[(civil.weekday() - 1) as usize]),
                    Some(_) => return uncovered("a short weekday in a language"),
                    None => date,
                })
            }
            (None, Some("long"), None) if self.weekday.is_none() => {
                Some(names.months[(civil.month - 1) as usize].to_owned())
            }
            (None, None, None) => match self.weekday.as_deref() {
                Some("long") => Some(names.weekdays[(civil.weekday() - 1) as usize].to_owned()),
                _ => return uncovered("a weekday in a language"),
            },
            _ => return uncovered("a date in a language"),
        };
        match (date, self.clock(time, false)) {
            (Some(date), None) => Ok(date),
            (None, Some(clock)) => Ok(clock),
            (Some(date), Some(clock)) if self.month.as_deref() != Some("long") => {
                Ok(if language == "fr" { format!("{date} {clock}") } else { format!("{date}, {clock}") })
            }
            _ => uncovered("a date and a time in a language"),
        }
    }
}

fn month_name(month: i64, form: &str, names: &super::locale::Names) -> String {
    let at = (month - 1) as usize;
    match form {
        "long" => names.months[at].to_owned(),
        "narrow" => names.months[at].chars().take(1).collect::<String>().to_uppercase(),
        _ => names.short_months[at].to_owned(),
    }
}

fn year_text(year: i64, form: &str) -> String {
    if form == "2-digit" { format!("{:02}", year.rem_euclid(100)) } else { year.to_string() }
}

fn digits(number: i64, form: &str) -> String {
    if form == "2-digit" { format!("{number:02}") } else { number.to_string() }
}
