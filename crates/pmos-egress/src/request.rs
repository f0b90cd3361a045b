//! What is sent.

use crate::Trust;
use bytes::Bytes;
use reqwest::Method;
use reqwest::header::HeaderMap;
use std::time::Duration;

/// An outgoing request.
#[derive(Debug, Clone)]
pub struct Request {
    /// The method.
    pub method: Method,
    /// Where to; `http` or `https`.
    pub url: String,
    /// The headers. Those that belong to the connection (`Host`, `Content-Length`, `Connection` and their like) are dropped.
    pub headers: HeaderMap,
    /// The body; empty for none.
    pub body: Bytes,
    /// How long to wait.
    pub timeouts: Timeouts,
    /// How many bytes of body the answer may have.
    pub max_bytes: u64,
    /// How many redirects are followed; beyond, the request fails. 0 gives the redirect itself as the answer.
    pub redirects: u8,
    /// Who chose the URL. Another origin behind a redirect was chosen by [`Trust::Tenant`].
    pub trust: Trust,
}

impl Request {
    /// The most redirects that are followed (security.md, 3).
    pub const MAX_REDIRECTS: u8 = 5;

    /// A request with the limits of security.md: 30 s, 10 MiB, five redirects, a tenant's rights.
    pub fn new(method: Method, url: impl Into<String>) -> Self {
        Self {
            method,
            url: url.into(),
            headers: HeaderMap::new(),
            body: Bytes::new(),
            timeouts: Timeouts::default(),
            max_bytes: 10 * 1024 * 1024,
            redirects: Self::MAX_REDIRECTS,
            trust: Trust::Tenant,
        }
    }
}

/// How long a request waits. Connecting has its own 10 s.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timeouts {
    /// For the head of the answer, from sending on; each redirect anew.
    pub first_byte: Duration,
    /// For each further piece of the body.
    pub idle: Duration,
    /// For everything together.
    pub total: Duration,
}

impl Default for Timeouts {
    /// 30 s for everything (security.md, 3).
    fn default() -> Self {
        let all = Duration::from_secs(30);
        Self { first_byte: all, idle: all, total: all }
    }
}
