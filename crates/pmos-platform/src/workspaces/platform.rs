//! The workspaces of this server, for whoever runs it: how many and how big, and nothing of what is inside.

use pmos_kit::{Error, Millis, Result, WorkspaceId};
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

/// A page's place in a list that is ordered by time, then id, the newest first: `nextCursor` on the wire.
struct Place {
    created_at: Millis,
    id: String,
}

impl Place {
    fn parse(cursor: Option<&str>) -> Result<Self> {
        let Some(cursor) = cursor else { return Ok(Self { created_at: Millis::MAX, id: String::new() }) };
        let bad = || Error::invalid_field("cursor", "cursor: take it from nextCursor");
        let (at, id) = cursor.split_once('.').ok_or_else(bad)?;
        Ok(Self { created_at: at.parse().map_err(|_| bad())?, id: id.to_owned() })
    }
}

/// The pattern that finds what contains `search`, for `LOWER(…) LIKE … ESCAPE '!'`.
pub(crate) fn pattern(search: Option<&str>) -> String {
    let mut pattern = String::from("%");
    for c in search.unwrap_or_default().trim().chars() {
        if matches!(c, '!' | '%' | '_') {
            pattern.push('!');
        }
        pattern.push(c.to_ascii_lowercase());
    }
    if pattern.len() > 1 {
        pattern.push('%');
    }
    pattern
}

#[cfg(test)]
mod tests {
    use super::pattern;

    #[test]
    fn what_is_searched_for_is_text_and_no_pattern() {
        assert_eq!(pattern(None), "%");
        assert_eq!(pattern(Some(" Ada ")), "%ada%");
        assert_eq!(pattern(Some("100%_!")), "%100!%!_!!%");
    }
}
