//! Times told from now: `2 days ago`, `tomorrow`.

use super::{DateTime, Unit};

const UNITS: [Unit; 7] =
    [Unit::Years, Unit::Quarters, Unit::Months, Unit::Days, Unit::Hours, Unit::Minutes, Unit::Seconds];

/// `in 2 days`, in the largest of the units that comes to one at least.
pub(super) fn relative(time: &DateTime, base: &DateTime, units: &[Unit], numeric: bool, narrow: bool) -> String {
    let units = if units.is_empty() {
        UNITS.iter().copied().filter(|unit| *unit != Unit::Quarters).collect()
    } else {
        units.to_vec()
    };
    let last = units.last().copied().unwrap_or(Unit::Seconds);
    for unit in units {
        let amount = time.diff(base, &[unit]).get(unit).trunc();
        if amount.abs() >= 1.0 {
            return tell(amount, unit, time.millis() < base.millis(), numeric, narrow);
        }
    }
    tell(0.0, last, time.millis() < base.millis(), numeric, narrow)
}

/// `tomorrow`, `last month`: in calendar units.
pub(super) fn relative_calendar(time: &DateTime, base: &DateTime, unit: Option<Unit>) -> String {
    let units = [Unit::Years, Unit::Months, Unit::Days];
    let count = |unit: Unit| time.start_of_unit(unit).diff(&base.start_of_unit(unit), &[unit]).get(unit);
    if let Some(unit) = unit {
        return tell(count(unit), unit, false, false, false);
    }
    for unit in units {
        let amount = count(unit);
        if amount.abs() >= 1.0 || unit == Unit::Days {
            return tell(amount, unit, false, false, false);
        }
    }
    String::new()
}

fn tell(amount: f64, unit: Unit, is_past: bool, numeric: bool, narrow: bool) -> String {
    if !numeric && !matches!(unit, Unit::Hours | Unit::Minutes | Unit::Seconds) {
        let is_day = unit == Unit::Days;
        match amount as i64 {
            1 if is_day => return "tomorrow".into(),
            -1 if is_day => return "yesterday".into(),
            0 if is_day => return "today".into(),
            1 => return format!("next {}", unit.singular()),
            -1 => return format!("last {}", unit.singular()),
            0 => return format!("this {}", unit.singular()),
            _ => {}
        }
    }
    let size = amount.abs();
    let count = crate::expression::grouped(size, 0, 0);
    let name = match (narrow, unit) {
        (true, Unit::Years) => "yr.".into(),
        (true, Unit::Months) => "mo.".into(),
        (true, Unit::Hours) => "hr.".into(),
        (true, Unit::Minutes) => "min.".into(),
        (true, Unit::Seconds) => "sec.".into(),
        _ => {
            if size == 1.0 {
                unit.singular().to_owned()
            } else {
                unit.name().to_owned()
            }
        }
    };
    let is_past = amount < 0.0 || (amount == 0.0 && is_past);
    if is_past { format!("{count} {name} ago") } else { format!("in {count} {name}") }
}
