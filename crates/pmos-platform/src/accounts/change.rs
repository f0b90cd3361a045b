//! A new password: by whoever knows the old one, or with the token of a reset link.

use super::throttle::{self, Pair};
use super::{hashing, login, password};
use pmos_kit::{Error, PersonId, Result, Secret, token};
use pmos_rpc::{Call, Caller, DONE, Done};
use pmos_store::{Global, Write, args, global_sql};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The old password and the new one.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct ChangeParams {
    current_password: Secret,
    /// 15 to 128 characters.
    new_password: Secret,
}

/// A password that may take the place of the old one.
pub(super) struct Change {
    old_hash: String,
    new_hash: String,
    pair: Pair,
}

/// The password is changed, and this browser is signed in anew.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Changed {
    /// Always true: a failure is an error.
    ok: bool,
    /// Of the new sign-in.
    csrf_token: String,
}

pub(super) async fn prepare_change(call: &Call, p: ChangeParams) -> Result<Change> {
    let person = call.caller.person()?;
    let (email, name, old_hash): (String, String, String) = call
        .global()
        .one(global_sql!(OwnAccount, "SELECT email, name, password_hash FROM people WHERE id = $1"), args![person])
        .await?;
    // Counted with the failures of signing in: a stolen cookie is no way around them.
    let attempt = hashing::matches(&call.store, &p.current_password, Some(&old_hash));
    let wrong = || Error::invalid_field("currentPassword", "the current password is wrong");
    let pair = throttle::guard(call, &email, wrong, attempt).await?;
    password::check("newPassword", &p.new_password, &[&email, &name])?;
    let new_hash = hashing::hash(&call.store, &p.new_password).await?;
    Ok(Change { old_hash, new_hash, pair })
}

pub(super) async fn change_password(global: &Global<Write>, caller: &Caller, change: Change) -> Result<Changed> {
    let person = caller.person()?;
    let changed = global
        .run(
            global_sql!(OwnAccount, "UPDATE people SET password_hash = $1 WHERE id = $2 AND password_hash = $3"),
            args![change.new_hash, person, change.old_hash],
        )
        .await?;
    if changed == 0 {
        return Err(Error::conflict("the password was changed in the meantime"));
    }
    throttle::forgive(global, &change.pair).await?;
    login::end_all(global, person).await?;
    forget_resets(global, person).await?;
    global.about(person.as_str());
    Ok(Changed { ok: true, csrf_token: login::start(global, caller, person).await? })
}

/// The token of a reset link, and the new password.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct ResetParams {
    /// What stands behind `#token=` in the link.
    token: Secret,
    /// 15 to 128 characters.
    new_password: Secret,
}

/// A reset that may happen.
pub(super) struct Reset {
    digest: String,
    new_hash: String,
}

fn spent() -> Error {
    Error::invalid_field("token", "this link was used, is older than an hour, or is cut off: ask for a new one")
}

pub(super) async fn prepare_reset(call: &Call, p: ResetParams) -> Result<Reset> {
    if !token::is_well_formed(p.token.expose()) {
        return Err(spent());
    }
    let digest = token::digest(p.token.expose());
    let global = call.global();
    let known: Option<(String, String)> = global
        .maybe(
            global_sql!(
                SignIn,
                "SELECT p.email, p.name FROM password_resets r JOIN people p ON p.id = r.person_id
                 WHERE r.token_hash = $1 AND r.expires_at > $2"
            ),
            args![digest, global.now()],
        )
        .await?;
    let (email, name) = known.ok_or_else(spent)?;
    password::check("newPassword", &p.new_password, &[&email, &name])?;
    let new_hash = hashing::hash(&call.store, &p.new_password).await?;
    Ok(Reset { digest, new_hash })
}

pub(super) async fn reset_password(global: &Global<Write>, _: &Caller, reset: Reset) -> Result<Done> {
    let person: Option<PersonId> = global
        .maybe(
            global_sql!(
                SignIn,
                "DELETE FROM password_resets WHERE token_hash = $1 AND expires_at > $2 RETURNING person_id"
            ),
            args![reset.digest, global.now()],
        )
        .await?;
    let person = person.ok_or_else(spent)?;
    global
        .run(
            global_sql!(OwnAccount, "UPDATE people SET password_hash = $1 WHERE id = $2"),
            args![reset.new_hash, person],
        )
        .await?;
    login::end_all(global, &person).await?;
    forget_resets(global, &person).await?;
    global.about(person.as_str());
    Ok(DONE)
}

/// A link that was made for the old password does not undo the new one.
async fn forget_resets(global: &Global<Write>, person: &PersonId) -> Result<()> {
    global
        .run(global_sql!(OwnAccount, "DELETE FROM password_resets WHERE person_id = $1"), args![person])
        .await
        .map(drop)
}
