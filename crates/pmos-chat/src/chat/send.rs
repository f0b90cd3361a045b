//! Saying something to an agent, stopping it, and putting words into a session.

use super::attach::{Attachment, text_files};
use crate::agents::{self, AgentRef};
use crate::models::{HINT, Models};
use crate::runs::{self, Runs};
use crate::sessions::{self, Block, Body, Content, NewMessage, Sender, Session, SessionKey};
use pmos_kit::{AgentId, Error, MessageId, Millis, Result, RunId};
use pmos_rpc::{Ignored, Text, methods};
use pmos_store::{Listens, Scope, Write, args, sql};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

methods! {
    /// Say something to the agent of a session. A session that is not there is made, if its agent is.
    ///
    /// Answers once message and run are stored, with `status` `started`, or `queued` behind a run that is on. The words
    /// come as `chat` events whose `runId` is the idempotency key. A key that was used in this session answers
    /// `in_flight` or `ok` and does nothing. `/stop` and `stop` stop what is on instead.
    /// Fails with `CONFLICT` where no model is set up, saying what to do.
    Write "chat.send" Member => send, limit: per_second(5);
    /// Stop the run of this id, or everything that is on or in line in the session. What was said so far is kept.
    ///
    /// Whoever may chat in the session may stop it.
    Write "chat.abort" Member => abort;
    /// Put words of the agent's into a session, without asking a model.
    Write "chat.inject" Admin => inject, limit: per_second(100);
    /// Ask an agent, and wait for its answer: the first answer says `accepted`, the second holds the words.
    ///
    /// Over a socket both carry the request's id; over HTTP only the first comes, and `agent.result` gives the second.
    Write "agent" Member => agent, limit: per_second(5);
}

const MESSAGE: Text = Text { field: "message", min: 1, max: 200_000 };
const KEY: Text = Text { field: "idempotencyKey", min: 1, max: 200 };
const STOP_PHRASES: [&str; 4] = ["/stop", "stop", "/abort", "abort"];

/// A message.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct SendMessage {
    session_key: SessionKey,
    message: String,
    /// 1 to 200 characters, new for each message.
    idempotency_key: String,
    /// At most 10 text files, 512 KiB together.
    attachments: Option<Vec<Attachment>>,
    #[serde(rename = "agentId")]
    _agent_id: Option<Ignored>,
    #[serde(rename = "sessionId")]
    _session_id: Option<Ignored>,
    #[serde(rename = "thinking")]
    _thinking: Option<Ignored>,
    #[serde(rename = "deliver")]
    _deliver: Option<Ignored>,
    #[serde(rename = "timeoutMs")]
    _timeout_ms: Option<Ignored>,
    #[serde(rename = "fastMode")]
    _fast_mode: Option<Ignored>,
    #[serde(rename = "queueMode")]
    _queue_mode: Option<Ignored>,
    #[serde(rename = "expectedLeafEntryId")]
    _expected_leaf_entry_id: Option<Ignored>,
    #[serde(rename = "replyToId")]
    _reply_to_id: Option<Ignored>,
    #[serde(rename = "intent")]
    _intent: Option<Ignored>,
}

/// The message is stored.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct Sent {
    run_id: String,
    /// `started`, `queued`, `in_flight`, `ok` or, for a stop phrase, `aborted`.
    #[schemars(extend("enum" = ["started", "queued", "in_flight", "ok", "aborted"]))]
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    message_seq: Option<i64>,
}

async fn send(scope: &Scope<Write>, p: SendMessage) -> Result<Sent> {
    let key = KEY.name(&p.idempotency_key)?;
    if STOP_PHRASES.contains(&p.message.trim().to_ascii_lowercase().as_str()) {
        stop(scope, &p.session_key, None).await?;
        return Ok(Sent { run_id: key, status: "aborted", message_seq: None });
    }
    let session = sessions::ensure(scope, &p.session_key).await?;
    say(scope, &session, key, &p.message, p.attachments.unwrap_or_default()).await
}

