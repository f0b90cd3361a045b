//! The port to a model, and what a call costs.

use crate::{Failure, ModelRequest, ToolCall};
use async_trait::async_trait;
use futures_util::stream::BoxStream;
use pmos_kit::NanoUsd;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A model that can be called. [`crate::Provider`] is the one in the world; tests may bring another.
#[async_trait]
pub trait Model: Send + Sync {
    /// The provider's name, for events, ledger and errors, such as `openai`.
    fn provider(&self) -> &str;

    /// Make one provider call and stream what it answers. No retry happens here; dropping the stream ends the call.
    ///
    /// The stream ends behind [`Event::Stop`] or behind the first failure.
    async fn call(&self, request: &ModelRequest) -> Result<Events, Failure>;
}

/// What a call answers, as it comes.
pub type Events = BoxStream<'static, Result<Event, Failure>>;

/// One piece of a model's answer.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// Words for the reader. What arrives in one network packet may come as one piece.
    Text(String),
    /// The model's reasoning, where the provider shows it. It is not sent back.
    Thinking(String),
    /// A tool call whose arguments are complete.
    ToolCall(ToolCall),
    /// A tool call whose arguments are no JSON object though the model says that it has finished. It must not run.
    BadToolCall {
        /// The provider's id; may be empty.
        id: String,
        /// The tool's name.
        name: String,
        /// What came instead of arguments.
        raw: String,
    },
    /// What the call took; at most once, at its end.
    Usage(Usage),
    /// The model has finished, for this reason. Nothing follows.
    Stop(StopReason),
}

/// Why the model stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StopReason {
    /// It has said what it had to say, or met a stop sequence.
    Stop,
    /// It waits for the results of its tool calls.
    ToolCalls,
    /// It ran into `max_tokens`, or into the end of its context.
    Length,
}

/// What one call took, in tokens. The parts do not overlap, so that each has its own price.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Usage {
    /// Input that was neither read from nor written to the provider's cache.
    pub input: u64,
    /// Output, reasoning included.
    pub output: u64,
    /// Input read from the cache.
    pub cache_read: u64,
    /// Input written to the cache.
    pub cache_write: u64,
    /// The provider's own usage object, for the ledger (decisions.md, 6.1).
    #[serde(default, skip_serializing_if = "Value::is_null")]
    pub raw: Value,
}

impl Usage {
    /// All tokens together.
    pub fn total(&self) -> u64 {
        self.input.saturating_add(self.output).saturating_add(self.cache_read).saturating_add(self.cache_write)
    }

    /// Add another call's tokens; `raw` stays as it is.
    pub fn add(&mut self, other: &Usage) {
        self.input = self.input.saturating_add(other.input);
        self.output = self.output.saturating_add(other.output);
        self.cache_read = self.cache_read.saturating_add(other.cache_read);
        self.cache_write = self.cache_write.saturating_add(other.cache_write);
    }
}

/// What a model costs, in nano-dollars per million tokens ([`NanoUsd::parse_price_per_million`]).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Prices {
    /// For [`Usage::input`].
    pub input: NanoUsd,
    /// For [`Usage::output`].
    pub output: NanoUsd,
    /// For [`Usage::cache_read`].
    pub cache_read: NanoUsd,
    /// For [`Usage::cache_write`].
    pub cache_write: NanoUsd,
}

/// What a call costs: rounded up once, at the end (decisions.md, 6.2).
pub fn cost(usage: &Usage, prices: &Prices) -> NanoUsd {
    NanoUsd::of_tokens(&[
        (usage.input, prices.input),
        (usage.output, prices.output),
        (usage.cache_read, prices.cache_read),
        (usage.cache_write, prices.cache_write),
    ])
}
