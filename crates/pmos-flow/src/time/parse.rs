//! Reads the texts of dates: ISO 8601, HTTP's forms, RFC 2822, SQL's form.

use super::civil::{Civil, days_in_month, is_leap, weeks_in_year};
use super::zone::fixed_offset;
use super::{DateTime, Zone};

/// What a text says: a local time, and an offset if it has one.
pub(super) struct Reading {
    pub(super) civil: Civil,
    /// Minutes ahead of UTC.
    pub(super) offset: Option<i64>,
    pub(super) zone: Option<Zone>,
}

impl Reading {
    /// The time: in `zone` where the text names none; `keeps` leaves it in the zone that the text names.
    /// Of the two times that a clock shows twice in autumn, luxon takes that with the offset of `now`.
    pub(super) fn to_time(&self, zone: &Zone, keeps: bool, now: Option<f64>) -> DateTime {
        let own = self.zone.clone().or_else(|| self.offset.map(Zone::fixed)).unwrap_or_else(|| zone.clone());
        let guess = own.offset(now.unwrap_or_else(|| self.civil.to_millis()));
        let time = DateTime::from_civil(self.civil, own, guess);
        if keeps { time } else { time.in_zone(zone.clone()) }
    }
}

/// See [`DateTime::parse_any`].
pub(super) fn any(text: &str, zone: &Zone, now: Option<f64>) -> Option<DateTime> {
    let reading = iso(text).or_else(|| http(text)).or_else(|| rfc2822(text)).or_else(|| sql(text, zone));
    if let Some(reading) = reading {
        return Some(reading.to_time(zone, true, now)).filter(DateTime::is_valid);
    }
    // A bare number is milliseconds.
    let number = crate::value::number_from_text(text);
    (!text.is_empty() && number.is_finite())
        .then(|| DateTime::from_millis(number, zone.clone()))
        .filter(DateTime::is_valid)
}

struct Cursor<'a> {
    text: &'a str,
}

impl<'a> Cursor<'a> {
    fn eat(&mut self, prefix: char) -> bool {
        match self.text.strip_prefix(prefix) {
            Some(rest) => {
                self.text = rest;
                true
            }
            None => false,
        }
    }

    /// A number of exactly so many digits.
    fn digits(&mut self, count: usize) -> Option<i64> {
        let text = self.text.get(..count).filter(|text| text.bytes().all(|byte| byte.is_ascii_digit()))?;
        self.text = &self.text[count..];
        text.parse().ok()
    }

    fn digit_run(&self) -> usize {
        self.text.bytes().take_while(u8::is_ascii_digit).count()
    }

    /// One or two digits.
    fn short(&mut self) -> Option<i64> {
        let count = self.digit_run().min(2);
        if count == 0 { None } else { self.digits(count) }
    }

    /// A fraction of a second, in milliseconds.
    fn fraction(&mut self) -> Option<i64> {
        let count = self.digit_run();
        if count == 0 || count > 30 {
            return None;
        }
        let digits = format!("{:0<3}", &self.text[..count]);
        self.text = &self.text[count..];
        digits[..3].parse().ok()
    }

    fn word(&mut self) -> &'a str {
        let length = self.text.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(self.text.len());
        let (word, rest) = self.text.split_at(length);
        self.text = rest;
        word
    }
}

/// ISO 8601 as luxon reads it.
pub(super) fn iso(text: &str) -> Option<Reading> {
    let mut cursor = Cursor { text };
    let mut civil = iso_date(&mut cursor)?;
    if cursor.text.is_empty() {
        return Some(Reading { civil, offset: None, zone: None });
    }
    if !cursor.eat('T') && !cursor.eat('t') {
        return None;
    }
    let next = iso_time(&mut cursor, &mut civil)?;
    let (offset, zone) = iso_offset(&mut cursor)?;
    if next {
        civil = Civil::from_millis(civil.to_millis() + super::civil::DAY);
    }
    Some(Reading { civil, offset, zone })
}

