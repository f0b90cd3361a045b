//! Background work: rows that ask for something to be done, and the loop that does it.
//!
//! - A job is written in the transaction that asks for it, once per workspace, kind and key.
//! - Whoever works on it holds a lease with a fencing number; who is late finds that somebody else took over.
//! - What fails is tried again, later each time; what failed [`MAX_ATTEMPTS`] times is kept as `dead`, with its error.

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use pmos_kit::clock::{MINUTE, SECOND};
use pmos_kit::{Error, JobId, Millis, Result, WorkspaceId};
use pmos_store::{Store, args, from_row, global_sql};

/// Tries before a job is left to a person.
pub const MAX_ATTEMPTS: i64 = 8;
const LEASE_MS: Millis = 5 * MINUTE;

/// A job that is being worked on.
#[derive(Debug, Clone)]
pub struct Job {
    /// Whose.
    pub workspace: WorkspaceId,
    id: JobId,
    kind: String,
    /// What it needs to know, as its writer wrote it.
    pub payload: String,
    fence: i64,
    attempts: i64,
}

from_row!(Job { workspace, id, kind, payload, fence, attempts });

/// What does the jobs of a kind. It must bear being called again after it half succeeded.
pub type Worker = (&'static str, for<'a> fn(&'a Store, &'a Job) -> BoxFuture<'a, Result<()>>);

/// Do what is due, one job after the other, until nothing is.
///
/// # Errors
/// As every statement's. A job that fails is no error: it is tried again.
pub async fn work_off(store: &Store, workers: &[Worker]) -> Result<()> {
    while let Some(job) = claim(store).await? {
        let worker = workers.iter().find(|(kind, _)| *kind == job.kind);
        let done = match worker {
            Some((_, work)) => work(store, &job).await,
            None => Err(Error::internal(format!("nobody does jobs of the kind {:?}", job.kind))),
        };
        settle(store, job, done.err()).await?;
    }
    Ok(())
}

/// Take the job that is due first, if any is, or one whose worker is late. Looked for before it is written to.
async fn claim(store: &Store) -> Result<Option<Job>> {
    let now = store.surroundings().clock.now();
    let due: Option<JobId> = store
        .global()
        .maybe(
            global_sql!(
                Jobs,
                "SELECT id FROM jobs WHERE (state = 'queued' AND run_at <= $1) OR (state = 'leased' AND lease_until < $1) ORDER BY run_at LIMIT 1"
            ),
            args![now],
        )
        .await?;
    let Some(id) = due else { return Ok(None) };
    let claimed = store.write_global(Box::new(move |global| {
        async move {
            global
                .maybe(
                    global_sql!(
                        Jobs,
                        "UPDATE jobs SET state = 'leased', lease_until = $3, fence = fence + 1, attempts = attempts + 1
                         WHERE id = $1 AND ((state = 'queued' AND run_at <= $2) OR (state = 'leased' AND lease_until < $2))
                         RETURNING workspace_id, id, kind, payload, fence, attempts"
                    ),
                    args![id, now, now + LEASE_MS],
                )
                .await
        }
        .boxed()
    }));
    claimed.await.map(|(job, _)| job)
}

/// Write how it went, unless somebody else took the job over.
async fn settle(store: &Store, job: Job, failure: Option<Error>) -> Result<()> {
    let now = store.surroundings().clock.now();
    let (state, run_at) = match &failure {
        None => ("done", now),
        Some(_) if job.attempts >= MAX_ATTEMPTS => ("dead", now),
        Some(_) => ("queued", now + backoff(job.attempts)),
    };
    if let Some(error) = &failure {
        tracing::warn!(job = %job.id, kind = job.kind, attempts = job.attempts, %error, "a job failed");
    }
    let words = failure.map(|error| error.to_string());
    let settled = store.write_global(Box::new(move |global| {
        async move {
            global
                .run(
                    global_sql!(
                        Jobs,
                        "UPDATE jobs SET state = $3, run_at = $4, error = $5, lease_until = NULL WHERE id = $1 AND fence = $2"
                    ),
                    args![job.id, job.fence, state, run_at, words],
                )
                .await
        }
        .boxed()
    }));
    settled.await.map(drop)
}

/// 1 s, 4 s, 16 s … at most an hour.
fn backoff(attempts: i64) -> Millis {
    let doublings = u32::try_from(attempts.clamp(1, 7) - 1).unwrap_or(0);
    (SECOND << (2 * doublings)).min(60 * MINUTE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_fails_is_tried_later_each_time() {
        let waits: Vec<Millis> = (1..=8).map(|attempts| backoff(attempts) / SECOND).collect();
        assert_eq!(waits, [1, 4, 16, 64, 256, 1_024, 3_600, 3_600]);
    }
}
