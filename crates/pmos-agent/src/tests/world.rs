//! A sink that remembers, tools that answer, and a turn between them.

use crate::{
    CallStart, Limits, Message, Model, ModelRequest, Outcome, Retry, Sink, StepDone, StepEnd, ToolCall, ToolResult,
    ToolSpec, Tools, Turn, run_turn,
};
use async_trait::async_trait;
use pmos_kit::{Error, OsRng, Result};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// Everything that a turn tells, one line each.
#[derive(Default)]
pub(super) struct Diary {
    pub(super) lines: Vec<String>,
    /// Cancelled when this text comes.
    pub(super) abort_at: Option<(String, CancellationToken)>,
    /// Refuse the call of this step.
    pub(super) refuse_step: Option<u32>,
    /// The cap on output of each call, as it was to be sent.
    pub(super) caps: Vec<Option<u32>>,
    /// Lower the cap on output to this.
    pub(super) max_tokens: Option<u32>,
}

#[async_trait]
impl Sink for Diary {
    async fn call_started(&mut self, call: &CallStart<'_>) -> Result<Option<u32>> {
        self.lines.push(format!("call {}.{} {} {}", call.step, call.attempt, call.provider, call.model));
        self.caps.push(call.max_tokens);
        if self.refuse_step == Some(call.step) {
            return Err(Error::quota("budget", 1, 1, None));
        }
        Ok(self.max_tokens.or(call.max_tokens))
    }

    fn text(&mut self, piece: &str) {
        self.lines.push(format!("text {piece}"));
        if let Some((_, cancel)) = self.abort_at.as_ref().filter(|(at, _)| piece.contains(at)) {
            cancel.cancel();
        }
    }

    async fn save(&mut self, text: &str) -> Result<()> {
        self.lines.push(format!("save {text}"));
        Ok(())
    }

    async fn step_done(&mut self, done: &StepDone) -> Result<()> {
        let end = match &done.end {
            StepEnd::Stop(reason) => format!("{reason:?}"),
            StepEnd::Retry { failure, .. } => format!("retry {}", failure.kind().as_str()),
            StepEnd::Failed(failure) => format!("failed {}", failure.kind().as_str()),
            StepEnd::Aborted => "aborted".into(),
        };
        let tokens =
            done.usage.as_ref().map_or_else(|| "no usage".into(), |usage| format!("{}+{}", usage.input, usage.output));
        self.lines.push(format!("done {}.{} {end}, {tokens}", done.step, done.attempt));
        Ok(())
    }

    fn tool_started(&mut self, call: &ToolCall) {
        self.lines.push(format!("tool {} {} {}", call.id, call.name, call.arguments));
    }

    async fn tool_done(&mut self, call: &ToolCall, result: &Message) -> Result<()> {
        let Message::Tool { content, is_error, .. } = result else { unreachable!() };
        self.lines.push(format!("{} {} {content}", if *is_error { "error" } else { "result" }, call.id));
        Ok(())
    }
}

/// One tool, `echo`; it never answers to `{"hang": true}`.
#[derive(Default)]
pub(super) struct Echo {
    pub(super) ran: Mutex<Vec<ToolCall>>,
}

#[async_trait]
impl Tools for Echo {
    fn specs(&self) -> Arc<[ToolSpec]> {
        [ToolSpec {
            name: "echo".into(),
            description: "Say it again".into(),
            parameters: serde_json::json!({"type": "object"}),
        }]
        .into()
    }

    async fn call(&self, call: &ToolCall) -> ToolResult {
        self.ran.lock().unwrap().push(call.clone());
        if call.arguments["hang"] == true {
            std::future::pending::<()>().await;
        }
        ToolResult::ok(call.arguments["say"].as_str().unwrap_or("nothing"))
    }
}

pub(super) struct World {
    pub(super) diary: Diary,
    pub(super) tools: Echo,
    pub(super) limits: Limits,
    pub(super) cancel: CancellationToken,
}

impl World {
    pub(super) fn new() -> Self {
        let retry = Retry { base: Duration::from_millis(4), ..Retry::default() };
        let limits = Limits { retry, save_every: Duration::from_secs(3_600), ..Limits::default() };
        Self { diary: Diary::default(), tools: Echo::default(), limits, cancel: CancellationToken::new() }
    }

    pub(super) async fn run(&mut self, model: &dyn Model) -> Outcome {
        let request =
            ModelRequest { model: "m".into(), messages: vec![Message::user("hello")], ..ModelRequest::default() };
        let turn = Turn {
            model,
            tools: &self.tools,
            sink: &mut self.diary,
            rng: &OsRng,
            request,
            limits: self.limits,
            cancel: self.cancel.clone(),
        };
        // Runs are spawned, so a turn must be able to move between threads.
        let outcome = sendable(run_turn(turn)).await;
        assert_answered(&outcome.messages);
        outcome
    }
}

fn sendable<T: Send>(future: T) -> T {
    future
}

/// Whatever happens, each call has its answer behind it: no provider takes a conversation otherwise.
fn assert_answered(messages: &[Message]) {
    let called = messages.iter().filter_map(|message| {
        if let Message::Assistant { tool_calls, .. } = message { Some(tool_calls) } else { None }
    });
    let called: Vec<&str> = called.flatten().map(|call| call.id.as_str()).collect();
    let answered = messages
        .iter()
        .filter_map(|message| if let Message::Tool { call_id, .. } = message { Some(call_id.as_str()) } else { None });
    assert_eq!(called, answered.collect::<Vec<_>>());
}
