//! Respond to Webhook: the answer for the request that started the run, as a value.

use crate::item::{Item, Links};
use crate::node::{Context, Given, Group, Kind, NodeError, NodeType, Property, Run, Shown};
use crate::port::Reply;
use crate::value::{self, Object, Path, Value};
use base64::Engine;
use bytes::Bytes;
use hmac::{Hmac, Mac};
use sha2::{Sha256, Sha384, Sha512};

/// Answers the webhook.
pub(super) static RESPOND_TO_WEBHOOK: NodeType = NodeType {
    name: "n8n-nodes-base.respondToWebhook",
    title: "Respond to Webhook",
    summary: "Returns data for the webhook that started the workflow.",
    group: Group::Network,
    versions: &[1.0, 1.1, 1.2, 1.3, 1.4, 1.5],
    outputs: |node| {
        let enabled = node.parameters.get("enableResponseOutput").is_some_and(Value::is_truthy);
        if gives_response(node.version, enabled) { 2 } else { 1 }
    },
    properties: &[
        Property::bool("enableResponseOutput", false).since(1.4),
        Property::options(
            "respondWith",
            "firstIncomingItem",
            &["allIncomingItems", "binary", "firstIncomingItem", "json", "jwt", "noData", "redirect", "text"],
        ),
        Property::text("redirectURL").when(&[Shown::is("respondWith", &["redirect"])]),
        Property::of("responseBody", Kind::Json)
            .or("{\n  \"myField\": \"value\"\n}")
            .when(&[Shown::is("respondWith", &["json"])]),
        Property::text("responseBody").when(&[Shown::is("respondWith", &["text"])]),
        Property::of("payload", Kind::Json)
            .or("{\n  \"myField\": \"value\"\n}")
            .when(&[Shown::is("respondWith", &["jwt"])]),
        Property::options("responseDataSource", "automatically", &["automatically", "set"])
            .when(&[Shown::is("respondWith", &["binary"])]),
        Property::text("inputFieldName").or("data").when(&[Shown::is("responseDataSource", &["set"])]),
        Property::collection(
            "options",
            &[
                Property::number("responseCode", 200.0),
                Property::groups("responseHeaders", &[("entries", &[Property::text("name"), Property::text("value")])]),
                Property::text("responseKey"),
                Property::bool("enableStreaming", true),
            ],
        ),
    ],
    credentials: &["jwtAuth"],
    run: Run::Effect(run),
    ..NodeType::BASE
};

/// Nodes that a request can start or wake.
const REQUESTED: &[&str] = &[
    "n8n-nodes-base.webhook",
    "n8n-nodes-base.formTrigger",
    "n8n-nodes-base.wait",
    "@n8n/n8n-nodes-langchain.chatTrigger",
    "@n8n/n8n-nodes-langchain.mcpTrigger",
];

fn gives_response(version: f64, enabled: bool) -> bool {
    version == 1.3 || (version >= 1.4 && enabled)
}

fn run<'a>(context: &'a mut Context<'_>) -> crate::node::BoxFuture<'a, Result<Given, NodeError>> {
    Box::pin(async move {
        let reply = match reply(context).await {
            Ok(reply) => reply,
            Err(error) => return Ok(vec![context.failed(error, 0)?].into()),
        };
        let mut given = context.pass_on();
        if gives_response(context.version(), context.flag("enableResponseOutput", 0)?) {
            let all = Links::to_all(0..context.items().len());
            given
                .outputs
                .push(vec![Item { links: all, ..Item::new(Object::from_iter([("response", as_value(&reply))])) }]);
        }
        given.reply = Some(reply);
        Ok(given)
    })
}

fn as_value(reply: &Reply) -> Value {
    let text = String::from_utf8_lossy(&reply.body);
    let headers: Object =
        reply.headers.iter().map(|(name, value)| (name.as_str(), Value::from(value.as_str()))).collect();
    Object::from_iter([
        ("body", value::parse(&text).unwrap_or_else(|_| Value::from(text.into_owned()))),
        ("headers", headers.into()),
        ("statusCode", usize::from(reply.status).into()),
    ])
    .into()
}

