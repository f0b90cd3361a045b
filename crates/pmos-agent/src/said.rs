//! What comes of one provider call.

use crate::{Event, Message, Sink, ToolCall, Usage};

/// What the model said in one call.
#[derive(Debug, Default)]
pub(crate) struct Said {
    pub(crate) text: String,
    /// Bytes at the end of `text` that the sink was not asked to save.
    pub(crate) unsaved: usize,
    has_thought: bool,
    pub(crate) calls: Vec<Asked>,
    pub(crate) usage: Option<Usage>,
}

/// A tool call, and what came in place of its arguments if they were no JSON object.
#[derive(Debug)]
pub(crate) struct Asked {
    pub(crate) call: ToolCall,
    pub(crate) garbled: Option<String>,
}

impl Said {
    /// Nothing came of the call, so that it may be made again.
    pub(crate) fn is_empty(&self) -> bool {
        self.text.is_empty() && self.calls.is_empty() && !self.has_thought
    }

    /// Take one event in, and tell the sink what is for its ears.
    pub(crate) fn take(&mut self, event: Event, sink: &mut dyn Sink) {
        match event {
            Event::Text(piece) => {
                sink.text(&piece);
                self.unsaved += piece.len();
                self.text.push_str(&piece);
            }
            Event::Thinking(piece) => {
                sink.thinking(&piece);
                self.has_thought = true;
            }
            Event::ToolCall(call) => self.calls.push(Asked { call, garbled: None }),
            Event::BadToolCall { id, name, raw } => {
                let call = ToolCall { id, name, arguments: serde_json::json!({}) };
                self.calls.push(Asked { call, garbled: Some(raw) });
            }
            Event::Usage(usage) => self.usage = Some(usage),
            Event::Stop(_) => {}
        }
    }

    /// The message of this call, or `None` if there is nothing in it. Calls stay only if they are going to be answered.
    pub(crate) fn message(&mut self, step: u32, keep_calls: bool) -> Option<Message> {
        if !keep_calls {
            self.calls.clear();
        }
        self.name_calls(step);
        let tool_calls: Vec<ToolCall> = self.calls.iter().map(|asked| asked.call.clone()).collect();
        let text = std::mem::take(&mut self.text);
        (!text.is_empty() || !tool_calls.is_empty()).then_some(Message::Assistant { text, tool_calls })
    }

    // Some servers send no ids, or the same one twice; an answer must still find its call.
    fn name_calls(&mut self, step: u32) {
        for index in 0..self.calls.len() {
            let (before, rest) = self.calls.split_at_mut(index);
            let id = &mut rest[0].call.id;
            if id.is_empty() || before.iter().any(|asked| asked.call.id == *id) {
                *id = format!("call_{step}_{index}");
            }
        }
    }
}
