//! What a query says.

use crate::value::{Str, Value};
use std::collections::HashSet;
use std::sync::Arc;

/// A query: one SELECT or several, one after the other, and the order of the rows.
#[derive(Clone, Debug)]
pub(super) struct Query {
    pub(super) first: Select,
    pub(super) others: Vec<(Union, Select)>,
    pub(super) order: Vec<(Expr, bool)>,
    pub(super) limit: Option<usize>,
    pub(super) offset: usize,
}

/// How the rows of two SELECTs become one list.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Union {
    All,
    Distinct,
    Except,
    Intersect,
}

#[derive(Clone, Debug)]
pub(super) struct Select {
    pub(super) distinct: bool,
    pub(super) columns: Vec<Column>,
    pub(super) from: Vec<From>,
    pub(super) filter: Option<Expr>,
    pub(super) groups: Vec<Expr>,
    pub(super) having: Option<Expr>,
}

/// What stands between SELECT and FROM.
#[derive(Clone, Debug)]
pub(super) enum Column {
    /// `*`, or all of one table.
    All(Option<Str>),
    /// A value under a name.
    Of(Expr, Str),
}

/// A table, and how it is joined to those before it.
#[derive(Clone, Debug)]
pub(super) struct From {
    pub(super) table: Table,
    pub(super) name: Str,
    pub(super) join: Join,
    pub(super) on: Option<Expr>,
    pub(super) using: Vec<Str>,
}

#[derive(Clone, Debug)]
pub(super) enum Table {
    Named(Str),
    Query(Box<Query>),
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Join {
    Inner,
    Left,
    Right,
    Full,
}

#[derive(Clone, Debug)]
pub(super) enum Expr {
    Literal(Value),
    /// The names as written, and once the tables are known, the table and the path within its rows.
    Column {
        names: Vec<Str>,
        bound: Option<(usize, Vec<Str>)>,
    },
    /// In double quotes: a column where there is one, else text.
    Double(Str),
    /// `value->field`.
    Field(Box<Expr>, Str),
    All(Vec<Expr>),
    Any(Vec<Expr>),
    Not(Box<Expr>),
    Minus(Box<Expr>),
    Binary(Op, Box<Expr>, Box<Expr>),
    Like {
        value: Box<Expr>,
        pattern: Box<Expr>,
        not: bool,
    },
    In {
        value: Box<Expr>,
        list: Vec<Expr>,
        not: bool,
    },
    InQuery {
        value: Box<Expr>,
        query: Box<Query>,
        not: bool,
    },
    /// The same, once the query has been run: the identities of its values.
    Among {
        value: Box<Expr>,
        of: Arc<HashSet<String>>,
        not: bool,
    },
    /// A query of one row and column.
    Scalar(Box<Query>),
    Exists(Box<Query>),
    Between {
        value: Box<Expr>,
        low: Box<Expr>,
        high: Box<Expr>,
        not: bool,
    },
    IsNull {
        value: Box<Expr>,
        not: bool,
    },
    Case {
        of: Option<Box<Expr>>,
        when: Vec<(Expr, Expr)>,
        otherwise: Option<Box<Expr>>,
    },
    Cast(Box<Expr>, Str),
    Function {
        name: Str,
        arguments: Vec<Expr>,
    },
    /// Over the rows of a group; `slot` is its place among the aggregates of the SELECT.
    Aggregate {
        kind: Aggregate,
        distinct: bool,
        of: Option<Box<Expr>>,
        slot: usize,
    },
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Op {
    Equal,
    NotEqual,
    Less,
    AtMost,
    More,
    AtLeast,
    Add,
    Subtract,
    Multiply,
    Divide,
    Remainder,
    Power,
    Join,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Aggregate {
    Count,
    Sum,
    Average,
    Min,
    Max,
    First,
    Last,
    List,
}

impl Aggregate {
    /// By its name in capitals.
    pub(super) fn named(name: &str) -> Option<Self> {
        Some(match name {
            "COUNT" => Self::Count,
            "SUM" => Self::Sum,
            "AVG" => Self::Average,
            "MIN" => Self::Min,
            "MAX" => Self::Max,
            "FIRST" => Self::First,
            "LAST" => Self::Last,
            "ARRAY" => Self::List,
            _ => return None,
        })
    }

    fn name(self) -> &'static str {
        match self {
            Self::Count => "COUNT",
            Self::Sum => "SUM",
            Self::Average => "AVG",
            Self::Min => "MIN",
            Self::Max => "MAX",
            Self::First => "FIRST",
            Self::Last => "LAST",
            Self::List => "ARRAY",
        }
    }
}

impl Op {
    fn sign(self) -> &'static str {
        match self {
            Self::Equal => "=",
            Self::NotEqual => "!=",
            Self::Less => "<",
            Self::AtMost => "<=",
            Self::More => ">",
            Self::AtLeast => ">=",
            Self::Add => "+",
            Self::Subtract => "-",
            Self::Multiply => "*",
            Self::Divide => "/",
            Self::Remainder => "%",
            Self::Power => "^",
            Self::Join => "||",
        }
    }
}

impl Expr {
    /// A column by its names, not yet bound.
    pub(super) fn column(names: Vec<Str>) -> Self {
        Self::Column { names, bound: None }
    }

