//! Numbers as JavaScript reads and writes them.

/// What `String(number)` is in JavaScript (ECMA-262, Number::toString).
pub fn number_to_text(number: f64) -> String {
    // Most numbers of items are whole and small.
    if number.fract() == 0.0 && number.abs() < 1e15 {
        return (number as i64).to_string();
    }
    ryu_js::Buffer::new().format(number).to_owned()
}

/// What `Number(text)` is in JavaScript (ECMA-262, StringToNumber): NaN for what is no number, 0 for blank text.
pub fn number_from_text(text: &str) -> f64 {
    let text = text.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
    let radix = |digits: &str, radix| match u128::from_str_radix(digits, radix) {
        Ok(number) if !digits.starts_with('+') => number as f64,
        _ => f64::NAN,
    };
    let bytes = text.as_bytes();
    match bytes {
        [] => 0.0,
        [b'0', b'x' | b'X', ..] => radix(&text[2..], 16),
        [b'0', b'o' | b'O', ..] => radix(&text[2..], 8),
        [b'0', b'b' | b'B', ..] => radix(&text[2..], 2),
        // Rust also reads `inf`, `nan` and their like; JavaScript knows only this one spelling.
        _ => match text.trim_start_matches(['+', '-']) {
            "Infinity" if text.len() <= 9 => {
                if bytes[0] == b'-' {
                    f64::NEG_INFINITY
                } else {
                    f64::INFINITY
                }
            }
            digits if digits.starts_with(|c: char| c.is_ascii_digit() || c == '.') => text.parse().unwrap_or(f64::NAN),
            _ => f64::NAN,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::{number_from_text, number_to_text};

    #[test]
    fn numbers_read_as_javascript_writes_them() {
        for (number, text) in [
            (0.0, "0"),
            (-0.0, "0"),
            (1.5, "1.5"),
            (1e21, "1e+21"),
            (123_456_789_012_345_680.0, "123456789012345680"),
            (1e-7, "1e-7"),
            (f64::NAN, "NaN"),
            (f64::NEG_INFINITY, "-Infinity"),
        ] {
            assert_eq!(number_to_text(number), text);
        }
    }

    #[test]
    fn text_reads_as_javascript_reads_it() {
        for (text, number) in [
            ("", 0.0),
            (" 12 ", 12.0),
            ("0x1F", 31.0),
            ("-.5", -0.5),
            ("1e3", 1000.0),
            ("-Infinity", f64::NEG_INFINITY),
        ] {
            assert_eq!(number_from_text(text), number, "{text}");
        }
        for text in ["inf", "nan", "1a", "--1", "1_000", "0x", "+-Infinity"] {
            assert!(number_from_text(text).is_nan(), "{text}");
        }
    }
}
