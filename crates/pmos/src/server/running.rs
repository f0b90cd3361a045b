//! A server that runs.

use super::{House, Outside, VERSION, background, ui};
use crate::config::Config;
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use pmos_gateway::{Gateway, GatewayConfig};
use pmos_kit::{Error, Result, Secret};
use pmos_platform::accounts;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;

/// How long runs have to write down how far they came. The gateway's connections have as long, at the same time.
const RUNS_WITHIN: Duration = Duration::from_secs(20);

/// A server whose port is bound.
pub struct Server {
    house: Arc<House>,
    listener: TcpListener,
    address: SocketAddr,
    gateway: GatewayConfig,
    bootstrap: Option<Secret>,
}

impl Server {
    /// Bind the port, open the house, and make ready. Nobody is answered yet.
    ///
    /// # Errors
    /// `UNAVAILABLE` if the port is taken; as [`House::open`].
    pub async fn start(config: &Config, outside: Outside) -> Result<Self> {
        // The port first: a second server must not touch the data of the first.
        let listener = bind(config.server.listen).await?;
        let address = listener.local_addr().map_err(Error::internal)?;
        let house = House::open(config, outside).await?;
        house.runs.recover().await?;
        let bootstrap = accounts::ensure_bootstrap(house.store()).await?;
        Ok(Self { house: Arc::new(house), listener, address, gateway: gateway(config), bootstrap })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// What it wires.
    pub fn house(&self) -> &Arc<House> {
        &self.house
    }

    /// The page to open. As long as there is no account, its fragment holds what the first one needs: a fragment is
    /// never sent, so it stands in no log on the way.
    pub fn page(&self) -> String {
        let here = || format!("http://{}", self.address);
        let origin = self.gateway.public_origin.clone().unwrap_or_else(here);
        match &self.bootstrap {
            Some(token) => format!("{origin}/#bootstrap={}", token.expose()),
            None => format!("{origin}/"),
        }
    }

    /// Is the first account still to be made?
    pub fn is_first_start(&self) -> bool {
        self.bootstrap.is_some()
    }

    /// Serve until `shutdown`; then stop the runs, tell the clients, and write down what is left.
    ///
    /// # Errors
    /// As [`pmos_gateway::serve`].
    pub fn run(self, shutdown: impl Future<Output = ()> + Send + 'static) -> BoxFuture<'static, Result<()>> {
        self.serve(shutdown.boxed()).boxed()
    }

    // Takes no type of its caller's, so that it is compiled once, here.
    async fn serve(self, shutdown: BoxFuture<'static, ()>) -> Result<()> {
        let Self { house, listener, gateway, .. } = self;
        let mut work = background::start(&house);
        let gateway = Gateway { dispatch: house.dispatch.clone(), events: super::events(), config: gateway };
        let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
        let runs = house.runs.clone();
        let stopping = async move {
            shutdown.await;
            drop(stop);
        };
        let drained = async {
            // An error means that the sender is gone, which is the signal.
            drop(stopped.await);
            runs.drain(RUNS_WITHIN).await;
        };
        let (served, ()) = tokio::join!(pmos_gateway::serve(gateway, listener, stopping), drained);
        work.shutdown().await;
        house.dispatch.flush_calls().await;
        served
    }
}

async fn bind(address: SocketAddr) -> Result<TcpListener> {
    TcpListener::bind(address).await.map_err(|cause| {
        Error::unavailable(format!(
            "{address} cannot be listened on: {cause}; stop what runs there, or choose another port with --listen"
        ))
    })
}

fn gateway(config: &Config) -> GatewayConfig {
    GatewayConfig {
        public_origin: config.server.public_origin.clone(),
        ui: ui(config),
        trusted_proxies: config.server.trusted_proxies.clone(),
        metrics_token: config.server.metrics_token.clone(),
        version: VERSION.to_owned(),
    }
}
