//! What a measurement gives: named numbers, the unit in the name.

use std::collections::BTreeMap;

use serde::Serialize;

/// The figures of one measurement.
#[derive(Debug, Default, Serialize)]
#[serde(transparent)]
pub(crate) struct Figures(BTreeMap<String, f64>);

impl Figures {
    pub(crate) fn set(&mut self, name: &str, value: f64) {
        self.0.insert(name.to_owned(), (value * 10_000.0).round() / 10_000.0);
    }

    /// Median and tail of times in milliseconds, as `<name>_p50_ms` and so on; nothing where nothing was measured.
    pub(crate) fn set_times(&mut self, name: &str, times: &[f64]) {
        for (suffix, share) in [("p50", 0.5), ("p99", 0.99), ("max", 1.0)] {
            if let Some(value) = quantile(times, share) {
                self.set(&format!("{name}_{suffix}_ms"), value);
            }
        }
    }

    /// A ratio that may be at most so large, judged as `<name>_met`: 1 or 0.
    pub(crate) fn set_ratio(&mut self, name: &str, ratio: f64, limit: f64) {
        self.set(name, ratio);
        self.set(&format!("{name}_may_be"), limit);
        self.set(&format!("{name}_met"), f64::from(ratio <= limit));
    }

    pub(crate) fn get(&self, name: &str) -> Option<f64> {
        self.0.get(name).copied()
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, f64)> {
        self.0.iter().map(|(name, value)| (name.as_str(), *value))
    }
}

/// The smallest value that at least this share of the values does not exceed.
pub(crate) fn quantile(values: &[f64], share: f64) -> Option<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let rank = (share * sorted.len() as f64).ceil() as usize;
    sorted.get(rank.max(1) - 1).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The median of an even number of values is the lower of the two in the middle; of none there is none.
    #[test]
    fn quantiles_are_values_that_were_measured() {
        assert_eq!(quantile(&[4.0, 1.0, 3.0, 2.0], 0.5), Some(2.0));
        assert_eq!(quantile(&[4.0, 1.0, 3.0, 2.0], 1.0), Some(4.0));
        assert_eq!(quantile(&[7.0], 0.01), Some(7.0));
        assert_eq!(quantile(&[], 0.5), None);
    }
}
