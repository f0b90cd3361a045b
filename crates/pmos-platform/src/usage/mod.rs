//! The usage ledger: what a workspace used, one row per fact, written in the transaction of the fact.
//!
//! - A row's key is made from the fact itself, such as run, step and attempt: told twice, it counts once.
//! - Rows are only ever added; a correction is a new row.
//! - Calls of the interface are counted in memory and written each second: a kill may lose one second of them, so they
//!   are never a hard limit (decisions.md, 6.4).

mod rpc;

pub(crate) use rpc::methods;

use parking_lot::Mutex;
use pmos_kit::{PersonId, Result, Role, WorkspaceId};
use pmos_store::{Scope, Store, Write, args, sql};
use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};

/// One fact of the ledger.
#[derive(Debug, Clone, Copy)]
pub struct Fact<'a> {
    /// What makes it this fact and no other: `run:step:attempt:metric`.
    pub key: &'a str,
    /// What is counted, such as `agent_runs`.
    pub metric: &'static str,
    /// How much of it.
    pub quantity: i64,
    /// Who noticed: `run`, `api`.
    pub source: &'static str,
    /// More about it, as a JSON object.
    pub dims: &'a str,
}

/// Write facts. A fact that is there already is left as it is.
///
/// # Errors
/// As every statement's.
pub async fn record(scope: &Scope<Write>, facts: &[Fact<'_>]) -> Result<()> {
    let count = i64::try_from(facts.len()).unwrap_or_default();
    let last: i64 = scope
        .one(
            sql!("UPDATE workspaces SET usage_seq = usage_seq + $2 WHERE workspace_id = $1 RETURNING usage_seq"),
            args![count],
        )
        .await?;
    let now = scope.now();
    for (fact, seq) in facts.iter().zip(last - count + 1..) {
        scope
            .run(
                sql!(
                    "INSERT INTO usage_events (workspace_id, idem_key, seq, metric, quantity, occurred_at, recorded_at, source, dims)
                     VALUES ($1, $2, $3, $4, $5, $6, $6, $7, $8) ON CONFLICT (workspace_id, idem_key) DO NOTHING"
                ),
                args![fact.key, seq, fact.metric, fact.quantity, now, fact.source, fact.dims],
            )
            .await?;
    }
    Ok(())
}

/// Calls of the interface since the last flush, per workspace.
pub struct ApiCalls {
    boot: String,
    flushes: AtomicU64,
    counts: Mutex<HashMap<WorkspaceId, (PersonId, i64)>>,
}

impl ApiCalls {
    /// Counters of the process that this text names.
    pub fn new(boot: String) -> Self {
        Self { boot, flushes: AtomicU64::new(0), counts: Mutex::default() }
    }

    /// Count one call.
    pub fn count(&self, workspace: &WorkspaceId, person: &PersonId) {
        let mut counts = self.counts.lock();
        match counts.get_mut(workspace) {
            Some((_, count)) => *count += 1,
            None => drop(counts.insert(workspace.clone(), (person.clone(), 1))),
        }
    }

    /// Write what was counted. What cannot be written is counted on.
    pub async fn flush(&self, store: &Store) {
        let counts = std::mem::take(&mut *self.counts.lock());
        for (workspace, (person, count)) in counts {
            let flush = self.flushes.fetch_add(1, Ordering::Relaxed);
            let key = format!("api:{}:{flush}", self.boot);
            match write(store, workspace, person, key, count).await {
                // It was deleted since, and its ledger with it.
                Err(error) if error.is_not_found() => {}
                Err(error) => tracing::warn!(%error, count, "calls of a workspace could not be written to the ledger"),
                Ok(()) => {}
            }
        }
    }
}

async fn write(store: &Store, workspace: WorkspaceId, person: PersonId, key: String, quantity: i64) -> Result<()> {
    let body = move |global: &pmos_store::Global<Write>| {
        let scope = global.within(workspace, person, Role::Viewer);
        async move { record(&scope, &[Fact { key: &key, metric: "api_calls", quantity, source: "api", dims: "{}" }]).await }
    };
    store.write_global(Box::new(move |global| Box::pin(body(global)))).await.map(drop)
}
