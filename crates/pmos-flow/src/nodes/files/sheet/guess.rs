//! What text in formats without types means: numbers, booleans, dates.

use super::Cell;
use crate::value::number_from_text;
use jiff::civil::{Date, DateTime};

/// The cell of a text. `dates` says whether dates become the numbers that spreadsheets have for them.
pub(super) fn guess(text: &str, dates: bool) -> Cell {
    match text {
        "TRUE" => Cell::Bool(true),
        "FALSE" => Cell::Bool(false),
        _ if text.trim().is_empty() => Cell::Text(text.into()),
        _ => match number(text).or_else(|| if dates { date(text) } else { None }) {
            Some(number) => Cell::Number(number),
            None => Cell::Text(text.into()),
        },
    }
}

/// A number with what people write around it: `1,234.5`, `$5`, `12%`, `(3)`.
fn number(text: &str) -> Option<f64> {
    let plain = number_from_text(text);
    if !plain.is_nan() {
        return plain.is_finite().then_some(plain);
    }
    if !text.bytes().any(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let bytes = text.as_bytes();
    let digit = |at: Option<usize>| at.and_then(|at| bytes.get(at)).is_some_and(u8::is_ascii_digit);
    let mut weight = 1.0;
    let mut stripped = String::with_capacity(text.len());
    for (at, c) in text.char_indices() {
        match c {
            ',' if digit(at.checked_sub(1)) && digit(Some(at + 1)) => {}
            '$' => {}
            '%' => weight *= 100.0,
            c => stripped.push(c),
        }
    }
    let inner = stripped.trim().strip_prefix('(').and_then(|rest| rest.strip_suffix(')'));
    if let Some(inner) = inner {
        weight = -weight;
        stripped = inner.to_owned();
    }
    let number = number_from_text(&stripped) / weight;
    (number.is_finite() && !stripped.trim().is_empty()).then_some(number)
}

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

/// The days since the end of 1899 of a date, such as `2024-01-31`, `1/31/2024 10:30`, `Jan 31, 2024`.
fn date(text: &str) -> Option<f64> {
    let text = text.trim();
    let text = text.strip_suffix('Z').unwrap_or(text);
    let (day, time) = match text.find([' ', 'T']) {
        Some(at) if text[at + 1..].contains(':') && !text[..at].contains(char::is_alphabetic) => {
            (&text[..at], text[at + 1..].trim())
        }
        _ => (text, ""),
    };
    let date = numeric_date(day).or_else(|| if time.is_empty() { written_date(day) } else { None })?;
    let seconds = if time.is_empty() { 0.0 } else { clock(time)? };
    let start: DateTime = jiff::civil::date(1899, 12, 30).into();
    let days = start.until(DateTime::from(date)).ok()?.get_days();
    (days > 60).then_some(f64::from(days) + seconds / 86_400.0)
}

fn numeric_date(text: &str) -> Option<Date> {
    let parts: Vec<&str> = text.split(['-', '/']).collect();
    let number = |part: &str| {
        if part.len() <= 4 && part.bytes().all(|byte| byte.is_ascii_digit()) { part.parse::<i16>().ok() } else { None }
    };
    let [a, b, c] = parts.as_slice() else { return None };
    let (a_number, b_number, c_number) = (number(a)?, number(b)?, number(c)?);
    let (year, month, day) = if a.len() == 4 { (a_number, b_number, c_number) } else { (c_number, a_number, b_number) };
    let year = if year < 50 {
        year + 2000
    } else if year < 100 {
        year + 1900
    } else {
        year
    };
    Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

fn written_date(text: &str) -> Option<Date> {
    let words: Vec<String> =
        text.split([' ', ',', '-']).filter(|word| !word.is_empty()).map(str::to_lowercase).collect();
    let [a, b, year] = words.as_slice() else { return None };
    let month =
        |word: &str| MONTHS.iter().position(|month| word.len() >= 3 && month.starts_with(word)).map(|at| at as i8 + 1);
    let (month, day) = match (month(a), month(b)) {
        (Some(month), None) => (month, b.parse().ok()?),
        (None, Some(month)) => (month, a.parse().ok()?),
        _ => return None,
    };
    Date::new(year.parse().ok().filter(|_| year.len() == 4)?, month, day).ok()
}

/// The seconds of a time of day.
fn clock(text: &str) -> Option<f64> {
    let lower = text.to_lowercase();
    let (digits, shift) = match (lower.strip_suffix("pm"), lower.strip_suffix("am")) {
        (Some(digits), _) => (digits.trim(), Some(12.0)),
        (_, Some(digits)) => (digits.trim(), Some(0.0)),
        _ => (lower.as_str(), None),
    };
    let parts: Option<Vec<f64>> =
        digits.split(':').map(|part| part.parse::<f64>().ok().filter(|part| (0.0..60.0).contains(part))).collect();
    let (hours, minutes, seconds) = match parts?.as_slice() {
        [hours, minutes] => (*hours, *minutes, 0.0),
        [hours, minutes, seconds] => (*hours, *minutes, *seconds),
        _ => return None,
    };
    let hours = shift.map_or(hours, |shift| hours % 12.0 + shift);
    (hours < 24.0).then_some(hours * 3600.0 + minutes * 60.0 + seconds)
}

#[cfg(test)]
mod tests {
    use super::guess;
    use crate::nodes::files::sheet::Cell;

    #[test]
    fn text_becomes_what_it_means() {
        for (text, cell) in [
            ("1,234.5", Cell::Number(1234.5)),
            ("12%", Cell::Number(0.12)),
            ("($3)", Cell::Number(-3.0)),
            ("TRUE", Cell::Bool(true)),
            ("1/2/2024", Cell::Number(45293.0)),
            ("2024-01-02 12:00", Cell::Number(45293.5)),
            ("Jan 2, 2024", Cell::Number(45293.0)),
            ("abc1", Cell::Text("abc1".into())),
            ("13/45/2024", Cell::Text("13/45/2024".into())),
            (" ", Cell::Text(" ".into())),
        ] {
            assert_eq!(guess(text, true), cell, "{text}");
        }
    }
}
