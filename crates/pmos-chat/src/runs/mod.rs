//! A run: one turn of an agent, from the message that starts it to its end.
//!
//! - It is a row, written in the transaction that accepts its message. A kill leaves the row, and with it the partial
//!   text and a typed `interrupted`; a message never vanishes.
//! - In a session one run is on at a time; the next waits in line.
//! - It holds a lease under the name of its process. Who lost the lease writes nothing more.
//! - Usage is written with the step that caused it, keyed by run, step, attempt and metric.

mod context;
mod events;
mod execute;
mod finish;
mod maintain;
mod rpc;
mod sink;

pub(crate) use finish::drop_queued;
pub(crate) use rpc::methods;

use crate::models::Models;
use parking_lot::Mutex;
use pmos_kit::clock::SECOND;
use pmos_kit::{Error, Millis, PersonId, Result, RunId, SessionId, WorkspaceId};
use pmos_platform::Dispatch;
use pmos_rpc::protocol::EventRow;
use pmos_store::{Scope, Store, Write, args, sql};
use std::collections::HashMap;
use std::sync::{Arc, OnceLock, Weak};
use tokio::sync::{Notify, Semaphore};
use tokio_util::sync::CancellationToken;

/// How long a run is believed to be alive without a sign of life.
pub(crate) const LEASE_MS: Millis = 30 * SECOND;
/// Runs that this process has on at once; the others wait in line.
const AT_ONCE: usize = 256;

/// The runs of this process.
pub struct Runs {
    /// The name of this process in leases.
    owner: String,
    models: Arc<Models>,
    live: Mutex<HashMap<RunId, Live>>,
    slots: Semaphore,
    ended: Notify,
    dispatch: OnceLock<Weak<Dispatch>>,
}

/// A run that is on in this process.
#[derive(Clone)]
struct Live {
    session: SessionId,
    cancel: CancellationToken,
    /// What the agent says in the step that is on.
    said: Arc<Mutex<Said>>,
    started_at: Millis,
    key: String,
}

/// What an agent said so far in the step that is on, and the number of the event that told the last of it.
#[derive(Debug, Default)]
struct Said {
    text: String,
    seq: u64,
}

/// What a client that comes in the middle is told of a run.
#[derive(Debug, serde::Serialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct InFlight {
    pub(crate) run_id: String,
    /// The text so far.
    pub(crate) text: String,
    /// The `seq` of the `chat` event that told the last of it: pieces up to it are in the text.
    pub(crate) seq: u64,
    pub(crate) started_at: Millis,
}

/// A run that was accepted, and what it needs to begin.
#[derive(Debug, Clone)]
pub(crate) struct Accepted {
    pub(crate) workspace: WorkspaceId,
    pub(crate) run: RunId,
    pub(crate) person: PersonId,
    /// Is it this process's already, or must it be claimed first?
    pub(crate) claimed: bool,
}

impl Runs {
    /// Runs under the name of this process, such as its boot id.
    pub fn new(owner: String, models: Arc<Models>) -> Self {
        Self {
            owner,
            models,
            live: Mutex::default(),
            slots: Semaphore::new(AT_ONCE),
            ended: Notify::new(),
            dispatch: OnceLock::new(),
        }
    }

    /// Hand in the pipeline, which is made later because its store hands out these runs.
    ///
    /// # Errors
    /// `INTERNAL` the second time.
    pub fn attach(&self, dispatch: &Arc<Dispatch>) -> Result<()> {
        self.dispatch.set(Arc::downgrade(dispatch)).map_err(|_| Error::internal("the pipeline was attached twice"))
    }

    fn dispatch(&self) -> Result<Arc<Dispatch>> {
        self.dispatch.get().and_then(Weak::upgrade).ok_or_else(|| Error::unavailable("the server is shutting down"))
    }

    fn store(&self) -> Result<Arc<Store>> {
        self.dispatch().map(|dispatch| dispatch.store.clone())
    }

    /// Begin a run whose row is committed.
    pub(crate) fn begin(self: &Arc<Self>, accepted: Accepted) {
        let runs = self.clone();
        tokio::spawn(async move { execute::execute(runs, accepted).await });
    }

    /// Stop these runs, where they are on here. Elsewhere their row says it.
    pub(crate) fn cancel(&self, runs: &[RunId]) {
        let live = self.live.lock();
        runs.iter().filter_map(|run| live.get(run)).for_each(|run| run.cancel.cancel());
    }

    /// The run that is on in a session, as far as this process knows.
    pub(crate) fn in_flight(&self, session: &SessionId) -> Option<InFlight> {
        let live = self.live.lock();
        let run = live.values().find(|run| run.session == *session)?;
        let said = run.said.lock();
        Some(InFlight { run_id: run.key.clone(), text: said.text.clone(), seq: said.seq, started_at: run.started_at })
    }

    /// How many runs are on here.
    pub fn live_count(&self) -> usize {
        self.live.lock().len()
    }

    /// Stop all runs and wait for them to write down how far they came, at most this long.
    pub async fn drain(&self, at_most: std::time::Duration) {
        self.live.lock().values().for_each(|run| run.cancel.cancel());
        let empty = async {
            while self.live_count() > 0 {
                tokio::time::sleep(std::time::Duration::from_millis(20)).await;
            }
        };
        if tokio::time::timeout(at_most, empty).await.is_err() {
            tracing::warn!(
                runs = self.live_count(),
                "runs did not end in time; they are marked interrupted at the next start"
            );
        }
    }
}

/// Write the row of a run for the message of this number. It begins at once if nothing is on in its session, which the
/// caller holds.
pub(crate) async fn accept(scope: &Scope<Write>, session: &SessionId, turn: i64, client_key: &str) -> Result<Accepted> {
    let runs = scope.service::<Runs>()?;
    let run = RunId::new(scope.clock(), scope.rng());
    let now = scope.now();
    let busy: i64 = scope
        .one(
            sql!("SELECT COUNT(*) FROM runs WHERE workspace_id = $1 AND session_id = $2 AND state <> 'done'"),
            args![session],
        )
        .await?;
    let claimed = busy == 0;
    let (state, owner) = if claimed { ("running", Some(&runs.owner)) } else { ("queued", None) };
    let started_at = claimed.then_some(now);
    let lease_until = claimed.then_some(now + LEASE_MS);
    scope
        .run(
            sql!(
                "INSERT INTO runs (workspace_id, id, session_id, turn, client_key, state, person_id, created_at, started_at, owner, lease_until)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"
            ),
            args![run, session, turn, client_key, state, scope.person(), now, started_at, owner, lease_until],
        )
        .await?;
    finish::count_run(scope, &run).await?;
    let accepted = Accepted { workspace: scope.workspace().clone(), run, person: scope.person().clone(), claimed };
    // A queued run begins when the one before it ends.
    if claimed {
        let begun = accepted.clone();
        scope.then(move || runs.begin(begun));
    }
    Ok(accepted)
}

/// The events of this domain.
pub(crate) fn events() -> Vec<EventRow> {
    vec![
        EventRow::of::<events::ChatEvent<'static>>(
            "chat",
            "What an agent says. With the capability `pmos-delta` each piece comes alone as `deltaText`; without it `message` \
             holds all text so far, at most every 50 ms. Exactly one `final`, `aborted` or `error` ends a run.",
        ),
        EventRow::of::<events::AgentEvent<'static>>(
            "agent",
            "What a run does: `lifecycle`, `assistant`, `tool` (for connections with the capability `tool-events`) and `usage`.",
        ),
    ]
}
