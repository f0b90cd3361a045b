//! One request of a connection, from its frame to the frame that answers it.

use super::listener::Listener;
use crate::front::Front;
use pmos_kit::{Error, Kind};
use pmos_platform::dispatch::Peer;
use pmos_rpc::frame::{self, Decoded, Frame, Request};
use pmos_rpc::wire;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::sync::Arc;
use tungstenite::Utf8Bytes;

/// A request that was answered.
#[derive(Debug, Default)]
pub(super) struct Finished {
    /// The answer. What is not even JSON gets none.
    pub(super) frame: Option<Frame>,
    pub(super) verdict: Verdict,
    /// A run was started by it.
    pub(super) starts: bool,
    /// Events of sessions are wanted from now on.
    pub(super) subscribes: bool,
    /// A second answer follows.
    pub(super) follow_up: Option<Box<FollowUp>>,
    /// It is such a second answer.
    pub(super) is_follow_up: bool,
}

/// What the answer says of the caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Verdict {
    /// Nothing: the call went well or failed for its own reasons.
    #[default]
    Fine,
    /// They may not do this.
    Forbidden,
    /// What they showed holds no more.
    SignedOut,
}

/// A run whose end is the second answer to the request that started it.
#[derive(Debug)]
pub(super) struct FollowUp {
    /// The request's id.
    id: String,
    run_id: String,
    /// The parameters of `agent.result`.
    params: String,
}

/// Answer a frame.
pub(super) async fn answer(front: Arc<Front>, peer: Arc<Peer>, protocol: u32, text: Utf8Bytes) -> Finished {
    match frame::decode(&text) {
        Decoded::Request(request) => call(&front, &peer, protocol, &request).await,
        Decoded::Malformed { id, reason } => {
            Finished { frame: Some(frame::error(&id, &Error::invalid(reason), protocol).into()), ..Finished::default() }
        }
        Decoded::Garbage => Finished::default(),
    }
}

async fn call(front: &Front, peer: &Peer, protocol: u32, request: &Request<'_>) -> Finished {
    let called = if request.method == "connect" {
        Err(Error::invalid("connect is only valid as the first request"))
    } else {
        front.call(peer, &request.method, request.params.map(RawValue::get)).await
    };
    match called {
        Ok(answer) => Finished {
            starts: request.method == "chat.send",
            subscribes: Listener::subscribes(&request.method),
            follow_up: (request.method == "agent").then(|| FollowUp::of(request, &answer.json)).flatten().map(Box::new),
            frame: Some(frame::ok(&request.id, answer.json)),
            ..Finished::default()
        },
        Err(error) => Finished {
            frame: Some(frame::error(&frame::quoted(&request.id), &error, protocol).into()),
            verdict: Verdict::of(&error),
            ..Finished::default()
        },
    }
}

/// Wait for a run to end, and say how.
pub(super) async fn follow_up(front: Arc<Front>, peer: Arc<Peer>, protocol: u32, follow_up: Box<FollowUp>) -> Finished {
    let frame = match front.call(&peer, "agent.result", Some(&follow_up.params)).await {
        Ok(answer) => frame::ok(&follow_up.id, answer.json),
        Err(error) => failed(&follow_up, &error, protocol).into(),
    };
    Finished { frame: Some(frame), is_follow_up: true, ..Finished::default() }
}

/// Clients that wait for a run read its end from the payload, an error's too.
fn failed(follow_up: &FollowUp, error: &Error, protocol: u32) -> String {
    let (id, run) = (frame::quoted(&follow_up.id), frame::quoted(&follow_up.run_id));
    let (body, summary) = (wire::frame_error(error, protocol), frame::quoted(error.public()));
    let payload = format!(r#"{{"runId":{run},"status":"error","summary":{summary}}}"#);
    format!(r#"{{"type":"res","id":{id},"ok":false,"error":{body},"payload":{payload}}}"#)
}

impl Verdict {
    fn of(error: &Error) -> Self {
        match error.kind() {
            Kind::Forbidden { .. } => Verdict::Forbidden,
            Kind::Unauthenticated => Verdict::SignedOut,
            _ => Verdict::Fine,
        }
    }
}

/// The part of an answer to `agent`, and of its parameters, that names the run.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Accepted<'a> {
    #[serde(borrow)]
    run_id: Option<Cow<'a, str>>,
    #[serde(borrow)]
    status: Option<Cow<'a, str>>,
    #[serde(borrow)]
    session_key: Option<Cow<'a, str>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Wanted<'a> {
    run_id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    session_key: Option<&'a str>,
}

impl FollowUp {
    /// The run that was accepted, if one was: a repeated request for one that ended has its end in the first answer.
    fn of(request: &Request<'_>, answer: &str) -> Option<Self> {
        let accepted: Accepted<'_> = serde_json::from_str(answer).ok()?;
        let run_id = accepted.run_id.filter(|_| accepted.status.as_deref() == Some("accepted"))?;
        let asked: Option<Accepted<'_>> = request.params.and_then(|params| serde_json::from_str(params.get()).ok());
        let session_key = accepted.session_key.or(asked.and_then(|asked| asked.session_key));
        let wanted = Wanted { run_id: &run_id, session_key: session_key.as_deref() };
        let params = serde_json::to_string(&wanted).ok()?;
        Some(Self { id: request.id.clone().into_owned(), run_id: run_id.into_owned(), params })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn follow(frame: &str, answer: &str) -> Option<FollowUp> {
        let Decoded::Request(request) = frame::decode(frame) else { panic!("a request") };
        FollowUp::of(&request, answer)
    }

    #[test]
    fn a_run_that_was_accepted_is_waited_for() {
        let asked = r#"{"type":"req","id":"7","method":"agent","params":{"message":"hi","sessionKey":"agent:main:x"}}"#;
        let waiting = follow(asked, r#"{"runId":"r1","status":"accepted","acceptedAt":1}"#).unwrap();
        assert_eq!(waiting.params, r#"{"runId":"r1","sessionKey":"agent:main:x"}"#);
        assert!(follow(asked, r#"{"runId":"r1","status":"ok"}"#).is_none());
        let failed: serde_json::Value = serde_json::from_str(&failed(&waiting, &Error::conflict("no"), 4)).unwrap();
        assert_eq!((failed["payload"]["status"].as_str(), failed["ok"].as_bool()), (Some("error"), Some(false)));
    }
}
