//! The audit trail: who did what, in the transaction in which it was done.
//!
//! - A change and its entry are committed together, or neither is.
//! - Entries are numbered per workspace without gaps; on PostgreSQL the server's role can neither change nor delete one.
//! - People are named by id, so that erasing a person does not break the trail.

mod rpc;

pub(crate) use rpc::methods;

use pmos_kit::{AuditId, RequestId, Result};
use pmos_store::{Actor, Global, Scope, Write, args, global_sql, sql};

/// What is written of a change; who made it, and where, is taken from the scope.
#[derive(Debug, Clone, Copy)]
pub struct Entry<'a> {
    /// The method's name.
    pub action: &'a str,
    /// What it was done to, as an id.
    pub resource: Option<&'a str>,
    /// The call.
    pub request_id: &'a RequestId,
    /// From which address.
    pub ip: Option<&'a str>,
}

/// Write an entry in the workspace's trail.
///
/// # Errors
/// As every statement's; the change then fails with it.
pub async fn record(scope: &Scope<Write>, entry: Entry<'_>) -> Result<()> {
    let seq: i64 = scope
        .one(
            sql!("UPDATE workspaces SET audit_seq = audit_seq + 1 WHERE workspace_id = $1 RETURNING audit_seq"),
            args![],
        )
        .await?;
    let id = AuditId::new(scope.clock(), scope.rng());
    let (kind, credential) = actor(scope.actor());
    scope
        .run(
            sql!(
                "INSERT INTO audit (workspace_id, seq, id, at, actor, actor_kind, on_behalf_of, action, resource, outcome, ip, request_id)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'ok', $10, $11)"
            ),
            args![seq, id, scope.now(), scope.person(), kind, credential, entry.action, entry.resource, entry.ip, entry.request_id],
        )
        .await
        .map(drop)
}

/// Write an entry in the trail of what belongs to no workspace. `actor` is the person, or what stands for an unknown one.
///
/// # Errors
/// As [`record`].
pub async fn record_global(global: &Global<Write>, actor: &str, entry: Entry<'_>) -> Result<()> {
    let id = AuditId::new(global.clock(), global.rng());
    global
        .run(
            global_sql!(
                Platform,
                "INSERT INTO system_audit (seq, id, at, actor, actor_kind, action, resource, outcome, ip, request_id)
                 SELECT COALESCE(MAX(seq), 0) + 1, $1, $2, $3, 'person', $4, $5, 'ok', $6, $7 FROM system_audit"
            ),
            args![id, global.now(), actor, entry.action, entry.resource, entry.ip, entry.request_id],
        )
        .await
        .map(drop)
}

/// The kind of credential, and its id where it is not the person's own sign-in.
fn actor(actor: &Actor) -> (&'static str, Option<&str>) {
    match actor {
        Actor::Login(_) | Actor::Newcomer => ("person", None),
        Actor::Key(key) => ("key", Some(key.as_str())),
        Actor::Work => ("work", None),
    }
}
