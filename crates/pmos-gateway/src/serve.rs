//! Accepting connections, and letting go of them when the server stops.

use crate::Gateway;
use crate::arrival::{Arrival, PeerAddress};
use crate::front::{Front, told_to_stop};
use crate::http;
use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode};
use axum::response::Response;
use futures_util::FutureExt;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::{Service, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use pmos_kit::{Error, Result};
use std::convert::Infallible;
use std::net::SocketAddr;
use std::panic::AssertUnwindSafe;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

/// Who sends a request's head slower than this is cut off; so is a connection that stays unused for so long.
const HEAD_WITHIN: Duration = Duration::from_secs(10);
/// A request's head, cookies included.
const HEAD_BYTES: usize = 32 * 1024;
/// How long connections have to come to their end when the server stops.
const DRAIN_WITHIN: Duration = Duration::from_secs(25);
/// Out of file descriptors: some are closed soon.
const ACCEPT_AGAIN: Duration = Duration::from_millis(100);

/// Serve until `shutdown`; then accept no more, tell every client, and wait for them at most 25 seconds.
///
/// # Errors
/// `INTERNAL` if the service [`Presence`](crate::Presence) was not wired; `INVALID_REQUEST` if the configured UI cannot be
/// read or the public origin is none.
pub async fn serve(gateway: Gateway, listener: TcpListener, shutdown: impl Future<Output = ()> + Send) -> Result<()> {
    check_origin(gateway.config.public_origin.as_deref())?;
    let (stop, stopping) = watch::channel(false);
    let front = Arc::new(Front::new(gateway, stopping)?);
    let router = http::router(front.clone());
    let mut shutdown = pin!(shutdown);
    loop {
        tokio::select! {
            () = &mut shutdown => break,
            accepted = listener.accept() => match accepted {
                Ok((stream, address)) => drop(front.tasks.spawn(connection(front.clone(), router.clone(), stream, address))),
                Err(error) => {
                    tracing::warn!(%error, "a connection could not be accepted");
                    tokio::time::sleep(ACCEPT_AGAIN).await;
                }
            },
        }
    }
    drop(listener);
    stop.send_replace(true);
    front.tasks.close();
    if tokio::time::timeout(DRAIN_WITHIN, front.tasks.wait()).await.is_err() {
        tracing::warn!(connections = front.tasks.len(), "connections did not end in time and are cut off");
    }
    Ok(())
}

fn check_origin(origin: Option<&str>) -> Result<()> {
    let is_origin = |origin: &str| {
        let host = origin.strip_prefix("https://").or_else(|| origin.strip_prefix("http://"));
        host.is_some_and(|host| {
            !host.is_empty() && host.bytes().all(|byte| byte.is_ascii_graphic() && !b"/?#@;,'\"".contains(&byte))
        })
    };
    match origin {
        Some(origin) if !is_origin(origin) => {
            Err(Error::invalid(format!("the public origin {origin:?} is none: write it like https://pmos.example.org")))
        }
        _ => Ok(()),
    }
}

/// Serve one connection: its requests, until it ends or becomes a socket, which then has a task of its own.
async fn connection(front: Arc<Front>, router: Router, stream: TcpStream, address: SocketAddr) {
    // Frames are small and whole when they are written: waiting to join them would only delay them.
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "a connection ended before it began");
        return;
    }
    let mut stopping = front.stopping.clone();
    let router = TowerToHyperService::new(router);
    let service = service_fn(|request| answer(&front, &router, PeerAddress(address), request));
    let mut builder = http1::Builder::new();
    builder.timer(TokioTimer::new()).header_read_timeout(HEAD_WITHIN).max_buf_size(HEAD_BYTES);
    let mut serving = pin!(builder.serve_connection(TokioIo::new(stream), service).with_upgrades());
    let ended = tokio::select! {
        ended = &mut serving => ended,
        () = told_to_stop(&mut stopping) => {
            serving.as_mut().graceful_shutdown();
            serving.await
        }
    };
    if let Err(error) = ended {
        tracing::debug!(%error, "a connection ended early");
    }
}

/// Answer one request. The headers of every answer are put here, behind all routes.
async fn answer(
    front: &Front,
    router: &TowerToHyperService<Router>,
    peer: PeerAddress,
    request: Request<Incoming>,
) -> Result<Response, Infallible> {
    let arrival = Arrival::of(request.headers(), peer, &front.config);
    let is_secure = arrival.is_secure;
    let mut request = request.map(Body::new);
    request.extensions_mut().insert(arrival);
    let answered = AssertUnwindSafe(router.call(request)).catch_unwind().await;
    let mut response = match answered {
        Ok(answered) => answered.unwrap_or_else(|never| match never {}),
        Err(_) => {
            tracing::error!("a route panicked");
            http::problem(&Error::internal("a route panicked"))
        }
    };
    if response.status() != StatusCode::SWITCHING_PROTOCOLS {
        front.headers.put(&mut response, is_secure);
    }
    Ok(response)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_public_origin_is_scheme_and_host() {
        assert!(check_origin(None).is_ok() && check_origin(Some("https://pmos.example:8443")).is_ok());
        for bad in ["pmos.example", "https://", "https://pmos.example/", "https://a b", "https://a;b", "ftp://a"] {
            assert!(check_origin(Some(bad)).is_err(), "{bad}");
        }
    }
}
