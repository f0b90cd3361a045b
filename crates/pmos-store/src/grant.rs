//! Who is calling, and what a workspace lets them do.
//!
//! An [`Identity`] is a credential that was checked; a [`Grant`] is its admission to one workspace, read from the
//! members table. Both have private fields and are made in this file alone: whoever holds one was let in. Authority is
//! never kept for long: both carry the epoch at which they were read, and when anybody's authority is taken away the
//! epoch moves on and they are read again.

use crate::{Global, Read, args, global_sql};
use pmos_kit::clock::{HOUR, MINUTE};
use pmos_kit::role::Scopes;
use pmos_kit::{ApiKeyId, Error, GrantId, LoginId, Millis, PersonId, Result, Role, WorkspaceId, token};
use std::sync::Arc;

/// A sign-in ends after this long without a call (security.md, 3). A socket that is merely open makes none.
pub const LOGIN_IDLE_MS: Millis = 12 * HOUR;
/// How often it is written down that a sign-in or key is in use, and how long an identity is believed at most.
pub const SEEN_EVERY_MS: Millis = 5 * MINUTE;

/// What a caller shows.
#[derive(Debug, Clone, Copy)]
pub enum Credential<'a> {
    /// The token of a browser's cookie.
    Login(&'a str),
    /// An API key or service token.
    Key(&'a str),
}

/// By which credential somebody acts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Actor {
    /// A person in a browser.
    Login(LoginId),
    /// A program with a key.
    Key(ApiKeyId),
    /// A person whose account, and with it their first sign-in, is made in this transaction.
    Newcomer,
    /// Our own background work on behalf of a person.
    Work,
}

/// A credential that holds.
#[derive(Debug, Clone)]
pub struct Identity {
    person: PersonId,
    is_super_admin: bool,
    actor: Actor,
    bound_to: Option<WorkspaceId>,
    scopes: Scopes,
    valid_until: Millis,
    epoch: u64,
    /// When it was last written down that it is in use.
    seen_at: Millis,
}

impl Identity {
    /// The person behind the credential.
    pub fn person(&self) -> &PersonId {
        &self.person
    }

    /// Does the person run this server?
    pub fn is_super_admin(&self) -> bool {
        // A key never carries it: it is bound to one workspace and to what it was made for.
        self.is_super_admin && matches!(self.actor, Actor::Login(_))
    }

    /// The credential.
    pub fn actor(&self) -> &Actor {
        &self.actor
    }

    /// The workspace to which the credential is bound, if it is.
    pub fn bound_to(&self) -> Option<&WorkspaceId> {
        self.bound_to.as_ref()
    }

    /// Must it be read again before it is believed?
    pub fn is_stale(&self, now: Millis, epoch: u64) -> bool {
        self.epoch != epoch || now >= self.valid_until
    }

    /// Is it time to write down that it is in use? If so it is taken for written down from now on.
    pub fn wants_touch(&mut self, now: Millis) -> bool {
        let is_due = now >= self.seen_at + SEEN_EVERY_MS;
        if is_due {
            self.seen_at = now;
        }
        is_due
    }
}

/// Admission to one workspace.
#[derive(Debug, Clone)]
pub struct Grant(Arc<Admitted>);

#[derive(Debug)]
struct Admitted {
    workspace: WorkspaceId,
    person: PersonId,
    role: Role,
    scopes: Scopes,
    actor: Actor,
    via: Option<GrantId>,
    valid_until: Millis,
    epoch: u64,
}

impl Grant {
    /// The workspace.
    pub fn workspace(&self) -> &WorkspaceId {
        &self.0.workspace
    }

    /// The person who acts, or on whose behalf work is done.
    pub fn person(&self) -> &PersonId {
        &self.0.person
    }

    /// Their role here.
    pub fn role(&self) -> Role {
        self.0.role
    }

    /// What role and key allow together.
    pub fn scopes(&self) -> Scopes {
        self.0.scopes
    }

    /// The credential.
    pub fn actor(&self) -> &Actor {
        &self.0.actor
    }

    /// The super admin's permission by which this is allowed, if it is.
    pub fn via(&self) -> Option<&GrantId> {
        self.0.via.as_ref()
    }

    /// Must it be read again before it is believed?
    pub fn is_stale(&self, now: Millis, epoch: u64) -> bool {
        self.0.epoch != epoch || now >= self.0.valid_until
    }

    /// For work that a member's committed row asks for: the runs and jobs of the store's own tables.
    pub(crate) fn for_work(workspace: WorkspaceId, person: PersonId, role: Role) -> Self {
        Self::by(Actor::Work, workspace, person, role)
    }

    /// For what a transaction itself lets somebody do.
    pub(crate) fn by(actor: Actor, workspace: WorkspaceId, person: PersonId, role: Role) -> Self {
        Self(Arc::new(Admitted {
            workspace,
            person,
            role,
            scopes: Scopes::of_role(role),
            actor,
            via: None,
            valid_until: Millis::MAX,
            epoch: 0,
        }))
    }
}

