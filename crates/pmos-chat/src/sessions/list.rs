//! Looking for sessions: lists, last words, and names.

use super::row::{Stored, live};
use super::{Body, Session, SessionKey, SessionRow, canonical, find, get};
use crate::agents::{self, AgentRef};
use crate::models::Models;
use pmos_kit::clock::MINUTE;
use pmos_kit::{AgentId, Error, Millis, Result, SessionId};
use pmos_rpc::Ignored;
use pmos_store::{Read, Scope, args, sql};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Which sessions.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct ListSessions {
    /// 1 to 500; 100 without it.
    limit: Option<u32>,
    offset: Option<u32>,
    search: Option<String>,
    agent_id: Option<AgentRef>,
    /// Only a session with exactly this label.
    label: Option<String>,
    /// Only those used within so many minutes.
    active_minutes: Option<u32>,
    /// Archived ones instead of the others.
    archived: Option<bool>,
    #[serde(rename = "includeGlobal")]
    _include_global: Option<Ignored>,
    #[serde(rename = "includeUnknown")]
    _include_unknown: Option<Ignored>,
    #[serde(rename = "includeDerivedTitles")]
    _include_derived_titles: Option<Ignored>,
    #[serde(rename = "includeLastMessage")]
    _include_last_message: Option<Ignored>,
    #[serde(rename = "spawnedBy")]
    _spawned_by: Option<Ignored>,
    #[serde(rename = "sortBy")]
    _sort_by: Option<Ignored>,
    #[serde(rename = "ownerFirst")]
    _owner_first: Option<Ignored>,
    #[serde(rename = "configuredAgentsOnly")]
    _configured_agents_only: Option<Ignored>,
}

/// A page of sessions.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct SessionList {
    ts: Millis,
    /// Where they are kept, for OpenClaw's clients. No path of the host.
    path: &'static str,
    /// On this page.
    count: usize,
    total_count: i64,
    limit_applied: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_offset: Option<u32>,
    has_more: bool,
    defaults: Defaults,
    sessions: Vec<SessionRow>,
}

/// What a session uses that says nothing else.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Defaults {
    #[serde(skip_serializing_if = "Option::is_none")]
    model_provider: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    model: Option<String>,
}

impl Defaults {
    pub(crate) async fn of(scope: &Scope<Read>) -> Result<Self> {
        let model = scope.service::<Models>()?.default_of(scope).await?;
        Ok(match model.as_deref().and_then(|model| model.split_once('/')) {
            Some((provider, model)) => Self { model_provider: Some(provider.into()), model: Some(model.into()) },
            None => Self { model_provider: None, model },
        })
    }
}

pub(super) async fn list(scope: &Scope<Read>, p: ListSessions) -> Result<SessionList> {
    let limit = p.limit.unwrap_or(100).clamp(1, 500);
    let offset = p.offset.unwrap_or(0);
    let agent = match &p.agent_id {
        Some(named) => Some(agents::get(scope, &named.0).await?.id),
        None => None,
    };
    let pattern = p.search.as_deref().map(str::trim).filter(|text| !text.is_empty()).map(like);
    let since = p.active_minutes.map_or(0, |minutes| scope.now() - Millis::from(minutes) * MINUTE);
    let archived = p.archived.unwrap_or(false);
    // One row more than asked for tells whether there is another page.
    let mut stored: Vec<Stored> = scope
        .rows(
            sql!(
                "SELECT id, key, agent_id, label, title, preview, visibility, created_by, created_at, updated_at, archived, pinned,
                        COALESCE(model, last_model), last_seq - first_seq + 1, last_status, input_tokens, output_tokens, cost_nano_usd
                 FROM sessions WHERE workspace_id = $1 AND archived = $2 AND updated_at >= $3
                   AND (visibility <> 'private' OR created_by = $4)
                   AND (CAST($5 AS TEXT) IS NULL OR agent_id = $5) AND (CAST($6 AS TEXT) IS NULL OR label = $6)
                   AND (CAST($7 AS TEXT) IS NULL OR LOWER(COALESCE(label, '') || ' ' || COALESCE(title, '') || ' ' || COALESCE(preview, '')) LIKE $7 ESCAPE '!')
                 ORDER BY pinned DESC, updated_at DESC, id DESC LIMIT $8 OFFSET $9"
            ),
            args![archived, since, scope.person(), agent, p.label, pattern, limit + 1, offset],
        )
        .await?;
    let has_more = stored.len() > limit as usize;
    stored.truncate(limit as usize);
    let shown_so_far = Millis::from(offset) + i64::try_from(stored.len()).unwrap_or_default();
    let is_plain = since == 0 && agent.is_none() && p.label.is_none() && pattern.is_none();
    let total_count = match (has_more || offset > 0, is_plain) {
        (false, _) => shown_so_far,
        (true, true) => count_all(scope, archived).await?,
        (true, false) => count(scope, archived, since, agent.as_ref(), p.label.as_deref(), pattern.as_deref()).await?,
    };
    let live = live(scope).await?;
    let sessions: Vec<SessionRow> = stored.into_iter().map(|stored| stored.shown(&live)).collect();
    Ok(SessionList {
        ts: scope.now(),
        path: "pmos://sessions",
        count: sessions.len(),
        total_count,
        limit_applied: limit,
        next_offset: has_more.then_some(offset + limit),
        has_more,
        defaults: Defaults::of(scope).await?,
        sessions,
    })
}

