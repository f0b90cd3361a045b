//! Where the output of a turn goes.

use crate::{Failure, Message, StopReason, ToolCall, Usage};
use async_trait::async_trait;
use pmos_kit::Result;
use std::time::Duration;

/// What the caller does with a turn as it happens. Only what must wait is async; the rest is on the path of every piece.
///
/// The order is: for each step one or more attempts of `call_started` · (`text` | `thinking` | `save`)* · `step_done`,
/// then for each tool call `tool_started` · `tool_done`. An error from any of them ends the turn.
#[async_trait]
pub trait Sink: Send {
    /// A provider call is about to be made: reserve what it may cost.
    ///
    /// Answers the `max_tokens` to send, which a budget may lower. An error means that the call may not be made.
    async fn call_started(&mut self, call: &CallStart<'_>) -> Result<Option<u32>> {
        Ok(call.max_tokens)
    }

    /// A piece of text for the reader.
    fn text(&mut self, piece: &str);

    /// A piece of the model's reasoning.
    fn thinking(&mut self, _piece: &str) {}

    /// Commit the text of this step so far (`text` is all of it). Awaited at most every [`crate::Limits::save_every`] or
    /// [`crate::Limits::save_bytes`], whichever is first, while there is text that was not saved (decisions.md, 3.5).
    async fn save(&mut self, _text: &str) -> Result<()> {
        Ok(())
    }

    /// A provider call has ended, well or not: commit its usage under (run, step, attempt) and, unless it will be
    /// repeated, its message. Tools of this step run only after this returned: no effect leaves on uncommitted state.
    async fn step_done(&mut self, done: &StepDone) -> Result<()>;

    /// A tool is about to run.
    fn tool_started(&mut self, _call: &ToolCall) {}

    /// A tool has answered, or was refused: commit the answer. `result` is a [`Message::Tool`].
    async fn tool_done(&mut self, _call: &ToolCall, _result: &Message) -> Result<()> {
        Ok(())
    }
}

/// A provider call about to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallStart<'a> {
    /// Counts the provider calls of the run that are not repeats, from [`crate::Limits::first_step`].
    pub step: u32,
    /// Counts the tries of this step, from 1.
    pub attempt: u32,
    /// The provider's name.
    pub provider: &'a str,
    /// The provider's name of the model.
    pub model: &'a str,
    /// Bytes of text in the request ([`crate::ModelRequest::input_bytes`]).
    pub input_bytes: usize,
    /// What would be sent as the cap on output.
    pub max_tokens: Option<u32>,
}

/// A provider call that has ended.
#[derive(Debug, Clone, PartialEq)]
pub struct StepDone {
    /// As in [`CallStart::step`].
    pub step: u32,
    /// As in [`CallStart::attempt`].
    pub attempt: u32,
    /// The provider's name.
    pub provider: String,
    /// The provider's name of the model.
    pub model: String,
    /// What the provider says that it took. `None`: settle at the reservation, marked estimated (decisions.md, 6.5).
    pub usage: Option<Usage>,
    /// How it ended.
    pub end: StepEnd,
    /// What the model said, partial if the call did not end well; `None` if it said nothing or will be asked again.
    pub message: Option<Message>,
}

/// How a provider call ended.
#[derive(Debug, Clone, PartialEq)]
pub enum StepEnd {
    /// The model stopped by itself.
    Stop(StopReason),
    /// It failed before any output, and will be repeated after this wait.
    Retry {
        /// What went wrong.
        failure: Failure,
        /// How long the engine waits.
        wait: Duration,
    },
    /// It failed for good.
    Failed(Failure),
    /// The turn was aborted.
    Aborted,
}
