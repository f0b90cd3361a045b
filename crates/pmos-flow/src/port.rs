//! The outside world, as the engine sees it. Whoever runs a workflow decides what stands behind each port.

use crate::item::{Item, Items};
use crate::value::{Object, Str, Value};
use async_trait::async_trait;
use bytes::Bytes;
use pmos_kit::{Clock, Millis, Rng};
use std::fmt;
use std::sync::Arc;

/// The ports of a run.
#[derive(Clone)]
pub struct Ports {
    /// Outgoing requests.
    pub http: Arc<dyn HttpOut>,
    /// JavaScript.
    pub sandbox: Arc<dyn Sandbox>,
    /// The files that a workflow may read and write.
    pub files: Arc<dyn Files>,
    /// The secrets of nodes.
    pub credentials: Arc<dyn Credentials>,
    /// Outgoing mail.
    pub mail: Arc<dyn MailOut>,
    /// Workflows that workflows call.
    pub workflows: Arc<dyn Workflows>,
    /// The time of day, and waiting.
    pub clock: Arc<dyn Timer>,
    /// Chance.
    pub chance: Arc<dyn Rng>,
    /// What a run has done, kept so that it can go on after a crash.
    pub journal: Arc<dyn Journal>,
}

/// Why a port did not do what it was asked to.
#[derive(Debug, Clone, PartialEq)]
pub struct PortError {
    /// What went wrong and what to do, for the person who made the workflow.
    pub message: String,
    /// May trying again help?
    pub transient: bool,
}

impl PortError {
    /// A failure that trying again does not cure.
    pub fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), transient: false }
    }
}

impl fmt::Display for PortError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)
    }
}

impl std::error::Error for PortError {}

/// The time of day, and waiting.
#[async_trait]
pub trait Timer: Clock {
    /// Returns when so many milliseconds have passed.
    async fn sleep(&self, ms: u64);
}

/// A number from 0 up to but without 1.
pub fn random(chance: &dyn Rng) -> f64 {
    let mut bytes = [0; 8];
    chance.fill(&mut bytes);
    // 53 bits, as many as a double holds.
    (u64::from_le_bytes(bytes) >> 11) as f64 / (1_u64 << 53) as f64
}

/// An outgoing request.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct HttpRequest {
    /// Such as `GET`.
    pub method: Str,
    /// The whole address, query included.
    pub url: String,
    /// Its headers in order.
    pub headers: Vec<(String, String)>,
    /// Its body.
    pub body: Option<Bytes>,
    /// After how many milliseconds it is given up; nothing for the port's own bound.
    pub timeout_ms: Option<u64>,
    /// How many redirects are followed; 0 for none.
    pub redirects: u32,
    /// Are certificates that nobody vouches for accepted?
    pub allow_unauthorized_certs: bool,
    /// The proxy to go through.
    pub proxy: Option<String>,
}

/// An answer to a request.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct HttpResponse {
    /// Such as 200.
    pub status: u16,
    /// Such as `OK`.
    pub status_text: Str,
    /// Its headers in order, names in small letters.
    pub headers: Vec<(String, String)>,
    /// Its body.
    pub body: Bytes,
}

impl HttpResponse {
    /// The response as the journal keeps it.
    pub(crate) fn to_record(&self) -> Bytes {
        let head = Value::from(Object::from_iter([
            ("status", Value::from(usize::from(self.status))),
            ("statusText", Value::from(self.status_text.clone())),
            (
                "headers",
                Value::list(
                    self.headers.iter().map(|(name, value)| Value::list([Value::from(&**name), Value::from(&**value)])),
                ),
            ),
        ]));
        let mut record = crate::value::to_string(&head).into_bytes();
        // JSON holds no bare line break: the first one ends the head.
        record.push(b'\n');
        record.extend_from_slice(&self.body);
        record.into()
    }

