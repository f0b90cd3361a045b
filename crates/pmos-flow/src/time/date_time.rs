//! luxon's `DateTime`.

use super::civil::{Civil, FURTHEST, days_in_month};
use super::duration::{Duration, Unit};
use super::format;
use super::zone::{OffsetForm, Zone, offset_text};
use crate::value::{Str, Value};
use std::sync::Arc;

/// A moment in a time zone, or the reason why there is none.
#[derive(Clone, Debug)]
pub struct DateTime {
    millis: f64,
    zone: Zone,
    offset: i64,
    civil: Civil,
    locale: Str,
    invalid: Option<&'static str>,
}

impl DateTime {
    /// A moment in a zone; invalid where it lies beyond what JavaScript's dates reach.
    pub fn from_millis(millis: f64, zone: Zone) -> Self {
        if millis.is_nan() {
            return Self::invalid("invalid input", zone);
        }
        if millis.abs() > FURTHEST {
            return Self::invalid("Timestamp out of range", zone);
        }
        let millis = millis.trunc();
        let offset = zone.offset(millis);
        let civil = Civil::from_millis(millis + offset as f64 * 60_000.0);
        Self { millis, zone, offset, civil, locale: "en-US".into(), invalid: None }
    }

    /// No moment, and why.
    pub fn invalid(reason: &'static str, zone: Zone) -> Self {
        Self {
            millis: f64::NAN,
            zone,
            offset: 0,
            civil: Civil::default(),
            locale: "en-US".into(),
            invalid: Some(reason),
        }
    }

    /// A local time in a zone. `guess` is the offset that decides in gaps and folds.
    pub fn from_civil(civil: Civil, zone: Zone, guess: i64) -> Self {
        let (millis, _) = zone.to_millis(civil.to_millis(), guess);
        Self::from_millis(millis, zone)
    }

    /// What n8n makes of a text where a date is wanted: ISO 8601, HTTP's form, RFC 2822, SQL's form, or milliseconds.
    /// A text without an offset is in `zone`; one with an offset keeps it.
    pub fn parse_any(text: &str, zone: &Zone) -> Option<Self> {
        super::parse::any(text.trim(), zone, None)
    }

    /// A text by a format of luxon's, such as `dd-MM-yyyy`; nothing where it does not fit.
    pub fn from_format(text: &str, format: &str, zone: &Zone) -> Option<Self> {
        let time = super::parse_format::parse(text, format, zone, "en-US", 0);
        time.is_valid().then_some(time)
    }

    /// Is it a moment at all?
    pub fn is_valid(&self) -> bool {
        self.invalid.is_none()
    }

