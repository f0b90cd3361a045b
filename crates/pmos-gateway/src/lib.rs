//! Floor 6: what the outside world connects to, and the only crate that knows axum.
//!
//! - [`socket`]: the OpenClaw gateway protocol over WebSockets, one task and one loop a connection.
//! - [`http`]: `POST /api/v1/call/{method}`, the API pages, health, metrics, and the UI's files.
//! - [`presence`]: who of a workspace is connected.
//!
//! Whatever comes in enters [`Dispatch`] with a [`Peer`](pmos_platform::dispatch::Peer). Nothing here decides what a
//! caller may do; it decides who a caller is allowed to say that they are: origins, cookies, proxies, device proofs.

mod arrival;
mod budget;
mod cookie;
mod front;
#[cfg(fuzzing)]
pub mod fuzzing;
mod headers;
mod http;
mod origin;
mod presence;
mod serve;
mod socket;

pub use presence::Presence;
pub use serve::serve;

use pmos_kit::Secret;
use pmos_platform::Dispatch;
use pmos_rpc::Method;
use pmos_rpc::protocol::EventRow;
use std::net::IpAddr;
use std::path::PathBuf;
use std::sync::Arc;

/// What [`serve`] serves.
pub struct Gateway {
    /// The pipeline. Its store must hold the service [`Presence`].
    pub dispatch: Arc<Dispatch>,
    /// The events of all domains, [`events`] of this crate included.
    pub events: Vec<EventRow>,
    /// How.
    pub config: GatewayConfig,
}

/// How the gateway meets the world.
#[derive(Debug, Clone)]
pub struct GatewayConfig {
    /// Under which origin browsers reach it from outside, such as `https://pmos.example.org`.
    pub public_origin: Option<String>,
    /// Where the UI's files are.
    pub ui: Ui,
    /// The addresses of reverse proxies whose forwarding headers are believed.
    pub trusted_proxies: Vec<IpAddr>,
    /// Who shows it reads the metrics. Without it only direct calls over loopback do.
    pub metrics_token: Option<Secret>,
    /// The version of the server, as clients see it.
    pub version: String,
}

/// Where the UI's files are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ui {
    /// Nowhere: a page says so.
    None,
    /// In this directory, read once at start.
    Dir(PathBuf),
    /// In the program, if it was built with the feature `embed-ui`.
    Embedded,
}

impl GatewayConfig {
    /// On loopback, without a UI.
    pub fn new(version: impl Into<String>) -> Self {
        Self {
            public_origin: None,
            ui: Ui::None,
            trusted_proxies: Vec::new(),
            metrics_token: None,
            version: version.into(),
        }
    }
}

/// The methods of this crate.
pub fn methods() -> Vec<Method> {
    presence::methods()
}

/// The events of this crate.
pub fn events() -> Vec<EventRow> {
    let mut events = socket::events();
    events.extend(presence::events());
    events
}
