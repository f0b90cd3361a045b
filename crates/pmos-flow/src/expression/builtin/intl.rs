//! Numbers and texts as languages write and order them.

use super::argument;
use crate::expression::ExpressionError;
use crate::expression::interpreter::{Run, range_error, to_text, uncovered};
use crate::time::{self, DateTime, JsDate, Zone};
use crate::value::{Exotic, Object, Value};
use std::cmp::Ordering;
use std::sync::Arc;

/// A number with its thousands grouped by commas, with so many digits behind the point.
pub(crate) fn grouped(number: f64, least: usize, most: usize) -> String {
    decimal(number, least, most, true, 1)
}

/// A number in English, from its shortest decimal digits, halves away from zero.
fn decimal(number: f64, least: usize, most: usize, groups: bool, whole_digits: usize) -> String {
    if number.is_nan() {
        return "NaN".into();
    }
    if number.is_infinite() {
        return if number > 0.0 { "∞".into() } else { "-∞".into() };
    }
    let (whole, fraction) = round_shortest(number.abs(), most);
    let mut fraction = fraction;
    while fraction.len() > least && fraction.ends_with('0') {
        fraction.pop();
    }
    let whole = format!("{whole:0>whole_digits$}");
    let mut text = String::new();
    if number.is_sign_negative() {
        text.push('-');
    }
    for (at, digit) in whole.chars().enumerate() {
        if groups && at > 0 && (whole.len() - at) % 3 == 0 {
            text.push(',');
        }
        text.push(digit);
    }
    if !fraction.is_empty() {
        text.push('.');
        text.push_str(&fraction);
    }
    text
}

/// The digits before and behind the point, of the shortest decimal that is the number, rounded.
fn round_shortest(number: f64, digits: usize) -> (String, String) {
    let shortest = format!("{number}");
    let (whole, fraction) = shortest.split_once('.').unwrap_or((&shortest, ""));
    let mut kept: Vec<u8> = whole.bytes().chain(fraction.bytes().chain(std::iter::repeat(b'0')).take(digits)).collect();
    if fraction.as_bytes().get(digits).is_some_and(|digit| *digit >= b'5') {
        let mut at = kept.len();
        loop {
            if at == 0 {
                kept.insert(0, b'1');
                break;
            }
            at -= 1;
            if kept[at] == b'9' {
                kept[at] = b'0';
            } else {
                kept[at] += 1;
                break;
            }
        }
    }
    let point = kept.len() - digits;
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (text(&kept[..point]), text(&kept[point..]))
}

/// The language of an argument: the first of a list, English for none.
fn language(locales: &Value) -> Run<String> {
    Ok(match locales {
        Value::Undefined => "en-US".into(),
        Value::Array(list) => match list.first() {
            Some(first) => to_text(first)?.to_string(),
            None => "en-US".into(),
        },
        Value::String(text) => {
            let well_formed = !text.is_empty()
                && text
                    .split('-')
                    .all(|part| (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric()));
            if !well_formed {
                return range_error("Incorrect locale information provided");
            }
            text.to_string()
        }
        _ => return uncovered("a language"),
    })
}

/// `number.toLocaleString(locales, options)`.
pub(crate) fn number_to_locale(number: f64, locales: &Value, options: &Value) -> Run<String> {
    const KNOWN: [&str; 8] = [
        "style",
        "currency",
        "minimumFractionDigits",
        "maximumFractionDigits",
        "useGrouping",
        "currencyDisplay",
        "minimumIntegerDigits",
        "unit",
    ];
    let language = language(locales)?;
    if let Some(fields) = options.as_object()
        && fields.keys().any(|key| !KNOWN.contains(&&**key))
    {
        return uncovered("an option of a number's format");
    }
    let style = options.get("style").as_str().unwrap_or("decimal");
    let currency = options.get("currency").as_str().unwrap_or_default().to_uppercase();
    let (mut least, mut most) = match style {
        "currency" if matches!(&*currency, "JPY" | "KRW" | "CLP" | "VND") => (0, 0),
        "currency" => (2, 2),
        "percent" => (0, 0),
        "decimal" => (0, 3),
        _ => return uncovered("a style of a number's format"),
    };
    let digits = |key: &str| options.get(key).as_number().map(|number| number as usize);
    match (digits("minimumFractionDigits"), digits("maximumFractionDigits")) {
        (Some(low), Some(high)) if low > high => return range_error("maximumFractionDigits value is out of range."),
        (Some(low), Some(high)) => (least, most) = (low, high),
        (Some(low), None) => (least, most) = (low, most.max(low)),
        (None, Some(high)) => (least, most) = (least.min(high), high),
        (None, None) => {}
    }
    if most > 100 || least > 100 {
        return range_error("maximumFractionDigits value is out of range.");
    }
    let groups = options.get("useGrouping").as_bool() != Some(false);
    let number = if style == "percent" { number * 100.0 } else { number };
    let plain = decimal(number, least, most, groups, digits("minimumIntegerDigits").unwrap_or(1).clamp(1, 21));
    let (sign, size) = match plain.strip_prefix('-') {
        Some(size) => ("-", size),
        None => ("", &*plain),
    };
    let base = language.split('-').next().unwrap_or_default().to_lowercase();
    let size = localized(size, &base, &language)?;
    Ok(match style {
        "currency" => {
            format!("{sign}{}", with_currency(&size, &currency, &base, options.get("currencyDisplay").as_str())?)
        }
        "percent" if matches!(&*base, "de" | "fr" | "es") => format!("{sign}{size}\u{a0}%"),
        "percent" => format!("{sign}{size}%"),
        _ => format!("{sign}{size}"),
    })
}

