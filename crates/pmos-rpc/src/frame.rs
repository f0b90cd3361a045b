//! Frames of the OpenClaw gateway protocol (openclaw.md, 2): one JSON object each.
//!
//! What is absent is left out and never `null`: the reference client drops a response with `"error":null` silently.

use crate::json::Json;
use crate::wire;
use pmos_kit::Error;
use pmos_store::StateVersion;
use serde::Deserialize;
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::fmt::Write;

/// A request, borrowed from the frame's text.
#[derive(Debug)]
pub struct Request<'a> {
    /// Chosen by the client, opaque to us.
    pub id: Cow<'a, str>,
    /// The method's name.
    pub method: Cow<'a, str>,
    /// The parameters, not yet understood.
    pub params: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct Envelope<'a> {
    #[serde(borrow, rename = "type")]
    kind: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    id: Option<&'a RawValue>,
    #[serde(borrow, default)]
    method: Option<&'a RawValue>,
    #[serde(borrow, default)]
    params: Option<&'a RawValue>,
}

/// What a text frame turned out to be.
#[derive(Debug)]
pub enum Decoded<'a> {
    /// A request.
    Request(Request<'a>),
    /// JSON, but no request. The id that was offered is echoed, as JSON.
    Malformed {
        /// The id to answer to, as JSON text.
        id: String,
        /// What is wrong.
        reason: String,
    },
    /// No JSON object at all.
    Garbage,
}

/// Understand a text frame.
pub fn decode(text: &str) -> Decoded<'_> {
    let Ok(envelope) = serde_json::from_str::<Envelope<'_>>(text) else { return Decoded::Garbage };
    let malformed = |reason: &str| Decoded::Malformed {
        // What cannot be read back (a number beyond any double, nesting without end) is not echoed.
        id: envelope
            .id
            .map(RawValue::get)
            .filter(|id| serde_json::from_str::<serde_json::Value>(id).is_ok())
            .unwrap_or("\"invalid\"")
            .to_owned(),
        reason: format!("invalid request frame: {reason}"),
    };
    if envelope.kind.as_deref() != Some("req") {
        return malformed("at /type: must be equal to constant");
    }
    match (string(envelope.id), string(envelope.method)) {
        (Some(id), Some(method)) if !id.is_empty() && !method.is_empty() => {
            Decoded::Request(Request { id, method, params: envelope.params.filter(|raw| raw.get() != "null") })
        }
        (Some(id), _) if !id.is_empty() => malformed("must have required property 'method'"),
        _ => malformed("at /id: must NOT have fewer than 1 characters"),
    }
}

/// A JSON string, borrowed where it holds no escapes, which ids and methods do not.
fn string(raw: Option<&RawValue>) -> Option<Cow<'_, str>> {
    let text = raw?.get();
    let plain = serde_json::from_str(text).map(Cow::Borrowed);
    plain.or_else(|_| serde_json::from_str(text).map(Cow::Owned)).ok()
}

/// A frame on its way out. Results may be long, so a result is copied once, to where it leaves from.
#[derive(Debug)]
pub struct Frame {
    head: String,
    payload: Json,
    tail: &'static str,
}

impl Frame {
    /// Its text, in parts that follow each other.
    pub fn parts(&self) -> [&str; 3] {
        [&self.head, &self.payload, self.tail]
    }
}

impl From<String> for Frame {
    fn from(text: String) -> Self {
        Self { head: text, payload: Json::default(), tail: "" }
    }
}

/// A response that says yes.
pub fn ok(id: &str, payload: Json) -> Frame {
    let mut head = String::with_capacity(id.len() + 48);
    head.push_str("{\"type\":\"res\",\"id\":");
    push_string(&mut head, id);
    head.push_str(",\"ok\":true,\"payload\":");
    Frame { head, payload, tail: "}" }
}

