//! Combining the items whose fields match.

use super::clash::{Clash, Resolve, with_suffix};
use super::{of, whole};
use crate::item::{Item, Link, Links};
use crate::node::{Context, Given, NodeError};
use crate::nodes::data::fields::names;
use crate::nodes::data::matching::{Equality, Matches, Pair, find, must_be_in, pairs};
use crate::value::{Object, Value};

pub(super) fn by_fields(context: &mut Context<'_>) -> Result<Given, NodeError> {
    let pairs = read_pairs(context)?;
    let (left, right) = (context.input(0), context.input(1));
    if context.version() < 2.1 {
        must_be_in(&left, pairs.iter().map(|pair| &pair.left), "Input 1")?;
        must_be_in(&right, pairs.iter().map(|pair| &pair.right), "Input 2")?;
    }
    let mode = context.text("joinMode", 0)?;
    let from = context.text("outputDataFrom", 0)?;
    if left.is_empty() || right.is_empty() {
        return Ok(half(context, &mode, &from).into());
    }
    let equality = if context.flag("options.fuzzyCompare", 0)? { Equality::Fuzzy } else { Equality::Strict };
    let may_be_many = match &*mode {
        "keepMatches" => &*from == "both",
        mode => mode != "keepNonMatches",
    };
    let first_only = may_be_many && &*context.text("options.multipleMatches", 0)? == "first";
    let matches = find(context, (&left, &right), &pairs, equality, first_only)?;
    let clash = Clash::read(context)?;
    let alone = |input: usize, at: usize| of(if input == 0 { &left[at] } else { &right[at] }, input, at);
    let rest = |input: usize| {
        let places = if input == 0 { &matches.only_left } else { &matches.only_right };
        places.iter().map(move |at| alone(input, *at))
    };
    let renamed = |input: usize| {
        rest(input)
            .map(|item| if clash.resolve == Resolve::Suffix { with_suffix(&item, input + 1) } else { item })
            .collect::<Vec<_>>()
    };
    let given: Vec<Item> = match (&*mode, &*from) {
        ("keepMatches", "input1") => matches.matched.iter().map(|(at, _)| alone(0, *at)).collect(),
        ("keepMatches", "input2") => matches.matched_right.iter().map(|at| alone(1, *at)).collect(),
        ("keepNonMatches", "input1") => rest(0).collect(),
        ("keepNonMatches", "input2") => rest(1).collect(),
        ("keepNonMatches", _) => rest(0)
            .map(|item| with_source(item, "input1"))
            .chain(rest(1).map(|item| with_source(item, "input2")))
            .collect(),
        ("keepEverything", _) => [joined(&clash, &left, &right, &matches, 2), renamed(0), renamed(1)].concat(),
        ("enrichInput1", _) => [joined(&clash, &left, &right, &matches, 2), renamed(0)].concat(),
        ("enrichInput2", _) => [joined(&clash, &left, &right, &matches, 1), renamed(1)].concat(),
        _ => joined(&clash, &left, &right, &matches, 2),
    };
    Ok(given.into())
}

fn read_pairs(context: &mut Context<'_>) -> Result<Vec<Pair>, NodeError> {
    let dots = !context.flag("options.disableDotNotation", 0)?;
    if context.version() >= 3.0 && !context.flag("advanced", 0)? {
        let names = names(&context.get("fieldsToMatchString", 0)?);
        let entries = names.iter().map(|name| {
            Value::from(Object::from_iter([
                ("field1", Value::from(name.clone())),
                ("field2", Value::from(name.clone())),
            ]))
        });
        let entries: Vec<Value> = if names.is_empty() { vec![Value::Undefined] } else { entries.collect() };
        return pairs(&entries, dots);
    }
    match context.get("mergeByFields.values", 0)? {
        Value::Array(entries) => pairs(&entries, dots),
        _ => pairs(&[Value::Undefined], dots),
    }
}

/// What is given where one input is empty.
fn half(context: &Context<'_>, mode: &str, from: &str) -> Vec<Item> {
    let is_empty = |input: usize| context.input(input).is_empty();
    let nothing = match mode {
        "keepMatches" => true,
        "keepNonMatches" => (from == "input1" && is_empty(0)) || (from == "input2" && is_empty(1)),
        "enrichInput1" => is_empty(0),
        "enrichInput2" => is_empty(1),
        _ => false,
    };
    if nothing { Vec::new() } else { [whole(context, 0), whole(context, 1)].concat() }
}

fn with_source(item: Item, source: &str) -> Item {
    let mut json = Object::clone(&item.json);
    json.insert("_source", Value::from(source));
    item.with_json(json)
}

/// One item of each match. `preferred` is the input whose fields count where the options do not say.
fn joined(clash: &Clash, left: &[Item], right: &[Item], matches: &Matches, preferred: usize) -> Vec<Item> {
    let preferred = match clash.resolve {
        Resolve::Prefer(1) => 1,
        Resolve::Prefer(_) | Resolve::Last | Resolve::Suffix => 2,
        Resolve::Unsaid => preferred,
    };
    let mut given = Vec::new();
    for (at, others) in &matches.matched {
        for other in others {
            let (a, b) = (&left[*at], &right[*other]);
            let (from_a, from_b) = (Link::of_input(0, *at), Link::of_input(1, *other));
            let (merged, links) = match clash.resolve {
                Resolve::Suffix => (clash.merge_with_suffixes(&[(a, 1), (b, 2)]), [from_a, from_b]),
                _ if preferred == 1 => (clash.merge(&[b, a]), [from_b, from_a]),
                _ => (clash.merge(&[a, b]), [from_a, from_b]),
            };
            given.push(Item { links: Links::Many(links.into()), ..merged });
        }
    }
    given
}
