//! What a run writes: its steps, and its end.

use super::events::{AgentEvent, ChatEvent};
use super::{Accepted, Runs};
use crate::sessions::{self, Block, Body, Content, NewMessage, Session, WireCost, WireUsage};
use pmos_agent::{Failure, Message, Prices, Usage, cost};
use pmos_kit::{Error, NanoUsd, Result, RunId, SessionId};
use pmos_platform::usage::{self, Fact};
use pmos_store::{Listens, Scope, Write, args, sql};
use serde_json::json;
use serde_json::value::RawValue;
use std::borrow::Cow;

/// What a run is called, wherever it is told of.
#[derive(Debug, Clone)]
pub(super) struct Named {
    pub(super) run: RunId,
    pub(super) key: String,
    pub(super) session: Session,
}

/// How a run ended.
#[derive(Debug, Clone)]
pub(super) struct Ending {
    /// `stop`, `length`, `max_steps`, `aborted`, `error` or `interrupted`.
    pub(super) reason: &'static str,
    pub(super) error: Option<(String, String)>,
}

impl Ending {
    pub(super) fn well(reason: &'static str) -> Self {
        Self { reason, error: None }
    }

    pub(super) fn failed(failure: &Failure) -> Self {
        Self { reason: "error", error: Some((failure.kind().as_str().into(), failure.message().into())) }
    }

    pub(super) fn refused(error: &Error) -> Self {
        Self { reason: "error", error: Some((error.code().to_ascii_lowercase(), error.public().into())) }
    }

    pub(super) fn interrupted() -> Self {
        let words = "interrupted: the server stopped while the agent was answering; what it had said is kept";
        Self { reason: "interrupted", error: Some(("interrupted".into(), words.into())) }
    }

    /// The state of the `chat` event that tells of it.
    fn state(&self) -> &'static str {
        match self.reason {
            "aborted" => "aborted",
            "error" | "interrupted" => "error",
            _ => "final",
        }
    }

    /// How the session's row shows it.
    fn status(&self) -> &'static str {
        match self.reason {
            "aborted" | "error" | "interrupted" => self.reason,
            _ => "done",
        }
    }
}

/// One provider call of a run, as the ledger counts it.
#[derive(Debug, Clone)]
pub(super) struct Spent {
    pub(super) step: u32,
    pub(super) attempt: u32,
    pub(super) provider: String,
    pub(super) model: String,
    pub(super) usage: Usage,
    pub(super) prices: Prices,
}

/// One more run.
pub(super) async fn count_run(scope: &Scope<Write>, run: &RunId) -> Result<()> {
    let key = format!("{run}:agent_runs");
    usage::record(scope, &[Fact { key: &key, metric: "agent_runs", quantity: 1, source: "run", dims: "{}" }]).await
}

/// Write what a provider call cost, in the ledger, the run and the session.
pub(super) async fn spend(scope: &Scope<Write>, named: &Named, spent: &Spent) -> Result<()> {
    let price = cost(&spent.usage, &spent.prices);
    let dims = json!({
        "provider": spent.provider, "model": spent.model, "agentId": named.session.agent_id, "personId": scope.person(),
        "sessionId": named.session.id, "usage": spent.usage,
    })
    .to_string();
    let input = signed(spent.usage.total().saturating_sub(spent.usage.output));
    let output = signed(spent.usage.output);
    let key = |metric: &str| format!("{}:{}:{}:{metric}", named.run, spent.step, spent.attempt);
    let keys = [key("input_tokens"), key("output_tokens"), key("cost_nano_usd")];
    let fact = |place: usize, metric, quantity, dims| Fact { key: &keys[place], metric, quantity, source: "run", dims };
    usage::record(
        scope,
        &[
            fact(0, "input_tokens", input, &dims),
            fact(1, "output_tokens", output, "{}"),
            fact(2, "cost_nano_usd", price.0, "{}"),
        ],
    )
    .await?;
    scope
        .run(
            sql!(
                "UPDATE runs SET provider = $3, model = $4, input_tokens = input_tokens + $5, output_tokens = output_tokens + $6,
                     cost_nano_usd = cost_nano_usd + $7 WHERE workspace_id = $1 AND id = $2"
            ),
            args![named.run, spent.provider, spent.model, input, output, price.0],
        )
        .await?;
    let model = format!("{}/{}", spent.provider, spent.model);
    scope
        .run(
            sql!(
                "UPDATE sessions SET input_tokens = input_tokens + $3, output_tokens = output_tokens + $4,
                     cost_nano_usd = cost_nano_usd + $5, last_model = $6 WHERE workspace_id = $1 AND id = $2"
            ),
            args![named.session.id, input, output, price.0, model],
        )
        .await
        .map(drop)
}