    /// The name of its column where none is given.
    pub(super) fn name(&self) -> Str {
        match self {
            Self::Column { names, .. } => names.last().cloned().unwrap_or_default(),
            other => other.text().into(),
        }
    }

    fn text(&self) -> String {
        let list = |list: &[Self], between: &str| list.iter().map(Self::text).collect::<Vec<_>>().join(between);
        match self {
            Self::Literal(Value::String(text)) => format!("'{text}'"),
            Self::Literal(Value::Undefined) => "NULL".to_owned(),
            Self::Literal(Value::Bool(bool)) => bool.to_string().to_uppercase(),
            Self::Literal(value) => value.to_text().to_string(),
            Self::Column { names, .. } => names.join("."),
            Self::Double(text) => text.to_string(),
            Self::Field(of, name) => format!("{}->{name}", of.text()),
            Self::All(parts) => list(parts, " AND "),
            Self::Any(parts) => list(parts, " OR "),
            Self::Not(of) => format!("NOT({})", of.text()),
            Self::Minus(of) => format!("-{}", of.text()),
            Self::Binary(op, left, right) => format!("{} {} {}", left.text(), op.sign(), right.text()),
            Self::Like { value, pattern, not } => format!("{} {}LIKE {}", value.text(), negated(*not), pattern.text()),
            Self::In { value, list: of, not } => format!("{} {}IN ({})", value.text(), negated(*not), list(of, ",")),
            Self::InQuery { value, not, .. } | Self::Among { value, not, .. } => {
                format!("{} {}IN (SELECT)", value.text(), negated(*not))
            }
            Self::Scalar(_) => "(SELECT)".to_owned(),
            Self::Exists(_) => "EXISTS(SELECT)".to_owned(),
            Self::Between { value, low, high, not } => {
                format!("{} {}BETWEEN {} AND {}", value.text(), negated(*not), low.text(), high.text())
            }
            Self::IsNull { value, not } => format!("{} IS {}NULL", value.text(), negated(*not)),
            Self::Case { .. } => "CASE".to_owned(),
            Self::Cast(of, kind) => format!("CAST({} AS {kind})", of.text()),
            Self::Function { name, arguments } => format!("{name}({})", list(arguments, ",")),
            Self::Aggregate { kind, distinct, of, .. } => {
                let of = of.as_ref().map_or("*".to_owned(), |of| of.text());
                format!("{}({}{of})", kind.name(), if *distinct { "DISTINCT " } else { "" })
            }
        }
    }

    /// Calls `change` for it and all within, innermost first.
    pub(super) fn change<E>(&mut self, change: &mut dyn FnMut(&mut Self) -> Result<(), E>) -> Result<(), E> {
        match self {
            Self::Literal(_) | Self::Column { .. } | Self::Double(_) | Self::Scalar(_) | Self::Exists(_) => {}
            Self::Field(of, _) | Self::Not(of) | Self::Minus(of) | Self::Cast(of, _) => of.change(change)?,
            Self::IsNull { value, .. } | Self::InQuery { value, .. } | Self::Among { value, .. } => {
                value.change(change)?
            }
            Self::All(parts) | Self::Any(parts) | Self::Function { arguments: parts, .. } => each(parts, change)?,
            Self::Binary(_, left, right) | Self::Like { value: left, pattern: right, .. } => {
                left.change(change)?;
                right.change(change)?;
            }
            Self::In { value, list, .. } => {
                value.change(change)?;
                each(list, change)?;
            }
            Self::Between { value, low, high, .. } => {
                value.change(change)?;
                low.change(change)?;
                high.change(change)?;
            }
            Self::Case { of, when, otherwise } => {
                for part in of.iter_mut().chain(otherwise.iter_mut()) {
                    part.change(change)?;
                }
                for (condition, value) in when {
                    condition.change(change)?;
                    value.change(change)?;
                }
            }
            Self::Aggregate { of, .. } => {
                if let Some(of) = of {
                    of.change(change)?;
                }
            }
        }
        change(self)
    }
}

fn each<E>(parts: &mut [Expr], change: &mut dyn FnMut(&mut Expr) -> Result<(), E>) -> Result<(), E> {
    parts.iter_mut().try_for_each(|part| part.change(change))
}

fn negated(not: bool) -> &'static str {
    if not { "NOT " } else { "" }
}