fn iso_date(cursor: &mut Cursor<'_>) -> Option<Civil> {
    let year = if cursor.text.starts_with(['+', '-']) {
        let negative = cursor.text.starts_with('-');
        cursor.text = &cursor.text[1..];
        let year = cursor.digits(6)?;
        if negative { -year } else { year }
    } else {
        cursor.digits(4)?
    };
    let mut civil = Civil { year, month: 1, day: 1, ..Civil::default() };
    let basic = !cursor.eat('-');
    if basic && !cursor.text.starts_with(|c: char| c.is_ascii_digit() || c == 'W') {
        return Some(civil);
    }
    if cursor.eat('W') {
        let week = cursor.digits(2)?;
        let weekday = if cursor.eat('-') || (basic && cursor.digit_run() > 0) { cursor.digits(1)? } else { 1 };
        let fits = (1..=weeks_in_year(year)).contains(&week) && (1..=7).contains(&weekday);
        return fits.then(|| Civil::of_week(year, week, weekday));
    }
    if cursor.digit_run() == 3 {
        let ordinal = cursor.digits(3)?;
        let fits = (1..=365 + i64::from(is_leap(year))).contains(&ordinal);
        return fits.then(|| Civil::of_ordinal(year, ordinal));
    }
    if basic && cursor.digit_run() == 2 {
        // `202403` is a year and a month.
        civil.month = cursor.digits(2)?;
        return (1..=12).contains(&civil.month).then_some(civil);
    }
    civil.month = cursor.digits(2)?;
    if cursor.eat('-') || (basic && cursor.digit_run() >= 2) {
        civil.day = cursor.digits(2)?;
    }
    is_date(civil).then_some(civil)
}

/// Reads a time of day; is it midnight at the day's end?
fn iso_time(cursor: &mut Cursor<'_>, civil: &mut Civil) -> Option<bool> {
    civil.hour = cursor.digits(2)?;
    let basic = !cursor.eat(':');
    if !basic || cursor.digit_run() >= 2 {
        civil.minute = cursor.digits(2)?;
        if cursor.eat(':') || (basic && cursor.digit_run() >= 2) {
            civil.second = cursor.digits(2)?;
            if cursor.eat('.') || cursor.eat(',') {
                civil.millisecond = cursor.fraction()?;
            }
        }
    }
    let next_day = civil.hour == 24 && civil.minute == 0 && civil.second == 0 && civil.millisecond == 0;
    if next_day {
        civil.hour = 0;
    }
    (is_time(*civil)).then_some(next_day)
}

fn iso_offset(cursor: &mut Cursor<'_>) -> Option<(Option<i64>, Option<Zone>)> {
    let mut offset = None;
    if cursor.eat('Z') || cursor.eat('z') {
        offset = Some(0);
    } else if cursor.text.starts_with(['+', '-']) {
        let length =
            cursor.text[1..].find(|c: char| !c.is_ascii_digit() && c != ':').map_or(cursor.text.len(), |at| at + 1);
        offset = Some(fixed_offset(&cursor.text[..length])?);
        cursor.text = &cursor.text[length..];
    }
    let mut zone = None;
    if let Some(name) = cursor.text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        zone = Some(Zone::named(name, &Zone::utc())?);
        cursor.text = "";
    }
    cursor.text.is_empty().then_some((offset, zone))
}

fn is_date(civil: Civil) -> bool {
    (1..=12).contains(&civil.month) && (1..=days_in_month(civil.year, civil.month)).contains(&civil.day)
}

fn is_time(civil: Civil) -> bool {
    civil.hour < 24 && civil.minute < 60 && civil.second < 60
}

/// SQL's form: `2017-05-15 09:24:15.123 +02:00`, `… America/New_York`.
pub(super) fn sql(text: &str, default: &Zone) -> Option<Reading> {
    let mut cursor = Cursor { text };
    let mut civil = Civil { year: cursor.digits(4)?, ..Civil::default() };
    if !cursor.eat('-') {
        return None;
    }
    civil.month = cursor.short()?;
    if !cursor.eat('-') {
        return None;
    }
    civil.day = cursor.short()?;
    if !is_date(civil) {
        return None;
    }
    if cursor.text.is_empty() {
        return Some(Reading { civil, offset: None, zone: None });
    }
    if !cursor.eat(' ') && !cursor.eat('T') {
        return None;
    }
    civil.hour = cursor.short()?;
    if !cursor.eat(':') {
        return None;
    }
    civil.minute = cursor.short()?;
    if cursor.eat(':') {
        civil.second = cursor.short()?;
        if cursor.eat('.') || cursor.eat(',') {
            civil.millisecond = cursor.fraction()?;
        }
    }
    let rest = cursor.text.trim_start();
    let (offset, zone) = match rest {
        "" => (None, None),
        "Z" | "z" => (Some(0), None),
        rest if rest.starts_with(['+', '-']) => (Some(fixed_offset(rest)?), None),
        name => (None, Some(Zone::named(name, default)?)),
    };
    is_time(civil).then_some(Reading { civil, offset, zone })
}

