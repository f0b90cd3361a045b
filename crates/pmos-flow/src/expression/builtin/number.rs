//! `Number` and its methods.

use super::{argument, global, integer, intl};
use crate::expression::interpreter::{Run, range_error};
use crate::value::{Value, number_to_text};

pub(super) fn call_static(name: &str, arguments: &[Value]) -> Run<Option<Value>> {
    let number = argument(arguments, 0).as_number();
    let is_whole = number.is_some_and(|number| number.is_finite() && number.fract() == 0.0);
    Ok(Some(match name {
        "isFinite" => number.is_some_and(f64::is_finite).into(),
        "isNaN" => number.is_some_and(f64::is_nan).into(),
        "isInteger" => is_whole.into(),
        "isSafeInteger" => (is_whole && number.is_some_and(|number| number.abs() <= 9_007_199_254_740_991.0)).into(),
        "parseFloat" => {
            Value::Number(global::parse_float(&crate::expression::interpreter::to_text(argument(arguments, 0))?))
        }
        "parseInt" => global::parse_int(arguments)?,
        _ => return Ok(None),
    }))
}

/// A method of a number; nothing where there is none of this name.
pub(crate) fn number_method(number: f64, name: &str, arguments: &[Value]) -> Run<Option<Value>> {
    let digits = |missing| integer(arguments, 0, missing);
    Ok(Some(match name {
        "toString" => {
            let radix = digits(10.0)?;
            if !(2.0..=36.0).contains(&radix) {
                return range_error("toString() radix must be between 2 and 36");
            }
            to_radix(number, radix as u32).into()
        }
        "toFixed" => {
            let digits = digits(0.0)?;
            if !(0.0..=100.0).contains(&digits) {
                return range_error("toFixed() digits argument must be between 0 and 100");
            }
            to_fixed(number, digits as usize).into()
        }
        "toPrecision" => {
            if argument(arguments, 0).is_undefined() || !number.is_finite() {
                return Ok(Some(number_to_text(number).into()));
            }
            let digits = digits(0.0)?;
            if !(1.0..=100.0).contains(&digits) {
                return range_error("toPrecision() argument must be between 1 and 100");
            }
            to_precision(number, digits as usize).into()
        }
        "toExponential" => {
            if !number.is_finite() {
                return Ok(Some(number_to_text(number).into()));
            }
            let digits = digits(-1.0)?;
            if !(-1.0..=100.0).contains(&digits) {
                return range_error("toExponential() argument must be between 0 and 100");
            }
            exponential(number, (digits >= 0.0).then_some(digits as usize)).into()
        }
        "toLocaleString" => intl::number_to_locale(number, argument(arguments, 0), argument(arguments, 1))?.into(),
        "valueOf" => Value::Number(number),
        _ => return Ok(None),
    }))
}

/// `number.toFixed(digits)`: halves of the exact value go away from zero.
pub(crate) fn to_fixed(number: f64, digits: usize) -> String {
    if number.abs() >= 1e21 || !number.is_finite() {
        return number_to_text(number);
    }
    let size = number.abs();
    let mut text = format!("{size:.digits$}");
    // Rust rounds halves to even; they are exact ones, so that the digits end there.
    let exact = format!("{size:.0$}", digits + 60);
    let tail = &exact[exact.len() - 60..];
    if tail.starts_with('5') && tail[1..].bytes().all(|digit| digit == b'0') {
        text = add_one(&exact[..exact.len() - 60]);
        if digits == 0 {
            text = text.trim_end_matches('.').to_owned();
        }
    }
    let is_zero = text.bytes().all(|byte| matches!(byte, b'0' | b'.'));
    if number < 0.0 && !(is_zero && number == 0.0) { format!("-{text}") } else { text }
}

/// Decimal digits, one more in the last place.
fn add_one(text: &str) -> String {
    let mut bytes = text.as_bytes().to_vec();
    for at in (0..bytes.len()).rev() {
        match bytes[at] {
            b'9' => bytes[at] = b'0',
            b'.' => {}
            _ => {
                bytes[at] += 1;
                return String::from_utf8(bytes).unwrap_or_default();
            }
        }
    }
    format!("1{}", String::from_utf8(bytes).unwrap_or_default())
}

/// A number as `d.ddde±x`, with so many digits behind the point, or with as many as it needs.
fn exponential(number: f64, digits: Option<usize>) -> String {
    let text = match digits {
        Some(digits) => scientific(number, digits),
        None => format!("{number:e}"),
    };
    match text.split_once('e') {
        Some((digits, exponent)) if exponent.starts_with('-') => format!("{digits}e{exponent}"),
        Some((digits, exponent)) => format!("{digits}e+{exponent}"),
        None => text,
    }
}

