//! Summarize: counts, sums and lists of groups of items, as a pivot table has them.

use crate::item::{Item, Links};
use crate::node::{Context, Given, Group, Kind, NodeError, NodeType, Property, Run, Shown};
use crate::value::{Object, Path, Str, Value};
use std::cmp::Ordering;
use std::collections::{HashMap, HashSet};

pub(super) static SUMMARIZE: NodeType = NodeType {
    name: "n8n-nodes-base.summarize",
    title: "Summarize",
    summary: "Counts, sums, averages and lists of groups of items.",
    group: Group::Data,
    versions: &[1.0, 1.1],
    properties: &[
        Property::groups("fieldsToSummarize", &[("values", AGGREGATIONS)]),
        Property::text("fieldsToSplitBy"),
        Property::collection(
            "options",
            &[
                Property::bool("continueIfFieldNotFound", false).until(1.0),
                Property::bool("disableDotNotation", false),
                Property::options("outputFormat", "separateItems", &["separateItems", "singleItem"]),
                Property::bool("skipEmptySplitFields", false),
            ],
        ),
    ],
    run: Run::Pure(run),
    ..NodeType::BASE
};

pub(super) const AGGREGATIONS: &[Property] = &[
    Property::options("aggregation", "count", KINDS),
    Property::text("field"),
    Property::bool("includeEmpty", false)
        .when(&[Shown::is("aggregation", &["append", "concatenate", "count", "countUnique"])]),
    Property::of("separateBy", Kind::Options(&[",", ", ", "\n", "", " ", "other"]))
        .or(",")
        .when(&[Shown::is("aggregation", &["concatenate"])]),
    Property::text("customSeparator")
        .when(&[Shown::is("aggregation", &["concatenate"]), Shown::is("separateBy", &["other"])]),
];

const KINDS: &[&str] = &["append", "average", "concatenate", "count", "countUnique", "max", "min", "sum"];

fn run(context: &mut Context<'_>) -> Result<Given, NodeError> {
    let old = context.version() < 1.1;
    let missing_fails = old && !context.flag("options.continueIfFieldNotFound", 0)?;
    summarize(context, missing_fails, Form { keys: if old { Keys::Text } else { Keys::Values }, ..Form::default() })
}

/// What differs between the versions.
#[derive(Clone, Copy, Default)]
pub(super) struct Form {
    /// What the keys of groups are.
    pub(super) keys: Keys,
    /// Are names of fields kept as they are, dots and all?
    pub(super) plain_names: bool,
    /// Do the least and the greatest value look at numbers alone?
    pub(super) only_numbers: bool,
    /// Do counts never count what is empty?
    pub(super) never_count_empty: bool,
}

/// Groups nest as deep as there are fields to split by.
const MOST_SPLITS: usize = 32;

/// What the keys of groups are.
#[derive(Clone, Copy, Default, PartialEq)]
pub(super) enum Keys {
    /// Their values.
    #[default]
    Values,
    /// Their values as text.
    Text,
    /// The same, in the order of an object's fields.
    Fields,
}

/// One figure of each group.
struct Figure {
    kind: Str,
    path: Path,
    include_empty: bool,
    only_numbers: bool,
    separator: Str,
    /// The field that it is written to.
    name: Str,
}

/// What a value counts as where items are grouped.
#[derive(Clone, PartialEq, Eq, Hash)]
enum Key {
    Undefined,
    Null,
    Bool(bool),
    Number(u64),
    Text(Str),
}

/// Summarizes the items as the node's parameters say.
pub(super) fn summarize(context: &mut Context<'_>, missing_fails: bool, form: Form) -> Result<Given, NodeError> {
    let items = context.items();
    let dots = !context.flag("options.disableDotNotation", 0)?;
    let figures = figures(context, dots, form)?;
    let split: Vec<Path> =
        super::fields::names(&context.get("fieldsToSplitBy", 0)?).iter().map(|name| Path::with(name, dots)).collect();
    if split.len() > MOST_SPLITS {
        return Err(NodeError::new(format!(
            "'Fields to Split By' names {} fields; {MOST_SPLITS} are possible",
            split.len()
        )));
    }
    let mut hints = Vec::new();
    for figure in figures.iter().filter(|figure| !items.iter().any(|item| figure.path.is_in(&item.json))) {
        let words = format!("The field '{}' does not exist in any items", figure.path.text());
        if missing_fails {
            return Err(NodeError::new(words));
        }
        hints.push(words);
    }
    let skip_empty = context.flag("options.skipEmptySplitFields", 0)?;
    let single = &*context.text("options.outputFormat", 0)? == "singleItem";
    let groups = group(&items, &split, form.keys, skip_empty, context)?;
    let given = if single {
        let mut json = Object::new();
        for group in &groups {
            let fields = Value::from(compute(&figures, &items, &group.members));
            let texts: Vec<Str> = group.keys.iter().map(|key| key.to_text()).collect();
            nest(&mut json, &texts, fields);
        }
        vec![Item { links: Links::to_all(0..items.len()), ..Item::new(json) }]
    } else {
        let made = groups.into_iter().map(|group| {
            let mut json = compute(&figures, &items, &group.members);
            for (path, key) in split.iter().zip(group.keys).rev() {
                if !key.is_undefined() {
                    json.insert(form.name(path.text()), key);
                }
            }
            Item { links: Links::to_all(group.members), ..Item::new(json) }
        });
        made.collect()
    };
    Ok(Given { outputs: vec![given], hints, ..Given::default() })
}

