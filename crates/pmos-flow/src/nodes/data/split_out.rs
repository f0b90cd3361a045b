//! Split Out: makes an item of every element of a list.

use super::fields::{DOTS_ARE_OFF, some_names};
use crate::item::{Binary, Item};
use crate::node::{Context, Given, Group, NodeError, NodeType, Property, Run, Shown};
use crate::value::{Object, Path, Str, Value};
use std::sync::Arc;

pub(super) static SPLIT_OUT: NodeType = NodeType {
    name: "n8n-nodes-base.splitOut",
    title: "Split Out",
    summary: "Makes an item of every element of a list.",
    group: Group::Data,
    properties: &[
        Property::text("fieldToSplitOut").required(),
        Property::options("include", "noOtherFields", INCLUDE),
        Property::text("fieldsToInclude").when(&[Shown::is("include", &["selectedOtherFields"])]),
        Property::collection("options", OPTIONS),
    ],
    run: Run::Pure(|context| split_out(context, Rules::Current)),
    ..NodeType::BASE
};

pub(super) const INCLUDE: &[&str] = &["noOtherFields", "allOtherFields", "selectedOtherFields"];
pub(super) const OPTIONS: &[Property] = &[
    Property::bool("disableDotNotation", false),
    Property::text("destinationFieldName"),
    Property::bool("includeBinary", false),
];

/// What may be split.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Rules {
    /// One field that is there and holds a list.
    Lists,
    /// Fields that are there and hold lists or objects.
    ListsAndObjects,
    /// The same, or it is missing.
    OrMissing,
    /// Fields that hold anything.
    Current,
}

/// What is split, and into what.
struct Split {
    fields: Vec<Field>,
    others: Others,
    keep_files: bool,
}

struct Field {
    path: Path,
    /// The field of the new items.
    name: Str,
    /// Was that name given?
    renamed: bool,
}

enum Others {
    None,
    All,
    Some(Vec<Path>),
}

enum Column {
    Values(Arc<Vec<Value>>),
    Files(Vec<(Str, Binary)>),
}

/// Splits the items as the node's parameters say.
pub(super) fn split_out(context: &mut Context<'_>, rules: Rules) -> Result<Given, NodeError> {
    let items = context.items();
    let mut given = Vec::new();
    let mut missing: Vec<Str> = Vec::new();
    let mut found: Vec<Str> = Vec::new();
    for (at, item) in items.iter().enumerate() {
        context.go_on(at)?;
        let split = Split::read(context, at, rules)?;
        for field in &split.fields {
            let is_there = **field.path.text() == *BINARY || field.path.is_in(&item.json);
            let list = if is_there { &mut found } else { &mut missing };
            if !list.contains(field.path.text()) {
                list.push(field.path.text().clone());
            }
        }
        split.apply(at, item, rules, &mut given)?;
    }
    missing.retain(|name| !found.contains(name));
    let hints = missing.into_iter().map(|name| format!("The field '{name}' wasn't found in any input item")).collect();
    Ok(Given { outputs: vec![given], hints, ..Given::default() })
}

const BINARY: &str = "$binary";

impl Split {
    fn read(context: &mut Context<'_>, at: usize, rules: Rules) -> Result<Self, NodeError> {
        let text = context.text("fieldToSplitOut", at)?;
        let names: Vec<&str> =
            if rules == Rules::Lists { vec![&text] } else { text.split(',').map(str::trim).collect() };
        let dots = !context.flag("options.disableDotNotation", at)?;
        let destination = context.text("options.destinationFieldName", at)?;
        let destinations: Vec<&str> = destination.split(',').map(str::trim).filter(|name| !name.is_empty()).collect();
        if !destinations.is_empty() && destinations.len() != names.len() {
            let words =
                "If multiple fields to split out are given, the same number of destination fields must be given";
            return Err(NodeError::new(words));
        }
        let fields = names.iter().enumerate().map(|(at, name)| {
            let name = name.strip_prefix("$json.").unwrap_or(*name);
            let destination = destinations.get(at);
            let path = Path::with(name, dots);
            Field { path, name: (*destination.unwrap_or(&name)).into(), renamed: destination.is_some() }
        });
        let fields = fields.collect();
        let others = match &*context.text("include", at)? {
            "allOtherFields" => Others::All,
            "selectedOtherFields" => {
                let names = some_names(&context.get("fieldsToInclude", at)?, "include")?;
                Others::Some(names.iter().map(|name| Path::with(name, dots)).collect())
            }
            _ => Others::None,
        };
        Ok(Self { fields, others, keep_files: context.flag("options.includeBinary", at)? })
    }