fn signed(tokens: u64) -> i64 {
    i64::try_from(tokens).unwrap_or(i64::MAX)
}

/// Is the run still this process's? Who lost the lease writes nothing more.
pub(super) async fn must_hold(scope: &Scope<Write>, runs: &Runs, run: &RunId) -> Result<()> {
    let lease = scope.now() + super::LEASE_MS;
    let held = scope
        .run(
            sql!(
                "UPDATE runs SET lease_until = $4, partial = NULL WHERE workspace_id = $1 AND id = $2 AND owner = $3 AND state = 'running'"
            ),
            args![run, runs.owner, lease],
        )
        .await?;
    if held == 0 { Err(Error::conflict("this run was taken over by another process")) } else { Ok(()) }
}

/// The message of the model as it is stored.
pub(super) fn body_of(message: &Message, now: i64, spent: Option<&Spent>, reason: &str) -> Body {
    let Message::Assistant { text, tool_calls } = message else {
        return tool_body(message, now);
    };
    let mut blocks = Vec::with_capacity(1 + tool_calls.len());
    if !text.is_empty() {
        blocks.push(Block::Text { text: text.clone() });
    }
    blocks.extend(tool_calls.iter().map(|call| Block::ToolCall {
        id: call.id.clone(),
        name: call.name.clone(),
        arguments: call.arguments.clone(),
    }));
    let mut body = Body::new("assistant", Content::Blocks(blocks), now);
    body.stop_reason = Some(if tool_calls.is_empty() { reason } else { "toolUse" }.to_owned());
    if let Some(spent) = spent {
        body.provider = Some(spent.provider.clone());
        body.model = Some(spent.model.clone());
        body.usage = Some(wire_usage(&spent.usage, cost(&spent.usage, &spent.prices)));
    }
    body
}

fn tool_body(message: &Message, now: i64) -> Body {
    let mut body = Body::new("toolResult", Content::Blocks(vec![Block::Text { text: message.text().to_owned() }]), now);
    if let Message::Tool { call_id, name, is_error, .. } = message {
        body.tool_call_id = Some(call_id.clone());
        body.tool_name = Some(name.clone());
        body.is_error = Some(*is_error);
    }
    body
}

fn wire_usage(usage: &Usage, cost: NanoUsd) -> WireUsage {
    WireUsage {
        input: usage.input,
        output: usage.output,
        total_tokens: usage.total(),
        cache_read: usage.cache_read,
        cache_write: usage.cache_write,
        cost: WireCost { total: cost.as_dollars() },
    }
}

/// End a run: its last message if it has one, its row, its session, and whoever listens.
pub(super) async fn end(
    scope: &Scope<Write>,
    named: &Named,
    seq: u64,
    ending: &Ending,
    said: Option<Body>,
) -> Result<()> {
    let (kind, words) = ending.error.clone().unzip();
    scope
        .run_one(
            sql!(
                "UPDATE runs SET state = 'done', ended_at = $3, stop_reason = $4, error_kind = $5, error = $6, lease_until = NULL, partial = NULL
                 WHERE workspace_id = $1 AND id = $2 AND state <> 'done'"
            ),
            args![named.run, scope.now(), ending.reason, kind, words],
        )
        .await?;
    scope
        .run(
            sql!("UPDATE sessions SET last_status = $3, updated_at = $4 WHERE workspace_id = $1 AND id = $2"),
            args![named.session.id, ending.status(), scope.now()],
        )
        .await?;
    let message = match last_words(ending, said, scope.now()) {
        Some(body) => {
            let new = NewMessage { session: &named.session, run: Some((&named.run, &named.key)), body: &body };
            let (.., wired) = sessions::append(scope, new).await?;
            Some(RawValue::from_string(wired).map_err(Error::internal)?)
        }
        None => None,
    };
    tell(scope, named, seq, ending, message.as_deref())?;
    sessions::run_ended(scope, &named.session, &named.key, ending.error.is_some()).await
}

