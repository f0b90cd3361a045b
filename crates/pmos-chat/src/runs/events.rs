//! What connections are told of a run (openclaw.md, 9).

use pmos_kit::{AgentId, Millis, SessionId};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;
use serde_json::value::RawValue;
use std::borrow::Cow;

/// What an agent says.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ChatEvent<'a> {
    /// The idempotency key of the message that started it.
    pub(crate) run_id: &'a str,
    pub(crate) session_key: &'a str,
    pub(crate) agent_id: Cow<'a, AgentId>,
    /// Counts per run, over `chat` and `agent` events.
    pub(crate) seq: u64,
    /// `delta`, `final`, `aborted` or `error`.
    #[schemars(extend("enum" = ["delta", "final", "aborted", "error"]))]
    pub(crate) state: &'static str,
    /// The new piece.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) delta_text: Option<&'a str>,
    /// The piece begins a new text: tools ran in between.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) replace: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<crate::sessions::WireMessage>")]
    pub(crate) message: Option<&'a RawValue>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) stop_reason: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) error_message: Option<&'a str>,
    /// `refusal`, `timeout`, `rate_limit`, `context_length`, `auth`, `interrupted` or `unknown`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) error_kind: Option<&'a str>,
}

/// What a run does.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AgentEvent<'a> {
    pub(crate) run_id: &'a str,
    pub(crate) session_key: &'a str,
    pub(crate) session_id: Cow<'a, SessionId>,
    pub(crate) agent_id: Cow<'a, AgentId>,
    pub(crate) seq: u64,
    /// `lifecycle`, `assistant`, `tool` or `usage`.
    #[schemars(extend("enum" = ["lifecycle", "assistant", "tool", "usage"]))]
    pub(crate) stream: &'static str,
    pub(crate) ts: Millis,
    pub(crate) data: Value,
}
