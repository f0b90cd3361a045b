//! Members: who belongs to a workspace, and as what.
//!
//! - A workspace always has an admin: the last one can neither be removed, nor demoted, nor leave. This holds when two
//!   admins act on each other at the same moment, because both first take hold of the workspace's row.
//! - Who loses admin rights loses their open invitations; who goes loses their keys too. Neither lets them back in.
//! - A member row carries a copy of the person's name and e-mail address: tables of a workspace never join people.

mod rpc;

pub(crate) use rpc::methods;

use pmos_kit::{Error, PersonId, Result, Role};
use pmos_rpc::protocol::EventRow;
use pmos_store::{Audience, Scope, Write, args, sql};
use schemars::JsonSchema;
use serde::Serialize;

/// Nothing but that it happened: clients ask for the list again.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "MembersChanged")]
struct Changed {}

/// The events of this domain.
pub(crate) fn events() -> Vec<EventRow> {
    vec![EventRow::of::<Changed>(
        "members.changed",
        "Somebody joined or left, or is something else now: read the list again.",
    )]
}

/// Tell the workspace that its members are others now.
pub(crate) fn tell(scope: &Scope<Write>) -> Result<()> {
    scope.publish("members.changed", &Changed {}, Audience::ALL)
}

/// Take hold of the workspace until the transaction ends: changes of who is admin follow each other. Returns the role
/// that the person has by then.
async fn hold(scope: &Scope<Write>, person: &PersonId) -> Result<Role> {
    scope.run_one(sql!("UPDATE workspaces SET name = name WHERE workspace_id = $1"), args![]).await?;
    scope.one(sql!("SELECT role FROM members WHERE workspace_id = $1 AND person_id = $2"), args![person]).await
}

/// Make somebody something else.
async fn set_role(scope: &Scope<Write>, person: &PersonId, role: Role) -> Result<()> {
    let before = hold(scope, person).await?;
    if before == role {
        return Ok(());
    }
    let changed = scope
        .run(
            sql!(
                "UPDATE members SET role = $2 WHERE workspace_id = $1 AND person_id = $3
                 AND (role <> 'admin' OR (SELECT COUNT(*) FROM members m WHERE m.workspace_id = $1 AND m.role = 'admin') > 1)"
            ),
            args![role, person],
        )
        .await?;
    if changed == 0 {
        return Err(last_admin());
    }
    if before == Role::Admin {
        revoke_invites(scope, person).await?;
    }
    scope.revokes();
    tell(scope)
}

/// Take somebody out of the workspace, with all that would let them act in it.
async fn remove(scope: &Scope<Write>, person: &PersonId) -> Result<()> {
    hold(scope, person).await?;
    let removed = scope
        .run(
            sql!(
                "DELETE FROM members WHERE workspace_id = $1 AND person_id = $2
                 AND (role <> 'admin' OR (SELECT COUNT(*) FROM members m WHERE m.workspace_id = $1 AND m.role = 'admin') > 1)"
            ),
            args![person],
        )
        .await?;
    if removed == 0 {
        return Err(last_admin());
    }
    revoke_invites(scope, person).await?;
    scope.run(sql!("DELETE FROM api_keys WHERE workspace_id = $1 AND person_id = $2"), args![person]).await?;
    scope.revokes();
    tell(scope)
}

/// Take back the invitations of a person that nobody has accepted: they let nobody in any more.
pub(crate) async fn revoke_invites(scope: &Scope<Write>, person: &PersonId) -> Result<()> {
    scope
        .run(
            sql!(
                "UPDATE invites SET revoked_at = $2
                 WHERE workspace_id = $1 AND created_by = $3 AND accepted_at IS NULL AND revoked_at IS NULL"
            ),
            args![scope.now(), person],
        )
        .await
        .map(drop)
}

fn last_admin() -> Error {
    Error::conflict("this is the last admin: make somebody else an admin first")
}
