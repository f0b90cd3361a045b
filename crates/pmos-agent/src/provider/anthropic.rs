//! Anthropic's messages API, version 2023-06-01.

use super::refusal;
use super::wire::{Decode, Queue, Text, body, broken_off, parse};
use crate::{Event, Failure, FailureKind, Image, Message, ModelRequest, StopReason, ToolSpec, Usage};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use serde_json::value::RawValue;

/// What is sent where the request names no cap: the API demands one.
const DEFAULT_MAX_TOKENS: u32 = 8192;

/// The body of a call.
pub(super) fn request(request: &ModelRequest) -> Result<Vec<u8>, Failure> {
    body(&Call {
        model: &request.model,
        max_tokens: request.max_tokens.unwrap_or(DEFAULT_MAX_TOKENS),
        system: Some(request.system.as_str()).filter(|system| !system.is_empty()),
        messages: turns(&request.messages),
        tools: request.tools.iter().map(Tool::of).collect(),
        temperature: request.temperature,
        stream: true,
    })
}

#[derive(Serialize)]
struct Call<'a> {
    model: &'a str,
    max_tokens: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    system: Option<&'a str>,
    messages: Vec<Said<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tools: Vec<Tool<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    temperature: Option<f32>,
    stream: bool,
}

#[derive(Serialize)]
struct Tool<'a> {
    name: &'a str,
    description: &'a str,
    input_schema: &'a Value,
}

impl<'a> Tool<'a> {
    fn of(tool: &'a ToolSpec) -> Self {
        Self { name: &tool.name, description: &tool.description, input_schema: &tool.parameters }
    }
}

#[derive(Serialize)]
struct Said<'a> {
    role: &'static str,
    content: Vec<Block<'a>>,
}

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Block<'a> {
    Text { text: &'a str },
    Image { source: Source<'a> },
    ToolUse { id: &'a str, name: &'a str, input: &'a Value },
    ToolResult { tool_use_id: &'a str, content: &'a str, is_error: bool },
}

#[derive(Serialize)]
struct Source<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    media_type: &'a str,
    data: &'a str,
}

/// The conversation in turns: the results of all calls of a message must stand in the one that follows, and an entry
/// without content is refused.
fn turns(messages: &[Message]) -> Vec<Said<'_>> {
    let mut turns: Vec<Said<'_>> = Vec::with_capacity(messages.len());
    for message in messages {
        let role = if matches!(message, Message::Assistant { .. }) { "assistant" } else { "user" };
        let content = blocks(message);
        match turns.last_mut() {
            _ if content.is_empty() => {}
            Some(last) if last.role == role => last.content.extend(content),
            _ => turns.push(Said { role, content }),
        }
    }
    turns
}

fn blocks(message: &Message) -> Vec<Block<'_>> {
    let words = |text| Some(Block::Text { text }).filter(|_| !str::is_empty(text));
    match message {
        Message::User { text, images } => images.iter().map(picture).chain(words(text)).collect(),
        Message::Assistant { text, tool_calls } => {
            let calls =
                tool_calls.iter().map(|call| Block::ToolUse { id: &call.id, name: &call.name, input: &call.arguments });
            words(text).into_iter().chain(calls).collect()
        }
        Message::Tool { call_id, content, is_error, .. } => {
            vec![Block::ToolResult { tool_use_id: call_id, content, is_error: *is_error }]
        }
    }
}

fn picture(image: &Image) -> Block<'_> {
    Block::Image { source: Source { kind: "base64", media_type: &image.media_type, data: &image.data } }
}

/// Reads the stream of one call.
#[derive(Debug, Default)]
pub(super) struct Decoder {
    call: Option<Partial>,
    stop: Option<StopReason>,
    /// The usage object of `message_start`, with the fields of `message_delta` over it.
    usage: serde_json::Map<String, Value>,
}

/// A tool call on its way in. Blocks come one after the other, so there is one at a time.
#[derive(Debug)]
struct Partial {
    id: String,
    name: String,
    json: String,
}

#[derive(Deserialize)]
struct Frame<'a> {
    #[serde(rename = "type", borrow)]
    kind: Text<'a>,
    #[serde(borrow)]
    content_block: Option<BlockStart<'a>>,
    #[serde(borrow)]
    delta: Option<Delta<'a>>,
    message: Option<MessageStart>,
    usage: Option<serde_json::Map<String, Value>>,
    #[serde(borrow)]
    error: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct MessageStart {
    usage: Option<serde_json::Map<String, Value>>,
}

