//! Values on their way into a statement and out of a row, the same for both databases.
//!
//! A column is text or a 64-bit integer, or absent. Booleans are 0 and 1, ids and JSON are text.

use pmos_kit::{Error, Result};
use rusqlite::types::ValueRef;
use tokio_postgres::types::Type;

/// A value for `$2` and the following; `$1` is the workspace and is bound by the scope.
#[derive(Debug, Clone, Copy)]
pub enum Arg<'a> {
    /// SQL's NULL.
    Null,
    /// A 64-bit integer.
    Int(i64),
    /// Text without U+0000, which PostgreSQL cannot store.
    Text(&'a str),
}

/// The values of a statement, in the order of its parameters: `args![id, name]`.
#[macro_export]
macro_rules! args {
    () => { &[] as &[$crate::Arg<'_>] };
    ($($value:expr),+ $(,)?) => { &[$($crate::AsArg::as_arg(&$value)),+] as &[$crate::Arg<'_>] };
}

/// What can be bound to a parameter.
pub trait AsArg {
    /// The value as it is bound.
    fn as_arg(&self) -> Arg<'_>;
}

impl<T: AsArg + ?Sized> AsArg for &T {
    fn as_arg(&self) -> Arg<'_> {
        (**self).as_arg()
    }
}

impl<T: AsArg> AsArg for Option<T> {
    fn as_arg(&self) -> Arg<'_> {
        self.as_ref().map_or(Arg::Null, AsArg::as_arg)
    }
}

impl AsArg for str {
    fn as_arg(&self) -> Arg<'_> {
        Arg::Text(self)
    }
}

impl AsArg for String {
    fn as_arg(&self) -> Arg<'_> {
        Arg::Text(self)
    }
}

impl AsArg for i64 {
    fn as_arg(&self) -> Arg<'_> {
        Arg::Int(*self)
    }
}

impl AsArg for u32 {
    fn as_arg(&self) -> Arg<'_> {
        Arg::Int(i64::from(*self))
    }
}

impl AsArg for bool {
    fn as_arg(&self) -> Arg<'_> {
        Arg::Int(i64::from(*self))
    }
}

/// A value as a row holds it.
#[derive(Debug, Clone, Copy)]
pub enum Value<'a> {
    /// SQL's NULL.
    Null,
    /// A 64-bit integer.
    Int(i64),
    /// Text.
    Text(&'a str),
}

/// What can be read from a column.
pub trait Column: Sized {
    /// The value, or an error that names what was expected.
    ///
    /// # Errors
    /// `INTERNAL`: the column holds another kind of value, so the schema and the code disagree.
    fn from_value(value: Value<'_>) -> Result<Self>;
}

impl Column for String {
    fn from_value(value: Value<'_>) -> Result<Self> {
        match value {
            Value::Text(text) => Ok(text.to_owned()),
            other => Err(mismatch("text", other)),
        }
    }
}

impl Column for i64 {
    fn from_value(value: Value<'_>) -> Result<Self> {
        match value {
            Value::Int(int) => Ok(int),
            other => Err(mismatch("an integer", other)),
        }
    }
}

impl Column for bool {
    fn from_value(value: Value<'_>) -> Result<Self> {
        i64::from_value(value).map(|int| int != 0)
    }
}

impl<T: Column> Column for Option<T> {
    fn from_value(value: Value<'_>) -> Result<Self> {
        match value {
            Value::Null => Ok(None),
            other => T::from_value(other).map(Some),
        }
    }
}

fn mismatch(wanted: &str, found: Value<'_>) -> Error {
    Error::internal(format!("a column should hold {wanted}, not {found:?}"))
}

macro_rules! text_columns {
    ($($type:ty),+ $(,)?) => {$(
        impl Column for $type {
            fn from_value(value: Value<'_>) -> Result<Self> {
                match value {
                    Value::Text(text) => text.parse().map_err(|_| mismatch(stringify!($type), value)),
                    other => Err(mismatch(stringify!($type), other)),
                }
            }
        }
        impl AsArg for $type {
            fn as_arg(&self) -> Arg<'_> {
                Arg::Text(self.as_str())
            }
        }
    )+};
}

