//! What `fuzz/` reaches into. Compiled for it alone.

use crate::GatewayConfig;
use crate::arrival::{Arrival, PeerAddress};
use crate::{cookie, http, origin};
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

pub use crate::socket::fuzzing::{connect, socket};

/// The head of a request, a header a line: a stranger's address is the connection's, whatever the head says.
pub fn head(text: &str) {
    let mut headers = HeaderMap::new();
    for (name, value) in text.lines().filter_map(|line| line.split_once(": ")) {
        if let (Ok(name), Ok(value)) = (name.parse::<HeaderName>(), value.parse::<HeaderValue>()) {
            headers.append(name, value);
        }
    }
    let stranger = IpAddr::V4(Ipv4Addr::new(192, 0, 2, 1));
    let proxy = IpAddr::V4(Ipv4Addr::LOCALHOST);
    let public_origin = Some("https://pmos.example".to_owned());
    let config = GatewayConfig { trusted_proxies: vec![proxy], public_origin, ..GatewayConfig::new("0") };
    let from = |ip| Arrival::of(&headers, PeerAddress(SocketAddr::new(ip, 1)), &config);
    let arrival = from(stranger);
    assert!(arrival.ip == stranger && !arrival.is_loopback);
    drop((from(proxy), arrival.transport(None)));
    drop((cookie::token(&headers, true), cookie::token(&headers, false), http::bearer(&headers)));
    origin::of(&headers, config.public_origin.as_deref());
    if let Some(host) = origin::host(&headers) {
        assert!(!(origin::is_local(host) && origin::is_public(host, "https://pmos.example")));
    }
}
