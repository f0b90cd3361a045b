//! The proleptic Gregorian calendar, without zones.

/// Milliseconds of a day.
pub(super) const DAY: f64 = 86_400_000.0;
/// The furthest moment that JavaScript's dates reach.
pub(super) const FURTHEST: f64 = 8.64e15;

/// A date and a time of day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Civil {
    /// The year.
    pub year: i64,
    /// The month, from 1.
    pub month: i64,
    /// The day of the month, from 1.
    pub day: i64,
    /// The hour.
    pub hour: i64,
    /// The minute.
    pub minute: i64,
    /// The second.
    pub second: i64,
    /// The millisecond.
    pub millisecond: i64,
}

impl Civil {
    /// The date and time so many milliseconds after 1970 began.
    pub fn from_millis(millis: f64) -> Self {
        let days = (millis / DAY).floor();
        let rest = (millis - days * DAY) as i64;
        let (year, month, day) = from_days(days as i64);
        Self {
            year,
            month,
            day,
            hour: rest / 3_600_000,
            minute: rest / 60_000 % 60,
            second: rest / 1000 % 60,
            millisecond: rest % 1000,
        }
    }

    /// How many milliseconds after 1970 began it is; months and days may lie outside their bounds.
    pub fn to_millis(self) -> f64 {
        let months = self.year * 12 + self.month - 1;
        let days = to_days(months.div_euclid(12), months.rem_euclid(12) + 1, 1) + self.day - 1;
        days as f64 * DAY
            + self.hour as f64 * 3_600_000.0
            + self.minute as f64 * 60_000.0
            + self.second as f64 * 1000.0
            + self.millisecond as f64
    }

    /// The day of the week, Monday being 1.
    pub fn weekday(self) -> i64 {
        (to_days(self.year, self.month, self.day) + 3).rem_euclid(7) + 1
    }

    /// The day of the year, from 1.
    pub fn ordinal(self) -> i64 {
        to_days(self.year, self.month, self.day) - to_days(self.year, 1, 1) + 1
    }

    /// The year and number of the ISO week.
    pub fn week(self) -> (i64, i64) {
        let week = (self.ordinal() - self.weekday() + 10) / 7;
        if week < 1 {
            (self.year - 1, weeks_in_year(self.year - 1))
        } else if week > weeks_in_year(self.year) {
            (self.year + 1, 1)
        } else {
            (self.year, week)
        }
    }

    /// The date of a day of an ISO week.
    pub fn of_week(year: i64, week: i64, weekday: i64) -> Self {
        let first = to_days(year, 1, 4);
        let monday = first - (first + 3).rem_euclid(7);
        Self::of_days(monday + (week - 1) * 7 + weekday - 1)
    }

    /// The date of a day of a year.
    pub fn of_ordinal(year: i64, ordinal: i64) -> Self {
        Self::of_days(to_days(year, 1, 1) + ordinal - 1)
    }

    fn of_days(days: i64) -> Self {
        let (year, month, day) = from_days(days);
        Self { year, month, day, ..Self::default() }
    }
}

/// Is it a leap year?
pub(super) fn is_leap(year: i64) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

/// How many days a month has; the month may lie outside its bounds.
pub(super) fn days_in_month(year: i64, month: i64) -> i64 {
    let months = year * 12 + month - 1;
    let (year, month) = (months.div_euclid(12), months.rem_euclid(12) + 1);
    match month {
        2 => 28 + i64::from(is_leap(year)),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// How many ISO weeks a year has.
pub(super) fn weeks_in_year(year: i64) -> i64 {
    let first = Civil { year, month: 1, day: 1, ..Civil::default() }.weekday();
    if first == 4 || (first == 3 && is_leap(year)) { 53 } else { 52 }
}

fn to_days(year: i64, month: i64, day: i64) -> i64 {
    // Years begin in March here, so that the leap day is the last (Hinnant's days_from_civil).
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

fn from_days(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let of_era = days.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * of_year + 2) / 153;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    (year_of_era + era * 400 + i64::from(month <= 2), month, of_year - (153 * shifted + 2) / 5 + 1)
}

#[cfg(test)]
mod tests {
    use super::Civil;

    #[test]
    fn dates_go_there_and_back() {
        for millis in [0.0, -1.0, 1_709_164_800_123.0, -62_135_596_800_000.0, 8.64e15, -8.64e15] {
            assert_eq!(Civil::from_millis(millis).to_millis(), millis);
        }
        let leap = Civil::from_millis(1_709_164_800_000.0);
        assert_eq!((leap.year, leap.month, leap.day, leap.weekday(), leap.week()), (2024, 2, 29, 4, (2024, 9)));
        assert_eq!(Civil::of_week(2021, 1, 1), Civil { year: 2021, month: 1, day: 4, ..Civil::default() });
    }
}
