//! Chat completions, as OpenAI defines them and as Ollama, OpenRouter, vLLM, LM Studio and others understand them.

use super::refusal;
use super::wire::{Decode, Queue, Text, as_json_text, body, broken_off, parse};
use crate::{Event, Failure, FailureKind, Image, Message, ModelRequest, StopReason, ToolSpec, Usage};
use serde::{Deserialize, Serialize, Serializer};
use serde_json::Value;
use serde_json::value::RawValue;

/// The body of a call. `is_openai`: its newer models know only `max_completion_tokens`, most other servers only `max_tokens`.
pub(super) fn request(request: &ModelRequest, is_openai: bool) -> Result<Vec<u8>, Failure> {
    let system = (!request.system.is_empty()).then(|| Said::System { content: &request.system });
    body(&Call {
        model: &request.model,
        messages: system.into_iter().chain(request.messages.iter().map(said)).collect(),
        tools: request.tools.iter().map(|function| Tool { kind: "function", function }).collect(),
        max_tokens: request.max_tokens.filter(|_| !is_openai),
        max_completion_tokens: request.max_tokens.filter(|_| is_openai),
        temperature: request.temperature,
        stream: true,
        stream_options: StreamOptions { include_usage: true },
    })
}

#[derive(Serialize)]
struct Call<'a> {
    model: &'a str,
    messages: Vec<Said<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tools: Vec<Tool<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_tokens: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_completion_tokens: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    temperature: Option<f32>,
    stream: bool,
    stream_options: StreamOptions,
}

#[derive(Serialize)]
struct StreamOptions {
    include_usage: bool,
}

#[derive(Serialize)]
struct Tool<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    function: &'a ToolSpec,
}

#[derive(Serialize)]
#[serde(tag = "role", rename_all = "lowercase")]
enum Said<'a> {
    System {
        content: &'a str,
    },
    User {
        content: Content<'a>,
    },
    Assistant {
        content: Option<&'a str>,
        #[serde(skip_serializing_if = "Vec::is_empty")]
        tool_calls: Vec<Called<'a>>,
    },
    Tool {
        tool_call_id: &'a str,
        content: &'a str,
    },
}

#[derive(Serialize)]
#[serde(untagged)]
enum Content<'a> {
    Text(&'a str),
    Parts(Vec<Part<'a>>),
}

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Part<'a> {
    Text { text: &'a str },
    ImageUrl { image_url: ImageUrl<'a> },
}

#[derive(Serialize)]
struct ImageUrl<'a> {
    #[serde(serialize_with = "as_data_url")]
    url: &'a Image,
}

#[derive(Serialize)]
struct Called<'a> {
    id: &'a str,
    #[serde(rename = "type")]
    kind: &'static str,
    function: Function<'a>,
}

#[derive(Serialize)]
struct Function<'a> {
    name: &'a str,
    #[serde(serialize_with = "as_json_text")]
    arguments: &'a Value,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde's serialize_with passes a reference to the field")]
fn as_data_url<S: Serializer>(image: &&Image, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(&format_args!("data:{};base64,{}", image.media_type, image.data))
}

fn said(message: &Message) -> Said<'_> {
    match message {
        Message::User { text, images } if images.is_empty() => Said::User { content: Content::Text(text) },
        Message::User { text, images } => {
            let pictures = images.iter().map(|url| Part::ImageUrl { image_url: ImageUrl { url } });
            let words = (!text.is_empty()).then_some(Part::Text { text });
            Said::User { content: Content::Parts(words.into_iter().chain(pictures).collect()) }
        }
        Message::Assistant { text, tool_calls } => Said::Assistant {
            // Null, not "": some servers refuse empty words beside calls, and others refuse null without calls.
            content: (!text.is_empty() || tool_calls.is_empty()).then_some(text),
            tool_calls: tool_calls
                .iter()
                .map(|call| Called {
                    id: &call.id,
                    kind: "function",
                    function: Function { name: &call.name, arguments: &call.arguments },
                })
                .collect(),
        },
        Message::Tool { call_id, content, .. } => Said::Tool { tool_call_id: call_id, content },
    }
}

/// Reads the stream of one call.
#[derive(Debug, Default)]
pub(super) struct Decoder {
    calls: Vec<Partial>,
    finish: Option<StopReason>,
    refusal: String,
    usage: Option<String>,
    has_begun: bool,
}

/// A tool call on its way in.
#[derive(Debug, Default)]
struct Partial {
    index: Option<u32>,
    id: String,
    name: String,
    arguments: String,
}

#[derive(Deserialize)]
struct Chunk<'a> {
    #[serde(borrow)]
    choices: Option<Vec<Choice<'a>>>,
    #[serde(borrow)]
    usage: Option<&'a RawValue>,
    #[serde(borrow)]
    error: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct Choice<'a> {
    #[serde(borrow)]
    delta: Option<Delta<'a>>,
    #[serde(borrow)]
    finish_reason: Option<Text<'a>>,
}

#[derive(Deserialize)]
struct Delta<'a> {
    #[serde(borrow)]
    content: Option<Text<'a>>,
    #[serde(borrow)]
    refusal: Option<Text<'a>>,
    // DeepSeek, vLLM and LM Studio say `reasoning_content`; OpenRouter and Ollama `reasoning`.
    #[serde(borrow)]
    reasoning_content: Option<Text<'a>>,
    #[serde(borrow)]
    reasoning: Option<Text<'a>>,
    #[serde(borrow)]
    tool_calls: Option<Vec<ToolDelta<'a>>>,
}

