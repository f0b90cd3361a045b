//! The wire format of Anthropic messages.

use serde_json::{Value, json};

use super::plan::{Step, Stop, stamp};
use super::reply::{INPUT_TOKENS, Reply};

/// What is the same in all events of one answer.
#[derive(Debug, Clone)]
pub(super) struct Anthropic {
    pub(super) answer: usize,
    pub(super) model: String,
}

impl Anthropic {
    pub(super) fn of(body: &Value, answer: usize) -> Anthropic {
        Anthropic { answer, model: body["model"].as_str().unwrap_or("fake-model").to_owned() }
    }

    /// One step as server-sent events.
    pub(super) fn event(&self, step: &Step) -> String {
        match step {
            Step::Open => {
                let message = self.message(json!([]), Value::Null, 1);
                event(json!({ "type": "message_start", "message": message })) + &event(json!({ "type": "ping" }))
            }
            Step::OpenText => block_start(0, json!({ "type": "text", "text": "" })),
            Step::Text(text) => block_delta(0, json!({ "type": "text_delta", "text": text })),
            Step::Stamp => block_delta(0, json!({ "type": "text_delta", "text": stamp() })),
            Step::OpenTool { index, name } => block_start(*index, self.tool_use(*index, name, json!({}))),
            Step::ToolArgs { index, piece } => {
                block_delta(*index, json!({ "type": "input_json_delta", "partial_json": piece }))
            }
            Step::CloseBlock { index } => event(json!({ "type": "content_block_stop", "index": index })),
            Step::Close { stop, output_tokens } => {
                event(json!({
                    "type": "message_delta", "delta": { "stop_reason": reason(*stop), "stop_sequence": null },
                    "usage": { "output_tokens": output_tokens },
                })) + &event(json!({ "type": "message_stop" }))
            }
            Step::Raw(bytes) => bytes.clone(),
            Step::Break | Step::Hang => String::new(),
        }
    }

    /// The answer as one JSON object.
    pub(super) fn whole(&self, reply: &Reply) -> Value {
        match reply {
            Reply::ToolCalls(calls) => {
                let blocks: Vec<Value> =
                    (0..).zip(calls).map(|(index, call)| self.tool_use(index, &call.name, call.args.clone())).collect();
                let count = blocks.len();
                self.message(json!(blocks), json!(reason(Stop::Tools)), count)
            }
            Reply::Text { chunks, .. } => self.text_message(&chunks.concat(), chunks.len()),
            _ => self.text_message(&stamp(), 1),
        }
    }

    fn text_message(&self, text: &str, output_tokens: usize) -> Value {
        self.message(json!([{ "type": "text", "text": text }]), json!(reason(Stop::Text)), output_tokens)
    }

    fn message(&self, content: Value, stop_reason: Value, output_tokens: usize) -> Value {
        json!({
            "id": format!("msg_fake_{}", self.answer), "type": "message", "role": "assistant", "model": self.model,
            "content": content, "stop_reason": stop_reason, "stop_sequence": null,
            "usage": {
                "input_tokens": INPUT_TOKENS, "output_tokens": output_tokens,
                "cache_creation_input_tokens": 0, "cache_read_input_tokens": 0,
            },
        })
    }

    fn tool_use(&self, index: usize, name: &str, input: Value) -> Value {
        json!({ "type": "tool_use", "id": format!("toolu_fake_{}_{index}", self.answer), "name": name, "input": input })
    }
}

fn reason(stop: Stop) -> &'static str {
    match stop {
        Stop::Text => "end_turn",
        Stop::Tools => "tool_use",
    }
}

fn block_start(index: usize, block: Value) -> String {
    event(json!({ "type": "content_block_start", "index": index, "content_block": block }))
}

fn block_delta(index: usize, delta: Value) -> String {
    event(json!({ "type": "content_block_delta", "index": index, "delta": delta }))
}

fn event(data: Value) -> String {
    let name = data["type"].as_str().unwrap_or("message");
    format!("event: {name}\ndata: {data}\n\n")
}
