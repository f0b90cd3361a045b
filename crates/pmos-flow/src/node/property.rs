//! How a node describes its parameters: names, kinds, defaults, and when each is there.
//!
//! A file stores only values that differ from their defaults, and a default can depend on the version of the node and on
//! other parameters: so the description is part of what a workflow means.

use crate::value::Value;

/// A parameter of a node type.
#[derive(Clone, Copy, Debug)]
pub struct Property {
    /// Its name in the file.
    pub name: &'static str,
    /// What kind of value it holds.
    pub kind: Kind,
    /// What it is when the file does not say.
    pub default: DefaultValue,
    /// When it is there.
    pub shown: &'static [Shown],
    /// From which version of the node on.
    pub since: f64,
    /// Up to which version, included.
    pub until: f64,
    /// Must it have a value?
    pub required: bool,
}

/// What kind of value a parameter holds.
#[derive(Clone, Copy, Debug)]
pub enum Kind {
    /// Text.
    Text,
    /// A number.
    Number,
    /// True or false.
    Bool,
    /// One of these.
    Options(&'static [&'static str]),
    /// Some of these.
    Several(&'static [&'static str]),
    /// A date.
    Date,
    /// JSON, as text or as it is.
    Json,
    /// Rules with `conditions`, as If has them.
    Filter,
    /// `assignments`, as Edit Fields has them.
    Assignments,
    /// A thing that is picked by id, address or name.
    Resource,
    /// Fields mapped to columns.
    Mapper,
    /// An object of options, each of which may be missing.
    Collection(&'static [Property]),
    /// Groups of fields, each an object or, where `many` is true, a list of objects.
    Group {
        /// The names of the groups with their fields.
        groups: &'static [(&'static str, &'static [Property])],
        /// Is each group a list?
        many: bool,
    },
    /// Whatever it is.
    Any,
}

/// A default.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum DefaultValue {
    /// There is none.
    Nothing,
    /// Text.
    Text(&'static str),
    /// A number.
    Number(f64),
    /// True or false.
    Bool(bool),
    /// An empty object.
    Object,
    /// An empty list.
    List,
}

/// A condition under which a parameter is there: another one has one of these values, or none of them.
#[derive(Clone, Copy, Debug)]
pub struct Shown {
    /// The other parameter, at the top level of the node.
    pub name: &'static str,
    /// Its values, as text: `true` for a boolean.
    pub values: &'static [&'static str],
    /// Must it have one of them, or none?
    pub is: bool,
}

impl Property {
    const fn new(name: &'static str, kind: Kind, default: DefaultValue) -> Self {
        Self { name, kind, default, shown: &[], since: 0.0, until: f64::MAX, required: false }
    }

    /// A text, empty by default.
    pub const fn text(name: &'static str) -> Self {
        Self::new(name, Kind::Text, DefaultValue::Text(""))
    }

    /// A number.
    pub const fn number(name: &'static str, default: f64) -> Self {
        Self::new(name, Kind::Number, DefaultValue::Number(default))
    }

    /// True or false.
    pub const fn bool(name: &'static str, default: bool) -> Self {
        Self::new(name, Kind::Bool, DefaultValue::Bool(default))
    }

    /// One of some words.
    pub const fn options(name: &'static str, default: &'static str, options: &'static [&'static str]) -> Self {
        Self::new(name, Kind::Options(options), DefaultValue::Text(default))
    }

    /// An object of options.
    pub const fn collection(name: &'static str, properties: &'static [Property]) -> Self {
        Self::new(name, Kind::Collection(properties), DefaultValue::Object)
    }

    /// Groups of fields, each one object.
    pub const fn group(name: &'static str, groups: &'static [(&'static str, &'static [Property])]) -> Self {
        Self::new(name, Kind::Group { groups, many: false }, DefaultValue::Object)
    }

    /// Groups of fields, each a list of objects.
    pub const fn groups(name: &'static str, groups: &'static [(&'static str, &'static [Property])]) -> Self {
        Self::new(name, Kind::Group { groups, many: true }, DefaultValue::Object)
    }

    /// Of another kind: with no default but an empty object or nothing.
    pub const fn of(name: &'static str, kind: Kind) -> Self {
        let default = match kind {
            Kind::Filter | Kind::Assignments | Kind::Mapper | Kind::Resource => DefaultValue::Object,
            Kind::Several(_) => DefaultValue::List,
            Kind::Json | Kind::Date => DefaultValue::Text(""),
            _ => DefaultValue::Nothing,
        };
        Self::new(name, kind, default)
    }

    /// The same with another default text.
    #[must_use]
    pub const fn or(mut self, default: &'static str) -> Self {
        self.default = DefaultValue::Text(default);
        self
    }

    /// The same under another name.
    #[must_use]
    pub const fn named(mut self, name: &'static str) -> Self {
        self.name = name;
        self
    }

    /// The same, there only under all of these conditions.
    #[must_use]
    pub const fn when(mut self, shown: &'static [Shown]) -> Self {
        self.shown = shown;
        self
    }

    /// The same, from this version of the node on.
    #[must_use]
    pub const fn since(mut self, version: f64) -> Self {
        self.since = version;
        self
    }

    /// The same, up to this version of the node, included.
    #[must_use]
    pub const fn until(mut self, version: f64) -> Self {
        self.until = version;
        self
    }

    /// The same, and it must have a value.
    #[must_use]
    pub const fn required(mut self) -> Self {
        self.required = true;
        self
    }
}

impl Shown {
    /// The other parameter has one of these values.
    pub const fn is(name: &'static str, values: &'static [&'static str]) -> Self {
        Self { name, values, is: true }
    }

    /// The other parameter has none of these values.
    pub const fn not(name: &'static str, values: &'static [&'static str]) -> Self {
        Self { name, values, is: false }
    }
}

impl DefaultValue {
    /// The default as a value.
    pub fn value(self) -> Value {
        match self {
            Self::Nothing => Value::Undefined,
            Self::Text(text) => Value::from(text),
            Self::Number(number) => Value::Number(number),
            Self::Bool(bool) => Value::Bool(bool),
            Self::Object => Value::object(),
            Self::List => Value::list([]),
        }
    }
}
