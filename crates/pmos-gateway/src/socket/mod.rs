//! The OpenClaw gateway protocol over WebSockets (openclaw.md).
//!
//! An upgrade is judged before it is accepted (cookies, origin, proxies, budget); then [`handshake`] finds out who it is,
//! and [`connection`] is the one loop of the connection: requests, events, ticks, revocation, shutdown.

mod alarms;
mod answer;
mod connect;
mod connection;
mod device;
#[cfg(fuzzing)]
pub(crate) mod fuzzing;
mod handshake;
mod hello;
mod line;
mod listener;
mod refusal;
mod wire;

use crate::arrival::Arrival;
use crate::budget::Place;
use crate::cookie;
use crate::front::Front;
use crate::http::{bearer, problem, problem_as};
use crate::origin::{self, Origin};
use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Version, header};
use axum::response::Response;
use hyper::upgrade::OnUpgrade;
use hyper_util::rt::TokioIo;
use pmos_kit::{Error, Millis, Result, Secret, WorkspaceId};
use pmos_rpc::protocol::EventRow;
use schemars::JsonSchema;
use serde::Serialize;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use tokio::net::TcpStream;
use tungstenite::handshake::derive_accept_key;
use wire::Wire;

/// What is known of a client before it says a word.
struct Visit {
    arrival: Arrival,
    /// The workspace that the path names: a browser's way in.
    workspace: Option<WorkspaceId>,
    /// The key of an `Authorization` header.
    key: Option<Secret>,
    /// The token of a cookie, on a browser's way in and without a key.
    login: Option<Secret>,
    origin: Origin,
    /// Given back when the handshake is over.
    _place: Place,
}

/// The first thing a client hears.
#[derive(Debug, Serialize, JsonSchema)]
struct Challenge<'a> {
    /// To be signed by whoever proves to be a device.
    nonce: &'a str,
    ts: Millis,
}

/// That the line is alive.
#[derive(Debug, Serialize, JsonSchema)]
struct Tick {
    ts: Millis,
}

/// Why the server goes.
#[derive(Debug, Serialize, JsonSchema)]
struct Shutdown {
    reason: &'static str,
}

/// The events of every connection.
pub(crate) fn events() -> Vec<EventRow> {
    vec![
        EventRow::of::<Challenge<'_>>(
            "connect.challenge",
            "The first frame of a connection. The client answers with the request `connect`.",
        ),
        EventRow::of::<Tick>("tick", "The line is alive. Sent as often as the hello's `policy.tickIntervalMs` says."),
        EventRow::of::<Shutdown>("shutdown", "The server goes; close 1012 follows. Connect again."),
    ]
}

/// Does a request ask for a WebSocket?
pub(crate) fn is_upgrade(headers: &HeaderMap) -> bool {
    headers.get(header::UPGRADE).is_some_and(|value| value.as_bytes().eq_ignore_ascii_case(b"websocket"))
}

/// Accept an upgrade, or refuse it with words that the client shows to its user.
pub(crate) fn upgrade(front: &Arc<Front>, mut request: Request) -> Response {
    let accepted = accept_key(&request).and_then(|key| Ok((key, visit(front, &request)?)));
    let upgrade = request.extensions_mut().remove::<OnUpgrade>();
    match (accepted, upgrade) {
        (Ok((key, visit)), Some(upgrade)) => {
            drop(front.tasks.spawn(run(front.clone(), upgrade, Box::new(visit))));
            switching(key)
        }
        (Ok(_), None) => problem(&Error::invalid("this connection cannot become a WebSocket")),
        (Err(response), _) => {
            front.counters.refused.fetch_add(1, Ordering::Relaxed);
            *response
        }
    }
}

/// The answer to the client's key, if the request is an upgrade by the book (RFC 6455, 4.2.1).
fn accept_key(request: &Request) -> Result<HeaderValue, Box<Response>> {
    let headers = request.headers();
    let has = |name: HeaderName, word: &str| {
        let lines = headers.get_all(name).iter().filter_map(|line| line.to_str().ok());
        lines.flat_map(|line| line.split(',')).any(|item| item.trim().eq_ignore_ascii_case(word))
    };
    if !has(header::SEC_WEBSOCKET_VERSION, "13") {
        let mut response =
            problem_as(StatusCode::UPGRADE_REQUIRED, &Error::invalid("this server speaks version 13 of WebSocket"));
        response.headers_mut().insert(header::SEC_WEBSOCKET_VERSION, HeaderValue::from_static("13"));
        return Err(Box::new(response));
    }
    let is_upgrade =
        request.method() == Method::GET && request.version() == Version::HTTP_11 && has(header::CONNECTION, "upgrade");
    let key = headers.get(header::SEC_WEBSOCKET_KEY).filter(|key| is_upgrade && key.len() == 24);
    let accepted = key.and_then(|key| HeaderValue::try_from(derive_accept_key(key.as_bytes())).ok());
    accepted.ok_or_else(|| Box::new(problem(&Error::invalid("this is no WebSocket upgrade of HTTP/1.1"))))
}