/// Rust's scientific form with halves away from zero.
fn scientific(number: f64, digits: usize) -> String {
    let exact = format!("{number:.0$e}", digits + 60);
    let Some((mantissa, exponent)) = exact.split_once('e') else { return exact };
    let (kept, tail) = mantissa.split_at(mantissa.len() - 60);
    if tail.starts_with('5') && tail[1..].bytes().all(|digit| digit == b'0') {
        let sign = if number < 0.0 { "-" } else { "" };
        let up = add_one(kept.trim_start_matches('-').trim_end_matches('.'));
        if !up.starts_with("10") || up.find('.').is_some_and(|point| point == 1) {
            return format!("{sign}{up}e{exponent}");
        }
    }
    format!("{number:.digits$e}")
}

fn to_precision(number: f64, digits: usize) -> String {
    let text = scientific(number, digits - 1);
    let exponent: i32 = text.split_once('e').and_then(|(_, exponent)| exponent.parse().ok()).unwrap_or(0);
    if exponent < -6 || exponent >= digits as i32 {
        return exponential(number, Some(digits - 1));
    }
    to_fixed(number, (digits as i32 - 1 - exponent).max(0) as usize)
}

/// A number by a radix, with as many digits as tell it from its neighbours.
fn to_radix(number: f64, radix: u32) -> String {
    if radix == 10 || !number.is_finite() {
        return number_to_text(number);
    }
    const DIGITS: &[u8; 36] = b"0123456789abcdefghijklmnopqrstuvwxyz";
    let base = f64::from(radix);
    let size = number.abs();
    let (mut whole, mut fraction) = (size.trunc(), size.fract());
    let mut behind: Vec<u8> = Vec::new();
    let next = f64::from_bits(size.to_bits() + 1);
    let mut delta = (0.5 * (next - size)).max(f64::from_bits(1));
    if fraction >= delta {
        loop {
            fraction *= base;
            delta *= base;
            let digit = fraction.trunc();
            behind.push(digit as u8);
            fraction -= digit;
            if (fraction > 0.5 || (fraction == 0.5 && behind.last().is_some_and(|digit| digit % 2 == 1)))
                && fraction + delta > 1.0
            {
                // Rounding up may carry all the way.
                loop {
                    match behind.pop() {
                        None => {
                            whole += 1.0;
                            break;
                        }
                        Some(digit) if u32::from(digit) + 1 < radix => {
                            behind.push(digit + 1);
                            break;
                        }
                        Some(_) => {}
                    }
                }
                break;
            }
            if fraction < delta {
                break;
            }
        }
    }
    let mut before = Vec::new();
    while whole >= 9_007_199_254_740_992.0 {
        before.push(b'0');
        whole /= base;
    }
    loop {
        let digit = whole % base;
        before.push(DIGITS[digit as usize]);
        whole = ((whole - digit) / base).trunc();
        if whole <= 0.0 {
            break;
        }
    }
    let mut text = String::new();
    if number < 0.0 {
        text.push('-');
    }
    text.extend(before.iter().rev().map(|digit| char::from(*digit)));
    if !behind.is_empty() {
        text.push('.');
        text.extend(behind.iter().map(|digit| char::from(DIGITS[usize::from(*digit)])));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{to_fixed, to_precision, to_radix};

    #[test]
    fn numbers_are_rounded_as_javascript_rounds_them() {
        for (number, digits, text) in [
            (2.5, 0, "3"),
            (-2.5, 0, "-3"),
            (1.005, 2, "1.00"),
            (0.5, 0, "1"),
            (9.95, 1, "9.9"),
            (1.45, 1, "1.4"),
            (8.345, 2, "8.35"),
            (-0.0001, 2, "-0.00"),
            (99.5, 0, "100"),
        ] {
            assert_eq!(to_fixed(number, digits), text);
        }
        assert_eq!(to_precision(123.456, 4), "123.5");
        assert_eq!(to_precision(0.000_000_123, 2), "1.2e-7");
        assert_eq!(to_precision(123_456.0, 2), "1.2e+5");
    }

    #[test]
    fn numbers_are_written_by_a_radix() {
        assert_eq!(to_radix(255.0, 16), "ff");
        assert_eq!(to_radix(0.5, 2), "0.1");
        assert_eq!(to_radix(0.1, 2), "0.0001100110011001100110011001100110011001100110011001101");
        assert_eq!(to_radix(-255.5, 36), "-73.i");
    }
}
