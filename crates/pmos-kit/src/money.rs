//! What a model call costs.

use crate::{Error, Result};

/// Billionths of a US dollar. One token at 0.15 USD per million costs 150 of them; cents could not hold it (decisions.md, 6.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct NanoUsd(pub i64);

impl NanoUsd {
    /// A price given as a decimal text in dollars per million tokens, such as `"0.15"`.
    ///
    /// # Errors
    /// `INVALID_REQUEST` for anything but digits with at most one point and at most 9 places behind it.
    pub fn parse_price_per_million(text: &str) -> Result<Self> {
        let bad = || Error::invalid(format!("{text:?} is no price: write dollars per million tokens, such as 0.15"));
        let (whole, places) = text.split_once('.').unwrap_or((text, ""));
        let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        if whole.is_empty() || places.len() > 9 || !digits(whole) || !digits(places) {
            return Err(bad());
        }
        let whole: i64 = whole.parse().map_err(|_| bad())?;
        let nanos: i64 = format!("{places:0<9}").parse().map_err(|_| bad())?;
        whole.checked_mul(1_000_000_000).and_then(|n| n.checked_add(nanos)).map(NanoUsd).ok_or_else(bad)
    }

    /// The cost of a call: each part at its price per million, rounded up once at the end.
    pub fn of_tokens(parts: &[(u64, NanoUsd)]) -> Self {
        let total: i128 = parts.iter().map(|(tokens, price)| i128::from(*tokens) * i128::from(price.0)).sum();
        let rounded = (total + 999_999) / 1_000_000;
        NanoUsd(i64::try_from(rounded).unwrap_or(i64::MAX))
    }

    /// Dollars as a floating number, for display alone.
    pub fn as_dollars(self) -> f64 {
        #[expect(clippy::cast_precision_loss, reason = "for display")]
        let nanos = self.0 as f64;
        nanos / 1e9
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thousand_tokens_at_fifteen_cents_a_million_cost_150_micro_dollars() {
        let price = NanoUsd::parse_price_per_million("0.15").unwrap();
        assert_eq!(NanoUsd::of_tokens(&[(1_000, price)]), NanoUsd(150_000));
        assert_eq!(NanoUsd::of_tokens(&[(1, NanoUsd(1))]), NanoUsd(1), "rounded up, never to nothing");
    }

    #[test]
    fn prices_are_plain_decimals() {
        for bad in ["", ".", "1e3", "-1", "1.2.3", "0.1234567890", " 1", "99999999999999999999"] {
            assert!(NanoUsd::parse_price_per_million(bad).is_err(), "{bad:?}");
        }
    }
}
