//! Reads calendars, in the shapes of ts-ics.

use super::date::{Moment, iso};
use crate::node::NodeError;
use crate::value::{Object, Value};
use jiff::tz::TimeZone;

/// A line: its name, its parameters, its value.
struct Line<'a> {
    name: String,
    parameters: Vec<(String, String)>,
    value: &'a str,
}

/// A component, such as an event, with those within.
#[derive(Default)]
struct Component {
    fields: Object,
    events: Vec<Value>,
    zones: Vec<Value>,
    alarms: Vec<Value>,
    attendees: Vec<Value>,
    excluded: Vec<Value>,
    parts: Vec<Value>,
}

/// Components nest three levels deep.
const DEEPEST: usize = 8;

/// `{version, prodId, method, timezones, events}` of a calendar.
pub(in crate::nodes::files) fn read(text: &str) -> Result<Value, NodeError> {
    // Long lines are folded: one goes on where the next begins with white space.
    let mut lines: Vec<String> = Vec::new();
    for line in text.lines() {
        match (line.starts_with([' ', '\t']), lines.last_mut()) {
            (true, Some(last)) => last.push_str(line.trim_start()),
            _ if line.trim().is_empty() => {}
            _ => lines.push(line.trim_end().to_owned()),
        }
    }
    let mut open: Vec<(String, Component)> = Vec::new();
    let mut calendar = Object::new();
    for line in &lines {
        let line = split(line).ok_or_else(|| NodeError::new(format!("Line not valid: {line}")))?;
        let depth = open.len();
        match (line.name.as_str(), open.last_mut()) {
            ("BEGIN", _) if depth < DEEPEST => open.push((line.value.trim().to_uppercase(), Component::default())),
            ("BEGIN", _) => return Err(NodeError::new("The calendar is nested too deeply")),
            ("END", Some(_)) => {
                let Some((name, component)) = open.pop() else { break };
                let parent = open.last_mut().map(|(_, parent)| parent);
                close(&name, component, parent, &mut calendar);
            }
            (_, Some((kind, component))) => {
                let kind = kind.clone();
                property(&kind, &line, component);
            }
            _ => {}
        }
    }
    Ok(calendar.into())
}

fn split(line: &str) -> Option<Line<'_>> {
    let mut quoted = false;
    let colon = line.char_indices().find_map(|(at, c)| {
        quoted ^= c == '"';
        (c == ':' && !quoted).then_some(at)
    })?;
    let mut quoted = false;
    let mut parts = line[..colon].split(|c| {
        quoted ^= c == '"';
        c == ';' && !quoted
    });
    let name = parts.next()?.to_uppercase();
    let parameters = parts
        .filter_map(|part| part.split_once('='))
        .map(|(key, value)| (key.to_uppercase(), value.trim_matches('"').to_owned()));
    Some(Line { name, parameters: parameters.collect(), value: &line[colon + 1..] })
}

impl Line<'_> {
    fn parameter(&self, name: &str) -> Option<&str> {
        self.parameters.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str())
    }
}

fn close(name: &str, component: Component, parent: Option<&mut Component>, calendar: &mut Object) {
    let Component { mut fields, events, zones, alarms, attendees, excluded, parts } = component;
    let lists = [
        ("timezones", zones),
        ("events", events),
        ("alarms", alarms),
        ("attendees", attendees),
        ("exceptionDates", excluded),
        ("props", parts),
    ];
    for (key, list) in lists {
        if !list.is_empty() {
            fields.insert(key, list.into());
        }
    }
    match (name, parent) {
        ("VCALENDAR", None) => *calendar = fields,
        ("VEVENT", Some(parent)) => parent.events.push(fields.into()),
        ("VTIMEZONE", Some(parent)) => parent.zones.push(fields.into()),
        ("VALARM", Some(parent)) => parent.alarms.push(fields.into()),
        ("STANDARD" | "DAYLIGHT", Some(parent)) => {
            let mut part = Object::from_iter([("type", Value::from(name))]);
            part.extend(fields);
            parent.parts.push(part.into());
        }
        _ => {}
    }
}

