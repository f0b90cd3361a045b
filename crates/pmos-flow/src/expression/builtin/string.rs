//! `String` and its methods. Those that take a regular expression are in [`super::regexp`].

use super::{argument, integer, intl, regexp, relative, text16};
use crate::expression::interpreter::{Interpreter, Run, range_error, to_text, uncovered};
use crate::value::{Str, Value};

pub(super) fn call_static(own: &mut Interpreter<'_>, name: &str, arguments: &[Value]) -> Run<Option<Value>> {
    match name {
        "fromCharCode" => {
            let mut units = Vec::with_capacity(arguments.len());
            for value in arguments {
                units
                    .push(crate::expression::interpreter::to_uint32(crate::expression::interpreter::to_number(value)?)
                        as u16);
            }
            match String::from_utf16(&units) {
                Ok(text) => own.text(text).map(Some),
                Err(_) => uncovered("half a character"),
            }
        }
        "fromCodePoint" => {
            let mut text = String::new();
            for value in arguments {
                let number = crate::expression::interpreter::to_number(value)?;
                if !(0.0..=1_114_111.0).contains(&number) || number.fract() != 0.0 {
                    return range_error(format!("Invalid code point {}", value.to_text()));
                }
                match char::from_u32(number as u32) {
                    Some(c) => text.push(c),
                    None => return uncovered("half a character"),
                }
            }
            own.text(text).map(Some)
        }
        "raw" => uncovered("String.raw"),
        _ => Ok(None),
    }
}

/// A method of a text; nothing where there is none of this name.
pub(crate) fn string_method(
    own: &mut Interpreter<'_>,
    text: &Str,
    name: &str,
    arguments: &[Value],
) -> Run<Option<Value>> {
    own.steps(text.len() / 64)?;
    let first = argument(arguments, 0);
    let length = || text16::length(text);
    Ok(Some(match name {
        "toString" | "valueOf" => Value::String(text.clone()),
        "toUpperCase" => own.text(text.to_uppercase())?,
        "toLowerCase" => own.text(text.to_lowercase())?,
        "toLocaleUpperCase" | "toLocaleLowerCase" if !first.is_undefined() => return uncovered(name),
        "toLocaleUpperCase" => own.text(text.to_uppercase())?,
        "toLocaleLowerCase" => own.text(text.to_lowercase())?,
        "trim" => trimmed(text, true, true),
        "trimStart" | "trimLeft" => trimmed(text, true, false),
        "trimEnd" | "trimRight" => trimmed(text, false, true),
        "split" | "replace" | "replaceAll" | "match" | "matchAll" | "search" => {
            return regexp::string_method(own, text, name, arguments).map(Some);
        }
        "includes" | "startsWith" | "endsWith" | "indexOf" | "lastIndexOf" => find(text, name, arguments)?,
        "at" => {
            let at = integer(arguments, 0, 0.0)?;
            let at = if at < 0.0 { at + length() as f64 } else { at };
            if at < 0.0 || at >= length() as f64 { Value::Undefined } else { unit(text, at as usize)? }
        }
        "charAt" => {
            let at = integer(arguments, 0, 0.0)?;
            if at < 0.0 { "".into() } else { unit(text, at.min(1e15) as usize)? }
        }
        "charCodeAt" | "codePointAt" => {
            let at = integer(arguments, 0, 0.0)?;
            let unit = if at < 0.0 { None } else { text.encode_utf16().nth(at as usize) };
            match unit {
                None if name == "charCodeAt" => Value::Number(f64::NAN),
                None => Value::Undefined,
                Some(unit) if name == "charCodeAt" => Value::from(i32::from(unit)),
                Some(unit) => match text16::byte_of(text, at as usize).and_then(|byte| text[byte..].chars().next()) {
                    Some(c) => Value::Number(f64::from(u32::from(c))),
                    None => Value::from(i32::from(unit)),
                },
            }
        }
        "slice" => {
            let start = relative(arguments, 0, length(), 0)?;
            let end = relative(arguments, 1, length(), length())?;
            part(own, text, start, end)?
        }
        "substring" => {
            let clamp = |number: f64| number.clamp(0.0, length() as f64) as usize;
            let (a, b) = (clamp(integer(arguments, 0, 0.0)?), clamp(integer(arguments, 1, length() as f64)?));
            part(own, text, a.min(b), a.max(b))?
        }
        "substr" => {
            let start = relative(arguments, 0, length(), 0)?;
            let count = integer(arguments, 1, f64::INFINITY)?.clamp(0.0, (length() - start) as f64);
            part(own, text, start, start + count as usize)?
        }
        "concat" => {
            let mut joined = text.to_string();
            for value in arguments {
                joined.push_str(&to_text(value)?);
            }
            own.text(joined)?
        }
        "repeat" => {
            let count = integer(arguments, 0, 0.0)?;
            if count < 0.0 || count.is_infinite() {
                return range_error(format!("Invalid count value: {}", first.to_text()));
            }
            if count * text.len() as f64 > 5e8 {
                return range_error("Invalid string length");
            }
            own.charge(text.len() * count as usize)?;
            text.repeat(count as usize).into()
        }
        "padStart" | "padEnd" => pad(own, text, name == "padStart", arguments)?,
        "normalize" => normalize(own, text, first)?,
        "localeCompare" => {
            intl::locale_compare(text, &to_text(first)?, argument(arguments, 1), argument(arguments, 2))?
        }
        "isWellFormed" => true.into(),
        "toWellFormed" => Value::String(text.clone()),
        _ => return Ok(None),
    }))
}

