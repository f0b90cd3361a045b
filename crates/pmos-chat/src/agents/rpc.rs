//! `agents.*` and `agent.identity.get`.

use super::hide::hide_sessions;
use super::{Agent, AgentRef, AgentsChanged, MAIN, default_id, get};
use crate::models::Models;
use pmos_kit::{AgentId, Error, Millis, PersonId, Result};
use pmos_rpc::{Text, methods};
use pmos_store::{Audience, OrConflict, Read, Scope, Write, args, sql};
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize};

methods! {
    /// The agents of the workspace that the caller may see, by name.
    ///
    /// `defaultId` is the agent that `main` names. An agent's `model.primary` is absent where no model is set up.
    Read "agents.list" Viewer => list;
    /// One agent, with its description.
    ///
    /// Fails with `NOT_FOUND` for an agent that is not in this workspace or is another person's private one.
    Read "agents.get" Viewer => show;
    /// Create an agent. The name must be unique in the workspace.
    ///
    /// `model` is `provider/model`; without it the agent uses the workspace's default. Fails with `CONFLICT` if the name
    /// is taken. `workspace` is accepted for OpenClaw's clients and has no effect.
    Write "agents.create" Member => create, limit: per_minute(10);
    /// Change an agent: what is absent stays, `null` clears a model.
    ///
    /// Only its maker and admins may. One that becomes private takes its sessions along: each stays with who made it.
    /// Fails with `CONFLICT` if the name is taken, and for a default agent that would become private.
    Write "agents.update" Member(own) => update, limit: per_minute(30);
    /// Delete an agent with its files, sessions and messages. There is no undo.
    ///
    /// Only its maker and admins may. Fails with `CONFLICT` for the default agent.
    Write "agents.delete" Member(own) => delete, limit: per_minute(10);
    /// The name and face of an agent, by its id or by the key of one of its sessions.
    Read "agent.identity.get" Viewer => identity;
}

/// What `agents.list` takes: nothing.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct ListAgents {}

/// The agents of a workspace.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct AgentList {
    default_id: String,
    main_key: &'static str,
    scope: &'static str,
    ownership: &'static str,
    selection_required: bool,
    agents: Vec<AgentRow>,
}

/// An agent in a list.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct AgentRow {
    id: AgentId,
    name: String,
    kind: &'static str,
    identity: AgentIdentity,
    /// What it answers with: its own model, else the workspace's default.
    #[serde(skip_serializing_if = "Option::is_none")]
    model: Option<AgentModel>,
    /// Its own model, where one was chosen.
    #[serde(skip_serializing_if = "Option::is_none")]
    own_model: Option<String>,
    /// Where its files are, for OpenClaw's clients. No path of the host.
    workspace: String,
    /// `workspace` or `private`.
    #[schemars(extend("enum" = ["workspace", "private"]))]
    visibility: String,
    created_by: PersonId,
    created_at: Millis,
    updated_at: Millis,
    is_default: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
}

/// The face of an agent.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct AgentIdentity {
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    emoji: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    avatar: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    theme: Option<String>,
}

/// The model of an agent.
#[derive(Debug, Serialize, JsonSchema)]
struct AgentModel {
    /// `provider/model`.
    primary: String,
}

impl AgentRow {
    fn of(agent: Agent, default_id: &str, default_model: Option<&str>) -> Self {
        let primary = agent.model.clone().or_else(|| default_model.map(str::to_owned));
        Self {
            is_default: agent.id.as_str() == default_id,
            workspace: location(&agent.id),
            identity: AgentIdentity {
                name: agent.name.clone(),
                emoji: agent.emoji,
                avatar: agent.avatar,
                theme: agent.theme,
            },
            model: primary.map(|primary| AgentModel { primary }),
            own_model: agent.model,
            id: agent.id,
            name: agent.name,
            kind: "agent",
            visibility: agent.visibility,
            created_by: agent.created_by,
            created_at: agent.created_at,
            updated_at: agent.updated_at,
            description: agent.description,
        }
    }
}

/// Where an agent's files are, in words for OpenClaw's clients, which show it.
pub(super) fn location(agent: &AgentId) -> String {
    format!("pmos://agents/{agent}")
}

