//! Where a server is, and what is shown to it.

use crate::cli::Failure;
use crate::config::Env;
use clap::Args;
use pmos_egress::{HostPort, Url};
use pmos_kit::Secret;

const USUAL: &str = "http://127.0.0.1:7667";

/// Which server, and who calls.
#[derive(Debug, Args)]
pub(crate) struct Remote {
    /// The server [env: PMOS_URL] [default: http://127.0.0.1:7667].
    #[arg(long)]
    url: Option<String>,
    /// An API key of a workspace: make one in the UI under API keys, or with `pmos admin create-token` [env: PMOS_TOKEN].
    #[arg(long, hide_default_value = true)]
    token: Option<String>,
}

/// A server's address, with the token to show there.
#[derive(Debug)]
pub(crate) struct Address {
    base: Url,
    /// What is shown.
    pub(crate) token: Option<Secret>,
}

impl Address {
    /// The server that flags or environment name.
    pub(crate) fn of(remote: &Remote, env: &Env) -> Result<Self, Failure> {
        let url = remote.url.as_deref().or_else(|| env.get("PMOS_URL")).unwrap_or(USUAL);
        let token = remote.token.as_deref().or_else(|| env.get("PMOS_TOKEN"));
        Ok(Self { token: token.map(Secret::new), ..Self::parse(url)? })
    }

    /// The server at this URL, with nothing to show.
    pub(crate) fn parse(url: &str) -> Result<Self, Failure> {
        let bad = || Failure::usage(format!("{url:?} is no address of a server: write it like {USUAL}"));
        let written = url.replacen("ws", "http", usize::from(url.starts_with("ws")));
        let base = Url::parse(written.trim_end_matches('/')).map_err(|_| bad())?;
        match base.scheme() {
            "http" | "https" if base.has_host() => Ok(Self { base, token: None }),
            _ => Err(bad()),
        }
    }

    /// The URL of a path there.
    pub(crate) fn http(&self, path: &str) -> String {
        format!("{}{path}", self.base.as_str().trim_end_matches('/'))
    }

    /// The URL of the socket.
    pub(crate) fn socket(&self) -> String {
        self.http("/").replacen("http", "ws", 1)
    }

    /// Its host and port: a server of one's own may be on a private address.
    pub(crate) fn host_port(&self) -> Result<HostPort, Failure> {
        let host = self.base.host_str().unwrap_or_default();
        Ok(format!("{host}:{}", self.base.port_or_known_default().unwrap_or(80)).parse()?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_address_serves_http_and_socket() {
        let address = Address::parse("https://pmos.example.com/").unwrap();
        assert_eq!(address.http("/api/v1/call/health"), "https://pmos.example.com/api/v1/call/health");
        assert_eq!(address.socket(), "wss://pmos.example.com/");
        assert_eq!(Address::parse("ws://127.0.0.1:7667").unwrap().socket(), "ws://127.0.0.1:7667/");
        assert!(Address::parse("localhost:7667").is_err() && Address::parse("").is_err());
    }
}
