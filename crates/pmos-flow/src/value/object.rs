//! Objects in JavaScript's order: integer-like keys ascending, then the others as they came.

use super::{Str, Value};
use std::collections::HashMap;

/// From this many fields on an object keeps an index; below, comparing keys one by one is faster.
const INDEXED_FROM: usize = 12;

/// An object: its fields in JavaScript's order.
#[derive(Clone, Debug, Default)]
pub struct Object {
    entries: Vec<(Str, Value)>,
    /// How many of the first entries have integer-like keys.
    integers: usize,
    #[expect(clippy::box_collection, reason = "most objects have none, and a map is six times as large as a pointer")]
    index: Option<Box<HashMap<Str, usize>>>,
}

impl Object {
    /// An object without fields.
    pub fn new() -> Self {
        Self::default()
    }

    /// An object with room for `fields` fields.
    pub fn with_capacity(fields: usize) -> Self {
        Self { entries: Vec::with_capacity(fields), ..Self::default() }
    }

    /// How many fields it has.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Has it no field?
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The value of a field.
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.position(key).map(|at| &self.entries[at].1)
    }

    /// The value of a field, to change it.
    pub fn get_mut(&mut self, key: &str) -> Option<&mut Value> {
        self.position(key).map(|at| &mut self.entries[at].1)
    }

    /// Has it this field?
    pub fn contains_key(&self, key: &str) -> bool {
        self.position(key).is_some()
    }

    /// Sets a field; one that exists keeps its place. Gives the value that it had.
    pub fn insert(&mut self, key: impl Into<Str> + AsRef<str>, value: Value) -> Option<Value> {
        if let Some(at) = self.position(key.as_ref()) {
            return Some(std::mem::replace(&mut self.entries[at].1, value));
        }
        let key: Str = key.into();
        match integer(&key) {
            None => {
                if let Some(index) = &mut self.index {
                    index.insert(key.clone(), self.entries.len());
                }
                self.entries.push((key, value));
                if self.index.is_none() && self.entries.len() >= INDEXED_FROM {
                    self.reindex();
                }
            }
            Some(number) => {
                let at = self.entries[..self.integers].partition_point(|(key, _)| integer(key) < Some(number));
                self.integers += 1;
                self.entries.insert(at, (key, value));
                self.reindex();
            }
        }
        None
    }

    /// Removes a field and gives its value; the others keep their order.
    pub fn remove(&mut self, key: &str) -> Option<Value> {
        let at = self.position(key)?;
        self.integers -= usize::from(at < self.integers);
        let (_, value) = self.entries.remove(at);
        self.reindex();
        Some(value)
    }

    /// Keeps the fields for which `keep` is true.
    pub fn retain(&mut self, mut keep: impl FnMut(&Str, &Value) -> bool) {
        self.entries.retain(|(key, value)| keep(key, value));
        self.integers = self.entries.iter().take_while(|(key, _)| integer(key).is_some()).count();
        self.reindex();
    }

    /// The fields in order.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (&Str, &Value)> + ExactSizeIterator {
        self.entries.iter().map(|(key, value)| (key, value))
    }

    /// The keys in order.
    pub fn keys(&self) -> impl DoubleEndedIterator<Item = &Str> + ExactSizeIterator {
        self.entries.iter().map(|(key, _)| key)
    }

    /// The values in the order of their keys.
    pub fn values(&self) -> impl DoubleEndedIterator<Item = &Value> + ExactSizeIterator {
        self.entries.iter().map(|(_, value)| value)
    }

    fn position(&self, key: &str) -> Option<usize> {
        match &self.index {
            Some(index) => index.get(key).copied(),
            None => self.entries.iter().position(|(own, _)| **own == *key),
        }
    }

    fn reindex(&mut self) {
        self.index = (self.entries.len() >= INDEXED_FROM)
            .then(|| Box::new(self.entries.iter().enumerate().map(|(at, (key, _))| (key.clone(), at)).collect()));
    }
}

/// The number of an integer-like key (ECMA-262, array index): no sign, no leading zero, below 2^32 - 1.
fn integer(key: &str) -> Option<u32> {
    let first = key.as_bytes().first()?;
    if !first.is_ascii_digit() || (*first == b'0' && key.len() > 1) {
        return None;
    }
    key.parse().ok().filter(|number| *number != u32::MAX)
}

impl<K: Into<Str> + AsRef<str>> FromIterator<(K, Value)> for Object {
    fn from_iter<T: IntoIterator<Item = (K, Value)>>(fields: T) -> Self {
        let mut object = Self::new();
        object.extend(fields);
        object
    }
}

impl<K: Into<Str> + AsRef<str>> Extend<(K, Value)> for Object {
    fn extend<T: IntoIterator<Item = (K, Value)>>(&mut self, fields: T) {
        for (key, value) in fields {
            self.insert(key, value);
        }
    }
}

impl IntoIterator for Object {
    type Item = (Str, Value);
    type IntoIter = std::vec::IntoIter<(Str, Value)>;

    fn into_iter(self) -> Self::IntoIter {
        self.entries.into_iter()
    }
}

impl PartialEq for Object {
    /// The order of fields does not count.
    fn eq(&self, other: &Self) -> bool {
        self.len() == other.len() && self.iter().all(|(key, value)| other.get(key) == Some(value))
    }
}

#[cfg(test)]
mod tests {
    use super::{Object, Value};

    fn keys(object: &Object) -> Vec<&str> {
        object.keys().map(|key| &**key).collect()
    }

    #[test]
    fn integer_like_keys_come_first() {
        let mut object: Object = ["b", "10", "a", "2", "01", "0"].iter().map(|key| (*key, Value::Null)).collect();
        assert_eq!(keys(&object), ["0", "2", "10", "b", "a", "01"]);
        object.remove("2");
        assert_eq!(keys(&object), ["0", "10", "b", "a", "01"]);
        assert_eq!(object.get("01"), Some(&Value::Null));
    }

    #[test]
    fn many_fields_are_found() {
        let mut object: Object = (0..100).map(|n| (format!("k{n}"), Value::from(n))).collect();
        assert_eq!(object.get("k77"), Some(&Value::from(77)));
        assert_eq!(object.remove("k3"), Some(Value::from(3)));
        assert_eq!(object.get("k99"), Some(&Value::from(99)));
        object.retain(|key, _| key.ends_with('1'));
        assert_eq!(object.len(), 10);
        assert_eq!(object.get("k91"), Some(&Value::from(91)));
    }
}
