//! The methods of invitations.

use super::{find, join};
use crate::person;
use pmos_kit::clock::DAY;
use pmos_kit::{Error, InviteId, Millis, PersonId, Result, Role, Secret, WorkspaceId, token};
use pmos_rpc::{Caller, DONE, Done, Nothing, methods};
use pmos_store::{Global, Read, Scope, Write, args, from_row, sql};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

methods! {
    /// Invite somebody into the workspace.
    ///
    /// The answer holds `token` and `path`, the link below this server's address; they are shown this once. With
    /// `email` the invitation is for the account with that address alone. It works once, for `expiresInDays` days, 1 to
    /// 30, 7 without it; one that a super admin makes by a grant ends with the grant at the latest. No mail is sent: give
    /// the link to the person yourself.
    Write "invites.create" Admin => create, limit: per_minute(30), agents: Never;

    /// The workspace's 200 latest invitations, the newest first, without their tokens.
    Read "invites.list" Admin => list, agents: Never;

    /// Revoke an invitation that nobody has accepted. Fails with `CONFLICT` if somebody has.
    Write "invites.revoke" Admin => revoke, agents: Never;

    /// What a token invites to. Fails with `NOT_FOUND` for one that is wrong, used, expired or revoked.
    Read "invites.preview" Anyone => preview, agents: Never;

    /// Become a member of the workspace that a token invites to.
    ///
    /// Fails with `NOT_FOUND` as `invites.preview`, `FORBIDDEN` if the invitation names another address, `CONFLICT` for
    /// somebody who is a member already; the token then still works.
    Write "invites.accept" SignedIn => accept, agents: Never;
}

/// Whom to invite, as what.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct CreateParams {
    role: Role,
    /// The only address whose account may accept; anybody's without it.
    email: Option<String>,
    /// For how many days it works, 1 to 30; 7 without it.
    expires_in_days: Option<u32>,
}

/// An invitation, with the only sight of its token.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct Created {
    invite: InviteView,
    /// Shown this once.
    token: String,
    /// The link, below this server's address.
    path: String,
}

/// What has become of an invitation.
#[derive(Debug, Clone, Copy, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum State {
    /// It can be accepted.
    Pending,
    /// Somebody did.
    Accepted,
    /// An admin took it back, or its maker, or the grant by which they made it, is none any more.
    Revoked,
    /// Its time is over.
    Expired,
}

/// An invitation.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct InviteView {
    id: InviteId,
    role: Role,
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<String>,
    created_at: Millis,
    expires_at: Millis,
    created_by: PersonId,
    state: State,
}

async fn create(scope: &Scope<Write>, p: CreateParams) -> Result<Created> {
    let email = p.email.as_deref().map(person::email).transpose()?;
    let days = p.expires_in_days.unwrap_or(7);
    if !(1..=30).contains(&days) {
        return Err(Error::invalid_field("expiresInDays", "expiresInDays: 1 to 30"));
    }
    let token = token::mint("pmos_inv_", scope.rng());
    let now = scope.now();
    let invite = InviteView {
        id: InviteId::new(scope.clock(), scope.rng()),
        role: p.role,
        email,
        created_at: now,
        expires_at: expiry(scope, now + Millis::from(days) * DAY).await?,
        created_by: scope.person().clone(),
        state: State::Pending,
    };
    scope
        .run(
            sql!(
                "INSERT INTO invites (workspace_id, id, token_hash, role, email, created_by, created_at, expires_at)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"
            ),
            args![
                invite.id,
                token::digest(token.expose()),
                invite.role,
                invite.email,
                invite.created_by,
                invite.created_at,
                invite.expires_at
            ],
        )
        .await?;
    scope.about(invite.id.as_str());
    Ok(Created { invite, token: token.expose().to_owned(), path: format!("/invite#token={}", token.expose()) })
}

