//! Moments in calendar files.

use crate::node::NodeError;
use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Time};
use jiff::tz::TimeZone;
use pmos_kit::Millis;

/// A moment in UTC from what people write: ISO text with or without an offset; without one it is in `zone`.
pub(super) fn moment(text: &str, zone: &TimeZone) -> Result<DateTime, NodeError> {
    let text = text.trim();
    let invalid = || NodeError::new(format!("Invalid date: '{text}'"));
    if let Ok(at) = text.parse::<Timestamp>() {
        return Ok(TimeZone::UTC.to_datetime(at));
    }
    let local = text
        .replacen(' ', "T", 1)
        .parse::<DateTime>()
        .or_else(|_| text.parse::<Date>().map(DateTime::from))
        .map_err(|_| invalid())?;
    let at = zone.to_ambiguous_zoned(local).compatible().map_err(|_| invalid())?;
    Ok(TimeZone::UTC.to_datetime(at.timestamp()))
}

pub(super) fn from_millis(at: Millis) -> Option<DateTime> {
    Some(TimeZone::UTC.to_datetime(Timestamp::from_millisecond(at).ok()?))
}

/// A date or a moment of a calendar file: `20240131`, `20240131T103000`, `20240131T103000Z`.
pub(super) struct Moment {
    /// As it is written.
    pub(super) written: DateTime,
    /// Is it in UTC?
    pub(super) utc: bool,
    /// Is it a whole day?
    pub(super) day: bool,
}

impl Moment {
    pub(super) fn read(text: &str) -> Option<Self> {
        let (utc, text) = text.trim().strip_suffix('Z').map_or((false, text.trim()), |text| (true, text));
        let part = |text: &str, from: usize, to: usize| text.get(from..to)?.parse::<i8>().ok();
        let (day, time) = text.split_once('T').map_or((text, None), |(day, time)| (day, Some(time)));
        let date = Date::new(day.get(..4)?.parse().ok()?, part(day, 4, 6)?, part(day, 6, 8)?).ok()?;
        let time_of_day = match time {
            Some(time) => Time::new(part(time, 0, 2)?, part(time, 2, 4)?, part(time, 4, 6).unwrap_or(0), 0).ok()?,
            None => Time::midnight(),
        };
        Some(Self { written: date.to_datetime(time_of_day), utc, day: time.is_none() })
    }
}

/// `2024-01-31T10:30:00.000Z`.
pub(super) fn iso(at: DateTime) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%S.000Z").to_string()
}
