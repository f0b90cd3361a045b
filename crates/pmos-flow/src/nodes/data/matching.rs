//! Finds the items of two inputs that belong together.

use super::identity::identity;
use crate::item::Item;
use crate::node::{Context, NodeError};
use crate::value::{Path, Value};
use std::collections::HashMap;

/// A field of input 1 and the field of input 2 that it must equal.
pub(super) struct Pair {
    pub(super) left: Path,
    pub(super) right: Path,
}

/// The pairs that `{field1, field2}` entries describe. There must be one, unless the list itself is empty.
pub(super) fn pairs(entries: &[Value], dots: bool) -> Result<Vec<Pair>, NodeError> {
    let text = |entry: &Value, key: &str| entry.get(key).as_str().unwrap_or_default().trim().to_owned();
    let names: Vec<(String, String)> =
        entries.iter().map(|entry| (text(entry, "field1"), text(entry, "field2"))).collect();
    if let [(left, right)] = &names[..]
        && left.is_empty()
        && right.is_empty()
    {
        let words = "You need to define at least one pair of fields in \"Fields to Match\" to match on";
        return Err(NodeError::new(words));
    }
    for (at, (left, right)) in names.iter().enumerate() {
        if left.is_empty() || right.is_empty() {
            return Err(NodeError::new(format!(
                "You need to define both fields in \"Fields to Match\" for pair {},\n\t\t\t\t field 1 = '{left}'\n\t\t\t\t field 2 = '{right}'",
                at + 1
            )));
        }
    }
    let pair =
        |(left, right): (String, String)| Pair { left: Path::with(&left, dots), right: Path::with(&right, dots) };
    Ok(names.into_iter().map(pair).collect())
}

/// Fails if no item has the field, as old versions did.
pub(super) fn must_be_in<'p>(
    items: &[Item],
    paths: impl Iterator<Item = &'p Path>,
    input: &str,
) -> Result<(), NodeError> {
    for path in paths {
        if !items.iter().any(|item| path.is_in(&item.json)) {
            let words = format!("Field '{}' is not present in any of items in '{input}'", path.text());
            return Err(NodeError::new(words));
        }
    }
    Ok(())
}

/// When values are equal.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Equality {
    /// Deeply, type and all.
    Strict,
    /// Across types: 1 equals "1" and true, null equals "" and [].
    Fuzzy,
    /// The same, and null equals 0.
    FuzzyNull,
}

/// Which items of two inputs match.
#[derive(Default)]
pub(super) struct Matches {
    /// Items of input 1, each with the items of input 2 that match it.
    pub(super) matched: Vec<(usize, Vec<usize>)>,
    /// Items of input 1 that match none.
    pub(super) only_left: Vec<usize>,
    /// Items of input 2 that match none.
    pub(super) only_right: Vec<usize>,
    /// Items of input 2 that match one.
    pub(super) matched_right: Vec<usize>,
}

/// Finds the matches: for each item of `left` all of `right`, or the first one alone.
pub(super) fn find(
    context: &Context<'_>,
    (left, right): (&[Item], &[Item]),
    pairs: &[Pair],
    equality: Equality,
    first_only: bool,
) -> Result<Matches, NodeError> {
    let mut index: HashMap<String, Vec<usize>> = HashMap::new();
    let mut rows = Vec::with_capacity(right.len());
    for (at, item) in right.iter().enumerate() {
        context.go_on(at)?;
        let row: Vec<Value> = pairs.iter().map(|pair| pair.right.get(&item.json)).collect();
        index.entry(bucket(&row, equality)).or_default().push(at);
        rows.push(row);
    }
    let mut matches = Matches::default();
    let mut is_matched = vec![false; right.len()];
    let mut total = 0;
    for (at, item) in left.iter().enumerate() {
        context.go_on(at)?;
        let row: Vec<Value> = pairs.iter().map(|pair| pair.left.get(&item.json)).collect();
        let candidates = if row.is_empty() || row.iter().any(Value::is_undefined) {
            None
        } else {
            index.get(&bucket(&row, equality))
        };
        let equal = |other: &usize| row.iter().zip(&rows[*other]).all(|(a, b)| equality.holds(a, b));
        let candidates = candidates.into_iter().flatten().copied().filter(equal);
        let found: Vec<usize> = candidates.take(if first_only { 1 } else { usize::MAX }).collect();
        total += found.len();
        bounded(context, total)?;
        if found.is_empty() {
            matches.only_left.push(at);
        } else {
            found.iter().for_each(|other| is_matched[*other] = true);
            matches.matched.push((at, found));
        }
    }
    (matches.matched_right, matches.only_right) = (0..right.len()).partition(|at| is_matched[*at]);
    Ok(matches)
}