    fn apply(&self, at: usize, item: &Item, rules: Rules, given: &mut Vec<Item>) -> Result<(), NodeError> {
        let columns = self.fields.iter().map(|field| column(field, item, rules)).collect::<Result<Vec<_>, _>>()?;
        let base = match &self.others {
            Others::All => {
                let mut base = Object::clone(&item.json);
                self.fields.iter().for_each(|field| drop(field.path.unset(&mut base)));
                base
            }
            _ => Object::new(),
        };
        for row in 0..columns.iter().map(Column::len).max().unwrap_or(0) {
            let mut made = Item::default();
            if let (Others::None, [field], [Column::Values(values)]) = (&self.others, &self.fields[..], &columns[..])
                && let Some(fields) = spread(&values[row], rules).filter(|_| !field.renamed)
            {
                made.json = fields;
            } else {
                made = self.row(row, item, &columns, base.clone(), rules);
            }
            if self.keep_files && made.binary.is_none() {
                made.binary.clone_from(&item.binary);
            }
            given.push(made.linked(at));
        }
        Ok(())
    }

    fn row(&self, row: usize, item: &Item, columns: &[Column], mut json: Object, rules: Rules) -> Item {
        let mut files = Vec::new();
        // At first what was split won over what was included.
        if rules == Rules::Lists {
            self.include(item, &mut json);
        }
        for (field, column) in self.fields.iter().zip(columns) {
            match column {
                Column::Values(values) => {
                    if let Some(value) = values.get(row) {
                        json.insert(field.name.clone(), value.clone());
                    }
                }
                Column::Files(list) => files.extend(list.get(row).cloned()),
            }
        }
        if rules != Rules::Lists {
            self.include(item, &mut json);
        }
        let binary = (!files.is_empty()).then(|| Arc::new(files));
        Item { json: Arc::new(json), binary, ..Item::default() }
    }

    fn include(&self, item: &Item, json: &mut Object) {
        if let Others::Some(paths) = &self.others {
            json.extend(paths.iter().filter_map(|path| Some((path.text().clone(), path.find(&item.json)?))));
        }
    }
}

impl Column {
    fn len(&self) -> usize {
        match self {
            Self::Values(values) => values.len(),
            Self::Files(files) => files.len(),
        }
    }
}

fn column(field: &Field, item: &Item, rules: Rules) -> Result<Column, NodeError> {
    let name = field.path.text();
    if **name == *BINARY && rules == Rules::Current {
        return Ok(Column::Files(item.binary.as_deref().cloned().unwrap_or_default()));
    }
    Ok(Column::Values(match (field.path.get(&item.json), rules) {
        (Value::Array(values), _) => values,
        (Value::Undefined, Rules::Lists | Rules::ListsAndObjects) => {
            let error = NodeError::new(format!("Couldn't find the field '{name}' in the input data"));
            let dots_are_off = field.path.is_plain() && name.contains('.');
            return Err(if dots_are_off { error.described(DOTS_ARE_OFF) } else { error });
        }
        (Value::Undefined, _) => Arc::default(),
        (_, Rules::Lists) => return Err(NodeError::new(format!("The provided field '{name}' is not an array"))),
        (Value::Object(object), _) => Arc::new(object.values().cloned().collect()),
        (other, Rules::Current) => Arc::new(vec![other]),
        _ => return Err(NodeError::new(format!("The provided field '{name}' is not an array or object"))),
    }))
}

/// The fields that an element brings with it.
fn spread(element: &Value, rules: Rules) -> Option<Arc<Object>> {
    match element {
        Value::Null if rules == Rules::Lists => Some(Arc::default()),
        Value::Object(object) => Some(object.clone()),
        Value::Array(values) => {
            let fields = values.iter().enumerate().map(|(at, value)| (at.to_string(), value.clone()));
            Some(Arc::new(fields.collect()))
        }
        _ => None,
    }
}