/// The month of an English short name.
fn month(name: &str) -> Option<i64> {
    let months = &super::locale::names("en")?.short_months;
    months.iter().position(|known| known.eq_ignore_ascii_case(name)).map(|at| at as i64 + 1)
}

/// RFC 2822: `Tue, 01 Nov 2016 13:23:12 +0630`.
pub(super) fn rfc2822(text: &str) -> Option<Reading> {
    let mut cursor = Cursor { text };
    let weekday = cursor.word();
    if !weekday.is_empty() {
        cursor.eat(',');
    }
    cursor.text = cursor.text.trim_start();
    let day = cursor.short()?;
    cursor.text = cursor.text.trim_start();
    let month = month(cursor.word())?;
    cursor.text = cursor.text.trim_start();
    let year = match cursor.digit_run() {
        2 => cursor.digits(2).map(|year| if year > 60 { 1900 + year } else { 2000 + year })?,
        _ => cursor.digits(4)?,
    };
    cursor.text = cursor.text.trim_start();
    let mut civil = Civil { year, month, day, ..Civil::default() };
    clock(&mut cursor, &mut civil)?;
    cursor.text = cursor.text.trim_start();
    let offset = match cursor.text {
        "UT" | "GMT" | "Z" => 0,
        "EDT" => -240,
        "EST" | "CDT" => -300,
        "CST" | "MDT" => -360,
        "MST" | "PDT" => -420,
        "PST" => -480,
        text => fixed_offset(text)?,
    };
    (is_date(civil) && is_time(civil)).then_some(Reading { civil, offset: Some(offset), zone: None })
}

fn clock(cursor: &mut Cursor<'_>, civil: &mut Civil) -> Option<()> {
    civil.hour = cursor.digits(2)?;
    if !cursor.eat(':') {
        return None;
    }
    civil.minute = cursor.digits(2)?;
    if cursor.eat(':') {
        civil.second = cursor.digits(2)?;
    }
    Some(())
}

/// HTTP's three forms: `Sun, 06 Nov 1994 08:49:37 GMT`, `Sunday, 06-Nov-94 08:49:37 GMT`, `Sun Nov  6 08:49:37 1994`.
pub(super) fn http(text: &str) -> Option<Reading> {
    let mut cursor = Cursor { text };
    if cursor.word().is_empty() {
        return None;
    }
    let mut civil = Civil::default();
    if cursor.eat(',') {
        cursor.text = cursor.text.strip_prefix(' ')?;
        civil.day = cursor.digits(2)?;
        let dashed = cursor.eat('-') || !cursor.eat(' ');
        civil.month = month(cursor.word())?;
        if dashed {
            cursor.eat('-');
            civil.year = cursor.digits(2).map(|year| if year > 60 { 1900 + year } else { 2000 + year })?;
        } else {
            cursor.eat(' ');
            civil.year = cursor.digits(4)?;
        }
        cursor.text = cursor.text.strip_prefix(' ')?;
        clock(&mut cursor, &mut civil)?;
        if cursor.text != " GMT" {
            return None;
        }
    } else {
        cursor.text = cursor.text.strip_prefix(' ')?;
        civil.month = month(cursor.word())?;
        cursor.text = cursor.text.trim_start();
        civil.day = cursor.short()?;
        cursor.text = cursor.text.strip_prefix(' ')?;
        clock(&mut cursor, &mut civil)?;
        cursor.text = cursor.text.strip_prefix(' ')?;
        civil.year = cursor.digits(4)?;
        if !cursor.text.is_empty() {
            return None;
        }
    }
    (is_date(civil) && is_time(civil)).then(|| Reading { civil, offset: None, zone: Some(Zone::utc()) })
}
