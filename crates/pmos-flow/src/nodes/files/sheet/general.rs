//! Numbers as spreadsheets show them where nobody chose a format: at most eleven characters.

/// A number in the format General.
pub(super) fn general(number: f64) -> String {
    if number.fract() == 0.0 && number.abs() <= f64::from(i32::MAX) {
        return format!("{}", number as i64);
    }
    let magnitude = number.abs().log10().floor() as i32;
    let room = if number < 0.0 { 12 } else { 11 };
    let text = match magnitude {
        -4..=-1 => precision(number, (10 + magnitude) as usize),
        -9..=9 => {
            let fixed = without_zeros(&format!("{number:.12}"));
            let precise = precision(number, 10);
            if fixed.len() <= room {
                fixed
            } else if precise.len() <= room {
                precise
            } else {
                exponential(number, 5)
            }
        }
        10 => format!("{number:.10}").chars().take(12).collect(),
        _ => {
            let fixed = without_zeros(&format!("{number:.11}"));
            if fixed.len() > room || fixed == "0" || fixed == "-0" { precision(number, 6) } else { fixed }
        }
    };
    let text = text.to_uppercase();
    match text.split_once('E') {
        Some((mantissa, exponent)) => {
            let (sign, digits) = exponent.split_at(1);
            format!("{}E{sign}{digits:0>2}", without_zeros(mantissa))
        }
        None => without_zeros(&text),
    }
}

fn without_zeros(text: &str) -> String {
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text.to_owned() }
}

/// JavaScript's `toExponential`.
fn exponential(number: f64, digits: usize) -> String {
    let text = format!("{number:.digits$e}");
    match text.split_once('e') {
        Some((mantissa, exponent)) if !exponent.starts_with('-') => format!("{mantissa}e+{exponent}"),
        _ => text,
    }
}

/// JavaScript's `toPrecision`.
fn precision(number: f64, digits: usize) -> String {
    let text = exponential(number, digits - 1);
    let exponent: i32 = text.split_once('e').and_then(|(_, exponent)| exponent.parse().ok()).unwrap_or_default();
    if exponent < -6 || exponent >= digits as i32 {
        return text;
    }
    let decimals = (digits as i32 - 1 - exponent).max(0) as usize;
    format!("{number:.decimals$}")
}

#[cfg(test)]
mod tests {
    use super::general;

    #[test]
    fn numbers_fit_into_eleven_characters() {
        for (number, text) in [
            (2.0, "2"),
            (-1.5, "-1.5"),
            (2.64575131106459, "2.645751311"),
            (0.1 + 0.2, "0.3"),
            (0.00012345678901234, "0.000123457"),
            (1234567.891234, "1234567.891"),
            (123456789012.0, "1.23457E+11"),
            (12345678901.0, "12345678901"),
            (1e21, "1E+21"),
            (1.5e-7, "0.00000015"),
        ] {
            assert_eq!(general(number), text, "{number}");
        }
    }
}
