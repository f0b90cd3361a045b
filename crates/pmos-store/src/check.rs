//! The first wall of tenancy: is every table of a statement tied to the workspace?
//!
//! Runs in `const` context, so a statement that is not does not compile. The rule is sound, not complete: what the
//! check cannot follow (`UNION`, `WITH`, `USING`, `BETWEEN`, table functions) it refuses, and the author writes two
//! statements or another form. Tokens carry their nesting depth; a `SELECT` with all that stands at its depth is a
//! frame, and each frame is checked by itself.

mod tokens;

use tokens::{Tokens, tokenize};

const MAX_TABLES: usize = 8;

/// Does the text begin with this word?
pub(crate) const fn begins_with(text: &str, word: &str) -> bool {
    let tokens = tokenize(text.as_bytes());
    tokens.is(0, word)
}

/// Refuses what no statement of ours may hold, scoped or not.
pub(crate) const fn plain(text: &str) {
    let tokens = tokenize(text.as_bytes());
    if !(tokens.is(0, "SELECT") || tokens.is(0, "INSERT") || tokens.is(0, "UPDATE") || tokens.is(0, "DELETE")) {
        panic!("sql!: a statement begins with SELECT, INSERT, UPDATE or DELETE");
    }
    // `OR ROLLBACK` and `OR FAIL` would end the transaction that other callers share.
    if tokens.is(1, "OR") {
        panic!("sql!: INSERT OR … and UPDATE OR … are refused: use ON CONFLICT");
    }
}

/// Refuses a statement that does not tie each of its tables to `$1`, the workspace.
pub(crate) const fn scoped(text: &str) {
    plain(text);
    let tokens = tokenize(text.as_bytes());
    refuse_words(&tokens);
    if tokens.is(0, "INSERT") {
        insert(&tokens);
    } else if tokens.is(0, "UPDATE") {
        change(&tokens, 1, "SET");
    } else if tokens.is(0, "DELETE") {
        if !tokens.is(1, "FROM") {
            panic!("sql!: DELETE FROM table");
        }
        change(&tokens, 2, "WHERE");
    }
    let mut at = 0;
    while at < tokens.len {
        if tokens.is(at, "SELECT") {
            select(&tokens, at);
        } else if tokens.is(at, "FROM") && !(at == 1 && tokens.is(0, "DELETE")) && !owned_by_select(&tokens, at) {
            panic!("sql!: FROM stands outside a SELECT");
        }
        at += 1;
    }
}

const fn refuse_words(tokens: &Tokens<'_>) {
    let mut at = 0;
    while at < tokens.len {
        if tokens.is(at, "UNION") || tokens.is(at, "INTERSECT") || tokens.is(at, "EXCEPT") {
            panic!("sql!: UNION, INTERSECT and EXCEPT are refused: write two statements");
        }
        if tokens.is(at, "WITH") {
            panic!("sql!: WITH is refused: write two statements, or a subquery");
        }
        if tokens.is(at, "USING") || tokens.is(at, "NATURAL") || tokens.is(at, "RIGHT") || tokens.is(at, "FULL") {
            panic!("sql!: joins say ON, and are INNER or LEFT: the check must see their condition");
        }
        if tokens.is(at, "BETWEEN") {
            panic!("sql!: BETWEEN hides an AND: write >= and <=");
        }
        if tokens.is(at, "DISTINCT") && tokens.is(at + 1, "FROM") {
            panic!("sql!: IS DISTINCT FROM is refused");
        }
        at += 1;
    }
}

/// `INSERT INTO t (workspace_id, …) VALUES ($1, …) | SELECT $1, … [ON CONFLICT (workspace_id, …) …]`
const fn insert(tokens: &Tokens<'_>) {
    if !tokens.is(1, "INTO") || !tokens.is_word(2) {
        panic!("sql!: INSERT INTO table");
    }
    if !(tokens.is(3, "(") && tokens.is(4, "workspace_id")) {
        panic!("sql!: an INSERT lists its columns and begins them with workspace_id");
    }
    let mut at = 4;
    while at < tokens.len && !(tokens.is(at, ")") && tokens.list[at].depth == 0) {
        at += 1;
    }
    at += 1;
    if tokens.is(at, "SELECT") {
        if !(tokens.param(at + 1) == 1 && tokens.is(at + 2, ",")) {
            panic!("sql!: INSERT … SELECT begins its values with $1, the workspace");
        }
    } else if tokens.is(at, "VALUES") {
        at += 1;
        loop {
            if !(tokens.is(at, "(") && tokens.param(at + 1) == 1 && (tokens.is(at + 2, ",") || tokens.is(at + 2, ")")))
            {
                panic!("sql!: an INSERT begins its values with $1, the workspace");
            }
            while at < tokens.len && !(tokens.is(at, ")") && tokens.list[at].depth == 0) {
                at += 1;
            }
            if !tokens.is(at + 1, ",") {
                break;
            }
            at += 2;
        }
    } else {
        panic!("sql!: INSERT … VALUES or INSERT … SELECT");
    }
    while at < tokens.len {
        if tokens.is(at, "CONFLICT") && !(tokens.is(at + 1, "(") && tokens.is(at + 2, "workspace_id")) {
            panic!("sql!: ON CONFLICT names a key that begins with workspace_id");
        }
        refuse_moving(tokens, at);
        at += 1;
    }
}

