//! The methods of an account.

use super::change::{change_password, prepare_change, prepare_reset, reset_password};
use super::sign_up::{admit, sign_up};
use super::throttle::{self, Pair};
use super::{Config, SessionGrant, SignUp, csrf_of, hashing, is_anybody_here, login};
use crate::person::{self, PersonView};
use pmos_kit::{Error, LoginId, Millis, PersonId, Result, Secret};
use pmos_rpc::{Call, Caller, Cookie, DONE, Done, Nothing, methods};
use pmos_store::{Actor, Global, Read, Write, args, from_row, global_sql};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

methods! {
    /// How to begin on this server: who may sign up, and whether the first account is still to be made.
    Read "accounts.state" Anyone => state, agents: Never;

    /// Make an account and sign in with it.
    ///
    /// The first account of a server needs `bootstrapToken`, becomes super admin and gets a workspace of its own. Later
    /// ones need what `accounts.state` says: `inviteToken` joins the workspace of the invitation at once; without one,
    /// where sign-up is open, a workspace of one's own is made. Over HTTP the answer sets the session cookie.
    /// Fails with `FORBIDDEN` where the policy does not allow it, `NOT_FOUND` if the invitation does not hold,
    /// `INVALID_REQUEST` for a weak password, `CONFLICT` if the address has an account.
    Write "accounts.signup" Anyone => admit then sign_up, limit: per_minute(30), agents: Never;

    /// Sign in with e-mail address and password. Over HTTP the answer sets the session cookie.
    ///
    /// A sign-in ends after 12 hours without a call, and after 7 days in any case. Fails with `UNAUTHENTICATED`, the
    /// same for a wrong password and an unknown address. Each failure makes the next attempt from that network wait
    /// longer, 1 second to 15 minutes: `RATE_LIMITED` with `retryAfterMs`.
    Write "accounts.login" Anyone => verify then sign_in, limit: per_minute(60), agents: Never;

    /// Sign out of this browser. The cookie is cleared and its open connections end within a second.
    Write "accounts.logout" SignedIn => log_out, agents: Never;

    /// Who is signed in, where they may work, and the CSRF token of this sign-in.
    Read "accounts.me" SignedIn => me, agents: Never;

    /// Change one's name, 1 to 100 characters. Every workspace shows the new one at once.
    Write "accounts.update" SignedIn => update, agents: Never;

    /// The browsers in which this account is signed in, the last used first.
    Read "accounts.sessions.list" SignedIn => list_sessions, agents: Never;

    /// End a sign-in of this account. Its open connections end within a second.
    Write "accounts.sessions.kill" SignedIn => kill_session, agents: Never;

    /// Change one's password. Every other sign-in of the account ends; the answer sets a new cookie for this one.
    ///
    /// Fails with `INVALID_REQUEST` that names `currentPassword` if that is wrong, `newPassword` if that is weak, and with
    /// `RATE_LIMITED` after failures as for `accounts.login`. API keys go on working.
    Write "accounts.password.change" SignedIn => prepare_change then change_password, limit: per_minute(30), agents: Never;

    /// Set a new password with the token of a reset link, which works once and for an hour.
    ///
    /// Every sign-in of the account ends. Fails with `INVALID_REQUEST` if the token does not hold or the password is weak.
    Write "accounts.password.reset" Anyone => prepare_reset then reset_password, limit: per_minute(30), agents: Never;
}

/// How to begin.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct State {
    /// Who may sign up.
    sign_up: SignUp,
    /// Is the first account still to be made?
    first_start: bool,
    /// The version of the server.
    version: &'static str,
}

async fn state(global: &Global<Read>, _: &Caller, _: Nothing) -> Result<State> {
    let sign_up = global.service::<Config>()?.sign_up;
    Ok(State { sign_up, first_start: !is_anybody_here(global).await?, version: env!("CARGO_PKG_VERSION") })
}

/// A sign-in.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct LoginParams {
    /// The account's e-mail address, in any case.
    email: String,
    /// Its password.
    password: Secret,
}

/// A password that was right, and the hash against which it was.
struct Verified {
    person: PersonId,
    hash: String,
    renewed: Option<String>,
    pair: Pair,
}

fn wrong() -> Error {
    Error::unauthenticated("the e-mail address or the password is wrong")
}

async fn verify(call: &Call, p: LoginParams) -> Result<Verified> {
    let email = person::email(&p.email)?;
    let found: Option<(PersonId, String)> = call
        .global()
        .maybe(global_sql!(SignIn, "SELECT id, password_hash FROM people WHERE email = $1"), args![email])
        .await?;
    let hash = found.as_ref().map(|(_, hash)| hash.as_str());
    let pair = throttle::guard(call, &email, wrong, hashing::matches(&call.store, &p.password, hash)).await?;
    let (person, hash) = found.ok_or_else(wrong)?;
    let renewed = if hashing::is_outdated(&hash) { Some(hashing::hash(&call.store, &p.password).await?) } else { None };
    Ok(Verified { person, hash, renewed, pair })
}

