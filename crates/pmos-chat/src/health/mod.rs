//! How the workspace is doing, in the words that OpenClaw's clients expect (openclaw.md, 10.1).

use crate::agents;
use pmos_kit::{AgentId, Millis, Result};
use pmos_rpc::protocol::EventRow;
use pmos_rpc::{Ignored, methods};
use pmos_store::{Read, Scope, args, from_row, sql};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

methods! {
    /// Is the server up, and what does the workspace hold? Cheap enough to be asked often.
    Read "health" Viewer => health;
    /// The workspace at a glance: its agents, and the sessions used last.
    Read "status" Viewer => status;
}

/// The events of this domain.
pub(crate) fn events() -> Vec<EventRow> {
    vec![EventRow::of::<Health>("health", "How the workspace is doing, each minute: what the method `health` answers.")]
}

/// What `health` takes; nothing of it has an effect.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct AskHealth {
    #[serde(rename = "probe")]
    _probe: Option<Ignored>,
}

/// The server is up.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct Health {
    ok: bool,
    ts: Millis,
    duration_ms: Millis,
    channels: Empty,
    channel_order: [String; 0],
    channel_labels: Empty,
    heartbeat_seconds: u32,
    default_agent_id: String,
    agents: Vec<AgentHealth>,
    sessions: SessionsHealth,
}

/// An object without members: channels come later.
#[derive(Debug, Default, Serialize, JsonSchema)]
struct Empty {}

/// An agent's share.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct AgentHealth {
    agent_id: AgentId,
    is_default: bool,
    heartbeat: NoHeartbeat,
    sessions: SessionsHealth,
}

/// Heartbeats of agents: none yet.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct NoHeartbeat {
    enabled: bool,
    every: &'static str,
}

/// The sessions of the workspace.
#[derive(Debug, Serialize, JsonSchema)]
struct SessionsHealth {
    path: &'static str,
    count: i64,
    recent: Vec<Recent>,
}

/// A session that was used lately.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct Recent {
    key: String,
    updated_at: Millis,
    age: Millis,
}

/// What health says of a workspace, in one row.
struct Counted {
    default_agent_id: Option<AgentId>,
    sessions: i64,
}

from_row!(Counted { default_agent_id, sessions });

const PATH: &str = "pmos://sessions";

async fn health(scope: &Scope<Read>, _: AskHealth) -> Result<Health> {
    let ts = scope.now();
    let counted: Counted = scope
        .one(
            sql!(
                "SELECT w.default_agent_id, (SELECT COUNT(*) FROM sessions s WHERE s.workspace_id = $1)
                 FROM workspaces w WHERE w.workspace_id = $1"
            ),
            args![],
        )
        .await?;
    let agents = counted
        .default_agent_id
        .iter()
        .map(|id| AgentHealth {
            agent_id: id.clone(),
            is_default: true,
            heartbeat: NoHeartbeat { enabled: false, every: "disabled" },
            sessions: SessionsHealth { path: PATH, count: counted.sessions, recent: Vec::new() },
        })
        .collect();
    Ok(Health {
        ok: true,
        ts,
        duration_ms: scope.now() - ts,
        channels: Empty {},
        channel_order: [],
        channel_labels: Empty {},
        heartbeat_seconds: 0,
        default_agent_id: counted.default_agent_id.map_or_else(|| agents::MAIN.to_owned(), |id| id.as_str().to_owned()),
        agents,
        sessions: SessionsHealth { path: PATH, count: counted.sessions, recent: Vec::new() },
    })
}

/// What `status` takes; nothing of it has an effect.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct AskStatus {
    #[serde(rename = "includeChannelSummary")]
    _include_channel_summary: Option<Ignored>,
    #[serde(rename = "includeCliProjection")]
    _include_cli_projection: Option<Ignored>,
}

/// The workspace at a glance.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct Status {
    runtime_version: &'static str,
    heartbeat: Heartbeat,
    channel_summary: [String; 0],
    queued_system_events: [String; 0],
    sessions: SessionsStatus,
}

/// Heartbeats of agents: none yet.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct Heartbeat {
    default_agent_id: String,
    agents: [String; 0],
}

/// The sessions, over all and by agent.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct SessionsStatus {
    paths: [&'static str; 1],
    count: i64,
    defaults: crate::sessions::Defaults,
    recent: Vec<Recent>,
    by_agent: Vec<AgentSessions>,
}

/// The sessions of one agent.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct AgentSessions {
    agent_id: AgentId,
    path: &'static str,
    count: i64,
    recent: Vec<Recent>,
}

async fn status(scope: &Scope<Read>, _: AskStatus) -> Result<Status> {
    let counts: Vec<(AgentId, i64)> = scope
        .rows(
            sql!(
                "SELECT agent_id, COUNT(*) FROM sessions WHERE workspace_id = $1 AND (visibility <> 'private' OR created_by = $2)
                 GROUP BY agent_id ORDER BY agent_id"
            ),
            args![scope.person()],
        )
        .await?;
    let default_agent_id =
        agents::default_id(scope).await.map_or_else(|_| agents::MAIN.to_owned(), |id| id.as_str().to_owned());
    Ok(Status {
        runtime_version: env!("CARGO_PKG_VERSION"),
        heartbeat: Heartbeat { default_agent_id, agents: [] },
        channel_summary: [],
        queued_system_events: [],
        sessions: SessionsStatus {
            paths: [PATH],
            count: counts.iter().map(|(_, count)| count).sum(),
            defaults: crate::sessions::Defaults::of(scope).await?,
            recent: recent(scope).await?,
            by_agent: counts
                .into_iter()
                .map(|(agent_id, count)| AgentSessions { agent_id, path: PATH, count, recent: Vec::new() })
                .collect(),
        },
    })
}

async fn recent(scope: &Scope<Read>) -> Result<Vec<Recent>> {
    let now = scope.now();
    let rows: Vec<(String, Millis)> = scope
        .rows(
            sql!(
                "SELECT key, updated_at FROM sessions WHERE workspace_id = $1 AND archived = 0
                   AND (visibility <> 'private' OR created_by = $2) ORDER BY updated_at DESC LIMIT 10"
            ),
            args![scope.person()],
        )
        .await?;
    Ok(rows.into_iter().map(|(key, updated_at)| Recent { key, updated_at, age: now - updated_at }).collect())
}
