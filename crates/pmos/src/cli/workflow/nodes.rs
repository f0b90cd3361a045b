//! `pmos workflow nodes [TYPE]`.

use super::table;
use crate::cli::{Failure, say, say_json};
use clap::Args;
use pmos_flow::node::{Kind, NodeType, Property};
use pmos_flow::{nodes, value};
use serde_json::{Value, json};

/// List the types of nodes that workflows can use, or the parameters of one.
#[derive(Debug, Args)]
pub(in crate::cli) struct Nodes {
    /// A type, such as set or n8n-nodes-base.set.
    #[arg(value_name = "TYPE")]
    kind: Option<String>,
    /// Print JSON.
    #[arg(long)]
    pub(in crate::cli) json: bool,
}

impl Nodes {
    pub(super) fn run(self) -> Result<(), Failure> {
        let Some(name) = &self.kind else { return self.list() };
        let full = if name.contains('.') { name.clone() } else { format!("n8n-nodes-base.{name}") };
        let kind = nodes::find(&full).ok_or_else(|| {
            Failure::usage(format!("there is no type '{full}': `pmos workflow nodes` lists those that there are"))
        })?;
        if self.json {
            return say_json(&describe(kind));
        }
        say(&format!("{} ({})", kind.title, kind.name))?;
        say(kind.summary)?;
        say(&format!("versions: {}", versions(kind)))?;
        if !kind.credentials.is_empty() {
            say(&format!("credentials: {}", kind.credentials.join(", ")))?;
        }
        say(if kind.is_pure() { "computes only" } else { "reaches the outside, or waits" })?;
        let rows: Vec<Vec<String>> = kind.properties.iter().map(row).collect();
        for line in table::lines(&rows) {
            say(&format!("  {line}"))?;
        }
        Ok(())
    }

    fn list(&self) -> Result<(), Failure> {
        let mut all: Vec<&NodeType> = nodes::all().collect();
        all.sort_by_key(|kind| (kind.group, kind.name));
        if self.json {
            return say_json(&all.iter().map(|kind| describe(kind)).collect::<Vec<_>>());
        }
        let rows: Vec<Vec<String>> = all
            .iter()
            .map(|kind| vec![kind.name.to_owned(), versions(kind), kind.title.to_owned(), kind.summary.to_owned()])
            .collect();
        for line in table::lines(&rows) {
            say(&line)?;
        }
        say(&format!("{} types", all.len()))
    }
}

fn versions(kind: &NodeType) -> String {
    kind.versions.iter().map(f64::to_string).collect::<Vec<_>>().join(", ")
}

fn row(property: &Property) -> Vec<String> {
    let when: Vec<String> = property
        .shown
        .iter()
        .map(|shown| {
            format!("{}{}{}", shown.name, if shown.is { " is " } else { " is not " }, shown.values.join(" or "))
        })
        .collect();
    let default = property.default.value();
    vec![
        property.name.to_owned(),
        kind_name(&property.kind),
        if default.is_undefined() { String::new() } else { value::to_string(&default) },
        if when.is_empty() { String::new() } else { format!("if {}", when.join(" and ")) },
    ]
}

fn kind_name(kind: &Kind) -> String {
    match kind {
        Kind::Options(options) => options.join(" | "),
        Kind::Several(options) => format!("some of {}", options.join(", ")),
        Kind::Text => "text".into(),
        Kind::Number => "number".into(),
        Kind::Bool => "true or false".into(),
        Kind::Date => "date".into(),
        Kind::Json => "JSON".into(),
        Kind::Filter => "conditions".into(),
        Kind::Assignments => "assignments".into(),
        Kind::Resource => "resource".into(),
        Kind::Mapper => "fields".into(),
        Kind::Collection(properties) => {
            format!("options: {}", properties.iter().map(|property| property.name).collect::<Vec<_>>().join(", "))
        }
        Kind::Group { groups, .. } => {
            format!("groups: {}", groups.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", "))
        }
        Kind::Any => "any".into(),
    }
}

fn describe(kind: &NodeType) -> Value {
    json!({
        "name": kind.name,
        "title": kind.title,
        "summary": kind.summary,
        "group": format!("{:?}", kind.group).to_lowercase(),
        "versions": kind.versions,
        "credentials": kind.credentials,
        "pure": kind.is_pure(),
        "properties": kind.properties.iter().map(describe_property).collect::<Vec<_>>(),
    })
}

fn describe_property(property: &Property) -> Value {
    let (kind, more) = match property.kind {
        Kind::Options(options) => ("options", json!(options)),
        Kind::Several(options) => ("multiOptions", json!(options)),
        Kind::Collection(properties) => {
            ("collection", json!(properties.iter().map(describe_property).collect::<Vec<_>>()))
        }
        Kind::Group { groups, many } => (
            "fixedCollection",
            json!({
                "many": many,
                "groups": groups
                    .iter()
                    .map(|(name, properties)| json!({ "name": name, "properties": properties.iter().map(describe_property).collect::<Vec<_>>() }))
                    .collect::<Vec<_>>(),
            }),
        ),
        Kind::Text => ("string", Value::Null),
        Kind::Number => ("number", Value::Null),
        Kind::Bool => ("boolean", Value::Null),
        Kind::Date => ("dateTime", Value::Null),
        Kind::Json => ("json", Value::Null),
        Kind::Filter => ("filter", Value::Null),
        Kind::Assignments => ("assignmentCollection", Value::Null),
        Kind::Resource => ("resourceLocator", Value::Null),
        Kind::Mapper => ("resourceMapper", Value::Null),
        Kind::Any => ("any", Value::Null),
    };
    let mut described = json!({
        "name": property.name,
        "type": kind,
        "default": serde_json::to_value(property.default.value()).unwrap_or_default(),
        "shown": property.shown.iter().map(|shown| json!({ "name": shown.name, "values": shown.values, "is": shown.is })).collect::<Vec<_>>(),
        "required": property.required,
    });
    let mut add = |key: &str, value: Value| {
        if let (Value::Object(fields), false) = (&mut described, value.is_null()) {
            fields.insert(key.to_owned(), value);
        }
    };
    add("options", more);
    add("since", if property.since > 0.0 { json!(property.since) } else { Value::Null });
    add("until", if property.until < f64::MAX { json!(property.until) } else { Value::Null });
    described
}
