//! `pmos chat`: a conversation with an agent in the terminal.

use super::Failure;
use super::output::{say, say_json, tell, write};
use crate::client::{Address, Frame, Remote, Socket};
use crate::config::Env;
use clap::Args;
use pmos_kit::{OsRng, RunId, SystemClock};
use serde_json::{Value, json};
use std::io::{BufRead, IsTerminal};
use tokio::sync::mpsc;

const EXAMPLES: &str = "\
Examples:
  export PMOS_TOKEN=pmos_live_api_…
  pmos chat                                    talk line by line; Ctrl-C stops an answer, Ctrl-D ends
  pmos chat \"Summarise this week\"
  git diff | pmos chat                         the message comes from stdin
  pmos chat --agent agt_… --session agent:agt_…:review \"And now?\"";

/// Talk to an agent. The answer appears as it is written.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Chat {
    /// The agent's id; `main` is the workspace's default agent.
    #[arg(long, default_value = "main")]
    agent: String,
    /// The session's key; the agent's main session by default.
    #[arg(long)]
    session: Option<String>,
    /// Print one JSON object once the answer is complete. Needs a message.
    #[arg(long)]
    pub(super) json: bool,
    #[command(flatten)]
    remote: Remote,
    /// What to say. Without it, lines are read from the terminal, or the whole of stdin from a pipe.
    message: Option<String>,
}

/// How a run ended.
struct Answer {
    text: String,
    stopped: bool,
    usage: Value,
}

impl Chat {
    pub(super) async fn run(self, env: &Env) -> Result<(), Failure> {
        let address = Address::of(&self.remote, env)?;
        let session = self.session.clone().unwrap_or_else(|| format!("agent:{}:main", self.agent));
        let message = self.message()?;
        let mut socket = Socket::connect(&address).await?;
        match message {
            Some(message) => {
                let answer = turn(&mut socket, &session, &message, !self.json).await?;
                self.end(&session, &answer)
            }
            None => converse(&mut socket, &session).await,
        }
    }

    /// The one message, if there is one: the argument, or all that a pipe brings.
    fn message(&self) -> Result<Option<String>, Failure> {
        match &self.message {
            Some(message) => Ok(Some(message.clone())),
            None if std::io::stdin().is_terminal() && !self.json => Ok(None),
            None => {
                let text = std::io::read_to_string(std::io::stdin())
                    .map_err(|cause| Failure::usage(format!("stdin cannot be read: {cause}")))?;
                let text = text.trim();
                if text.is_empty() {
                    Err(Failure::usage("there is no message: pmos chat \"Hello\""))
                } else {
                    Ok(Some(text.to_owned()))
                }
            }
        }
    }

    fn end(&self, session: &str, answer: &Answer) -> Result<(), Failure> {
        if self.json {
            let mut object = json!({ "sessionKey": session, "text": answer.text, "stopped": answer.stopped });
            if !answer.usage.is_null() {
                object["usage"] = answer.usage.clone();
            }
            say_json(&object)?;
        }
        if answer.stopped { Err(Failure::failed("the answer was stopped")) } else { Ok(()) }
    }
}

/// Line after line, until the input ends.
async fn converse(socket: &mut Socket, session: &str) -> Result<(), Failure> {
    let mut lines = lines();
    loop {
        write("> ")?;
        let line = tokio::select! {
            line = lines.recv() => line,
            _ = tokio::signal::ctrl_c() => None,
            // The server may close while nobody speaks; events of other conversations pass by.
            closed = silence(socket) => return Err(closed),
        };
        let Some(line) = line else { return say("") };
        if line.trim().is_empty() {
            continue;
        }
        if turn(socket, session, line.trim(), true).await?.stopped {
            tell("(stopped)");
        }
    }
}

async fn silence(socket: &mut Socket) -> Failure {
    loop {
        if let Err(closed) = socket.next().await {
            return closed;
        }
    }
}

/// Lines of stdin, read on a thread of their own: a terminal cannot be waited for otherwise.
fn lines() -> mpsc::Receiver<String> {
    // One line ahead; a person who types faster waits in the terminal.
    let (sender, receiver) = mpsc::channel(1);
    std::thread::spawn(move || {
        std::io::stdin().lock().lines().map_while(Result::ok).try_for_each(|line| sender.blocking_send(line))
    });
    receiver
}