fn property(component: &str, line: &Line<'_>, into: &mut Component) {
    let value = line.value;
    let in_zone = matches!(component, "STANDARD" | "DAYLIGHT");
    let (key, value) = match (component, line.name.as_str()) {
        ("VCALENDAR", "VERSION") => ("version", Value::from(value)),
        ("VCALENDAR", "PRODID") => ("prodId", Value::from(value)),
        ("VCALENDAR", "METHOD") => ("method", Value::from(value)),
        ("VTIMEZONE", "TZID") => ("id", Value::from(value)),
        (_, "TZNAME") if in_zone => ("name", Value::from(value)),
        (_, "TZOFFSETFROM") if in_zone => ("offsetFrom", Value::from(value)),
        (_, "TZOFFSETTO") if in_zone => ("offsetTo", Value::from(value)),
        (_, "DTSTART") if in_zone => ("start", Moment::read(value).map(|moment| iso(moment.written)).into()),
        (_, "RRULE") => ("recurrenceRule", rule(value)),
        ("VALARM", "TRIGGER") => ("trigger", trigger(line)),
        ("VALARM", "REPEAT") => ("repeat", Value::Number(crate::value::number_from_text(value))),
        ("VALARM", "ATTACH") => ("attachments", Value::list([Value::from(value)])),
        (_, "DURATION") => ("duration", duration(value)),
        (_, "ACTION") => ("action", Value::from(value)),
        (_, "ATTENDEE") => {
            into.attendees.push(person(line));
            return;
        }
        (_, "EXDATE") => {
            into.excluded.extend(value.split(',').filter_map(|value| date(line, value)));
            return;
        }
        ("VEVENT", "DTSTAMP" | "DTSTART" | "DTEND" | "CREATED" | "LAST-MODIFIED") => {
            let key = match line.name.as_str() {
                "DTSTAMP" => "stamp",
                "DTSTART" => "start",
                "DTEND" => "end",
                "CREATED" => "created",
                _ => "lastModified",
            };
            let Some(value) = date(line, value) else { return };
            (key, value)
        }
        ("VEVENT", "ORGANIZER") => ("organizer", person(line)),
        ("VEVENT", "CATEGORIES") => ("categories", Value::list(value.split(',').map(Value::from))),
        ("VEVENT", "SEQUENCE") => ("sequence", Value::Number(crate::value::number_from_text(value))),
        ("VEVENT" | "VALARM", name) => {
            let key = match name {
                "UID" => "uid",
                "SUMMARY" => "summary",
                "DESCRIPTION" => "description",
                "LOCATION" => "location",
                "URL" => "url",
                "GEO" => "geo",
                "STATUS" => "status",
                "CLASS" => "class",
                "PRIORITY" => "priority",
                "TRANSP" => "timeTransparent",
                "ATTACH" => "attach",
                "COMMENT" => "comment",
                "RECURRENCE-ID" => "recurrenceId",
                _ => return,
            };
            (key, Value::from(value))
        }
        _ => return,
    };
    into.fields.insert(key, value);
}

/// `{date, type, local?}` of a moment, which is in UTC, in the zone that the line names, or nowhere.
fn date(line: &Line<'_>, text: &str) -> Option<Value> {
    let moment = Moment::read(text)?;
    let kind = if moment.day { "DATE" } else { "DATE-TIME" };
    let zone = line.parameter("TZID").filter(|_| !moment.utc && !moment.day);
    let known = zone.and_then(|name| Some((name, TimeZone::get(name).ok()?)));
    let Some((name, zone)) = known else {
        return Some(
            Object::from_iter([("date", Value::from(iso(moment.written))), ("type", Value::from(kind))]).into(),
        );
    };
    let at = zone.to_ambiguous_zoned(moment.written).compatible().ok()?;
    let offset = at.strftime("%z").to_string();
    let local = Object::from_iter([
        ("date", Value::from(iso(moment.written))),
        ("timezone", Value::from(name)),
        ("tzoffset", Value::from(offset)),
    ]);
    let utc = iso(TimeZone::UTC.to_datetime(at.timestamp()));
    Some(Object::from_iter([("date", Value::from(utc)), ("type", Value::from(kind)), ("local", local.into())]).into())
}

fn person(line: &Line<'_>) -> Value {
    let address = |text: &str| text.trim().trim_start_matches("mailto:").trim_start_matches("MAILTO:").to_owned();
    let mut person = Object::new();
    for (name, key) in
        [("CN", "name"), ("DIR", "dir"), ("PARTSTAT", "partstat"), ("ROLE", "role"), ("CUTYPE", "cutype")]
    {
        if let Some(text) = line.parameter(name) {
            person.insert(key, Value::from(text));
        }
    }
    if let Some(text) = line.parameter("SENT-BY") {
        person.insert("sentBy", Value::from(address(text)));
    }
    person.insert("email", Value::from(address(line.value)));
    person.into()
}

