//! Carrying a run out.

use super::finish::{self, Ending, Named};
use super::sink::{RunSink, lost};
use super::{Accepted, Live, Runs, context};
use crate::agents::{self, FileTools};
use crate::sessions;
use futures_util::FutureExt;
use pmos_agent::{Limits, ModelRequest, Stop, Turn, run_turn};
use pmos_kit::{Error, Millis, Result, RunId, SessionId};
use pmos_platform::Dispatch;
use pmos_platform::dispatch::{Peer, Shown};
use pmos_rpc::Transport;
use pmos_store::{Grant, Listens, Read, Scope, args, sql};
use serde_json::json;
use std::sync::Arc;
use tokio_util::sync::CancellationToken;

/// Carry a run out, then the ones in line behind it in its session.
pub(super) async fn execute(runs: Arc<Runs>, first: Accepted) {
    let mut next = Some(first);
    while let Some(accepted) = next.take() {
        let Ok(_slot) = runs.slots.acquire().await else { return };
        let run = accepted.run.clone();
        match carry_out(&runs, accepted).await {
            Ok(follower) => next = follower,
            Err(error) if lost(&error) => tracing::info!(%run, %error, "a run was let go"),
            Err(error) => {
                tracing::error!(%run, %error, "a run could not be carried out; it is marked interrupted when its lease ends")
            }
        }
        runs.live.lock().remove(&run);
        runs.ended.notify_waiters();
    }
}

async fn carry_out(runs: &Arc<Runs>, accepted: Accepted) -> Result<Option<Accepted>> {
    let dispatch = runs.dispatch()?;
    let grant = dispatch.store.admit_work(&accepted.workspace, &accepted.person).await?;
    let scope = dispatch.store.read(grant.clone());
    if !accepted.claimed && !claim(&dispatch, &grant, runs, &accepted.run).await? {
        return Ok(None);
    }
    let named = load(&scope, &accepted.run).await?;
    let session = named.session.id.clone();
    let live = Live {
        session: session.clone(),
        cancel: CancellationToken::new(),
        said: Arc::default(),
        started_at: scope.now(),
        key: named.key.clone(),
    };
    runs.live.lock().insert(accepted.run.clone(), live.clone());
    if is_abort_asked(&scope, &accepted.run).await? {
        live.cancel.cancel();
    }
    answer(runs, &dispatch, &grant, &scope, named, live).await?;
    follower(&dispatch, &grant, runs, session).await
}

async fn claim(dispatch: &Dispatch, grant: &Grant, runs: &Arc<Runs>, run: &RunId) -> Result<bool> {
    let (runs, run) = (runs.clone(), run.clone());
    let (session, _) = dispatch
        .store
        .write(
            grant.clone(),
            Box::new(move |scope| {
                async move {
                    let session: SessionId = scope
                        .one(sql!("SELECT session_id FROM runs WHERE workspace_id = $1 AND id = $2"), args![run])
                        .await?;
                    Ok(finish::claim_next(scope, &runs, &session).await?.is_some_and(|claimed| claimed.run == run))
                }
                .boxed()
            }),
        )
        .await?;
    Ok(session)
}

async fn load(scope: &Scope<Read>, run: &RunId) -> Result<Named> {
    let (session, key): (SessionId, String) = scope
        .one(sql!("SELECT session_id, client_key FROM runs WHERE workspace_id = $1 AND id = $2"), args![run])
        .await?;
    let session = sessions::by_id(scope, &session).await?;
    Ok(Named { run: run.clone(), key, session })
}

async fn is_abort_asked(scope: &Scope<Read>, run: &RunId) -> Result<bool> {
    let asked: Option<Millis> =
        scope.one(sql!("SELECT abort_at FROM runs WHERE workspace_id = $1 AND id = $2"), args![run]).await?;
    Ok(asked.is_some())
}

/// Ask the model, and write how it ended, whatever went wrong on the way.
async fn answer(
    runs: &Arc<Runs>,
    dispatch: &Arc<Dispatch>,
    grant: &Grant,
    scope: &Scope<Read>,
    named: Named,
    live: Live,
) -> Result<()> {
    let cancel = live.cancel.clone();
    let prepared = prepare(runs, scope, &named).await;
    let prices = prepared.as_ref().map_or_else(|_| pmos_agent::Prices::default(), |prepared| prepared.chosen.prices);
    let agent = named.session.agent_id.clone();
    let mut sink = RunSink::new(runs.clone(), dispatch.clone(), grant.clone(), named, live, prices);
    let started_at = scope.now();
    sink.agent("lifecycle", json!({ "phase": "start", "startedAt": started_at }), Listens::Always);
    let prepared = match prepared {
        Ok(prepared) => prepared,
        Err(error) => return sink.end(Ending::refused(&error), None, None).await,
    };
    let tools = FileTools {
        dispatch: dispatch.clone(),
        peer: Peer::new(Shown::Work(grant.clone()), None, Arc::new(Transport::default())),
        agent,
    };
    let surroundings = dispatch.store.surroundings().clone();
    let outcome = run_turn(Turn {
        model: &prepared.chosen.provider,
        tools: &tools,
        sink: &mut sink,
        rng: &*surroundings.rng,
        request: prepared.request,
        limits: Limits::default(),
        cancel,
    })
    .await;
    if let Stop::Refused(error) = &outcome.stop
        && lost(error)
    {
        return Err(Error::conflict("its row is gone").with_cause(error));
    }
    if sink.ended {
        return Ok(());
    }
    let ending = match &outcome.stop {
        Stop::Done => Ending::well("stop"),
        Stop::MaxSteps => Ending::well("max_steps"),
        Stop::Length => Ending::well("length"),
        Stop::Aborted => Ending::well("aborted"),
        Stop::Failed(failure) => Ending::failed(failure),
        Stop::Refused(error) => Ending::refused(error),
    };
    sink.end(ending, None, None).await
}

struct Prepared {
    chosen: crate::models::Chosen,
    request: ModelRequest,
}

async fn prepare(runs: &Runs, scope: &Scope<Read>, named: &Named) -> Result<Prepared> {
    let agent = agents::get(scope, named.session.agent_id.as_str()).await?;
    let wanted = named.session.model.as_deref().or(agent.model.as_deref());
    let chosen = runs.models.choose(scope, wanted).await?;
    let request = ModelRequest {
        model: chosen.model.clone(),
        system: agents::instructions(scope, &agent).await?,
        messages: context::conversation(scope, &named.session).await?,
        ..ModelRequest::default()
    };
    Ok(Prepared { chosen, request })
}

/// The run in line behind the one that ended. Most sessions have none, so it is looked for before it is claimed.
async fn follower(
    dispatch: &Dispatch,
    grant: &Grant,
    runs: &Arc<Runs>,
    session: SessionId,
) -> Result<Option<Accepted>> {
    let waiting: i64 = dispatch
        .store
        .read(grant.clone())
        .one(
            sql!("SELECT COUNT(*) FROM runs WHERE workspace_id = $1 AND session_id = $2 AND state = 'queued'"),
            args![session],
        )
        .await?;
    if waiting == 0 {
        return Ok(None);
    }
    let runs = runs.clone();
    let (next, _) = dispatch
        .store
        .write(
            grant.clone(),
            Box::new(move |scope| async move { finish::claim_next(scope, &runs, &session).await }.boxed()),
        )
        .await?;
    Ok(next)
}