fn is_blank(c: char) -> bool {
    c.is_whitespace() && c != '\u{85}' || c == '\u{feff}'
}

fn trimmed(text: &Str, start: bool, end: bool) -> Value {
    let mut trimmed: &str = text;
    if start {
        trimmed = trimmed.trim_start_matches(is_blank);
    }
    if end {
        trimmed = trimmed.trim_end_matches(is_blank);
    }
    if trimmed.len() == text.len() { Value::String(text.clone()) } else { trimmed.into() }
}

fn unit(text: &str, at: usize) -> Run<Value> {
    text16::slice(text, at, at + 1).map_or_else(|| uncovered("half a character"), |unit| Ok(unit.into()))
}

fn part(own: &mut Interpreter<'_>, text: &Str, start: usize, end: usize) -> Run<Value> {
    match text16::slice(text, start, end) {
        Some(part) if part.len() == text.len() => Ok(Value::String(text.clone())),
        Some(part) => own.text(part.to_owned()),
        None => uncovered("half a character"),
    }
}

fn find(text: &str, name: &str, arguments: &[Value]) -> Run<Value> {
    let first = argument(arguments, 0);
    if first.as_exotic::<super::RegExp>().is_some() && !name.ends_with("ndexOf") {
        return crate::expression::interpreter::type_error(format!(
            "First argument to String.prototype.{name} must not be a regular expression"
        ));
    }
    let sought = to_text(first)?;
    let length = text16::length(text);
    let position = |missing: f64| {
        Ok::<_, Box<crate::expression::interpreter::Stop>>(
            integer(arguments, 1, missing)?.clamp(0.0, length as f64) as usize
        )
    };
    let byte = |unit: usize| text16::byte_of(text, unit);
    let Some(result) = (match name {
        "startsWith" => byte(position(0.0)?).map(|at| text[at..].starts_with(&*sought).into()),
        "endsWith" => byte(position(length as f64)?).map(|at| text[..at].ends_with(&*sought).into()),
        "includes" => byte(position(0.0)?).map(|at| text[at..].contains(&*sought).into()),
        "indexOf" => byte(position(0.0)?).map(|at| match text[at..].find(&*sought) {
            Some(found) => text16::unit_of(text, at + found).into(),
            None => Value::from(-1),
        }),
        _ => {
            let from = crate::expression::interpreter::to_number(argument(arguments, 1))?;
            let from = if from.is_nan() { length } else { from.clamp(0.0, length as f64) as usize };
            byte(from).map(|at| {
                let end = (at + sought.len()).min(text.len());
                let end = (end..=text.len()).find(|end| text.is_char_boundary(*end)).unwrap_or(text.len());
                match text[..end].rfind(&*sought) {
                    Some(found) => text16::unit_of(text, found).into(),
                    None => Value::from(-1),
                }
            })
        }
    }) else {
        return uncovered("half a character");
    };
    Ok(result)
}

fn pad(own: &mut Interpreter<'_>, text: &Str, at_start: bool, arguments: &[Value]) -> Run<Value> {
    let wanted = integer(arguments, 0, 0.0)?;
    let filler = match argument(arguments, 1) {
        Value::Undefined => " ".into(),
        value => to_text(value)?,
    };
    let length = text16::length(text);
    if wanted <= length as f64 || filler.is_empty() {
        return Ok(Value::String(text.clone()));
    }
    if wanted > 5e8 {
        return range_error("Invalid string length");
    }
    let missing = wanted as usize - length;
    own.charge(missing)?;
    let filler_length = text16::length(&filler);
    let mut padding = filler.repeat(missing / filler_length);
    match text16::slice(&filler, 0, missing % filler_length) {
        Some(rest) => padding.push_str(rest),
        None => return uncovered("half a character"),
    }
    own.text(if at_start { padding + text } else { format!("{text}{padding}") })
}

fn normalize(own: &mut Interpreter<'_>, text: &Str, form: &Value) -> Run<Value> {
    use unicode_normalization::UnicodeNormalization;
    let form = if form.is_undefined() { "NFC".into() } else { to_text(form)? };
    own.charge(text.len())?;
    let normalized: String = match &*form {
        "NFC" => text.nfc().collect(),
        "NFD" => text.nfd().collect(),
        "NFKC" => text.nfkc().collect(),
        "NFKD" => text.nfkd().collect(),
        _ => return range_error("The normalization form should be one of NFC, NFD, NFKC, NFKD."),
    };
    own.text(normalized)
}