/// Check a credential. `epoch` is the one that was current before this call.
pub(crate) async fn identify(global: &Global<Read>, credential: Credential<'_>, epoch: u64) -> Result<Identity> {
    let now = global.now();
    let text = match credential {
        Credential::Login(text) | Credential::Key(text) => text,
    };
    // A typo is told from the checksum, without asking the database.
    if !token::is_well_formed(text) {
        return Err(refused());
    }
    let digest = token::digest(text);
    match credential {
        Credential::Login(_) => login(global, &digest, now, epoch).await,
        Credential::Key(_) => key(global, &digest, now, epoch).await,
    }
}

fn refused() -> Error {
    Error::unauthenticated("sign in first: the credential is missing, wrong, expired or revoked")
}

async fn login(global: &Global<Read>, digest: &str, now: Millis, epoch: u64) -> Result<Identity> {
    let found: Option<(LoginId, PersonId, Millis, Millis, bool)> = global
        .maybe(
            global_sql!(
                SignIn,
                "SELECT l.id, l.person_id, l.last_seen_at, l.expires_at, p.is_super_admin
                 FROM logins l JOIN people p ON p.id = l.person_id WHERE l.token_hash = $1"
            ),
            args![digest],
        )
        .await?;
    let (login, person, last_seen_at, expires_at, is_super_admin) = found.ok_or_else(refused)?;
    if now >= expires_at || now >= last_seen_at + LOGIN_IDLE_MS {
        return Err(refused());
    }
    Ok(Identity {
        person,
        is_super_admin,
        actor: Actor::Login(login),
        bound_to: None,
        scopes: Scopes::ALL,
        valid_until: expires_at.min(now + SEEN_EVERY_MS),
        epoch,
        seen_at: last_seen_at,
    })
}

async fn key(global: &Global<Read>, digest: &str, now: Millis, epoch: u64) -> Result<Identity> {
    let found: Option<(WorkspaceId, ApiKeyId, PersonId, i64, Option<Millis>, Option<Millis>)> = global
        .maybe(
            global_sql!(
                SignIn,
                "SELECT workspace_id, id, person_id, scopes, expires_at, last_used_at FROM api_keys WHERE token_hash = $1"
            ),
            args![digest],
        )
        .await?;
    let (workspace, key, person, scopes, expires_at, last_used_at) = found.ok_or_else(refused)?;
    if expires_at.is_some_and(|at| now >= at) {
        return Err(refused());
    }
    Ok(Identity {
        person,
        is_super_admin: false,
        actor: Actor::Key(key),
        bound_to: Some(workspace),
        scopes: Scopes::from_bits(scopes),
        valid_until: expires_at.unwrap_or(Millis::MAX).min(now + SEEN_EVERY_MS),
        epoch,
        seen_at: last_used_at.unwrap_or_default(),
    })
}

/// Admit an identity to a workspace. A workspace that is not theirs and one that does not exist answer alike.
pub(crate) async fn admit(global: &Global<Read>, identity: &Identity, workspace: &WorkspaceId) -> Result<Grant> {
    if identity.bound_to.as_ref().is_some_and(|bound| bound != workspace) {
        return Err(Error::not_found());
    }
    let role: Option<Role> = global
        .maybe(
            global_sql!(
                SignIn,
                "SELECT m.role FROM members m JOIN workspaces w ON w.workspace_id = m.workspace_id
                 WHERE m.workspace_id = $1 AND m.person_id = $2 AND w.deleting_at IS NULL"
            ),
            args![workspace, identity.person],
        )
        .await?;
    let (role, via, valid_until) = match role {
        Some(role) => (role, None, identity.valid_until),
        None if identity.is_super_admin() => {
            let (grant, expires_at) = act_grant(global, identity, workspace).await?;
            (Role::Admin, Some(grant), identity.valid_until.min(expires_at))
        }
        None => return Err(Error::not_found()),
    };
    Ok(Grant(Arc::new(Admitted {
        workspace: workspace.clone(),
        person: identity.person.clone(),
        role,
        scopes: Scopes::of_role(role).and(identity.scopes),
        actor: identity.actor.clone(),
        via,
        valid_until,
        epoch: identity.epoch,
    })))
}

/// A super admin's own, reasoned, unexpired permission to act in this workspace.
async fn act_grant(global: &Global<Read>, identity: &Identity, workspace: &WorkspaceId) -> Result<(GrantId, Millis)> {
    global
        .maybe(
            global_sql!(
                SignIn,
                "SELECT g.id, g.expires_at FROM act_grants g JOIN workspaces w ON w.workspace_id = g.workspace_id
                 WHERE g.workspace_id = $1 AND g.person_id = $2 AND g.revoked_at IS NULL AND g.expires_at > $3
                   AND w.deleting_at IS NULL
                 ORDER BY g.expires_at DESC LIMIT 1"
            ),
            args![workspace, identity.person, global.now()],
        )
        .await?
        .ok_or_else(Error::not_found)
}
