//! Time zones by luxon's names.

use super::civil::Civil;
use crate::value::Str;
use jiff::Timestamp;
use jiff::tz::{Offset, TimeZone};

/// A time zone and its name.
#[derive(Clone, Debug)]
pub struct Zone {
    zone: TimeZone,
    name: Str,
}

impl PartialEq for Zone {
    fn eq(&self, other: &Self) -> bool {
        self.name.eq_ignore_ascii_case(&other.name)
    }
}

impl Zone {
    /// A zone of jiff's.
    pub fn of(zone: &TimeZone) -> Self {
        let name = zone.iana_name().unwrap_or("UTC");
        Self { name: name.into(), zone: zone.clone() }
    }

    /// UTC.
    pub fn utc() -> Self {
        Self { zone: TimeZone::UTC, name: "UTC".into() }
    }

    /// A zone that is always so many minutes ahead of UTC.
    pub fn fixed(minutes: i64) -> Self {
        let Some(offset) = i32::try_from(minutes * 60).ok().and_then(|seconds| Offset::from_seconds(seconds).ok())
        else {
            return Self::utc();
        };
        if minutes == 0 {
            return Self::utc();
        }
        Self { zone: TimeZone::fixed(offset), name: format!("UTC{}", offset_text(minutes, OffsetForm::Narrow)).into() }
    }

    /// The zone of a name: an IANA name, `utc`, `UTC+3`, `local`, `default`. Nothing where there is none.
    pub fn named(name: &str, default: &Self) -> Option<Self> {
        let small = name.to_lowercase();
        match &*small {
            "default" => return Some(default.clone()),
            "local" | "system" | "utc" | "gmt" => return Some(Self::utc()),
            _ => {}
        }
        if let Some(minutes) = small.strip_prefix("utc").and_then(fixed_offset) {
            return Some(Self::fixed(minutes));
        }
        let zone = TimeZone::get(name).ok()?;
        Some(Self { zone, name: name.into() })
    }

    /// Its name, such as `America/New_York`.
    pub fn name(&self) -> &Str {
        &self.name
    }

    /// The zone itself.
    pub fn time_zone(&self) -> &TimeZone {
        &self.zone
    }

    /// How many minutes it is ahead of UTC at a moment.
    pub fn offset(&self, millis: f64) -> i64 {
        i64::from(self.zone.to_offset(timestamp(millis)).seconds()) / 60
    }

    /// Is it always the same time ahead of UTC?
    pub fn is_fixed(&self) -> bool {
        self.zone.to_fixed_offset().is_ok()
    }

    /// Is it summer time at a moment?
    pub fn is_dst(&self, millis: f64) -> bool {
        if self.is_fixed() {
            return false;
        }
        // As luxon decides: it is, where the offset exceeds that of January or of May.
        let civil = Civil::from_millis(millis + self.offset(millis) as f64 * 60_000.0);
        let in_month = |month| {
            let local = Civil { month, day: 1, ..civil }.to_millis();
            self.offset(self.to_millis(local, self.offset(millis)).0)
        };
        let offset = self.offset(millis);
        offset > in_month(1) || offset > in_month(5)
    }

    /// The abbreviation that the zone's data has for a moment, such as `EST`.
    pub fn abbreviation(&self, millis: f64) -> String {
        self.zone.to_offset_info(timestamp(millis)).abbreviation().to_owned()
    }

    /// The moment of a local time, and the offset there. In a gap or a fold `guess` decides, as in luxon.
    pub fn to_millis(&self, local: f64, guess: i64) -> (f64, i64) {
        let minutes = |minutes: i64| minutes as f64 * 60_000.0;
        let first = local - minutes(guess);
        let second_offset = self.offset(first);
        if guess == second_offset {
            return (first, guess);
        }
        let second = first - minutes(second_offset - guess);
        let third_offset = self.offset(second);
        if second_offset == third_offset {
            return (second, second_offset);
        }
        (local - minutes(second_offset.min(third_offset)), second_offset.max(third_offset))
    }
}

fn timestamp(millis: f64) -> Timestamp {
    let bound = |millis: f64| millis.clamp(-377_705_023_201_000.0, 253_402_207_200_000.0) as i64;
    Timestamp::from_millisecond(bound(millis)).unwrap_or_default()
}

/// The minutes of `+3`, `-05:30` or `+0530`.
pub(super) fn fixed_offset(text: &str) -> Option<i64> {
    let (sign, text) = match text.as_bytes().first()? {
        b'+' => (1, &text[1..]),
        b'-' => (-1, &text[1..]),
        _ => return None,
    };
    let (hours, minutes) = match text.split_once(':') {
        Some((hours, minutes)) if minutes.len() == 2 => (hours, minutes),
        Some(_) => return None,
        None if text.len() == 4 => text.split_at(2),
        None => (text, "0"),
    };
    if hours.is_empty() || hours.len() > 2 || !hours.bytes().chain(minutes.bytes()).all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    Some(sign * (hours.parse::<i64>().ok()? * 60 + minutes.parse::<i64>().ok()?))
}

/// How an offset is written.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum OffsetForm {
    /// `+5`
    Narrow,
    /// `+05:00`
    Short,
    /// `+0500`
    Techie,
}

pub(super) fn offset_text(minutes: i64, form: OffsetForm) -> String {
    let sign = if minutes < 0 { '-' } else { '+' };
    let (hours, rest) = (minutes.abs() / 60, minutes.abs() % 60);
    match form {
        OffsetForm::Narrow if rest == 0 => format!("{sign}{hours}"),
        OffsetForm::Narrow => format!("{sign}{hours}:{rest:02}"),
        OffsetForm::Short => format!("{sign}{hours:02}:{rest:02}"),
        OffsetForm::Techie => format!("{sign}{hours:02}{rest:02}"),
    }
}
