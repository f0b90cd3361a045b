//! JavaScript's `Date`. Its local zone is UTC.

use super::civil::{Civil, FURTHEST};
use super::js_date_parse;
use crate::expression::ExpressionError;
use crate::value::{Exotic, Value};
use parking_lot::Mutex;
use std::sync::Arc;

const WEEKDAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
pub(super) const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// A `Date`: a moment that can be set, as all who hold it see.
#[derive(Debug)]
pub struct JsDate {
    millis: Mutex<f64>,
}

impl JsDate {
    /// A date of so many milliseconds since 1970; NaN for an invalid one.
    pub fn new(millis: f64) -> Self {
        Self { millis: Mutex::new(clip(millis)) }
    }

    /// What `new Date(text)` reads.
    pub fn parse(text: &str) -> Self {
        Self::new(js_date_parse::parse(text))
    }

    /// Its milliseconds since 1970; NaN for an invalid one.
    pub fn millis(&self) -> f64 {
        *self.millis.lock()
    }

    /// Sets its milliseconds.
    pub fn set(&self, millis: f64) {
        *self.millis.lock() = clip(millis);
    }

    /// Its date and time; nothing for an invalid one.
    pub fn civil(&self) -> Option<Civil> {
        let millis = self.millis();
        (!millis.is_nan()).then(|| Civil::from_millis(millis))
    }

    /// ISO 8601, as `toISOString` writes it; nothing for an invalid one.
    pub fn to_iso(&self) -> Option<String> {
        let civil = self.civil()?;
        let year = match civil.year {
            year @ 0..=9999 => format!("{year:04}"),
            year => format!("{}{:06}", if year < 0 { '-' } else { '+' }, year.abs()),
        };
        Some(format!(
            "{year}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z",
            civil.month, civil.day, civil.hour, civil.minute, civil.second, civil.millisecond
        ))
    }

    /// `Mon Jan 01 2024`, or `Mon, 01 Jan 2024` in the form of UTC strings.
    pub(crate) fn date_text(&self, utc_form: bool) -> Option<String> {
        let civil = self.civil()?;
        let weekday = WEEKDAYS[(civil.weekday() - 1) as usize];
        let month = MONTHS[(civil.month - 1) as usize];
        let year = if civil.year < 0 { format!("-{:06}", -civil.year) } else { format!("{:04}", civil.year) };
        Some(if utc_form {
            format!("{weekday}, {:02} {month} {year}", civil.day)
        } else {
            format!("{weekday} {month} {:02} {year}", civil.day)
        })
    }

    /// `10:00:00`.
    pub(crate) fn time_text(&self) -> Option<String> {
        let civil = self.civil()?;
        Some(format!("{:02}:{:02}:{:02}", civil.hour, civil.minute, civil.second))
    }

    pub(crate) fn to_text_value(&self) -> Value {
        self.to_text().into()
    }
}

/// Brings a moment within what dates reach (ECMA-262, TimeClip).
fn clip(millis: f64) -> f64 {
    if millis.abs() > FURTHEST { f64::NAN } else { millis.trunc() + 0.0 }
}

impl Exotic for JsDate {
    fn to_json(&self) -> Value {
        self.to_iso().map_or(Value::Null, Value::from)
    }

    fn to_text(&self) -> String {
        match (self.date_text(false), self.time_text()) {
            (Some(date), Some(time)) => format!("{date} {time} GMT+0000 (Coordinated Universal Time)"),
            _ => "Invalid Date".into(),
        }
    }

    fn to_number(&self) -> f64 {
        self.millis()
    }

    fn call(&self, name: &str, _: &[Value]) -> Result<Option<Value>, ExpressionError> {
        Ok(match name {
            "getTime" | "valueOf" => Some(Value::Number(self.millis())),
            "toISOString" | "toJSON" => Some(self.to_json()),
            _ => None,
        })
    }
}

impl From<JsDate> for Value {
    fn from(date: JsDate) -> Self {
        Value::Exotic(Arc::new(date))
    }
}
