//! Errors on the wire: rendered here for frames and for HTTP, and nowhere else.

use pmos_kit::{Error, Kind};
use serde::Serialize;

const INVALID: &str = "INVALID_REQUEST";

/// An error inside a frame.
#[derive(Serialize)]
struct FrameError<'a> {
    code: &'a str,
    message: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    details: Option<serde_json::Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    retryable: Option<bool>,
    #[serde(rename = "retryAfterMs", skip_serializing_if = "Option::is_none")]
    retry_after_ms: Option<u64>,
}

/// An error as it stands in a frame.
///
/// Protocol 3 knows no `FORBIDDEN` for a missing scope: its clients expect `INVALID_REQUEST` with the same words.
pub fn frame_error(error: &Error, protocol: u32) -> String {
    let missing_scope = matches!(error.kind(), Kind::Forbidden { missing_scope: Some(_) });
    let old = missing_scope && protocol < 4;
    body(error, if old { INVALID } else { error.code() }, error.details().filter(|_| !old))
}

/// An error that refuses a handshake, where the protocol tells too many attempts from others by their details alone.
pub fn handshake_error(error: &Error) -> String {
    let limited = matches!(error.kind(), Kind::RateLimited { .. });
    body(error, if limited { INVALID } else { error.code() }, error.details())
}

fn body(error: &Error, code: &str, details: Option<serde_json::Value>) -> String {
    let body = FrameError {
        code,
        message: error.public(),
        details,
        retryable: error.is_retryable().then_some(true),
        retry_after_ms: error.retry_after_ms(),
    };
    serde_json::to_string(&body)
        .unwrap_or_else(|_| r#"{"code":"INTERNAL","message":"the error could not be written"}"#.into())
}

/// An error as the body of an HTTP answer, with the id that finds it in the log.
pub fn http_error(error: &Error) -> String {
    let mut body: serde_json::Value = serde_json::from_str(&frame_error(error, 4)).unwrap_or_default();
    if let Some(request) = error.request() {
        body["requestId"] = request.as_str().into();
    }
    serde_json::json!({ "error": body }).to_string()
}

/// The HTTP status of an error.
pub fn status(error: &Error) -> u16 {
    match error.kind() {
        Kind::Unauthenticated => 401,
        Kind::Forbidden { .. } => 403,
        Kind::NotFound => 404,
        Kind::InvalidRequest { .. } => 400,
        Kind::Conflict => 409,
        Kind::RateLimited { .. } => 429,
        Kind::QuotaExceeded { .. } => 402,
        Kind::Unavailable { .. } => 503,
        Kind::Internal => 500,
    }
}