async fn reply(context: &mut Context<'_>) -> Result<Reply, NodeError> {
    let index = context.frame().index;
    let workflow = context.workflow().clone();
    let is_requested = |(at, node): (usize, &std::sync::Arc<crate::format::Node>)| {
        REQUESTED.contains(&&*node.kind) && !node.disabled && workflow.connections.leads(at, index)
    };
    if context.version() >= 1.1 && !workflow.nodes.iter().enumerate().any(is_requested) {
        return Err(NodeError::new("No Webhook node found in the workflow")
            .described("Insert a Webhook node to your workflow and set the “Respond” parameter to “Using Respond to Webhook Node” option"));
    }
    let options = context.get("options", 0)?;
    let status = options.get("responseCode").to_number();
    let mut reply = Reply {
        status: if (100.0..=599.0).contains(&status) { status as u16 } else { 200 },
        headers: Vec::new(),
        body: Bytes::new(),
    };
    for header in options.get("responseHeaders").get("entries").as_array().unwrap_or_default() {
        let name = header.get("name").to_text().to_lowercase();
        reply.headers.push((name, header.get("value").to_text().to_string()));
    }
    let items = context.items();
    let key = options.get("responseKey").as_str().unwrap_or_default().to_owned();
    match &*context.text("respondWith", 0)? {
        "json" => reply.set_json(&json(context.get("responseBody", 0)?)?),
        "jwt" => {
            let payload = context.get("payload", 0)?;
            let token = sign(context, json_of(payload, "Invalid JSON in 'Payload' field")?).await?;
            reply.set_json(&Object::from_iter([("token", Value::from(token))]).into());
        }
        "allIncomingItems" => {
            reply.set_json(&under(&key, Value::list(items.iter().map(|item| Value::Object(item.json.clone())))))
        }
        "firstIncomingItem" => {
            let first = items.first().map(|item| Value::Object(item.json.clone())).unwrap_or_else(Value::object);
            reply.set_json(&under(&key, first));
        }
        "text" => {
            reply.set_body(context.text("responseBody", 0)?.as_bytes().to_vec().into(), "text/html; charset=utf-8")
        }
        "redirect" => {
            let to = context.text("redirectURL", 0)?;
            reply.headers.push(("location".into(), to.to_string()));
            if options.get("responseCode").is_nullish() {
                reply.status = 307;
            }
        }
        "binary" => binary(context, &mut reply)?,
        "noData" => {}
        other => return Err(NodeError::new(format!("The Response Data option \"{other}\" is not supported!"))),
    }
    Ok(reply)
}

impl Reply {
    /// Sets the body, and its type unless a header says it already.
    pub(super) fn set_body(&mut self, body: Bytes, kind: &str) {
        self.body = body;
        if !self.headers.iter().any(|(name, _)| name == "content-type") {
            self.headers.push(("content-type".into(), kind.into()));
        }
    }

    /// Sets the body to JSON.
    pub(super) fn set_json(&mut self, value: &Value) {
        self.set_body(value::to_string(value).into(), "application/json; charset=utf-8");
    }
}

fn json(body: Value) -> Result<Value, NodeError> {
    json_of(body, "Invalid JSON in 'Response Body' field")
}

fn json_of(given: Value, words: &str) -> Result<Value, NodeError> {
    match given {
        Value::String(text) if text.is_empty() => Ok(Value::Undefined),
        Value::String(text) => value::parse(&text).map_err(|_| {
            NodeError::new(words)
                .described("Check that the syntax of the JSON in the 'Response Body' parameter is valid")
        }),
        other => Ok(other.into_json()),
    }
}

/// A value at a path of an object, or the value alone where there is no path.
fn under(path: &str, value: Value) -> Value {
    if path.is_empty() {
        return value;
    }
    let mut object = Object::new();
    Path::new(path).set(&mut object, value);
    object.into()
}

fn binary(context: &mut Context<'_>, reply: &mut Reply) -> Result<(), NodeError> {
    let items = context.items();
    let files = items
        .first()
        .and_then(|item| item.binary.clone())
        .ok_or_else(|| NodeError::new("No binary data exists on the first item!"))?;
    let file = if &*context.text("responseDataSource", 0)? == "set" {
        let name = context.text("inputFieldName", 0)?;
        let found = files.iter().find(|(own, _)| *own == name);
        found.ok_or_else(|| {
            NodeError::new(format!("The binary property '{name}' which should be returned does not exist!"))
        })?
    } else {
        files.first().ok_or_else(|| NodeError::new("No binary data exists on the first item!"))?
    };
    reply.set_body(file.1.data.clone(), &file.1.mime_type);
    Ok(())
}

/// A JSON web token (RFC 7519) of a payload, signed with the secret of the node's credential.
async fn sign(context: &Context<'_>, payload: Value) -> Result<String, NodeError> {
    let credential = context.credential("jwtAuth").await?;
    let text = |key: &str| credential.get(key).map(Value::to_text).unwrap_or_default();
    let algorithm = text("algorithm");
    let mut payload = payload.as_object().cloned().unwrap_or_default();
    if !payload.contains_key("iat") {
        payload.insert("iat", Value::from(context.now() / 1000));
    }
    let encode = |bytes: &[u8]| base64::prelude::BASE64_URL_SAFE_NO_PAD.encode(bytes);
    let algorithm = if algorithm.is_empty() || &*algorithm == "undefined" { "HS256" } else { &algorithm };
    let head = Object::from_iter([("alg", Value::from(algorithm)), ("typ", "JWT".into())]);
    let signed = format!(
        "{}.{}",
        encode(value::to_string(&head.into()).as_bytes()),
        encode(value::to_string(&payload.into()).as_bytes())
    );
    let secret = text("secret");
    let signature = match algorithm {
        "HS256" => mac::<Hmac<Sha256>>(&secret, &signed),
        "HS384" => mac::<Hmac<Sha384>>(&secret, &signed),
        "HS512" => mac::<Hmac<Sha512>>(&secret, &signed),
        other => {
            return Err(NodeError::new(format!(
                "Tokens cannot be signed with {other} here: use HS256, HS384 or HS512"
            )));
        }
    };
    Ok(format!("{signed}.{}", encode(&signature)))
}

fn mac<M: Mac + hmac::digest::KeyInit>(key: &str, text: &str) -> Vec<u8> {
    // Keys of any length are taken.
    let Ok(mac) = <M as Mac>::new_from_slice(key.as_bytes()) else { return Vec::new() };
    mac.chain_update(text).finalize().into_bytes().to_vec()
}
