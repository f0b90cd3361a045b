//! Names become addresses here, and are judged here, at the moment of connecting: no second look-up lies between the
//! check and the connection, so a name server that answers differently the second time (rebinding) gains nothing.

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use std::fmt;
use std::future::Future;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::sync::Arc;

/// How a name is looked up. Tests bring their own name server.
pub(crate) type Lookup = Arc<dyn Fn(String) -> Found + Send + Sync>;
/// What a look-up gives; the port is 0 and replaced by the request's.
pub(crate) type Found = Pin<Box<dyn Future<Output = io::Result<Vec<SocketAddr>>> + Send>>;

/// The machine's own resolver.
pub(crate) fn system() -> Lookup {
    Arc::new(|name| Box::pin(async move { Ok(tokio::net::lookup_host((name, 0)).await?.collect()) }))
}

/// Resolves names for one of the two pools.
#[derive(Clone)]
pub(crate) struct Names {
    pub(crate) lookup: Lookup,
    /// Each address of a name must pass; [`crate::is_global`], or everything for listed hosts.
    pub(crate) judge: fn(IpAddr) -> bool,
    /// Addresses of this server itself.
    pub(crate) own: Arc<[IpAddr]>,
}

impl Names {
    /// The addresses of a name, each of which has passed.
    pub(crate) async fn addresses(&self, name: &str) -> Result<Vec<SocketAddr>, NoAddress> {
        let found = (self.lookup)(name.to_owned()).await.map_err(|error| NoAddress::NotFound(error.kind()))?;
        // One bad address spoils the name: else which one is taken would be the attacker's to time.
        let is_bad = |at: &SocketAddr| !(self.judge)(at.ip()) || self.own.contains(&at.ip());
        if found.is_empty() || found.iter().any(is_bad) {
            return Err(NoAddress::NotPublic);
        }
        Ok(found)
    }
}

impl Resolve for Names {
    fn resolve(&self, name: Name) -> Resolving {
        let names = self.clone();
        Box::pin(async move { Ok(Box::new(names.addresses(name.as_str()).await?.into_iter()) as Addrs) })
    }
}

/// Why a name gave no address to connect to. Holds no address, for it ends up in the cause of an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NoAddress {
    NotFound(io::ErrorKind),
    NotPublic,
}

impl fmt::Display for NoAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotFound(kind) => write!(f, "the name was not found: {kind}"),
            Self::NotPublic => f.write_str("the name has an address that is not public"),
        }
    }
}

impl std::error::Error for NoAddress {}