    /// The response that [`Self::to_record`] wrote; nothing for what it did not write.
    pub(crate) fn from_record(record: &Bytes) -> Option<Self> {
        let end = record.iter().position(|byte| *byte == b'\n')?;
        let head = crate::value::parse_bytes(&record[..end]).ok()?;
        let header = |pair: &Value| match pair.as_array() {
            Some([name, value]) => (name.to_text().to_string(), value.to_text().to_string()),
            _ => (String::new(), String::new()),
        };
        Some(Self {
            status: head.get("status").as_number()? as u16,
            status_text: head.get("statusText").as_str()?.into(),
            headers: head.get("headers").as_array()?.iter().map(header).collect(),
            body: record.slice(end + 1..),
        })
    }

    /// The first header of this name, which is given in small letters.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str())
    }
}

/// Outgoing requests. What stands behind it refuses addresses that a tenant must not reach.
#[async_trait]
pub trait HttpOut: Send + Sync {
    /// Sends a request and reads its whole answer; any status is an answer.
    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, PortError>;
}

/// The files that a workflow may read and write.
#[async_trait]
pub trait Files: Send + Sync {
    /// The content of a file.
    async fn read(&self, path: &str) -> Result<Bytes, PortError>;
    /// The files that a pattern such as `/data/*.csv` matches, in the order of their names.
    async fn matching(&self, pattern: &str) -> Result<Vec<String>, PortError>;
    /// Writes a file; `append` adds to one that is there.
    async fn write(&self, path: &str, content: Bytes, append: bool) -> Result<(), PortError>;
}

/// The secrets of nodes.
#[async_trait]
pub trait Credentials: Send + Sync {
    /// The fields of a credential, such as `{user, password}`. `kind` is its type, `id` and `name` are what the node has.
    async fn get(&self, kind: &str, id: Option<&str>, name: &str) -> Result<Arc<Object>, PortError>;
    /// Keeps changed fields, such as a token that was refreshed.
    async fn update(&self, kind: &str, id: Option<&str>, name: &str, fields: Arc<Object>) -> Result<(), PortError>;
}

/// A mail to send.
#[derive(Clone, Debug, Default)]
pub struct Mail {
    /// The server and its login, as the `smtp` credential has them: `{host, port, secure, user, password}`.
    pub server: Arc<Object>,
    /// The sender.
    pub from: String,
    /// The receivers.
    pub to: Vec<String>,
    /// Who gets a copy.
    pub cc: Vec<String>,
    /// Who gets a hidden copy.
    pub bcc: Vec<String>,
    /// Where answers go.
    pub reply_to: Option<String>,
    /// The subject.
    pub subject: String,
    /// The text, if there is one.
    pub text: Option<String>,
    /// The page, if there is one.
    pub html: Option<String>,
    /// Files.
    pub attachments: Vec<crate::item::Binary>,
}

/// Outgoing mail.
#[async_trait]
pub trait MailOut: Send + Sync {
    /// Sends a mail and gives what the server said: `{accepted, rejected, messageId, response}`.
    async fn send(&self, mail: Mail) -> Result<Value, PortError>;
}

/// Workflows that workflows call.
#[async_trait]
pub trait Workflows: Send + Sync {
    /// The JSON of a workflow by its id.
    async fn by_id(&self, id: &str) -> Result<Value, PortError>;
}

/// What a sandbox is to run.
#[derive(Clone, Debug)]
pub struct Script {
    /// What the code is.
    pub form: ScriptForm,
    /// The code: the body of an async function, or of each expression its text without `=`.
    pub code: Vec<Str>,
    /// The items of the node's input.
    pub items: Items,
    /// What the code can see besides, as JSON: `{now (ms), zone, workflow, execution, node, prevNode, runIndex, vars, mode, params, nodes: {name: {...}}, staticData}`.
    pub sees: Value,
    /// After how many milliseconds it is stopped.
    pub timeout_ms: u64,
    /// How many bytes it may use.
    pub memory_bytes: u64,
}

/// What the code of a [`Script`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScriptForm {
    /// The Code node, once for all items.
    AllItems,
    /// The Code node, once for each item.
    EachItem,
    /// The old Function node.
    Function,
    /// The old Function Item node.
    FunctionItem,
    /// Expressions, each for every item.
    Expressions,
}

