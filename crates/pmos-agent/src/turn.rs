//! One turn: call the model, run the tools that it asks for, feed the results back, until it has its say.

use crate::said::{Asked, Said};
use crate::{
    CallStart, Event, Failure, FailureKind, Message, Model, ModelRequest, Retry, Sink, StepDone, StepEnd, StopReason,
    ToolCall, ToolResult, Tools, Usage,
};
use futures_util::StreamExt;
use pmos_kit::{Error, Rng};
use std::pin::pin;
use std::time::Duration;
use tokio::time::{Instant, sleep, sleep_until};
use tokio_util::sync::CancellationToken;

/// Everything that a turn needs.
pub struct Turn<'a> {
    /// Who is asked.
    pub model: &'a dyn Model,
    /// What it may do.
    pub tools: &'a dyn Tools,
    /// Where the output goes.
    pub sink: &'a mut dyn Sink,
    /// Spreads the waits between attempts.
    pub rng: &'a dyn Rng,
    /// What is asked; its `tools` are replaced by those of [`Turn::tools`].
    pub request: ModelRequest,
    /// How far the turn may go.
    pub limits: Limits,
    /// Cancelled from outside, it ends the turn at whatever it awaits, except a commit of the sink.
    pub cancel: CancellationToken,
}

/// How far a turn may go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// The number of the first step; a resumed run goes on counting, because (run, step, attempt) is the ledger's key.
    pub first_step: u32,
    /// At most this many provider calls, repeats not counted.
    pub max_steps: u32,
    /// When a failed call is made again.
    pub retry: Retry,
    /// Text waits at most this long for [`Sink::save`].
    pub save_every: Duration,
    /// Text of this many bytes does not wait for it.
    pub save_bytes: usize,
    /// A longer tool result is cut, and says so.
    pub tool_result_bytes: usize,
}

impl Default for Limits {
    /// 16 steps; text is saved every 250 ms or 1 KiB (decisions.md, 3.5); tool results up to 256 KiB.
    fn default() -> Self {
        Self {
            first_step: 1,
            max_steps: 16,
            retry: Retry::default(),
            save_every: Duration::from_millis(250),
            save_bytes: 1024,
            tool_result_bytes: 256 * 1024,
        }
    }
}

/// How a turn went.
#[derive(Debug)]
pub struct Outcome {
    /// What the turn adds to the conversation: the model's messages and the tools' answers, partial text included.
    /// Each tool call among them is answered, so that the conversation can go on; only where the sink refused
    /// ([`Stop::Refused`]) the last ones may lack their answers.
    pub messages: Vec<Message>,
    /// Why it ended.
    pub stop: Stop,
    /// What its calls took together, where the provider said so.
    pub usage: Usage,
    /// The number of the last step that began.
    pub last_step: u32,
}

impl Outcome {
    /// The text of the last message of the model; empty if it said nothing.
    pub fn text(&self) -> &str {
        let last = self.messages.iter().rev().find(|message| matches!(message, Message::Assistant { .. }));
        last.map_or("", Message::text)
    }
}

/// Why a turn ended.
#[derive(Debug)]
pub enum Stop {
    /// The model has had its say.
    Done,
    /// It asked for tools in every step that it was given; the calls of the last one were not run.
    MaxSteps,
    /// Its answer was cut at `max_tokens` or at the end of its context.
    Length,
    /// [`Turn::cancel`] was cancelled.
    Aborted,
    /// The provider failed, for good or too often.
    Failed(Failure),
    /// The sink refused: its own error, such as a spent budget.
    Refused(Error),
}

/// Run one turn.
pub async fn run_turn(mut turn: Turn<'_>) -> Outcome {
    turn.request.tools = turn.tools.specs();
    let asked = turn.request.messages.len();
    let mut outcome = Outcome {
        messages: Vec::new(),
        stop: Stop::MaxSteps,
        usage: Usage::default(),
        last_step: turn.limits.first_step,
    };
    outcome.stop = turn.steps(&mut outcome).await.unwrap_or_else(|stop| stop);
    outcome.messages = turn.request.messages.split_off(asked);
    outcome
}

