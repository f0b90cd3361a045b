//! What happens to runs besides being carried out: leases are renewed, those of the dead are ended, aborts arrive.

use super::finish::{self, Ending, Named};
use super::{Accepted, LEASE_MS, Runs};
use crate::sessions::{self, Block, Body, Content};
use futures_util::FutureExt;
use pmos_kit::{Millis, PersonId, Result, Role, RunId, WorkspaceId};
use pmos_store::{Scope, Write, args, global_sql, sql};
use std::sync::Arc;
use std::time::Duration;

const EVERY: Duration = Duration::from_secs(3);

/// A run as the sweep finds it.
type Found = (WorkspaceId, RunId, PersonId);

impl Runs {
    /// End the runs that a killed process left behind. On SQLite there is one process, so whatever is `running` at its
    /// start is left behind; on PostgreSQL the lease tells.
    ///
    /// # Errors
    /// As every statement's.
    pub async fn recover(self: &Arc<Self>) -> Result<()> {
        let alone = self.store()?.kind() == "sqlite";
        self.end_expired(if alone { Millis::MAX } else { self.now()? }).await?;
        self.begin_waiting().await
    }

    /// Keep the runs of this process alive and look after those of the dead, until the server stops.
    pub async fn maintain(self: Arc<Self>) {
        loop {
            tokio::time::sleep(EVERY).await;
            if let Err(error) = self.sweep().await {
                tracing::warn!(%error, "runs could not be looked after this time");
            }
        }
    }

    async fn sweep(self: &Arc<Self>) -> Result<()> {
        self.renew().await?;
        self.hear_aborts().await?;
        self.end_expired(self.now()?).await?;
        self.begin_waiting().await
    }

    fn now(&self) -> Result<Millis> {
        Ok(self.store()?.surroundings().clock.now())
    }

    async fn renew(&self) -> Result<()> {
        if self.live_count() == 0 {
            return Ok(());
        }
        let (owner, lease) = (self.owner.clone(), self.now()? + LEASE_MS);
        let store = self.store()?;
        let renewed = store.write_global(Box::new(move |global| {
            async move {
                global
                    .run(
                        global_sql!(Jobs, "UPDATE runs SET lease_until = $1 WHERE owner = $2 AND state = 'running'"),
                        args![lease, owner],
                    )
                    .await
            }
            .boxed()
        }));
        renewed.await.map(drop)
    }

    async fn hear_aborts(&self) -> Result<()> {
        if self.live_count() == 0 {
            return Ok(());
        }
        let asked: Vec<RunId> = self
            .store()?
            .global()
            .rows(
                global_sql!(
                    Jobs,
                    "SELECT id FROM runs WHERE owner = $1 AND state = 'running' AND abort_at IS NOT NULL"
                ),
                args![self.owner],
            )
            .await?;
        self.cancel(&asked);
        Ok(())
    }

    async fn end_expired(self: &Arc<Self>, before: Millis) -> Result<()> {
        let expired: Vec<Found> = self
            .store()?
            .global()
            .rows(
                global_sql!(
                    Jobs,
                    "SELECT workspace_id, id, person_id FROM runs WHERE state = 'running' AND lease_until < $1 ORDER BY id LIMIT 500"
                ),
                args![before],
            )
            .await?;
        for (workspace, run, person) in expired.into_iter().filter(|(_, run, _)| !self.live.lock().contains_key(run)) {
            let dispatch = self.dispatch()?;
            let ended = dispatch
                .store
                .write_global(Box::new(move |global| {
                    let scope = global.within(workspace, person, Role::Member);
                    async move { interrupt(&scope, run, before).await }.boxed()
                }))
                .await;
            match ended {
                Ok(((), effects)) => dispatch.settle(effects),
                Err(error) => tracing::warn!(%error, "a run that was left behind could not be ended yet"),
            }
        }
        Ok(())
    }

    /// Begin what waits in line in sessions where nothing is on.
    async fn begin_waiting(self: &Arc<Self>) -> Result<()> {
        let waiting: Vec<Found> = self
            .store()?
            .global()
            .rows(
                global_sql!(
                    Jobs,
                    "SELECT q.workspace_id, q.id, q.person_id FROM runs q WHERE q.state = 'queued' AND NOT EXISTS (
                         SELECT 1 FROM runs r WHERE r.workspace_id = q.workspace_id AND r.session_id = q.session_id
                         AND (r.state = 'running' OR (r.state = 'queued' AND r.turn < q.turn))) ORDER BY q.created_at LIMIT 500"
                ),
                args![],
            )
            .await?;
        for (workspace, run, person) in waiting {
            self.begin(Accepted { workspace, run, person, claimed: false });
        }
        Ok(())
    }
}

/// End a run whose process is gone: what it had said is kept, and its end says why.
async fn interrupt(scope: &Scope<Write>, run: RunId, before: Millis) -> Result<()> {
    let found: Option<(pmos_kit::SessionId, String, Option<String>)> = scope
        .maybe(
            sql!(
                "SELECT session_id, client_key, partial FROM runs WHERE workspace_id = $1 AND id = $2 AND state = 'running' AND lease_until < $3"
            ),
            args![run, before],
        )
        .await?;
    // It may have come back to life in between.
    let Some((session, key, partial)) = found else { return Ok(()) };
    let session = sessions::by_id(scope, &session).await?;
    let said = partial.map(|text| Body::new("assistant", Content::Blocks(vec![Block::Text { text }]), scope.now()));
    finish::end(scope, &Named { run, key, session }, 0, &Ending::interrupted(), said).await
}
