//! What all connections share.

use crate::budget::Budget;
use crate::headers::Headers;
use crate::http::Assets;
use crate::presence::Presence;
use crate::{Gateway, GatewayConfig};
use bytes::Bytes;
use futures_util::FutureExt;
use pmos_kit::{Error, Millis, Result, Rng, Secret, WorkspaceId, token};
use pmos_platform::Dispatch;
use pmos_platform::dispatch::{Answer, Peer};
use pmos_rpc::protocol;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use tokio::sync::watch;
use tokio::time::Instant;
use tokio_util::task::TaskTracker;

/// What all connections share.
pub(crate) struct Front {
    pub(crate) dispatch: Arc<Dispatch>,
    pub(crate) config: GatewayConfig,
    pub(crate) presence: Arc<Presence>,
    pub(crate) headers: Headers,
    /// The UI's files and the pages of the API.
    pub(crate) assets: Assets,
    pub(crate) openapi: Bytes,
    /// By which a client knows the protocol's version.
    pub(crate) protocol_hash: String,
    /// The names of all events, as JSON.
    pub(crate) event_names: String,
    pub(crate) unauthenticated: Arc<Budget>,
    pub(crate) counters: Counters,
    pub(crate) started: Instant,
    /// A key that nobody has: asking for it tells whether the store answers.
    pub(crate) probe: Secret,
    /// Turns true when the server is to stop.
    pub(crate) stopping: watch::Receiver<bool>,
    /// The tasks of connections, for which the server waits when it stops.
    pub(crate) tasks: TaskTracker,
}

/// What the metrics page shows of this crate.
#[derive(Debug, Default)]
pub(crate) struct Counters {
    pub(crate) sockets: AtomicU64,
    pub(crate) requests: AtomicU64,
    pub(crate) refused: AtomicU64,
}

impl Front {
    pub(crate) fn new(gateway: Gateway, stopping: watch::Receiver<bool>) -> Result<Self> {
        let Gateway { dispatch, events, config } = gateway;
        let surroundings = dispatch.store.surroundings();
        let presence = surroundings.service::<Presence>()?;
        let probe = token::mint("pmos_live_probe_", &*surroundings.rng);
        let described = protocol::describe(dispatch.methods(), &events);
        let names: Vec<&str> = events.iter().map(|event| event.name).collect();
        Ok(Self {
            presence,
            probe,
            headers: Headers::new(config.public_origin.as_deref()),
            assets: Assets::load(&config.ui, &described, &config.version)?,
            openapi: protocol::openapi(&described, &config.version).to_string().into(),
            protocol_hash: described["hash"].as_str().unwrap_or_default().to_owned(),
            event_names: serde_json::to_string(&names).map_err(Error::internal)?,
            unauthenticated: Arc::default(),
            counters: Counters::default(),
            started: Instant::now(),
            stopping,
            tasks: TaskTracker::new(),
            dispatch,
            config,
        })
    }

    /// Call a method. A handler that panics fails this call and nothing else.
    pub(crate) async fn call(&self, peer: &Peer, method: &str, params: Option<&str>) -> Result<Answer> {
        self.counters.requests.fetch_add(1, Ordering::Relaxed);
        let called = AssertUnwindSafe(self.dispatch.call(peer, method, params)).catch_unwind();
        called.await.unwrap_or_else(|_| {
            tracing::error!(method, "a handler panicked");
            Err(Error::internal("a handler panicked"))
        })
    }

    pub(crate) fn now(&self) -> Millis {
        self.dispatch.store.surroundings().clock.now()
    }

    pub(crate) fn rng(&self) -> &dyn Rng {
        &*self.dispatch.store.surroundings().rng
    }

    /// A UUID of version 4, for nonces and the names of connections.
    pub(crate) fn uuid(&self) -> String {
        // The kit makes one kind of UUID: the one by which a workspace is named.
        WorkspaceId::new(self.rng()).to_string()
    }
}

/// Wait until the server is to stop.
pub(crate) async fn told_to_stop(stopping: &mut watch::Receiver<bool>) {
    // It fails only when the server is gone altogether, which is as good.
    drop(stopping.wait_for(|stopping| *stopping).await);
}
