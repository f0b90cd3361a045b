//! An invitation: a link by which somebody becomes a member.
//!
//! - It works once, until it expires, is revoked, or the admin who made it is one no more: a super admin who acts by a
//!   grant is one for as long as that lasts.
//! - Its token is shown when it is made and never again; the server keeps a digest.
//! - One that names an e-mail address is for the account with that address alone.
//! - Whatever is wrong with a token, a stranger learns only that it does not hold.

mod rpc;

pub(crate) use rpc::methods;

use crate::audit::{self, Entry};
use crate::person::PersonView;
use crate::{members, workspaces};
use pmos_kit::{Error, InviteId, Millis, Result, Role, WorkspaceId, token};
use pmos_rpc::Caller;
use pmos_store::{Actor, Global, May, OrConflict, Write, args, global_sql};

/// An invitation that holds.
pub(crate) struct Found {
    workspace_name: String,
    role: Role,
    invited_by: Option<String>,
    expires_at: Millis,
}

pmos_store::from_row!(Found { workspace_name, role, invited_by, expires_at });

/// The invitation of a token.
///
/// # Errors
/// `NOT_FOUND` for one that is wrong, used, expired or revoked.
pub(crate) async fn find<A: May<false>>(global: &Global<A>, token: &str) -> Result<Found> {
    if !token::is_well_formed(token) {
        return Err(Error::not_found());
    }
    global
        .one(
            global_sql!(
                SignIn,
                "SELECT w.name, i.role, m.name, i.expires_at
                 FROM invites i JOIN workspaces w ON w.workspace_id = i.workspace_id
                 LEFT JOIN members m ON m.workspace_id = i.workspace_id AND m.person_id = i.created_by
                 WHERE i.token_hash = $1 AND i.accepted_at IS NULL AND i.revoked_at IS NULL AND i.expires_at > $2
                   AND w.deleting_at IS NULL"
            ),
            args![token::digest(token), global.now()],
        )
        .await
}

/// Use an invitation up: the person is a member from now on.
///
/// # Errors
/// `NOT_FOUND` as for [`find`]; `FORBIDDEN` if it is for another address; `CONFLICT` if they are a member already.
pub(crate) async fn join(
    global: &Global<Write>,
    caller: &Caller,
    token: &str,
    person: &PersonView,
) -> Result<WorkspaceId> {
    find(global, token).await?;
    let spent: Option<(WorkspaceId, InviteId, Role, Option<String>)> = global
        .maybe(
            global_sql!(
                SignIn,
                "UPDATE invites SET accepted_by = $1, accepted_at = $2
                 WHERE token_hash = $3 AND accepted_at IS NULL AND revoked_at IS NULL AND expires_at > $2
                 RETURNING workspace_id, id, role, email"
            ),
            args![person.id, global.now(), token::digest(token)],
        )
        .await?;
    let (workspace, invite, role, email) = spent.ok_or_else(Error::not_found)?;
    if email.is_some_and(|email| email != person.email) {
        return Err(Error::forbidden("this invitation is for another e-mail address: sign in with that account"));
    }
    // Who signs up with it has no sign-in yet.
    let actor = caller.identity.as_ref().map_or(Actor::Newcomer, |identity| identity.actor().clone());
    let scope = global.within_by(actor, workspace.clone(), person.id.clone(), role);
    workspaces::enter(&scope, person, role).await.or_conflict("you are a member of this workspace already")?;
    let entry = Entry {
        action: "invites.accept",
        resource: Some(invite.as_str()),
        request_id: &caller.request_id,
        ip: caller.transport.ip.as_deref(),
    };
    audit::record(&scope, entry).await?;
    members::tell(&scope)?;
    Ok(workspace)
}
