//! Reads texts by formats of luxon's, such as `dd-MM-yyyy`.

use super::civil::{Civil, days_in_month};
use super::format::{Piece, pieces};
use super::locale::names_or_english;
use super::zone::fixed_offset;
use super::{DateTime, Zone};

/// What a text said.
#[derive(Default)]
struct Found {
    year: Option<i64>,
    month: Option<i64>,
    day: Option<i64>,
    quarter: Option<i64>,
    ordinal: Option<i64>,
    week_year: Option<i64>,
    week: Option<i64>,
    weekday: Option<i64>,
    hour: Option<i64>,
    afternoon: Option<bool>,
    minute: Option<i64>,
    second: Option<i64>,
    millisecond: Option<i64>,
    offset: Option<i64>,
    zone: Option<Zone>,
}

/// Reads a text by a format; what the format leaves out is now's date, or else the unit's beginning.
pub(super) fn parse(text: &str, format: &str, zone: &Zone, locale: &str, now: i64) -> DateTime {
    let unparsable = || DateTime::invalid("unparsable", zone.clone());
    let mut found = Found::default();
    let mut rest = text;
    for piece in expand(format) {
        let read = match &piece {
            Piece::Text(literal) => literally(rest, literal),
            Piece::Token(token) => read_token(&mut found, token, rest, locale),
        };
        match read {
            Some(behind) => rest = behind,
            None => return unparsable(),
        }
    }
    if !rest.is_empty() {
        return unparsable();
    }
    let own = found.zone.clone().or_else(|| found.offset.map(Zone::fixed)).unwrap_or_else(|| zone.clone());
    match civil(&found, &own, now) {
        Ok(civil) => {
            let guess = own.offset(now as f64);
            DateTime::from_civil(civil, own, guess).in_zone(zone.clone()).with_locale(locale)
        }
        Err(reason) => DateTime::invalid(reason, zone.clone()),
    }
}

/// The pieces of a format, its macros (`D`, `t`, …) spelled out.
fn expand(format: &str) -> Vec<Piece> {
    let mut expanded = Vec::new();
    for piece in pieces(format) {
        let spelled = match &piece {
            Piece::Token(token) => match token.as_str() {
                "D" => "M/d/yyyy",
                "DD" => "LLL d, yyyy",
                "DDD" => "LLLL d, yyyy",
                "DDDD" => "EEEE, LLLL d, yyyy",
                "t" => "h:mm a",
                "tt" => "h:mm:ss a",
                "T" => "HH:mm",
                "TT" => "HH:mm:ss",
                "f" => "M/d/yyyy, h:mm a",
                "ff" => "LLL d, yyyy, h:mm a",
                "F" => "M/d/yyyy, h:mm:ss a",
                "FF" => "LLL d, yyyy, h:mm:ss a",
                _ => "",
            },
            Piece::Text(_) => "",
        };
        if spelled.is_empty() { expanded.push(piece) } else { expanded.extend(pieces(spelled)) }
    }
    expanded
}

/// Text that must stand there; blanks of all kinds are alike.
fn literally<'t>(text: &'t str, literal: &str) -> Option<&'t str> {
    let mut rest = text.chars();
    for wanted in literal.chars() {
        let c = rest.next()?;
        let same =
            c == wanted || (c.is_whitespace() && wanted.is_whitespace()) || c.to_lowercase().eq(wanted.to_lowercase());
        if !same {
            return None;
        }
    }
    Some(rest.as_str())
}

/// A number of `least` to `most` digits.
fn number(text: &str, least: usize, most: usize) -> Option<(i64, &str)> {
    let count = text.bytes().take(most).take_while(u8::is_ascii_digit).count();
    if count < least {
        return None;
    }
    Some((text[..count].parse().ok()?, &text[count..]))
}

/// One of several names, the case of which does not count; its place among them.
fn one_of<'t>(text: &'t str, names: &[&str]) -> Option<(usize, &'t str)> {
    let mut best: Option<(usize, &str)> = None;
    for (at, name) in names.iter().enumerate() {
        if let Some(rest) = literally(text, name)
            && best.is_none_or(|(_, shortest)| rest.len() < shortest.len())
        {
            best = Some((at, rest));
        }
    }
    best
}

fn century(year: i64) -> i64 {
    if year > 60 { 1900 + year } else { 2000 + year }
}