/// Fails if a node would give more items than a run may have.
pub(super) fn bounded(context: &Context<'_>, items: usize) -> Result<(), NodeError> {
    let most = context.limits.items;
    if items > most {
        return Err(NodeError::new(format!(
            "The inputs match in more than {most} ways: more items than a run may have"
        )));
    }
    Ok(())
}

/// Values that may be equal share a bucket.
fn bucket(row: &[Value], equality: Equality) -> String {
    if equality == Equality::Strict {
        return identity(row);
    }
    let loose: Vec<Value> = row.iter().map(loose).collect();
    identity(&loose)
}

fn loose(value: &Value) -> Value {
    let zero = || Value::from("0");
    let one = || Value::from("1");
    match value {
        Value::Undefined | Value::Null | Value::Bool(false) => zero(),
        Value::Bool(true) => one(),
        Value::Array(values) if values.is_empty() => zero(),
        Value::Number(_) => Value::String(value.to_text()),
        Value::String(text) if text.is_empty() || text.eq_ignore_ascii_case("false") => zero(),
        Value::String(text) if text.eq_ignore_ascii_case("true") => one(),
        Value::String(text) => parsed(text).map_or_else(|| value.clone(), |parsed| loose(&parsed)),
        other => other.clone(),
    }
}

/// The list or object that a text holds.
fn parsed(text: &str) -> Option<Value> {
    if !text.trim_start().starts_with(['{', '[']) {
        return None;
    }
    crate::value::parse(text).ok()
}

impl Equality {
    /// Are the values equal?
    pub(super) fn holds(self, a: &Value, b: &Value) -> bool {
        if self == Self::Strict {
            return a == b;
        }
        let is_null = |value: &Value| matches!(value, Value::Null);
        if !is_null(a) && !is_null(b) && a.type_of() == b.type_of() {
            return a == b;
        }
        let is_zero = |value: &Value| value.as_number() == Some(0.0) || value.as_str() == Some("0");
        let is_blank = |value: &Value| match value {
            Value::Null => true,
            Value::String(text) => text.is_empty(),
            Value::Array(values) => values.is_empty(),
            _ => false,
        };
        if self == Self::FuzzyNull && ((is_null(a) && is_zero(b)) || (is_null(b) && is_zero(a))) {
            return true;
        }
        match (a, b) {
            (Value::Undefined, other) | (other, Value::Undefined) if is_blank(other) => true,
            (a, b) if is_blank(a) && is_blank(b) => true,
            (number @ Value::Number(_), Value::String(text)) | (Value::String(text), number @ Value::Number(_)) => {
                number.to_text() == *text
            }
            (Value::Bool(bool), Value::String(text)) | (Value::String(text), Value::Bool(bool)) => {
                text.eq_ignore_ascii_case(if *bool { "true" } else { "false" })
                    || **text == *(if *bool { "1" } else { "0" })
            }
            (Value::Bool(bool), Value::Number(number)) | (Value::Number(number), Value::Bool(bool)) => {
                *number == f64::from(u8::from(*bool))
            }
            (container @ (Value::Array(_) | Value::Object(_)), Value::String(text))
            | (Value::String(text), container @ (Value::Array(_) | Value::Object(_))) => {
                parsed(text).is_some_and(|parsed| parsed == *container)
            }
            (a, b) => a == b,
        }
    }
}
