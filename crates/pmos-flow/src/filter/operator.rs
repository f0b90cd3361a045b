//! What a condition compares, and how.

use std::cmp::Ordering;

/// The type that both sides are made to fit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Any,
    Text,
    Number,
    Date,
    Bool,
    List,
    Object,
}

impl Kind {
    pub(super) fn read(name: &str) -> Self {
        match name {
            "string" => Self::Text,
            "number" => Self::Number,
            "dateTime" => Self::Date,
            "boolean" => Self::Bool,
            "array" => Self::List,
            "object" => Self::Object,
            _ => Self::Any,
        }
    }

    /// As messages name it.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Any => "any",
            Self::Text => "string",
            Self::Number => "number",
            Self::Date => "dateTime",
            Self::Bool => "boolean",
            Self::List => "array",
            Self::Object => "object",
        }
    }
}

/// A question about two values, and whether its answer is turned around.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Operation {
    pub(super) question: Question,
    pub(super) negated: bool,
}

/// A question about two values; nothing for one that nobody knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Question {
    Exists,
    IsEmpty,
    IsTrue,
    Contains,
    StartsWith,
    EndsWith,
    Matches,
    Compares(Comparison),
    /// How the length of a list compares.
    Length(Comparison),
    Unknown,
}

/// How two values that have an order compare.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Comparison {
    Equal,
    Greater,
    Less,
    GreaterOrEqual,
    LessOrEqual,
}

impl Comparison {
    /// Does it hold for values in this order? Values without an order, such as NaN, never compare.
    pub(super) fn holds(self, order: Option<Ordering>) -> bool {
        order.is_some_and(|order| match self {
            Self::Equal => order.is_eq(),
            Self::Greater => order.is_gt(),
            Self::Less => order.is_lt(),
            Self::GreaterOrEqual => order.is_ge(),
            Self::LessOrEqual => order.is_le(),
        })
    }
}

impl Operation {
    pub(super) fn read(name: &str) -> Self {
        use Comparison::{Equal, Greater, GreaterOrEqual, Less, LessOrEqual};
        use Question::{Compares, Contains, EndsWith, Exists, IsEmpty, IsTrue, Length, Matches, StartsWith, Unknown};
        let (question, negated) = match name {
            "exists" => (Exists, false),
            "notExists" => (Exists, true),
            "empty" => (IsEmpty, false),
            "notEmpty" => (IsEmpty, true),
            "true" => (IsTrue, false),
            "false" => (IsTrue, true),
            "equals" => (Compares(Equal), false),
            "notEquals" => (Compares(Equal), true),
            "contains" => (Contains, false),
            "notContains" => (Contains, true),
            "startsWith" => (StartsWith, false),
            "notStartsWith" => (StartsWith, true),
            "endsWith" => (EndsWith, false),
            "notEndsWith" => (EndsWith, true),
            "regex" => (Matches, false),
            "notRegex" => (Matches, true),
            "gt" | "after" => (Compares(Greater), false),
            "lt" | "before" => (Compares(Less), false),
            "gte" | "afterOrEquals" => (Compares(GreaterOrEqual), false),
            "lte" | "beforeOrEquals" => (Compares(LessOrEqual), false),
            "lengthEquals" => (Length(Equal), false),
            "lengthNotEquals" => (Length(Equal), true),
            "lengthGt" => (Length(Greater), false),
            "lengthLt" => (Length(Less), false),
            "lengthGte" => (Length(GreaterOrEqual), false),
            "lengthLte" => (Length(LessOrEqual), false),
            _ => (Unknown, false),
        };
        Self { question, negated }
    }
}
