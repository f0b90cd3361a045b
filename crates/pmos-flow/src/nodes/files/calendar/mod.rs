//! Calendars: files of events (iCalendar, RFC 5545).

mod date;
mod node;
mod read;
mod write;

pub(super) use node::{FIELDS, I_CALENDAR, ICAL, to_file};
pub(super) use read::read;
