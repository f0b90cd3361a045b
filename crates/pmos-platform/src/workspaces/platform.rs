//! The workspaces of this server, for whoever runs it: how many and how big, and nothing of what is inside.

use super::Place;
use crate::people::pattern;
use pmos_kit::{Millis, Result, WorkspaceId};
use pmos_rpc::Caller;
use pmos_store::{Global, Read, args, from_row, global_sql};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Which workspaces.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct ListParams {
    /// Only names that contain this.
    search: Option<String>,
    /// The `nextCursor` of the page before; the newest without it.
    cursor: Option<String>,
    /// Workspaces per page, 1 to 200; 50 without it.
    limit: Option<u32>,
}

/// A page of workspaces.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Page {
    items: Vec<Item>,
    /// For the next page; absent on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    next_cursor: Option<String>,
}

/// A workspace from outside.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct Item {
    id: WorkspaceId,
    name: String,
    created_at: Millis,
    members: i64,
    agents: i64,
}

from_row!(Item { id, name, created_at, members, agents });

pub(super) async fn list_all(global: &Global<Read>, _: &Caller, p: ListParams) -> Result<Page> {
    let place = Place::parse(p.cursor.as_deref())?;
    let limit = p.limit.unwrap_or(50).clamp(1, 200);
    let items: Vec<Item> = global
        .rows(
            global_sql!(
                Platform,
                "SELECT w.workspace_id, w.name, w.created_at,
                    (SELECT COUNT(*) FROM members m WHERE m.workspace_id = w.workspace_id),
                    (SELECT COUNT(*) FROM agents a WHERE a.workspace_id = w.workspace_id)
                 FROM workspaces w
                 WHERE (w.created_at < $1 OR (w.created_at = $1 AND w.workspace_id < $2))
                   AND LOWER(w.name) LIKE $3 ESCAPE '!' AND w.deleting_at IS NULL
                 ORDER BY w.created_at DESC, w.workspace_id DESC LIMIT $4"
            ),
            args![place.created_at, place.id, pattern(p.search.as_deref()), limit],
        )
        .await?;
    let full = items.len() == limit as usize;
    let next_cursor = items.last().filter(|_| full).map(|last| format!("{}.{}", last.created_at, last.id));
    Ok(Page { items, next_cursor })
}
