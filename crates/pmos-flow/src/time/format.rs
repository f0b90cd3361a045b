//! Formats of luxon's, such as `dd LLL yyyy`.

use super::locale::names_or_english;
use super::locale_format;
use super::zone::{OffsetForm, offset_text};
use super::{DateTime, locale};

/// A piece of a format: a token such as `yyyy`, or text as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Piece {
    Token(String),
    Text(String),
}

/// Splits a format: runs of one character are tokens, text in single quotes stands for itself.
pub(super) fn pieces(format: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let (mut run, mut quoted) = (String::new(), false);
    let flush = |run: &mut String, quoted: bool, pieces: &mut Vec<Piece>| {
        if run.is_empty() {
            return;
        }
        let text = std::mem::take(run);
        let blank = text.chars().all(char::is_whitespace);
        pieces.push(if quoted || blank { Piece::Text(text) } else { Piece::Token(text) });
    };
    for c in format.chars() {
        if c == '\'' {
            // Two quotes in a row stand for one.
            if run.is_empty() && quoted {
                pieces.push(Piece::Text("'".into()));
            }
            flush(&mut run, quoted, &mut pieces);
            quoted = !quoted;
        } else if quoted || run.chars().next_back().is_none_or(|last| last == c) {
            run.push(c);
        } else {
            flush(&mut run, quoted, &mut pieces);
            run.push(c);
        }
    }
    flush(&mut run, quoted, &mut pieces);
    pieces
}

pub(super) fn format(time: &DateTime, pattern: &str) -> String {
    pieces(pattern)
        .into_iter()
        .map(|piece| match piece {
            Piece::Text(text) => text,
            Piece::Token(token) => format_token(time, &token).unwrap_or(token),
        })
        .collect()
}

/// What a token stands for; nothing where it is none.
fn format_token(time: &DateTime, token: &str) -> Option<String> {
    let civil = time.civil();
    let names = names_or_english(time.locale());
    let hour12 = (civil.hour + 11) % 12 + 1;
    let pad = |number: i64, width: usize| {
        if number < 0 { format!("-{:0width$}", -number) } else { format!("{number:0width$}") }
    };
    let first = |text: &str| text.chars().next().map(|c| c.to_uppercase().to_string()).unwrap_or_default();
    let (week_year, week) = civil.week();
    let month = (civil.month - 1) as usize;
    let weekday = (civil.weekday() - 1) as usize;
    let year2 = |year: i64| pad(year.rem_euclid(100), 2);
    let quarter = (civil.month - 1) / 3 + 1;
    Some(match token {
        "S" => civil.millisecond.to_string(),
        "u" | "SSS" => pad(civil.millisecond, 3),
        "uu" => pad(civil.millisecond / 10, 2),
        "uuu" => (civil.millisecond / 100).to_string(),
        "s" => civil.second.to_string(),
        "ss" => pad(civil.second, 2),
        "m" => civil.minute.to_string(),
        "mm" => pad(civil.minute, 2),
        "h" => hour12.to_string(),
        "hh" => pad(hour12, 2),
        "H" => civil.hour.to_string(),
        "HH" => pad(civil.hour, 2),
        "Z" if is_utc(time) => "Z".into(),
        "ZZ" if is_utc(time) => "Z".into(),
        "ZZZ" if is_utc(time) => "Z".into(),
        "Z" => offset_text(time.offset(), OffsetForm::Narrow),
        "ZZ" => offset_text(time.offset(), OffsetForm::Short),
        "ZZZ" => offset_text(time.offset(), OffsetForm::Techie),
        "ZZZZ" => short_offset_name(time),
        "ZZZZZ" => long_offset_name(time),
        "z" => time.zone().name().to_string(),
        "a" if civil.hour < 12 => "AM".into(),
        "a" => "PM".into(),
        "d" => civil.day.to_string(),
        "dd" => pad(civil.day, 2),
        "c" | "E" => civil.weekday().to_string(),
        "ccc" | "EEE" => names.short_weekdays[weekday].into(),
        "cccc" | "EEEE" => names.weekdays[weekday].into(),
        "ccccc" | "EEEEE" => first(names.weekdays[weekday]),
        "L" | "M" => civil.month.to_string(),
        "LL" | "MM" => pad(civil.month, 2),
        "LLL" | "MMM" => names.short_months[month].into(),
        "LLLL" | "MMMM" => names.months[month].into(),
        "LLLLL" | "MMMMM" => first(names.months[month]),
        "y" => civil.year.to_string(),
        "yy" => year2(civil.year),
        "yyyy" => pad(civil.year, 4),
        "yyyyyy" => pad(civil.year, 6),
        "G" => if civil.year > 0 { "AD" } else { "BC" }.into(),
        "GG" => if civil.year > 0 { "Anno Domini" } else { "Before Christ" }.into(),
        "GGGGG" => if civil.year > 0 { "A" } else { "B" }.into(),
        "kk" => year2(week_year),
        "kkkk" => pad(week_year, 4),
        "W" | "n" => week.to_string(),
        "WW" | "nn" => pad(week, 2),
        "ii" => year2(week_year),
        "iiii" => pad(week_year, 4),
        "o" => civil.ordinal().to_string(),
        "ooo" => pad(civil.ordinal(), 3),
        "q" => quarter.to_string(),
        "qq" => pad(quarter, 2),
        "X" => ((time.millis() / 1000.0).floor() as i64).to_string(),
        "x" => (time.millis() as i64).to_string(),
        _ => return locale_format::macro_token(time, token),
    })
}

fn is_utc(time: &DateTime) -> bool {
    time.offset() == 0 && time.zone().is_fixed() && &**time.zone().name() == "UTC"
}

/// Such as `EST`; a zone whose abbreviation English does not use is written as `GMT+9`.
pub(super) fn short_offset_name(time: &DateTime) -> String {
    let name = time.zone().name();
    if &**name == "UTC" {
        return "UTC".into();
    }
    let known = name.starts_with("America/")
        && time.zone().abbreviation(time.millis()).bytes().all(|byte| byte.is_ascii_uppercase());
    if known {
        let abbreviation = time.zone().abbreviation(time.millis());
        if matches!(&*abbreviation, "EST" | "EDT" | "CST" | "CDT" | "MST" | "MDT" | "PST" | "PDT" | "AKST" | "AKDT") {
            return abbreviation;
        }
    }
    if time.offset() == 0 { "GMT".into() } else { format!("GMT{}", offset_text(time.offset(), OffsetForm::Narrow)) }
}

pub(super) fn long_offset_name(time: &DateTime) -> String {
    let dst = time.zone().is_dst(time.millis());
    locale::zone_name(time.zone().name(), dst).unwrap_or_else(|| {
        if time.offset() == 0 { "GMT".into() } else { format!("GMT{}", offset_text(time.offset(), OffsetForm::Short)) }
    })
}
