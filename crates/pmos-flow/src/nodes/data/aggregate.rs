//! Aggregate: makes one item of many.

use super::fields::names;
use crate::item::{Item, Links};
use crate::node::{Context, Given, Group, NodeError, NodeType, Property, Run, Shown};
use crate::value::{Object, Path, Str, Value};
use std::sync::Arc;

pub(super) static AGGREGATE: NodeType = NodeType {
    name: "n8n-nodes-base.aggregate",
    title: "Aggregate",
    summary: "Makes one item of many: lists of their fields, or a list of all their data.",
    group: Group::Data,
    properties: &[
        Property::options("aggregate", INDIVIDUAL, &[INDIVIDUAL, ALL]),
        Property::groups("fieldsToAggregate", &[("fieldToAggregate", FIELDS)])
            .when(&[Shown::is("aggregate", &[INDIVIDUAL])]),
        Property::text("destinationFieldName").or("data").when(&[Shown::is("aggregate", &[ALL])]),
        Property::options("include", "allFields", INCLUDE).when(&[Shown::is("aggregate", &[ALL])]),
        Property::text("fieldsToExclude")
            .when(&[Shown::is("aggregate", &[ALL]), Shown::is("include", &["allFieldsExcept"])]),
        Property::text("fieldsToInclude")
            .when(&[Shown::is("aggregate", &[ALL]), Shown::is("include", &["specifiedFields"])]),
        Property::collection("options", OPTIONS),
    ],
    run: Run::Pure(|context| aggregate(context, false)),
    ..NodeType::BASE
};

pub(super) const INDIVIDUAL: &str = "aggregateIndividualFields";
pub(super) const ALL: &str = "aggregateAllItemData";
pub(super) const INCLUDE: &[&str] = &["allFields", "specifiedFields", "allFieldsExcept"];
pub(super) const FIELDS: &[Property] = &[
    Property::text("fieldToAggregate"),
    Property::bool("renameField", false),
    Property::text("outputFieldName").when(&[Shown::is("renameField", &["true"])]),
];
pub(super) const OPTIONS: &[Property] = &[
    Property::bool("disableDotNotation", false),
    Property::bool("mergeLists", false),
    Property::bool("includeBinaries", false),
    Property::bool("keepOnlyUnique", false),
    Property::bool("keepMissing", false),
];

/// Aggregates the items as the node's parameters say. `missing_fails` says whether a field that no item has is an error.
pub(super) fn aggregate(context: &mut Context<'_>, missing_fails: bool) -> Result<Given, NodeError> {
    let items = context.items();
    let mut hints = Vec::new();
    let (json, from) = if &*context.text("aggregate", 0)? == ALL {
        all_data(context, &items)?
    } else {
        (fields(context, &items, missing_fails, &mut hints)?, (0..items.len()).collect())
    };
    let mut item = Item::new(json);
    if context.flag("options.includeBinaries", 0)? {
        let unique = context.flag("options.keepOnlyUnique", 0)?;
        for source in from.iter().filter_map(|at| items.get(*at)) {
            item = with_files(item, source, unique);
        }
    }
    item.links = Links::to_all(from);
    Ok(Given { outputs: vec![vec![item]], hints, ..Given::default() })
}

