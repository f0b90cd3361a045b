//! Where a turn's output goes: to connections at once, to the store in steps.

use super::events::{AgentEvent, ChatEvent};
use super::finish::{self, Ending, Named, Spent};
use super::{Live, Runs};
use crate::sessions::{self, Body, NewMessage};
use async_trait::async_trait;
use futures_util::FutureExt;
use pmos_agent::{CallStart, Message, Prices, Sink, StepDone, StepEnd, StopReason, ToolCall};
use pmos_kit::{Error, Millis, Result};
use pmos_platform::Dispatch;
use pmos_store::{Body as Handler, Grant, Listens, args, event, sql};
use serde_json::value::RawValue;
use serde_json::{Value, json};
use std::borrow::Cow;
use std::sync::Arc;

/// The whole text so far is sent at most this often (decisions.md, 3.5).
const CUMULATIVE_MS: Millis = 50;

/// The output of one run.
pub(super) struct RunSink {
    pub(super) runs: Arc<Runs>,
    pub(super) dispatch: Arc<Dispatch>,
    pub(super) grant: Grant,
    pub(super) named: Arc<Named>,
    pub(super) live: Live,
    pub(super) prices: Prices,
    pub(super) seq: u64,
    /// Was the run's end written?
    pub(super) ended: bool,
    told_at: Millis,
    told_bytes: usize,
    is_new_text: bool,
}

impl RunSink {
    pub(super) fn new(
        runs: Arc<Runs>,
        dispatch: Arc<Dispatch>,
        grant: Grant,
        named: Named,
        live: Live,
        prices: Prices,
    ) -> Self {
        Self {
            runs,
            dispatch,
            grant,
            named: Arc::new(named),
            live,
            prices,
            seq: 0,
            ended: false,
            told_at: 0,
            told_bytes: 0,
            is_new_text: false,
        }
    }

    fn now(&self) -> Millis {
        self.dispatch.store.surroundings().clock.now()
    }

    fn next_seq(&mut self) -> u64 {
        self.seq += 1;
        self.seq
    }

    /// Tell of something that is not stored. A payload of ours is always JSON, so a failure is a fault of ours.
    fn tell(&self, name: &'static str, payload: &impl serde::Serialize, listens: Listens, droppable: bool) {
        let audience = self.named.session.audience(listens);
        let audience = if droppable { audience.droppable() } else { audience };
        match event(&self.grant, name, payload, audience) {
            Ok(event) => self.dispatch.bus.publish(event),
            Err(error) => tracing::error!(%error, "an event could not be written"),
        }
    }

    pub(super) fn agent(&mut self, stream: &'static str, data: Value, listens: Listens) {
        let payload = AgentEvent {
            run_id: &self.named.key.clone(),
            session_key: &self.named.session.key.clone(),
            session_id: Cow::Owned(self.named.session.id.clone()),
            agent_id: Cow::Owned(self.named.session.agent_id.clone()),
            seq: self.next_seq(),
            stream,
            ts: self.now(),
            data,
        };
        self.tell("agent", &payload, listens, false);
    }

    fn chat<'a>(&'a self, seq: u64, piece: &'a str, message: Option<&'a RawValue>) -> ChatEvent<'a> {
        ChatEvent {
            run_id: &self.named.key,
            session_key: &self.named.session.key,
            agent_id: Cow::Borrowed(&self.named.session.agent_id),
            seq,
            state: "delta",
            delta_text: Some(piece),
            replace: self.is_new_text.then_some(true),
            message,
            stop_reason: None,
            error_message: None,
            error_kind: None,
        }
    }

    /// Tell the whole text so far to those who did not ask for pieces.
    fn tell_all(&mut self) {
        let text = self.live.said.lock().text.clone();
        if text.len() <= self.told_bytes {
            return;
        }
        let now = self.now();
        let message = json!({ "role": "assistant", "content": [{ "type": "text", "text": text }], "timestamp": now });
        let Ok(message) = serde_json::value::to_raw_value(&message) else { return };
        let piece = &text[self.told_bytes..];
        let seq = self.next_seq();
        let payload = self.chat(seq, piece, Some(&message));
        self.tell("chat", &payload, Listens::Cumulative, true);
        let data = json!({ "text": text, "delta": piece });
        self.agent("assistant", data, Listens::Cumulative);
        self.told_at = now;
        self.told_bytes = text.len();
    }

    /// Write to the store, then do what the commit asked for.
    pub(super) async fn write(&self, handler: Handler<()>) -> Result<()> {
        let ((), effects) = self.dispatch.store.write(self.grant.clone(), handler).await?;
        self.dispatch.settle(effects);
        Ok(())
    }

    /// Write how the run ended, with its last message if it has one.
    pub(super) async fn end(&mut self, ending: Ending, said: Option<Body>, spent: Option<Spent>) -> Result<()> {
        self.ended = true;
        let (runs, named, seq) = (self.runs.clone(), self.named.clone(), self.seq + 1);
        self.write(Box::new(move |scope| {
            async move {
                finish::must_hold(scope, &runs, &named.run).await?;
                if let Some(spent) = &spent {
                    finish::spend(scope, &named, spent).await?;
                }
                finish::end(scope, &named, seq, &ending, said).await
            }
            .boxed()
        }))
        .await
    }

    fn spent(&self, done: &StepDone) -> Option<Spent> {
        let usage = done.usage.clone()?;
        let (provider, model) = (done.provider.clone(), done.model.clone());
        Some(Spent { step: done.step, attempt: done.attempt, provider, model, usage, prices: self.prices })
    }

    /// A step that is not the last: its message and its cost. Its tools run only behind this.
    async fn keep(&mut self, said: Option<Body>, spent: Option<Spent>) -> Result<()> {
        let (runs, named) = (self.runs.clone(), self.named.clone());
        self.write(Box::new(move |scope| {
            async move {
                finish::must_hold(scope, &runs, &named.run).await?;
                if let Some(spent) = &spent {
                    finish::spend(scope, &named, spent).await?;
                }
                if let Some(body) = &said {
                    sessions::append(
                        scope,
                        NewMessage { session: &named.session, run: Some((&named.run, &named.key)), body },
                    )
                    .await?;
                }
                Ok(())
            }
            .boxed()
        }))
        .await
    }
}

