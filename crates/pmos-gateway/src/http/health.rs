//! Is it alive, and is it ready? For whoever watches over the server.

use super::json;
use crate::front::Front;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use pmos_kit::Kind;
use pmos_store::Credential;
use std::sync::Arc;
use std::time::Duration;

/// A store that takes longer is not ready.
const ANSWER_WITHIN: Duration = Duration::from_secs(2);

/// The process answers.
pub(super) async fn live() -> Response {
    json(StatusCode::OK, r#"{"ok":true,"status":"live"}"#)
}

/// The store answers, and the server is not about to stop.
pub(super) async fn ready(State(front): State<Arc<Front>>) -> Response {
    let failing = if *front.stopping.borrow() {
        Some("stopping")
    } else if !store_answers(&front).await {
        Some("store")
    } else {
        None
    };
    let uptime = front.started.elapsed().as_millis();
    match failing {
        None => json(StatusCode::OK, format!(r#"{{"ready":true,"failing":[],"uptimeMs":{uptime}}}"#)),
        Some(part) => json(
            StatusCode::SERVICE_UNAVAILABLE,
            format!(r#"{{"ready":false,"failing":["{part}"],"uptimeMs":{uptime}}}"#),
        ),
    }
}

/// Ask for a key that nobody has: that it is unknown is an answer.
async fn store_answers(front: &Front) -> bool {
    let asked = front.dispatch.store.identify(Credential::Key(front.probe.expose()));
    match tokio::time::timeout(ANSWER_WITHIN, asked).await {
        Ok(Err(error)) => *error.kind() == Kind::Unauthenticated,
        Ok(Ok(_)) => true,
        Err(_) => false,
    }
}
