//! `agent.wait` and `agent.result`.

use super::Runs;
use crate::sessions::{Body, Content, SessionKey};
use pmos_kit::{Error, Millis, Result, RunId, SessionId};
use pmos_rpc::{Call, methods};
use pmos_store::{Read, Scope, args, from_row, sql};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use std::time::Duration;

methods! {
    /// Wait for a run to end. `runId` is the idempotency key of the message that started it.
    ///
    /// Answers with `status` `timeout` if it is still on after `timeoutMs`.
    Call "agent.wait" Viewer => wait;
    /// Wait for a run to end, and give what the agent said. The second answer of the method `agent`.
    ///
    /// Fails with `UNAVAILABLE` and the run's own words if it ended in an error.
    Call "agent.result" Viewer => result;
}

/// Which run, and how long.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct WaitForRun {
    run_id: String,
    /// 0 to 600,000; 30,000 without it.
    timeout_ms: Option<u64>,
}

/// How a run stands.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct RunStatus {
    run_id: String,
    /// `ok`, `error` or `timeout`.
    #[schemars(extend("enum" = ["ok", "error", "timeout"]))]
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    started_at: Option<Millis>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ended_at: Option<Millis>,
    #[serde(skip_serializing_if = "Option::is_none")]
    stop_reason: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
}

/// A run as it is stored.
struct Stored {
    id: RunId,
    session: SessionId,
    state: String,
    started_at: Option<Millis>,
    ended_at: Option<Millis>,
    stop_reason: Option<String>,
    error: Option<String>,
    provider: Option<String>,
    model: Option<String>,
    input_tokens: i64,
    output_tokens: i64,
}

from_row!(Stored {
    id,
    session,
    state,
    started_at,
    ended_at,
    stop_reason,
    error,
    provider,
    model,
    input_tokens,
    output_tokens
});

impl Stored {
    fn is_done(&self) -> bool {
        self.state == "done"
    }
}

async fn find(scope: &Scope<Read>, key: &str, session: Option<&str>) -> Result<Stored> {
    let visible: Stored = scope
        .one(
            sql!(
                "SELECT r.id, r.session_id, r.state, r.started_at, r.ended_at, r.stop_reason, r.error, r.provider, r.model, r.input_tokens, r.output_tokens
                 FROM runs r JOIN sessions s ON s.workspace_id = $1 AND s.id = r.session_id
                 WHERE r.workspace_id = $1 AND r.client_key = $2 AND (s.visibility <> 'private' OR s.created_by = $3)
                   AND (CAST($4 AS TEXT) IS NULL OR s.key = $4)
                 ORDER BY r.created_at DESC LIMIT 1"
            ),
            args![key, scope.person(), session],
        )
        .await?;
    Ok(visible)
}

/// The run once it is done, or as it stands when the time is over. Another replica's runs are looked at twice a second.
async fn done(call: &Call, key: &str, session: Option<&str>, at_most: Duration) -> Result<Stored> {
    let scope = call.scope()?;
    let runs = scope.service::<Runs>()?;
    let deadline = tokio::time::Instant::now() + at_most;
    loop {
        let ended = runs.ended.notified();
        let run = find(&scope, key, session).await?;
        if run.is_done() || tokio::time::Instant::now() >= deadline {
            return Ok(run);
        }
        let pause = deadline.min(tokio::time::Instant::now() + Duration::from_millis(500));
        drop(tokio::time::timeout_at(pause, ended).await);
    }
}

async fn wait(call: &Arc<Call>, p: WaitForRun) -> Result<RunStatus> {
    let at_most = Duration::from_millis(p.timeout_ms.unwrap_or(30_000).min(600_000));
    let run = done(call, &p.run_id, None, at_most).await?;
    let status = match (run.is_done(), &run.error) {
        (false, _) => "timeout",
        (true, Some(_)) => "error",
        (true, None) => "ok",
    };
    Ok(RunStatus {
        run_id: p.run_id,
        status,
        started_at: run.started_at,
        ended_at: run.ended_at,
        stop_reason: run.stop_reason,
        error: run.error,
    })
}

/// Which run.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct GetResult {
    run_id: String,
    /// Its session, where one key was used in several.
    session_key: Option<SessionKey>,
    /// 0 to 3,600,000; 600,000 without it.
    timeout_ms: Option<u64>,
}

/// What an agent said.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct RunResult {
    run_id: String,
    status: &'static str,
    summary: &'static str,
    result: Said,
}

/// The words, and what they took.
#[derive(Debug, Serialize, JsonSchema)]
struct Said {
    payloads: Vec<Payload>,
    meta: Meta,
}

/// A message for a person.
#[derive(Debug, Serialize, JsonSchema)]
struct Payload {
    text: String,
}

/// What a run took.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct Meta {
    duration_ms: Millis,
    aborted: bool,
    agent_meta: AgentMeta,
}

/// By whom it was answered.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct AgentMeta {
    session_id: SessionId,
    #[serde(skip_serializing_if = "Option::is_none")]
    provider: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    model: Option<String>,
    usage: Tokens,
}

/// Tokens of a run.
#[derive(Debug, Serialize, JsonSchema)]
struct Tokens {
    input: i64,
    output: i64,
    total: i64,
}

async fn result(call: &Arc<Call>, p: GetResult) -> Result<RunResult> {
    let at_most = Duration::from_millis(p.timeout_ms.unwrap_or(600_000).min(3_600_000));
    let key = match &p.session_key {
        Some(named) => Some(crate::sessions::canonical(&call.scope()?, named).await?),
        None => None,
    };
    let run = done(call, &p.run_id, key.as_deref(), at_most).await?;
    if !run.is_done() {
        return Err(Error::unavailable(format!(
            "run {} is still on: wait for its chat events, or call agent.wait",
            p.run_id
        )));
    }
    if let Some(error) = run.error {
        return Err(Error::unavailable(error));
    }
    let text = last_text(&call.scope()?, &run.session, &run.id).await?;
    let duration_ms = run.ended_at.zip(run.started_at).map_or(0, |(end, start)| end - start);
    let usage =
        Tokens { input: run.input_tokens, output: run.output_tokens, total: run.input_tokens + run.output_tokens };
    Ok(RunResult {
        run_id: p.run_id,
        status: "ok",
        summary: "completed",
        result: Said {
            payloads: text.into_iter().map(|text| Payload { text }).collect(),
            meta: Meta {
                duration_ms,
                aborted: run.stop_reason.as_deref() == Some("aborted"),
                agent_meta: AgentMeta { session_id: run.session, provider: run.provider, model: run.model, usage },
            },
        },
    })
}

async fn last_text(scope: &Scope<Read>, session: &SessionId, run: &RunId) -> Result<Option<String>> {
    let body: Option<String> = scope
        .maybe(
            sql!(
                "SELECT body FROM messages WHERE workspace_id = $1 AND session_id = $2 AND run_id = $3 AND role = 'assistant'
                 ORDER BY seq DESC LIMIT 1"
            ),
            args![session, run],
        )
        .await?;
    let Some(body) = body else { return Ok(None) };
    let body: Body = serde_json::from_str(&body).map_err(Error::internal)?;
    let spoken = !matches!(&body.content, Content::Blocks(blocks) if blocks.is_empty());
    Ok(Some(body.text()).filter(|_| spoken))
}
