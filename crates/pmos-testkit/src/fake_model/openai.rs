//! The wire format of OpenAI chat completions.

use serde_json::{Value, json};

use super::plan::{Step, Stop, stamp};
use super::reply::{INPUT_TOKENS, Reply};

/// What is the same in all chunks of one answer.
#[derive(Debug, Clone)]
pub(super) struct OpenAi {
    pub(super) answer: usize,
    pub(super) model: String,
    /// The usage chunk comes only to those who asked for it with `stream_options.include_usage`.
    pub(super) include_usage: bool,
}

impl OpenAi {
    pub(super) fn of(body: &Value, answer: usize) -> OpenAi {
        OpenAi {
            answer,
            model: body["model"].as_str().unwrap_or("fake-model").to_owned(),
            include_usage: body["stream_options"]["include_usage"] == true,
        }
    }

    /// One step as server-sent events; empty for steps that this format does not have.
    pub(super) fn event(&self, step: &Step) -> String {
        match step {
            Step::Open => self.delta(json!({ "role": "assistant", "content": "" })),
            Step::Text(text) => self.delta(json!({ "content": text })),
            Step::Stamp => self.delta(json!({ "content": stamp() })),
            Step::OpenTool { index, name } => self.delta(json!({ "tool_calls": [{
                "index": index, "id": self.call_id(*index), "type": "function", "function": { "name": name, "arguments": "" },
            }] })),
            Step::ToolArgs { index, piece } => {
                self.delta(json!({ "tool_calls": [{ "index": index, "function": { "arguments": piece } }] }))
            }
            Step::Close { stop, output_tokens } => self.close(*stop, *output_tokens),
            Step::Raw(bytes) => bytes.clone(),
            Step::OpenText | Step::CloseBlock { .. } | Step::Break | Step::Hang => String::new(),
        }
    }

    /// The answer as one JSON object.
    pub(super) fn whole(&self, reply: &Reply) -> Value {
        let (message, finish, output_tokens) = match reply {
            Reply::ToolCalls(calls) => {
                let calls: Vec<Value> = (0..)
                    .zip(calls)
                    .map(|(index, call)| {
                        json!({
                            "id": self.call_id(index), "type": "function",
                            "function": { "name": call.name, "arguments": call.args.to_string() },
                        })
                    })
                    .collect();
                let count = calls.len();
                (json!({ "role": "assistant", "content": null, "tool_calls": calls }), "tool_calls", count)
            }
            Reply::Text { chunks, .. } => {
                (json!({ "role": "assistant", "content": chunks.concat() }), "stop", chunks.len())
            }
            _ => (json!({ "role": "assistant", "content": stamp() }), "stop", 1),
        };
        json!({
            "id": self.id(), "object": "chat.completion", "created": 0, "model": self.model,
            "choices": [{ "index": 0, "message": message, "finish_reason": finish }], "usage": usage(output_tokens),
        })
    }

    fn close(&self, stop: Stop, output_tokens: usize) -> String {
        let reason = if stop == Stop::Tools { "tool_calls" } else { "stop" };
        let mut events = self.chunk(json!([{ "index": 0, "delta": {}, "finish_reason": reason }]), None);
        if self.include_usage {
            events += &self.chunk(json!([]), Some(usage(output_tokens)));
        }
        events + "data: [DONE]\n\n"
    }

    fn delta(&self, delta: Value) -> String {
        self.chunk(json!([{ "index": 0, "delta": delta, "finish_reason": null }]), None)
    }

    fn chunk(&self, choices: Value, usage: Option<Value>) -> String {
        let mut chunk = json!({
            "id": self.id(), "object": "chat.completion.chunk", "created": 0, "model": self.model, "choices": choices,
        });
        if let Some(usage) = usage {
            chunk["usage"] = usage;
        }
        format!("data: {chunk}\n\n")
    }

    fn id(&self) -> String {
        format!("chatcmpl-fake-{}", self.answer)
    }

    fn call_id(&self, index: usize) -> String {
        format!("call_fake_{}_{index}", self.answer)
    }
}

fn usage(output_tokens: usize) -> Value {
    json!({
        "prompt_tokens": INPUT_TOKENS, "completion_tokens": output_tokens,
        "total_tokens": INPUT_TOKENS as usize + output_tokens, "prompt_tokens_details": { "cached_tokens": 0 },
    })
}