/// Store a message and its run.
async fn say(
    scope: &Scope<Write>,
    session: &Session,
    key: String,
    message: &str,
    files: Vec<Attachment>,
) -> Result<Sent> {
    let last_seq = sessions::hold(scope, &session.id).await?;
    let stands: Option<String> = scope
        .maybe(
            sql!("SELECT state FROM runs WHERE workspace_id = $1 AND session_id = $2 AND client_key = $3"),
            args![session.id, key],
        )
        .await?;
    if let Some(state) = stands {
        return Ok(Sent { run_id: key, status: if state == "done" { "ok" } else { "in_flight" }, message_seq: None });
    }
    must_have_model(scope, session).await?;
    let mut body = Body::new("user", Content::Text(MESSAGE.body(message)?.to_owned()), scope.now());
    body.attachments = text_files(files)?;
    body.sender = sender(scope).await?;
    body.idempotency_key = Some(format!("{key}:user"));
    let accepted = runs::accept(scope, &session.id, last_seq + 1, &key).await?;
    let new = NewMessage { session, run: Some((&accepted.run, &key)), body: &body };
    let (_, seq, _) = sessions::append(scope, new).await?;
    sessions::changed(scope, session, "send").await?;
    scope.about(session.id.as_str());
    let status = if accepted.claimed { "started" } else { "queued" };
    Ok(Sent { run_id: key, status, message_seq: Some(seq) })
}

/// Who is speaking. A super admin who acts by a grant is no member, and stays without a name.
async fn sender(scope: &Scope<Write>) -> Result<Option<Sender>> {
    let name: Option<String> = scope
        .maybe(sql!("SELECT name FROM members WHERE workspace_id = $1 AND person_id = $2"), args![scope.person()])
        .await?;
    Ok(name.map(|name| Sender { id: scope.person().clone(), name }))
}

/// Refuse before anything is stored where nobody could answer.
async fn must_have_model(scope: &Scope<Write>, session: &Session) -> Result<()> {
    // Who does not see an agent any more does not use it any more either.
    let agent = agents::get(scope, session.agent_id.as_str()).await?;
    if session.model.is_some() || agent.model.is_some() || scope.service::<Models>()?.default_of(scope).await?.is_some()
    {
        return Ok(());
    }
    Err(Error::conflict(HINT))
}

/// What to stop.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct AbortRun {
    session_key: SessionKey,
    /// The idempotency key of the message that started it; everything in the session without it.
    run_id: Option<String>,
    #[serde(rename = "agentId")]
    _agent_id: Option<Ignored>,
    #[serde(rename = "preserveSideRuns")]
    _preserve_side_runs: Option<Ignored>,
}

/// What was stopped.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct Aborted {
    ok: bool,
    aborted: bool,
    run_ids: Vec<String>,
}

async fn abort(scope: &Scope<Write>, p: AbortRun) -> Result<Aborted> {
    let run_ids = stop(scope, &p.session_key, p.run_id.as_deref()).await?;
    Ok(Aborted { ok: true, aborted: !run_ids.is_empty(), run_ids })
}

/// Stop what is on in a session: the row says so, and the process that carries it out is told at once where it is this one.
async fn stop(scope: &Scope<Write>, named: &SessionKey, run: Option<&str>) -> Result<Vec<String>> {
    let session = sessions::get(scope, named).await?;
    scope.about(session.id.as_str());
    let live: Vec<(RunId, String, String)> = scope
        .rows(
            sql!(
                "SELECT id, client_key, state FROM runs WHERE workspace_id = $1 AND session_id = $2 AND state <> 'done' ORDER BY turn"
            ),
            args![session.id],
        )
        .await?;
    let mut stopped = Vec::new();
    let mut on = Vec::new();
    for (id, key, state) in live.into_iter().filter(|(_, key, _)| run.is_none_or(|run| run == key)) {
        if state == "queued" {
            runs::drop_queued(scope, &session, &id, &key).await?;
        } else {
            scope
                .run(sql!("UPDATE runs SET abort_at = $3 WHERE workspace_id = $1 AND id = $2"), args![id, scope.now()])
                .await?;
            on.push(id);
        }
        stopped.push(key);
    }
    let runs = scope.service::<Runs>()?;
    scope.then(move || runs.cancel(&on));
    Ok(stopped)
}

