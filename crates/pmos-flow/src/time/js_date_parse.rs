//! What `Date.parse` reads: ISO 8601, and the loose forms that browsers read besides.

use super::civil::Civil;
use super::js_date::MONTHS;
use super::{Zone, parse};

/// The milliseconds of a text; NaN where it is no date.
pub(super) fn parse(text: &str) -> f64 {
    let text = text.trim();
    iso(text).or_else(|| loose(text)).unwrap_or(f64::NAN)
}

fn iso(text: &str) -> Option<f64> {
    let bytes = text.as_bytes();
    let dashed = bytes.len() == 4 || bytes.get(4) == Some(&b'-') || matches!(bytes.first(), Some(b'+' | b'-'));
    if !dashed || text.contains(['W', '[', 't', 'z']) {
        return None;
    }
    // A day of a year is no form of JavaScript's.
    if text.len() == 8 && bytes[5..].iter().all(u8::is_ascii_digit) {
        return None;
    }
    let time = text.split_once('T').map(|(_, time)| time);
    if time.is_some_and(|time| time.get(2..3).is_none_or(|separator| separator != ":")) {
        return None;
    }
    Some(parse::iso(text)?.to_time(&Zone::utc(), true, None).millis())
}

/// `Jan 5, 2024 10:00 PM`, `5 January 2024`, `1/5/2024`, `2024/01/05 10:00:00 GMT+0100`, `Tue, 05 Mar 2024 10:00:00 +0200`.
fn loose(text: &str) -> Option<f64> {
    let (mut month, mut numbers, mut offset) = (None, Vec::new(), None);
    let mut time: Option<[i64; 4]> = None;
    let mut afternoon = None;
    let mut slashed = false;
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        if c == '(' {
            rest = rest.find(')').map_or("", |at| &rest[at + 1..]);
        } else if c.is_ascii_digit() {
            let length = rest.bytes().take_while(u8::is_ascii_digit).count();
            let (digits, behind) = rest.split_at(length);
            if behind.starts_with(':') && time.is_none() {
                let (read, behind) = clock(rest)?;
                time = Some(read);
                rest = behind;
                continue;
            }
            if length > 6 {
                return None;
            }
            slashed |= behind.starts_with('/');
            numbers.push((digits.parse::<i64>().ok()?, length));
            rest = behind;
        } else if c.is_ascii_alphabetic() {
            let length = rest.bytes().take_while(u8::is_ascii_alphabetic).count();
            let (word, behind) = rest.split_at(length);
            rest = behind;
            let small = word.to_lowercase();
            match &*small {
                "am" => afternoon = Some(false),
                "pm" => afternoon = Some(true),
                "z" | "gmt" | "utc" | "ut" => offset = offset.or(Some(0)),
                "est" => offset = Some(-300),
                "edt" => offset = Some(-240),
                "cst" => offset = Some(-360),
                "cdt" => offset = Some(-300),
                "mst" => offset = Some(-420),
                "mdt" => offset = Some(-360),
                "pst" => offset = Some(-480),
                "pdt" => offset = Some(-420),
                "t" if !numbers.is_empty() => {}
                _ => {
                    let found = MONTHS.iter().position(|name| small.starts_with(&name.to_lowercase()));
                    match found {
                        Some(at) if month.is_none() => month = Some(at as i64 + 1),
                        // Words before the first number, such as weekdays, are skipped.
                        _ if numbers.is_empty() => {}
                        _ => return None,
                    }
                }
            }
        } else if matches!(c, '+' | '-') && time.is_some() {
            let length = rest[1..].find(|c: char| !c.is_ascii_digit() && c != ':').map_or(rest.len(), |at| at + 1);
            offset = Some(super::zone::fixed_offset(&rest[..length])?);
            rest = &rest[length..];
        } else if matches!(c, ' ' | ',' | '/' | '-' | '.') {
            rest = &rest[c.len_utf8()..];
        } else {
            return None;
        }
    }
    let year_of = |(number, length): (i64, usize)| {
        if length <= 2 { if number < 50 { 2000 + number } else { 1900 + number } } else { number }
    };
    let (year, month, day) = match (month, numbers.as_slice()) {
        (Some(month), [a, b]) if a.1 > 2 || a.0 > 31 => (year_of(*a), month, b.0),
        (Some(month), [day, year]) => (year_of(*year), month, day.0),
        (Some(month), [year]) if year.1 > 2 => (year.0, month, 1),
        (Some(month), [day]) => (2001, month, day.0),
        (None, [year, month, day]) if year.1 > 2 => (year.0, month.0, day.0),
        (None, [month, day, year]) => (year_of(*year), month.0, day.0),
        (None, [month, day]) if slashed => (2001, month.0, day.0),
        _ => return None,
    };
    let mut time = time.unwrap_or([0; 4]);
    match afternoon {
        Some(_) if !(1..=12).contains(&time[0]) => return None,
        Some(true) if time[0] < 12 => time[0] += 12,
        Some(false) if time[0] == 12 => time[0] = 0,
        _ => {}
    }
    if !(1..=12).contains(&month) || !(1..=31).contains(&day) || time[0] > 24 || time[1] > 59 || time[2] > 59 {
        return None;
    }
    let civil = Civil { year, month, day, hour: time[0], minute: time[1], second: time[2], millisecond: time[3] };
    Some(civil.to_millis() - offset.unwrap_or(0) as f64 * 60_000.0)
}

/// `10:00:00.123`, and what is behind it.
fn clock(text: &str) -> Option<([i64; 4], &str)> {
    let mut parts = [0; 4];
    let mut rest = text;
    for (at, part) in parts.iter_mut().enumerate() {
        let length = rest.bytes().take_while(u8::is_ascii_digit).count();
        if length == 0 {
            return None;
        }
        *part = if at == 3 {
            format!("{:0<3}", &rest[..length])[..3].parse().ok()?
        } else {
            rest[..length].parse().ok()?
        };
        rest = &rest[length..];
        let separator = if at == 2 { '.' } else { ':' };
        match rest.strip_prefix(separator) {
            Some(behind) if at < 3 && behind.starts_with(|c: char| c.is_ascii_digit()) => rest = behind,
            _ => break,
        }
    }
    Some((parts, rest))
}
