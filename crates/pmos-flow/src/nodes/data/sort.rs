//! Sort: puts items in order.

use super::fields::DOTS_ARE_OFF;
use crate::item::Item;
use crate::node::{BoxFuture, Context, Given, Group, Kind, NodeError, NodeType, Property, Run, Shown};
use crate::port::{ScriptForm, random};
use crate::value::{Path, Str, Value, sort_by};
use std::convert::Infallible;

pub(super) static SORT: NodeType = NodeType {
    name: "n8n-nodes-base.sort",
    title: "Sort",
    summary: "Puts items in order: by fields, at random, or by code.",
    group: Group::Data,
    properties: &[
        Property::options("type", "simple", &["simple", "random", "code"]),
        Property::groups("sortFieldsUi", &[("sortField", FIELDS)]).when(&[Shown::is("type", &["simple"])]),
        Property::of("code", Kind::Text).or(DEFAULT_CODE).when(&[Shown::is("type", &["code"])]),
        Property::collection("options", &[Property::bool("disableDotNotation", false)])
            .when(&[Shown::is("type", &["simple"])]),
    ],
    run: Run::Effect(run),
    ..NodeType::BASE
};

pub(super) const FIELDS: &[Property] =
    &[Property::text("fieldName").required(), Property::options("order", "ascending", &["ascending", "descending"])];

pub(super) const DEFAULT_CODE: &str = "// a and b are the items to compare; their fields are in a.json and b.json\n\
    // Return -1 if a comes first, 1 if b does, 0 if it does not matter\n\
    fieldName = 'myField';\n\
    if (a.json[fieldName] < b.json[fieldName]) { return -1; }\n\
    if (a.json[fieldName] > b.json[fieldName]) { return 1; }\n\
    return 0;";

/// Sorts the items as the node's parameters say.
pub(super) fn run<'a>(context: &'a mut Context<'_>) -> BoxFuture<'a, Result<Given, NodeError>> {
    Box::pin(async move {
        let items = context.items();
        let order = match &*context.text("type", 0)? {
            "random" => shuffled(context, items.len()),
            "code" => by_code(context).await?,
            _ => by_fields(context, &items)?,
        };
        Ok(order.into_iter().filter_map(|at| Some(items.get(at)?.clone().linked(at))).collect::<Vec<_>>().into())
    })
}

/// Fisher and Yates.
fn shuffled(context: &Context<'_>, length: usize) -> Vec<usize> {
    let mut order: Vec<usize> = (0..length).collect();
    for at in (1..length).rev() {
        order.swap(at, (random(context.ports.chance.as_ref()) * (at + 1) as f64) as usize);
    }
    order
}

async fn by_code(context: &mut Context<'_>) -> Result<Vec<usize>, NodeError> {
    let code = context.text("code", 0)?;
    if !code.contains("return") {
        return Err(NodeError::new("Sort code doesn't return. Please add a 'return' statement to your code"));
    }
    // What comes back is the order, not the items: they keep their files and links.
    let code = format!(
        "var fieldName; const list = $input.all().map((item, index) => ({{ json: item.json, binary: item.binary, index }}));\n\
         list.sort((a, b) => {{\n{code}\n}});\nreturn [{{ json: {{ order: list.map((item) => item.index) }} }}];"
    );
    let sandbox = context.ports.sandbox.clone();
    let output = sandbox.run(context.script(ScriptForm::AllItems, vec![code.into()])).await?;
    let returned = match output.values.into_iter().next() {
        Some(Ok(value)) => value,
        Some(Err(error)) => return Err(NodeError::new(error.message)),
        None => Value::Undefined,
    };
    let first = returned.as_array().and_then(<[Value]>::first).cloned().unwrap_or(returned);
    let order = first.get("json").get("order");
    Ok(order.as_array().unwrap_or_default().iter().filter_map(|at| Some(at.as_number()? as usize)).collect())
}

/// A field to sort by.
struct Field {
    path: Path,
    descending: bool,
}

/// What an item is compared by, computed once.
enum Key {
    Missing,
    Number(f64),
    /// In small letters: case does not count.
    Text(Str),
    Other(Value),
}

fn by_fields(context: &mut Context<'_>, items: &[Item]) -> Result<Vec<usize>, NodeError> {
    let fields = fields(context)?;
    let mut keys = Vec::with_capacity(items.len() * fields.len());
    for (at, item) in items.iter().enumerate() {
        context.go_on(at)?;
        keys.extend(fields.iter().map(|field| Key::of(field.path.get(&item.json))));
    }
    for (at, field) in fields.iter().enumerate() {
        if keys[at..].iter().step_by(fields.len()).all(|key| matches!(key, Key::Missing)) {
            return Err(missing(&field.path));
        }
    }
    let mut order: Vec<usize> = (0..items.len()).collect();
    let keys_of = |item: usize| &keys[item * fields.len()..][..fields.len()];
    let Ok(()) = sort_by(&mut order, |a, b| {
        let differing = fields.iter().zip(keys_of(a).iter().zip(keys_of(b))).find(|(_, (a, b))| !a.equals(b));
        Ok::<_, Infallible>(differing.is_some_and(|(field, (a, b))| a.is_less(b) != field.descending))
    });
    Ok(order)
}

fn fields(context: &mut Context<'_>) -> Result<Vec<Field>, NodeError> {
    let dots = !context.flag("options.disableDotNotation", 0)?;
    let described = context.get("sortFieldsUi.sortField", 0)?;
    let fields: Vec<Field> = described
        .as_array()
        .unwrap_or_default()
        .iter()
        .map(|field| Field {
            path: Path::with(&field.get("fieldName").to_text(), dots),
            descending: field.get("order").as_str() == Some("descending"),
        })
        .collect();
    if fields.is_empty() {
        return Err(NodeError::new("No sorting specified. Please add a field to sort by"));
    }
    Ok(fields)
}

fn missing(path: &Path) -> NodeError {
    let error = NodeError::new(format!("Couldn't find the field '{}' in the input data", path.text()));
    if path.is_plain() && path.text().contains('.') { error.described(DOTS_ARE_OFF) } else { error }
}

impl Key {
    fn of(value: Value) -> Self {
        match value {
            Value::Undefined => Self::Missing,
            Value::Number(number) => Self::Number(number),
            Value::String(text) if text.chars().any(char::is_uppercase) => Self::Text(text.to_lowercase().into()),
            Value::String(text) => Self::Text(text),
            other => Self::Other(other),
        }
    }

    fn equals(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Missing, Self::Missing) => true,
            (Self::Number(a), Self::Number(b)) => a == b,
            (Self::Text(a), Self::Text(b)) => a == b,
            (Self::Other(a), Self::Other(b)) => a == b,
            _ => false,
        }
    }

    /// Text against text by its characters, anything else as numbers; what is no number is less than nothing.
    fn is_less(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Text(a), Self::Text(b)) => a < b,
            _ => self.number() < other.number(),
        }
    }

    fn number(&self) -> f64 {
        match self {
            Self::Missing => f64::NAN,
            Self::Number(number) => *number,
            Self::Text(text) => crate::value::number_from_text(text),
            Self::Other(value) => value.to_number(),
        }
    }
}
