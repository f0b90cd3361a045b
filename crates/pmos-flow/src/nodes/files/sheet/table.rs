//! Items as a sheet.

use super::{Cell, Sheet};
use crate::item::Item;
use crate::node::NodeError;
use crate::value::{Object, Str, Value};
use std::collections::HashMap;

/// Fields within fields become columns such as `address.city`, so deep.
const DEEPEST: usize = 64;

/// A sheet with a column for every field of the items and a row for every item, below the names if `header` is true.
pub(in crate::nodes::files) fn table(items: &[Item], name: &str, header: bool) -> Result<Sheet, NodeError> {
    let mut sheet = Sheet::new(name, false);
    let mut columns: HashMap<Str, u32> = HashMap::new();
    for (row, item) in (u32::from(header)..).zip(items) {
        let mut fields = Vec::new();
        flatten(&item.json, "", 0, &mut fields)?;
        for (name, cell) in fields {
            let next = columns.len() as u32;
            let column = *columns.entry(name.clone()).or_insert(next);
            if column == next && header {
                sheet.put(0, column, Cell::Text(name))?;
            }
            sheet.put(row, column, cell)?;
        }
    }
    Ok(sheet)
}

fn flatten(object: &Object, prefix: &str, depth: usize, fields: &mut Vec<(Str, Cell)>) -> Result<(), NodeError> {
    for (key, value) in object.iter() {
        let name: Str = if prefix.is_empty() { key.clone() } else { format!("{prefix}.{key}").into() };
        flatten_value(name, value, depth, fields)?;
    }
    Ok(())
}

fn flatten_value(name: Str, value: &Value, depth: usize, fields: &mut Vec<(Str, Cell)>) -> Result<(), NodeError> {
    if depth > DEEPEST {
        return Err(NodeError::new("The data is nested too deeply"));
    }
    let cell = match value {
        Value::Object(object) => return flatten(object, &name, depth + 1, fields),
        Value::Array(values) => {
            for (at, value) in values.iter().enumerate() {
                flatten_value(format!("{name}.{at}").into(), value, depth + 1, fields)?;
            }
            return Ok(());
        }
        Value::Undefined | Value::Null => Cell::Empty,
        Value::Bool(bool) => Cell::Bool(*bool),
        Value::Number(number) => Cell::Number(*number),
        Value::String(text) => Cell::Text(text.clone()),
        Value::Exotic(value) => Cell::Text(value.to_text().into()),
    };
    fields.push((name, cell));
    Ok(())
}