async fn list(scope: &Scope<Read>, _: ListAgents) -> Result<AgentList> {
    let agents: Vec<Agent> = scope
        .rows(
            sql!(
                "SELECT id, name, emoji, avatar, theme, NULL, model, visibility, created_by, created_at, updated_at
                 FROM agents WHERE workspace_id = $1 AND (visibility <> 'private' OR created_by = $2) ORDER BY name LIMIT 500"
            ),
            args![scope.person()],
        )
        .await?;
    let default_id = default_id(scope).await.map_or_else(|_| MAIN.to_owned(), |id| id.as_str().to_owned());
    let default_model = scope.service::<Models>()?.default_of(scope).await?;
    let agents = agents.into_iter().map(|agent| AgentRow::of(agent, &default_id, default_model.as_deref())).collect();
    Ok(AgentList {
        default_id,
        main_key: MAIN,
        scope: "per-sender",
        ownership: "sole",
        selection_required: false,
        agents,
    })
}

/// Which agent.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct GetAgent {
    agent_id: AgentRef,
}

async fn show(scope: &Scope<Read>, p: GetAgent) -> Result<AgentRow> {
    let agent = get(scope, &p.agent_id.0).await?;
    let default_id = default_id(scope).await?;
    let default_model = scope.service::<Models>()?.default_of(scope).await?;
    Ok(AgentRow::of(agent, default_id.as_str(), default_model.as_deref()))
}

/// Who may see it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Visibility {
    /// Everybody in the workspace.
    Workspace,
    /// Its maker alone.
    Private,
}

impl Visibility {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Visibility::Workspace => "workspace",
            Visibility::Private => "private",
        }
    }
}

/// A new agent.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct CreateAgent {
    /// 1 to 80 characters, unique in the workspace.
    name: String,
    /// `provider/model`.
    model: Option<String>,
    emoji: Option<String>,
    avatar: Option<String>,
    theme: Option<String>,
    /// What it is for, up to 2,000 characters.
    description: Option<String>,
    /// `workspace` without it.
    visibility: Option<Visibility>,
    /// Accepted, no effect.
    #[serde(default, rename = "workspace")]
    _workspace: Option<String>,
}

/// The new agent.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct AgentCreated {
    ok: bool,
    agent_id: AgentId,
    name: String,
    workspace: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    model: Option<String>,
}

const NAME: Text = Text { field: "name", min: 1, max: 80 };
const MODEL: Text = Text { field: "model", min: 1, max: 200 };
const EMOJI: Text = Text { field: "emoji", min: 1, max: 16 };
const AVATAR: Text = Text { field: "avatar", min: 1, max: 2_000 };
const THEME: Text = Text { field: "theme", min: 1, max: 200 };
const DESCRIPTION: Text = Text { field: "description", min: 0, max: 2_000 };
const NAME_TAKEN: &str = "an agent of this workspace has this name already: choose another";

async fn create(scope: &Scope<Write>, p: CreateAgent) -> Result<AgentCreated> {
    let id = AgentId::new(scope.clock(), scope.rng());
    let name = NAME.name(&p.name)?;
    let model = p.model.as_deref().map(|text| MODEL.name(text)).transpose()?;
    let emoji = p.emoji.as_deref().map(|text| EMOJI.name(text)).transpose()?;
    let avatar = p.avatar.as_deref().map(|text| AVATAR.name(text)).transpose()?;
    let theme = p.theme.as_deref().map(|text| THEME.name(text)).transpose()?;
    let description = p.description.as_deref().map(|text| DESCRIPTION.body(text)).transpose()?;
    let visibility = p.visibility.unwrap_or(Visibility::Workspace).as_str();
    scope
        .run(
            sql!(
                "INSERT INTO agents (workspace_id, id, name, emoji, avatar, theme, description, model, visibility, created_by, created_at, updated_at)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $11)"
            ),
            args![id, name, emoji, avatar, theme, description, model, visibility, scope.person(), scope.now()],
        )
        .await
        .or_conflict(NAME_TAKEN)?;
    // A workspace whose agents were all deleted by an earlier hand takes the next one as its default.
    scope
        .run(
            sql!("UPDATE workspaces SET default_agent_id = $2 WHERE workspace_id = $1 AND default_agent_id IS NULL"),
            args![id],
        )
        .await?;
    tell(scope, &id, "create", visibility)?;
    Ok(AgentCreated { ok: true, workspace: location(&id), agent_id: id, name, model })
}

/// Tell the workspace of a change, or the maker alone where the agent is private.
pub(super) fn tell(scope: &Scope<Write>, id: &AgentId, reason: &'static str, visibility: &str) -> Result<()> {
    scope.about(id.as_str());
    let only = (visibility == "private").then(|| scope.person().clone());
    scope.publish(
        "agents.changed",
        &AgentsChanged { agent_id: id.clone(), reason: reason.into() },
        Audience::ALL.only(only),
    )
}