/// English digits with the separators of a language.
fn localized(text: &str, base: &str, language: &str) -> Run<String> {
    let (group, point) = match base {
        "en" if matches!(language, "en" | "en-US" | "en-GB" | "en-CA" | "en-AU" | "en-NZ" | "en-IE") => {
            return Ok(text.into());
        }
        "ja" | "zh" | "ko" => return Ok(text.into()),
        "de" if !matches!(language, "de" | "de-DE") => return uncovered("a language"),
        "de" | "nl" | "id" | "da" | "tr" => (".", ","),
        "it" => (".", ","),
        "pt" if language == "pt-BR" => (".", ","),
        "fr" if matches!(language, "fr" | "fr-FR") => ("\u{202f}", ","),
        "sv" | "nb" | "fi" | "ru" | "uk" | "cs" => ("\u{a0}", ","),
        // Spanish groups from five digits on.
        "es" if matches!(language, "es" | "es-ES") => {
            let short = text.split('.').next().is_some_and(|whole| whole.len() <= 5);
            (if short { "" } else { "." }, ",")
        }
        _ => return uncovered("a language"),
    };
    Ok(text
        .chars()
        .map(|c| match c {
            ',' => group.to_owned(),
            '.' => point.to_owned(),
            c => c.to_string(),
        })
        .collect())
}

fn with_currency(size: &str, currency: &str, base: &str, display: Option<&str>) -> Run<String> {
    let symbol = match (display, currency) {
        (Some("code"), _) => {
            return if base == "en" {
                Ok(format!("{currency}\u{a0}{size}"))
            } else {
                Ok(format!("{size}\u{a0}{currency}"))
            };
        }
        (Some("name"), _) => return uncovered("a currency's name"),
        (_, "USD") => "$",
        (_, "EUR") => "€",
        (_, "GBP") => "£",
        (_, "JPY") => "¥",
        (_, "INR") => "₹",
        (_, "BRL") if base == "pt" => "R$",
        _ => return uncovered("a currency"),
    };
    Ok(match base {
        "en" => format!("{symbol}{size}"),
        "pt" => format!("{symbol}\u{a0}{size}"),
        "de" | "fr" | "es" | "it" if symbol == "€" || (base != "fr" && symbol == "$") => {
            format!("{size}\u{a0}{symbol}")
        }
        _ => return uncovered("a currency in a language"),
    })
}

/// `date.toLocaleString(locales, options)`; `defaults` is what it writes without options.
pub(crate) fn date_to_locale(date: &JsDate, locales: &Value, options: &Value, defaults: &str) -> Run<String> {
    if date.millis().is_nan() {
        return Ok("Invalid Date".into());
    }
    let zone = match options.get("timeZone") {
        Value::Undefined => Zone::utc(),
        name => match Zone::named(&name.to_text(), &Zone::utc()) {
            Some(zone) => zone,
            None => return range_error(format!("Invalid time zone specified: {}", name.to_text())),
        },
    };
    let time = DateTime::from_millis(date.millis(), zone).with_locale(&language(locales)?);
    Ok(time::format_options(&time, options, defaults)?)
}

/// A formatter of `Intl`.
#[derive(Debug)]
struct Formatter {
    numbers: bool,
    locales: Value,
    options: Value,
}

/// `new Intl.NumberFormat(locales, options)` and its like.
pub(super) fn formatter(name: &str, arguments: &[Value]) -> Run<Value> {
    let (locales, options) = (argument(arguments, 0).clone(), argument(arguments, 1).clone());
    language(&locales)?;
    Ok(Value::Exotic(Arc::new(Formatter { numbers: name.ends_with("NumberFormat"), locales, options })))
}

impl Exotic for Formatter {
    fn to_json(&self) -> Value {
        Value::from(Object::new())
    }

    fn to_text(&self) -> String {
        if self.numbers { "[object Intl.NumberFormat]".into() } else { "[object Intl.DateTimeFormat]".into() }
    }

