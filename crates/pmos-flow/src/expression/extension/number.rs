//! What n8n adds to numbers.

use crate::expression::builtin::{intl, to_fixed};
use crate::expression::interpreter::{Interpreter, Run, refused};
use crate::time::{DateTime, Zone};
use crate::value::Value;

pub(super) const NAMES: &[&str] = &[
    "ceil",
    "floor",
    "format",
    "round",
    "abs",
    "isInteger",
    "isEven",
    "isOdd",
    "toBoolean",
    "toInt",
    "toFloat",
    "toNumber",
    "toDateTime",
];

pub(super) fn call(own: &mut Interpreter<'_>, number: f64, name: &str, arguments: &[Value]) -> Run<Option<Value>> {
    let first = arguments.first().unwrap_or(&Value::Undefined);
    let is_whole = number.is_finite() && number.fract() == 0.0;
    Ok(Some(match name {
        "ceil" => Value::Number(number.ceil()),
        "floor" => Value::Number(number.floor()),
        "round" => Value::Number(round(number, first)),
        "abs" => Value::Number(number.abs()),
        "isInteger" => is_whole.into(),
        "isEven" | "isOdd" => {
            if !is_whole {
                return refused(format!("{name}() is only callable on integers"));
            }
            ((number % 2.0 == 0.0) == (name == "isEven")).into()
        }
        "toBoolean" => (number != 0.0).into(),
        "toInt" => Value::Number(round(number, &Value::Undefined)),
        "toFloat" | "toNumber" => Value::Number(number),
        "format" => {
            let locales = if first.is_undefined() { Value::from("en-US") } else { first.clone() };
            let options = arguments.get(1).unwrap_or(&Value::Undefined);
            let text = intl::number_to_locale(number, &locales, options)?;
            own.text(text)?
        }
        "toDateTime" => to_date_time(own, number, first)?,
        _ => return Ok(None),
    }))
}

/// Rounds by the digits that `toFixed` gives.
fn round(number: f64, places: &Value) -> f64 {
    let places = places.as_number().unwrap_or(0.0).clamp(0.0, 100.0);
    if number.is_finite() { to_fixed(number, places as usize).parse().unwrap_or(f64::NAN) } else { number }
}

/// A moment from a number of milliseconds, or of another unit.
pub(super) fn to_date_time(own: &Interpreter<'_>, number: f64, form: &Value) -> Run<Value> {
    // Days since the last one of 1899, by which spreadsheets count.
    const SPREADSHEET_START: f64 = 25_569.0;
    let millis = match form.as_str() {
        None => number,
        Some("ms") => number,
        Some("s") => number * 1000.0,
        Some("us") => number / 1000.0,
        Some("excel") => (number - SPREADSHEET_START) * 86_400_000.0,
        Some(form) => {
            return refused(format!("Unsupported format '{form}'. toDateTime() supports 'ms', 's', 'us' and 'excel'."));
        }
    };
    Ok(DateTime::from_millis(millis, Zone::of(own.scope.zone())).into())
}
