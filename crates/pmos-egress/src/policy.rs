//! Who may reach what.

use crate::{Failure, Fault, target};
use pmos_kit::{Error, Result};
use reqwest::Url;
use std::net::IpAddr;
use std::str::FromStr;

/// Who chose the URL of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trust {
    /// Whoever runs the server: their listed hosts may be private, and any port of a public one will do.
    Operator,
    /// A workspace, a model, or a remote server: public addresses on ports 80 and 443, and what the operator listed for them.
    Tenant,
}

/// What the operator lists. Empty lists are the safe default.
#[derive(Debug, Clone, Default)]
pub struct Policy {
    /// What [`Trust::Operator`] may reach though it is private, such as an Ollama on loopback.
    pub operator_hosts: Vec<HostPort>,
    /// What anybody may reach though it is private or on another port: on-premise services for all workspaces.
    pub tenant_hosts: Vec<HostPort>,
    /// Names and addresses of this server itself: never reached unless listed above.
    pub own_hosts: Vec<String>,
}

/// An exact host and port, such as `127.0.0.1:11434`, `[::1]:11434` or `llm.corp.example:8000`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HostPort {
    host: String,
    port: u16,
}

impl FromStr for HostPort {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let bad = || Error::invalid(format!("{text:?} is no host and port: write it like 127.0.0.1:11434"));
        let (_, port) = text.rsplit_once(':').ok_or_else(bad)?;
        let port = port.parse().map_err(|_| bad())?;
        // The parser of the requests decides how a host is written, so that the two compare equal.
        let url = target::parse(&format!("http://{text}")).map_err(|_| bad())?;
        match url.host_str() {
            // A URL may hold a star; here it would look like a wildcard and be none.
            Some(host)
                if !host.contains('*') && url.path() == "/" && url.query().is_none() && url.fragment().is_none() =>
            {
                Ok(Self { host: host.to_owned(), port })
            }
            _ => Err(bad()),
        }
    }
}

/// Which of the two connection pools a request takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Route {
    /// Each address is checked when connecting.
    Public,
    /// The operator listed this host and port.
    Listed,
}

impl Policy {
    /// May `trust` reach this URL, as far as it can be told before a name is resolved? `judge` is [`crate::is_global`].
    pub(crate) fn route(&self, url: &Url, trust: Trust, judge: fn(IpAddr) -> bool) -> Result<Route, Failure> {
        self.route_to(url, &[80, 443], trust, judge)
    }

    /// The same, where a tenant may reach other ports of public hosts.
    pub(crate) fn route_to(
        &self,
        url: &Url,
        ports: &[u16],
        trust: Trust,
        judge: fn(IpAddr) -> bool,
    ) -> Result<Route, Failure> {
        let host = url.host_str().unwrap_or_default();
        let port = url.port_or_known_default().unwrap_or_default();
        if self.lists(host, port, trust) {
            return Ok(Route::Listed);
        }
        let is_private = match target::ip(url) {
            Some(address) => !judge(address),
            None => is_loopback_name(host),
        };
        if is_private || self.is_own(host) {
            return Err(refused(url));
        }
        if trust == Trust::Tenant && !ports.contains(&port) {
            let ports: Vec<String> = ports.iter().map(u16::to_string).collect();
            let words = format!(
                "requests to port {port} are not allowed: only {} and what the operator lists",
                ports.join(", ")
            );
            return Err(Failure::new(Fault::Refused, Error::invalid_field("url", words)));
        }
        Ok(Route::Public)
    }

    /// The addresses among [`Policy::own_hosts`], which no other name may resolve to either.
    pub(crate) fn own_addresses(&self) -> Vec<IpAddr> {
        self.own_hosts.iter().filter_map(|host| host.trim_matches(['[', ']']).parse().ok()).collect()
    }

    fn lists(&self, host: &str, port: u16, trust: Trust) -> bool {
        let lists = |list: &[HostPort]| list.iter().any(|listed| listed.port == port && listed.host == host);
        lists(&self.tenant_hosts) || (trust == Trust::Operator && lists(&self.operator_hosts))
    }

    fn is_own(&self, host: &str) -> bool {
        let host = host.trim_end_matches('.');
        self.own_hosts.iter().any(|own| own.eq_ignore_ascii_case(host))
    }
}

// RFC 6761, 6.3: the name means loopback whatever a name server says.
fn is_loopback_name(host: &str) -> bool {
    let host = host.trim_end_matches('.');
    host == "localhost" || host.ends_with(".localhost")
}

/// The one answer for a private host, a name of a private host, and a name that does not exist: telling them apart
/// would let a tenant list the names of the network behind us.
pub(crate) fn refused(url: &Url) -> Failure {
    let host = url.host_str().unwrap_or_default();
    let words = format!("requests to {host} are not allowed: it is no host on the public internet");
    Failure::new(Fault::Refused, Error::invalid_field("url", words))
}
