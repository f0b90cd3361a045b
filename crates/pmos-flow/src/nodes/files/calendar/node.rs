//! The node iCalendar, and the same as an operation of Convert to File.

use super::{date::moment, write::event};
use crate::item::Item;
use crate::node::{Context, Group, NodeError, NodeType, Property, Run, Shown};
use crate::nodes::files::binary::file;
use crate::value::Object;
use jiff::ToSpan;

pub(in crate::nodes::files) const ICAL: &[Shown] = &[Shown::is("operation", &["iCal"])];

pub(in crate::nodes::files) const FIELDS: &[Property] = &[
    Property::groups(
        "attendeesUi",
        &[(
            "attendeeValues",
            &[Property::text("name").required(), Property::text("email").required(), Property::bool("rsvp", false)],
        )],
    ),
    Property::options("busyStatus", "", &["BUSY", "TENTATIVE"]),
    Property::text("calName"),
    Property::text("description"),
    Property::text("fileName").or("event.ics"),
    Property::group("geolocationUi", &[("geolocationValues", &[Property::text("lat"), Property::text("lon")])]),
    Property::text("location"),
    Property::text("recurrenceRule"),
    Property::group(
        "organizerUi",
        &[("organizerValues", &[Property::text("name").required(), Property::text("email").required()])],
    ),
    Property::number("sequence", 0.0),
    Property::options("status", "CONFIRMED", &["CONFIRMED", "CANCELLED", "TENTATIVE"]),
    Property::text("uid"),
    Property::text("url"),
    Property::bool("useWorkflowTimezone", false),
];

pub(in crate::nodes::files) static I_CALENDAR: NodeType = NodeType {
    name: "n8n-nodes-base.iCal",
    title: "iCalendar",
    summary: "Makes a calendar file with an event.",
    group: Group::Files,
    properties: &[
        Property::options("operation", "createEventFile", &["createEventFile"]),
        Property::text("title"),
        Property::text("start").required(),
        Property::text("end").required(),
        Property::bool("allDay", false),
        Property::text("binaryPropertyName").or("data").required(),
        Property::collection("additionalFields", FIELDS),
    ],
    run: Run::Pure(|context| context.each(to_file)),
    ..NodeType::BASE
};

/// An item with a file of one event.
pub(in crate::nodes::files) fn to_file(
    context: &mut Context<'_>,
    at: usize,
    _item: &Item,
) -> Result<Vec<Item>, NodeError> {
    let all_day = context.flag("allDay", at)?;
    let fields = context.get("additionalFields", at)?;
    let zone = if fields.get("useWorkflowTimezone").is_truthy() {
        context.facts().zone.clone()
    } else {
        jiff::tz::TimeZone::UTC
    };
    let start = moment(&context.text("start", at)?, &zone)?;
    let mut end = moment(&context.text("end", at)?, &zone)?;
    if all_day {
        // The end of an event is the first day on which it is not.
        end = end.checked_add(1.day()).map_err(|error| NodeError::new(error.to_string()))?;
    }
    let title = context.text("title", at)?;
    let mut chance = [0; 16];
    context.ports.chance.fill(&mut chance);
    let uid: String = chance.iter().map(|byte| format!("{byte:02x}")).collect();
    let text = event(&title, start, end, all_day, &fields, &uid, moment_of(context.now())?);
    let name = fields.get("fileName").as_str().filter(|name| !name.is_empty()).unwrap_or("event.ics");
    let made = file(text, Some(name), Some("text/calendar"));
    let property = context.text("binaryPropertyName", at)?;
    Ok(vec![Item::new(Object::new()).with_file(&property, made)])
}

fn moment_of(now: pmos_kit::Millis) -> Result<jiff::civil::DateTime, NodeError> {
    super::date::from_millis(now).ok_or_else(|| NodeError::new("Invalid date"))
}