/// What a script gave.
#[derive(Clone, Debug, Default)]
pub struct ScriptOutput {
    /// Of code for all items: what it returned. Of code for each item: what it returned for each, in order.
    /// Of expressions: of the first one value an item, then of the second, and so on.
    pub values: Vec<Result<Value, ScriptError>>,
    /// What it wrote to the console, at most 64 KiB.
    pub console: Vec<String>,
    /// The static data, if the code changed it.
    pub static_data: Option<Value>,
    /// What it set by `$execution.customData`.
    pub custom_data: Option<Value>,
}

/// An error that code threw.
#[derive(Clone, Debug, PartialEq)]
pub struct ScriptError {
    /// Its kind, such as `TypeError`; `ExpressionError` for what n8n itself refuses.
    pub name: String,
    /// Its message.
    pub message: String,
    /// The line of the code, counted from 1.
    pub line: Option<u32>,
    /// What the code attached to it.
    pub description: Option<String>,
}

/// JavaScript, run where it can harm nobody.
#[async_trait]
pub trait Sandbox: Send + Sync {
    /// Runs a script. The error is that of the sandbox: none is there, or a limit was reached.
    async fn run(&self, script: Script) -> Result<ScriptOutput, PortError>;
}

/// Names a call to the outside: the same call has the same name when it is made again after a crash.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CallName {
    /// The execution; that of a sub-workflow is named after the call that started it.
    pub execution: Str,
    /// The node's name.
    pub node: Str,
    /// Its run.
    pub run: usize,
    /// The item.
    pub item: usize,
    /// Which of the item's calls, such as the page.
    pub page: usize,
    /// How often it was answered with a failure before.
    pub attempt: usize,
}

/// What the journal knows of a call.
#[derive(Clone, Debug, PartialEq)]
pub enum Recorded {
    /// It was never made.
    Nothing,
    /// It was about to be made, and nobody knows whether it was.
    Intended,
    /// It was made, and this is its answer, as the engine wrote it.
    Answered(Bytes),
}

/// The state of an execution, to be kept under its id.
pub type KeptState = (Str, Bytes);

/// What a run has done, kept so that it can go on after a crash.
#[async_trait]
pub trait Journal: Send + Sync {
    /// What is known of a call.
    async fn recorded(&self, call: &CallName) -> Result<Recorded, PortError>;
    /// Keeps, before a call is made, that it will be, together with the states of the executions that have changed since
    /// they were last kept. Returns when all of it is safe: all or nothing.
    async fn intend(&self, call: &CallName, states: Vec<KeptState>) -> Result<(), PortError>;
    /// Keeps the answer of a call. Returns when it is safe.
    async fn answer(&self, call: &CallName, answer: Bytes) -> Result<(), PortError>;
    /// Keeps states. Returns when they are safe.
    async fn keep(&self, states: Vec<KeptState>) -> Result<(), PortError>;
    /// The state of an execution that was kept last.
    async fn state(&self, execution: &str) -> Result<Option<Bytes>, PortError>;
    /// Keeps that an execution was taken up again, and gives how often that happened since anything else was kept.
    async fn resumed(&self, execution: &str) -> Result<usize, PortError>;
    /// Does it keep anything at all? Without one the engine saves itself the work of writing its state.
    fn is_kept(&self) -> bool {
        true
    }
}

/// How long a node waits, and for what.
#[derive(Clone, Debug, PartialEq)]
pub struct Wait {
    /// Until when; nothing for a wait without end.
    pub until: Option<Millis>,
    /// Does a request end it, as for webhooks and forms?
    pub resumed_by_request: bool,
}

/// The answer to the webhook that started a run, as a value: whoever holds the connection sends it.
#[derive(Clone, Debug, PartialEq)]
pub struct Reply {
    /// Such as 200.
    pub status: u16,
    /// Its headers in order.
    pub headers: Vec<(String, String)>,
    /// Its body.
    pub body: Bytes,
}

/// The items of a list of JSON objects.
pub fn items(list: impl IntoIterator<Item = Object>) -> Items {
    Arc::new(list.into_iter().map(Item::new).collect())
}
