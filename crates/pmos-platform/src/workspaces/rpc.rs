//! The methods of a workspace.

use super::platform::list_all;
use super::{DELETION, WorkspaceView, found, name, of_person};
use crate::person;
use pmos_kit::{Error, JobId, Millis, Result, Role, WorkspaceId};
use pmos_rpc::{Caller, DONE, Done, Nothing, methods};
use pmos_store::{Global, Read, Scope, Write, args, sql};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

methods! {
    /// The workspaces in which the caller may work.
    ///
    /// A super admin also sees those for which they hold a grant, with the role `admin` and `grantExpiresAt`.
    Read "workspaces.list" SignedIn => list, agents: Never;

    /// Make a workspace, with the caller as its admin. The name has 1 to 100 characters.
    Write "workspaces.create" SignedIn => create, limit: per_minute(10), agents: Never;

    /// The workspace, the caller's role in it, and how much there is in it for them to see.
    Read "workspaces.get" Viewer => get;

    /// Give the workspace another name, 1 to 100 characters.
    Write "workspaces.rename" Admin => rename, agents: Never;

    /// Delete the workspace with all that is in it. There is no way back.
    ///
    /// `confirmName` repeats the workspace's name exactly, else `INVALID_REQUEST`. Everybody is shut out at once; the
    /// rows go within minutes.
    Write "workspaces.delete" Admin => delete, agents: Never;

    /// All workspaces of this server, the newest first, with how many members and agents each has.
    ///
    /// `search` finds names that contain it. What is inside a workspace needs a grant: see `grants.create`.
    Read "platform.workspaces.list" Platform => list_all, agents: Never;
}

/// Where the caller may work.
#[derive(Debug, Serialize, JsonSchema)]
struct Workspaces {
    workspaces: Vec<WorkspaceView>,
}

async fn list(global: &Global<Read>, caller: &Caller, _: Nothing) -> Result<Workspaces> {
    let identity = caller.signed_in()?;
    Ok(Workspaces { workspaces: of_person(global, identity.person(), identity.is_super_admin()).await? })
}

/// What it is called.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Named {
    /// 1 to 100 characters, one line.
    name: String,
}

async fn create(global: &Global<Write>, caller: &Caller, p: Named) -> Result<WorkspaceView> {
    let founder = person::get(global, caller.person()?).await?;
    let workspace = found(global, &founder, &p.name).await?;
    global.about(workspace.id.as_str());
    Ok(workspace)
}

/// A workspace from within.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct Overview {
    id: WorkspaceId,
    name: String,
    /// What the caller is here.
    role: Role,
    created_at: Millis,
    /// How many people belong to it.
    members: i64,
    /// How many agents the caller may see.
    agents: i64,
    /// How many sessions the caller may see.
    sessions: i64,
}

async fn get(scope: &Scope<Read>, _: Nothing) -> Result<Overview> {
    let (name, created_at, members, agents, sessions): (String, Millis, i64, i64, i64) = scope
        .one(
            sql!(
                "SELECT w.name, w.created_at, (SELECT COUNT(*) FROM members m WHERE m.workspace_id = $1),
                    (SELECT COUNT(*) FROM agents a WHERE a.workspace_id = $1 AND (a.visibility <> 'private' OR a.created_by = $2)),
                    (SELECT COUNT(*) FROM sessions s WHERE s.workspace_id = $1 AND (s.visibility <> 'private' OR s.created_by = $2))
                 FROM workspaces w WHERE w.workspace_id = $1"
            ),
            args![scope.person()],
        )
        .await?;
    Ok(Overview { id: scope.workspace().clone(), name, role: scope.role(), created_at, members, agents, sessions })
}

async fn rename(scope: &Scope<Write>, p: Named) -> Result<WorkspaceView> {
    let name = name(&p.name)?;
    scope.about(scope.workspace().as_str());
    let created_at: Millis = scope
        .one(sql!("UPDATE workspaces SET name = $2 WHERE workspace_id = $1 RETURNING created_at"), args![name])
        .await?;
    Ok(WorkspaceView { id: scope.workspace().clone(), name, role: scope.role(), created_at, grant_expires_at: None })
}

/// The name once more, so that nobody deletes the wrong one.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Confirmed {
    /// The workspace's name, exactly.
    confirm_name: String,
}

async fn delete(scope: &Scope<Write>, p: Confirmed) -> Result<Done> {
    scope.about(scope.workspace().as_str());
    let marked = scope
        .run(
            sql!(
                "UPDATE workspaces SET deleting_at = $2 WHERE workspace_id = $1 AND name = $3 AND deleting_at IS NULL"
            ),
            args![scope.now(), p.confirm_name],
        )
        .await?;
    if marked == 0 {
        return Err(Error::invalid_field("confirmName", "confirmName: the workspace's name, exactly as it is"));
    }
    scope
        .run(
            sql!(
                "INSERT INTO jobs (workspace_id, id, kind, key, payload, person_id, run_at, state)
                 VALUES ($1, $2, $3, 'once', '{}', $4, $5, 'queued')"
            ),
            args![JobId::new(scope.clock(), scope.rng()), DELETION, scope.person(), scope.now()],
        )
        .await?;
    scope.revokes();
    Ok(DONE)
}
