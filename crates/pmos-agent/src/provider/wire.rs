//! What the adapters of both APIs share.

use crate::{Event, Failure, FailureKind};
use serde::{Deserialize, Serialize, Serializer};
use serde_json::Value;
use std::borrow::Cow;
use std::collections::VecDeque;

/// Turns the data of events into events of ours. Pure: bytes, time and retries are elsewhere.
pub(super) trait Decode: Send {
    /// Read the data of one event. Answers whether the answer is complete; nothing is read behind that.
    fn data(&mut self, data: &str, out: &mut Queue) -> Result<bool, Failure>;

    /// The stream has ended without a last word.
    fn end(&mut self, out: &mut Queue) -> Result<(), Failure>;
}

/// Events on their way out. Neighbouring pieces of text become one: what came in one packet is told at once.
#[derive(Debug, Default)]
pub(super) struct Queue(pub(super) VecDeque<Event>);

impl Queue {
    pub(super) fn push(&mut self, event: Event) {
        self.0.push_back(event);
    }

    pub(super) fn text(&mut self, piece: &str) {
        match self.0.back_mut() {
            _ if piece.is_empty() => {}
            Some(Event::Text(text)) => text.push_str(piece),
            _ => self.push(Event::Text(piece.to_owned())),
        }
    }

    pub(super) fn thinking(&mut self, piece: &str) {
        match self.0.back_mut() {
            _ if piece.is_empty() => {}
            Some(Event::Thinking(text)) => text.push_str(piece),
            _ => self.push(Event::Thinking(piece.to_owned())),
        }
    }

    /// A call whose arguments have come to their end.
    pub(super) fn tool_call(&mut self, id: String, name: String, arguments: &str) {
        let arguments_json = if arguments.trim().is_empty() { "{}" } else { arguments };
        self.push(match serde_json::from_str(arguments_json) {
            Ok(arguments @ Value::Object(_)) => Event::ToolCall(crate::ToolCall { id, name, arguments }),
            _ => Event::BadToolCall { id, name, raw: arguments.to_owned() },
        });
    }
}

/// Text that is borrowed from the line wherever it holds no escapes. (`Option<Cow<str>>` would always copy.)
#[derive(Debug, Deserialize)]
pub(super) struct Text<'a>(#[serde(borrow)] pub(super) Cow<'a, str>);

impl Text<'_> {
    pub(super) fn of<'t>(text: Option<&'t Text<'_>>) -> &'t str {
        text.map_or("", |text| &text.0)
    }
}

/// Parse one event's data.
pub(super) fn parse<'a, T: Deserialize<'a>>(data: &'a str) -> Result<T, Failure> {
    serde_json::from_str(data).map_err(|error| bad("the provider sent something that is not its API").with_cause(error))
}

pub(super) fn bad(words: &str) -> Failure {
    Failure::new(FailureKind::BadResponse, words)
}

/// An answer that ended in the middle.
pub(super) fn broken_off() -> Failure {
    bad("the model's answer broke off")
}

/// A JSON value as a JSON string that holds it.
pub(super) fn as_json_text<S: Serializer>(value: &Value, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(value)
}

/// The body of a request.
pub(super) fn body(request: &impl Serialize) -> Result<Vec<u8>, Failure> {
    serde_json::to_vec(request)
        .map_err(|error| Failure::new(FailureKind::Internal, "the request cannot be written").with_cause(error))
}
