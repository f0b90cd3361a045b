//! The client: two connection pools, and the redirects between them.

use crate::names::{self, Lookup, Names};
use crate::policy::Route;
use crate::{Failure, Fault, Policy, Request, Response, Trust, is_global, target};
use pmos_kit::{Error, Result};
use reqwest::header::{self, HeaderMap, HeaderName};
use reqwest::{Client, Method, StatusCode, Url};
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::{Instant, timeout_at};

pub(crate) const CONNECT: Duration = Duration::from_secs(10);
const IDLE_CONNECTION: Duration = Duration::from_secs(90);
const IDLE_CONNECTIONS_PER_HOST: usize = 32;

/// The one client for outgoing requests. Cheap to clone; all clones share their connections.
#[derive(Clone)]
pub struct Egress(pub(crate) Arc<Inner>);

pub(crate) struct Inner {
    pub(crate) policy: Policy,
    pub(crate) judge: fn(IpAddr) -> bool,
    // A pooled connection is as good as the check behind it, so what was checked and what was exempt never mix.
    public: Client,
    listed: Client,
    /// For connections that carry no HTTP.
    pub(crate) public_names: Names,
    pub(crate) listed_names: Names,
    pub(crate) tls: Arc<rustls::ClientConfig>,
}

impl Egress {
    /// The client of this process, under the operator's policy.
    ///
    /// # Errors
    /// `INTERNAL` if TLS cannot be set up. A machine without CA certificates is no error: plain HTTP works there.
    pub fn new(policy: Policy) -> Result<Self> {
        Self::with(policy, names::system(), is_global)
    }

    pub(crate) fn with(policy: Policy, lookup: Lookup, judge: fn(IpAddr) -> bool) -> Result<Self> {
        let tls = tls()?;
        let own = policy.own_addresses().into();
        let public_names = Names { lookup: lookup.clone(), judge, own };
        let listed_names = Names { lookup, judge: |_| true, own: Arc::default() };
        let public = client(tls.clone(), public_names.clone())?;
        let listed = client(tls.clone(), listed_names.clone())?;
        let tls = Arc::new(tls);
        Ok(Self(Arc::new(Inner { policy, judge, public, listed, public_names, listed_names, tls })))
    }

    /// Send a request and wait for the head of its answer. An answer of any status is an answer.
    ///
    /// # Errors
    /// [`Failure`]: what the policy refuses, what cannot be reached, and what takes too long.
    pub async fn send(&self, request: Request) -> Result<Response, Failure> {
        let Request { method, url, headers, body, timeouts, max_bytes, redirects, trust } = request;
        let deadline = Instant::now() + timeouts.total;
        let mut hop = reqwest::Request::new(method, target::parse(&url)?);
        *hop.headers_mut() = without_connection_headers(headers);
        if !body.is_empty() {
            *hop.body_mut() = Some(body.into());
        }
        let mut trust = trust;
        for _ in 0..=redirects.min(Request::MAX_REDIRECTS) {
            let next = if redirects > 0 { hop.try_clone() } else { None };
            let from = hop.url().origin();
            let response = self.hop(hop, trust, deadline.min(Instant::now() + timeouts.first_byte)).await?;
            let (Some(next), Some(to)) = (next, location(&response)) else {
                return Response::new(response, timeouts.idle, deadline, max_bytes);
            };
            hop = redirected(next, response.status(), to?);
            if hop.url().origin() != from {
                // Where it goes from here was chosen by the server that answered, not by whom it was asked.
                trust = Trust::Tenant;
            }
        }
        Err(Failure::new(Fault::Redirects, Error::unavailable("the request was redirected too often")))
    }

