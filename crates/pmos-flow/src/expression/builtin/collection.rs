//! `Map`, `Set`, iterators, and lists that have only a length.
//!
//! Maps and sets change in place, as all who hold them see.

use super::argument;
use crate::expression::ExpressionError;
use crate::expression::interpreter::{Interpreter, Run, same, type_error, uncovered};
use crate::value::{Exotic, Object, Value};
use parking_lot::Mutex;
use std::collections::HashMap;
use std::sync::Arc;

/// The entries of a map or the values of a set, in the order in which they came.
#[derive(Debug, Default)]
struct Table {
    entries: Vec<Option<(Value, Value)>>,
    /// Where the primitive keys are; objects are found by looking.
    index: HashMap<Key, usize>,
    size: usize,
}

#[derive(Debug, PartialEq, Eq, Hash)]
enum Key {
    Text(crate::value::Str),
    Number(u64),
    Other(&'static str),
}

impl Key {
    fn of(value: &Value) -> Option<Self> {
        Some(match value {
            Value::Undefined => Self::Other("undefined"),
            Value::Null => Self::Other("null"),
            Value::Bool(true) => Self::Other("true"),
            Value::Bool(false) => Self::Other("false"),
            Value::String(text) => Self::Text(text.clone()),
            Value::Number(number) if number.is_nan() => Self::Other("NaN"),
            // 0 and -0 are one key.
            Value::Number(number) => Self::Number((number + 0.0).to_bits()),
            _ => return None,
        })
    }
}

impl Table {
    fn find(&self, key: &Value) -> Option<usize> {
        match Key::of(key) {
            Some(key) => self.index.get(&key).copied(),
            None => self.entries.iter().position(|entry| entry.as_ref().is_some_and(|(known, _)| same(known, key))),
        }
    }

    fn set(&mut self, key: Value, value: Value) {
        match self.find(&key) {
            Some(at) => self.entries[at] = Some((key, value)),
            None => {
                if let Some(short) = Key::of(&key) {
                    self.index.insert(short, self.entries.len());
                }
                self.entries.push(Some((key, value)));
                self.size += 1;
            }
        }
    }

    fn remove(&mut self, key: &Value) -> bool {
        let Some(at) = self.find(key) else { return false };
        if let Some(short) = Key::of(key) {
            self.index.remove(&short);
        }
        self.entries[at] = None;
        self.size -= 1;
        true
    }

    fn get(&self, key: &Value) -> Option<Value> {
        self.find(key).and_then(|at| self.entries[at].as_ref()).map(|(_, value)| value.clone())
    }

    fn keys(&self) -> Vec<Value> {
        self.entries.iter().flatten().map(|(key, _)| key.clone()).collect()
    }
}

/// A `Map`.
#[derive(Debug, Default)]
pub(crate) struct Map(Mutex<Table>);

/// A `Set`.
#[derive(Debug, Default)]
pub(crate) struct Set(Mutex<Table>);

macro_rules! exotic_collection {
    ($type:ty, $text:literal) => {
        impl Exotic for $type {
            fn to_json(&self) -> Value {
                Value::from(Object::new())
            }

            fn to_text(&self) -> String {
                $text.to_owned()
            }

            fn get(&self, name: &str) -> Result<Value, ExpressionError> {
                Ok(if name == "size" { self.0.lock().size.into() } else { Value::Undefined })
            }
        }
    };
}
exotic_collection!(Map, "[object Map]");
exotic_collection!(Set, "[object Set]");

impl Map {
    pub(crate) fn entries(&self) -> Vec<Value> {
        self.0.lock().entries.iter().flatten().map(|(key, value)| Value::list([key.clone(), value.clone()])).collect()
    }

