//! How an account comes into being: with the bootstrap token, with an invitation, or, where that is open, just so.

use super::{Config, SessionGrant, SignUp, hash, is_anybody_here, login, password};
use crate::person::{self, PersonView};
use crate::{invites, workspaces};
use pmos_kit::{Error, Millis, PersonId, Result, Secret, token};
use pmos_rpc::{Call, Caller};
use pmos_store::{Global, OrConflict, Store, Write, args, global_sql};
use schemars::JsonSchema;
use serde::Deserialize;

/// A new account.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct SignUpParams {
    /// The e-mail address with which to sign in.
    email: String,
    /// The person's name, 1 to 100 characters.
    name: String,
    /// 15 to 128 characters.
    password: Secret,
    /// From an invitation's link.
    invite_token: Option<Secret>,
    /// Printed by the server at its start, as long as there is no account.
    bootstrap_token: Option<Secret>,
}

/// A sign-up that may happen, its password hashed.
pub(super) struct Admitted {
    newcomer: Newcomer,
    by: Way,
}

/// By what right somebody signs up.
enum Way {
    Bootstrap { digest: String },
    Invite { token: Secret },
    Open,
}

/// Somebody who is about to get an account.
pub(crate) struct Newcomer {
    /// In the form of [`super::email`].
    pub(crate) email: String,
    /// In the form of [`super::name`].
    pub(crate) name: String,
    /// From [`super::hash`].
    pub(crate) password_hash: String,
    /// Will they run this server?
    pub(crate) is_super_admin: bool,
}

/// Before the transaction: may this happen? Only then is the password hashed, so that strangers cost nothing.
pub(super) async fn admit(call: &Call, p: SignUpParams) -> Result<Admitted> {
    let (email, name) = (person::email(&p.email)?, person::name(&p.name)?);
    let by = way_in(call, p.invite_token, p.bootstrap_token).await?;
    password::check("password", &p.password, &[&email, &name])?;
    let password_hash = hash(&call.store, &p.password).await?;
    let is_super_admin = matches!(by, Way::Bootstrap { .. });
    Ok(Admitted { newcomer: Newcomer { email, name, password_hash, is_super_admin }, by })
}

async fn way_in(call: &Call, invite: Option<Secret>, bootstrap: Option<Secret>) -> Result<Way> {
    let global = call.global();
    if !is_anybody_here(&global).await? {
        return by_bootstrap(call, bootstrap).await;
    }
    let policy = global.service::<Config>()?.sign_up;
    match (policy, invite) {
        (SignUp::Closed, _) => Err(Error::forbidden("sign-up is closed: ask whoever runs this server for an account")),
        (SignUp::Open | SignUp::Invite, Some(token)) => {
            invites::find(&global, token.expose()).await?;
            Ok(Way::Invite { token })
        }
        (SignUp::Open, None) => Ok(Way::Open),
        (SignUp::Invite, None) => {
            Err(Error::forbidden("sign-up is by invitation: ask an admin of a workspace for a link"))
        }
    }
}

async fn by_bootstrap(call: &Call, shown: Option<Secret>) -> Result<Way> {
    let stored: Option<String> = call
        .global()
        .maybe(global_sql!(SignIn, "SELECT value FROM installation WHERE name = 'bootstrap'"), args![])
        .await?;
    match (shown.map(|token| token::digest(token.expose())), stored) {
        (Some(digest), Some(stored)) if token::same(&digest, &stored) => Ok(Way::Bootstrap { digest }),
        _ => Err(Error::forbidden(
            "the first account needs the link with the bootstrap token that the server printed at its start",
        )),
    }
}

/// In the transaction: the account, where it works, and the first sign-in.
///
/// What gave the right to it is used up here, so that two sign-ups with one token are one account.
pub(super) async fn sign_up(global: &Global<Write>, caller: &Caller, admitted: Admitted) -> Result<SessionGrant> {
    if let Way::Bootstrap { digest } = &admitted.by {
        let spent = global
            .run(global_sql!(SignIn, "DELETE FROM installation WHERE name = 'bootstrap' AND value = $1"), args![digest])
            .await?;
        if spent == 0 {
            return Err(Error::conflict("the first account exists by now: sign in, or ask for an invitation"));
        }
    }
    let person = add(global, admitted.newcomer).await?;
    global.about(person.id.as_str());
    match &admitted.by {
        Way::Invite { token } => {
            invites::join(global, caller, token.expose(), &person).await?;
        }
        Way::Bootstrap { .. } | Way::Open => {
            let first_name = person.name.split_whitespace().next().unwrap_or(&person.name);
            workspaces::found(global, &person, &format!("{first_name}'s workspace")).await?;
        }
    }
    let csrf = login::start(global, caller, &person.id).await?;
    SessionGrant::of(global, person, csrf).await
}

/// Write an account down.
///
/// # Errors
/// `CONFLICT` if the address has one.
pub(crate) async fn add(global: &Global<Write>, newcomer: Newcomer) -> Result<PersonView> {
    let Newcomer { email, name, password_hash, is_super_admin } = newcomer;
    let id = PersonId::new(global.clock(), global.rng());
    let now: Millis = global.now();
    global
        .run(
            global_sql!(
                SignIn,
                "INSERT INTO people (id, email, name, password_hash, is_super_admin, created_at, last_seen_at)
                 VALUES ($1, $2, $3, $4, $5, $6, $6)"
            ),
            args![id, email, name, password_hash, is_super_admin, now],
        )
        .await
        .or_conflict("this e-mail address has an account: sign in with it")?;
    Ok(PersonView { id, email, name, is_super_admin })
}

/// The token for the first account, made anew at each start as long as there is none. Print it; only its digest is kept.
///
/// # Errors
/// As every statement's.
pub async fn ensure_bootstrap(store: &Store) -> Result<Option<Secret>> {
    let made = store.write_global(Box::new(|global| {
        Box::pin(async move {
            if is_anybody_here(global).await? {
                forget_bootstrap(global).await?;
                return Ok(None);
            }
            let token = token::mint("pmos_boot_", global.rng());
            global
                .run(
                    global_sql!(
                        SignIn,
                        "INSERT INTO installation (name, value) VALUES ('bootstrap', $1)
                         ON CONFLICT (name) DO UPDATE SET value = excluded.value"
                    ),
                    args![token::digest(token.expose())],
                )
                .await?;
            Ok(Some(token))
        })
    }));
    made.await.map(|(token, _)| token)
}

/// The first account exists: nobody else becomes it.
pub(crate) async fn forget_bootstrap(global: &Global<Write>) -> Result<()> {
    global.run(global_sql!(SignIn, "DELETE FROM installation WHERE name = 'bootstrap'"), args![]).await.map(drop)
}
