//! Floor 1: the only crate that knows a database driver, and the first wall of tenancy.
//!
//! A handler holds a [`Scope`]: the rows of one workspace, to [`Read`] or to [`Write`]. A scope is minted from a
//! [`Grant`], a grant by [`Store::admit`] from the members table, and every statement is checked while it compiles
//! ([`sql!`]) to touch that workspace's rows alone. On PostgreSQL, forced row-level security says the same once more.
//! What is truly global goes through [`Global`] and [`global_sql!`], with a reason.

mod check;
mod core;
mod counters;
mod event;
mod grant;
pub mod migrate;
mod postgres;
mod scope;
#[doc(hidden)]
pub mod sql;
mod sqlite;
mod store;
mod value;

pub use core::{Effects, Surroundings, Then};
pub use counters::Counters;
pub use event::{Audience, Event, Listens, StateVersion};
pub use grant::{Actor, Credential, Grant, Identity, LOGIN_IDLE_MS, SEEN_EVERY_MS};
pub use scope::{Global, May, OrConflict, Read, Scope, Write, event};
pub use sql::{GlobalSql, Sql, Why};
pub use store::{Body, Database, GlobalBody, Store};
pub use value::{Arg, AsArg, Column, FromRow, Row, Value};