/// A response that says no. `id` is JSON text; `protocol` is the connection's version, which decides some codes.
pub fn error(id: &str, error: &Error, protocol: u32) -> String {
    refused(id, &wire::frame_error(error, protocol))
}

/// The response that refuses a handshake. `id` is JSON text.
pub fn handshake_error(id: &str, error: &Error) -> String {
    refused(id, &wire::handshake_error(error))
}

fn refused(id: &str, body: &str) -> String {
    format!("{{\"type\":\"res\",\"id\":{id},\"ok\":false,\"error\":{body}}}")
}

/// An event. `seq` counts per connection; some carry none. `state` goes with events that tell a snapshot anew.
pub fn event(name: &str, payload: &str, seq: Option<u64>, state: Option<StateVersion>) -> String {
    let mut frame = String::with_capacity(payload.len() + name.len() + 64);
    frame.push_str("{\"type\":\"event\",\"event\":");
    push_string(&mut frame, name);
    frame.push_str(",\"payload\":");
    frame.push_str(payload);
    if let Some(seq) = seq {
        // Writing to a String does not fail.
        let _infallible = write!(frame, ",\"seq\":{seq}");
    }
    if let Some(StateVersion { presence, health }) = state {
        let _infallible = write!(frame, ",\"stateVersion\":{{\"presence\":{presence},\"health\":{health}}}");
    }
    frame.push('}');
    frame
}

/// Text as JSON.
pub fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    push_string(&mut out, text);
    out
}

fn push_string(frame: &mut String, text: &str) {
    if text.bytes().all(|byte| byte >= 0x20 && byte != b'"' && byte != b'\\') {
        frame.push('"');
        frame.push_str(text);
        frame.push('"');
    } else {
        frame.push_str(&serde_json::Value::from(text).to_string());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_request_is_understood_and_borrowed() {
        let Decoded::Request(request) =
            decode(r#"{"type":"req","id":"1:a","method":"health","params":{"probe":true}}"#)
        else {
            panic!("a request");
        };
        assert_eq!((&*request.id, &*request.method), ("1:a", "health"));
        assert_eq!(request.params.map(RawValue::get), Some(r#"{"probe":true}"#));
    }

    #[test]
    fn the_offered_id_is_echoed_even_when_it_is_a_number_or_empty() {
        for (text, id) in [
            (r#"{"type":"req","id":7,"method":"health"}"#, "7"),
            (r#"{"type":"req","id":"","method":"health"}"#, "\"\""),
            (r#"{"type":"req","method":"health"}"#, "\"invalid\""),
            (r#"{"type":"x","id":"a"}"#, "\"a\""),
            (r#"{"type":"req","id":2e9999,"method":"health"}"#, "\"invalid\""),
        ] {
            let Decoded::Malformed { id: echoed, reason } = decode(text) else { panic!("{text}") };
            assert_eq!(echoed, id);
            assert!(reason.starts_with("invalid request frame: "));
        }
        assert!(matches!(decode("hello"), Decoded::Garbage));
    }

    #[test]
    fn nothing_is_ever_null_in_an_envelope() {
        let frame = error("\"1\"", &Error::conflict("no"), 4);
        assert!(!frame.contains("null"), "{frame}");
        assert_eq!(ok("a\"b", "{}".into()).parts().concat(), r#"{"type":"res","id":"a\"b","ok":true,"payload":{}}"#);
        assert_eq!(event("tick", "{}", Some(1), None), r#"{"type":"event","event":"tick","payload":{},"seq":1}"#);
    }

    proptest! {
        #[test]
        fn any_frame_is_understood_or_refused(text in ".{0,200}") {
            let _ = decode(&text);
        }

        #[test]
        fn any_id_comes_back_as_it_was(id in "\\PC{1,40}") {
            let frame: serde_json::Value = serde_json::from_str(&ok(&id, "1".into()).parts().concat()).unwrap();
            prop_assert_eq!(frame["id"].as_str(), Some(id.as_str()));
        }
    }
}
