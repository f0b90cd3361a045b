//! Steering by message, for tests whose model runs in another process.
//!
//! | directive | effect |
//! | --- | --- |
//! | `[[tokens N]]` | answer with N tokens |
//! | `[[delay MS]]` | pause before each chunk |
//! | `[[stamp]]` | each token carries the instant at which it was written |
//! | `[[tool NAME {json}]]` | call the tool first, then answer with its result; several are called one after the other |
//! | `[[fail STATUS]]`, `[[fail STATUS SECONDS]]` | HTTP error, with `retry-after` |
//! | `[[stall]]`, `[[cut]]`, `[[garbage]]` | one chunk, then silence, a broken connection, nonsense |

use std::time::Duration;

use serde_json::{Value, json};

use super::reply::{Reply, ToolCall};
use super::turn::Turn;

/// The answer that this turn asks for.
pub(super) fn reply_to(turn: &Turn) -> Reply {
    let said = Directives::of(&turn.last_user);
    if let Some((status, retry_after_s)) = said.fail {
        return Reply::HttpError { status, retry_after_s, body: None };
    }
    if let Some(call) = said.tools.get(turn.tool_results.len()) {
        return Reply::ToolCalls(vec![call.clone()]);
    }
    if let Some(ending) = said.ending {
        return ending;
    }
    let delay = said.delay;
    match said.tokens {
        Some(tokens) if said.stamp => Reply::Stamped { tokens, delay },
        Some(tokens) => Reply::chunks((1..=tokens).map(|n| format!("token{n} ")), delay),
        None => Reply::chunks(default_chunks(turn), delay),
    }
}

/// Nanoseconds on the clock that all processes of this machine share.
pub fn monotonic_ns() -> i64 {
    let now = rustix::time::clock_gettime(rustix::time::ClockId::Monotonic);
    now.tv_sec * 1_000_000_000 + now.tv_nsec
}

fn default_chunks(turn: &Turn) -> [String; 4] {
    let [first, second] = ["Hello from ", "the fake model. "].map(String::from);
    match turn.tool_results.last() {
        Some(result) => [first, second, "The tool said: ".into(), shortened(result)],
        None => [first, second, "You said: ".into(), shortened(&turn.last_user)],
    }
}

fn shortened(text: &str) -> String {
    text.chars().take(200).collect()
}

#[derive(Debug, Default)]
struct Directives {
    tokens: Option<usize>,
    delay: Duration,
    stamp: bool,
    tools: Vec<ToolCall>,
    fail: Option<(u16, Option<u64>)>,
    ending: Option<Reply>,
}

impl Directives {
    /// What is not understood is left alone: it may be ordinary text.
    fn of(text: &str) -> Directives {
        let mut said = Directives::default();
        for (at, _) in text.match_indices("[[") {
            let rest = &text[at + 2..];
            let Some((directive, _)) = rest.split_once("]]") else { break };
            let mut words = directive.split_whitespace();
            let (word, first, second) = (words.next(), words.next(), words.next());
            match word {
                Some("tokens") => said.tokens = number(first),
                Some("delay") => said.delay = Duration::from_millis(number(first).unwrap_or(0)),
                Some("stamp") => said.stamp = true,
                Some("fail") => said.fail = number(first).map(|status| (status, number(second))),
                Some("stall") => said.ending = Some(Reply::Stall),
                Some("cut") => said.ending = Some(Reply::Cut),
                Some("garbage") => said.ending = Some(Reply::Garbage),
                Some("tool") => said.tools.extend(tool_call(rest)),
                _ => {}
            }
        }
        said
    }
}

fn number<T: std::str::FromStr>(word: Option<&str>) -> Option<T> {
    word?.parse().ok()
}

/// `tool NAME {json}]]…`: the arguments are read as JSON, since they may hold brackets themselves.
fn tool_call(directive: &str) -> Option<ToolCall> {
    let after = directive.strip_prefix("tool")?.trim_start();
    let end = after.find(|c: char| c.is_whitespace() || c == ']').unwrap_or(after.len());
    let (name, rest) = after.split_at(end);
    let written = serde_json::Deserializer::from_str(rest).into_iter::<Value>().next();
    let args = written.and_then(Result::ok).unwrap_or_else(|| json!({}));
    (!name.is_empty()).then(|| ToolCall { name: name.into(), args })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn turn(said: &str, results: &[&str]) -> Turn {
        Turn { last_user: said.into(), tool_results: results.iter().map(|r| (*r).to_owned()).collect() }
    }

    /// Tools are called in the order in which they are named, then the rest of the message decides.
    #[test]
    fn tools_come_first_and_in_order() {
        let said = r#"go [[tool a {"x":[[1]]}]] [[tool b]] [[tokens 2]]"#;
        let Reply::ToolCalls(first) = reply_to(&turn(said, &[])) else { panic!("no tool call") };
        assert_eq!((first[0].name.as_str(), &first[0].args), ("a", &json!({ "x": [[1]] })));
        let Reply::ToolCalls(second) = reply_to(&turn(said, &["one"])) else { panic!("no tool call") };
        assert_eq!((second[0].name.as_str(), &second[0].args), ("b", &json!({})));
        let Reply::Text { chunks, .. } = reply_to(&turn(said, &["one", "two"])) else { panic!("no text") };
        assert_eq!(chunks, ["token1 ", "token2 "]);
    }

    /// A failure carries the pause that the server asks for.
    #[test]
    fn a_failure_may_ask_for_a_pause() {
        let reply = reply_to(&turn("[[fail 429 2]]", &[]));
        assert!(matches!(reply, Reply::HttpError { status: 429, retry_after_s: Some(2), body: None }), "{reply:?}");
    }

    /// Ordinary text gets the ordinary answer, brackets or not.
    #[test]
    fn ordinary_text_is_repeated() {
        let Reply::Text { chunks, .. } = reply_to(&turn("see [[the wiki]] and [[", &[])) else { panic!("no text") };
        assert_eq!(chunks.concat(), "Hello from the fake model. You said: see [[the wiki]] and [[");
    }
}
