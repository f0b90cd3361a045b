//! The HTTP side: routes, recording, and playing a reply out as a response.

use std::convert::identity;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::serve::ListenerExt;
use futures_util::{StreamExt, stream};
use serde_json::{Value, json};
use tokio::net::TcpListener;

use super::anthropic::Anthropic;
use super::openai::OpenAi;
use super::plan::{self, Step, Timed};
use super::reply::Reply;
use super::turn::Turn;
use super::{Recorded, Shared, steer};

/// The endpoint that was asked, and so the format of the answer.
#[derive(Debug, Clone)]
enum Wire {
    OpenAi(OpenAi),
    Anthropic(Anthropic),
}

/// Serve until the task is aborted. Clients may give the base URL with or without `/v1`.
pub(super) async fn serve(listener: TcpListener, shared: Arc<Shared>) {
    let router = Router::new()
        .route("/chat/completions", post(chat_completions))
        .route("/messages", post(messages))
        .route("/models", get(models))
        .route("/v1/chat/completions", post(chat_completions))
        .route("/v1/messages", post(messages))
        .route("/v1/models", get(models))
        .layer(DefaultBodyLimit::disable())
        .with_state(shared);
    // Tokens are small writes; Nagle's algorithm would hold them back.
    let listener = listener.tap_io(|socket| {
        if let Err(error) = socket.set_nodelay(true) {
            eprintln!("fake model: no TCP_NODELAY: {error}");
        }
    });
    if let Err(error) = axum::serve(listener, router).await {
        eprintln!("fake model: {error}");
    }
}

async fn models() -> Response {
    json_response(
        StatusCode::OK,
        &json!({ "object": "list", "data": [{
        "id": "fake-model", "object": "model", "owned_by": "fake", "type": "model", "display_name": "Fake model",
    }] })
        .to_string(),
    )
}

async fn chat_completions(State(shared): State<Arc<Shared>>, uri: Uri, headers: HeaderMap, body: Bytes) -> Response {
    let body = read(&body);
    let wire = Wire::OpenAi(OpenAi::of(&body, shared.next_answer()));
    answer(&shared, wire, uri, headers, body)
}

async fn messages(State(shared): State<Arc<Shared>>, uri: Uri, headers: HeaderMap, body: Bytes) -> Response {
    let body = read(&body);
    let wire = Wire::Anthropic(Anthropic::of(&body, shared.next_answer()));
    answer(&shared, wire, uri, headers, body)
}

/// A body that is no JSON is recorded as null and answered like an empty conversation.
fn read(body: &[u8]) -> Value {
    serde_json::from_slice(body).unwrap_or_default()
}

fn json_response(status: StatusCode, body: &str) -> Response {
    (status, [(header::CONTENT_TYPE, "application/json")], body.to_owned()).into_response()
}

fn answer(shared: &Arc<Shared>, wire: Wire, uri: Uri, headers: HeaderMap, body: Value) -> Response {
    let streamed = body["stream"] == true;
    let turn = Turn::of(&body);
    shared.record(Recorded { path: uri.path().to_owned(), headers, body });
    let reply = shared.next_scripted().unwrap_or_else(|| steer::reply_to(&turn));
    match (&reply, plan::steps(&reply)) {
        (Reply::HttpError { status, retry_after_s, body }, _) => wire.error(*status, *retry_after_s, body.clone()),
        (Reply::Text { .. } | Reply::Stamped { .. } | Reply::ToolCalls(_), _) if !streamed => {
            json_response(StatusCode::OK, &wire.whole(&reply).to_string())
        }
        (_, Some(steps)) => play(shared, wire, steps),
        (_, None) => {
            ([(header::CONTENT_TYPE, "text/html")], "<html><body>A proxy's page</body></html>").into_response()
        }
    }
}

/// Write the steps one after the other, each after its pause.
fn play(shared: &Arc<Shared>, wire: Wire, steps: Vec<Timed>) -> Response {
    let playing = Arc::new((wire, shared.open_stream()));
    let events = stream::iter(steps).then(move |timed| {
        let playing = playing.clone();
        async move {
            if !timed.after.is_zero() {
                tokio::time::sleep(timed.after).await;
            }
            match timed.step {
                Step::Hang => std::future::pending().await,
                Step::Break => {
                    // What was written so far must leave before the connection does.
                    tokio::time::sleep(Duration::from_millis(20)).await;
                    Err(io::Error::other("cut as asked"))
                }
                step => Ok(Bytes::from(playing.0.event(&step))),
            }
        }
    });
    let headers = [(header::CONTENT_TYPE, "text/event-stream"), (header::CACHE_CONTROL, "no-cache")];
    (headers, Body::from_stream(events)).into_response()
}

impl Wire {
    fn event(&self, step: &Step) -> String {
        match self {
            Wire::OpenAi(wire) => wire.event(step),
            Wire::Anthropic(wire) => wire.event(step),
        }
    }

    fn whole(&self, reply: &Reply) -> Value {
        match self {
            Wire::OpenAi(wire) => wire.whole(reply),
            Wire::Anthropic(wire) => wire.whole(reply),
        }
    }

    fn error(&self, status: u16, retry_after_s: Option<u64>, body: Option<String>) -> Response {
        let status = StatusCode::from_u16(status).map_or(StatusCode::INTERNAL_SERVER_ERROR, identity);
        let body = body.unwrap_or_else(|| self.error_body(status).to_string());
        let mut response = json_response(status, &body);
        if let Some(seconds) = retry_after_s {
            response.headers_mut().insert(header::RETRY_AFTER, seconds.into());
        }
        response
    }

    fn error_body(&self, status: StatusCode) -> Value {
        let message = format!("fake error {status}");
        match self {
            Wire::OpenAi(_) => json!({ "error": { "message": message, "type": "fake_error", "code": "fake" } }),
            Wire::Anthropic(_) => json!({ "type": "error", "error": { "type": "fake_error", "message": message } }),
        }
    }
}
