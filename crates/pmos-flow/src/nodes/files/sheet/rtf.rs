//! Sheets as tables of RTF.

use super::{Sheet, guess::guess, rows::shown};
use crate::node::NodeError;
use std::fmt::Write;

/// A document with the sheet as a table.
pub(super) fn write(sheet: &Sheet) -> Result<String, NodeError> {
    let ((top, left), (bottom, right)) = sheet.check_area()?;
    let mut rtf = String::from("{\\rtf1\\ansi");
    for row in top..=bottom {
        rtf.push_str("\\trowd\\trautofit1");
        for column in left..=right {
            // Writing to a string cannot fail.
            let _ = write!(rtf, "\\cellx{}", column + 1);
        }
        rtf.push_str("\\pard\\intbl");
        for column in left..=right {
            rtf.push(' ');
            for c in sheet.get(row, column).map(shown).unwrap_or_default().chars() {
                match c {
                    '\\' | '{' | '}' => rtf.extend(['\\', c]),
                    '\n' => rtf.push_str("\\line "),
                    '\r' => {}
                    c if c.is_ascii() => rtf.push(c),
                    c => {
                        for unit in c.encode_utf16(&mut [0; 2]) {
                            let _ = write!(rtf, "\\u{}?", *unit as i16);
                        }
                    }
                }
            }
            rtf.push_str("\\cell");
        }
        rtf.push_str("\\pard\\intbl\\row");
    }
    rtf.push('}');
    Ok(rtf)
}

/// The table of a document: its rows end with `\row`, its cells with `\cell`.
pub(super) fn read(rtf: &str) -> Result<Sheet, NodeError> {
    if !rtf.contains("\\trowd") {
        return Err(NodeError::new("RTF missing table"));
    }
    let mut sheet = Sheet::new("Sheet1", false);
    let (mut row, mut column) = (0, 0);
    let mut text: Vec<u16> = Vec::new();
    let mut rest = rtf;
    while let Some(c) = rest.chars().next() {
        rest = &rest[c.len_utf8()..];
        match c {
            '{' | '}' | '\r' | '\n' => {}
            '\\' => {
                let word = control(&mut rest);
                match word.name {
                    "trowd" => {
                        column = 0;
                        text.clear();
                    }
                    "cell" => {
                        let content = String::from_utf16_lossy(&text);
                        if !content.is_empty() {
                            sheet.put(row, column, guess(&content, false))?;
                        }
                        column += 1;
                        text.clear();
                    }
                    "row" => {
                        row += 1;
                        column = 0;
                    }
                    "pard" => text.clear(),
                    "par" | "line" => text.push(u16::from(b'\n')),
                    "tab" => text.push(u16::from(b'\t')),
                    "u" => {
                        text.push(word.number.unwrap_or_default() as u16);
                        skip_fallback(&mut rest);
                    }
                    "'" => text.push(word.number.unwrap_or_default() as u16),
                    "\\" | "{" | "}" => text.extend(word.name.encode_utf16()),
                    "~" => text.push(0xa0),
                    _ => {}
                }
            }
            c => text.extend(c.encode_utf16(&mut [0; 2]).iter()),
        }
    }
    Ok(sheet)
}

struct Control<'a> {
    name: &'a str,
    number: Option<i32>,
}

/// The control behind a backslash, with its number and the one space that ends it.
fn control<'a>(rest: &mut &'a str) -> Control<'a> {
    let text = *rest;
    let letters = text.bytes().take_while(u8::is_ascii_alphabetic).count();
    if letters == 0 {
        let length = text.chars().next().map_or(0, char::len_utf8);
        let name = &text[..length];
        let mut number = None;
        *rest = &text[length..];
        if name == "'"
            && let Some(digits) = rest.get(..2)
        {
            number = i32::from_str_radix(digits, 16).ok();
            *rest = &rest[2..];
        }
        return Control { name, number };
    }
    let digits = text[letters..]
        .bytes()
        .enumerate()
        .take_while(|(at, byte)| byte.is_ascii_digit() || (*at == 0 && *byte == b'-'))
        .count();
    let end = letters + digits;
    *rest = text[end..].strip_prefix(' ').unwrap_or(&text[end..]);
    Control { name: &text[..letters], number: text[letters..end].parse().ok() }
}

/// Skips what old readers show in place of a character.
fn skip_fallback(rest: &mut &str) {
    if rest.starts_with("\\'") {
        *rest = rest.get(4..).unwrap_or_default();
    } else if !rest.starts_with(['\\', '{', '}']) {
        *rest = &rest[rest.chars().next().map_or(0, char::len_utf8)..];
    }
}
