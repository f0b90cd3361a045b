//! An agent that becomes private takes its sessions along: each stays with who made it, and goes for everybody else.

use pmos_kit::{AgentId, Millis, PersonId, Result};
use pmos_store::{Audience, Listens, Scope, Write, args, sql};
use serde::Serialize;

/// So many sessions are told of, those used last: they are what lists show. Of the agent itself everybody is told.
const TOLD: usize = 200;

/// `sessions.changed`, as far as it is said without the session's row.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Changed<'a> {
    session_key: &'a str,
    agent_id: &'a AgentId,
    reason: &'static str,
    ts: Millis,
    has_active_run: bool,
    active_run_ids: [String; 0],
}

/// Make the sessions of an agent private, and tell who listens: everybody that they went, their makers that they are
/// there all the same.
pub(super) async fn hide_sessions(scope: &Scope<Write>, agent: &AgentId) -> Result<()> {
    let mut hidden: Vec<(String, PersonId, Millis)> = scope
        .rows(
            sql!(
                "UPDATE sessions SET visibility = 'private' WHERE workspace_id = $1 AND agent_id = $2 AND visibility <> 'private'
                 RETURNING key, created_by, updated_at"
            ),
            args![agent],
        )
        .await?;
    hidden.sort_by_key(|(.., updated_at)| std::cmp::Reverse(*updated_at));
    let told = |session_key, reason, maker: Option<PersonId>| {
        let ts = scope.now();
        let changed = Changed { session_key, agent_id: agent, reason, ts, has_active_run: false, active_run_ids: [] };
        scope.publish("sessions.changed", &changed, Audience::listening(Listens::Sessions).only(maker))
    };
    for (key, maker, _) in hidden.iter().take(TOLD) {
        told(key, "delete", None)?;
        told(key, "patch", Some(maker.clone()))?;
    }
    Ok(())
}
