//! A workspace: a tenant, with its own people, agents, sessions, keys and audit trail.
//!
//! - Whoever makes a workspace is its first admin; what else a new one needs is done by [`WhenFounded`].
//! - A super admin sees a workspace among their own only while they hold a grant for it ([`crate::grants`]).
//! - Deleting one shuts it at once for everybody; its rows go in the background ([`finish_deletion`]).

mod deletion;
mod platform;
mod rpc;

pub use deletion::{DELETION, finish_deletion};
pub(crate) use platform::pattern;
pub(crate) use rpc::methods;

use crate::person::PersonView;
use futures_util::future::BoxFuture;
use pmos_kit::{Millis, PersonId, Result, Role, WorkspaceId};
use pmos_rpc::Text;
use pmos_store::{Global, May, Scope, Write, args, from_row, global_sql, sql};
use schemars::JsonSchema;
use serde::Serialize;

/// What every new workspace gets, in the transaction that makes it: a service that the binary wires at start. Domains
/// above this one add their part, such as the default agent.
pub struct WhenFounded(pub Vec<Founding>);

/// One part of it.
pub type Founding = for<'a> fn(&'a Scope<Write>) -> BoxFuture<'a, Result<()>>;

/// A workspace, as somebody who may work in it sees it.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct WorkspaceView {
    /// Its id.
    pub id: WorkspaceId,
    /// Its name.
    pub name: String,
    /// What the caller is there.
    pub role: Role,
    /// When it was made.
    pub created_at: Millis,
    /// Until when a super admin may act there; absent for members.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub grant_expires_at: Option<Millis>,
}

from_row!(WorkspaceView { id, name, role, created_at, grant_expires_at });

/// A workspace's name as it is stored.
fn name(text: &str) -> Result<String> {
    Text { field: "name", min: 1, max: 100 }.name(text)
}

/// Make a workspace, with this person as its admin.
///
/// # Errors
/// `INVALID_REQUEST` for the name; whatever a part of [`WhenFounded`] fails with.
pub(crate) async fn found(global: &Global<Write>, founder: &PersonView, called: &str) -> Result<WorkspaceView> {
    let called = name(called)?;
    let (id, now) = (WorkspaceId::new(global.rng()), global.now());
    global
        .run(
            global_sql!(
                Lifecycle,
                "INSERT INTO workspaces (workspace_id, name, created_by, created_at) VALUES ($1, $2, $3, $4)"
            ),
            args![id, called, founder.id, now],
        )
        .await?;
    let scope = global.within(id.clone(), founder.id.clone(), Role::Admin);
    enter(&scope, founder, Role::Admin).await?;
    if let Ok(parts) = global.service::<WhenFounded>() {
        for part in &parts.0 {
            part(&scope).await?;
        }
    }
    Ok(WorkspaceView { id, name: called, role: Role::Admin, created_at: now, grant_expires_at: None })
}

/// Make a person a member of the scope's workspace.
///
/// # Errors
/// `CONFLICT` if they are one already.
pub(crate) async fn enter(scope: &Scope<Write>, person: &PersonView, role: Role) -> Result<()> {
    scope
        .run(
            sql!("INSERT INTO members (workspace_id, person_id, role, email, name, joined_at) VALUES ($1, $2, $3, $4, $5, $6)"),
            args![person.id, role, person.email, person.name, scope.now()],
        )
        .await
        .map(drop)
}

/// Where a person may work: as a member, and as a super admin with a live grant.
pub(crate) async fn of_person<A: May<false>>(
    global: &Global<A>,
    person: &PersonId,
    is_super_admin: bool,
) -> Result<Vec<WorkspaceView>> {
    let mut found: Vec<WorkspaceView> = global
        .rows(
            global_sql!(
                OwnAccount,
                "SELECT w.workspace_id, w.name, m.role, w.created_at, CAST(NULL AS BIGINT)
                 FROM members m JOIN workspaces w ON w.workspace_id = m.workspace_id
                 WHERE m.person_id = $1 AND w.deleting_at IS NULL ORDER BY w.name, w.workspace_id"
            ),
            args![person],
        )
        .await?;
    if is_super_admin {
        found.extend(by_grant(global, person).await?);
    }
    Ok(found)
}

async fn by_grant<A: May<false>>(global: &Global<A>, person: &PersonId) -> Result<Vec<WorkspaceView>> {
    global
        .rows(
            global_sql!(
                OwnAccount,
                "SELECT w.workspace_id, w.name, 'admin', w.created_at, MAX(g.expires_at)
                 FROM act_grants g JOIN workspaces w ON w.workspace_id = g.workspace_id
                 WHERE g.person_id = $1 AND g.revoked_at IS NULL AND g.expires_at > $2 AND w.deleting_at IS NULL
                   AND NOT EXISTS (SELECT 1 FROM members m WHERE m.workspace_id = w.workspace_id AND m.person_id = $1)
                 GROUP BY w.workspace_id, w.name, w.created_at ORDER BY w.name, w.workspace_id"
            ),
            args![person, global.now()],
        )
        .await
}
