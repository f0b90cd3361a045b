//! Formats as moment writes them, such as `MM/DD/YYYY`, on luxon's.

use crate::time::DateTime;

/// A piece of a format.
enum Piece<'f> {
    Token(&'f str),
    Text(&'f str),
}

/// The tokens, the longer ones first.
const TOKENS: [&str; 52] = [
    "LLLL", "YYYY", "MMMM", "DDDD", "dddd", "GGGG", "gggg", "LTS", "LLL", "MMM", "DDD", "ddd", "SSS", "LT", "LL", "YY",
    "MM", "Mo", "DD", "Do", "dd", "do", "WW", "Wo", "ww", "wo", "HH", "hh", "kk", "mm", "ss", "SS", "ZZ", "zz", "Qo",
    "L", "Y", "M", "D", "d", "E", "e", "W", "w", "H", "h", "k", "m", "s", "S", "Z", "z",
];
const MORE_TOKENS: [&str; 5] = ["Q", "A", "a", "X", "x"];

fn pieces(format: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut rest = format;
    while let Some(first) = rest.chars().next() {
        if let Some((text, after)) = rest.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
            pieces.push(Piece::Text(text));
            rest = after;
            continue;
        }
        match TOKENS.iter().chain(&MORE_TOKENS).find(|token| rest.starts_with(**token)) {
            Some(token) => {
                pieces.push(Piece::Token(token));
                rest = &rest[token.len()..];
            }
            None => {
                let (text, after) = rest.split_at(first.len_utf8());
                pieces.push(Piece::Text(text));
                rest = after;
            }
        }
    }
    pieces
}

/// What a token is in luxon's formats, where it has the same there.
fn same(token: &str) -> Option<&'static str> {
    Some(match token {
        "YYYY" => "yyyy",
        "YY" => "yy",
        "Y" => "y",
        "MMMM" => "MMMM",
        "MMM" => "MMM",
        "MM" => "MM",
        "M" => "M",
        "DDDD" => "ooo",
        "DDD" => "o",
        "DD" => "dd",
        "D" => "d",
        "dddd" => "EEEE",
        "ddd" => "EEE",
        "E" => "E",
        "GGGG" => "kkkk",
        "WW" => "WW",
        "W" => "W",
        "HH" => "HH",
        "H" => "H",
        "hh" => "hh",
        "h" => "h",
        "mm" => "mm",
        "m" => "m",
        "ss" => "ss",
        "s" => "s",
        "SSS" => "SSS",
        "ZZ" => "ZZZ",
        "Z" => "ZZ",
        "z" | "zz" => "ZZZZ",
        "A" | "a" => "a",
        "Q" => "q",
        "X" => "X",
        "x" => "x",
        _ => return None,
    })
}

/// The formats that stand for others.
fn preset(token: &str) -> Option<&'static str> {
    Some(match token {
        "LT" => "h:mm A",
        "LTS" => "h:mm:ss A",
        "L" => "MM/DD/YYYY",
        "LL" => "MMMM D, YYYY",
        "LLL" => "MMMM D, YYYY h:mm A",
        "LLLL" => "dddd, MMMM D, YYYY h:mm A",
        _ => return None,
    })
}

/// A moment in one of moment's formats.
pub(super) fn format(time: &DateTime, pattern: &str) -> String {
    let mut text = String::new();
    for piece in pieces(pattern) {
        match piece {
            Piece::Text(plain) => text.push_str(plain),
            Piece::Token(token) => text.push_str(&one(time, token)),
        }
    }
    text
}

fn one(time: &DateTime, token: &str) -> String {
    let civil = time.civil();
    match token {
        "a" => time.format("a").to_lowercase(),
        "dd" => time.format("EEE").chars().take(2).collect(),
        "d" | "e" => (civil.weekday() % 7).to_string(),
        "w" => civil.week().1.to_string(),
        "ww" => format!("{:02}", civil.week().1),
        "gggg" => civil.week().0.to_string(),
        "k" | "kk" => {
            let hour = if civil.hour == 0 { 24 } else { civil.hour };
            if token == "k" { hour.to_string() } else { format!("{hour:02}") }
        }
        "SS" => format!("{:02}", civil.millisecond / 10),
        "S" => (civil.millisecond / 100).to_string(),
        "Mo" => ordinal(civil.month),
        "Do" => ordinal(civil.day),
        "do" => ordinal(civil.weekday() % 7),
        "Wo" | "wo" => ordinal(civil.week().1),
        "Qo" => ordinal((civil.month + 2) / 3),
        token => match (same(token), preset(token)) {
            (Some(same), _) => time.format(same),
            (None, Some(preset)) => format(time, preset),
            (None, None) => token.to_owned(),
        },
    }
}

fn ordinal(number: i64) -> String {
    let ending = match (number % 10, number / 10 % 10) {
        (_, 1) => "th",
        (1, _) => "st",
        (2, _) => "nd",
        (3, _) => "rd",
        _ => "th",
    };
    format!("{number}{ending}")
}

/// One of moment's formats as luxon reads it. What luxon does not know stands for itself.
pub(super) fn luxon(pattern: &str) -> String {
    let mut out = String::new();
    for piece in pieces(pattern) {
        match piece {
            Piece::Token("S") => out.push('S'),
            Piece::Token(token) => match (same(token), preset(token)) {
                (Some(same), _) => out.push_str(same),
                (None, Some(preset)) => out.push_str(&luxon(preset)),
                (None, None) => out.push_str(token),
            },
            Piece::Text(text) if text.chars().any(char::is_alphabetic) => {
                out.extend(["'", text, "'"]);
            }
            Piece::Text(text) => out.push_str(text),
        }
    }
    out
}