    fn call(&self, name: &str, arguments: &[Value]) -> Result<Option<Value>, ExpressionError> {
        use crate::expression::interpreter::Stop;
        if name != "format" {
            return Err(ExpressionError::Uncovered(format!("{name} of Intl")));
        }
        let value = argument(arguments, 0);
        let text = if self.numbers {
            number_to_locale(value.to_number(), &self.locales, &self.options)
        } else {
            let date = match value.as_exotic::<JsDate>() {
                Some(date) => JsDate::new(date.millis()),
                None if value.is_undefined() => {
                    return Err(ExpressionError::Uncovered("the present moment of Intl".into()));
                }
                None => JsDate::new(value.to_number()),
            };
            date_to_locale(&date, &self.locales, &self.options, "")
        };
        text.map(|text| Some(text.into())).map_err(|stop| match *stop {
            Stop::Error(error) => error,
            Stop::Thrown(value) => ExpressionError::Thrown(value.to_text().to_string()),
        })
    }
}

/// `a.localeCompare(b)`: letters before their case and accents, digits before letters, signs before digits.
pub(super) fn locale_compare(a: &str, b: &str, locales: &Value, options: &Value) -> Run<Value> {
    let language = language(locales)?;
    if !matches!(language.split('-').next(), Some("en" | "de" | "fr" | "it" | "pt" | "nl")) {
        return uncovered("a language");
    }
    let numeric = options.get("numeric").is_truthy();
    let sensitivity = options.get("sensitivity").as_str().unwrap_or("variant");
    let (Some(a), Some(b)) = (keys(a), keys(b)) else { return uncovered("an order of letters") };
    let primary = |keys: &[Key]| keys.iter().map(|key| key.primary).collect::<Vec<_>>();
    let first = if numeric { compare_numeric(&primary(&a), &primary(&b)) } else { primary(&a).cmp(&primary(&b)) };
    let accents = || a.iter().map(|key| key.accent).cmp(b.iter().map(|key| key.accent));
    let cases = || a.iter().map(|key| key.upper).cmp(b.iter().map(|key| key.upper));
    let order = match sensitivity {
        "base" => first,
        "accent" => first.then_with(accents),
        "case" => first.then_with(cases),
        _ => first.then_with(accents).then_with(cases),
    };
    Ok(Value::from(match order {
        Ordering::Less => -1,
        Ordering::Equal => 0,
        Ordering::Greater => 1,
    }))
}

struct Key {
    primary: u32,
    accent: u32,
    upper: bool,
}

/// The keys of a text's letters; nothing for letters that are not Latin.
fn keys(text: &str) -> Option<Vec<Key>> {
    use unicode_normalization::UnicodeNormalization;
    // The order of signs in the root collation.
    const SIGNS: &str = "_-,;:!?.'\"()[]{}@*/\\&#%`^+<=>|~$";
    let mut keys: Vec<Key> = Vec::new();
    for c in text.nfd() {
        let primary = match c {
            '\u{300}'..='\u{36f}' => {
                if let Some(last) = keys.last_mut() {
                    last.accent = last.accent * 128 + (u32::from(c) - 0x2ff);
                }
                continue;
            }
            '\t'..='\r' => u32::from(c) - 8,
            ' ' => 10,
            '0'..='9' => 1000 + u32::from(c),
            'a'..='z' => 2000 + u32::from(c),
            'A'..='Z' => 2000 + u32::from(c.to_ascii_lowercase()),
            c if (c as u32) < 0x20 => continue,
            c => 100 + SIGNS.chars().position(|sign| sign == c)? as u32,
        };
        keys.push(Key { primary, accent: 0, upper: c.is_ascii_uppercase() });
    }
    Some(keys)
}

/// Compares runs of digits as numbers.
fn compare_numeric(a: &[u32], b: &[u32]) -> Ordering {
    let is_digit = |key: u32| (1048..=1057).contains(&key);
    let (mut a, mut b) = (a, b);
    loop {
        match (a.first(), b.first()) {
            (None, None) => return Ordering::Equal,
            (None, _) => return Ordering::Less,
            (_, None) => return Ordering::Greater,
            (Some(x), Some(y)) if is_digit(*x) && is_digit(*y) => {
                let run = |keys: &[u32]| keys.iter().take_while(|key| is_digit(**key)).count();
                let (x, y) = (&a[..run(a)], &b[..run(b)]);
                let strip = |keys: &[u32]| keys.iter().copied().skip_while(|key| *key == 1048).collect::<Vec<_>>();
                let (digits_a, digits_b) = (strip(x), strip(y));
                match digits_a.len().cmp(&digits_b.len()).then(digits_a.cmp(&digits_b)) {
                    Ordering::Equal => (a, b) = (&a[x.len()..], &b[y.len()..]),
                    order => return order,
                }
            }
            (Some(x), Some(y)) => match x.cmp(y) {
                Ordering::Equal => (a, b) = (&a[1..], &b[1..]),
                order => return order,
            },
        }
    }
}