/// One list of each field.
fn fields(
    context: &mut Context<'_>,
    items: &[Item],
    missing_fails: bool,
    hints: &mut Vec<String>,
) -> Result<Object, NodeError> {
    let dots = !context.flag("options.disableDotNotation", 0)?;
    let merge = context.flag("options.mergeLists", 0)?;
    let keep_missing = context.flag("options.keepMissing", 0)?;
    let described = context.get("fieldsToAggregate.fieldToAggregate", 0)?;
    let described = match &described {
        Value::Undefined => &[Value::Undefined],
        value => value.as_array().unwrap_or_default(),
    };
    if described.is_empty() {
        return Err(NodeError::new("No fields specified").described("Please add a field to aggregate"));
    }
    let mut outputs: Vec<Str> = Vec::new();
    let mut lists: Vec<(Str, Vec<Value>)> = Vec::new();
    for field in described {
        let name = field.get("fieldToAggregate").as_str().unwrap_or_default();
        let renamed = field.get("outputFieldName").as_str().unwrap_or_default();
        let output: Str = if field.get("renameField").is_truthy() { renamed } else { name }.into();
        if outputs.contains(&output) {
            return Err(NodeError::new(format!("The '{output}' output field is used more than once"))
                .described("Please make sure each output field name is unique"));
        }
        outputs.push(output);
        if name.is_empty() {
            continue;
        }
        let path = Path::with(name, dots);
        if !items.iter().any(|item| path.is_in(&item.json)) {
            if missing_fails && !keep_missing {
                return Err(NodeError::new(format!("Couldn't find the field '{name}' in the input data")));
            }
            hints.push(format!("The field '{name}' wasn't found in any input item"));
        }
        let last = name.rsplit('.').next().filter(|_| dots).unwrap_or(name);
        let key: Str = if renamed.is_empty() { last } else { renamed }.into();
        let list = list_of(items, &path, merge, keep_missing);
        match lists.iter_mut().find(|(known, _)| *known == key) {
            Some((_, known)) => *known = list,
            None => lists.push((key, list)),
        }
    }
    let mut json = Object::new();
    for (key, list) in lists {
        Path::with(&key, dots).set(&mut json, Value::from(list));
    }
    Ok(json)
}

fn list_of(items: &[Item], path: &Path, merge: bool, keep_missing: bool) -> Vec<Value> {
    let mut list = Vec::with_capacity(items.len());
    for item in items {
        match path.get(&item.json) {
            Value::Undefined | Value::Null if !keep_missing => {}
            Value::Undefined => list.push(Value::Null),
            Value::Array(values) => {
                let kept = |value: &&Value| keep_missing || !matches!(value, Value::Null);
                if merge {
                    list.extend(values.iter().filter(kept).cloned());
                } else if values.iter().all(|value| kept(&value)) {
                    list.push(Value::Array(values));
                } else {
                    list.push(Value::list(values.iter().filter(kept).cloned()));
                }
            }
            value => list.push(value),
        }
    }
    list
}

/// One list of the data of all items, and the items that it is made of.
fn all_data(context: &mut Context<'_>, items: &[Item]) -> Result<(Object, Vec<usize>), NodeError> {
    let excluded = names(&context.get("fieldsToExclude", 0)?);
    let included = names(&context.get("fieldsToInclude", 0)?);
    let destination = context.text("destinationFieldName", 0)?;
    let whole = excluded.is_empty() && included.is_empty();
    let mut list = Vec::with_capacity(items.len());
    let mut from = Vec::with_capacity(items.len());
    for (at, item) in items.iter().enumerate() {
        let json = if whole {
            item.json.clone()
        } else {
            let kept = |key: &Str| !excluded.contains(key) && (included.is_empty() || included.contains(key));
            let fields = item.json.iter().filter(|(key, _)| kept(key));
            let fields: Object = fields.map(|(key, value)| (key.clone(), value.clone())).collect();
            if fields.is_empty() {
                continue;
            }
            Arc::new(fields)
        };
        list.push(Value::Object(json));
        from.push(at);
    }
    Ok((Object::from_iter([(destination, Value::from(list))]), from))
}

/// The item with the files of another one; a name that is taken gets a number.
fn with_files(mut item: Item, source: &Item, unique: bool) -> Item {
    for (name, file) in source.binary.as_deref().map_or(&[][..], Vec::as_slice) {
        let known = item.binary.as_deref().map_or(&[][..], Vec::as_slice);
        let same = |(_, other): &(Str, crate::item::Binary)| {
            other.mime_type == file.mime_type
                && other.data.len() == file.data.len()
                && other.file_extension == file.file_extension
        };
        if unique && known.iter().any(same) {
            continue;
        }
        let taken = |name: &str| known.iter().any(|(known, _)| **known == *name);
        let free = if taken(name) {
            (1..=known.len() + 1).map(|number| format!("{name}_{number}")).find(|name| !taken(name))
        } else {
            None
        };
        item = item.with_file(free.as_deref().unwrap_or(name), file.clone());
    }
    item
}
