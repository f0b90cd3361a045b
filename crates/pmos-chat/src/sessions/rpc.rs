//! `sessions.*`.

use super::row::{Stored, live};
use super::{Body, Session, SessionKey, SessionRow, canonical, changed, create as make, find, get, key, row};
use crate::agents::rpc::{Visibility, present};
use crate::agents::{self, AgentRef};
use crate::models::Models;
use pmos_kit::clock::MINUTE;
use pmos_kit::{AgentId, Error, Millis, Result, SessionId, uuid_v4};
use pmos_rpc::{Ignored, Text, methods};
use pmos_store::{Read, Scope, Write, args, sql};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

methods! {
    /// The sessions of the workspace that the caller may see: pinned ones first, then the latest.
    ///
    /// `search` looks in label, title and last words. `nextOffset` is the `offset` of the next page, absent on the last.
    Read "sessions.list" Viewer => list;
    /// Create a session, of the default agent without `agentId`.
    ///
    /// Fails with `CONFLICT` if the key is taken. To say something in it, call `chat.send`.
    Write "sessions.create" Member => create, limit: per_minute(30);
    /// The last words of up to 64 sessions. A foreign key is answered like a missing one.
    Read "sessions.preview" Viewer => preview;
    /// One session.
    Read "sessions.describe" Viewer => describe;
    /// The canonical key of a session, by key, id or label.
    Read "sessions.resolve" Viewer => resolve;
    /// Change a session: what is absent stays, `null` clears.
    ///
    /// Only its maker and admins may.
    Write "sessions.patch" Member(own) => patch;
    /// Start a session anew under the same key: its history and its counts begin at nothing.
    ///
    /// Only its maker and admins may. Fails with `CONFLICT` while a run is on.
    Write "sessions.reset" Member(own) => reset;
    /// Delete a session with its messages. There is no undo.
    ///
    /// Only its maker and admins may. Fails with `CONFLICT` while a run is on.
    Write "sessions.delete" Member(own) => delete;
    /// From now on, tell this connection of changes of sessions, and of messages that join them.
    Read "sessions.subscribe" Viewer => subscribe;
    /// From now on, tell this connection of messages that join sessions.
    Read "sessions.messages.subscribe" Viewer => subscribe_messages;
    /// The opposite. Events of other sessions that the connection asked for go on.
    Read "sessions.messages.unsubscribe" Viewer => unsubscribe_messages;
}

/// Which sessions.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct ListSessions {
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
struct SessionList {
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

async fn list(scope: &Scope<Read>, p: ListSessions) -> Result<SessionList> {
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
                "SELECT id, key, agent_id, label, title, preview, visibility, created_by, created_at, updated_at, archived, pinned, model,
                        last_model, first_seq, last_seq, last_status, input_tokens, output_tokens, cost_nano_usd
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
    let total_count = if has_more || offset > 0 {
        count(scope, archived, since, agent.as_ref(), p.label.as_deref(), pattern.as_deref()).await?
    } else {
        shown_so_far
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

/// A new session.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct CreateSession {
    agent_id: Option<AgentRef>,
    /// A key of your own; one is made without it.
    key: Option<SessionKey>,
    label: Option<String>,
    /// `provider/model`, instead of the agent's.
    model: Option<String>,
    /// As its agent without it.
    visibility: Option<Visibility>,
}

/// The new session.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct SessionCreated {
    ok: bool,
    key: String,
    session_id: SessionId,
    entry: SessionRow,
    run_started: bool,
}

const LABEL: Text = Text { field: "label", min: 1, max: 120 };
const MODEL: Text = Text { field: "model", min: 1, max: 200 };

async fn create(scope: &Scope<Write>, p: CreateSession) -> Result<SessionCreated> {
    let named = p.agent_id.map_or_else(|| agents::MAIN.to_owned(), |named| named.0);
    let agent = agents::get(scope, &named).await?;
    let key = match &p.key {
        Some(key) => canonical(scope, key).await?,
        None => format!("agent:{}:{}", agent.id, uuid_v4(scope.rng())),
    };
    if key::agent_of(&key) != agent.id.as_str() {
        return Err(Error::invalid_field("key", "key: it names another agent than agentId"));
    }
    let label = p.label.as_deref().map(|label| LABEL.name(label)).transpose()?;
    let model = p.model.as_deref().map(|model| MODEL.name(model)).transpose()?;
    let visibility = p.visibility.map_or(agent.visibility.as_str(), |new| new.as_str());
    let session = make(scope, key, &agent, visibility, label.as_deref(), model.as_deref())
        .await?
        .ok_or_else(|| Error::conflict("a session with this key exists already"))?;
    scope.about(session.id.as_str());
    changed(scope, &session, "create").await?;
    let entry = row(scope, &session.id).await?;
    Ok(SessionCreated { ok: true, key: session.key, session_id: session.id, entry, run_started: false })
}

/// Which sessions, and how much of them.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct PreviewSessions {
    /// 1 to 64 keys.
    keys: Vec<SessionKey>,
    /// Messages of each, 1 to 50; 12 without it.
    limit: Option<u32>,
    /// Characters of each message, 20 to 2,000; 240 without it.
    max_chars: Option<u32>,
}

