//! Floor 1: the agent engine. It runs one turn of an agent with no workspace, no database and no environment.
//!
//! - [`Message`], [`ToolCall`], [`ModelRequest`]: a conversation in words that belong to no provider.
//! - [`Model`]: the port to a model; one [`Model::call`] is one provider call, streamed as [`Event`]s.
//! - [`Provider`]: the model behind a URL, over the OpenAI or the Anthropic API. [`discover_ollama`] finds a local one.
//! - [`run_turn`]: call, run the tools asked for, feed back, until the model has its say. It retries, caps and can be aborted.
//! - [`Sink`] and [`Tools`]: what the caller hands in: where the output goes, and what the model may do.
//! - [`Usage`], [`Prices`], [`cost`]: what a call took, and what that is in money.
//!
//! What always holds: no tool runs from incomplete JSON; a call is repeated only while nothing of its output was seen;
//! partial text is kept; a key never appears in an error; dropping the future stops everything it began.

mod failure;
mod message;
mod model;
mod provider;
mod retry;
mod said;
mod sink;
#[cfg(test)]
mod tests;
mod tools;
mod turn;

pub use failure::{Failure, FailureKind};
pub use message::{Image, Message, ModelRequest, ToolCall, ToolSpec};
pub use model::{Event, Events, Model, Prices, StopReason, Usage, cost};
#[cfg(fuzzing)]
pub use provider::fuzzing;
pub use provider::{Api, Endpoint, ModelInfo, OLLAMA, Provider, discover_ollama};
pub use retry::Retry;
pub use sink::{CallStart, Sink, StepDone, StepEnd};
pub use tools::{NoTools, ToolResult, Tools};
pub use turn::{Limits, Outcome, Stop, Turn, run_turn};
