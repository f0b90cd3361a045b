//! Plain HTTP: one route for all methods, the pages about them, and what whoever runs the server looks at.

mod assets;
mod call;
mod docs;
mod embedded;
mod health;
mod metrics;

pub(crate) use assets::Assets;
pub(crate) use call::bearer;

use crate::arrival::Arrival;
use crate::front::Front;
use crate::socket;
use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use axum::routing::{get, post};
use bytes::Bytes;
use pmos_kit::Error;
use pmos_rpc::wire;
use std::sync::Arc;

/// All routes. What is none of them is the UI's, or a socket.
pub(crate) fn router(front: Arc<Front>) -> Router {
    Router::new()
        .route("/api/v1/call/{method}", post(call::call))
        .route("/api/v1/openapi.json", get(openapi))
        .route("/healthz", get(health::live))
        .route("/readyz", get(health::ready))
        .route("/metrics", get(metrics::metrics))
        .fallback(anything_else)
        .method_not_allowed_fallback(async || {
            refused(StatusCode::METHOD_NOT_ALLOWED, "this path takes another HTTP method")
        })
        .with_state(front)
}

async fn openapi(State(front): State<Arc<Front>>) -> Response {
    json(StatusCode::OK, front.openapi.clone())
}

async fn anything_else(State(front): State<Arc<Front>>, request: Request) -> Response {
    if socket::is_upgrade(request.headers()) {
        return socket::upgrade(&front, request);
    }
    let (head, _) = request.into_parts();
    front.assets.answer(&head)
}

/// An answer of JSON.
pub(crate) fn json(status: StatusCode, body: impl Into<Bytes>) -> Response {
    text(status, "application/json", body)
}

/// An answer of this type.
pub(crate) fn text(status: StatusCode, content_type: &'static str, body: impl Into<Bytes>) -> Response {
    let mut response = Response::new(Body::from(body.into()));
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    response
}

/// An error, with its own status.
pub(crate) fn problem(error: &Error) -> Response {
    let status = StatusCode::from_u16(wire::status(error)).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    problem_as(status, error)
}

/// An error, with a status that says more than its code does.
pub(crate) fn problem_as(status: StatusCode, error: &Error) -> Response {
    let mut response = json(status, wire::http_error(error));
    if let Some(ms) = error.retry_after_ms() {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(ms.div_ceil(1000).max(1)));
    }
    if let Some(id) = error.request().and_then(|id| HeaderValue::from_str(id.as_str()).ok()) {
        response.headers_mut().insert("x-request-id", id);
    }
    response
}

fn refused(status: StatusCode, words: &str) -> Response {
    problem_as(status, &Error::invalid(words))
}

/// Where a request comes from; the accept loop found it out.
fn arrival_of(head: &axum::http::request::Parts) -> Result<Arrival, Error> {
    head.extensions.get().cloned().ok_or_else(|| Error::internal("a request came in without an arrival"))
}
