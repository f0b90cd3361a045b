//! A session: a conversation with one agent.
//!
//! - Its key is `agent:<agentId>:<rest>`. `main`, and any bare key, belongs to the workspace's default agent.
//! - Its messages are numbered from 1 without gaps; a client that was away asks for what came behind a number.
//! - It is as visible as it was made, and never more than its agent: a private agent's sessions are private.
//! - A reset starts it anew under the same key; what was said before is no longer told to anybody.

mod key;
mod list;
mod message;
mod row;
mod rpc;

pub(crate) use key::{SessionKey, agent_of, canonical};
pub(crate) use list::Defaults;
pub(crate) use message::{
    Block, Body, Content, NewMessage, Sender, TextFile, WireCost, WireMessage, WireUsage, append, wire,
};
pub(crate) use row::{SessionRow, changed, row, run_ended};
pub(crate) use rpc::methods;

use crate::agents::{self, Agent};
use pmos_kit::{AgentId, Error, PersonId, Result, SessionId};
use pmos_rpc::protocol::EventRow;
use pmos_store::{Audience, Listens, May, Scope, Write, args, from_row, sql};

/// A session as it is stored, as far as handlers decide by it.
#[derive(Debug, Clone)]
pub(crate) struct Session {
    pub(crate) id: SessionId,
    pub(crate) key: String,
    pub(crate) agent_id: AgentId,
    pub(crate) visibility: String,
    pub(crate) created_by: PersonId,
    pub(crate) model: Option<String>,
    pub(crate) first_seq: i64,
    pub(crate) last_seq: i64,
}

from_row!(Session { id, key, agent_id, visibility, created_by, model, first_seq, last_seq });

impl Session {
    /// Who hears of what happens in it.
    pub(crate) fn audience(&self, listens: Listens) -> Audience {
        let only = (self.visibility == "private").then(|| self.created_by.clone());
        Audience::listening(listens).only(only)
    }
}

/// The session of this canonical key, if it is there and the caller may see it.
pub(crate) async fn find<A: May<false>>(scope: &Scope<A>, key: &str) -> Result<Option<Session>> {
    let found: Option<Session> = scope
        .maybe(
            sql!(
                "SELECT id, key, agent_id, visibility, created_by, model, first_seq, last_seq
                 FROM sessions WHERE workspace_id = $1 AND key = $2"
            ),
            args![key],
        )
        .await?;
    match found {
        Some(session) if !scope.may_see(&session.visibility, &session.created_by) => Err(Error::not_found()),
        found => Ok(found),
    }
}

/// The session of a row that names it, for work that the row asks for: nobody's sight is in question.
pub(crate) async fn by_id<A: May<false>>(scope: &Scope<A>, id: &SessionId) -> Result<Session> {
    scope
        .one(
            sql!(
                "SELECT id, key, agent_id, visibility, created_by, model, first_seq, last_seq
                 FROM sessions WHERE workspace_id = $1 AND id = $2"
            ),
            args![id],
        )
        .await
}

/// The session that a caller names, if they may see it.
pub(crate) async fn get<A: May<false>>(scope: &Scope<A>, named: &SessionKey) -> Result<Session> {
    let key = canonical(scope, named).await?;
    find(scope, &key).await?.ok_or_else(Error::not_found)
}

/// The session that a caller names, made if its agent is there and it is not (decisions.md, 3.4).
pub(crate) async fn ensure(scope: &Scope<Write>, named: &SessionKey) -> Result<Session> {
    let key = canonical(scope, named).await?;
    if let Some(session) = find(scope, &key).await? {
        return Ok(session);
    }
    let agent = agents::get(scope, key::agent_of(&key)).await?;
    match create(scope, key.clone(), &agent, &agent.visibility, None, None).await? {
        Some(session) => Ok(session),
        // Somebody else made it in between.
        None => find(scope, &key).await?.ok_or_else(Error::not_found),
    }
}

/// Hold a session until the transaction ends, so that what is decided by its runs stays true. Returns its last number.
pub(crate) async fn hold(scope: &Scope<Write>, session: &SessionId) -> Result<i64> {
    scope
        .one(
            sql!("UPDATE sessions SET last_seq = last_seq WHERE workspace_id = $1 AND id = $2 RETURNING last_seq"),
            args![session],
        )
        .await
}

/// The visibility that a session of this agent may have: what is asked for, unless the agent is private.
fn never_more<'a>(visibility: &'a str, agent: &Agent) -> &'a str {
    if agent.visibility == "private" { "private" } else { visibility }
}

/// Make a session; `None` if its key is taken.
pub(crate) async fn create(
    scope: &Scope<Write>,
    key: String,
    agent: &Agent,
    visibility: &str,
    label: Option<&str>,
    model: Option<&str>,
) -> Result<Option<Session>> {
    let visibility = never_more(visibility, agent);
    let (id, now) = (SessionId::new(scope.clock(), scope.rng()), scope.now());
    let made = scope
        .run(
            sql!(
                "INSERT INTO sessions (workspace_id, id, key, agent_id, label, visibility, created_by, created_at, updated_at, model)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8, $9) ON CONFLICT (workspace_id, key) DO NOTHING"
            ),
            args![id, key, agent.id, label, visibility, scope.person(), now, model],
        )
        .await?;
    Ok((made > 0).then(|| Session {
        id,
        key,
        agent_id: agent.id.clone(),
        visibility: visibility.to_owned(),
        created_by: scope.person().clone(),
        model: model.map(str::to_owned),
        first_seq: 1,
        last_seq: 0,
    }))
}

/// The events of this domain.
pub(crate) fn events() -> Vec<EventRow> {
    vec![
        EventRow::of::<row::SessionsChanged>(
            "sessions.changed",
            "A session was made, changed, used or deleted. Sent to connections that called sessions.subscribe.",
        ),
        EventRow::of::<message::SessionMessage>(
            "session.message",
            "A message joined a session's history. Sent to connections that called sessions.subscribe or sessions.messages.subscribe.",
        ),
    ]
}
