//! An agent: a name, a model, and the files that tell it who it is.
//!
//! - Its name is unique in the workspace. Whoever makes it may change it, and every admin may.
//! - A private agent is seen and used by its maker alone.
//! - Each workspace has a default agent, which `main` names; it cannot be deleted.
//! - Its files are rows, at most 1 MiB each: nothing that a tenant names ever becomes a path on the host.

mod files;
mod hide;
pub(crate) mod rpc;
mod tools;

pub(crate) use files::{instructions, methods as file_methods};
pub use tools::FileTools;

use pmos_kit::{AgentId, Error, Millis, PersonId, Result};
use pmos_rpc::Method;
use pmos_rpc::protocol::EventRow;
use pmos_store::{Scope, Write, args, from_row, sql};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// The name that stands for the workspace's default agent.
pub const MAIN: &str = "main";

/// The rows of this domain.
pub(crate) fn methods() -> Vec<Method> {
    rpc::methods().into_iter().chain(file_methods()).collect()
}

/// The events of this domain.
pub(crate) fn events() -> Vec<EventRow> {
    vec![EventRow::of::<AgentsChanged>("agents.changed", "An agent was made, changed or deleted: read the list again.")]
}

/// An agent was made, changed or deleted.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AgentsChanged {
    agent_id: AgentId,
    /// `create`, `update`, `delete` or `files`.
    #[schemars(extend("enum" = ["create", "update", "delete", "files"]))]
    reason: Cow<'static, str>,
}

/// An agent as a caller names it: its id, or `main` for the workspace's default.
#[derive(Debug, Clone, Deserialize)]
#[serde(transparent)]
pub(crate) struct AgentRef(pub(crate) String);

impl JsonSchema for AgentRef {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> Cow<'static, str> {
        "AgentRef".into()
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string", "description": "An agent's id, or `main` for the default agent.", "x-id": "AgentId" })
    }
}

/// An agent as it is stored.
#[derive(Debug, Clone)]
pub(crate) struct Agent {
    pub(crate) id: AgentId,
    pub(crate) name: String,
    pub(crate) emoji: Option<String>,
    pub(crate) avatar: Option<String>,
    pub(crate) theme: Option<String>,
    pub(crate) description: Option<String>,
    pub(crate) model: Option<String>,
    pub(crate) visibility: String,
    pub(crate) created_by: PersonId,
    pub(crate) created_at: Millis,
    pub(crate) updated_at: Millis,
}

from_row!(Agent { id, name, emoji, avatar, theme, description, model, visibility, created_by, created_at, updated_at });

/// The workspace's default agent.
pub(crate) async fn default_id<A: pmos_store::May<false>>(scope: &Scope<A>) -> Result<AgentId> {
    let id: Option<AgentId> =
        scope.one(sql!("SELECT default_agent_id FROM workspaces WHERE workspace_id = $1"), args![]).await?;
    id.ok_or_else(|| Error::conflict("this workspace has no default agent yet: create an agent"))
}

/// The agent that a caller names, if they may see it. A foreign, a missing and another person's private one are alike.
pub(crate) async fn get<A: pmos_store::May<false>>(scope: &Scope<A>, named: &str) -> Result<Agent> {
    let id = if named == MAIN { default_id(scope).await? } else { named.parse().map_err(|_| Error::not_found())? };
    let agent: Agent = scope
        .one(
            sql!(
                "SELECT id, name, emoji, avatar, theme, description, model, visibility, created_by, created_at, updated_at
                 FROM agents WHERE workspace_id = $1 AND id = $2"
            ),
            args![id],
        )
        .await?;
    if scope.may_see(&agent.visibility, &agent.created_by) { Ok(agent) } else { Err(Error::not_found()) }
}

/// Make the default agent of a workspace that was just created.
///
/// # Errors
/// As every statement's.
pub async fn create_default(scope: &Scope<Write>) -> Result<()> {
    let id = AgentId::new(scope.clock(), scope.rng());
    let now = scope.now();
    scope
        .run(
            sql!(
                "INSERT INTO agents (workspace_id, id, name, emoji, description, visibility, created_by, created_at, updated_at)
                 VALUES ($1, $2, 'Assistant', '✨', 'Helps with whatever comes up.', 'workspace', $3, $4, $4)"
            ),
            args![id, scope.person(), now],
        )
        .await?;
    scope.run_one(sql!("UPDATE workspaces SET default_agent_id = $2 WHERE workspace_id = $1"), args![id]).await
}