/// `UPDATE t [AS a] SET … WHERE a.workspace_id = $1 AND …`, and the same for `DELETE`.
const fn change(tokens: &Tokens<'_>, table: usize, next: &str) {
    let mut alias = table;
    let mut at = table + 1;
    if tokens.is(at, "AS") {
        alias = at + 1;
        at += 2;
    }
    if !tokens.is(at, next) {
        panic!("sql!: one table, SET, WHERE: the workspace stands in the WHERE");
    }
    let mut aliases = [0; MAX_TABLES];
    aliases[0] = alias;
    let mut covered = [false; MAX_TABLES];
    while at < tokens.len {
        refuse_moving(tokens, at);
        if tokens.is(at, "FROM") && tokens.list[at].depth == 0 {
            panic!("sql!: UPDATE … FROM is refused: use a subquery");
        }
        if tokens.is(at, "WHERE") && tokens.list[at].depth == 0 {
            cover(tokens, at + 1, tokens.len, 0, &aliases, 1, true, &mut covered);
        }
        at += 1;
    }
    if !covered[0] {
        panic!("sql!: this statement is not tied to the workspace: add `workspace_id = $1` to its WHERE, with AND");
    }
}

/// No row moves from one workspace to another.
const fn refuse_moving(tokens: &Tokens<'_>, at: usize) {
    let assigns = at > 0 && (tokens.is(at - 1, "SET") || tokens.is(at - 1, ",")) && tokens.is(at + 1, "=");
    if tokens.is(at, "workspace_id") && assigns {
        panic!("sql!: workspace_id is never assigned");
    }
}

/// One `SELECT` with all that stands at its depth: collects its tables, then looks for each one's condition.
///
/// A table's condition stands in `WHERE`, or in its own `ON`: the `ON` of a `LEFT JOIN` does not filter what is left
/// of it, so it counts for no other table.
const fn select(tokens: &Tokens<'_>, start: usize) {
    let depth = tokens.list[start].depth;
    let end = end_of_frame(tokens, start, depth);
    let mut at = start;
    while at < end && !(tokens.is(at, "FROM") && tokens.list[at].depth == depth) {
        at += 1;
    }
    let mut aliases = [0; MAX_TABLES];
    let mut covered = [false; MAX_TABLES];
    let mut tables = 0;
    let mut derived = false;
    let mut expects_table = true;
    at += 1;
    while at < end && !ends_from(tokens, at, depth) {
        if expects_table {
            expects_table = false;
            derived = tokens.is(at, "(");
            if derived {
                // A derived table: its own SELECT is a frame of its own, so it needs no condition here.
                if !tokens.is(at + 1, "SELECT") {
                    panic!("sql!: a parenthesis in FROM holds a SELECT");
                }
                at = skip_group(tokens, at);
                if tokens.is(at, "AS") {
                    at += 1;
                }
            } else {
                if tokens.is(at + 1, "(") {
                    panic!("sql!: table functions are refused");
                }
                if tables == MAX_TABLES {
                    panic!("sql!: too many tables");
                }
                aliases[tables] = alias_of(tokens, at);
                at = aliases[tables];
                tables += 1;
            }
        } else if tokens.list[at].depth == depth && (tokens.is(at, ",") || tokens.is(at, "JOIN")) {
            expects_table = true;
        } else if tokens.list[at].depth == depth && tokens.is(at, "ON") && !derived {
            let mut own = [0; MAX_TABLES];
            own[0] = aliases[tables - 1];
            let mut ties = [false; MAX_TABLES];
            cover(tokens, at + 1, end, depth, &own, 1, false, &mut ties);
            covered[tables - 1] = ties[0];
        }
        at += 1;
    }
    if at < end && tokens.is(at, "WHERE") {
        cover(tokens, at + 1, end, depth, &aliases, tables, tables == 1, &mut covered);
    }
    let mut table = 0;
    while table < tables {
        if !covered[table] {
            panic!(
                "sql!: a table is not tied to the workspace: each needs `alias.workspace_id = $1`, joined by AND, in WHERE or in its ON"
            );
        }
        table += 1;
    }
}