fn visit(front: &Front, request: &Request) -> Result<Visit, Box<Response>> {
    let refuse = |status, error: Error| Box::new(problem_as(status, &error));
    let Some(arrival) = request.extensions().get::<Arrival>().cloned() else {
        return Err(Box::new(problem(&Error::internal("a request came in without an arrival"))));
    };
    if arrival.is_misattributed {
        let error = Error::forbidden("forwarding headers come from an address that is not among the trusted proxies");
        return Err(refuse(
            StatusCode::FORBIDDEN,
            error.with_details(serde_json::json!({ "type": "proxy_attribution_required" })),
        ));
    }
    let (headers, workspace) =
        (request.headers(), workspace_of(request.uri().path()).map_err(|error| Box::new(problem(&error)))?);
    let key = bearer(headers);
    let is_browsers_way = workspace.is_some() && !headers.contains_key(header::AUTHORIZATION);
    let login = if is_browsers_way { cookie::token(headers, arrival.is_secure) } else { None };
    let origin = origin::of(headers, front.config.public_origin.as_deref());
    if login.is_some() && origin != Origin::Same {
        return Err(refuse(
            StatusCode::FORBIDDEN,
            Error::forbidden("only pages of this server may connect with its cookie"),
        ));
    }
    let Some(place) = front.unauthenticated.take(arrival.ip) else {
        return Err(Box::new(problem(&Error::rate_limited(1_000))));
    };
    Ok(Visit { arrival, workspace, key, login, origin, _place: place })
}

/// `/w/{workspaceId}/socket` names a workspace; every other path is as good as `/`.
fn workspace_of(path: &str) -> Result<Option<WorkspaceId>> {
    match path.strip_prefix("/w/").and_then(|rest| rest.strip_suffix("/socket")) {
        Some(id) => id.parse().map(Some).map_err(|_| Error::not_found()),
        None => Ok(None),
    }
}

fn switching(accept: HeaderValue) -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::SWITCHING_PROTOCOLS;
    let headers = response.headers_mut();
    headers.insert(header::CONNECTION, HeaderValue::from_static("upgrade"));
    headers.insert(header::UPGRADE, HeaderValue::from_static("websocket"));
    headers.insert(header::SEC_WEBSOCKET_ACCEPT, accept);
    response
}

/// The task of a connection. Its parts are boxed while they last: what stays is the loop alone.
async fn run(front: Arc<Front>, upgrade: OnUpgrade, visit: Box<Visit>) {
    let Some(wire) = upgraded(upgrade).await else { return };
    if let Some(connection) = Box::pin(handshake::greet(front, wire, visit)).await {
        connection.run().await;
    }
}

async fn upgraded(upgrade: OnUpgrade) -> Option<Wire> {
    // The accept loop serves plain TCP streams, so this is one.
    let parts = upgrade.await.ok()?.downcast::<TokioIo<TcpStream>>().ok()?;
    // Hyper's buffer of 8 KiB ends here.
    Some(Wire::new(parts.io.into_inner(), &parts.read_buf))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn size_of_task<A, B, C, F>(_: impl FnOnce(A, B, C) -> F) -> usize {
        size_of::<F>()
    }

    /// What an idle connection costs, beside 2 KiB to read into: this, the kernel's part, and its credential.
    #[test]
    fn a_connection_is_small() {
        let (task, state) = (size_of_task(run), size_of::<connection::Connection>());
        println!("a connection holds {task} + {state} bytes");
        assert!(task + state <= 1_536, "{task} + {state}");
    }

    #[test]
    fn only_a_browsers_path_names_a_workspace() {
        let id = "3f0a8a5e-9a52-4f0e-9f11-0f6b7a7c1d2e";
        assert_eq!(workspace_of(&format!("/w/{id}/socket")).unwrap().unwrap().as_str(), id);
        for other in ["/", "/t/acme", "/w/", "/w/socket", &format!("/w/{id}/chat")] {
            assert!(workspace_of(other).unwrap().is_none(), "{other}");
        }
        assert!(workspace_of("/w/../socket").is_err() && workspace_of("/w//socket").is_err());
    }
}
