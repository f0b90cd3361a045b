//! A sign-in: a row with the digest of a token, and a cookie with the token.

use pmos_kit::clock::DAY;
use pmos_kit::{LoginId, Millis, PersonId, Result, token};
use pmos_rpc::{Caller, Cookie};
use pmos_store::{Global, LOGIN_IDLE_MS, Store, Write, args, global_sql};

/// A sign-in ends after this long, however much it is used (security.md, 3).
const LIFETIME_MS: Millis = 7 * DAY;

/// The CSRF token of a sign-in. It is made from the cookie's token, so it needs no row, and does not tell that token.
pub fn csrf_of(login_token: &str) -> String {
    let mut digest = token::digest(&format!("csrf:{login_token}"));
    digest.truncate(32);
    digest
}

/// Sign a person in: a new token in the cookie of the answer. Whatever sign-in the browser held before ends.
pub(super) async fn start(global: &Global<Write>, caller: &Caller, person: &PersonId) -> Result<String> {
    if let Some(old) = &caller.transport.login_token {
        let digest = token::digest(old.expose());
        if global.run(global_sql!(SignIn, "DELETE FROM logins WHERE token_hash = $1"), args![digest]).await? > 0 {
            global.revokes();
        }
    }
    let token = token::mint("pmos_sess_", global.rng());
    let now = global.now();
    global
        .run(
            global_sql!(
                SignIn,
                "INSERT INTO logins (id, person_id, token_hash, created_at, last_seen_at, expires_at, user_agent, ip)
                 VALUES ($1, $2, $3, $4, $4, $5, $6, $7)"
            ),
            args![
                LoginId::new(global.clock(), global.rng()),
                person,
                token::digest(token.expose()),
                now,
                now + LIFETIME_MS,
                caller.transport.user_agent,
                caller.transport.ip
            ],
        )
        .await?;
    let csrf = csrf_of(token.expose());
    caller.set_cookie(Cookie::Set(token));
    Ok(csrf)
}

/// End every sign-in of a person.
pub(super) async fn end_all(global: &Global<Write>, person: &PersonId) -> Result<()> {
    global.run(global_sql!(OwnAccount, "DELETE FROM logins WHERE person_id = $1"), args![person]).await?;
    global.revokes();
    Ok(())
}

/// Drop the rows of sign-ins, reset links and failures that mean nothing any more. For the housekeeping of each hour.
///
/// # Errors
/// As every statement's.
pub async fn forget_expired(store: &Store) -> Result<()> {
    let forget = store.write_global(Box::new(|global| {
        Box::pin(async move {
            let now = global.now();
            global
                .run(
                    global_sql!(SignIn, "DELETE FROM logins WHERE expires_at <= $1 OR last_seen_at <= $2"),
                    args![now, now - LOGIN_IDLE_MS],
                )
                .await?;
            global.run(global_sql!(SignIn, "DELETE FROM password_resets WHERE expires_at <= $1"), args![now]).await?;
            global
                .run(global_sql!(SignIn, "DELETE FROM login_failures WHERE locked_until <= $1"), args![now - DAY])
                .await
        })
    }));
    forget.await.map(drop)
}