/// Words for a session.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct InjectMessage {
    session_key: SessionKey,
    message: String,
    /// Put before the words in brackets; at most 100 characters.
    label: Option<String>,
}

/// The words are stored.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct Injected {
    ok: bool,
    message_id: MessageId,
}

/// What connections are told of injected words.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct InjectedEvent<'a> {
    run_id: String,
    session_key: &'a str,
    agent_id: &'a AgentId,
    seq: u32,
    state: &'static str,
    message: &'a RawValue,
}

const LABEL: Text = Text { field: "label", min: 1, max: 100 };

async fn inject(scope: &Scope<Write>, p: InjectMessage) -> Result<Injected> {
    let session = sessions::ensure(scope, &p.session_key).await?;
    let words = MESSAGE.body(&p.message)?;
    let text = match &p.label {
        Some(label) => format!("[{}]\n\n{words}", LABEL.name(label)?),
        None => words.to_owned(),
    };
    let mut body = Body::new("assistant", Content::Blocks(vec![Block::Text { text }]), scope.now());
    body.stop_reason = Some("injected".into());
    let (message_id, _, wired) =
        sessions::append(scope, NewMessage { session: &session, run: None, body: &body }).await?;
    let message = RawValue::from_string(wired).map_err(Error::internal)?;
    let told = InjectedEvent {
        run_id: format!("inject-{message_id}"),
        session_key: &session.key,
        agent_id: &session.agent_id,
        seq: 0,
        state: "final",
        message: &message,
    };
    scope.publish("chat", &told, session.audience(Listens::Always))?;
    sessions::changed(scope, &session, "inject").await?;
    scope.about(session.id.as_str());
    Ok(Injected { ok: true, message_id })
}

/// A message to an agent, for clients that wait for the answer.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct AskAgent {
    message: String,
    idempotency_key: String,
    /// The default agent without it.
    agent_id: Option<AgentRef>,
    /// The agent's main session without it.
    session_key: Option<SessionKey>,
    attachments: Option<Vec<Attachment>>,
    #[serde(rename = "sessionId")]
    _session_id: Option<Ignored>,
    #[serde(rename = "to")]
    _to: Option<Ignored>,
    #[serde(rename = "replyTo")]
    _reply_to: Option<Ignored>,
    #[serde(rename = "thinking")]
    _thinking: Option<Ignored>,
    #[serde(rename = "deliver")]
    _deliver: Option<Ignored>,
    #[serde(rename = "channel")]
    _channel: Option<Ignored>,
    #[serde(rename = "replyChannel")]
    _reply_channel: Option<Ignored>,
    #[serde(rename = "accountId")]
    _account_id: Option<Ignored>,
    #[serde(rename = "threadId")]
    _thread_id: Option<Ignored>,
    #[serde(rename = "groupId")]
    _group_id: Option<Ignored>,
    #[serde(rename = "timeout")]
    _timeout: Option<Ignored>,
    #[serde(rename = "lane")]
    _lane: Option<Ignored>,
    #[serde(rename = "extraSystemPrompt")]
    _extra_system_prompt: Option<Ignored>,
    #[serde(rename = "label")]
    _label: Option<Ignored>,
}

/// The message is stored, and the agent is asked.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct Asked {
    run_id: String,
    session_key: String,
    agent_id: AgentId,
    /// Always `accepted`.
    status: &'static str,
    accepted_at: Millis,
}

async fn agent(scope: &Scope<Write>, p: AskAgent) -> Result<Asked> {
    let named = match (p.session_key, p.agent_id) {
        (Some(key), _) => key,
        (None, Some(agent)) => SessionKey(format!("agent:{}:main", agent.0)),
        (None, None) => SessionKey("main".into()),
    };
    let session = sessions::ensure(scope, &named).await?;
    let key = KEY.name(&p.idempotency_key)?;
    let sent = say(scope, &session, key, &p.message, p.attachments.unwrap_or_default()).await?;
    Ok(Asked {
        run_id: sent.run_id,
        session_key: session.key,
        agent_id: session.agent_id,
        status: "accepted",
        accepted_at: scope.now(),
    })
}