text_columns!(
    pmos_kit::Role,
    pmos_kit::WorkspaceId,
    pmos_kit::PersonId,
    pmos_kit::LoginId,
    pmos_kit::AgentId,
    pmos_kit::SessionId,
    pmos_kit::MessageId,
    pmos_kit::RunId,
    pmos_kit::InviteId,
    pmos_kit::ApiKeyId,
    pmos_kit::GrantId,
    pmos_kit::ProviderId,
    pmos_kit::AuditId,
    pmos_kit::JobId,
    pmos_kit::RequestId,
);

/// A row on its way out of either database.
pub struct Row<'r>(pub(crate) Raw<'r>);

pub(crate) enum Raw<'r> {
    Sqlite(&'r rusqlite::Row<'r>),
    Postgres(&'r tokio_postgres::Row),
}

impl Row<'_> {
    /// The value of the column at this place, counted from 0.
    ///
    /// # Errors
    /// `INTERNAL` if the column is not there or holds another kind of value.
    pub fn get<T: Column>(&self, place: usize) -> Result<T> {
        match &self.0 {
            Raw::Sqlite(row) => T::from_value(of_sqlite(row, place)?),
            Raw::Postgres(row) => T::from_value(of_postgres(row, place)?),
        }
    }
}

fn of_sqlite<'r>(row: &'r rusqlite::Row<'_>, place: usize) -> Result<Value<'r>> {
    match row.get_ref(place).map_err(Error::internal)? {
        ValueRef::Null => Ok(Value::Null),
        ValueRef::Integer(int) => Ok(Value::Int(int)),
        ValueRef::Text(text) => std::str::from_utf8(text).map(Value::Text).map_err(Error::internal),
        other => Err(Error::internal(format!("a column holds {:?}", other.data_type()))),
    }
}

fn of_postgres(row: &tokio_postgres::Row, place: usize) -> Result<Value<'_>> {
    let column = row.columns().get(place).ok_or_else(|| Error::internal(format!("no column {place}")))?;
    match *column.type_() {
        Type::INT8 => row.try_get::<_, Option<i64>>(place).map(|v| v.map_or(Value::Null, Value::Int)),
        Type::INT4 => {
            row.try_get::<_, Option<i32>>(place).map(|v| v.map_or(Value::Null, |int| Value::Int(i64::from(int))))
        }
        Type::TEXT => row.try_get::<_, Option<&str>>(place).map(|v| v.map_or(Value::Null, Value::Text)),
        Type::BOOL => {
            row.try_get::<_, Option<bool>>(place).map(|v| v.map_or(Value::Null, |b| Value::Int(i64::from(b))))
        }
        ref other => return Err(Error::internal(format!("column {} has type {other}: CAST it", column.name()))),
    }
    .map_err(Error::internal)
}

/// What a row is read into: a struct through [`from_row!`](crate::from_row), a tuple, or one value.
pub trait FromRow: Sized {
    /// Read the columns in their order.
    ///
    /// # Errors
    /// As [`Row::get`].
    fn from_row(row: &Row<'_>) -> Result<Self>;
}

impl<T: Column> FromRow for T {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        row.get(0)
    }
}

macro_rules! tuples {
    ($(($($name:ident $place:tt),+))+) => {$(
        impl<$($name: Column),+> FromRow for ($($name,)+) {
            fn from_row(row: &Row<'_>) -> Result<Self> {
                Ok(($(row.get::<$name>($place)?,)+))
            }
        }
    )+};
}

tuples! {
    (A 0, B 1)
    (A 0, B 1, C 2)
    (A 0, B 1, C 2, D 3)
    (A 0, B 1, C 2, D 3, E 4)
    (A 0, B 1, C 2, D 3, E 4, F 5)
    (A 0, B 1, C 2, D 3, E 4, F 5, G 6)
}

/// Reads a struct's fields from the columns of a row, in the order given: `from_row!(Agent { id, name })`.
#[macro_export]
macro_rules! from_row {
    ($type:ident { $($field:ident),+ $(,)? }) => {
        impl $crate::FromRow for $type {
            fn from_row(row: &$crate::Row<'_>) -> pmos_kit::Result<Self> {
                let mut place = 0..;
                let mut next = || place.next().unwrap_or_default();
                Ok(Self { $($field: row.get(next())?),+ })
            }
        }
    };
}