fn figures(context: &mut Context<'_>, dots: bool, form: Form) -> Result<Vec<Figure>, NodeError> {
    let described = context.get("fieldsToSummarize.values", 0)?;
    let figures: Vec<Figure> = described
        .as_array()
        .unwrap_or_default()
        .iter()
        .filter(|figure| !figure.get("field").to_text().is_empty())
        .map(|figure| {
            let kind = figure.get("aggregation").to_text();
            let field = figure.get("field").to_text();
            let separator = match figure.get("separateBy").as_str().unwrap_or(",") {
                "other" => figure.get("customSeparator").as_str().unwrap_or_default(),
                separator => separator,
            };
            Figure {
                name: form.name(&format!("{}{field}", prefix(&kind))),
                path: Path::with(&field, dots),
                include_empty: figure.get("includeEmpty").is_truthy() && form.may_include_empty(&kind),
                only_numbers: form.only_numbers,
                separator: separator.into(),
                kind,
            }
        })
        .collect();
    if figures.is_empty() {
        let words = "You need to add at least one aggregation to 'Fields to Summarize' with non empty 'Field'";
        return Err(NodeError::new(words));
    }
    Ok(figures)
}

fn prefix(kind: &str) -> &'static str {
    match kind {
        "append" => "appended_",
        "average" => "average_",
        "concatenate" => "concatenated_",
        "countUnique" => "unique_count_",
        "max" => "max_",
        "min" => "min_",
        "sum" => "sum_",
        _ => "count_",
    }
}

impl Form {
    /// The name of a field as the output has it: without brackets and quotes, dots and blanks as underscores.
    fn name(self, field: &str) -> Str {
        if self.plain_names {
            return field.into();
        }
        let kept = field.chars().filter(|char| !matches!(char, '[' | ']' | '"'));
        kept.map(|char| if matches!(char, ' ' | '.') { '_' } else { char }).collect::<String>().into()
    }

    fn may_include_empty(self, kind: &str) -> bool {
        match kind {
            "append" | "concatenate" => true,
            "count" | "countUnique" => !self.never_count_empty,
            _ => false,
        }
    }
}

/// Items with the same keys.
#[derive(Default)]
struct Members {
    keys: Vec<Value>,
    members: Vec<usize>,
}

fn group(
    items: &[Item],
    split: &[Path],
    keys: Keys,
    skip_empty: bool,
    context: &Context<'_>,
) -> Result<Vec<Members>, NodeError> {
    if split.is_empty() {
        return Ok(vec![Members { keys: Vec::new(), members: (0..items.len()).collect() }]);
    }
    let mut tree = Tree::default();
    for (at, item) in items.iter().enumerate() {
        context.go_on(at)?;
        tree.add(at, item, split, keys, skip_empty);
    }
    let mut groups = Vec::new();
    tree.collect(&mut Vec::new(), keys, &mut groups);
    Ok(groups)
}

/// The groups of one field, each with those of the next.
#[derive(Default)]
struct Tree {
    index: HashMap<Key, usize>,
    branches: Vec<(Value, Tree)>,
    members: Vec<usize>,
}

impl Tree {
    fn add(&mut self, at: usize, item: &Item, split: &[Path], keys: Keys, skip_empty: bool) {
        let Some((path, rest)) = split.split_first() else {
            self.members.push(at);
            return;
        };
        let mut value = match path.get(&item.json) {
            value @ (Value::Object(_) | Value::Array(_)) => Value::from(crate::value::to_string(&value)),
            value => value,
        };
        // Each form has its own notion of what is empty: null as text is not.
        match keys {
            Keys::Values => {}
            Keys::Text => value = Value::String(value.to_text()),
            Keys::Fields if matches!(value, Value::Null) => value = Value::from("null"),
            Keys::Fields => {}
        }
        if skip_empty && value.as_number().is_none() && !value.is_truthy() {
            return;
        }
        if keys == Keys::Fields {
            value = Value::String(value.to_text());
        }
        let key = match &value {
            Value::Undefined => Key::Undefined,
            Value::Bool(bool) => Key::Bool(*bool),
            Value::Number(number) => Key::Number((number + 0.0).to_bits()),
            Value::String(text) => Key::Text(text.clone()),
            _ => Key::Null,
        };
        let branch = *self.index.entry(key).or_insert_with(|| {
            self.branches.push((value, Self::default()));
            self.branches.len() - 1
        });
        self.branches[branch].1.add(at, item, rest, keys, skip_empty);
    }