    fn values(&self) -> Vec<Value> {
        self.0.lock().entries.iter().flatten().map(|(_, value)| value.clone()).collect()
    }
}

impl Set {
    pub(crate) fn values(&self) -> Vec<Value> {
        self.0.lock().keys()
    }
}

/// Keeps a collection for the end of the evaluation: it may hold itself, and must be emptied then.
fn kept(own: &mut Interpreter<'_>, value: Value) -> Value {
    own.collections.push(value.clone());
    value
}

/// Empties a collection.
pub(crate) fn clear(value: &Value) {
    let table = match (value.as_exotic::<Map>(), value.as_exotic::<Set>()) {
        (Some(map), _) => std::mem::take(&mut *map.0.lock()),
        (_, Some(set)) => std::mem::take(&mut *set.0.lock()),
        _ => return,
    };
    drop(table);
}

pub(super) fn new_map(own: &mut Interpreter<'_>, source: &Value) -> Run<Value> {
    let mut table = Table::default();
    if !source.is_nullish() {
        for entry in own.iterate(source)? {
            if !matches!(entry, Value::Array(_) | Value::Object(_)) {
                return type_error(format!("Iterator value {} is not an entry object", entry.to_text()));
            }
            table.set(own.get(&entry, "0")?, own.get(&entry, "1")?);
        }
    }
    own.charge(table.size * 96)?;
    Ok(kept(own, Value::Exotic(Arc::new(Map(Mutex::new(table))))))
}

pub(super) fn new_set(own: &mut Interpreter<'_>, source: &Value) -> Run<Value> {
    let values = if source.is_nullish() { Vec::new() } else { own.iterate(source)? };
    own.charge(values.len() * 96)?;
    Ok(set_of(own, values))
}

fn set_of(own: &mut Interpreter<'_>, values: Vec<Value>) -> Value {
    let mut table = Table::default();
    for value in values {
        // The first of equal values stays.
        if table.find(&value).is_none() {
            table.set(value.clone(), value);
        }
    }
    kept(own, Value::Exotic(Arc::new(Set(Mutex::new(table)))))
}

pub(super) fn call_static(own: &mut Interpreter<'_>, name: &str, arguments: &[Value]) -> Run<Option<Value>> {
    if name != "groupBy" {
        return Ok(None);
    }
    let mut groups: Vec<(Value, Vec<Value>)> = Vec::new();
    for (at, value) in own.iterate(argument(arguments, 0))?.into_iter().enumerate() {
        let key = own.call(argument(arguments, 1), vec![value.clone(), at.into()])?;
        own.steps(groups.len())?;
        match groups.iter_mut().find(|(known, _)| same(known, &key)) {
            Some((_, group)) => group.push(value),
            None => groups.push((key, vec![value])),
        }
    }
    let entries: Vec<Value> = groups.into_iter().map(|(key, group)| Value::list([key, group.into()])).collect();
    new_map(own, &entries.into()).map(Some)
}

pub(super) fn map_method(
    own: &mut Interpreter<'_>,
    whole: &Value,
    map: &Map,
    name: &str,
    arguments: &[Value],
) -> Run<Option<Value>> {
    own.step()?;
    let first = argument(arguments, 0);
    if !matches!(first, Value::String(_) | Value::Number(_)) {
        own.steps(map.0.lock().size / 8)?;
    }
    Ok(Some(match name {
        "get" => map.0.lock().get(first).unwrap_or_default(),
        "has" => map.0.lock().find(first).is_some().into(),
        "set" => {
            own.charge(96)?;
            let value = argument(arguments, 1).clone();
            map.0.lock().set(first.clone(), value);
            whole.clone()
        }
        "delete" => map.0.lock().remove(first).into(),
        "clear" => {
            clear(whole);
            Value::Undefined
        }
        "keys" => Iter::of(map.0.lock().keys()),
        "values" => Iter::of(map.values()),
        "entries" => Iter::of(map.entries()),
        "forEach" => {
            for entry in map.entries() {
                let (key, value) = (own.get(&entry, "0")?, own.get(&entry, "1")?);
                own.call(first, vec![value, key, whole.clone()])?;
            }
            Value::Undefined
        }
        _ => return Ok(None),
    }))
}

pub(super) fn set_method(
    own: &mut Interpreter<'_>,
    whole: &Value,
    set: &Set,
    name: &str,
    arguments: &[Value],
) -> Run<Option<Value>> {
    own.step()?;
    let first = argument(arguments, 0);
    if !matches!(first, Value::String(_) | Value::Number(_)) {
        own.steps(set.0.lock().size / 8)?;
    }
    Ok(Some(match name {
        "has" => set.0.lock().find(first).is_some().into(),
        "add" => {
            own.charge(96)?;
            let mut table = set.0.lock();
            if table.find(first).is_none() {
                table.set(first.clone(), first.clone());
            }
            whole.clone()
        }
        "delete" => set.0.lock().remove(first).into(),
        "clear" => {
            clear(whole);
            Value::Undefined
        }
        "keys" | "values" => Iter::of(set.values()),
        "entries" => Iter::of(set.values().into_iter().map(|value| Value::list([value.clone(), value])).collect()),
        "forEach" => {
            for value in set.values() {
                own.call(first, vec![value.clone(), value, whole.clone()])?;
            }
            Value::Undefined
        }
        "union"
        | "intersection"
        | "difference"
        | "symmetricDifference"
        | "isSubsetOf"
        | "isSupersetOf"
        | "isDisjointFrom" => {
            let Some(other) = first.as_exotic::<Set>() else { return uncovered(name) };
            combine(own, name, set.values(), other.values())?
        }
        _ => return Ok(None),
    }))
}

fn combine(own: &mut Interpreter<'_>, name: &str, mine: Vec<Value>, theirs: Vec<Value>) -> Run<Value> {
    own.charge((mine.len() + theirs.len()) * 96)?;
    let table = |values: &[Value]| {
        let mut table = Table::default();
        values.iter().for_each(|value| table.set(value.clone(), value.clone()));
        table
    };
    let (in_mine, in_theirs) = (table(&mine), table(&theirs));
    let has = |table: &Table, value: &Value| table.find(value).is_some();
    Ok(match name {
        "isSubsetOf" => mine.iter().all(|value| has(&in_theirs, value)).into(),
        "isSupersetOf" => theirs.iter().all(|value| has(&in_mine, value)).into(),
        "isDisjointFrom" => (!mine.iter().any(|value| has(&in_theirs, value))).into(),
        "union" => set_of(own, mine.into_iter().chain(theirs).collect()),
        "intersection" if mine.len() <= theirs.len() => {
            set_of(own, mine.into_iter().filter(|value| has(&in_theirs, value)).collect())
        }
        "intersection" => set_of(own, theirs.into_iter().filter(|value| has(&in_mine, value)).collect()),
        "difference" => set_of(own, mine.into_iter().filter(|value| !has(&in_theirs, value)).collect()),
        _ => {
            let others: Vec<Value> = theirs.into_iter().filter(|value| !has(&in_mine, value)).collect();
            set_of(own, mine.into_iter().filter(|value| !has(&in_theirs, value)).chain(others).collect())
        }
    })
}

/// An iterator: its values were made already, and each is given once.
#[derive(Debug)]
pub(crate) struct Iter(Mutex<std::vec::IntoIter<Value>>);

impl Iter {
    pub(crate) fn of(values: Vec<Value>) -> Value {
        Value::Exotic(Arc::new(Self(Mutex::new(values.into_iter()))))
    }