fn read_token<'t>(found: &mut Found, token: &str, text: &'t str, locale: &str) -> Option<&'t str> {
    let names = names_or_english(locale);
    let digits = |least, most| number(text, least, most);
    let mut rest = text;
    let mut take = |read: Option<(i64, &'t str)>| {
        let (number, behind) = read?;
        rest = behind;
        Some(number)
    };
    match token {
        "y" => found.year = Some(take(digits(1, 6))?),
        "yy" => {
            let read = digits(4, 4).or_else(|| digits(2, 2));
            let number = take(read)?;
            found.year = Some(if number < 100 { century(number) } else { number });
        }
        "yyyy" => found.year = Some(take(digits(4, 4))?),
        "yyyyy" => found.year = Some(take(digits(4, 6))?),
        "yyyyyy" => found.year = Some(take(digits(6, 6))?),
        "M" | "L" => found.month = Some(take(digits(1, 2))?),
        "MM" | "LL" => found.month = Some(take(digits(2, 2))?),
        "MMM" | "LLL" => {
            found.month = Some(take(one_of(text, &names.short_months).map(|(at, rest)| (at as i64 + 1, rest)))?)
        }
        "MMMM" | "LLLL" => {
            found.month = Some(take(one_of(text, &names.months).map(|(at, rest)| (at as i64 + 1, rest)))?)
        }
        "d" => found.day = Some(take(digits(1, 2))?),
        "dd" => found.day = Some(take(digits(2, 2))?),
        "o" => found.ordinal = Some(take(digits(1, 3))?),
        "ooo" => found.ordinal = Some(take(digits(3, 3))?),
        "H" | "h" => found.hour = Some(take(digits(1, 2))?),
        "HH" | "hh" => found.hour = Some(take(digits(2, 2))?),
        "q" => found.quarter = Some(take(digits(1, 1))?),
        "m" => found.minute = Some(take(digits(1, 2))?),
        "mm" => found.minute = Some(take(digits(2, 2))?),
        "s" => found.second = Some(take(digits(1, 2))?),
        "ss" => found.second = Some(take(digits(2, 2))?),
        "S" => found.millisecond = Some(take(digits(1, 3))?),
        "SSS" => found.millisecond = Some(take(digits(3, 3))?),
        "u" | "uu" | "uuu" => {
            let (least, most) = match token {
                "u" => (1, 9),
                "uu" => (1, 2),
                _ => (1, 1),
            };
            let (_, behind) = digits(least, most)?;
            let fraction = format!("{:0<3}", &text[..text.len() - behind.len()]);
            found.millisecond = fraction[..3].parse().ok();
            rest = behind;
        }
        "a" => found.afternoon = Some(take(one_of(text, &["AM", "PM"]).map(|(at, rest)| (at as i64, rest)))? == 1),
        "kkkk" | "iiii" => found.week_year = Some(take(digits(4, 4))?),
        "kk" | "ii" => found.week_year = Some(century(take(digits(2, 2))?)),
        "W" | "n" => found.week = Some(take(digits(1, 2))?),
        "WW" | "nn" => found.week = Some(take(digits(2, 2))?),
        "E" | "c" => found.weekday = Some(take(digits(1, 1))?),
        "EEE" | "ccc" => {
            found.weekday = Some(take(one_of(text, &names.short_weekdays).map(|(at, rest)| (at as i64 + 1, rest)))?)
        }
        "EEEE" | "cccc" => {
            found.weekday = Some(take(one_of(text, &names.weekdays).map(|(at, rest)| (at as i64 + 1, rest)))?)
        }
        "Z" | "ZZ" | "ZZZ" => {
            let length = text.len()
                - text.trim_start_matches(|c: char| matches!(c, '+' | '-' | ':') || c.is_ascii_digit()).len();
            found.offset = Some(fixed_offset(&text[..length])?);
            rest = &text[length..];
        }
        "z" => {
            let length = text
                .find(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '_' | '/' | '+' | '-' | ':'))
                .unwrap_or(text.len());
            found.zone = Some(Zone::named(&text[..length], &Zone::utc())?);
            rest = &text[length..];
        }
        "'" => rest = literally(text, "'")?,
        _ => rest = literally(text, token)?,
    }
    Some(rest)
}

fn civil(found: &Found, zone: &Zone, now: i64) -> Result<Civil, &'static str> {
    let today = DateTime::from_millis(now as f64, zone.clone()).civil();
    let hour = match (found.hour, found.afternoon) {
        (Some(hour), Some(true)) if hour < 12 => Some(hour + 12),
        (Some(12), Some(false)) => Some(0),
        (hour, _) => hour,
    };
    let mut civil = Civil {
        hour: hour.unwrap_or(0),
        minute: found.minute.unwrap_or(0),
        second: found.second.unwrap_or(0),
        millisecond: found.millisecond.unwrap_or(0),
        ..today
    };
    if civil.hour > 23 || civil.minute > 59 || civil.second > 59 {
        return Err("unit out of range");
    }
    let date = if found.week.is_some()
        || found.week_year.is_some()
        || (found.weekday.is_some() && found.day.is_none() && found.month.is_none() && found.year.is_none())
    {
        let (year, week) = today.week();
        let weekday = found.weekday.unwrap_or(if found.week.is_some() || found.week_year.is_some() {
            1
        } else {
            today.weekday()
        });
        let week = found.week.unwrap_or(if found.week_year.is_some() { 1 } else { week });
        Civil::of_week(found.week_year.or(found.year).unwrap_or(year), week, weekday)
    } else if let Some(ordinal) = found.ordinal {
        Civil::of_ordinal(found.year.unwrap_or(today.year), ordinal)
    } else if found.year.is_none() && found.month.is_none() && found.day.is_none() && found.quarter.is_none() {
        today
    } else {
        let quarter = found.quarter.map(|quarter| (quarter - 1) * 3 + 1);
        let has_year = found.year.is_some();
        let month = found.month.or(quarter).unwrap_or(if has_year { 1 } else { today.month });
        let day = found.day.unwrap_or(1);
        Civil { year: found.year.unwrap_or(today.year), month, day, ..Civil::default() }
    };
    if !(1..=12).contains(&date.month) || !(1..=days_in_month(date.year, date.month)).contains(&date.day) {
        return Err("unit out of range");
    }
    (civil.year, civil.month, civil.day) = (date.year, date.month, date.day);
    // A weekday beside a date must be that of the date.
    if found.day.is_some() && found.weekday.is_some_and(|weekday| weekday != date.weekday()) {
        return Err("mismatched weekday");
    }
    Ok(civil)
}
