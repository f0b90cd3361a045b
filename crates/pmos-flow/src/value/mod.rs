//! The values of workflows: what JSON can hold, and in expressions what JavaScript can besides.
//!
//! - A clone costs a counter: text, lists and objects are shared and never change once they are shared.
//! - Numbers are IEEE 754 doubles, as in JavaScript; objects list integer-like keys first, as JavaScript does.
//! - Items hold JSON alone. [`Value::Undefined`] and [`Value::Exotic`] live in expressions; [`Value::into_json`] is the
//!   border between the two.

mod compare;
mod exotic;
mod json;
mod number;
mod object;
mod path;
mod sort;

pub use exotic::Exotic;
pub use json::{parse, parse_bytes, to_string, to_string_pretty};
pub use number::{number_from_text, number_to_text};
pub use object::Object;
pub use path::Path;
pub use sort::sort_by;

use std::sync::Arc;

/// Shared text.
pub type Str = Arc<str>;

/// A value of an item, a parameter or an expression.
#[derive(Clone, Debug, Default)]
pub enum Value {
    /// JavaScript's `undefined`: a missing field, a variable that does not exist.
    #[default]
    Undefined,
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number, a double as in JavaScript.
    Number(f64),
    /// Text.
    String(Str),
    /// A list.
    Array(Arc<Vec<Value>>),
    /// An object.
    Object(Arc<Object>),
    /// What JSON cannot hold: dates, durations, functions and their like. Only in expressions.
    Exotic(Arc<dyn Exotic>),
}

impl Value {
    /// An empty object.
    pub fn object() -> Self {
        Self::Object(Arc::default())
    }

    /// Text from anything that gives it.
    pub fn text(text: impl Into<Str>) -> Self {
        Self::String(text.into())
    }

    /// A list of values.
    pub fn list(values: impl IntoIterator<Item = Value>) -> Self {
        Self::Array(Arc::new(values.into_iter().collect()))
    }

    /// Is it `undefined` or `null`?
    pub fn is_nullish(&self) -> bool {
        matches!(self, Self::Undefined | Self::Null)
    }

    /// Is it `undefined`?
    pub fn is_undefined(&self) -> bool {
        matches!(self, Self::Undefined)
    }

