//! Compare Datasets: which items are in one input alone, which are the same in both, which differ.

use super::fields::names;
use super::matching::{Equality, find, must_be_in, pairs};
use crate::item::{Item, Link, Links};
use crate::node::{Context, Given, Group, NodeError, NodeType, Property, RequiredInputs, Run, Shown};
use crate::value::{Object, Path, Str, Value};

pub(super) static COMPARE_DATASETS: NodeType = NodeType {
    name: "n8n-nodes-base.compareDatasets",
    title: "Compare Datasets",
    summary: "Says which items are in one input alone, the same in both, or different.",
    group: Group::Flow,
    versions: &[1.0, 2.0, 2.1, 2.2, 2.3],
    outputs: |_| 4,
    required_inputs: |_| RequiredInputs::AtLeast(1),
    properties: &[
        Property::groups("mergeByFields", &[("values", &[Property::text("field1"), Property::text("field2")])]),
        Property::options("resolve", "preferInput2", RESOLVE).until(2.0),
        Property::options("resolve", "includeBoth", RESOLVE).since(2.1),
        Property::bool("fuzzyCompare", false).since(2.0),
        Property::options("preferWhenMix", "input1", &["input1", "input2"]).when(&[Shown::is("resolve", &["mix"])]),
        Property::text("exceptWhenMix").when(&[Shown::is("resolve", &["mix"])]),
        Property::collection(
            "options",
            &[
                Property::text("skipFields"),
                Property::bool("fuzzyCompare", false).until(1.0),
                Property::bool("disableDotNotation", false),
                Property::options("multipleMatches", "first", &["first", "all"]),
            ],
        ),
    ],
    run: Run::Pure(run),
    ..NodeType::BASE
};

const RESOLVE: &[&str] = &["preferInput1", "preferInput2", "mix", "includeBoth"];

/// How items are compared, and what becomes of those that differ.
struct Comparison {
    version: f64,
    equality: Equality,
    resolve: Str,
    prefer_left: bool,
    except: Vec<Str>,
    skip: Vec<Path>,
    dots: bool,
}

fn run(context: &mut Context<'_>) -> Result<Given, NodeError> {
    let version = context.version();
    let dots = !context.flag("options.disableDotNotation", 0)?;
    let entries = match context.get("mergeByFields.values", 0)? {
        // Without a file's word there is one pair, which is empty.
        Value::Undefined => Value::list([Value::Undefined]),
        entries => entries,
    };
    let pairs = pairs(entries.as_array().unwrap_or_default(), dots)?;
    let fuzzy = context.flag(if version < 2.0 { "options.fuzzyCompare" } else { "fuzzyCompare" }, 0)?;
    let comparison = Comparison {
        version,
        equality: match (fuzzy, version >= 2.0) {
            (false, _) => Equality::Strict,
            (true, false) => Equality::Fuzzy,
            (true, true) => Equality::FuzzyNull,
        },
        resolve: context.text("resolve", 0)?,
        prefer_left: &*context.text("preferWhenMix", 0)? != "input2",
        except: names(&context.get("exceptWhenMix", 0)?),
        skip: skipped(context, dots)?,
        dots,
    };
    let (left, right) = (context.input(0), context.input(1));
    if version < 2.2 {
        must_be_in(&left, pairs.iter().map(|pair| &pair.left), "Input A")?;
        // An empty input gives no reason to doubt the fields of the other one.
        if !right.is_empty() {
            must_be_in(&right, pairs.iter().map(|pair| &pair.right), "Input B")?;
        }
    }
    let first_only = &*context.text("options.multipleMatches", 0)? != "all";
    let matches = find(context, (&left, &right), &pairs, comparison.equality, first_only)?;
    let (mut same, mut different) = (Vec::new(), Vec::new());
    for (at, others) in &matches.matched {
        let mut known = None;
        for other in others {
            let (a, b) = (&left[*at], &right[*other]);
            if comparison.is_same(a, b) {
                let prefer_right = comparison.equality != Equality::Strict && &*comparison.resolve == "preferInput2";
                known.get_or_insert_with(|| if prefer_right { of(b, 1, *other) } else { of(a, 0, *at) });
            } else {
                let keys = pairs.iter().filter_map(|pair| Some((pair.left.text(), a.json.get(pair.left.text())?)));
                let keys = keys.map(|(key, value)| (key.clone(), value.clone())).collect();
                different.push(comparison.difference((a, *at), (b, *other), keys));
            }
        }
        same.extend(known);
    }
    Ok(vec![
        matches.only_left.into_iter().map(|at| of(&left[at], 0, at)).collect(),
        same,
        different,
        matches.only_right.into_iter().map(|at| of(&right[at], 1, at)).collect(),
    ]
    .into())
}

