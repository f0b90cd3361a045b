//! The methods of members.

use super::{remove, set_role};
use pmos_kit::{Error, Millis, PersonId, Result, Role};
use pmos_rpc::{DONE, Done, Nothing, methods};
use pmos_store::{Actor, Read, Scope, Write, args, from_row, sql};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

methods! {
    /// Who belongs to the workspace, by name. Viewers are not told e-mail addresses.
    Read "members.list" Viewer => list, agents: Never;

    /// Make a member a `viewer`, `member` or `admin`. What they have open follows within a second.
    ///
    /// Fails with `NOT_FOUND` for somebody who is no member, `CONFLICT` if it would leave the workspace without an admin.
    Write "members.setRole" Admin => change_role, agents: Never;

    /// Take a member out of the workspace, with their keys and open invitations. What they made stays.
    ///
    /// Fails with `NOT_FOUND` for somebody who is no member, `CONFLICT` for the last admin.
    Write "members.remove" Admin => take_out, agents: Never;

    /// Leave the workspace, with one's keys and open invitations. What one made stays.
    ///
    /// Fails with `CONFLICT` for the last admin, `FORBIDDEN` for a key: a person leaves by themselves.
    Write "members.leave" Viewer => leave, agents: Never;
}

/// Who belongs to the workspace.
#[derive(Debug, Serialize, JsonSchema)]
struct Members {
    members: Vec<MemberView>,
}

/// A member.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct MemberView {
    person_id: PersonId,
    name: String,
    /// Absent for viewers.
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<String>,
    role: Role,
    joined_at: Millis,
}

from_row!(MemberView { person_id, name, email, role, joined_at });

async fn list(scope: &Scope<Read>, _: Nothing) -> Result<Members> {
    let mut members: Vec<MemberView> = scope
        .rows(
            sql!("SELECT person_id, name, email, role, joined_at FROM members WHERE workspace_id = $1 ORDER BY LOWER(name), person_id"),
            args![],
        )
        .await?;
    if scope.role() < Role::Member {
        members.iter_mut().for_each(|member| member.email = None);
    }
    Ok(Members { members })
}

/// Who becomes what.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct RoleParams {
    person_id: PersonId,
    role: Role,
}

async fn change_role(scope: &Scope<Write>, p: RoleParams) -> Result<Done> {
    scope.about(p.person_id.as_str());
    set_role(scope, &p.person_id, p.role).await?;
    Ok(DONE)
}

/// Which member.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct MemberParams {
    person_id: PersonId,
}

async fn take_out(scope: &Scope<Write>, p: MemberParams) -> Result<Done> {
    scope.about(p.person_id.as_str());
    remove(scope, &p.person_id).await?;
    Ok(DONE)
}

async fn leave(scope: &Scope<Write>, _: Nothing) -> Result<Done> {
    if !matches!(scope.actor(), Actor::Login(_)) {
        return Err(Error::forbidden("a key cannot leave for its person: sign in for this"));
    }
    scope.about(scope.person().as_str());
    remove(scope, scope.person()).await?;
    Ok(DONE)
}