    /// The text, if it is text.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::String(text) => Some(text),
            _ => None,
        }
    }

    /// The number, if it is one.
    pub fn as_number(&self) -> Option<f64> {
        match self {
            Self::Number(number) => Some(*number),
            _ => None,
        }
    }

    /// The boolean, if it is one.
    pub fn as_bool(&self) -> Option<bool> {
        match self {
            Self::Bool(bool) => Some(*bool),
            _ => None,
        }
    }

    /// The elements, if it is a list.
    pub fn as_array(&self) -> Option<&[Value]> {
        match self {
            Self::Array(values) => Some(values),
            _ => None,
        }
    }

    /// The object, if it is one.
    pub fn as_object(&self) -> Option<&Object> {
        match self {
            Self::Object(object) => Some(object),
            _ => None,
        }
    }

    /// The exotic value of type `T`, if it is one.
    pub fn as_exotic<T: Exotic>(&self) -> Option<&T> {
        match self {
            Self::Exotic(value) => (value.as_ref() as &dyn std::any::Any).downcast_ref(),
            _ => None,
        }
    }

    /// The field of an object; `undefined` where there is none, and for what is no object.
    pub fn get(&self, key: &str) -> &Value {
        const NOTHING: &Value = &Value::Undefined;
        match self {
            Self::Object(object) => object.get(key).unwrap_or(NOTHING),
            _ => NOTHING,
        }
    }

    /// What `Boolean(value)` is in JavaScript.
    pub fn is_truthy(&self) -> bool {
        match self {
            Self::Undefined | Self::Null => false,
            Self::Bool(bool) => *bool,
            Self::Number(number) => *number != 0.0 && !number.is_nan(),
            Self::String(text) => !text.is_empty(),
            Self::Exotic(value) => value.is_truthy(),
            Self::Array(_) | Self::Object(_) => true,
        }
    }

    /// What `String(value)` is in JavaScript: lists joined by commas, objects `[object Object]`.
    pub fn to_text(&self) -> Str {
        match self {
            Self::Undefined => "undefined".into(),
            Self::Null => "null".into(),
            Self::Bool(true) => "true".into(),
            Self::Bool(false) => "false".into(),
            Self::Number(number) => number_to_text(*number).into(),
            Self::String(text) => text.clone(),
            Self::Array(values) => {
                let mut joined = String::new();
                for (at, value) in values.iter().enumerate() {
                    if at > 0 {
                        joined.push(',');
                    }
                    if !value.is_nullish() {
                        joined.push_str(&value.to_text());
                    }
                }
                joined.into()
            }
            Self::Object(_) => "[object Object]".into(),
            Self::Exotic(value) => value.to_text().into(),
        }
    }

    /// What `Number(value)` is in JavaScript: NaN for what is no number.
    pub fn to_number(&self) -> f64 {
        match self {
            Self::Undefined => f64::NAN,
            Self::Null => 0.0,
            Self::Bool(bool) => f64::from(u8::from(*bool)),
            Self::Number(number) => *number,
            Self::String(text) => number_from_text(text),
            Self::Array(_) | Self::Object(_) => number_from_text(&self.to_text()),
            Self::Exotic(value) => value.to_number(),
        }
    }

    /// What JavaScript's `typeof` says.
    pub fn type_of(&self) -> &'static str {
        match self {
            Self::Undefined => "undefined",
            Self::Null | Self::Array(_) | Self::Object(_) => "object",
            Self::Bool(_) => "boolean",
            Self::Number(_) => "number",
            Self::String(_) => "string",
            Self::Exotic(value) => value.type_of(),
        }
    }

    /// Does it hold JSON alone, all the way down?
    pub fn is_json(&self) -> bool {
        match self {
            Self::Undefined | Self::Exotic(_) => false,
            Self::Number(number) => number.is_finite(),
            Self::Null | Self::Bool(_) | Self::String(_) => true,
            Self::Array(values) => values.iter().all(Value::is_json),
            Self::Object(object) => object.values().all(Value::is_json),
        }
    }

    /// What `JSON.parse(JSON.stringify(value))` is in JavaScript: dates become ISO text, NaN and `undefined` in lists
    /// null, undefined fields vanish. `undefined` itself stays, for the caller to leave out or to write as null.
    #[must_use]
    pub fn into_json(self) -> Self {
        if self.is_json() {
            return self;
        }
        match self {
            Self::Number(_) => Self::Null,
            Self::Array(values) => Self::list(values.iter().map(|value| match value.clone().into_json() {
                Self::Undefined => Self::Null,
                value => value,
            })),
            Self::Object(object) => Self::from(
                object
                    .iter()
                    .map(|(key, value)| (key.clone(), value.clone().into_json()))
                    .filter(|(_, value)| !value.is_undefined())
                    .collect::<Object>(),
            ),
            Self::Exotic(value) => value.to_json(),
            value => value,
        }
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}
impl From<f64> for Value {
    fn from(value: f64) -> Self {
        Self::Number(value)
    }
}
impl From<i32> for Value {
    fn from(value: i32) -> Self {
        Self::Number(f64::from(value))
    }
}
impl From<i64> for Value {
    fn from(value: i64) -> Self {
        Self::Number(value as f64)
    }
}
impl From<usize> for Value {
    fn from(value: usize) -> Self {
        Self::Number(value as f64)
    }
}
impl From<&str> for Value {
    fn from(value: &str) -> Self {
        Self::String(value.into())
    }
}
impl From<String> for Value {
    fn from(value: String) -> Self {
        Self::String(value.into())
    }
}
impl From<Str> for Value {
    fn from(value: Str) -> Self {
        Self::String(value)
    }
}
impl From<Object> for Value {
    fn from(value: Object) -> Self {
        Self::Object(Arc::new(value))
    }
}
impl From<Arc<Object>> for Value {
    fn from(value: Arc<Object>) -> Self {
        Self::Object(value)
    }
}
impl From<Vec<Value>> for Value {
    fn from(value: Vec<Value>) -> Self {
        Self::Array(Arc::new(value))
    }
}
impl<T: Into<Value>> From<Option<T>> for Value {
    /// Nothing is `null`.
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}
