//! Triggers that start at times.

use crate::data::Mode;
use crate::item::Item;
use crate::node::{Context, Given, Group, Kind, NodeError, NodeType, Property, Run, Shown};
use crate::value::{Object, Value};
use jiff::Timestamp;
use jiff::tz::TimeZone;

const UNITS: &[&str] = &["seconds", "minutes", "hours", "days", "weeks", "months", "cronExpression"];

/// Starts at times.
pub(super) static SCHEDULE: NodeType = NodeType {
    name: "n8n-nodes-base.scheduleTrigger",
    title: "Schedule Trigger",
    summary: "Starts the workflow at times.",
    group: Group::Trigger,
    versions: &[1.0, 1.1, 1.2, 1.3, 1.4],
    properties: &[Property::groups(
        "rule",
        &[(
            "interval",
            &[
                Property::options("field", "days", UNITS),
                Property::number("secondsInterval", 30.0).when(&[Shown::is("field", &["seconds"])]),
                Property::number("minutesInterval", 5.0).when(&[Shown::is("field", &["minutes"])]),
                Property::number("hoursInterval", 1.0).when(&[Shown::is("field", &["hours"])]),
                Property::number("daysInterval", 1.0).when(&[Shown::is("field", &["days"])]),
                Property::number("weeksInterval", 1.0).when(&[Shown::is("field", &["weeks"])]),
                Property::number("monthsInterval", 1.0).when(&[Shown::is("field", &["months"])]),
                Property::number("triggerAtDayOfMonth", 1.0).when(&[Shown::is("field", &["months"])]),
                Property::of("triggerAtDay", Kind::Any).when(&[Shown::is("field", &["weeks"])]),
                Property::number("triggerAtHour", 0.0).when(&[Shown::is("field", &["days", "weeks", "months"])]),
                Property::number("triggerAtMinute", 0.0)
                    .when(&[Shown::is("field", &["hours", "days", "weeks", "months"])]),
                Property::text("expression").when(&[Shown::is("field", &["cronExpression"])]),
            ],
        )],
    )],
    run: Run::Pure(scheduled),
    ..NodeType::BASE
};

/// Starts at times, in old files.
pub(super) static CRON: NodeType = NodeType {
    name: "n8n-nodes-base.cron",
    title: "Cron",
    summary: "Starts the workflow at times.",
    group: Group::Trigger,
    properties: &[Property::groups(
        "triggerTimes",
        &[(
            "item",
            &[
                Property::options(
                    "mode",
                    "everyDay",
                    &["everyMinute", "everyHour", "everyDay", "everyWeek", "everyMonth", "everyX", "custom"],
                ),
                Property::number("hour", 14.0),
                Property::number("minute", 0.0),
                Property::number("dayOfMonth", 1.0),
                Property::text("weekday").or("1"),
                Property::text("cronExpression").or("* * * * * *"),
                Property::number("value", 2.0),
                Property::options("unit", "hours", &["minutes", "hours"]),
            ],
        )],
    )],
    ..NodeType::BASE
};

/// Starts again and again, in old files.
pub(super) static INTERVAL: NodeType = NodeType {
    name: "n8n-nodes-base.interval",
    title: "Interval",
    summary: "Starts the workflow again and again.",
    group: Group::Trigger,
    properties: &[
        Property::number("interval", 1.0),
        Property::options("unit", "seconds", &["seconds", "minutes", "hours"]),
    ],
    ..NodeType::BASE
};

/// What the clock says, where the schedule itself started the run and brought nothing.
fn scheduled(context: &mut Context<'_>) -> Result<Given, NodeError> {
    let brought = context.items();
    let empty = brought.iter().all(|item| item.json.is_empty());
    if context.facts().mode != Mode::Trigger || !empty {
        return Ok(context.pass_on());
    }
    let item = describe(context.now(), &context.facts().zone);
    Ok(vec![Item::new(item.unwrap_or_default()).linked(0)].into())
}

/// A moment as the item of a schedule has it; nothing for one that no calendar has.
fn describe(ms: i64, zone: &TimeZone) -> Option<Object> {
    let at = Timestamp::from_millisecond(ms).ok()?.to_zoned(zone.clone());
    let day = at.day();
    let ending = match (day % 10, day / 10) {
        (_, 1) => "th",
        (1, _) => "st",
        (2, _) => "nd",
        (3, _) => "rd",
        _ => "th",
    };
    let part = |format: &str| at.strftime(format).to_string();
    let time = part("%-I:%M:%S %P");
    Some(Object::from_iter([
        ("timestamp", Value::from(part("%Y-%m-%dT%H:%M:%S.%3f%:z"))),
        ("Readable date", Value::from(format!("{} {day}{ending} {}, {time}", part("%B"), part("%Y")))),
        ("Readable time", Value::from(time)),
        ("Day of week", Value::from(part("%A"))),
        ("Year", Value::from(part("%Y"))),
        ("Month", Value::from(part("%B"))),
        ("Day of month", Value::from(part("%d"))),
        ("Hour", Value::from(part("%H"))),
        ("Minute", Value::from(part("%M"))),
        ("Second", Value::from(part("%S"))),
        ("Timezone", Value::from(format!("{} (UTC{})", zone.iana_name().unwrap_or("UTC"), part("%:z")))),
    ]))
}

#[cfg(test)]
mod tests {
    use super::describe;
    use jiff::tz::TimeZone;

    #[test]
    fn a_schedule_says_what_time_it_is() {
        let item = describe(1_704_085_445_006, &TimeZone::get("America/New_York").unwrap()).unwrap();
        for (key, text) in [
            ("timestamp", "2024-01-01T00:04:05.006-05:00"),
            ("Readable date", "January 1st 2024, 12:04:05 am"),
            ("Day of week", "Monday"),
            ("Day of month", "01"),
            ("Timezone", "America/New_York (UTC-05:00)"),
        ] {
            assert_eq!(item.get(key).unwrap().as_str(), Some(text), "{key}");
        }
    }
}