fn skipped(context: &mut Context<'_>, dots: bool) -> Result<Vec<Path>, NodeError> {
    let skipped = names(&context.get("options.skipFields", 0)?);
    if let Some(name) = skipped.iter().find(|name| !dots && name.contains('.')) {
        let words = format!("Dot notation is disabled, but field to skip comparing '{name}' contains dot");
        return Err(NodeError::new(words));
    }
    Ok(skipped.iter().map(|name| Path::with(name, dots)).collect())
}

/// The item, linked to where it came in.
fn of(item: &Item, input: usize, at: usize) -> Item {
    Item { links: Links::One(Link::of_input(input, at)), ..item.clone() }
}

impl Comparison {
    fn is_same(&self, a: &Item, b: &Item) -> bool {
        let without = |item: &Item| {
            let mut json = item.json.clone();
            for path in &self.skip {
                path.unset(std::sync::Arc::make_mut(&mut json));
            }
            json
        };
        let (a, b) = if self.skip.is_empty() { (a.json.clone(), b.json.clone()) } else { (without(a), without(b)) };
        if self.equality == Equality::Strict {
            return a == b;
        }
        // Fields that only the second one has do not count.
        a.iter().all(|(key, value)| self.equality.holds(value, b.get(key).unwrap_or(&Value::Undefined)))
    }

    fn difference(&self, (a, left): (&Item, usize), (b, right): (&Item, usize), keys: Object) -> Item {
        match &*self.resolve {
            "preferInput1" => of(a, 0, left),
            "preferInput2" => of(b, 1, right),
            "mix" if self.prefer_left => of(&self.mixed(a, b), 0, left),
            "mix" => of(&self.mixed(b, a), 1, right),
            _ => {
                let links = [Link::of_input(0, left), Link::of_input(1, right)];
                Item { links: Links::Many(links.into()), ..Item::new(self.both(a, b, keys)) }
            }
        }
    }

    /// The item, but for some fields, which are those of the other one.
    fn mixed(&self, item: &Item, other: &Item) -> Item {
        let mut json = Object::clone(&item.json);
        for name in &self.except {
            match Path::with(name, self.dots).get(&other.json) {
                Value::Undefined if self.dots => drop(json.insert(name.clone(), Value::Null)),
                Value::Undefined => drop(json.remove(name)),
                value => drop(json.insert(name.clone(), value)),
            }
        }
        item.with_json(json)
    }

    /// What is the same and what is not, field by field.
    fn both(&self, a: &Item, b: &Item, keys: Object) -> Object {
        const NOTHING: &Value = &Value::Undefined;
        let (first, second) = if self.version < 2.0 { ("input1", "input2") } else { ("inputA", "inputB") };
        let mut all = Object::clone(&a.json);
        all.extend(b.json.iter().map(|(key, value)| (key.clone(), value.clone())));
        let (mut same, mut different, mut skipped) = (Object::new(), Object::new(), Object::new());
        for key in all.keys() {
            let (x, y) = (a.json.get(key), b.json.get(key));
            let comparable = self.version >= 2.1 || (x.is_some() && y.is_some());
            if comparable && self.equality.holds(x.unwrap_or(NOTHING), y.unwrap_or(NOTHING)) {
                same.extend(x.map(|value| (key.clone(), value.clone())));
                continue;
            }
            // Version 1 shows nothing where there is 0, false or an empty text.
            let is_shown = |value: &&Value| self.version >= 2.0 || value.is_truthy();
            let shown = |value: Option<&Value>| value.filter(is_shown).cloned().unwrap_or(Value::Null);
            let sides = Value::from(Object::from_iter([(first, shown(x)), (second, shown(y))]));
            let list = if self.skip.iter().any(|path| path.text() == key) { &mut skipped } else { &mut different };
            list.insert(key.clone(), sides);
        }
        let mut json = Object::from_iter([
            ("keys", Value::from(keys)),
            ("same", Value::from(same)),
            ("different", Value::from(different)),
        ]);
        if !skipped.is_empty() {
            json.insert("skipped", Value::from(skipped));
        }
        json
    }
}