#[derive(Deserialize)]
struct BlockStart<'a> {
    #[serde(rename = "type", borrow)]
    kind: Text<'a>,
    #[serde(borrow)]
    id: Option<Text<'a>>,
    #[serde(borrow)]
    name: Option<Text<'a>>,
    #[serde(borrow)]
    text: Option<Text<'a>>,
}

#[derive(Deserialize)]
struct Delta<'a> {
    #[serde(borrow)]
    text: Option<Text<'a>>,
    #[serde(borrow)]
    thinking: Option<Text<'a>>,
    #[serde(borrow)]
    partial_json: Option<Text<'a>>,
    #[serde(borrow)]
    stop_reason: Option<Text<'a>>,
}

impl Decode for Decoder {
    fn data(&mut self, data: &str, out: &mut Queue) -> Result<bool, Failure> {
        let frame: Frame<'_> = parse(data)?;
        match &*frame.kind.0 {
            "error" => return Err(refusal::in_stream(data)),
            _ if frame.error.is_some() => return Err(refusal::in_stream(data)),
            "message_start" => self.usage.extend(frame.message.and_then(|message| message.usage).into_iter().flatten()),
            "content_block_start" => self.block_starts(frame.content_block, out),
            "content_block_delta" => self.block_goes_on(frame.delta, out),
            "content_block_stop" => self.block_ends(out),
            "message_delta" => {
                self.usage.extend(frame.usage.into_iter().flatten());
                self.reason(Text::of(frame.delta.as_ref().and_then(|delta| delta.stop_reason.as_ref())))?;
            }
            "message_stop" => return self.end(out).map(|()| true),
            // `ping`, and what the API may add later: it asks its clients to pass over what they do not know.
            _ => {}
        }
        Ok(false)
    }

    fn end(&mut self, out: &mut Queue) -> Result<(), Failure> {
        let reason = self.stop.ok_or_else(broken_off)?;
        if !self.usage.is_empty() {
            out.push(Event::Usage(usage(std::mem::take(&mut self.usage))));
        }
        out.push(Event::Stop(reason));
        Ok(())
    }
}

impl Decoder {
    fn block_starts(&mut self, block: Option<BlockStart<'_>>, out: &mut Queue) {
        let Some(block) = block else { return };
        match &*block.kind.0 {
            "text" => out.text(Text::of(block.text.as_ref())),
            "tool_use" => {
                self.call = Some(Partial {
                    id: Text::of(block.id.as_ref()).to_owned(),
                    name: Text::of(block.name.as_ref()).to_owned(),
                    json: String::new(),
                });
            }
            _ => {}
        }
    }

    fn block_goes_on(&mut self, delta: Option<Delta<'_>>, out: &mut Queue) {
        let Some(delta) = delta else { return };
        out.text(Text::of(delta.text.as_ref()));
        out.thinking(Text::of(delta.thinking.as_ref()));
        if let Some(call) = &mut self.call {
            call.json.push_str(Text::of(delta.partial_json.as_ref()));
        }
    }

    fn block_ends(&mut self, out: &mut Queue) {
        if let Some(call) = self.call.take() {
            out.tool_call(call.id, call.name, &call.json);
        }
    }

    fn reason(&mut self, reason: &str) -> Result<(), Failure> {
        self.stop = match reason {
            "" => return Ok(()),
            "refusal" => return Err(Failure::new(FailureKind::Refusal, "the model declines to answer")),
            "max_tokens" | "model_context_window_exceeded" => Some(StopReason::Length),
            "tool_use" => Some(StopReason::ToolCalls),
            _ => Some(StopReason::Stop),
        };
        Ok(())
    }
}

fn usage(raw: serde_json::Map<String, Value>) -> Usage {
    let count = |name: &str| raw.get(name).and_then(Value::as_u64).unwrap_or(0);
    Usage {
        input: count("input_tokens"),
        output: count("output_tokens"),
        cache_read: count("cache_read_input_tokens"),
        cache_write: count("cache_creation_input_tokens"),
        raw: Value::Object(raw),
    }
}
