//! JSON in and out.

use super::{Object, Str, Value, number_to_text};
use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde::ser::{SerializeMap, SerializeSeq};
use serde::{Deserialize, Serialize, Serializer};
use std::cell::RefCell;
use std::fmt;
use std::hash::{BuildHasher, BuildHasherDefault, DefaultHasher};
use std::sync::Arc;

/// Reads JSON text. Nesting is bounded at 128 levels; the error says what is wrong and where.
pub fn parse(text: &str) -> Result<Value, serde_json::Error> {
    serde_json::from_str(text)
}

/// Reads JSON from bytes, as [`parse`] does.
pub fn parse_bytes(bytes: &[u8]) -> Result<Value, serde_json::Error> {
    serde_json::from_slice(bytes)
}

/// What `JSON.stringify(value)` gives, `undefined` as null.
pub fn to_string(value: &Value) -> String {
    // Writing to memory fails for no value: keys are text, and numbers that JSON lacks are written as null.
    serde_json::to_string(value).unwrap_or_default()
}

/// What `JSON.stringify(value, null, 2)` gives.
pub fn to_string_pretty(value: &Value) -> String {
    serde_json::to_string_pretty(value).unwrap_or_default()
}

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Undefined | Self::Null => serializer.serialize_unit(),
            Self::Bool(bool) => serializer.serialize_bool(*bool),
            Self::Number(number) if number.fract() == 0.0 && number.abs() < 1e15 => {
                serializer.serialize_i64(*number as i64)
            }
            // JavaScript writes 1e21 as 1e+21 and 123456789012345680000 in full, which serde does not.
            Self::Number(number) if number.is_finite() && number.abs() >= 1e15 => {
                match serde_json::value::RawValue::from_string(number_to_text(*number)) {
                    Ok(text) => text.serialize(serializer),
                    Err(_) => serializer.serialize_f64(*number),
                }
            }
            Self::Number(number) if number.is_finite() => serializer.serialize_f64(*number),
            Self::Number(_) => serializer.serialize_unit(),
            Self::String(text) => serializer.serialize_str(text),
            Self::Array(values) => {
                let mut list = serializer.serialize_seq(Some(values.len()))?;
                for value in values.iter() {
                    list.serialize_element(value)?;
                }
                list.end()
            }
            Self::Object(object) => object.serialize(serializer),
            Self::Exotic(value) => value.to_json().serialize(serializer),
        }
    }
}

impl Serialize for Object {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for (key, value) in self.iter().filter(|(_, value)| !leaves_out(value)) {
            map.serialize_entry(&**key, value)?;
        }
        map.end()
    }
}

fn leaves_out(value: &Value) -> bool {
    match value {
        Value::Undefined => true,
        Value::Exotic(value) => value.to_json().is_undefined(),
        _ => false,
    }
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ValueVisitor)
    }
}

impl<'de> Deserialize<'de> for Object {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match Value::deserialize(deserializer)? {
            Value::Object(object) => Ok(Arc::unwrap_or_clone(object)),
            _ => Err(D::Error::custom("an object was expected")),
        }
    }
}

struct ValueVisitor;

impl<'de> Visitor<'de> for ValueVisitor {
    type Value = Value;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, bool: bool) -> Result<Value, E> {
        Ok(Value::Bool(bool))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Value, E> {
        Ok(Value::Number(number as f64))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Value, E> {
        Ok(Value::Number(number as f64))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Value, E> {
        Ok(Value::Number(number))
    }

    fn visit_str<E>(self, text: &str) -> Result<Value, E> {
        Ok(Value::String(text.into()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Value, A::Error> {
        let mut values = Vec::new();
        while let Some(value) = list.next_element()? {
            values.push(value);
        }
        values.shrink_to_fit();
        Ok(Value::Array(Arc::new(values)))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let mut object = Object::new();
        while let Some(key) = map.next_key_seed(Key)? {
            object.insert(key, map.next_value()?);
        }
        Ok(Value::from(object))
    }
}

/// A key of an object. Items have the same keys over and over: they share one text.
struct Key;

impl<'de> DeserializeSeed<'de> for Key {
    type Value = Str;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Str, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for Key {
    type Value = Str;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a key")
    }

    fn visit_str<E>(self, key: &str) -> Result<Str, E> {
        Ok(shared(key))
    }
}

const SLOTS: usize = 256;
/// Longer keys are rarely keys of records.
const LONGEST_SHARED: usize = 48;

thread_local! {
    // One slot a hash: a cache that forgets, so that it needs no bound of its own.
    static KEYS: RefCell<Vec<Option<Str>>> = RefCell::new(vec![None; SLOTS]);
}

/// The shared text of a key.
fn shared(key: &str) -> Str {
    if key.len() > LONGEST_SHARED {
        return key.into();
    }
    let slot = BuildHasherDefault::<DefaultHasher>::default().hash_one(key) as usize % SLOTS;
    KEYS.with_borrow_mut(|keys| match &keys[slot] {
        Some(known) if **known == *key => known.clone(),
        _ => keys[slot].insert(key.into()).clone(),
    })
}

#[cfg(test)]
mod tests {
    use super::{parse, to_string};

    #[test]
    fn json_survives_the_way_through() {
        for text in
            [r#"{"a":1,"b":[true,null,"x\n"],"c":{"d":1.5}}"#, "[]", "1e+21", "-0.5", r#""ü""#, "123456789012345680000"]
        {
            assert_eq!(to_string(&parse(text).unwrap()), text);
        }
    }

    #[test]
    fn depth_is_bounded() {
        assert!(parse(&"[".repeat(100_000)).is_err());
    }
}