/// Say something and hear the answer to its end. Ctrl-C stops the agent, not the program.
async fn turn(socket: &mut Socket, session: &str, message: &str, aloud: bool) -> Result<Answer, Failure> {
    let run = RunId::new(&SystemClock, &OsRng);
    let sent = json!({ "sessionKey": session, "message": message, "idempotencyKey": run });
    let request = socket.request("chat.send", &sent).await?;
    let mut heard = Heard { aloud, text: String::new() };
    loop {
        let frame = tokio::select! {
            frame = socket.next() => frame?,
            _ = tokio::signal::ctrl_c() => {
                socket.request("chat.abort", &json!({ "sessionKey": session, "runId": run })).await?;
                continue;
            }
        };
        match frame {
            Frame::Answer(id, Err(error)) if id == request => return Err(Failure::remote(error)),
            Frame::Event(name, payload) if payload["runId"] == run.as_str() => {
                if let Some(answer) = heard.hear(&name, &payload)? {
                    return Ok(answer);
                }
            }
            _ => {}
        }
    }
}

/// What has been heard of an answer.
struct Heard {
    aloud: bool,
    text: String,
}

impl Heard {
    fn hear(&mut self, event: &str, payload: &Value) -> Result<Option<Answer>, Failure> {
        match (event, payload["state"].as_str().unwrap_or_default()) {
            ("chat", "delta") => self.add(payload["deltaText"].as_str().unwrap_or_default()).map(|()| None),
            ("chat", "final") => self.end(payload, false).map(Some),
            ("chat", "aborted") => self.end(payload, true).map(Some),
            ("chat", "error") => {
                self.break_line()?;
                let words = payload["errorMessage"].as_str().unwrap_or("the run failed, and the server gave no reason");
                Err(Failure::failed(words))
            }
            ("agent", _) if payload["stream"] == "tool" && payload["data"]["phase"] == "start" => {
                if self.aloud {
                    tell(&format!("[{}]", payload["data"]["name"].as_str().unwrap_or("tool")));
                }
                Ok(None)
            }
            _ => Ok(None),
        }
    }

    fn add(&mut self, piece: &str) -> Result<(), Failure> {
        self.text.push_str(piece);
        if self.aloud { write(piece) } else { Ok(()) }
    }

    fn break_line(&self) -> Result<(), Failure> {
        if self.aloud && !self.text.is_empty() && !self.text.ends_with('\n') { write("\n") } else { Ok(()) }
    }

    fn end(&mut self, payload: &Value, stopped: bool) -> Result<Answer, Failure> {
        // A final text that came in no pieces, such as the answer to a command, is said whole.
        if self.text.is_empty() {
            self.add(&text_of(&payload["message"]))?;
        }
        self.break_line()?;
        Ok(Answer { text: std::mem::take(&mut self.text), stopped, usage: payload["message"]["usage"].clone() })
    }
}

/// The text of a message, whose content is a text or a list of parts.
fn text_of(message: &Value) -> String {
    match &message["content"] {
        Value::String(text) => text.clone(),
        Value::Array(parts) => parts.iter().filter_map(|part| part["text"].as_str()).collect(),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_add_up_and_a_final_alone_is_enough() {
        let mut heard = Heard { aloud: false, text: String::new() };
        for piece in ["Hel", "lo"] {
            assert!(heard.hear("chat", &json!({ "state": "delta", "deltaText": piece })).unwrap().is_none());
        }
        let answer =
            heard.hear("chat", &json!({ "state": "final", "message": { "content": "Hello" } })).unwrap().unwrap();
        assert_eq!((answer.text.as_str(), answer.stopped), ("Hello", false));
        let whole = json!({ "state": "final", "message": { "content": [{ "type": "text", "text": "Hi" }] } });
        assert_eq!(heard.hear("chat", &whole).unwrap().unwrap().text, "Hi");
    }

    #[test]
    fn a_failed_run_says_why() {
        let mut heard = Heard { aloud: false, text: String::new() };
        let failed = heard.hear("chat", &json!({ "state": "error", "errorMessage": "no key" }));
        assert!(format!("{:?}", failed.err().unwrap()).contains("no key"));
    }
}
