//! What goes on besides answering.

use super::House;
use futures_util::FutureExt;
use pmos_platform::jobs::{self, Worker};
use pmos_platform::{accounts, workspaces};
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;
use tokio::task::JoinSet;

const SECOND: Duration = Duration::from_secs(1);
const HOUR: Duration = Duration::from_secs(3_600);
/// How often the operator's providers are asked which models they have.
const MODELS_AGAIN: Duration = Duration::from_secs(15 * 60);

/// Who does which jobs.
const WORKERS: &[Worker] =
    &[(workspaces::DELETION, |store, job| workspaces::finish_deletion(store, &job.workspace).boxed())];

/// Start the work in the background. It ends when the set is dropped.
pub(super) fn start(house: &Arc<House>) -> JoinSet<()> {
    let mut work = JoinSet::new();
    let store = house.store().clone();
    work.spawn(async move { store.watch_epoch().await });
    work.spawn(house.runs.clone().maintain());
    every(&mut work, SECOND, house, |house| async move { house.dispatch.flush_calls().await });
    every(&mut work, SECOND, house, |house| async move {
        if let Err(error) = jobs::work_off(house.store(), WORKERS).await {
            tracing::warn!(%error, "jobs could not be worked off this time");
        }
    });
    every(&mut work, MODELS_AGAIN, house, |house| async move { house.models.discover().await });
    every(&mut work, HOUR, house, |house| async move {
        if let Err(error) = accounts::forget_expired(house.store()).await {
            tracing::warn!(%error, "expired sign-ins could not be dropped this time");
        }
    });
    work
}

/// Do something now and then again after each pause.
fn every<F>(
    work: &mut JoinSet<()>,
    pause: Duration,
    house: &Arc<House>,
    what: impl Fn(Arc<House>) -> F + Send + 'static,
) where
    F: Future<Output = ()> + Send,
{
    let house = house.clone();
    work.spawn(async move {
        loop {
            what(house.clone()).await;
            tokio::time::sleep(pause).await;
        }
    });
}
