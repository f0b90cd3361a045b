//! What a run tells the model: the conversation so far, made whole.

use super::{Error, Result};
use crate::sessions::{Block, Body, Content, Session};
use pmos_agent::{Message, ToolCall};
use pmos_store::{Read, Scope, args, sql};

/// Messages that are told at most, and their text; what is older is left out.
const MESSAGES: u32 = 400;
const MAX_BYTES: usize = 600_000;

/// The conversation of a session, oldest first.
pub(super) async fn conversation(scope: &Scope<Read>, session: &Session) -> Result<Vec<Message>> {
    let bodies: Vec<String> = scope
        .rows(
            sql!(
                "SELECT body FROM messages WHERE workspace_id = $1 AND session_id = $2 AND seq >= $3 ORDER BY seq DESC LIMIT $4"
            ),
            args![session.id, session.first_seq, MESSAGES],
        )
        .await?;
    let mut room = MAX_BYTES;
    // The newest message is told whatever its length: the provider says best what is too long for it.
    let told = bodies.iter().enumerate().take_while(|(place, body)| {
        let fits = room >= body.len() || *place == 0;
        room = room.saturating_sub(body.len());
        fits
    });
    let mut bodies: Vec<Body> =
        told.map(|(_, body)| serde_json::from_str(body).map_err(Error::internal)).collect::<Result<_>>()?;
    bodies.reverse();
    Ok(whole(bodies.into_iter().map(message).collect()))
}

fn message(body: Body) -> Message {
    match body.role.as_str() {
        "assistant" => Message::Assistant { text: body.text(), tool_calls: tool_calls(body.content) },
        "toolResult" => Message::Tool {
            content: body.text(),
            call_id: body.tool_call_id.unwrap_or_default(),
            name: body.tool_name.unwrap_or_default(),
            is_error: body.is_error.unwrap_or_default(),
        },
        _ => Message::user(with_files(&body)),
    }
}

fn tool_calls(content: Content) -> Vec<ToolCall> {
    let Content::Blocks(blocks) = content else { return Vec::new() };
    let call = |block| match block {
        Block::ToolCall { id, name, arguments } => Some(ToolCall { id, name, arguments }),
        Block::Text { .. } | Block::Thinking { .. } => None,
    };
    blocks.into_iter().filter_map(call).collect()
}

/// A person's words with the files that came with them.
fn with_files(body: &Body) -> String {
    let mut text = body.text();
    for file in body.attachments.iter().flatten() {
        text.push_str(&format!("\n\n<file name={:?}>\n{}\n</file>", file.file_name, file.text));
    }
    text
}

/// A conversation that every provider takes: it begins with a person, nothing in it is empty, and each tool call is
/// answered right behind it, in words of ours where a crash or a cut took the answer.
fn whole(messages: Vec<Message>) -> Vec<Message> {
    let mut told: Vec<Message> = Vec::with_capacity(messages.len());
    let mut open: Vec<ToolCall> = Vec::new();
    for message in messages.into_iter().skip_while(|message| !matches!(message, Message::User { .. })) {
        match message {
            Message::Tool { call_id, name, content, is_error } => {
                // An answer without its call would be refused by the provider.
                if let Some(place) = open.iter().position(|call| call.id == call_id) {
                    open.remove(place);
                    told.push(Message::Tool { call_id, name, content, is_error });
                }
            }
            Message::Assistant { text, tool_calls } if text.is_empty() && tool_calls.is_empty() => {}
            message => {
                told.extend(open.drain(..).map(unanswered));
                if let Message::Assistant { tool_calls, .. } = &message {
                    open.clone_from(tool_calls);
                }
                told.push(message);
            }
        }
    }
    told.extend(open.drain(..).map(unanswered));
    told
}

fn unanswered(call: ToolCall) -> Message {
    Message::Tool {
        call_id: call.id,
        name: call.name,
        content: "interrupted: it may or may not have taken effect".into(),
        is_error: true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn call(id: &str) -> ToolCall {
        ToolCall { id: id.into(), name: "current_time".into(), arguments: json!({}) }
    }

    fn answer(id: &str) -> Message {
        Message::Tool { call_id: id.into(), name: "current_time".into(), content: "now".into(), is_error: false }
    }

    #[test]
    fn a_call_that_a_crash_left_open_is_answered() {
        let asked = Message::Assistant { text: String::new(), tool_calls: vec![call("1"), call("2")] };
        let told = whole(vec![Message::user("what time is it?"), asked.clone(), answer("1"), Message::user("well?")]);
        assert_eq!(
            told,
            [Message::user("what time is it?"), asked, answer("1"), unanswered(call("2")), Message::user("well?")]
        );
    }

    #[test]
    fn what_a_cut_left_without_its_beginning_is_not_told() {
        let told = whole(vec![
            answer("1"),
            Message::assistant("so"),
            Message::user("hi"),
            Message::assistant(""),
            answer("9"),
        ]);
        assert_eq!(told, [Message::user("hi")]);
    }
}
