//! Where a conversation stands, read from either wire format.

use serde_json::Value;

/// The last thing that the user said, and what tools have answered since.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Turn {
    pub(super) last_user: String,
    pub(super) tool_results: Vec<String>,
}

impl Turn {
    pub(super) fn of(body: &Value) -> Turn {
        let mut turn = Turn::default();
        for message in body["messages"].as_array().into_iter().flatten() {
            match message["role"].as_str() {
                Some("tool") => turn.tool_results.push(text_of(&message["content"])),
                Some("user") => turn.hear(&message["content"]),
                _ => {}
            }
        }
        turn
    }

    /// Anthropic sends tool results as blocks of a user message; they do not begin a new turn.
    fn hear(&mut self, content: &Value) {
        let results = tool_result_blocks(content);
        if !results.is_empty() {
            self.tool_results.extend(results);
            return;
        }
        let text = text_of(content);
        // OpenClaw appends the state of its runtime as a further user message.
        if text.trim_start().starts_with("<<<BEGIN_") {
            return;
        }
        *self = Turn { last_user: text, tool_results: Vec::new() };
    }
}

fn tool_result_blocks(content: &Value) -> Vec<String> {
    let blocks = content.as_array().into_iter().flatten();
    blocks.filter(|block| block["type"] == "tool_result").map(|block| text_of(&block["content"])).collect()
}

fn text_of(content: &Value) -> String {
    match content {
        Value::String(text) => text.clone(),
        Value::Array(blocks) => {
            let texts: Vec<&str> = blocks.iter().filter_map(|block| block["text"].as_str()).collect();
            texts.join("\n")
        }
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    /// Tool results belong to the last user message on both wires; runtime notes are not user messages.
    #[test]
    fn a_turn_is_the_same_on_both_wires() {
        let expected = Turn { last_user: "go".into(), tool_results: vec!["42".into()] };
        let openai = json!({ "messages": [
            { "role": "user", "content": "earlier" }, { "role": "tool", "content": "old" },
            { "role": "user", "content": [{ "type": "text", "text": "go" }] },
            { "role": "user", "content": "<<<BEGIN_RUNTIME" },
            { "role": "assistant", "content": null }, { "role": "tool", "content": "42" },
        ] });
        let anthropic = json!({ "messages": [
            { "role": "user", "content": "go" },
            { "role": "assistant", "content": [{ "type": "tool_use" }] },
            { "role": "user", "content": [{ "type": "tool_result", "content": "42" }] },
        ] });
        assert_eq!(Turn::of(&openai), expected);
        assert_eq!(Turn::of(&anthropic), expected);
    }
}
