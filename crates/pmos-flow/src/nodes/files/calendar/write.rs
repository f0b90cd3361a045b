//! Writes a calendar with one event.

use crate::value::Value;
use jiff::civil::DateTime;

/// Lines are folded behind so many characters.
const LINE: usize = 75;

/// The text of a calendar with one event. `fields` are the node's additional fields.
pub(super) fn event(
    title: &str,
    start: DateTime,
    end: DateTime,
    all_day: bool,
    fields: &Value,
    uid: &str,
    now: DateTime,
) -> String {
    let field =
        |name: &str| Some(fields.get(name).to_text()).filter(|text| fields.get(name).is_truthy() && !text.is_empty());
    let date = |name: &str, at: DateTime| {
        if all_day {
            format!("{name};VALUE=DATE:{}", at.strftime("%Y%m%d"))
        } else {
            format!("{name}:{}", at.strftime("%Y%m%dT%H%M%SZ"))
        }
    };
    let mut lines: Vec<String> =
        ["BEGIN:VCALENDAR", "VERSION:2.0", "CALSCALE:GREGORIAN", "PRODID:pmos", "METHOD:PUBLISH"]
            .map(str::to_owned)
            .into();
    let mut add = |name: &str, text: Option<String>| lines.extend(text.map(|text| format!("{name}:{text}")));
    add("X-WR-CALNAME", field("calName").map(|text| plain(&text)));
    add("X-PUBLISHED-TTL", Some("PT1H".to_owned()));
    add("BEGIN", Some("VEVENT".to_owned()));
    add("UID", Some(field("uid").map_or_else(|| uid.to_owned(), |text| plain(&text))));
    add("SUMMARY", Some(escaped(title)).filter(|title| !title.is_empty()));
    add("DTSTAMP", Some(now.strftime("%Y%m%dT%H%M00Z").to_string()));
    lines.extend([date("DTSTART", start), date("DTEND", end)]);
    let mut add = |name: &str, text: Option<String>| lines.extend(text.map(|text| format!("{name}:{text}")));
    add("SEQUENCE", field("sequence").map(|text| plain(&text)));
    add("DESCRIPTION", field("description").map(|text| escaped(&text)));
    add("URL", field("url").map(|text| plain(&text)));
    let place = fields.get("geolocationUi").get("geolocationValues");
    let place = (!place.is_nullish()).then(|| format!("{};{}", place.get("lat").to_text(), place.get("lon").to_text()));
    add("GEO", place.map(|text| plain(&text)));
    add("LOCATION", field("location").map(|text| escaped(&text)));
    add("STATUS", field("status").map(|text| plain(&text)));
    lines.extend(person("ORGANIZER", fields.get("organizerUi").get("organizerValues")));
    let mut add = |name: &str, text: Option<String>| lines.extend(text.map(|text| format!("{name}:{text}")));
    add("X-MICROSOFT-CDO-BUSYSTATUS", field("busyStatus").map(|text| plain(&text)));
    for attendee in fields.get("attendeesUi").get("attendeeValues").as_array().unwrap_or_default() {
        let answer = if attendee.get("rsvp").is_truthy() { "TRUE" } else { "FALSE" };
        lines.extend(person(&format!("ATTENDEE;RSVP={answer}"), attendee));
    }
    lines.extend(field("recurrenceRule").map(|rule| format!("RRULE:{}", plain(&rule))));
    lines.extend(["END:VEVENT", "END:VCALENDAR"].map(str::to_owned));
    lines.iter().map(|line| folded(line) + "\r\n").collect()
}

fn person(what: &str, person: &Value) -> Option<String> {
    if person.is_nullish() {
        return None;
    }
    let text = |name: &str| plain(&person.get(name).to_text());
    let name = text("name").replace('"', "'");
    let name = if name.contains([';', ':', ',']) { format!("\"{name}\"") } else { name };
    Some(format!("{what};CN={name}:mailto:{}", text("email")))
}

/// Text on one line: a line break would begin a property of the sender's choice.
fn plain(text: &str) -> String {
    text.replace(['\r', '\n'], " ")
}

fn escaped(text: &str) -> String {
    let text = text.replace('\\', "\\\\").replace(';', "\\;").replace(',', "\\,");
    text.replace("\r\n", "\\n").replace(['\n', '\r'], "\\n")
}

fn folded(line: &str) -> String {
    let mut folded = String::with_capacity(line.len());
    let mut room = LINE;
    for c in line.chars() {
        if room < c.len_utf16() {
            folded.push_str("\r\n\t");
            room = LINE - 1;
        }
        folded.push(c);
        room -= c.len_utf16();
    }
    folded
}
