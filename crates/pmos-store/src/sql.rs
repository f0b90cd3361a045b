//! SQL text that is checked while it compiles.
//!
//! [`sql!`](crate::sql) takes one literal and refuses to compile unless every table in it is tied to the caller's
//! workspace, which [`Scope`](crate::Scope) binds as `$1`. No text is ever built at run time.
//! [`global_sql!`](crate::global_sql) is for the few statements that are truly global; a test keeps their list.

use crate::check;

/// A statement that is tied to one workspace. `CHANGES` tells whether it writes, so that a read method cannot.
#[derive(Debug)]
pub struct Sql<const CHANGES: bool> {
    pub(crate) text: Text,
}

/// A statement that is tied to no workspace. Its `why` stands in a list that a test keeps.
#[derive(Debug)]
pub struct GlobalSql<const CHANGES: bool> {
    pub(crate) text: Text,
}

/// One statement in the words of both databases.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Text {
    pub(crate) postgres: &'static str,
    pub(crate) sqlite: &'static str,
}

/// Why a statement may look across workspaces. The list is closed; each use stands in `tests/golden/global_sql.txt`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// Finding out who is calling, before any workspace is known.
    SignIn,
    /// A person's own account, and the workspaces that they belong to.
    OwnAccount,
    /// Claiming background work of any workspace.
    Jobs,
    /// The lists of whoever runs the server.
    Platform,
    /// Setting up and taking down workspaces.
    Lifecycle,
}

impl<const CHANGES: bool> Sql<CHANGES> {
    /// Used by [`sql!`](crate::sql) alone: checks the text, at compile time.
    #[doc(hidden)]
    pub const fn checked(postgres: &'static str, sqlite: &'static [u8]) -> Self {
        check::scoped(postgres);
        Self { text: Text { postgres, sqlite: as_text(sqlite) } }
    }
}

impl<const CHANGES: bool> GlobalSql<CHANGES> {
    /// Used by [`global_sql!`](crate::global_sql) alone.
    #[doc(hidden)]
    pub const fn checked(_why: Why, postgres: &'static str, sqlite: &'static [u8]) -> Self {
        check::plain(postgres);
        Self { text: Text { postgres, sqlite: as_text(sqlite) } }
    }
}

const fn as_text(bytes: &'static [u8]) -> &'static str {
    match std::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(_) => panic!("sql!: not UTF-8"),
    }
}

/// Does the statement write?
#[doc(hidden)]
pub const fn changes(text: &str) -> bool {
    !check::begins_with(text, "SELECT")
}

/// `$2` as SQLite wants it, `?2`. SQLite takes `$2` for a name and binds names in the order in which they appear,
/// which is another order than PostgreSQL's.
#[doc(hidden)]
pub const fn to_sqlite<const N: usize>(text: &str) -> [u8; N] {
    let from = text.as_bytes();
    let mut to = [0; N];
    let mut quoted = false;
    let mut at = 0;
    while at < N {
        if from[at] == b'\'' {
            quoted = !quoted;
        }
        to[at] = if from[at] == b'$' && !quoted { b'?' } else { from[at] };
        at += 1;
    }
    to
}

/// A statement that touches rows of the caller's workspace alone; anything else does not compile.
///
/// `$1` is the workspace and is bound by the scope. Each table needs `alias.workspace_id = $1` as a top-level `AND`
/// part of `WHERE` or of its own `ON`; an `INSERT` begins its columns with `workspace_id` and its values with `$1`.
#[macro_export]
macro_rules! sql {
    ($text:literal) => {{
        const SQLITE: [u8; $text.len()] = $crate::sql::to_sqlite($text);
        const CHECKED: $crate::Sql<{ $crate::sql::changes($text) }> = $crate::Sql::checked($text, &SQLITE);
        &CHECKED
    }};
}

/// A statement across workspaces, with the reason why it must be. See [`Why`].
#[macro_export]
macro_rules! global_sql {
    ($why:ident, $text:literal) => {{
        const SQLITE: [u8; $text.len()] = $crate::sql::to_sqlite($text);
        const CHECKED: $crate::GlobalSql<{ $crate::sql::changes($text) }> =
            $crate::GlobalSql::checked($crate::Why::$why, $text, &SQLITE);
        &CHECKED
    }};
}
