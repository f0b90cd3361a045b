//! luxon's `Duration`.

use crate::value::{Object, Value};
use std::sync::Arc;

/// A unit of time, from years to milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Unit {
    /// 365 days
    Years,
    /// 3 months
    Quarters,
    /// 30 days
    Months,
    /// 7 days
    Weeks,
    /// 24 hours
    Days,
    /// 60 minutes
    Hours,
    /// 60 seconds
    Minutes,
    /// 1000 milliseconds
    Seconds,
    /// The smallest
    Milliseconds,
}

impl Unit {
    /// All, the largest first.
    pub const ALL: [Self; 9] = [
        Self::Years,
        Self::Quarters,
        Self::Months,
        Self::Weeks,
        Self::Days,
        Self::Hours,
        Self::Minutes,
        Self::Seconds,
        Self::Milliseconds,
    ];

    /// The unit of a name such as `day` or `Days`.
    pub fn named(name: &str) -> Option<Self> {
        let name = name.to_lowercase();
        Self::ALL.into_iter().find(|unit| unit.name() == name || unit.singular() == name)
    }

    /// Its name, such as `days`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Years => "years",
            Self::Quarters => "quarters",
            Self::Months => "months",
            Self::Weeks => "weeks",
            Self::Days => "days",
            Self::Hours => "hours",
            Self::Minutes => "minutes",
            Self::Seconds => "seconds",
            Self::Milliseconds => "milliseconds",
        }
    }

    /// Its name for one, such as `day`.
    pub fn singular(self) -> &'static str {
        let name = self.name();
        &name[..name.len() - 1]
    }

    /// How many of a smaller unit it holds, as luxon counts casually: a year is 52 weeks or 365 days.
    pub(super) fn holds(self, smaller: Self) -> f64 {
        use Unit::*;
        match (self, smaller) {
            (a, b) if a == b => 1.0,
            (Years, Quarters) => 4.0,
            (Years, Months) => 12.0,
            (Years, Weeks) => 52.0,
            (Years, Days) => 365.0,
            (Quarters, Months) => 3.0,
            (Quarters, Weeks) => 13.0,
            (Quarters, Days) => 91.0,
            (Months, Weeks) => 4.0,
            (Months, Days) => 30.0,
            (Weeks, Days) => 7.0,
            (Days, Hours) => 24.0,
            (Hours, Minutes) | (Minutes, Seconds) => 60.0,
            (Seconds, Milliseconds) => 1000.0,
            (Years | Quarters | Months | Weeks, smaller) => self.holds(Days) * Days.holds(smaller),
            (Days, smaller) => 24.0 * Hours.holds(smaller),
            (Hours, smaller) => 60.0 * Minutes.holds(smaller),
            (Minutes, smaller) => 60.0 * Seconds.holds(smaller),
            (larger, smaller) => 1.0 / smaller.holds(larger),
        }
    }
}

/// An amount of time, unit by unit.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Duration {
    amounts: [Option<f64>; 9],
    pub(super) is_invalid: bool,
}

impl Duration {
    /// So many of a unit.
    pub fn of(unit: Unit, amount: f64) -> Self {
        let mut duration = Self::default();
        duration.set(unit, amount);
        duration
    }

    /// No duration.
    pub(super) fn invalid() -> Self {
        Self { is_invalid: true, ..Self::default() }
    }

    /// How many of a unit; 0 where it has none.
    pub fn get(&self, unit: Unit) -> f64 {
        self.amounts[unit as usize].unwrap_or(0.0)
    }

    pub(super) fn has(&self, unit: Unit) -> bool {
        self.amounts[unit as usize].is_some()
    }

    /// Sets how many of a unit.
    pub fn set(&mut self, unit: Unit, amount: f64) {
        self.amounts[unit as usize] = Some(amount);
    }

    fn add(&mut self, unit: Unit, amount: f64) {
        self.set(unit, self.get(unit) + amount);
    }

