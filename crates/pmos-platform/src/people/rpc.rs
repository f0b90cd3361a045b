//! The methods of people.

use super::make_reset;
use crate::person;
use crate::workspaces::pattern;
use pmos_kit::{Millis, PersonId, Result};
use pmos_rpc::{Caller, methods};
use pmos_store::{Global, Read, Write, args, from_row, global_sql};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

methods! {
    /// All accounts of this server, the newest first. `search` finds names and addresses that contain it.
    Read "people.list" Platform => list, agents: Never;

    /// Make a link with which a person sets a new password.
    ///
    /// It works once and for an hour, and replaces the one before. No mail is sent: give the link to the person
    /// yourself. Until they use it their old password and sign-ins go on working.
    Write "people.resetPassword" Platform => reset_password, limit: per_minute(30), agents: Never;
}

/// Which people.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct ListParams {
    /// Only names and addresses that contain this.
    search: Option<String>,
    /// The `nextCursor` of the page before; the newest without it.
    cursor: Option<PersonId>,
    /// People per page, 1 to 200; 50 without it.
    limit: Option<u32>,
}

/// A page of people.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct Page {
    items: Vec<Item>,
    /// For the next page; absent on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    next_cursor: Option<PersonId>,
}

/// An account.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct Item {
    id: PersonId,
    email: String,
    name: String,
    is_super_admin: bool,
    created_at: Millis,
    /// To within five minutes.
    #[serde(skip_serializing_if = "Option::is_none")]
    last_seen_at: Option<Millis>,
}

from_row!(Item { id, email, name, is_super_admin, created_at, last_seen_at });

async fn list(global: &Global<Read>, _: &Caller, p: ListParams) -> Result<Page> {
    let limit = p.limit.unwrap_or(50).clamp(1, 200);
    // `~` stands behind every id: ids are lower-case letters, digits and `_`.
    let before = p.cursor.as_ref().map_or("~", PersonId::as_str);
    let items: Vec<Item> = global
        .rows(
            global_sql!(
                Platform,
                "SELECT id, email, name, is_super_admin, created_at, last_seen_at FROM people
                 WHERE id < $1 AND (email LIKE $2 ESCAPE '!' OR LOWER(name) LIKE $2 ESCAPE '!') ORDER BY id DESC LIMIT $3"
            ),
            args![before, pattern(p.search.as_deref()), limit],
        )
        .await?;
    let full = items.len() == limit as usize;
    let next_cursor = items.last().filter(|_| full).map(|last| last.id.clone());
    Ok(Page { items, next_cursor })
}

/// Whose password.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct ResetParams {
    person_id: PersonId,
}

/// A reset link.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct ResetLink {
    /// Shown this once.
    token: String,
    /// The link, below this server's address.
    path: String,
    expires_at: Millis,
}

async fn reset_password(global: &Global<Write>, _: &Caller, p: ResetParams) -> Result<ResetLink> {
    let person = person::get(global, &p.person_id).await?;
    global.about(person.id.as_str());
    let (token, expires_at) = make_reset(global, &person.id).await?;
    Ok(ResetLink { token: token.expose().to_owned(), path: format!("/reset#token={}", token.expose()), expires_at })
}
