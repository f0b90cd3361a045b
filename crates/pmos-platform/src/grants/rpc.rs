//! The methods of grants.

use crate::audit::{self, Entry};
use crate::members;
use pmos_kit::clock::MINUTE;
use pmos_kit::{Error, GrantId, Millis, PersonId, Result, Role, WorkspaceId};
use pmos_rpc::{Caller, DONE, Done, Nothing, Text, methods};
use pmos_store::{Global, Read, Scope, Write, args, from_row, global_sql};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

methods! {
    /// Let oneself into a workspace, as its admin, for a reason and a time.
    ///
    /// `reason` has 10 to 500 characters and `minutes` is 5 to 240. The workspace's own audit trail holds the grant.
    /// Fails with `NOT_FOUND` for a workspace that is not there.
    Write "grants.create" Platform => create, agents: Never;

    /// The 200 latest grants of all super admins, the newest first.
    Read "grants.list" Platform => list, agents: Never;

    /// End a grant before its time. What is open by it ends within a second, and so do the invitations made by it.
    Write "grants.revoke" Platform => revoke, agents: Never;
}

/// Where to, why, and for how long.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct CreateParams {
    workspace_id: WorkspaceId,
    /// Why, 10 to 500 characters, one line.
    reason: String,
    /// For how many minutes, 5 to 240.
    minutes: u32,
}

/// A grant.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct GrantView {
    id: GrantId,
    workspace_id: WorkspaceId,
    workspace_name: String,
    /// The super admin whose grant it is.
    created_by: PersonId,
    reason: String,
    created_at: Millis,
    expires_at: Millis,
    /// Present if it was ended before its time.
    #[serde(skip_serializing_if = "Option::is_none")]
    revoked_at: Option<Millis>,
}

from_row!(GrantView { id, workspace_id, workspace_name, created_by, reason, created_at, expires_at, revoked_at });

/// A grant that was made.
#[derive(Debug, Serialize, JsonSchema)]
struct Created {
    grant: GrantView,
}

async fn create(global: &Global<Write>, caller: &Caller, p: CreateParams) -> Result<Created> {
    let reason = Text { field: "reason", min: 10, max: 500 }.name(&p.reason)?;
    if !(5..=240).contains(&p.minutes) {
        return Err(Error::invalid_field("minutes", "minutes: 5 to 240"));
    }
    let workspace_name: String = global
        .one(
            global_sql!(Platform, "SELECT name FROM workspaces WHERE workspace_id = $1 AND deleting_at IS NULL"),
            args![p.workspace_id],
        )
        .await?;
    let now = global.now();
    let grant = GrantView {
        id: GrantId::new(global.clock(), global.rng()),
        workspace_id: p.workspace_id,
        workspace_name,
        created_by: caller.person()?.clone(),
        reason,
        created_at: now,
        expires_at: now + Millis::from(p.minutes) * MINUTE,
        revoked_at: None,
    };
    insert(global, &grant).await?;
    global.about(grant.id.as_str());
    let scope = within(global, caller, &grant.workspace_id)?;
    audit::record(&scope, entry("grants.create", caller, &grant.id)).await?;
    Ok(Created { grant })
}

async fn insert(global: &Global<Write>, grant: &GrantView) -> Result<()> {
    global
        .run(
            global_sql!(
                Platform,
                "INSERT INTO act_grants (workspace_id, id, person_id, reason, created_at, expires_at)
                 VALUES ($1, $2, $3, $4, $5, $6)"
            ),
            args![grant.workspace_id, grant.id, grant.created_by, grant.reason, grant.created_at, grant.expires_at],
        )
        .await
        .map(drop)
}

/// The workspace of a grant: its own trail names the grant as well, beside the server's, which dispatch writes.
fn within(global: &Global<Write>, caller: &Caller, workspace: &WorkspaceId) -> Result<Scope<Write>> {
    let identity = caller.signed_in()?;
    Ok(global.within_by(identity.actor().clone(), workspace.clone(), identity.person().clone(), Role::Admin))
}

fn entry<'a>(action: &'a str, caller: &'a Caller, grant: &'a GrantId) -> Entry<'a> {
    let ip = caller.transport.ip.as_deref();
    Entry { action, resource: Some(grant.as_str()), request_id: &caller.request_id, ip }
}

/// Grants.
#[derive(Debug, Serialize, JsonSchema)]
struct Grants {
    grants: Vec<GrantView>,
}

async fn list(global: &Global<Read>, _: &Caller, _: Nothing) -> Result<Grants> {
    let grants = global
        .rows(
            global_sql!(
                Platform,
                "SELECT g.id, g.workspace_id, w.name, g.person_id, g.reason, g.created_at, g.expires_at, g.revoked_at
                 FROM act_grants g JOIN workspaces w ON w.workspace_id = g.workspace_id ORDER BY g.id DESC LIMIT 200"
            ),
            args![],
        )
        .await?;
    Ok(Grants { grants })
}

/// Which grant.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct RevokeParams {
    grant_id: GrantId,
}

async fn revoke(global: &Global<Write>, caller: &Caller, p: RevokeParams) -> Result<Done> {
    let (workspace, holder): (WorkspaceId, PersonId) = global
        .one(
            global_sql!(
                Platform,
                "UPDATE act_grants SET revoked_at = COALESCE(revoked_at, $1) WHERE id = $2 RETURNING workspace_id, person_id"
            ),
            args![global.now(), p.grant_id],
        )
        .await?;
    global.revokes();
    global.about(p.grant_id.as_str());
    let scope = within(global, caller, &workspace)?;
    members::revoke_invites(&scope, &holder).await?;
    audit::record(&scope, entry("grants.revoke", caller, &p.grant_id)).await?;
    Ok(DONE)
}