    /// Its units with their amounts.
    pub fn amounts(&self) -> impl Iterator<Item = (Unit, f64)> {
        Unit::ALL.into_iter().filter_map(|unit| self.amounts[unit as usize].map(|amount| (unit, amount)))
    }

    /// As long in the other direction.
    #[must_use]
    pub fn negate(&self) -> Self {
        self.map(|amount| if amount == 0.0 { 0.0 } else { -amount })
    }

    pub(super) fn map(&self, change: impl Fn(f64) -> f64) -> Self {
        Self { amounts: self.amounts.map(|amount| amount.map(&change)), is_invalid: self.is_invalid }
    }

    /// Both together.
    #[must_use]
    pub fn plus(&self, other: &Self) -> Self {
        let mut sum = self.clone();
        for (unit, amount) in other.amounts() {
            sum.add(unit, amount);
        }
        sum.is_invalid |= other.is_invalid;
        sum
    }

    /// How many milliseconds it lasts.
    pub fn to_millis(&self) -> f64 {
        if self.is_invalid {
            return f64::NAN;
        }
        self.amounts().fold(0.0, |sum, (unit, amount)| sum + amount * unit.holds(Unit::Milliseconds))
    }

    /// How many of one unit it lasts.
    pub fn to_unit(&self, unit: Unit) -> f64 {
        if self.is_invalid { f64::NAN } else { self.shift_to(&[unit]).get(unit) }
    }

    /// The same in these units alone.
    #[must_use]
    pub fn shift_to(&self, units: &[Unit]) -> Self {
        if units.is_empty() || self.is_invalid {
            return self.clone();
        }
        let mut built = Self::default();
        let mut left = [0.0_f64; 9];
        let mut last = Unit::Milliseconds;
        for unit in Unit::ALL {
            if units.contains(&unit) {
                last = unit;
                let mut own = 0.0;
                for larger in Unit::ALL {
                    if left[larger as usize] != 0.0 {
                        own += larger.holds(unit) * left[larger as usize];
                        left[larger as usize] = 0.0;
                    }
                }
                own += self.get(unit);
                let whole = own.trunc();
                built.set(unit, whole);
                left[unit as usize] = (own * 1000.0 - whole * 1000.0) / 1000.0;
            } else if self.has(unit) {
                left[unit as usize] = self.get(unit);
            }
        }
        for unit in Unit::ALL {
            let amount = left[unit as usize];
            if amount != 0.0 {
                built.add(last, if unit == last { amount } else { amount / last.holds(unit) });
            }
        }
        built.normalize()
    }

    /// The same with every amount as large as its unit allows.
    #[must_use]
    pub fn normalize(&self) -> Self {
        let mut built = self.clone();
        let factor = if self.to_millis() < 0.0 { -1.0 } else { 1.0 };
        let mut smaller: Option<Unit> = None;
        for unit in Unit::ALL.into_iter().rev().filter(|unit| self.has(*unit)) {
            if let Some(smaller) = smaller {
                let ratio = unit.holds(smaller);
                let up = (built.get(smaller) * factor / ratio).floor();
                built.add(unit, up * factor);
                built.add(smaller, -up * ratio * factor);
            }
            smaller = Some(unit);
        }
        let mut larger: Option<Unit> = None;
        for unit in Unit::ALL.into_iter().filter(|unit| self.has(*unit)) {
            if let Some(larger) = larger {
                let fraction = built.get(larger) % 1.0;
                built.add(larger, -fraction);
                built.add(unit, fraction * larger.holds(unit));
            }
            larger = Some(unit);
        }
        built
    }

    /// Its units and amounts as an object.
    pub fn to_object(&self) -> Object {
        self.amounts().map(|(unit, amount)| (unit.name(), Value::Number(amount))).collect()
    }
}

impl From<Duration> for Value {
    fn from(duration: Duration) -> Self {
        Value::Exotic(Arc::new(duration))
    }
}