    /// Why it is none.
    pub fn invalid_reason(&self) -> Option<&'static str> {
        self.invalid
    }

    /// The milliseconds since 1970; NaN for an invalid one.
    pub fn millis(&self) -> f64 {
        self.millis
    }

    /// Its zone.
    pub fn zone(&self) -> &Zone {
        &self.zone
    }

    /// The minutes that its zone is ahead of UTC.
    pub fn offset(&self) -> i64 {
        self.offset
    }

    /// Its local date and time.
    pub fn civil(&self) -> Civil {
        self.civil
    }

    /// Its language, such as `en-US`.
    pub fn locale(&self) -> &str {
        &self.locale
    }

    /// The same moment in another language.
    #[must_use]
    pub fn with_locale(&self, locale: &str) -> Self {
        Self { locale: locale.into(), ..self.clone() }
    }

    /// The same moment in another zone.
    #[must_use]
    pub fn in_zone(&self, zone: Zone) -> Self {
        if !self.is_valid() {
            return self.clone();
        }
        Self { locale: self.locale.clone(), ..Self::from_millis(self.millis, zone) }
    }

    /// The same local time in another zone.
    #[must_use]
    pub fn keeping_local_time(&self, zone: Zone) -> Self {
        let guess = zone.offset(self.millis);
        self.at_local(self.civil, zone, guess)
    }

    fn at_local(&self, civil: Civil, zone: Zone, guess: i64) -> Self {
        if !self.is_valid() {
            return self.clone();
        }
        Self { locale: self.locale.clone(), ..Self::from_civil(civil, zone, guess) }
    }

    /// The same time with another local date and time.
    #[must_use]
    pub fn with_civil(&self, civil: Civil) -> Self {
        self.at_local(civil, self.zone.clone(), self.offset)
    }

    /// Later by a duration: years to days on the calendar, the rest on the clock.
    #[must_use]
    pub fn plus(&self, duration: &Duration) -> Self {
        if !self.is_valid() {
            return self.clone();
        }
        let whole = |unit: Unit| duration.get(unit).trunc() as i64;
        let year = self.civil.year + whole(Unit::Years);
        let month = self.civil.month + whole(Unit::Months) + whole(Unit::Quarters) * 3;
        let day = self.civil.day.min(days_in_month(year, month)) + whole(Unit::Days) + whole(Unit::Weeks) * 7;
        let mut rest = Duration::default();
        for unit in Unit::ALL {
            let amount = duration.get(unit);
            rest.set(unit, if unit <= Unit::Days { amount - amount.trunc() } else { amount });
        }
        let (mut millis, _) = self.zone.to_millis(Civil { year, month, day, ..self.civil }.to_millis(), self.offset);
        millis += rest.to_millis();
        Self { locale: self.locale.clone(), ..Self::from_millis(millis, self.zone.clone()) }
    }

    /// Earlier by a duration.
    #[must_use]
    pub fn minus(&self, duration: &Duration) -> Self {
        self.plus(&duration.negate())
    }

    /// The first moment of its year, month, week, day and so on; the same for an unknown unit.
    #[must_use]
    pub fn start_of(&self, unit: &str) -> Self {
        Unit::named(unit).map_or_else(|| self.clone(), |unit| self.start_of_unit(unit))
    }

    /// The last millisecond of its year, month, week, day and so on.
    #[must_use]
    pub fn end_of(&self, unit: &str) -> Self {
        Unit::named(unit).map_or_else(|| self.clone(), |unit| self.end_of_unit(unit))
    }

    pub(super) fn start_of_unit(&self, unit: Unit) -> Self {
        let mut civil = self.civil;
        if unit == Unit::Weeks {
            let (year, week) = civil.week();
            return self.with_civil(Civil::of_week(year, week, 1));
        }
        if unit == Unit::Quarters {
            civil.month = (civil.month - 1) / 3 * 3 + 1;
        }
        if unit == Unit::Years {
            civil.month = 1;
        }
        if unit <= Unit::Months {
            civil.day = 1;
        }
        if unit <= Unit::Days {
            civil.hour = 0;
        }
        if unit <= Unit::Hours {
            civil.minute = 0;
        }
        if unit <= Unit::Minutes {
            civil.second = 0;
        }
        if unit <= Unit::Seconds {
            civil.millisecond = 0;
        }
        self.with_civil(civil)
    }

    pub(super) fn end_of_unit(&self, unit: Unit) -> Self {
        self.plus(&Duration::of(unit, 1.0)).start_of_unit(unit).minus(&Duration::of(Unit::Milliseconds, 1.0))
    }

    /// ISO 8601, such as `2024-02-29T10:00:00.000+01:00`; nothing for an invalid one.
    pub fn to_iso(&self) -> Option<String> {
        self.is_valid()
            .then(|| format!("{}T{}{}", self.iso_date(false), self.iso_time(IsoTime::default()), self.iso_offset()))
    }

    /// By a format of luxon's, such as `dd LLL yyyy`.
    pub fn format(&self, pattern: &str) -> String {
        if self.is_valid() { format::format(self, pattern) } else { "Invalid DateTime".to_owned() }
    }

    pub(super) fn iso_date(&self, basic: bool) -> String {
        let separator = if basic { "" } else { "-" };
        let year = self.civil.year;
        let year = if (0..=9999).contains(&year) {
            format!("{year:04}")
        } else {
            format!("{}{:06}", if year < 0 { '-' } else { '+' }, year.abs())
        };
        format!("{year}{separator}{:02}{separator}{:02}", self.civil.month, self.civil.day)
    }

    pub(super) fn iso_time(&self, form: IsoTime) -> String {
        let separator = if form.basic { "" } else { ":" };
        let mut text = format!("{:02}{separator}{:02}", self.civil.hour, self.civil.minute);
        let has_millis = !form.suppress_milliseconds || self.civil.millisecond != 0;
        if !form.suppress_seconds || self.civil.second != 0 || self.civil.millisecond != 0 {
            text.push_str(&format!("{separator}{:02}", self.civil.second));
            if has_millis {
                text.push_str(&format!(".{:03}", self.civil.millisecond));
            }
        }
        text
    }

    pub(super) fn iso_offset(&self) -> String {
        if self.offset == 0 && self.zone.is_fixed() {
            return "Z".to_owned();
        }
        offset_text(self.offset, OffsetForm::Short)
    }
}

/// How a time of day is written.
#[derive(Clone, Copy, Default)]
pub(super) struct IsoTime {
    pub(super) basic: bool,
    pub(super) suppress_seconds: bool,
    pub(super) suppress_milliseconds: bool,
}

impl From<DateTime> for Value {
    fn from(time: DateTime) -> Self {
        Value::Exotic(Arc::new(time))
    }
}
