//! The functions of a query.

use super::issue;
use crate::node::NodeError;
use crate::value::{Value, number_from_text};

const NAMES: &[&str] = &[
    "ABS",
    "CEIL",
    "CEILING",
    "COALESCE",
    "CONCAT",
    "CONCAT_WS",
    "EXP",
    "FLOOR",
    "GREATEST",
    "IFNULL",
    "IIF",
    "IF",
    "INSTR",
    "ISNULL",
    "LCASE",
    "LEAST",
    "LEFT",
    "LEN",
    "LENGTH",
    "LN",
    "LOG",
    "LOWER",
    "LTRIM",
    "MID",
    "MOD",
    "NULLIF",
    "NVL",
    "POW",
    "POWER",
    "REPLACE",
    "REVERSE",
    "RIGHT",
    "ROUND",
    "RTRIM",
    "SIGN",
    "SQRT",
    "SUBSTR",
    "SUBSTRING",
    "TRIM",
    "TRUNC",
    "TRUNCATE",
    "UCASE",
    "UPPER",
];

/// Fails if there is no function of this name, given in capitals and as it was written.
pub(super) fn must_exist(upper: &str, written: &str) -> Result<(), NodeError> {
    if NAMES.contains(&upper) { Ok(()) } else { Err(issue(format!("function '{written}' does not exist"))) }
}

/// A function's value. What needs a value and has none gives none.
pub(super) fn call(name: &str, arguments: &[Value]) -> Value {
    let at = |at: usize| arguments.get(at).unwrap_or(&Value::Undefined);
    let given = || arguments.iter().filter(|value| !value.is_nullish());
    let upper = name.to_uppercase();
    match &*upper {
        "COALESCE" | "IFNULL" | "NVL" => return given().next().cloned().unwrap_or_default(),
        "ISNULL" if arguments.len() < 2 => return Value::Bool(at(0).is_nullish()),
        "ISNULL" => return given().next().cloned().unwrap_or_default(),
        "NULLIF" => return if at(0) == at(1) { Value::Undefined } else { at(0).clone() },
        "IF" | "IIF" => return if at(0).is_truthy() { at(1) } else { at(2) }.clone(),
        "CONCAT" => return Value::from(given().map(Value::to_text).collect::<Vec<_>>().concat()),
        "CONCAT_WS" => {
            let texts: Vec<_> = given().skip(1).map(Value::to_text).collect();
            return Value::from(texts.join(&at(0).to_text()));
        }
        "GREATEST" => return extreme(given(), true),
        "LEAST" => return extreme(given(), false),
        _ => {}
    }
    if arguments.iter().any(Value::is_nullish) {
        return Value::Undefined;
    }
    let text = at(0).to_text();
    let number = at(0).to_number();
    let second = at(1).to_number();
    match &*upper {
        "LOWER" | "LCASE" => Value::from(text.to_lowercase()),
        "UPPER" | "UCASE" => Value::from(text.to_uppercase()),
        "LENGTH" | "LEN" => Value::from(at(0).as_array().map_or_else(|| text.encode_utf16().count(), <[Value]>::len)),
        "TRIM" => Value::from(text.trim()),
        "LTRIM" => Value::from(text.trim_start()),
        "RTRIM" => Value::from(text.trim_end()),
        "REVERSE" => Value::from(text.chars().rev().collect::<String>()),
        "REPLACE" => replace(&text, &at(1).to_text(), &at(2).to_text()),
        "INSTR" => Value::from(text.find(&*at(1).to_text()).map_or(0, |place| text[..place].chars().count() + 1)),
        "SUBSTRING" | "SUBSTR" | "MID" => substring(&text, second, arguments.get(2).map(Value::to_number)),
        "LEFT" => substring(&text, 1.0, Some(second)),
        "RIGHT" => {
            let from = text.chars().count() as f64 - second.max(0.0);
            substring(&text, from.max(0.0) + 1.0, None)
        }
        "ABS" => Value::Number(number.abs()),
        "CEIL" | "CEILING" => Value::Number(number.ceil()),
        "FLOOR" => Value::Number(number.floor()),
        "ROUND" => round(number, if arguments.len() > 1 { second } else { 0.0 }, |number| (number + 0.5).floor()),
        "TRUNC" | "TRUNCATE" => round(number, if arguments.len() > 1 { second } else { 0.0 }, f64::trunc),
        "SIGN" => Value::Number(if number == 0.0 { 0.0 } else { number.signum() }),
        "SQRT" => Value::Number(number.sqrt()),
        "EXP" => Value::Number(number.exp()),
        "LN" | "LOG" => Value::Number(number.ln()),
        "POWER" | "POW" => Value::Number(number.powf(second)),
        "MOD" => Value::Number(number % second),
        _ => Value::Undefined,
    }
}

/// A text grows at most to this many bytes.
const LONGEST: usize = 10_000_000;

fn replace(text: &str, from: &str, to: &str) -> Value {
    let grown = text.len().saturating_add(text.matches(from).count().saturating_mul(to.len()));
    if from.is_empty() || grown > LONGEST { Value::from(text) } else { Value::from(text.replace(from, to)) }
}

/// From a character, counted from 1, or from the end if it is negative.
fn substring(text: &str, from: f64, length: Option<f64>) -> Value {
    let from = if from < 0.0 { text.chars().count() as f64 + from } else { from - 1.0 };
    let taken = length.map_or(usize::MAX, |length| length.max(0.0) as usize);
    Value::from(text.chars().skip(from.max(0.0) as usize).take(taken).collect::<String>())
}

fn round(number: f64, digits: f64, to_whole: fn(f64) -> f64) -> Value {
    let scale = 10_f64.powf(digits.clamp(-300.0, 300.0).trunc());
    let rounded = to_whole(number * scale) / scale;
    Value::Number(if rounded.is_finite() { rounded } else { number })
}

fn extreme<'v>(values: impl Iterator<Item = &'v Value>, greatest: bool) -> Value {
    values
        .reduce(|best, value| {
            let more = super::operators::compare(value, best).is_some_and(std::cmp::Ordering::is_gt);
            if more == greatest { value } else { best }
        })
        .cloned()
        .unwrap_or_default()
}

/// A value as another type, given in capitals.
pub(super) fn cast(value: &Value, kind: &str) -> Value {
    if value.is_nullish() {
        return Value::Undefined;
    }
    let number = || match value {
        Value::String(text) => number_from_text(text.trim()),
        value => value.to_number(),
    };
    match kind {
        "INT" | "INTEGER" | "BIGINT" | "SMALLINT" | "TINYINT" | "SIGNED" | "UNSIGNED" => {
            Value::Number(number().trunc())
        }
        "NUMBER" | "NUMERIC" | "DECIMAL" | "FLOAT" | "DOUBLE" | "REAL" | "MONEY" => Value::Number(number()),
        "BOOLEAN" | "BOOL" => Value::Bool(match value {
            Value::String(text) => !matches!(&*text.to_lowercase(), "" | "false" | "0"),
            value => value.is_truthy(),
        }),
        _ => match value {
            Value::Array(_) | Value::Object(_) => Value::from(crate::value::to_string(value)),
            value => Value::String(value.to_text()),
        },
    }
}
