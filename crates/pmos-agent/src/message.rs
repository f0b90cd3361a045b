//! A conversation in words that belong to no provider. The adapters translate.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::sync::Arc;

/// One entry of a conversation. It is stored as it stands here: the tag is `role`, the fields are camelCase.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "role", rename_all = "snake_case", rename_all_fields = "camelCase")]
pub enum Message {
    /// What a person, a schedule or a program says.
    User {
        /// The words.
        text: String,
        /// Pictures that go with them.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        images: Vec<Image>,
    },
    /// What the model says, and what it wants done.
    Assistant {
        /// The words; empty if it only calls tools.
        text: String,
        /// The calls, in order. Each is answered by a [`Message::Tool`] before the model speaks again.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        tool_calls: Vec<ToolCall>,
    },
    /// What a tool answered.
    Tool {
        /// The [`ToolCall::id`] that this answers.
        call_id: String,
        /// The tool's name.
        name: String,
        /// What the model reads.
        content: String,
        /// Did the tool fail?
        #[serde(default)]
        is_error: bool,
    },
}

impl Message {
    /// Something said to the model, without pictures.
    pub fn user(text: impl Into<String>) -> Self {
        Self::User { text: text.into(), images: Vec::new() }
    }

    /// Something that the model said, without calls.
    pub fn assistant(text: impl Into<String>) -> Self {
        Self::Assistant { text: text.into(), tool_calls: Vec::new() }
    }

    /// The words of this entry, whoever they are from.
    pub fn text(&self) -> &str {
        match self {
            Self::User { text, .. } | Self::Assistant { text, .. } => text,
            Self::Tool { content, .. } => content,
        }
    }
}

/// A picture for the model.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Image {
    /// Such as `image/png`.
    pub media_type: String,
    /// The file in base 64, standard alphabet, padded.
    pub data: String,
}

/// A tool that the model wants to use. It exists only with complete arguments.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ToolCall {
    /// The provider's id, unique within a turn ([`crate::run_turn`] makes one where the provider sends none).
    pub id: String,
    /// The tool's name.
    pub name: String,
    /// A JSON object.
    pub arguments: Value,
}

/// A tool that the model may use.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ToolSpec {
    /// 1 to 64 of `A-Z a-z 0-9 _ -`: OpenAI and Anthropic refuse anything else, so a dot must be mapped by the caller.
    pub name: String,
    /// When to use it, for the model.
    pub description: String,
    /// The JSON schema of the arguments; an object at its top.
    pub parameters: Value,
}

/// What one provider call is asked.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ModelRequest {
    /// The provider's name of the model, such as `gpt-4o-mini`.
    pub model: String,
    /// The system prompt; empty for none.
    pub system: String,
    /// The conversation, oldest first.
    pub messages: Vec<Message>,
    /// What the model may use. [`crate::run_turn`] fills it from [`crate::Tools::specs`].
    pub tools: Arc<[ToolSpec]>,
    /// At most this many tokens of output. Anthropic demands a figure: absent means 8192 there.
    pub max_tokens: Option<u32>,
    /// The sampling temperature; absent means the provider's own.
    pub temperature: Option<f32>,
}

impl ModelRequest {
    /// How many bytes of text the request carries, roughly: what a budget estimates input tokens from
    /// (decisions.md, 6.5: bytes / 2).
    pub fn input_bytes(&self) -> usize {
        let messages: usize = self.messages.iter().map(message_bytes).sum();
        let tools: usize =
            self.tools.iter().map(|tool| tool.name.len() + tool.description.len() + json_bytes(&tool.parameters)).sum();
        self.system.len() + messages + tools
    }
}

fn message_bytes(message: &Message) -> usize {
    match message {
        Message::User { text, images } => text.len() + images.iter().map(|image| image.data.len()).sum::<usize>(),
        Message::Assistant { text, tool_calls } => {
            text.len() + tool_calls.iter().map(|call| call.name.len() + json_bytes(&call.arguments)).sum::<usize>()
        }
        Message::Tool { content, .. } => content.len(),
    }
}

/// The length of a value as compact JSON, give or take escapes, without writing it out.
fn json_bytes(value: &Value) -> usize {
    match value {
        Value::Null | Value::Bool(_) => 5,
        Value::Number(_) => 8,
        Value::String(text) => text.len() + 2,
        Value::Array(items) => 2 + items.iter().map(|item| json_bytes(item) + 1).sum::<usize>(),
        Value::Object(fields) => 2 + fields.iter().map(|(key, item)| key.len() + 4 + json_bytes(item)).sum::<usize>(),
    }
}