impl Turn<'_> {
    async fn steps(&mut self, outcome: &mut Outcome) -> Result<Stop, Stop> {
        let first = self.limits.first_step;
        let last = first.saturating_add(self.limits.max_steps).saturating_sub(1);
        for step in first..=last {
            outcome.last_step = step;
            let (reason, calls) = self.step(step, &mut outcome.usage).await?;
            match reason {
                StopReason::Length => return Ok(Stop::Length),
                _ if calls.is_empty() => return Ok(Stop::Done),
                _ => self.run_tools(calls, step == last).await?,
            }
        }
        Ok(Stop::MaxSteps)
    }

    /// One step: a call, made again while that is allowed. Its message is committed and joins the conversation.
    async fn step(&mut self, step: u32, usage: &mut Usage) -> Result<(StopReason, Vec<Asked>), Stop> {
        let mut attempt = 1;
        loop {
            let mut said = Said::default();
            let end = self.attempt(step, attempt, &mut said).await?;
            let end = self.or_retry(end, &said, attempt);
            if let Some(taken) = &said.usage {
                usage.add(taken);
            }
            let keep_calls = matches!(end, StepEnd::Stop(StopReason::Stop | StopReason::ToolCalls));
            let message = said.message(step, keep_calls);
            let done = StepDone {
                step,
                attempt,
                provider: self.model.provider().to_owned(),
                model: self.request.model.clone(),
                usage: said.usage.take(),
                end,
                message,
            };
            let committed = self.sink.step_done(&done).await;
            self.request.messages.extend(done.message);
            committed.map_err(Stop::Refused)?;
            match done.end {
                StepEnd::Stop(reason) => return Ok((reason, said.calls)),
                StepEnd::Failed(failure) => return Err(Stop::Failed(failure)),
                StepEnd::Aborted => return Err(Stop::Aborted),
                StepEnd::Retry { wait, .. } => pause(&self.cancel, wait).await?,
            }
            attempt += 1;
        }
    }

    /// Turn a failure without output into a repeat, as long as the policy has one left.
    fn or_retry(&self, end: StepEnd, said: &Said, attempt: u32) -> StepEnd {
        match end {
            StepEnd::Failed(failure) if said.is_empty() => match self.limits.retry.wait(&failure, attempt, self.rng) {
                Some(wait) => StepEnd::Retry { failure, wait },
                None => StepEnd::Failed(failure),
            },
            end => end,
        }
    }

    /// One provider call, collected into `said`. An error is the sink's refusal, or an abort before the call was made.
    async fn attempt(&mut self, step: u32, attempt: u32, said: &mut Said) -> Result<StepEnd, Stop> {
        if self.cancel.is_cancelled() {
            return Err(Stop::Aborted);
        }
        let asked = self.request.max_tokens;
        let start = CallStart {
            step,
            attempt,
            provider: self.model.provider(),
            model: &self.request.model,
            input_bytes: self.request.input_bytes(),
            max_tokens: asked,
        };
        self.request.max_tokens = self.sink.call_started(&start).await.map_err(Stop::Refused)?;
        let cancel = self.cancel.clone();
        let end = self.stream(&cancel, said).await;
        self.request.max_tokens = asked;
        end
    }

    async fn stream(&mut self, cancel: &CancellationToken, said: &mut Said) -> Result<StepEnd, Stop> {
        let mut events = match cancel.run_until_cancelled(self.model.call(&self.request)).await {
            None => return Ok(StepEnd::Aborted),
            Some(Err(failure)) => return Ok(StepEnd::Failed(failure)),
            Some(Ok(events)) => events,
        };
        // Both are made once per call, not once per piece: a piece then costs no registration.
        let mut cancelled = pin!(cancel.cancelled());
        let mut due = pin!(sleep_until(Instant::now()));
        loop {
            let event = tokio::select! {
                biased;
                () = &mut cancelled => return Ok(StepEnd::Aborted),
                event = events.next() => event,
                () = &mut due, if said.unsaved > 0 => {
                    self.save(said).await?;
                    continue;
                }
            };
            let had_unsaved = said.unsaved > 0;
            match event {
                Some(Ok(Event::Stop(reason))) => return Ok(StepEnd::Stop(reason)),
                Some(Ok(event)) => said.take(event, self.sink),
                Some(Err(failure)) => return Ok(StepEnd::Failed(failure)),
                None => return Ok(StepEnd::Failed(unfinished())),
            }
            if said.unsaved >= self.limits.save_bytes {
                self.save(said).await?;
            } else if said.unsaved > 0 && !had_unsaved {
                due.as_mut().reset(Instant::now() + self.limits.save_every);
            }
        }
    }

    async fn save(&mut self, said: &mut Said) -> Result<(), Stop> {
        said.unsaved = 0;
        self.sink.save(&said.text).await.map_err(Stop::Refused)
    }

    /// Run the calls in order, and answer each: those that may not run as well, or no provider takes the conversation.
    async fn run_tools(&mut self, calls: Vec<Asked>, is_last_step: bool) -> Result<(), Stop> {
        for Asked { call, garbled } in calls {
            self.sink.tool_started(&call);
            let result = match self.refusal(&call, garbled, is_last_step) {
                Some(refusal) => ToolResult::error(refusal),
                None => run_tool(self.tools, &self.cancel, &call).await,
            };
            let result = Message::Tool {
                call_id: call.id.clone(),
                name: call.name.clone(),
                content: cut(result.content, self.limits.tool_result_bytes),
                is_error: result.is_error,
            };
            let committed = self.sink.tool_done(&call, &result).await;
            self.request.messages.push(result);
            committed.map_err(Stop::Refused)?;
        }
        if self.cancel.is_cancelled() { Err(Stop::Aborted) } else { Ok(()) }
    }

    /// Why a call may not run, in words for the model.
    fn refusal(&self, call: &ToolCall, garbled: Option<String>, is_last_step: bool) -> Option<String> {
        if self.cancel.is_cancelled() {
            return Some("not run: the turn was aborted".into());
        }
        if let Some(raw) = garbled {
            return Some(format!("not run: the arguments are no JSON object: {}", cut(raw, 300)));
        }
        if is_last_step {
            return Some(format!("not run: the limit of {} steps is reached", self.limits.max_steps));
        }
        let is_known = self.request.tools.iter().any(|tool| tool.name == call.name);
        (!is_known).then(|| format!("there is no tool {:?}", cut(call.name.clone(), 100)))
    }
}

// These two take parts of a turn: a shared borrow of all of it, held while waiting, would bind the turn to one thread.

async fn pause(cancel: &CancellationToken, wait: Duration) -> Result<(), Stop> {
    cancel.run_until_cancelled(sleep(wait)).await.ok_or(Stop::Aborted)
}

async fn run_tool(tools: &dyn Tools, cancel: &CancellationToken, call: &ToolCall) -> ToolResult {
    let answer = cancel.run_until_cancelled(tools.call(call)).await;
    answer.unwrap_or_else(|| ToolResult::error("aborted while it ran: it may or may not have taken effect"))
}

fn unfinished() -> Failure {
    Failure::new(FailureKind::BadResponse, "the model's answer broke off")
}

/// `text`, or its beginning with a note if it is longer than `max` bytes.
fn cut(mut text: String, max: usize) -> String {
    if text.len() > max {
        let bytes = text.len();
        let end = (0..=max).rev().find(|end| text.is_char_boundary(*end)).unwrap_or(0);
        text.truncate(end);
        text.push_str(&format!(" … (cut: {bytes} bytes in all)"));
    }
    text
}
