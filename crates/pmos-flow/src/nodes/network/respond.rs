//! How a Webhook node answers, where no Respond to Webhook node does: at once, or with what the last node gave.

use crate::data::Status;
use crate::format::Node;
use crate::item::Item;
use crate::port::Reply;
use crate::run::{Execution, Outcome};
use crate::value::{Object, Path, Value};
use bytes::Bytes;

/// When a webhook answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answers {
    /// Before the run: [`at_once`].
    AtOnce,
    /// When the run has ended, with what its last node gave: [`at_end`].
    AtEnd,
    /// When a Respond to Webhook node says so, or else when the run has ended: [`at_end`].
    ByNode,
}

/// When the webhook that `node` describes answers.
pub fn answers(node: &Node) -> Answers {
    match text(node, "responseMode") {
        "lastNode" => Answers::AtEnd,
        "responseNode" | "streaming" => Answers::ByNode,
        _ => Answers::AtOnce,
    }
}

/// The answer of a webhook that answers before the run.
pub fn at_once(node: &Node) -> Reply {
    let mut reply = begun(node);
    let options = options(node);
    if options.get("noResponseBody").is_truthy() {
        return reply;
    }
    match options.get("responseData") {
        Value::Undefined | Value::Null => reply.set_json(&message("Workflow was started")),
        Value::String(text) => reply.set_body(text.as_bytes().to_vec().into(), "text/html; charset=utf-8"),
        other => reply.set_json(other),
    }
    reply
}

/// The answer of a webhook whose run has ended. A run that waits has not: it answers when it goes on.
pub fn at_end(node: &Node, execution: &Execution, outcome: &Outcome) -> Reply {
    if let Some(reply) = &outcome.reply {
        return reply.clone();
    }
    if !matches!(outcome.status, Status::Success | Status::Waiting) {
        return failed(&message("Error in workflow"));
    }
    if answers(node) == Answers::ByNode {
        return failed(&numbered("No Respond to Webhook node found in the workflow"));
    }
    let world = execution.world();
    let last = world.last.and_then(|node| world.runs[node].last()).and_then(|run| run.outputs.first());
    last_node(node, last.map_or(&[], |items| items.as_slice()))
}

fn last_node(node: &Node, items: &[Item]) -> Reply {
    let mut reply = begun(node);
    let options = options(node);
    let none = || failed(&numbered("No item to return was found"));
    match text(node, "responseData") {
        "allEntries" => reply.set_json(&Value::list(items.iter().map(|item| Value::Object(item.json.clone())))),
        "noData" => {}
        "firstEntryBinary" => {
            let name = Some(text(node, "responseBinaryPropertyName")).filter(|name| !name.is_empty()).unwrap_or("data");
            let Some(item) = items.first() else { return none() };
            match (&item.binary, item.file(name)) {
                (None, _) => return failed(&numbered("No binary data was found to return")),
                (_, None) => {
                    return failed(&numbered(&format!(
                        "The binary property '{name}' which should be returned does not exist"
                    )));
                }
                (_, Some(file)) => reply.set_body(file.data.clone(), &file.mime_type),
            }
        }
        _ => {
            let Some(item) = items.first() else { return none() };
            let whole = Value::Object(item.json.clone());
            let value = match options.get("responsePropertyName").as_str().filter(|path| !path.is_empty()) {
                Some(path) => Path::new(path).get(&item.json),
                None => whole,
            };
            match (options.get("responseContentType").as_str().filter(|kind| !kind.is_empty()), &value) {
                (Some(kind), Value::String(text)) => reply.set_body(text.as_bytes().to_vec().into(), kind),
                (Some(kind), value) => reply.set_body(crate::value::to_string(value).into(), kind),
                (None, value) => reply.set_json(value),
            }
        }
    }
    reply
}

/// Status and headers that the node asks for.
fn begun(node: &Node) -> Reply {
    let options = options(node);
    let code = options.get("responseCode").get("values");
    let chosen = match code.get("responseCode") {
        Value::Undefined => node.parameters.get("responseCode").cloned().unwrap_or_default(),
        chosen if chosen.as_str() == Some("customCode") => code.get("customCode").clone(),
        chosen => chosen.clone(),
    };
    let status = chosen.to_number();
    let status = if (100.0..=599.0).contains(&status) { status as u16 } else { 200 };
    let headers = options.get("responseHeaders").get("entries").as_array().unwrap_or_default();
    let headers = headers
        .iter()
        .map(|header| (header.get("name").to_text().to_lowercase(), header.get("value").to_text().to_string()));
    Reply { status, headers: headers.filter(|(name, _)| !name.is_empty()).collect(), body: Bytes::new() }
}

fn text<'n>(node: &'n Node, name: &str) -> &'n str {
    node.parameters.get(name).and_then(Value::as_str).unwrap_or_default()
}

fn options(node: &Node) -> Value {
    node.parameters.get("options").cloned().unwrap_or_default()
}

fn message(words: &str) -> Value {
    Object::from_iter([("message", Value::from(words))]).into()
}

fn numbered(words: &str) -> Value {
    Object::from_iter([("code", Value::from(0)), ("message", words.into())]).into()
}

fn failed(body: &Value) -> Reply {
    let mut reply = Reply { status: 500, headers: Vec::new(), body: Bytes::new() };
    reply.set_json(body);
    reply
}

#[cfg(test)]
mod tests {
    use super::{at_once, last_node};
    use crate::format::Node;
    use crate::item::Item;
    use crate::value::parse;

    fn node(parameters: &str) -> Node {
        let Ok(crate::value::Value::Object(parameters)) = parse(parameters) else { panic!("no object") };
        Node { parameters, ..Node::default() }
    }

    fn item(json: &str) -> Item {
        Item::read(&parse(json).unwrap())
    }

    #[test]
    fn a_webhook_answers_at_once_unless_told_otherwise() {
        let reply = at_once(&node("{}"));
        assert_eq!((reply.status, &reply.body[..]), (200, &br#"{"message":"Workflow was started"}"#[..]));
        let told = at_once(&node(
            r#"{"options":{"responseData":"ok","responseCode":{"values":{"responseCode":"customCode","customCode":418}}}}"#,
        ));
        assert_eq!((told.status, &told.body[..]), (418, &b"ok"[..]));
        assert!(at_once(&node(r#"{"options":{"noResponseBody":true}}"#)).body.is_empty());
    }

    #[test]
    fn the_last_node_answers() {
        let items = [item(r#"{"a":{"b":1}}"#), item(r#"{"a":2}"#)];
        for (parameters, body) in [
            ("{}", r#"{"a":{"b":1}}"#),
            (r#"{"responseData":"allEntries"}"#, r#"[{"a":{"b":1}},{"a":2}]"#),
            (r#"{"responseData":"noData"}"#, ""),
            (r#"{"options":{"responsePropertyName":"a.b"}}"#, "1"),
        ] {
            assert_eq!(String::from_utf8_lossy(&last_node(&node(parameters), &items).body), body);
        }
        let none = last_node(&node("{}"), &[]);
        assert_eq!((none.status, &none.body[..]), (500, &br#"{"code":0,"message":"No item to return was found"}"#[..]));
        assert_eq!(&last_node(&node(r#"{"responseData":"allEntries"}"#), &[]).body[..], b"[]");
    }
}
