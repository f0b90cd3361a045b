//! A session as lists and events show it (openclaw.md, 10.5).

use super::{Session, key};
use crate::agents::MAIN;
use pmos_kit::{AgentId, Millis, NanoUsd, PersonId, Result, SessionId};
use pmos_store::{Listens, May, Scope, Write, args, from_row, sql};
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::HashMap;

/// A session in a list.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SessionRow {
    pub(crate) key: String,
    kind: &'static str,
    pub(crate) session_id: SessionId,
    agent_id: AgentId,
    #[serde(skip_serializing_if = "Option::is_none")]
    label: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    display_name: Option<String>,
    /// The first words that a person said in it.
    #[serde(skip_serializing_if = "Option::is_none")]
    derived_title: Option<String>,
    /// The last words that anybody said in it.
    #[serde(skip_serializing_if = "Option::is_none")]
    last_message_preview: Option<String>,
    pub(crate) updated_at: Millis,
    created_at: Millis,
    created_by: PersonId,
    /// `workspace` or `private`.
    #[schemars(extend("enum" = ["workspace", "private"]))]
    visibility: String,
    archived: bool,
    pinned: bool,
    is_main: bool,
    /// How its last run went: `done`, `aborted`, `error` or `interrupted`; absent before the first.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("enum" = ["running", "done", "aborted", "error", "interrupted"]))]
    status: Option<String>,
    pub(crate) has_active_run: bool,
    active_run_ids: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    model: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    model_provider: Option<String>,
    input_tokens: i64,
    output_tokens: i64,
    total_tokens: i64,
    estimated_cost_usd: f64,
    message_count: i64,
}

/// The columns of a list, in their order.
pub(crate) struct Stored {
    id: SessionId,
    key: String,
    agent_id: AgentId,
    label: Option<String>,
    title: Option<String>,
    preview: Option<String>,
    visibility: String,
    created_by: PersonId,
    created_at: Millis,
    updated_at: Millis,
    archived: bool,
    pinned: bool,
    model: Option<String>,
    message_count: i64,
    last_status: Option<String>,
    input_tokens: i64,
    output_tokens: i64,
    cost_nano_usd: i64,
}

from_row!(Stored {
    id,
    key,
    agent_id,
    label,
    title,
    preview,
    visibility,
    created_by,
    created_at,
    updated_at,
    archived,
    pinned,
    model,
    message_count,
    last_status,
    input_tokens,
    output_tokens,
    cost_nano_usd,
});

/// The keys of the runs that are not over, by session.
pub(crate) type Live = HashMap<SessionId, Vec<String>>;

/// The runs of the workspace that are not over.
pub(crate) async fn live<A: May<false>>(scope: &Scope<A>) -> Result<Live> {
    let runs: Vec<(SessionId, String)> = scope
        .rows(
            sql!("SELECT session_id, client_key FROM runs WHERE workspace_id = $1 AND state <> 'done' ORDER BY session_id, turn"),
            args![],
        )
        .await?;
    let mut live = Live::new();
    for (session, key) in runs {
        live.entry(session).or_default().push(key);
    }
    Ok(live)
}

impl Stored {
    pub(crate) fn shown(self, live: &Live) -> SessionRow {
        let active_run_ids = live.get(&self.id).cloned().unwrap_or_default();
        let (provider, model) = match self.model {
            Some(model) => match model.split_once('/') {
                Some((provider, name)) => (Some(provider.to_owned()), Some(name.to_owned())),
                None => (None, Some(model)),
            },
            None => (None, None),
        };
        SessionRow {
            is_main: key::rest_of(&self.key) == MAIN,
            kind: "direct",
            display_name: self.label.clone().or_else(|| self.title.clone()),
            derived_title: self.title,
            last_message_preview: self.preview,
            status: if active_run_ids.is_empty() { self.last_status } else { Some("running".into()) },
            has_active_run: !active_run_ids.is_empty(),
            active_run_ids,
            model,
            model_provider: provider,
            total_tokens: self.input_tokens + self.output_tokens,
            estimated_cost_usd: NanoUsd(self.cost_nano_usd).as_dollars(),
            message_count: self.message_count,
            key: self.key,
            session_id: self.id,
            agent_id: self.agent_id,
            label: self.label,
            updated_at: self.updated_at,
            created_at: self.created_at,
            created_by: self.created_by,
            visibility: self.visibility,
            archived: self.archived,
            pinned: self.pinned,
            input_tokens: self.input_tokens,
            output_tokens: self.output_tokens,
        }
    }
}

/// The row of one session.
pub(crate) async fn row<A: May<false>>(scope: &Scope<A>, id: &SessionId) -> Result<SessionRow> {
    let stored: Stored = scope
        .one(
            sql!(
                "SELECT id, key, agent_id, label, title, preview, visibility, created_by, created_at, updated_at, archived, pinned,
                        COALESCE(model, last_model), last_seq - first_seq + 1, last_status, input_tokens, output_tokens, cost_nano_usd
                 FROM sessions WHERE workspace_id = $1 AND id = $2"
            ),
            args![id],
        )
        .await?;
    let active: Vec<String> = scope
        .rows(
            sql!(
                "SELECT client_key FROM runs WHERE workspace_id = $1 AND session_id = $2 AND state <> 'done' ORDER BY turn"
            ),
            args![id],
        )
        .await?;
    let live = if active.is_empty() { Live::new() } else { Live::from([(id.clone(), active)]) };
    Ok(stored.shown(&live))
}

/// A session was made, changed, used or deleted.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SessionsChanged {
    session_key: String,
    agent_id: AgentId,
    /// `create`, `send`, `run`, `patch`, `reset`, `inject` or `delete`.
    reason: &'static str,
    /// `end` or `error`, where a run ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    phase: Option<&'static str>,
    /// The run that ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    run_id: Option<String>,
    ts: Millis,
    // OpenClaw's clients read these here, not in the row.
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<String>,
    has_active_run: bool,
    active_run_ids: Vec<String>,
    /// Absent when it was deleted.
    #[serde(skip_serializing_if = "Option::is_none")]
    session: Option<SessionRow>,
}

/// Tell who listens that a session changed. It is read as this transaction leaves it.
pub(crate) async fn changed(scope: &Scope<Write>, session: &Session, reason: &'static str) -> Result<()> {
    tell(scope, session, reason, None).await
}

/// Tell who listens that a run of the session ended, well or not.
pub(crate) async fn run_ended(scope: &Scope<Write>, session: &Session, run_id: &str, failed: bool) -> Result<()> {
    tell(scope, session, "run", Some((if failed { "error" } else { "end" }, run_id.to_owned()))).await
}

async fn tell(
    scope: &Scope<Write>,
    session: &Session,
    reason: &'static str,
    ended: Option<(&'static str, String)>,
) -> Result<()> {
    let row = if reason == "delete" { None } else { Some(row(scope, &session.id).await?) };
    let (phase, run_id) = ended.unzip();
    let told = SessionsChanged {
        session_key: session.key.clone(),
        agent_id: session.agent_id.clone(),
        reason,
        phase,
        run_id,
        ts: scope.now(),
        status: row.as_ref().and_then(|row| row.status.clone()),
        has_active_run: row.as_ref().is_some_and(|row| row.has_active_run),
        active_run_ids: row.as_ref().map(|row| row.active_run_ids.clone()).unwrap_or_default(),
        session: row,
    };
    scope.publish("sessions.changed", &told, session.audience(Listens::Sessions))
}