#[derive(Deserialize)]
struct ToolDelta<'a> {
    index: Option<u32>,
    #[serde(borrow)]
    id: Option<Text<'a>>,
    #[serde(borrow)]
    function: Option<FunctionDelta<'a>>,
}

#[derive(Deserialize)]
struct FunctionDelta<'a> {
    #[serde(borrow)]
    name: Option<Text<'a>>,
    #[serde(borrow)]
    arguments: Option<Text<'a>>,
}

impl Decode for Decoder {
    fn data(&mut self, data: &str, out: &mut Queue) -> Result<bool, Failure> {
        if data.trim() == "[DONE]" {
            return self.finish(out).map(|()| true);
        }
        let chunk: Chunk<'_> = parse(data)?;
        if chunk.error.is_some() {
            return Err(refusal::in_stream(data));
        }
        self.has_begun = true;
        if let Some(usage) = chunk.usage {
            // Some servers repeat it in every chunk, growing: the last one counts.
            self.usage = Some(usage.get().to_owned());
        }
        let Some(choice) = chunk.choices.and_then(|choices| choices.into_iter().next()) else { return Ok(false) };
        if let Some(delta) = choice.delta {
            self.delta(delta, out);
        }
        if let Some(reason) = choice.finish_reason {
            self.finish = Some(self.reason(&reason.0)?);
        }
        Ok(false)
    }

    fn end(&mut self, out: &mut Queue) -> Result<(), Failure> {
        // A server that closes without `[DONE]` and without a reason has said all that it had to say, if it said anything
        // and no call was cut in the middle.
        if !self.has_begun {
            return Err(broken_off());
        }
        if self.finish.is_none() && self.calls.iter().any(|call| !is_object(&call.arguments)) {
            return Err(broken_off());
        }
        self.finish(out)
    }
}

impl Decoder {
    fn delta(&mut self, delta: Delta<'_>, out: &mut Queue) {
        out.thinking(Text::of(delta.reasoning_content.as_ref().or(delta.reasoning.as_ref())));
        out.text(Text::of(delta.content.as_ref()));
        self.refusal.push_str(Text::of(delta.refusal.as_ref()));
        for call in delta.tool_calls.into_iter().flatten() {
            self.tool_delta(&call);
        }
    }

    fn tool_delta(&mut self, delta: &ToolDelta<'_>) {
        let id = Text::of(delta.id.as_ref());
        // Pieces belong together by index. Servers that leave it out, or send 0 for each, send a new id for a new call.
        let belongs = |call: &Partial| {
            (delta.index.is_none() || call.index == delta.index)
                && (id.is_empty() || call.id.is_empty() || call.id == id)
        };
        let at = match self.calls.iter().rposition(belongs) {
            Some(at) => at,
            None => {
                self.calls.push(Partial { index: delta.index, ..Partial::default() });
                self.calls.len() - 1
            }
        };
        let call = &mut self.calls[at];
        if call.id.is_empty() {
            call.id.push_str(id);
        }
        if let Some(function) = &delta.function {
            // Repeated by some servers with each piece, so it is set and not added.
            let name = Text::of(function.name.as_ref());
            if !name.is_empty() {
                name.clone_into(&mut call.name);
            }
            call.arguments.push_str(Text::of(function.arguments.as_ref()));
        }
    }

    fn reason(&self, reason: &str) -> Result<StopReason, Failure> {
        match reason {
            "length" => Ok(StopReason::Length),
            "tool_calls" | "function_call" => Ok(StopReason::ToolCalls),
            "content_filter" => Err(Failure::new(FailureKind::Refusal, "the provider's filter stopped the answer")),
            _ if !self.refusal.is_empty() => Err(Failure::new(FailureKind::Refusal, self.refusal.clone())),
            _ => Ok(StopReason::Stop),
        }
    }

    fn finish(&mut self, out: &mut Queue) -> Result<(), Failure> {
        let reason = self.finish.unwrap_or(StopReason::Stop);
        // Cut at its length, the last call may be cut too, even where what is left happens to be JSON.
        if reason != StopReason::Length {
            for call in self.calls.drain(..) {
                out.tool_call(call.id, call.name, &call.arguments);
            }
        }
        if let Some(raw) = self.usage.take() {
            out.push(Event::Usage(usage(&raw)?));
        }
        out.push(Event::Stop(reason));
        Ok(())
    }
}

/// Are these the whole arguments of a call whose end was not told? None at all may be the beginning of some.
fn is_object(text: &str) -> bool {
    matches!(serde_json::from_str(text), Ok(Value::Object(_)))
}

/// OpenAI counts what it read from its cache among the prompt; ours do not overlap.
fn usage(raw: &str) -> Result<Usage, Failure> {
    let raw: Value = parse(raw)?;
    let count = |pointer: &str| raw.pointer(pointer).and_then(Value::as_u64);
    let prompt = count("/prompt_tokens").unwrap_or(0);
    let cached =
        count("/prompt_tokens_details/cached_tokens").or_else(|| count("/prompt_cache_hit_tokens")).unwrap_or(0);
    Ok(Usage {
        input: prompt.saturating_sub(cached),
        output: count("/completion_tokens").unwrap_or(0),
        cache_read: cached.min(prompt),
        cache_write: 0,
        raw,
    })
}