    async fn hop(&self, request: reqwest::Request, trust: Trust, until: Instant) -> Result<reqwest::Response, Failure> {
        let inner = &*self.0;
        let url = request.url().clone();
        let route = inner.policy.route(&url, trust, inner.judge)?;
        let client = match route {
            Route::Public => &inner.public,
            Route::Listed => &inner.listed,
        };
        match timeout_at(until, client.execute(request)).await {
            Err(_) => Err(Failure::timeout(url.host_str().unwrap_or_default(), "answer")),
            Ok(sent) => sent.map_err(|error| Failure::of_send(&url, route, error)),
        }
    }
}

impl std::fmt::Debug for Egress {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Egress").field("policy", &self.0.policy).finish_non_exhaustive()
    }
}

/// Built by hand and shared by both pools: reqwest would read the machine's certificates for each, and would want a
/// provider installed for the whole process.
fn tls() -> Result<rustls::ClientConfig> {
    let mut roots = rustls::RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(Error::internal)?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(config)
}

#[expect(clippy::disallowed_methods, reason = "this is the egress client that all others are sent to")]
fn client(tls: rustls::ClientConfig, names: Names) -> Result<Client> {
    Client::builder()
        .tls_backend_preconfigured(tls)
        .dns_resolver(names)
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .referer(false)
        .connect_timeout(CONNECT)
        .pool_idle_timeout(IDLE_CONNECTION)
        .pool_max_idle_per_host(IDLE_CONNECTIONS_PER_HOST)
        .user_agent(concat!("pmos/", env!("CARGO_PKG_VERSION")))
        .build()
        .map_err(Error::internal)
}

/// Headers that the connection sets itself; set from outside they smuggle requests or name another host than was checked.
fn without_connection_headers(mut headers: HeaderMap) -> HeaderMap {
    const OURS: [HeaderName; 9] = [
        header::HOST,
        header::CONTENT_LENGTH,
        header::TRANSFER_ENCODING,
        header::CONNECTION,
        header::UPGRADE,
        header::TE,
        header::TRAILER,
        header::EXPECT,
        header::PROXY_AUTHORIZATION,
    ];
    for name in OURS {
        headers.remove(name);
    }
    headers
}

/// Where an answer sends us, if it does.
fn location(response: &reqwest::Response) -> Option<Result<Url, Failure>> {
    if !matches!(response.status().as_u16(), 301 | 302 | 303 | 307 | 308) {
        return None;
    }
    let to = response.headers().get(header::LOCATION)?;
    let bad = || Failure::new(Fault::Broken, Error::unavailable("the server redirects to something that is no URL"));
    let joined = to.to_str().ok().and_then(|to| response.url().join(to).ok());
    Some(joined.ok_or_else(bad).and_then(|url| Ok(target::parse(url.as_str())?)))
}

/// The request that follows a redirect (RFC 9110, 15.4).
fn redirected(mut request: reqwest::Request, status: StatusCode, to: Url) -> reqwest::Request {
    let becomes_get = match status {
        StatusCode::SEE_OTHER => *request.method() != Method::HEAD,
        StatusCode::MOVED_PERMANENTLY | StatusCode::FOUND => *request.method() == Method::POST,
        _ => false,
    };
    if becomes_get {
        *request.method_mut() = Method::GET;
        *request.body_mut() = None;
        request.headers_mut().remove(header::CONTENT_TYPE);
    }
    if request.url().origin() != to.origin() {
        keep_harmless_headers(request.headers_mut());
    }
    *request.url_mut() = to;
    request
}

/// Which header is a credential is the caller's knowledge (`x-api-key`, `api-key`, `x-goog-api-key` …), so another origin
/// gets those alone that are none.
fn keep_harmless_headers(headers: &mut HeaderMap) {
    const HARMLESS: [HeaderName; 4] =
        [header::ACCEPT, header::ACCEPT_LANGUAGE, header::CONTENT_TYPE, header::USER_AGENT];
    let kept = HARMLESS.into_iter().filter_map(|name| headers.get(&name).map(|value| (name, value.clone()))).collect();
    *headers = kept;
}
