//! Why a `connect` is refused: the protocol's own codes and words (openclaw.md, 3.8), which clients compare.

use pmos_kit::{Error, Kind};
use serde_json::json;

/// A refusal and the code with which the connection then closes. The reason of the close is the error's own words.
#[derive(Debug)]
pub(super) struct Refusal {
    pub(super) error: Error,
    pub(super) close: u16,
}

impl Refusal {
    pub(super) fn new(error: Error) -> Self {
        Self { error, close: 1008 }
    }

    pub(super) fn invalid(words: &str) -> Self {
        Self::new(Error::invalid(words))
    }

    pub(super) fn protocol_mismatch(min: u32, max: u32) -> Self {
        let details = json!({
            "code": "PROTOCOL_MISMATCH", "clientMinProtocol": min, "clientMaxProtocol": max,
            "expectedProtocol": 4, "minimumProbeProtocol": 3,
        });
        Self { error: Error::invalid("protocol mismatch").with_details(details), close: 1002 }
    }

    pub(super) fn origin() -> Self {
        let words = "origin not allowed (open the UI from this server, or configure its public origin)";
        let details = json!({ "code": "CONTROL_UI_ORIGIN_NOT_ALLOWED", "reason": "origin not allowed" });
        Self::new(Error::invalid(words).with_details(details))
    }

    /// A device proof that does not hold.
    pub(super) fn device(words: &str, code: &str, reason: &str) -> Self {
        Self::new(Error::invalid(words).with_details(json!({ "code": code, "reason": reason })))
    }

    pub(super) fn token_missing() -> Self {
        let words = "unauthorized: gateway token missing (provide an API key of your workspace as the token)";
        Self::new(Error::invalid(words).with_details(json!({
            "code": "AUTH_TOKEN_MISSING", "authReason": "token_missing",
            "canRetryWithDeviceToken": false, "recommendedNextStep": "update_auth_configuration",
        })))
    }

    fn mismatch(field: Field) -> Self {
        let (name, code, reason) = match field {
            Field::Token => ("gateway token", "AUTH_TOKEN_MISMATCH", "token_mismatch"),
            Field::Password => ("gateway password", "AUTH_PASSWORD_MISMATCH", "password_mismatch"),
            Field::DeviceToken => ("device token", "AUTH_DEVICE_TOKEN_MISMATCH", "device_token_mismatch"),
        };
        let words = format!("unauthorized: {name} mismatch (provide a valid API key of your workspace)");
        Self::new(Error::invalid(words).with_details(json!({
            "code": code, "authReason": reason,
            "canRetryWithDeviceToken": false, "recommendedNextStep": "update_auth_credentials",
        })))
    }

    /// Too many keys that do not hold.
    pub(super) fn rate_limited(limited: Error) -> Self {
        Self::new(limited.with_details(json!({
            "code": "AUTH_RATE_LIMITED", "authReason": "rate_limited",
            "canRetryWithDeviceToken": false, "recommendedNextStep": "wait_then_retry",
        })))
    }

    /// The pipeline did not let them in. A key is refused in the protocol's words, whatever is wrong with it.
    pub(super) fn not_admitted(error: Error, field: Option<Field>) -> Self {
        match (error.kind(), field) {
            (Kind::Unauthenticated | Kind::NotFound, Some(field)) => Self::mismatch(field),
            (Kind::Unavailable { .. } | Kind::Internal, _) => Self { error: starting_over(error), close: 1013 },
            _ => Self::new(error),
        }
    }
}

/// The client is to try again a little later.
fn starting_over(cause: Error) -> Error {
    Error::unavailable_for(
        cause.retry_after_ms().unwrap_or(1_000),
        "the server cannot look at credentials now: try again",
    )
    .with_cause(cause)
}

/// In which field a key came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Field {
    /// `auth.token`, or an `Authorization` header.
    Token,
    /// `auth.password`.
    Password,
    /// `auth.deviceToken`.
    DeviceToken,
}
