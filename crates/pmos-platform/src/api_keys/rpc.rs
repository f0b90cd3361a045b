//! The methods of API keys.

use super::{KeyKind, KeyScope};
use pmos_kit::clock::DAY;
use pmos_kit::role::Scopes;
use pmos_kit::{ApiKeyId, Error, Millis, PersonId, Result, Role, Secret, token};
use pmos_rpc::{DONE, Done, Nothing, Text, methods};
use pmos_store::{Actor, Read, Scope, Write, args, from_row, sql};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

methods! {
    /// One's own API keys in this workspace, the newest first; admins see everybody's.
    Read "apiKeys.list" Member => list, agents: Never;

    /// Make an API key for this workspace.
    ///
    /// `secret` is the key itself and shown this once. `scopes` are `read`, `write` (which reads too) and `admin` (which
    /// may all); asking for more than one's role allows fails with `FORBIDDEN`, and so does asking with a key: sign in
    /// for it. It works for `expiresInDays` days, 1 to 365, or until it is revoked.
    Write "apiKeys.create" Member => create, limit: per_minute(10), agents: Never;

    /// Revoke an API key, one's own or, for admins, anybody's. What it has open ends within a second.
    Write "apiKeys.revoke" Member(own) => revoke, agents: Never;
}

/// An API key, without its text.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct KeyView {
    id: ApiKeyId,
    name: String,
    kind: KeyKind,
    scopes: Vec<KeyScope>,
    /// What it begins with and its last four characters.
    hint: String,
    created_by: PersonId,
    created_at: Millis,
    /// Absent for one that works until it is revoked.
    #[serde(skip_serializing_if = "Option::is_none")]
    expires_at: Option<Millis>,
    /// To within five minutes; absent if it never was.
    #[serde(skip_serializing_if = "Option::is_none")]
    last_used_at: Option<Millis>,
}

/// An API key as it is stored.
struct Stored {
    id: ApiKeyId,
    name: String,
    kind: KeyKind,
    bits: i64,
    hint: String,
    created_by: PersonId,
    created_at: Millis,
    expires_at: Option<Millis>,
    last_used_at: Option<Millis>,
}

from_row!(Stored { id, name, kind, bits, hint, created_by, created_at, expires_at, last_used_at });

impl From<Stored> for KeyView {
    fn from(stored: Stored) -> Self {
        let Stored { id, name, kind, bits, hint, created_by, created_at, expires_at, last_used_at } = stored;
        let scopes = KeyScope::of(Scopes::from_bits(bits));
        Self { id, name, kind, scopes, hint, created_by, created_at, expires_at, last_used_at }
    }
}

/// API keys.
#[derive(Debug, Serialize, JsonSchema)]
struct Keys {
    keys: Vec<KeyView>,
}

async fn list(scope: &Scope<Read>, _: Nothing) -> Result<Keys> {
    let stored: Vec<Stored> = scope
        .rows(
            sql!(
                "SELECT id, name, kind, scopes, hint, person_id, created_at, expires_at, last_used_at FROM api_keys
                 WHERE workspace_id = $1 AND (person_id = $2 OR $3 = 1) ORDER BY id DESC"
            ),
            args![scope.person(), scope.role() == Role::Admin],
        )
        .await?;
    Ok(Keys { keys: stored.into_iter().map(KeyView::from).collect() })
}

/// Which key to make.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct CreateParams {
    /// What it is for, 1 to 100 characters.
    name: String,
    /// `api` without it.
    kind: Option<KeyKind>,
    /// At least one.
    scopes: Vec<KeyScope>,
    /// For how many days it works, 1 to 365; until it is revoked without it.
    expires_in_days: Option<u32>,
}

/// A key, with the only sight of its text.
#[derive(Debug, Serialize, JsonSchema)]
struct Created {
    key: KeyView,
    /// The key itself, shown this once.
    secret: String,
}

async fn create(scope: &Scope<Write>, p: CreateParams) -> Result<Created> {
    let name = Text { field: "name", min: 1, max: 100 }.name(&p.name)?;
    let scopes = granted(scope, &p.scopes)?;
    let now = scope.now();
    let expires_at = match p.expires_in_days {
        None => None,
        Some(days @ 1..=365) => Some(now + Millis::from(days) * DAY),
        Some(_) => return Err(Error::invalid_field("expiresInDays", "expiresInDays: 1 to 365, or absent")),
    };
    let kind = p.kind.unwrap_or(KeyKind::Api);
    let secret = token::mint(kind.prefix(), scope.rng());
    let stored = Stored {
        id: ApiKeyId::new(scope.clock(), scope.rng()),
        name,
        kind,
        bits: scopes.bits(),
        hint: hint(kind, &secret),
        created_by: scope.person().clone(),
        created_at: now,
        expires_at,
        last_used_at: None,
    };
    insert(scope, &stored, &secret).await?;
    scope.about(stored.id.as_str());
    Ok(Created { key: stored.into(), secret: secret.expose().to_owned() })
}

async fn insert(scope: &Scope<Write>, key: &Stored, secret: &Secret) -> Result<()> {
    scope
        .run(
            sql!(
                "INSERT INTO api_keys (workspace_id, id, person_id, name, kind, scopes, token_hash, hint, created_at, expires_at)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"
            ),
            args![
                key.id,
                key.created_by,
                key.name,
                key.kind.as_str(),
                key.bits,
                token::digest(secret.expose()),
                key.hint,
                key.created_at,
                key.expires_at
            ],
        )
        .await
        .map(drop)
}

/// The scopes that the caller asks for and has.
fn granted(scope: &Scope<Write>, asked: &[KeyScope]) -> Result<Scopes> {
    if !matches!(scope.actor(), Actor::Login(_)) {
        return Err(Error::forbidden("a key cannot make keys: sign in for this"));
    }
    if asked.is_empty() {
        return Err(Error::invalid_field("scopes", "scopes: at least one of read, write, admin"));
    }
    let scopes = KeyScope::scopes(asked);
    if scopes.and(scope.grant().scopes()) != scopes {
        return Err(Error::forbidden("a key may not do more than its maker: ask for fewer scopes"));
    }
    Ok(scopes)
}

fn hint(kind: KeyKind, secret: &Secret) -> String {
    let text = secret.expose();
    let last = text.len().saturating_sub(4);
    format!("{}…{}", kind.prefix(), text.get(last..).unwrap_or_default())
}

/// Which key.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct RevokeParams {
    key_id: ApiKeyId,
}

async fn revoke(scope: &Scope<Write>, p: RevokeParams) -> Result<Done> {
    scope.about(p.key_id.as_str());
    let owner: PersonId =
        scope.one(sql!("SELECT person_id FROM api_keys WHERE workspace_id = $1 AND id = $2"), args![p.key_id]).await?;
    scope.must_own(&owner)?;
    scope.run_one(sql!("DELETE FROM api_keys WHERE workspace_id = $1 AND id = $2"), args![p.key_id]).await?;
    scope.revokes();
    Ok(DONE)
}