/// Without a filter an index alone tells how many there are, in two stretches of which each row counts.
async fn count_all(scope: &Scope<Read>, archived: bool) -> Result<i64> {
    scope
        .one(
            sql!(
                "SELECT COUNT(*) + (SELECT COUNT(*) FROM sessions p WHERE p.workspace_id = $1 AND p.archived = $2
                     AND p.visibility = 'private' AND p.created_by = $3)
                 FROM sessions WHERE workspace_id = $1 AND archived = $2 AND visibility = 'workspace'"
            ),
            args![archived, scope.person()],
        )
        .await
}

async fn count(
    scope: &Scope<Read>,
    archived: bool,
    since: Millis,
    agent: Option<&AgentId>,
    label: Option<&str>,
    pattern: Option<&str>,
) -> Result<i64> {
    scope
        .one(
            sql!(
                "SELECT COUNT(*) FROM sessions WHERE workspace_id = $1 AND archived = $2 AND updated_at >= $3
                   AND (visibility <> 'private' OR created_by = $4)
                   AND (CAST($5 AS TEXT) IS NULL OR agent_id = $5) AND (CAST($6 AS TEXT) IS NULL OR label = $6)
                   AND (CAST($7 AS TEXT) IS NULL OR LOWER(COALESCE(label, '') || ' ' || COALESCE(title, '') || ' ' || COALESCE(preview, '')) LIKE $7 ESCAPE '!')"
            ),
            args![archived, since, scope.person(), agent, label, pattern],
        )
        .await
}

/// A pattern that finds the text anywhere, whatever signs it holds.
fn like(text: &str) -> String {
    let escaped = text.to_ascii_lowercase().replace('!', "!!").replace('%', "!%").replace('_', "!_");
    format!("%{escaped}%")
}

/// Which sessions, and how much of them.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct PreviewSessions {
    /// 1 to 64 keys.
    keys: Vec<SessionKey>,
    /// Messages of each, 1 to 50; 12 without it.
    limit: Option<u32>,
    /// Characters of each message, 20 to 2,000; 240 without it.
    max_chars: Option<u32>,
}

/// The last words of some sessions.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Previews {
    ts: Millis,
    previews: Vec<Preview>,
}

/// The last words of one session.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Preview {
    key: String,
    /// `ok`, `empty` or `missing`.
    #[schemars(extend("enum" = ["ok", "empty", "missing"]))]
    status: &'static str,
    items: Vec<PreviewItem>,
}

/// One message, cut short.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct PreviewItem {
    role: String,
    text: String,
}

pub(super) async fn preview(scope: &Scope<Read>, p: PreviewSessions) -> Result<Previews> {
    if p.keys.is_empty() || p.keys.len() > 64 {
        return Err(Error::invalid_field("keys", "keys: 1 to 64 of them"));
    }
    let limit = p.limit.unwrap_or(12).clamp(1, 50);
    let chars = p.max_chars.unwrap_or(240).clamp(20, 2_000) as usize;
    let mut previews = Vec::with_capacity(p.keys.len());
    for named in p.keys {
        let session = match get(scope, &named).await {
            Ok(session) => session,
            Err(error) if error.is_not_found() => {
                previews.push(Preview { key: named.0, status: "missing", items: Vec::new() });
                continue;
            }
            Err(error) => return Err(error),
        };
        let items = last_words(scope, &session, limit, chars).await?;
        previews.push(Preview { key: named.0, status: if items.is_empty() { "empty" } else { "ok" }, items });
    }
    Ok(Previews { ts: scope.now(), previews })
}

async fn last_words(scope: &Scope<Read>, session: &Session, limit: u32, chars: usize) -> Result<Vec<PreviewItem>> {
    let mut bodies: Vec<String> = scope
        .rows(
            sql!(
                "SELECT body FROM messages WHERE workspace_id = $1 AND session_id = $2 AND seq >= $3 ORDER BY seq DESC LIMIT $4"
            ),
            args![session.id, session.first_seq, limit],
        )
        .await?;
    bodies.reverse();
    let item = |body: &String| {
        let body: Body = serde_json::from_str(body).map_err(Error::internal)?;
        Ok(PreviewItem { text: body.text().chars().take(chars).collect(), role: body.role })
    };
    bodies.iter().map(item).collect()
}

/// One of three ways to name a session.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct ResolveSession {
    key: Option<SessionKey>,
    session_id: Option<SessionId>,
    label: Option<String>,
    #[serde(rename = "agentId")]
    _agent_id: Option<Ignored>,
    #[serde(rename = "includeGlobal")]
    _include_global: Option<Ignored>,
    #[serde(rename = "includeUnknown")]
    _include_unknown: Option<Ignored>,
}

/// The session's canonical key.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Resolved {
    ok: bool,
    key: String,
    agent_id: AgentId,
}

pub(super) async fn resolve(scope: &Scope<Read>, p: ResolveSession) -> Result<Resolved> {
    let key: String = match (p.key, p.session_id, p.label) {
        (Some(key), None, None) => canonical(scope, &key).await?,
        (None, Some(id), None) => {
            scope.one(sql!("SELECT key FROM sessions WHERE workspace_id = $1 AND id = $2"), args![id]).await?
        }
        (None, None, Some(label)) => {
            scope
                .one(
                    sql!(
                        "SELECT key FROM sessions WHERE workspace_id = $1 AND label = $2
                       AND (visibility <> 'private' OR created_by = $3) ORDER BY updated_at DESC LIMIT 1"
                    ),
                    args![label, scope.person()],
                )
                .await?
        }
        _ => return Err(Error::invalid("name the session by exactly one of key, sessionId and label")),
    };
    let session = find(scope, &key).await?.ok_or_else(Error::not_found)?;
    Ok(Resolved { ok: true, key: session.key, agent_id: session.agent_id })
}