/// Changes to an agent.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct UpdateAgent {
    agent_id: AgentRef,
    name: Option<String>,
    /// `provider/model`; `null` goes back to the workspace's default.
    #[serde(default, deserialize_with = "present")]
    #[schemars(with = "Option<String>")]
    model: Option<Option<String>>,
    emoji: Option<String>,
    avatar: Option<String>,
    theme: Option<String>,
    description: Option<String>,
    visibility: Option<Visibility>,
    /// Accepted, no effect.
    #[serde(default, rename = "workspace")]
    _workspace: Option<String>,
}

/// Tells `null` from absent.
pub(crate) fn present<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    deserializer: D,
) -> Result<Option<Option<T>>, D::Error> {
    Option::<T>::deserialize(deserializer).map(Some)
}

/// The agent that was changed.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct AgentUpdated {
    ok: bool,
    agent_id: AgentId,
}

async fn update(scope: &Scope<Write>, p: UpdateAgent) -> Result<AgentUpdated> {
    let agent = get(scope, &p.agent_id.0).await?;
    scope.must_own(&agent.created_by)?;
    let kept = |new: Option<String>, old: Option<String>, rule: Text| match new {
        Some(new) => rule.name(&new).map(Some),
        None => Ok(old),
    };
    let name = p.name.map_or(Ok(agent.name), |name| NAME.name(&name))?;
    let model = match p.model {
        Some(model) => model.as_deref().map(|text| MODEL.name(text)).transpose()?,
        None => agent.model,
    };
    let description = match p.description {
        Some(text) => Some(DESCRIPTION.body(&text)?.to_owned()),
        None => agent.description,
    };
    let visibility = p.visibility.map_or(agent.visibility.as_str(), |new| new.as_str()).to_owned();
    let hides = visibility == "private" && agent.visibility != "private";
    if hides && default_id(scope).await? == agent.id {
        return Err(Error::conflict("the default agent is everybody's: make another agent for yourself"));
    }
    let emoji = kept(p.emoji, agent.emoji, EMOJI)?;
    let avatar = kept(p.avatar, agent.avatar, AVATAR)?;
    let theme = kept(p.theme, agent.theme, THEME)?;
    scope
        .run_one(
            sql!(
                "UPDATE agents SET name = $3, emoji = $4, avatar = $5, theme = $6, description = $7, model = $8, visibility = $9, updated_at = $10
                 WHERE workspace_id = $1 AND id = $2"
            ),
            args![agent.id, name, emoji, avatar, theme, description, model, visibility, scope.now()],
        )
        .await
        .or_conflict(NAME_TAKEN)?;
    if hides {
        hide_sessions(scope, &agent.id).await?;
    }
    // Whoever saw it until now is told as well.
    tell(scope, &agent.id, "update", if hides { &agent.visibility } else { &visibility })?;
    Ok(AgentUpdated { ok: true, agent_id: agent.id })
}

/// Which agent to delete.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct DeleteAgent {
    agent_id: AgentRef,
    /// Accepted, no effect: the files are rows of the agent and go with it.
    #[serde(default, rename = "deleteFiles")]
    _delete_files: Option<bool>,
}

/// The agent is gone.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct AgentDeleted {
    ok: bool,
    agent_id: AgentId,
    removed_bindings: u32,
}

async fn delete(scope: &Scope<Write>, p: DeleteAgent) -> Result<AgentDeleted> {
    let agent = get(scope, &p.agent_id.0).await?;
    scope.must_own(&agent.created_by)?;
    if default_id(scope).await? == agent.id {
        return Err(Error::conflict("the default agent stays: rename it, or change its instructions"));
    }
    scope.run_one(sql!("DELETE FROM agents WHERE workspace_id = $1 AND id = $2"), args![agent.id]).await?;
    tell(scope, &agent.id, "delete", &agent.visibility)?;
    Ok(AgentDeleted { ok: true, agent_id: agent.id, removed_bindings: 0 })
}

/// Whose face.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct GetIdentity {
    /// The default agent without it.
    agent_id: Option<AgentRef>,
    /// The key of one of the agent's sessions, instead of its id.
    session_key: Option<String>,
}

/// A name and a face.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct Identity {
    agent_id: AgentId,
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    avatar: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    emoji: Option<String>,
}

async fn identity(scope: &Scope<Read>, p: GetIdentity) -> Result<Identity> {
    let from_key = p.session_key.as_deref().and_then(|key| key.strip_prefix("agent:")?.split(':').next());
    let named = p.agent_id.as_ref().map(|named| named.0.as_str()).or(from_key).unwrap_or(MAIN);
    let agent = get(scope, named).await?;
    Ok(Identity { agent_id: agent.id, name: agent.name, avatar: agent.avatar, emoji: agent.emoji })
}