    fn collect(self, path: &mut Vec<Value>, keys: Keys, groups: &mut Vec<Members>) {
        if !self.members.is_empty() {
            groups.push(Members { keys: path.clone(), members: self.members });
        }
        let mut branches = self.branches;
        if keys == Keys::Fields {
            let order: Object = branches.iter().map(|(key, _)| (key.to_text(), Value::Null)).collect();
            let places: HashMap<&Str, usize> = order.keys().enumerate().map(|(at, key)| (key, at)).collect();
            branches.sort_by_key(|(key, _)| places.get(&key.to_text()).copied());
        }
        for (key, branch) in branches {
            path.push(key);
            branch.collect(path, keys, groups);
            path.pop();
        }
    }
}

/// Puts the fields of a group into an object of objects.
fn nest(json: &mut Object, keys: &[Str], fields: Value) {
    match keys {
        [] => {
            if let Value::Object(fields) = fields {
                json.extend(fields.iter().map(|(key, value)| (key.clone(), value.clone())));
            }
        }
        [last] => drop(json.insert(last.clone(), fields)),
        [first, rest @ ..] => {
            if !json.contains_key(first) {
                json.insert(first.clone(), Value::object());
            }
            if let Some(Value::Object(inner)) = json.get_mut(first) {
                nest(std::sync::Arc::make_mut(inner), rest, fields);
            }
        }
    }
}

fn compute(figures: &[Figure], items: &[Item], members: &[usize]) -> Object {
    figures
        .iter()
        .map(|figure| {
            let values = members.iter().filter_map(|at| Some(figure.path.get(&items.get(*at)?.json)));
            (figure.name.clone(), figure.of(values))
        })
        .collect()
}

impl Figure {
    fn of(&self, values: impl Iterator<Item = Value>) -> Value {
        let only_numbers = self.only_numbers && matches!(&*self.kind, "max" | "min");
        let values = values
            .filter(|value| (self.include_empty || !is_empty(value)) && (!only_numbers || value.as_number().is_some()));
        match &*self.kind {
            "append" => Value::list(values.map(|value| if value.is_undefined() { Value::Null } else { value })),
            "concatenate" => {
                let texts: Vec<Str> = values.map(|value| as_text(&value)).collect();
                Value::from(texts.join(&*self.separator))
            }
            "average" => {
                let (sum, count) = numbers(values);
                if count == 0 { Value::Null } else { Value::from(sum / count as f64) }
            }
            "sum" => Value::from(numbers(values).0),
            "min" => values.reduce(|least, value| pick(least, value, Ordering::Less)).unwrap_or(Value::Null),
            "max" => values.reduce(|most, value| pick(most, value, Ordering::Greater)).unwrap_or(Value::Null),
            "countUnique" => Value::from(unique(values)),
            _ => Value::from(values.count()),
        }
    }
}

fn is_empty(value: &Value) -> bool {
    value.is_nullish() || value.as_str() == Some("")
}

fn as_text(value: &Value) -> Str {
    match value {
        Value::Object(_) | Value::Array(_) | Value::Null => crate::value::to_string(value).into(),
        value => value.to_text(),
    }
}

fn numbers(values: impl Iterator<Item = Value>) -> (f64, usize) {
    values.filter_map(|value| value.as_number()).fold((0.0, 0), |(sum, count), number| (sum + number, count + 1))
}

/// The value that wins, as JavaScript's `<` and `>` see them.
fn pick(best: Value, value: Value, wanted: Ordering) -> Value {
    let primitive = |value: &Value| match value {
        Value::Object(_) | Value::Array(_) => Value::String(value.to_text()),
        value => value.clone(),
    };
    let ordering = match (&primitive(&value), &primitive(&best)) {
        (Value::String(a), Value::String(b)) => Some(a.cmp(b)),
        (a, b) => a.to_number().partial_cmp(&b.to_number()),
    };
    if ordering == Some(wanted) { value } else { best }
}

/// How many different values: objects and lists all differ, as JavaScript's `Set` sees them.
fn unique(values: impl Iterator<Item = Value>) -> usize {
    let mut seen = HashSet::new();
    let mut others = 0;
    for value in values {
        match value {
            Value::Undefined => drop(seen.insert(Key::Undefined)),
            Value::Null => drop(seen.insert(Key::Null)),
            Value::Bool(bool) => drop(seen.insert(Key::Bool(bool))),
            Value::Number(number) => drop(seen.insert(Key::Number((number + 0.0).to_bits()))),
            Value::String(text) => drop(seen.insert(Key::Text(text))),
            Value::Array(_) | Value::Object(_) | Value::Exotic(_) => others += 1,
        }
    }
    seen.len() + others
}