/// The last words of some sessions.
#[derive(Debug, Serialize, JsonSchema)]
struct Previews {
    ts: Millis,
    previews: Vec<Preview>,
}

/// The last words of one session.
#[derive(Debug, Serialize, JsonSchema)]
struct Preview {
    key: String,
    /// `ok`, `empty` or `missing`.
    status: &'static str,
    items: Vec<PreviewItem>,
}

/// One message, cut short.
#[derive(Debug, Serialize, JsonSchema)]
struct PreviewItem {
    role: String,
    text: String,
}

async fn preview(scope: &Scope<Read>, p: PreviewSessions) -> Result<Previews> {
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

/// Which session.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct NameSession {
    key: SessionKey,
    #[serde(rename = "agentId")]
    _agent_id: Option<Ignored>,
    #[serde(rename = "reason")]
    _reason: Option<Ignored>,
    #[serde(rename = "deleteTranscript")]
    _delete_transcript: Option<Ignored>,
    #[serde(rename = "includeApprovals")]
    _include_approvals: Option<Ignored>,
}

/// One session.
#[derive(Debug, Serialize, JsonSchema)]
struct Described {
    session: SessionRow,
}

async fn describe(scope: &Scope<Read>, p: NameSession) -> Result<Described> {
    let session = get(scope, &p.key).await?;
    Ok(Described { session: row(scope, &session.id).await? })
}

/// One of three ways to name a session.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct ResolveSession {
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
struct Resolved {
    ok: bool,
    key: String,
    agent_id: AgentId,
}

async fn resolve(scope: &Scope<Read>, p: ResolveSession) -> Result<Resolved> {
    let key: String = match (p.key, p.session_id, p.label) {
        (Some(key), None, None) => canonical(scope, &key).await?,
        (None, Some(id), None) => {
            scope.one(sql!("SELECT key FROM sessions WHERE workspace_id = $1 AND id = $2"), args![id]).await?
        }
        (None, None, Some(label)) => scope
            .one(
                sql!(
                    "SELECT key FROM sessions WHERE workspace_id = $1 AND label = $2 ORDER BY updated_at DESC LIMIT 1"
                ),
                args![label],
            )
            .await?,
        _ => return Err(Error::invalid("name the session by exactly one of key, sessionId and label")),
    };
    let session = find(scope, &key).await?.ok_or_else(Error::not_found)?;
    Ok(Resolved { ok: true, key: session.key, agent_id: session.agent_id })
}

/// Changes to a session.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct PatchSession {
    key: SessionKey,
    #[serde(default, deserialize_with = "present")]
    #[schemars(with = "Option<String>")]
    label: Option<Option<String>>,
    /// `provider/model`; `null` goes back to the agent's.
    #[serde(default, deserialize_with = "present")]
    #[schemars(with = "Option<String>")]
    model: Option<Option<String>>,
    archived: Option<bool>,
    pinned: Option<bool>,
    visibility: Option<Visibility>,
    #[serde(rename = "agentId")]
    _agent_id: Option<Ignored>,
    #[serde(rename = "unread")]
    _unread: Option<Ignored>,
    #[serde(rename = "thinkingLevel")]
    _thinking_level: Option<Ignored>,
    #[serde(rename = "verboseLevel")]
    _verbose_level: Option<Ignored>,
    #[serde(rename = "reasoningLevel")]
    _reasoning_level: Option<Ignored>,
    #[serde(rename = "responseUsage")]
    _response_usage: Option<Ignored>,
    #[serde(rename = "sendPolicy")]
    _send_policy: Option<Ignored>,
}

/// The session as it is now.
#[derive(Debug, Serialize, JsonSchema)]
struct Patched {
    ok: bool,
    path: &'static str,
    key: String,
    entry: SessionRow,
}

