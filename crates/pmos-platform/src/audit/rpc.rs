//! Reading the trail.

use pmos_kit::{AuditId, Error, Millis, PersonId, Result};
use pmos_rpc::methods;
use pmos_store::{Read, Scope, args, from_row, sql};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

methods! {
    /// The audit trail of the workspace, newest first.
    ///
    /// Every change is here, written in the same transaction as the change itself. `cursor` is the `nextCursor` of the
    /// page before.
    Read "audit.list" Admin => list, agents: Never;
}

/// Which entries.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct ListAudit {
    /// The `nextCursor` of the page before; the newest page without it.
    cursor: Option<String>,
    /// Entries per page, 1 to 200.
    limit: Option<u32>,
    /// Only this method, such as `agents.create`.
    action: Option<String>,
}

/// A page of the trail.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct AuditPage {
    items: Vec<AuditEntry>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_cursor: Option<String>,
}

/// One change.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct AuditEntry {
    id: AuditId,
    /// The number in the trail, without gaps.
    seq: i64,
    at: Millis,
    /// The person who did it, or on whose behalf it was done.
    actor: PersonId,
    /// `person`, `key` or `work`.
    actor_kind: String,
    /// The key by which it was done, if one was used.
    #[serde(skip_serializing_if = "Option::is_none")]
    on_behalf_of: Option<String>,
    action: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    resource: Option<String>,
    outcome: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    ip: Option<String>,
    request_id: String,
}

from_row!(AuditEntry { id, seq, at, actor, actor_kind, on_behalf_of, action, resource, outcome, ip, request_id });

async fn list(scope: &Scope<Read>, p: ListAudit) -> Result<AuditPage> {
    let before: i64 = match &p.cursor {
        Some(cursor) => {
            cursor.parse().map_err(|_| Error::invalid_field("cursor", "cursor: take it from nextCursor"))?
        }
        None => i64::MAX,
    };
    let limit = p.limit.unwrap_or(50).clamp(1, 200);
    let items: Vec<AuditEntry> = scope
        .rows(
            sql!(
                "SELECT id, seq, at, actor, actor_kind, on_behalf_of, action, resource, outcome, ip, request_id FROM audit
                 WHERE workspace_id = $1 AND seq < $2 AND (CAST($3 AS TEXT) IS NULL OR action = $3) ORDER BY seq DESC LIMIT $4"
            ),
            args![before, p.action, limit],
        )
        .await?;
    let full = items.len() == limit as usize;
    let next_cursor = items.last().filter(|last| full && last.seq > 1).map(|last| last.seq.to_string());
    Ok(AuditPage { items, next_cursor })
}
