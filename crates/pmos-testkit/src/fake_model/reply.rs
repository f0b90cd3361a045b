//! What a fake model can answer.

use std::time::Duration;

use serde_json::Value;

/// The prompt size that every answer reports; output tokens are counted by chunk.
pub const INPUT_TOKENS: u64 = 100;

/// One answer to one request.
#[derive(Debug, Clone)]
pub enum Reply {
    /// Text in chunks, with a pause before each.
    Text {
        /// The pieces, one event each.
        chunks: Vec<String>,
        /// The pause before each piece.
        delay: Duration,
    },
    /// This many tokens, each carrying the instant at which it was written (`@<ns>;`, see [`super::monotonic_ns`]).
    Stamped {
        /// How many, one event each.
        tokens: usize,
        /// The pause before each token.
        delay: Duration,
    },
    /// Tool calls of one step, their arguments split into pieces that are not JSON by themselves.
    ToolCalls(Vec<ToolCall>),
    /// An HTTP error instead of an answer. Without a body it has the shape of the endpoint that was asked.
    HttpError {
        /// Any status; one that is out of range becomes 500.
        status: u16,
        /// The `retry-after` header in seconds.
        retry_after_s: Option<u64>,
        /// Whatever a provider, or a proxy before it, may say.
        body: Option<String>,
    },
    /// One chunk, then silence on an open connection.
    Stall,
    /// One chunk, then the connection breaks.
    Cut,
    /// One chunk, then events whose data is no JSON.
    Garbage,
    /// One chunk, then a line of this many bytes that never ends.
    HugeLine {
        /// The length of the line.
        bytes: usize,
    },
    /// A page of HTML with status 200.
    WrongContentType,
}

/// A tool that the model wants to be called.
#[derive(Debug, Clone)]
pub struct ToolCall {
    /// The tool's name.
    pub name: String,
    /// Its arguments, an object.
    pub args: Value,
}

impl Reply {
    /// Text in one chunk, at once.
    pub fn text(text: impl Into<String>) -> Reply {
        Reply::chunks([text], Duration::ZERO)
    }

    /// Text in these chunks, with a pause before each.
    pub fn chunks<T: Into<String>>(chunks: impl IntoIterator<Item = T>, delay: Duration) -> Reply {
        Reply::Text { chunks: chunks.into_iter().map(Into::into).collect(), delay }
    }

    /// One tool call.
    pub fn tool(name: impl Into<String>, args: Value) -> Reply {
        Reply::ToolCalls(vec![ToolCall { name: name.into(), args }])
    }

    /// An HTTP error with the endpoint's own body.
    pub fn fail(status: u16) -> Reply {
        Reply::HttpError { status, retry_after_s: None, body: None }
    }
}
