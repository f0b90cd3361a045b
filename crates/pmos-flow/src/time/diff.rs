//! How far two moments are apart, in units of the calendar.

use super::civil::DAY;
use super::{Civil, DateTime, Duration, Unit};

impl DateTime {
    /// How much later this is than `other`, in these units.
    pub fn diff(&self, other: &Self, units: &[Unit]) -> Duration {
        if !self.is_valid() || !other.is_valid() {
            return Duration::invalid();
        }
        if other.millis() > self.millis() { between(self, other, units).negate() } else { between(other, self, units) }
    }
}

fn between(earlier: &DateTime, later: &DateTime, units: &[Unit]) -> Duration {
    let later = &later.in_zone(earlier.zone().clone());
    let (cursor, mut results, mut high, lowest) = large_units(earlier, later, units);
    let rest = later.millis() - cursor.millis();
    let small: Vec<Unit> = units.iter().copied().filter(|unit| *unit > Unit::Days).collect();
    if !small.is_empty() {
        return Duration::of(Unit::Milliseconds, rest).shift_to(&small).plus(&results);
    }
    if let Some(lowest) = lowest {
        if high.millis() < later.millis() {
            high = cursor.plus(&Duration::of(lowest, 1.0));
        }
        if high.millis() != cursor.millis() {
            let part = rest / (high.millis() - cursor.millis());
            results.set(lowest, results.get(lowest) + part);
        }
    }
    results
}

/// The whole units from years to days, and where they lead.
fn large_units(earlier: &DateTime, later: &DateTime, units: &[Unit]) -> (DateTime, Duration, DateTime, Option<Unit>) {
    let (mut cursor, mut high) = (earlier.clone(), earlier.clone());
    let mut results = Duration::default();
    let mut lowest = None;
    for unit in Unit::ALL.into_iter().filter(|unit| *unit <= Unit::Days && units.contains(unit)) {
        lowest = Some(unit);
        results.set(unit, count(unit, &cursor, later));
        high = earlier.plus(&results);
        if high.millis() > later.millis() {
            results.set(unit, results.get(unit) - 1.0);
            cursor = earlier.plus(&results);
            // A day that the clock skips can make it too far still.
            if cursor.millis() > later.millis() {
                high = cursor;
                results.set(unit, results.get(unit) - 1.0);
                cursor = earlier.plus(&results);
            }
        } else {
            cursor = high.clone();
        }
    }
    (cursor, results, high, lowest)
}

fn count(unit: Unit, from: &DateTime, to: &DateTime) -> f64 {
    let (a, b) = (from.civil(), to.civil());
    let quarter = |civil: Civil| (civil.month - 1) / 3;
    let years = b.year - a.year;
    match unit {
        Unit::Years => years as f64,
        Unit::Quarters => (quarter(b) - quarter(a) + years * 4) as f64,
        Unit::Months => (b.month - a.month + years * 12) as f64,
        Unit::Weeks => (days(a, b) / 7.0).trunc(),
        _ => days(a, b),
    }
}

fn days(from: Civil, to: Civil) -> f64 {
    let start = |civil: Civil| (civil.to_millis() / DAY).floor();
    start(to) - start(from)
}