fn rule(text: &str) -> Value {
    let mut rule = Object::new();
    for (key, value) in text.split(';').filter_map(|part| part.split_once('=')) {
        let numbers = |shift: f64| {
            Value::list(value.split(',').map(|number| Value::Number(crate::value::number_from_text(number) - shift)))
        };
        let number = || Value::Number(crate::value::number_from_text(value));
        let (key, value) = match key.to_uppercase().as_str() {
            "FREQ" => ("frequency", Value::from(value)),
            "COUNT" => ("count", number()),
            "INTERVAL" => ("interval", number()),
            "WKST" => ("workweekStart", Value::from(value)),
            "UNTIL" => match Moment::read(value) {
                Some(moment) => {
                    let kind = if moment.day { "DATE" } else { "DATE-TIME" };
                    (
                        "until",
                        Object::from_iter([("date", Value::from(iso(moment.written))), ("type", Value::from(kind))])
                            .into(),
                    )
                }
                None => continue,
            },
            "BYDAY" => ("byDay", Value::list(value.split(',').map(weekday))),
            // Months count from 0, as JavaScript counts them.
            "BYMONTH" => ("byMonth", numbers(1.0)),
            "BYMONTHDAY" => ("byMonthday", numbers(0.0)),
            "BYYEARDAY" => ("byYearday", numbers(0.0)),
            "BYWEEKNO" => ("byWeekNo", numbers(0.0)),
            "BYHOUR" => ("byHour", numbers(0.0)),
            "BYMINUTE" => ("byMinute", numbers(0.0)),
            "BYSECOND" => ("bySecond", numbers(0.0)),
            "BYSETPOS" => ("bySetPos", numbers(0.0)),
            _ => continue,
        };
        rule.insert(key, value);
    }
    rule.into()
}

fn weekday(text: &str) -> Value {
    let at = text.find(|c: char| c.is_ascii_alphabetic()).unwrap_or_default();
    let mut day = Object::from_iter([("day", Value::from(&text[at..]))]);
    if let Ok(number) = text[..at].parse::<i32>() {
        // The spelling is that of the format.
        day.insert("occurence", Value::from(number));
    }
    day.into()
}

fn duration(text: &str) -> Value {
    let mut duration = Object::new();
    if text.starts_with('-') {
        duration.insert("before", Value::Bool(true));
    }
    let mut number = String::new();
    for c in text.chars() {
        let unit = match c {
            '0'..='9' => {
                number.push(c);
                continue;
            }
            'W' => "weeks",
            'D' => "days",
            'H' => "hours",
            'M' => "minutes",
            'S' => "seconds",
            _ => continue,
        };
        duration.insert(unit, Value::Number(crate::value::number_from_text(&std::mem::take(&mut number))));
    }
    duration.into()
}

fn trigger(line: &Line<'_>) -> Value {
    if let Some(value) = Moment::read(line.value).and_then(|_| date(line, line.value)) {
        return Object::from_iter([("type", Value::from("absolute")), ("value", value)]).into();
    }
    let mut trigger = Object::from_iter([("type", Value::from("relative")), ("value", duration(line.value))]);
    if let Some(related) = line.parameter("RELATED") {
        trigger.insert("options", Object::from_iter([("related", Value::from(related))]).into());
    }
    trigger.into()
}

#[cfg(test)]
mod tests {
    use super::read;
    use crate::value::{parse, to_string};

    #[test]
    fn events_are_read() {
        let text = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\nUID:a@b\r\nDTSTART;TZID=Europe/Berlin:20240103T100000\r\n\
                    DTEND;VALUE=DATE:20240104\r\nSUMMARY:S\r\n umm\r\nRRULE:FREQ=WEEKLY;BYDAY=MO,2TU\r\n\
                    ORGANIZER;CN=\"O: P\":mailto:o@x.y\r\nBEGIN:VALARM\r\nACTION:DISPLAY\r\nTRIGGER:-PT15M\r\nEND:VALARM\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";
        let json = r#"{"version":"2.0","prodId":"x","events":[{"uid":"a@b","start":{"date":"2024-01-03T09:00:00.000Z","type":"DATE-TIME",
            "local":{"date":"2024-01-03T10:00:00.000Z","timezone":"Europe/Berlin","tzoffset":"+0100"}},
            "end":{"date":"2024-01-04T00:00:00.000Z","type":"DATE"},"summary":"Summ",
            "recurrenceRule":{"frequency":"WEEKLY","byDay":[{"day":"MO"},{"day":"TU","occurence":2}]},"organizer":{"name":"O: P","email":"o@x.y"},
            "alarms":[{"action":"DISPLAY","trigger":{"type":"relative","value":{"before":true,"minutes":15}}}]}]}"#;
        let calendar = read(text).unwrap();
        assert_eq!(calendar, parse(json).unwrap(), "{}", to_string(&calendar));
        assert_eq!(read("nonsense").unwrap_err().message, "Line not valid: nonsense");
    }
}