async fn sign_in(global: &Global<Write>, caller: &Caller, verified: Verified) -> Result<SessionGrant> {
    let Verified { person, hash, renewed, pair } = verified;
    // Held against the hash once more: the password may have been changed while it was checked.
    let person: PersonView = global
        .maybe(
            global_sql!(
                SignIn,
                "UPDATE people SET last_seen_at = $1, password_hash = $2 WHERE id = $3 AND password_hash = $4
                 RETURNING id, email, name, is_super_admin"
            ),
            args![global.now(), renewed.as_ref().unwrap_or(&hash), person, hash],
        )
        .await?
        .ok_or_else(wrong)?;
    throttle::forgive(global, &pair).await?;
    global.about(person.id.as_str());
    let csrf = login::start(global, caller, &person.id).await?;
    SessionGrant::of(global, person, csrf).await
}

/// The sign-in by which a caller acts.
fn login_of(caller: &Caller) -> Result<&LoginId> {
    match caller.signed_in()?.actor() {
        Actor::Login(login) => Ok(login),
        Actor::Key(_) | Actor::Newcomer | Actor::Work => Err(Error::forbidden("sign in with a browser for this")),
    }
}

async fn log_out(global: &Global<Write>, caller: &Caller, _: Nothing) -> Result<Done> {
    let login = login_of(caller)?;
    global
        .run(
            global_sql!(OwnAccount, "DELETE FROM logins WHERE id = $1 AND person_id = $2"),
            args![login, caller.person()?],
        )
        .await?;
    global.about(login.as_str());
    global.revokes();
    caller.set_cookie(Cookie::Clear);
    Ok(DONE)
}

async fn me(global: &Global<Read>, caller: &Caller, _: Nothing) -> Result<SessionGrant> {
    let token = caller.transport.login_token.as_ref().ok_or_else(|| Error::internal("a sign-in without its token"))?;
    SessionGrant::of(global, person::get(global, caller.person()?).await?, csrf_of(token.expose())).await
}

/// What may be changed of an account.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct UpdateParams {
    /// The new name, 1 to 100 characters.
    name: String,
}

/// The account as it is now.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct Updated {
    person: PersonView,
}

async fn update(global: &Global<Write>, caller: &Caller, p: UpdateParams) -> Result<Updated> {
    let (name, id) = (person::name(&p.name)?, caller.person()?);
    global.run(global_sql!(OwnAccount, "UPDATE people SET name = $1 WHERE id = $2"), args![name, id]).await?;
    // The tables of a workspace never join people: they hold a copy.
    global.run(global_sql!(OwnAccount, "UPDATE members SET name = $1 WHERE person_id = $2"), args![name, id]).await?;
    global.about(id.as_str());
    Ok(Updated { person: person::get(global, id).await? })
}

/// A browser in which the account is signed in.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct SessionView {
    id: LoginId,
    created_at: Millis,
    last_seen_at: Millis,
    /// It ends then, however much it is used.
    expires_at: Millis,
    /// What the browser calls itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    user_agent: Option<String>,
    /// The address from which it signed in.
    #[serde(skip_serializing_if = "Option::is_none")]
    ip: Option<String>,
    /// Is it the one that asks?
    current: bool,
}

from_row!(SessionView { id, created_at, last_seen_at, expires_at, user_agent, ip, current });

/// The account's sign-ins.
#[derive(Debug, Serialize, JsonSchema)]
struct Sessions {
    sessions: Vec<SessionView>,
}

async fn list_sessions(global: &Global<Read>, caller: &Caller, _: Nothing) -> Result<Sessions> {
    let sessions = global
        .rows(
            global_sql!(
                OwnAccount,
                "SELECT id, created_at, last_seen_at, expires_at, user_agent, ip, id = $1 FROM logins
                 WHERE person_id = $2 AND expires_at > $3 AND last_seen_at > $4 ORDER BY last_seen_at DESC, id"
            ),
            args![login_of(caller)?, caller.person()?, global.now(), global.now() - pmos_store::LOGIN_IDLE_MS],
        )
        .await?;
    Ok(Sessions { sessions })
}

/// Which sign-in.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct KillParams {
    session_id: LoginId,
}

async fn kill_session(global: &Global<Write>, caller: &Caller, p: KillParams) -> Result<Done> {
    global.about(p.session_id.as_str());
    let ended = global
        .run(
            global_sql!(OwnAccount, "DELETE FROM logins WHERE id = $1 AND person_id = $2"),
            args![p.session_id, caller.person()?],
        )
        .await?;
    if ended == 0 {
        return Err(Error::not_found());
    }
    global.revokes();
    Ok(DONE)
}