    /// What is left.
    pub(crate) fn take(&self) -> Vec<Value> {
        std::mem::take(&mut *self.0.lock()).collect()
    }
}

impl Exotic for Iter {
    fn to_json(&self) -> Value {
        Value::from(Object::new())
    }

    fn to_text(&self) -> String {
        "[object Iterator]".to_owned()
    }
}

pub(super) fn iter_method(
    own: &mut Interpreter<'_>,
    iter: &Iter,
    name: &str,
    arguments: &[Value],
) -> Run<Option<Value>> {
    match name {
        "next" => {
            let next = iter.0.lock().next();
            let done = next.is_none();
            let result = Object::from_iter([("value", next.unwrap_or_default()), ("done", done.into())]);
            own.object(result).map(Some)
        }
        "toArray" => own.list(iter.take()).map(Some),
        "map" | "filter" | "flatMap" => {
            let list = own.list(iter.take())?;
            let made = own.invoke(list, &name.into(), arguments.to_vec())?;
            Ok(made.as_array().map(|values| Iter::of(values.to_vec())))
        }
        "some" | "every" | "find" | "forEach" | "reduce" => {
            let list = own.list(iter.take())?;
            own.invoke(list, &name.into(), arguments.to_vec()).map(Some)
        }
        _ => Ok(None),
    }
}

/// `Array(n)`: a list that has a length and no elements yet.
#[derive(Debug)]
pub(crate) struct Holes(usize);

pub(super) fn holes(length: usize) -> Run<Value> {
    if length > 10_000_000 { uncovered("a very long list") } else { Ok(Value::Exotic(Arc::new(Holes(length)))) }
}

impl Exotic for Holes {
    fn to_json(&self) -> Value {
        Value::list(std::iter::repeat_n(Value::Null, self.0))
    }

    fn to_text(&self) -> String {
        ",".repeat(self.0.saturating_sub(1))
    }

    fn get(&self, name: &str) -> Result<Value, ExpressionError> {
        Ok(if name == "length" { self.0.into() } else { Value::Undefined })
    }

    fn call(&self, name: &str, arguments: &[Value]) -> Result<Option<Value>, ExpressionError> {
        Ok(Some(match name {
            "fill" if arguments.len() == 1 => Value::list(std::iter::repeat_n(arguments[0].clone(), self.0)),
            "keys" => Iter::of((0..self.0).map(Value::from).collect()),
            "join" if argument(arguments, 0).as_str().is_some_and(|text| text.len() * self.0 < 1 << 20) => {
                argument(arguments, 0).to_text().repeat(self.0.saturating_sub(1)).into()
            }
            _ => return Err(ExpressionError::Uncovered("a list with holes".into())),
        }))
    }
}

impl Holes {
    /// Its elements when something goes over them all the same.
    pub(super) fn values(&self) -> Vec<Value> {
        vec![Value::Undefined; self.0]
    }
}
