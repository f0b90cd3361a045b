//! Connections that carry no HTTP, such as those of mail: the same checks, then the bare stream.

use crate::client::CONNECT;
use crate::policy::{Route, refused};
use crate::{Egress, Failure, Fault, Trust, target};
use pmos_kit::Error;
use rustls::pki_types::ServerName;
use std::net::SocketAddr;
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;

/// A connection that nobody reads along.
pub type TlsStream = tokio_rustls::client::TlsStream<TcpStream>;

impl Egress {
    /// Connect to a host. `ports` are those that a tenant may reach on public hosts; what the operator listed is exempt, as
    /// with requests.
    ///
    /// # Errors
    /// [`Failure`]: what the policy refuses, and what cannot be reached within ten seconds.
    pub async fn connect(&self, host: &str, port: u16, ports: &[u16], trust: Trust) -> Result<TcpStream, Failure> {
        let inner = &*self.0;
        let host = if host.contains(':') && !host.starts_with('[') { format!("[{host}]") } else { host.to_owned() };
        // The parser of requests decides what a host is, so that one rule holds for both.
        let url = target::parse(&format!("http://{host}:{port}/"))?;
        let route = inner.policy.route_to(&url, ports, trust, inner.judge)?;
        let names = match route {
            Route::Public => &inner.public_names,
            Route::Listed => &inner.listed_names,
        };
        let unreachable = |cause: String| {
            let words = format!("no connection to {host}");
            Failure::new(Fault::Unreachable, Error::unavailable(words).with_cause(cause))
        };
        let connecting = async {
            let addresses = match target::ip(&url) {
                Some(address) => vec![SocketAddr::new(address, port)],
                None => match names.addresses(url.host_str().unwrap_or_default()).await {
                    Ok(addresses) => addresses,
                    Err(cause) if route == Route::Public => {
                        let refused: Error = refused(&url).into();
                        return Err(Failure::new(Fault::Refused, refused.with_cause(cause)));
                    }
                    Err(cause) => return Err(unreachable(cause.to_string())),
                },
            };
            let mut cause = String::new();
            for address in addresses {
                match TcpStream::connect(SocketAddr::new(address.ip(), port)).await {
                    Ok(stream) => return Ok(stream),
                    Err(error) => cause = error.to_string(),
                }
            }
            Err(unreachable(cause))
        };
        timeout(CONNECT, connecting).await.unwrap_or_else(|_| Err(Failure::timeout(&host, "answer")))
    }

    /// Make a connection one that nobody reads along, to the holder of a certificate for `host`.
    ///
    /// # Errors
    /// `Unreachable` if the certificate or the protocol is not accepted, `Timeout` after ten seconds.
    pub async fn secure(&self, host: &str, stream: TcpStream) -> Result<TlsStream, Failure> {
        let words = || {
            Error::unavailable(format!("no secure connection to {host}: its certificate or its TLS is not accepted"))
        };
        let name = ServerName::try_from(host.to_owned())
            .map_err(|error| Failure::new(Fault::Unreachable, words().with_cause(error)))?;
        let connector = TlsConnector::from(self.0.tls.clone());
        match timeout(CONNECT, connector.connect(name, stream)).await {
            Err(_) => Err(Failure::timeout(host, "answer")),
            Ok(secured) => secured.map_err(|error| Failure::new(Fault::Unreachable, words().with_cause(error))),
        }
    }
}