/// The message that ends a run: what was said, or, where it failed without a word, the failure.
fn last_words(ending: &Ending, said: Option<Body>, now: i64) -> Option<Body> {
    let failed = ending.error.is_some();
    let mut body = said.or_else(|| failed.then(|| Body::new("assistant", Content::Blocks(Vec::new()), now)))?;
    if ending.reason != "stop" {
        body.stop_reason = Some(ending.reason.to_owned());
    }
    body.error_message = ending.error.as_ref().map(|(_, words)| words.clone());
    Some(body)
}

fn tell(scope: &Scope<Write>, named: &Named, seq: u64, ending: &Ending, message: Option<&RawValue>) -> Result<()> {
    let (kind, words) = match &ending.error {
        Some((kind, words)) => (Some(kind.as_str()), Some(words.as_str())),
        None => (None, None),
    };
    let agent = AgentEvent {
        run_id: &named.key,
        session_key: &named.session.key,
        session_id: Cow::Borrowed(&named.session.id),
        agent_id: Cow::Borrowed(&named.session.agent_id),
        seq,
        stream: "lifecycle",
        ts: scope.now(),
        data: json!({
            "phase": if ending.error.is_some() { "error" } else { "end" }, "endedAt": scope.now(),
            "stopReason": ending.reason, "aborted": ending.reason == "aborted", "error": words,
        }),
    };
    scope.publish("agent", &agent, named.session.audience(Listens::Always))?;
    let chat = ChatEvent {
        run_id: &named.key,
        session_key: &named.session.key,
        agent_id: Cow::Borrowed(&named.session.agent_id),
        seq: seq + 1,
        state: ending.state(),
        delta_text: None,
        replace: None,
        message,
        stop_reason: Some(if ending.reason == "aborted" { "rpc" } else { ending.reason }),
        error_message: words,
        error_kind: kind,
    };
    scope.publish("chat", &chat, named.session.audience(Listens::Always))
}

/// The run in line behind the one that ended, made this process's own.
pub(super) async fn claim_next(scope: &Scope<Write>, runs: &Runs, session: &SessionId) -> Result<Option<Accepted>> {
    let now = scope.now();
    let next: Option<(RunId, pmos_kit::PersonId)> = scope
        .maybe(
            sql!(
                "UPDATE runs SET state = 'running', owner = $3, started_at = $4, lease_until = $5
                 WHERE workspace_id = $1 AND state = 'queued' AND id = (
                     SELECT q.id FROM runs q WHERE q.workspace_id = $1 AND q.session_id = $2 AND q.state = 'queued' ORDER BY q.turn LIMIT 1)
                   AND NOT EXISTS (SELECT 1 FROM runs r WHERE r.workspace_id = $1 AND r.session_id = $2 AND r.state = 'running')
                 RETURNING id, person_id"
            ),
            args![session, runs.owner, now, now + super::LEASE_MS],
        )
        .await?;
    Ok(next.map(|(run, person)| Accepted { workspace: scope.workspace().clone(), run, person, claimed: true }))
}

/// End a run that was still in line: nothing was said, and nobody is asked.
pub(crate) async fn drop_queued(scope: &Scope<Write>, session: &Session, run: &RunId, key: &str) -> Result<()> {
    let named = Named { run: run.clone(), key: key.to_owned(), session: session.clone() };
    end(scope, &named, 0, &Ending::well("aborted"), None).await
}
