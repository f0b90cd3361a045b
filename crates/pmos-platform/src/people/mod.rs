//! The people of this server, for whoever runs it.
//!
//! - A super admin sees who has an account and makes links to reset a password; they never see or set a password.
//! - The command line does the same without an account, because whoever holds the database holds all of this anyway.

mod rpc;

pub(crate) use rpc::methods;

use crate::accounts::{self, Newcomer};
use crate::person;
use pmos_kit::clock::HOUR;
use pmos_kit::{Millis, PersonId, Result, Secret, token};
use pmos_store::{Global, Store, Write, args, global_sql};

/// A reset link works for this long.
const RESET_LIFETIME_MS: Millis = HOUR;

/// Make an account, from the command line. The first one of a server runs it, whatever `super_admin` says.
///
/// # Errors
/// `INVALID_REQUEST` for address, name or a weak password; `CONFLICT` if the address has an account.
pub async fn create_user(
    store: &Store,
    email: &str,
    name: &str,
    password: &Secret,
    super_admin: bool,
) -> Result<PersonId> {
    let (email, name) = (person::email(email)?, person::name(name)?);
    accounts::check_password("password", password, &[&email, &name])?;
    let password_hash = accounts::hash(store, password).await?;
    let mut newcomer = Newcomer { email, name, password_hash, is_super_admin: super_admin };
    let made = store.write_global(Box::new(move |global| {
        Box::pin(async move {
            newcomer.is_super_admin |= !accounts::is_anybody_here(global).await?;
            accounts::forget_bootstrap(global).await?;
            accounts::add(global, newcomer).await.map(|person| person.id)
        })
    }));
    made.await.map(|(id, _)| id)
}

/// Make the token of a reset link, from the command line.
///
/// # Errors
/// `NOT_FOUND` if no account has this address.
pub async fn reset_token(store: &Store, email: &str) -> Result<Secret> {
    let email = person::email(email)?;
    let made = store.write_global(Box::new(move |global| {
        Box::pin(async move {
            let person: PersonId =
                global.one(global_sql!(Platform, "SELECT id FROM people WHERE email = $1"), args![email]).await?;
            make_reset(global, &person).await.map(|(token, _)| token)
        })
    }));
    made.await.map(|(token, _)| token)
}

/// A token that sets a new password once, and until when. The one before it works no more.
async fn make_reset(global: &Global<Write>, person: &PersonId) -> Result<(Secret, Millis)> {
    global.run(global_sql!(Platform, "DELETE FROM password_resets WHERE person_id = $1"), args![person]).await?;
    let token = token::mint("pmos_reset_", global.rng());
    let expires_at = global.now() + RESET_LIFETIME_MS;
    global
        .run(
            global_sql!(
                Platform,
                "INSERT INTO password_resets (token_hash, person_id, expires_at) VALUES ($1, $2, $3)"
            ),
            args![token::digest(token.expose()), person, expires_at],
        )
        .await?;
    Ok((token, expires_at))
}
