//! Versions 1 and 2: values by type.

use super::{put, with_dots};
use crate::item::Item;
use crate::node::{Context, Given, NodeError, Parameter};
use crate::value::{Object, Path, Str, Value, number_from_text};

/// The value of a field, and how its name is had.
struct Field {
    name: Parameter,
    path: Option<Path>,
    value: Parameter,
    is_number: bool,
}

pub(super) fn run(context: &mut Context<'_>) -> Result<Given, NodeError> {
    let dots = with_dots(context)?;
    let values = context.parameter("values");
    let mut fields = Vec::new();
    for kind in ["boolean", "number", "string"] {
        for one in values.field(kind).map(|group| group.elements()).unwrap_or_default() {
            let name = one.field("name").unwrap_or(Parameter::Fixed(Value::from("propertyName")));
            fields.push(Field {
                path: fixed_text(&name).map(|name| Path::with(&name, dots)),
                value: one.field("value").unwrap_or(Parameter::Fixed(Value::Undefined)),
                is_number: kind == "number",
                name,
            });
        }
    }
    let converts = context.version() >= 2.0;
    let only = context.flag("keepOnlySet", 0)?;
    context.each(|context, at, item| {
        let scope = context.scope(at);
        let mut made = if only { Object::new() } else { Object::clone(&item.json) };
        for field in &fields {
            let value = match field.value.at(&scope)? {
                Value::String(text) if converts && field.is_number => match number_from_text(&text) {
                    number if number.is_nan() => Value::String(text),
                    number => Value::Number(number),
                },
                value => value,
            };
            match &field.path {
                Some(path) => put(path, &mut made, value),
                None => put(&Path::with(&field.name.at(&scope)?.to_text(), dots), &mut made, value),
            }
        }
        Ok(vec![Item { json: made.into(), binary: if only { None } else { item.binary.clone() }, ..Item::default() }])
    })
}

fn fixed_text(parameter: &Parameter) -> Option<Str> {
    match parameter {
        Parameter::Fixed(value) => Some(value.to_text()),
        _ => None,
    }
}
