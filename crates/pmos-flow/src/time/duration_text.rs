//! The texts of durations: ISO 8601, formats, and words.

use super::duration::{Duration, Unit};
use super::format::{Piece, pieces};
use crate::value::number_to_text;

/// Reads ISO 8601, such as `P1DT2H30M`.
pub(super) fn from_iso(text: &str) -> Option<Duration> {
    let (sign, rest) = match text.strip_prefix('-') {
        Some(rest) => (-1.0, rest),
        None => (1.0, text.strip_prefix('+').unwrap_or(text)),
    };
    let mut rest = rest.strip_prefix('P')?;
    let mut duration = Duration::default();
    let (mut in_time, mut last, mut any) = (false, None, false);
    while !rest.is_empty() {
        if !in_time && let Some(behind) = rest.strip_prefix('T') {
            in_time = true;
            rest = behind;
            continue;
        }
        let length = rest.find(|c: char| !c.is_ascii_digit() && !matches!(c, '-' | '+' | '.' | ','))?;
        let number: f64 = rest[..length].replace(',', ".").parse().ok()?;
        let unit = match (rest[length..].chars().next()?, in_time) {
            ('Y', false) => Unit::Years,
            ('M', false) => Unit::Months,
            ('W', false) => Unit::Weeks,
            ('D', false) => Unit::Days,
            ('H', true) => Unit::Hours,
            ('M', true) => Unit::Minutes,
            ('S', true) => Unit::Seconds,
            _ => return None,
        };
        if last.is_some_and(|last| last >= unit) {
            return None;
        }
        last = Some(unit);
        any = true;
        if unit == Unit::Seconds {
            duration.set(Unit::Seconds, sign * number.trunc());
            if rest[..length].contains(['.', ',']) {
                // luxon keeps a fraction of a second as whole milliseconds.
                duration.set(Unit::Milliseconds, sign * ((number.fract() * 1000.0 + 1e-6 * number.signum()).trunc()));
            }
        } else {
            duration.set(unit, sign * number);
        }
        rest = &rest[length + 1..];
    }
    any.then_some(duration)
}

/// Writes ISO 8601.
pub(super) fn to_iso(duration: &Duration) -> String {
    let mut text = String::from("P");
    let months = duration.get(Unit::Months) + duration.get(Unit::Quarters) * 3.0;
    let large = [
        (duration.get(Unit::Years), "Y"),
        (months, "M"),
        (duration.get(Unit::Weeks), "W"),
        (duration.get(Unit::Days), "D"),
    ];
    for (amount, letter) in large.into_iter().filter(|(amount, _)| *amount != 0.0) {
        text.push_str(&number_to_text(amount));
        text.push_str(letter);
    }
    if [Unit::Hours, Unit::Minutes, Unit::Seconds, Unit::Milliseconds].iter().any(|unit| duration.get(*unit) != 0.0) {
        text.push('T');
    }
    for (unit, letter) in [(Unit::Hours, "H"), (Unit::Minutes, "M")] {
        let amount = duration.get(unit);
        if amount != 0.0 {
            text.push_str(&format!("{}{letter}", number_to_text(amount)));
        }
    }
    let seconds = duration.get(Unit::Seconds) + duration.get(Unit::Milliseconds) / 1000.0;
    if seconds != 0.0 {
        text.push_str(&format!("{}S", number_to_text((seconds * 1000.0).round() / 1000.0)));
    }
    if text == "P" { "PT0S".into() } else { text }
}

/// Writes by a format such as `hh:mm:ss`.
pub(super) fn format(duration: &Duration, pattern: &str, floor: bool) -> String {
    let pieces = pieces(pattern);
    let unit_of = |token: &str| {
        Some(match token.chars().next()? {
            'S' => Unit::Milliseconds,
            's' => Unit::Seconds,
            'm' => Unit::Minutes,
            'h' => Unit::Hours,
            'd' => Unit::Days,
            'w' => Unit::Weeks,
            'M' => Unit::Months,
            'y' => Unit::Years,
            _ => return None,
        })
    };
    let units: Vec<Unit> =
        pieces.iter().filter_map(|piece| if let Piece::Token(token) = piece { unit_of(token) } else { None }).collect();
    let shifted = duration.shift_to(&units);
    pieces
        .iter()
        .map(|piece| match piece {
            Piece::Text(text) => text.clone(),
            Piece::Token(token) => match unit_of(token) {
                Some(unit) => {
                    let amount = shifted.get(unit);
                    let amount = if floor { amount.floor() } else { (amount * 1000.0).round() / 1000.0 };
                    let (sign, size) = if amount < 0.0 { ("-", -amount) } else { ("", amount) };
                    let text = number_to_text(size);
                    let whole = text.split('.').next().map_or(0, str::len);
                    format!("{sign}{}{text}", "0".repeat(token.len().saturating_sub(whole)))
                }
                None => token.clone(),
            },
        })
        .collect()
}

/// Writes words, such as `1 hour, 30 minutes`.
pub(super) fn to_human(duration: &Duration, style: &str, list: &str) -> String {
    let parts: Vec<String> = duration
        .amounts()
        .map(|(unit, amount)| {
            let rounded = number_to_text((amount * 1000.0).round() / 1000.0);
            let name = match style {
                "short" => short_name(unit, amount == 1.0),
                "narrow" => return format!("{rounded}{}", narrow_name(unit)),
                _ => {
                    if amount == 1.0 {
                        unit.singular()
                    } else {
                        unit.name()
                    }
                }
            };
            format!("{rounded} {name}")
        })
        .collect();
    match (list, parts.as_slice()) {
        ("long", [first, second]) => format!("{first} and {second}"),
        ("long", [most @ .., last]) if !most.is_empty() => format!("{}, and {last}", most.join(", ")),
        ("short", [first, second]) => format!("{first} & {second}"),
        ("short", [most @ .., last]) if !most.is_empty() => format!("{}, & {last}", most.join(", ")),
        _ => parts.join(", "),
    }
}

fn short_name(unit: Unit, one: bool) -> &'static str {
    match (unit, one) {
        (Unit::Years, true) => "yr",
        (Unit::Years, false) => "yrs",
        (Unit::Quarters, true) => "qtr",
        (Unit::Quarters, false) => "qtrs",
        (Unit::Months, true) => "mth",
        (Unit::Months, false) => "mths",
        (Unit::Weeks, true) => "wk",
        (Unit::Weeks, false) => "wks",
        (Unit::Days, true) => "day",
        (Unit::Days, false) => "days",
        (Unit::Hours, _) => "hr",
        (Unit::Minutes, _) => "min",
        (Unit::Seconds, _) => "sec",
        (Unit::Milliseconds, _) => "ms",
    }
}

fn narrow_name(unit: Unit) -> &'static str {
    match unit {
        Unit::Years => "y",
        Unit::Quarters => "q",
        Unit::Months | Unit::Minutes => "m",
        Unit::Weeks => "w",
        Unit::Days => "d",
        Unit::Hours => "h",
        Unit::Seconds => "s",
        Unit::Milliseconds => "ms",
    }
}
