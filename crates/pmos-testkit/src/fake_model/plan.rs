//! A reply as the steps of a stream, before either wire format has written them.

use std::time::Duration;

use super::reply::Reply;
use super::steer::monotonic_ns;

/// How many bytes of a tool call's arguments come in one piece.
const ARGS_PIECE_BYTES: usize = 7;

/// One thing that is written, after a pause.
#[derive(Debug)]
pub(super) struct Timed {
    pub(super) after: Duration,
    pub(super) step: Step,
}

#[derive(Debug)]
pub(super) enum Step {
    Open,
    OpenText,
    Text(String),
    /// A token whose text is made at the moment of writing.
    Stamp,
    OpenTool {
        index: usize,
        name: String,
    },
    ToolArgs {
        index: usize,
        piece: String,
    },
    CloseBlock {
        index: usize,
    },
    Close {
        stop: Stop,
        output_tokens: usize,
    },
    /// Bytes that are no part of the wire format.
    Raw(String),
    Break,
    Hang,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Stop {
    Text,
    Tools,
}

/// The steps of a reply that is a stream; `None` for one that is not.
pub(super) fn steps(reply: &Reply) -> Option<Vec<Timed>> {
    Some(match reply {
        Reply::Text { chunks, delay } => text(chunks.iter().cloned().map(Step::Text).collect(), *delay),
        Reply::Stamped { tokens, delay } => text((0..*tokens).map(|_| Step::Stamp).collect(), *delay),
        Reply::ToolCalls(calls) => {
            let mut steps = vec![Step::Open];
            for (index, call) in calls.iter().enumerate() {
                steps.push(Step::OpenTool { index, name: call.name.clone() });
                steps.extend(pieces(&call.args.to_string()).map(|piece| Step::ToolArgs { index, piece }));
                steps.push(Step::CloseBlock { index });
            }
            steps.push(Step::Close { stop: Stop::Tools, output_tokens: calls.len() });
            at_once(steps)
        }
        Reply::Stall => interrupted(Step::Hang),
        Reply::Cut => interrupted(Step::Break),
        Reply::Garbage => {
            interrupted(Step::Raw("data: {\"choices\": [[[\n\ndata: not json at all\n\n\u{7}\u{0}\n\n".into()))
        }
        Reply::HugeLine { bytes } => interrupted(Step::Raw(format!("data: {}", "x".repeat(*bytes)))),
        Reply::HttpError { .. } | Reply::WrongContentType => return None,
    })
}

/// The text of a token that is written now.
pub(super) fn stamp() -> String {
    format!("@{};", monotonic_ns())
}

fn text(chunks: Vec<Step>, delay: Duration) -> Vec<Timed> {
    let output_tokens = chunks.len();
    let mut steps = at_once(vec![Step::Open, Step::OpenText]);
    // A pause is waited out before the chunk, so that the stamp is taken right before the write.
    steps.extend(chunks.into_iter().map(|step| Timed { after: delay, step }));
    steps.extend(at_once(vec![Step::CloseBlock { index: 0 }, Step::Close { stop: Stop::Text, output_tokens }]));
    steps
}

fn interrupted(by: Step) -> Vec<Timed> {
    at_once(vec![Step::Open, Step::OpenText, Step::Text("This answer ".into()), by])
}

fn at_once(steps: Vec<Step>) -> Vec<Timed> {
    steps.into_iter().map(|step| Timed { after: Duration::ZERO, step }).collect()
}

/// Split at character borders, about [`ARGS_PIECE_BYTES`] each.
fn pieces(text: &str) -> impl Iterator<Item = String> + use<> {
    let mut pieces = vec![String::new()];
    for c in text.chars() {
        match pieces.last_mut() {
            Some(piece) if piece.len() < ARGS_PIECE_BYTES => piece.push(c),
            _ => pieces.push(c.into()),
        }
    }
    pieces.into_iter()
}