/// When an invitation ends that is asked for until then: with the grant at the latest, where it is made by one.
async fn expiry(scope: &Scope<Write>, asked: Millis) -> Result<Millis> {
    let Some(grant) = scope.grant().via() else { return Ok(asked) };
    let granted: Millis =
        scope.one(sql!("SELECT expires_at FROM act_grants WHERE workspace_id = $1 AND id = $2"), args![grant]).await?;
    Ok(asked.min(granted))
}

/// The workspace's invitations.
#[derive(Debug, Serialize, JsonSchema)]
struct Invites {
    invites: Vec<InviteView>,
}

/// An invitation as it is stored.
struct Stored {
    id: InviteId,
    role: Role,
    email: Option<String>,
    created_at: Millis,
    expires_at: Millis,
    created_by: PersonId,
    accepted_at: Option<Millis>,
    revoked_at: Option<Millis>,
}

from_row!(Stored { id, role, email, created_at, expires_at, created_by, accepted_at, revoked_at });

impl Stored {
    fn view(self, now: Millis) -> InviteView {
        let state = match (self.accepted_at, self.revoked_at) {
            (Some(_), _) => State::Accepted,
            (None, Some(_)) => State::Revoked,
            (None, None) if now >= self.expires_at => State::Expired,
            (None, None) => State::Pending,
        };
        let Stored { id, role, email, created_at, expires_at, created_by, .. } = self;
        InviteView { id, role, email, created_at, expires_at, created_by, state }
    }
}

async fn list(scope: &Scope<Read>, _: Nothing) -> Result<Invites> {
    let stored: Vec<Stored> = scope
        .rows(
            sql!(
                "SELECT id, role, email, created_at, expires_at, created_by, accepted_at, revoked_at FROM invites
                 WHERE workspace_id = $1 ORDER BY id DESC LIMIT 200"
            ),
            args![],
        )
        .await?;
    Ok(Invites { invites: stored.into_iter().map(|invite| invite.view(scope.now())).collect() })
}

/// Which invitation.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct RevokeParams {
    invite_id: InviteId,
}

async fn revoke(scope: &Scope<Write>, p: RevokeParams) -> Result<Done> {
    scope.about(p.invite_id.as_str());
    let accepted: Option<bool> = scope
        .maybe(
            sql!(
                "UPDATE invites SET revoked_at = COALESCE(revoked_at, CASE WHEN accepted_at IS NULL THEN CAST($2 AS BIGINT) END)
                 WHERE workspace_id = $1 AND id = $3 RETURNING accepted_at IS NOT NULL"
            ),
            args![scope.now(), p.invite_id],
        )
        .await?;
    match accepted {
        None => Err(Error::not_found()),
        Some(true) => Err(Error::conflict("somebody has accepted this invitation: remove the member instead")),
        Some(false) => Ok(DONE),
    }
}

/// The token of an invitation.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct TokenParams {
    /// What stands behind `#token=` in the link.
    token: Secret,
}

/// What an invitation is to.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct Preview {
    workspace_name: String,
    role: Role,
    /// The name of who invited; absent if they have left.
    #[serde(skip_serializing_if = "Option::is_none")]
    invited_by: Option<String>,
    expires_at: Millis,
}

async fn preview(global: &Global<Read>, _: &Caller, p: TokenParams) -> Result<Preview> {
    let found = find(global, p.token.expose()).await?;
    Ok(Preview {
        workspace_name: found.workspace_name,
        role: found.role,
        invited_by: found.invited_by,
        expires_at: found.expires_at,
    })
}

/// Where the person is a member now.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct Joined {
    workspace_id: WorkspaceId,
}

async fn accept(global: &Global<Write>, caller: &Caller, p: TokenParams) -> Result<Joined> {
    let person = person::get(global, caller.person()?).await?;
    let workspace_id = join(global, caller, p.token.expose(), &person).await?;
    global.about(workspace_id.as_str());
    Ok(Joined { workspace_id })
}