/// Marks each table that has `alias.workspace_id = $1` as a top-level `AND` part of the condition that begins at
/// `start`. Without an alias the condition counts where the statement has one table, `alone`.
#[expect(clippy::too_many_arguments, reason = "a const fn cannot borrow them from a struct that it also changes")]
const fn cover(
    tokens: &Tokens<'_>,
    start: usize,
    frame_end: usize,
    depth: usize,
    aliases: &[usize; MAX_TABLES],
    tables: usize,
    alone: bool,
    covered: &mut [bool; MAX_TABLES],
) {
    let mut end = start;
    while end < frame_end && !ends_on(tokens, end, depth) {
        if tokens.list[end].depth == depth && tokens.is(end, "OR") {
            // With a top-level OR no part of the condition holds for every row.
            return;
        }
        end += 1;
    }
    let mut at = start;
    while at < end {
        let opens = tokens.list[at].depth == depth && (at == start || tokens.is(at - 1, "AND"));
        let mut table = 0;
        while opens && table < tables {
            let qualified = tokens.same(at, aliases[table]) && tokens.is(at + 1, ".") && ties(tokens, at + 2, end);
            if qualified || (alone && ties(tokens, at, end)) {
                covered[table] = true;
            }
            table += 1;
        }
        at += 1;
    }
}

/// `workspace_id = $1`, and nothing behind it that could turn it into something else.
const fn ties(tokens: &Tokens<'_>, at: usize, end: usize) -> bool {
    tokens.is(at, "workspace_id")
        && tokens.is(at + 1, "=")
        && tokens.param(at + 2) == 1
        && (at + 3 >= end || tokens.is(at + 3, "AND"))
}

const fn alias_of(tokens: &Tokens<'_>, table: usize) -> usize {
    if tokens.is(table + 1, "AS") {
        return table + 2;
    }
    let next = table + 1;
    let named = next < tokens.len
        && tokens.is_word(next)
        && !(tokens.is(next, "JOIN")
            || tokens.is(next, "LEFT")
            || tokens.is(next, "INNER")
            || tokens.is(next, "CROSS")
            || tokens.is(next, "ON")
            || ends_from(tokens, next, tokens.list[table].depth));
    if named { next } else { table }
}

const fn ends_from(tokens: &Tokens<'_>, at: usize, depth: usize) -> bool {
    tokens.list[at].depth == depth && (tokens.is(at, "WHERE") || tail(tokens, at))
}

const fn ends_on(tokens: &Tokens<'_>, at: usize, depth: usize) -> bool {
    tokens.list[at].depth == depth
        && (tokens.is(at, "JOIN")
            || tokens.is(at, "LEFT")
            || tokens.is(at, "INNER")
            || tokens.is(at, "CROSS")
            || tokens.is(at, ",")
            || ends_from(tokens, at, depth))
}

const fn tail(tokens: &Tokens<'_>, at: usize) -> bool {
    tokens.is(at, "GROUP")
        || tokens.is(at, "HAVING")
        || tokens.is(at, "ORDER")
        || tokens.is(at, "LIMIT")
        || tokens.is(at, "OFFSET")
        || tokens.is(at, "RETURNING")
}

/// The first token behind the frame: where the depth falls below it, or where the `ON CONFLICT` of an outer INSERT begins.
const fn end_of_frame(tokens: &Tokens<'_>, start: usize, depth: usize) -> usize {
    let mut at = start;
    while at < tokens.len && tokens.list[at].depth >= depth {
        let outer = tokens.list[at].depth == depth;
        if outer && tokens.is(at, "ON") && tokens.is(at + 1, "CONFLICT") {
            return at;
        }
        at += 1;
    }
    at
}

/// The token behind the `)` that closes the `(` at `at`. Both carry the depth outside.
const fn skip_group(tokens: &Tokens<'_>, open: usize) -> usize {
    let depth = tokens.list[open].depth;
    let mut at = open + 1;
    while at < tokens.len && !(tokens.is(at, ")") && tokens.list[at].depth == depth) {
        at += 1;
    }
    at + 1
}

/// Does a `SELECT` at the same depth stand before this `FROM`, with no closing in between?
const fn owned_by_select(tokens: &Tokens<'_>, from: usize) -> bool {
    let depth = tokens.list[from].depth;
    let mut at = from;
    while at > 0 {
        at -= 1;
        if tokens.list[at].depth < depth {
            return false;
        }
        if tokens.list[at].depth == depth && tokens.is(at, "FROM") {
            return false;
        }
        if tokens.list[at].depth == depth && tokens.is(at, "SELECT") {
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests;