#[async_trait]
impl Sink for RunSink {
    async fn call_started(&mut self, call: &CallStart<'_>) -> Result<Option<u32>> {
        let data = json!({ "phase": "model", "provider": call.provider, "model": call.model, "step": call.step, "attempt": call.attempt });
        self.agent("lifecycle", data, Listens::Always);
        Ok(call.max_tokens)
    }

    fn text(&mut self, piece: &str) {
        let seq = self.next_seq();
        {
            let mut said = self.live.said.lock();
            said.text.push_str(piece);
            said.seq = seq;
        }
        self.tell("chat", &self.chat(seq, piece, None), Listens::Pieces, false);
        if self.now() >= self.told_at + CUMULATIVE_MS {
            self.tell_all();
        }
        self.is_new_text = false;
    }

    async fn save(&mut self, text: &str) -> Result<()> {
        self.tell_all();
        let (runs, named, text) = (self.runs.clone(), self.named.clone(), text.to_owned());
        self.write(Box::new(move |scope| {
            async move {
                let lease = scope.now() + super::LEASE_MS;
                scope
                    .run_one(
                        sql!(
                            "UPDATE runs SET partial = $4, lease_until = $5 WHERE workspace_id = $1 AND id = $2 AND owner = $3 AND state = 'running'"
                        ),
                        args![named.run, runs.owner, text, lease],
                    )
                    .await
            }
            .boxed()
        }))
        .await
    }

    async fn step_done(&mut self, done: &StepDone) -> Result<()> {
        let spent = self.spent(done);
        let calls_tools =
            matches!(&done.message, Some(Message::Assistant { tool_calls, .. }) if !tool_calls.is_empty());
        let ending = match &done.end {
            StepEnd::Retry { failure, wait } => {
                tracing::info!(run = %self.named.run, %failure, ?wait, "a provider call is made again");
                return if spent.is_some() { self.keep(None, spent).await } else { Ok(()) };
            }
            StepEnd::Failed(failure) => {
                if let Some(cause) = failure.cause() {
                    tracing::warn!(run = %self.named.run, cause, "a run failed");
                }
                Ending::failed(failure)
            }
            StepEnd::Aborted => Ending::well("aborted"),
            StepEnd::Stop(StopReason::Length) => Ending::well("length"),
            StepEnd::Stop(_) => Ending::well("stop"),
        };
        let body =
            done.message.as_ref().map(|message| finish::body_of(message, self.now(), spent.as_ref(), ending.reason));
        if calls_tools && matches!(done.end, StepEnd::Stop(StopReason::Stop | StopReason::ToolCalls)) {
            self.keep(body, spent).await?;
            self.live.said.lock().text.clear();
            (self.told_bytes, self.is_new_text) = (0, true);
            return Ok(());
        }
        self.end(ending, body, spent).await
    }

    fn tool_started(&mut self, call: &ToolCall) {
        let data = json!({ "phase": "start", "name": call.name, "toolCallId": call.id, "args": call.arguments });
        self.agent("tool", data, Listens::Tools);
    }

    async fn tool_done(&mut self, call: &ToolCall, result: &Message) -> Result<()> {
        let body = finish::body_of(result, self.now(), None, "");
        let is_error = matches!(result, Message::Tool { is_error: true, .. });
        let data = json!({
            "phase": "result", "name": call.name, "toolCallId": call.id, "isError": is_error, "result": result.text(),
        });
        self.keep(Some(body), None).await?;
        self.agent("tool", data, Listens::Tools);
        Ok(())
    }
}

/// The words for a run whose row is gone: its session was deleted, or another process took it.
pub(super) fn lost(error: &Error) -> bool {
    matches!(error.kind(), pmos_kit::Kind::Conflict | pmos_kit::Kind::NotFound)
}