async fn patch(scope: &Scope<Write>, p: PatchSession) -> Result<Patched> {
    let session = own(scope, &p.key).await?;
    let before: (Option<String>, Option<String>, bool, bool, String) = scope
        .one(
            sql!("SELECT label, model, archived, pinned, visibility FROM sessions WHERE workspace_id = $1 AND id = $2"),
            args![session.id],
        )
        .await?;
    let cleaned = |new: Option<Option<String>>, old, rule: Text| match new {
        Some(new) => new.as_deref().map(|text| rule.name(text)).transpose(),
        None => Ok(old),
    };
    let label = cleaned(p.label, before.0, LABEL)?;
    let model = cleaned(p.model, before.1, MODEL)?;
    let visibility = p.visibility.map_or(before.4.as_str(), |new| new.as_str());
    scope
        .run_one(
            sql!(
                "UPDATE sessions SET label = $3, model = $4, archived = $5, pinned = $6, visibility = $7
                 WHERE workspace_id = $1 AND id = $2"
            ),
            args![session.id, label, model, p.archived.unwrap_or(before.2), p.pinned.unwrap_or(before.3), visibility],
        )
        .await?;
    changed(scope, &session, "patch").await?;
    let entry = row(scope, &session.id).await?;
    Ok(Patched { ok: true, path: "pmos://sessions", key: p.key.0, entry })
}

/// The session, if the caller may change it.
async fn own(scope: &Scope<Write>, named: &SessionKey) -> Result<Session> {
    let session = get(scope, named).await?;
    scope.must_own(&session.created_by)?;
    scope.about(session.id.as_str());
    Ok(session)
}

async fn must_be_idle(scope: &Scope<Write>, session: &Session) -> Result<()> {
    let live: i64 = scope
        .one(
            sql!(
                "SELECT COUNT(*) FROM runs WHERE workspace_id = $1 AND session_id = $2 AND state IN ('queued', 'running')"
            ),
            args![session.id],
        )
        .await?;
    if live > 0 { Err(Error::conflict("a run is on in this session: stop it first")) } else { Ok(()) }
}

/// The session, begun anew.
#[derive(Debug, Serialize, JsonSchema)]
struct Reset {
    ok: bool,
    key: String,
    entry: SessionRow,
}

async fn reset(scope: &Scope<Write>, p: NameSession) -> Result<Reset> {
    let session = own(scope, &p.key).await?;
    must_be_idle(scope, &session).await?;
    scope
        .run_one(
            sql!(
                "UPDATE sessions SET first_seq = last_seq + 1, title = NULL, preview = NULL, last_status = NULL,
                     input_tokens = 0, output_tokens = 0, cost_nano_usd = 0, updated_at = $3
                 WHERE workspace_id = $1 AND id = $2"
            ),
            args![session.id, scope.now()],
        )
        .await?;
    scope.run(sql!("DELETE FROM messages WHERE workspace_id = $1 AND session_id = $2"), args![session.id]).await?;
    changed(scope, &session, "reset").await?;
    Ok(Reset { ok: true, key: p.key.0, entry: row(scope, &session.id).await? })
}

/// The session is gone.
#[derive(Debug, Serialize, JsonSchema)]
struct Deleted {
    ok: bool,
    key: String,
    deleted: bool,
    archived: [String; 0],
}

async fn delete(scope: &Scope<Write>, p: NameSession) -> Result<Deleted> {
    let session = own(scope, &p.key).await?;
    must_be_idle(scope, &session).await?;
    changed(scope, &session, "delete").await?;
    scope.run_one(sql!("DELETE FROM sessions WHERE workspace_id = $1 AND id = $2"), args![session.id]).await?;
    Ok(Deleted { ok: true, key: p.key.0, deleted: true, archived: [] })
}

/// Accepted as `sessions.list` takes them, no effect: the list is not sent along.
#[derive(Debug, Deserialize, JsonSchema)]
struct Subscribe {
    #[serde(flatten)]
    _accepted: std::collections::HashMap<String, Value>,
}

/// This connection is told from now on.
#[derive(Debug, Serialize, JsonSchema)]
struct Subscribed {
    subscribed: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    key: Option<String>,
}

// What a connection listens to is the connection's own; the gateway notes it when the method succeeds.
async fn subscribe(_: &Scope<Read>, _: Subscribe) -> Result<Subscribed> {
    Ok(Subscribed { subscribed: true, key: None })
}

async fn subscribe_messages(scope: &Scope<Read>, p: NameSession) -> Result<Subscribed> {
    must_be_possible(scope, &p.key).await?;
    Ok(Subscribed { subscribed: true, key: Some(p.key.0) })
}

async fn unsubscribe_messages(scope: &Scope<Read>, p: NameSession) -> Result<Subscribed> {
    must_be_possible(scope, &p.key).await?;
    Ok(Subscribed { subscribed: false, key: Some(p.key.0) })
}

/// A session that is not there yet may be listened to, because its first message makes it; its agent must be there.
async fn must_be_possible(scope: &Scope<Read>, named: &SessionKey) -> Result<()> {
    let key = canonical(scope, named).await?;
    match find(scope, &key).await? {
        Some(_) => Ok(()),
        None => agents::get(scope, key::agent_of(&key)).await.map(drop),
    }
}
