//! Messages: as they are stored, and as they stand on the wire.
//!
//! A row's body is the message object of the protocol (openclaw.md, 10.4) without what the row says itself, so that a
//! history is read without being understood and written again.

use super::Session;
use pmos_kit::{Error, MessageId, Millis, PersonId, Result, RunId};
use pmos_rpc::frame::quoted;
use pmos_store::{Listens, Scope, Write, args, sql};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use serde_json::value::RawValue;

/// A message as it is stored and told.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Body {
    /// `user`, `assistant` or `toolResult`.
    #[schemars(extend("enum" = ["user", "assistant", "toolResult"]))]
    pub(crate) role: String,
    pub(crate) content: Content,
    pub(crate) timestamp: Millis,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) provider: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) model: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) usage: Option<WireUsage>,
    /// `stop`, `toolUse`, `length`, `aborted`, `error`, `interrupted` or `injected`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) stop_reason: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) error_message: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) tool_call_id: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) tool_name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) is_error: Option<bool>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) attachments: Option<Vec<TextFile>>,
    /// Who said it, where a member did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) sender: Option<Sender>,
    /// The client's key with `:user` behind it, by which it recognises its own message.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) idempotency_key: Option<String>,
}

/// A message on the wire: as it is stored, with what its row says. Only ever described: see [`wire`].
#[derive(JsonSchema)]
#[schemars(rename = "Message")]
pub(crate) struct WireMessage {
    #[schemars(flatten)]
    _body: Body,
    /// Where it stands.
    #[schemars(rename = "__openclaw")]
    _place: MessagePlace,
}

/// Where a message stands.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase")]
pub(crate) struct MessagePlace {
    #[schemars(rename = "id")]
    _id: MessageId,
    /// Its number in the session, from 1.
    #[schemars(rename = "seq")]
    _seq: i64,
    /// The run to which it belongs: the idempotency key of the message that started it.
    #[schemars(rename = "runId", skip_serializing_if = "Option::is_none")]
    _run_id: Option<String>,
}

/// What a message says: plain text, or blocks.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub(crate) enum Content {
    /// Plain text.
    Text(String),
    /// Blocks.
    Blocks(Vec<Block>),
}

/// A block of a message.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "type", rename_all = "camelCase")]
pub(crate) enum Block {
    /// Words.
    Text {
        /// The words.
        text: String,
    },
    /// The model's reasoning.
    Thinking {
        /// The words.
        thinking: String,
    },
    /// A tool that the model wants to use.
    ToolCall {
        /// By which its result names it.
        id: String,
        /// The tool.
        name: String,
        /// A JSON object.
        arguments: Value,
    },
}

/// A text file that came with a message.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct TextFile {
    pub(crate) file_name: String,
    pub(crate) mime_type: String,
    pub(crate) text: String,
}

/// Who said something.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Sender {
    pub(crate) id: PersonId,
    /// Their name when they said it.
    pub(crate) name: String,
}

/// Tokens and cost of a message.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct WireUsage {
    pub(crate) input: u64,
    pub(crate) output: u64,
    pub(crate) total_tokens: u64,
    pub(crate) cache_read: u64,
    pub(crate) cache_write: u64,
    pub(crate) cost: WireCost,
}

/// In US dollars.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
pub(crate) struct WireCost {
    pub(crate) total: f64,
}

impl Body {
    pub(crate) fn new(role: &str, content: Content, timestamp: Millis) -> Self {
        Self {
            role: role.to_owned(),
            content,
            timestamp,
            provider: None,
            model: None,
            usage: None,
            stop_reason: None,
            error_message: None,
            tool_call_id: None,
            tool_name: None,
            is_error: None,
            attachments: None,
            sender: None,
            idempotency_key: None,
        }
    }

    /// All its words.
    pub(crate) fn text(&self) -> String {
        match &self.content {
            Content::Text(text) => text.clone(),
            Content::Blocks(blocks) => blocks
                .iter()
                .filter_map(|block| match block {
                    Block::Text { text } => Some(text.as_str()),
                    Block::Thinking { .. } | Block::ToolCall { .. } => None,
                })
                .collect(),
        }
    }
}

/// A message that joins a session.
pub(crate) struct NewMessage<'a> {
    pub(crate) session: &'a Session,
    /// The run to which it belongs, with the key by which clients know it.
    pub(crate) run: Option<(&'a RunId, &'a str)>,
    pub(crate) body: &'a Body,
}

/// A message joined a session's history.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SessionMessage {
    session_key: String,
    agent_id: pmos_kit::AgentId,
    message_id: MessageId,
    message_seq: i64,
    #[schemars(with = "WireMessage")]
    message: Box<RawValue>,
}

const PREVIEW_CHARS: usize = 160;

/// Write a message behind the others of its session, and tell who listens. Returns its id and the wire's form.
pub(crate) async fn append(scope: &Scope<Write>, new: NewMessage<'_>) -> Result<(MessageId, i64, String)> {
    let id = MessageId::new(scope.clock(), scope.rng());
    let body = serde_json::to_string(new.body).map_err(Error::internal)?;
    let preview: Option<String> =
        Some(new.body.text().chars().take(PREVIEW_CHARS).collect()).filter(|text: &String| !text.is_empty());
    let title =
        preview.as_ref().filter(|_| new.body.role == "user").map(|text| text.chars().take(80).collect::<String>());
    let seq: i64 = scope
        .one(
            sql!(
                "UPDATE sessions SET last_seq = last_seq + 1, updated_at = $3, preview = COALESCE($4, preview), title = COALESCE(title, $5)
                 WHERE workspace_id = $1 AND id = $2 RETURNING last_seq"
            ),
            args![new.session.id, scope.now(), preview, title],
        )
        .await?;
    scope
        .run(
            sql!(
                "INSERT INTO messages (workspace_id, session_id, seq, id, run_id, role, body, created_at)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"
            ),
            args![new.session.id, seq, id, new.run.map(|(run, _)| run), new.body.role, body, scope.now()],
        )
        .await?;
    let wired = wire(&body, id.as_str(), seq, new.run.map(|(_, key)| key));
    let told = SessionMessage {
        session_key: new.session.key.clone(),
        agent_id: new.session.agent_id.clone(),
        message_id: id.clone(),
        message_seq: seq,
        message: RawValue::from_string(wired.clone()).map_err(Error::internal)?,
    };
    scope.publish("session.message", &told, new.session.audience(Listens::Sessions))?;
    Ok((id, seq, wired))
}

/// A stored body with what its row says, in the protocol's `__openclaw` member. The body is not parsed.
pub(crate) fn wire(body: &str, id: &str, seq: i64, run: Option<&str>) -> String {
    let body = body.strip_suffix('}').unwrap_or(body);
    let run = run.map(|run| format!(",\"runId\":{}", quoted(run))).unwrap_or_default();
    format!("{body},\"__openclaw\":{{\"id\":\"{id}\",\"seq\":{seq}{run}}}}}")
}
