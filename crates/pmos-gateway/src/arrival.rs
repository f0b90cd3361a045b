//! From where a request comes, as far as it can be believed.
//!
//! The address is the one of the connection. What forwarding headers say counts only from a proxy that the operator
//! listed: anybody can send them, and a proxy on the same machine makes every caller look local.

use crate::{GatewayConfig, origin};
use axum::http::{HeaderMap, header};
use pmos_kit::Secret;
use pmos_rpc::Transport;
use std::net::{IpAddr, SocketAddr};

const FORWARDING: [&str; 4] = ["forwarded", "x-forwarded-for", "x-real-ip", "x-forwarded-host"];
const LONGEST_USER_AGENT: usize = 256;

/// The other end of the connection, as an extension of each request.
#[derive(Debug, Clone, Copy)]
pub(crate) struct PeerAddress(pub(crate) SocketAddr);

/// From where a request comes.
#[derive(Debug, Clone)]
pub(crate) struct Arrival {
    /// The caller's address.
    pub(crate) ip: IpAddr,
    /// Directly over loopback, with nothing in between.
    pub(crate) is_loopback: bool,
    /// The browser's side of it is TLS.
    pub(crate) is_secure: bool,
    /// It names another caller than the connection does, and whoever sent it is not a listed proxy.
    pub(crate) is_misattributed: bool,
    user_agent: Option<String>,
}

impl Arrival {
    /// Judge a request from this address.
    pub(crate) fn of(headers: &HeaderMap, peer: PeerAddress, config: &GatewayConfig) -> Self {
        let peer = peer.0.ip().to_canonical();
        let is_proxy = config.trusted_proxies.contains(&peer);
        let is_forwarded = FORWARDING.iter().any(|name| headers.contains_key(*name));
        Self {
            ip: if is_proxy { forwarded_for(headers, config).unwrap_or(peer) } else { peer },
            is_loopback: peer.is_loopback() && !is_forwarded,
            is_secure: (is_proxy && is_forwarded_https(headers)) || is_public_https(headers, config),
            is_misattributed: is_forwarded && !is_proxy && !config.trusted_proxies.is_empty(),
            user_agent: user_agent(headers),
        }
    }

    /// The same, for the pipeline.
    pub(crate) fn transport(&self, login_token: Option<Secret>) -> Transport {
        Transport {
            ip: Some(self.ip.to_string()),
            user_agent: self.user_agent.clone(),
            is_loopback: self.is_loopback,
            login_token,
        }
    }
}

/// The last address of the chain that is no proxy of ours: what stands before it was written by the caller.
fn forwarded_for(headers: &HeaderMap, config: &GatewayConfig) -> Option<IpAddr> {
    let chain = headers.get_all("x-forwarded-for").iter().rev();
    let addresses = chain.flat_map(|value| value.to_str().unwrap_or_default().rsplit(','));
    let parsed = addresses.map(|text| text.trim().parse::<IpAddr>().map(|ip| ip.to_canonical()));
    parsed.map_while(Result::ok).find(|ip| !config.trusted_proxies.contains(ip))
}

fn is_forwarded_https(headers: &HeaderMap) -> bool {
    headers
        .get_all("x-forwarded-proto")
        .iter()
        .next_back()
        .is_some_and(|value| value.as_bytes().eq_ignore_ascii_case(b"https"))
}

fn is_public_https(headers: &HeaderMap, config: &GatewayConfig) -> bool {
    let public = config.public_origin.as_deref().filter(|origin| origin.starts_with("https://"));
    public.zip(origin::host(headers)).is_some_and(|(public, host)| origin::is_public(host, public))
}

fn user_agent(headers: &HeaderMap) -> Option<String> {
    let text = headers.get(header::USER_AGENT)?.to_str().ok()?;
    Some(text.chars().take(LONGEST_USER_AGENT).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn arrival(pairs: &[(&'static str, &'static str)], peer: &str, config: &GatewayConfig) -> Arrival {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.append(*name, value.parse().unwrap());
        }
        Arrival::of(&headers, PeerAddress(SocketAddr::new(peer.parse().unwrap(), 1)), config)
    }

    #[test]
    fn a_stranger_cannot_forward() {
        let config = GatewayConfig::new("1");
        let told = arrival(&[("x-forwarded-for", "127.0.0.1"), ("x-forwarded-proto", "https")], "192.0.2.1", &config);
        assert_eq!(told.ip, "192.0.2.1".parse::<IpAddr>().unwrap());
        assert!(!told.is_secure && !told.is_loopback && !told.is_misattributed);
        assert!(!arrival(&[("x-forwarded-for", "192.0.2.9")], "127.0.0.1", &config).is_loopback);
        assert!(arrival(&[], "::ffff:127.0.0.1", &config).is_loopback);
    }

    #[test]
    fn a_listed_proxy_tells_the_last_address_that_is_not_a_proxy() {
        let proxy = "10.0.0.1".parse().unwrap();
        let config = GatewayConfig { trusted_proxies: vec![proxy], ..GatewayConfig::new("1") };
        let chain = [("x-forwarded-for", "1.1.1.1, 192.0.2.7, 10.0.0.1"), ("x-forwarded-proto", "https")];
        let told = arrival(&chain, "10.0.0.1", &config);
        assert_eq!(told.ip, "192.0.2.7".parse::<IpAddr>().unwrap());
        assert!(told.is_secure && !told.is_misattributed);
        assert!(arrival(&chain, "10.0.0.2", &config).is_misattributed);
    }

    #[test]
    fn behind_tls_is_who_asks_for_the_public_host() {
        let config = GatewayConfig { public_origin: Some("https://pmos.example".into()), ..GatewayConfig::new("1") };
        assert!(arrival(&[("host", "pmos.example")], "127.0.0.1", &config).is_secure);
        assert!(!arrival(&[("host", "127.0.0.1:7667")], "127.0.0.1", &config).is_secure);
    }
}
