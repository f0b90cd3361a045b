//! `sessions.*`.

use super::list::{list, preview, resolve};
use super::{Session, SessionKey, SessionRow, canonical, changed, create as make, find, get, key, never_more, row};
use crate::agents::rpc::{Visibility, present};
use crate::agents::{self, AgentRef};
use pmos_kit::{Error, Result, SessionId, uuid_v4};
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
    /// One session, as a list shows it. Fails with `NOT_FOUND` for a key that no session has yet.
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
    let visibility = match p.visibility {
        Some(new) => never_more(new.as_str(), &agents::get(scope, session.agent_id.as_str()).await?),
        None => before.4.as_str(),
    };
    scope
        .run_one(
            sql!(
                "UPDATE sessions SET label = $3, model = $4, archived = $5, pinned = $6, visibility = $7
                 WHERE workspace_id = $1 AND id = $2"
            ),
            args![session.id, label, model, p.archived.unwrap_or(before.2), p.pinned.unwrap_or(before.3), visibility],
        )
        .await?;
    if visibility == "private" && session.visibility != "private" {
        // The others are told that it went, and nothing of what it is from now on.
        changed(scope, &session, "delete").await?;
    }
    let session = Session { visibility: visibility.to_owned(), ..session };
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
            sql!("SELECT COUNT(*) FROM runs WHERE workspace_id = $1 AND session_id = $2 AND state <> 'done'"),
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
