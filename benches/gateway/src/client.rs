//! The least of the protocol that a load generator needs: challenge, `connect`, requests, `chat` events.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;
use std::time::Duration;

use anyhow::{Context, Result, anyhow, bail};
use futures_util::stream::{SplitSink, SplitStream};
use futures_util::{SinkExt, StreamExt, TryStreamExt, stream};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio::sync::{Mutex, mpsc, oneshot};
use tokio_tungstenite::tungstenite::{Message, Utf8Bytes};
use tokio_tungstenite::{WebSocketStream, client_async};

use crate::options::Options;

/// OpenClaw refuses the 33rd socket of an address that has not signed in yet.
pub(crate) const HANDSHAKES_AT_ONCE: usize = 16;
const HANDSHAKE_TIMEOUT: Duration = Duration::from_secs(30);
const REQUEST_TIMEOUT: Duration = Duration::from_secs(120);
const SCOPES: [&str; 5] =
    ["operator.admin", "operator.read", "operator.write", "operator.approvals", "operator.pairing"];

/// Where to connect, and as whom.
#[derive(Debug, Clone)]
pub(crate) struct Server {
    url: String,
    token: String,
    caps: Vec<String>,
    /// The server's process and others that work for it, where they are measured.
    pub(crate) pids: Vec<u32>,
}

impl Server {
    pub(crate) fn of(options: &Options) -> Result<Server> {
        let list = |name| options.text(name).unwrap_or_default().split(',').filter(|item| !item.is_empty());
        Ok(Server {
            url: options.required("url")?.to_owned(),
            token: options.text("token").unwrap_or_default().to_owned(),
            caps: list("caps").map(str::to_owned).collect(),
            pids: list("pid").map(str::parse).collect::<Result<_, _>>().context("--pid")?,
        })
    }

    pub(crate) fn with_token(&self, token: &str) -> Server {
        Server { token: token.to_owned(), ..self.clone() }
    }

    pub(crate) async fn connect(&self) -> Result<Client> {
        tokio::time::timeout(HANDSHAKE_TIMEOUT, self.handshake()).await.context("handshake timeout")?
    }

    pub(crate) async fn connect_many(&self, count: usize) -> Result<Vec<Client>> {
        stream::iter(0..count).map(|_| self.connect()).buffer_unordered(HANDSHAKES_AT_ONCE).try_collect().await
    }

    async fn handshake(&self) -> Result<Client> {
        let rest = self.url.strip_prefix("ws://").context("only ws:// URLs are measured")?;
        let authority = rest.split(['/', '?']).next().unwrap_or(rest);
        let tcp = TcpStream::connect(authority).await?;
        tcp.set_nodelay(true)?;
        let (mut socket, _) = client_async(&self.url, tcp).await?;
        let challenge: Value = serde_json::from_str(&next_text(&mut socket).await?)?;
        if challenge["event"] != "connect.challenge" {
            bail!("no challenge came first: {challenge}");
        }
        let connect = json!({ "type": "req", "id": "connect", "method": "connect", "params": {
            "minProtocol": 3, "maxProtocol": 4, "role": "operator", "scopes": SCOPES, "caps": self.caps,
            "client": { "id": "gateway-client", "version": "0.1.0", "platform": "linux", "mode": "backend" },
            "auth": { "token": self.token },
        } });
        socket.send(Message::text(connect.to_string())).await?;
        let hello: Value = serde_json::from_str(&next_text(&mut socket).await?)?;
        if hello["ok"] != true {
            bail!("connect was refused: {}", hello["error"]);
        }
        Ok(Client::start(socket))
    }
}

async fn next_text(socket: &mut WebSocketStream<TcpStream>) -> Result<Utf8Bytes> {
    loop {
        match socket.next().await.context("the connection ended")?? {
            Message::Text(text) => return Ok(text),
            Message::Close(frame) => bail!("closed: {frame:?}"),
            _ => {}
        }
    }
}

/// One authenticated connection. Many requests and runs may be under way on it.
#[derive(Debug)]
pub(crate) struct Client {
    shared: Rc<Shared>,
    sink: Mutex<SplitSink<WebSocketStream<TcpStream>, Message>>,
    reader: tokio::task::JoinHandle<()>,
    next_id: Cell<u64>,
}

#[derive(Debug, Default)]
struct Shared {
    pending: RefCell<HashMap<u64, oneshot::Sender<Utf8Bytes>>>,
    runs: RefCell<HashMap<String, mpsc::UnboundedSender<ChatEvent>>>,
    received_bytes: Cell<usize>,
    ended: RefCell<Option<String>>,
}

/// A `chat` event, with the instant at which its frame was read.
#[derive(Debug)]
pub(crate) struct ChatEvent {
    pub(crate) at_ns: i64,
    pub(crate) chat: Chat,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Chat {
    run_id: String,
    pub(crate) state: String,
    pub(crate) delta_text: Option<String>,
    pub(crate) error_message: Option<String>,
}

/// A frame without its payload, which is skipped, not parsed: answers can be large and the generator must stay light.
#[derive(Debug, Deserialize)]
struct Envelope<'a> {
    id: Option<&'a str>,
    event: Option<&'a str>,
}

#[derive(Debug, Deserialize)]
struct Verdict {
    ok: bool,
    error: Option<Value>,
}

#[derive(Debug, Deserialize)]
struct Payload<T> {
    payload: T,
}

impl Client {
    fn start(socket: WebSocketStream<TcpStream>) -> Client {
        let (sink, stream) = socket.split();
        let shared = Rc::new(Shared::default());
        let reader = tokio::task::spawn_local(shared.clone().read(stream));
        Client { shared, sink: Mutex::new(sink), reader, next_id: Cell::new(1) }
    }

    /// Send a request and wait for its answer, which is checked to be `ok`.
    pub(crate) async fn call(&self, method: &str, params: &Value) -> Result<Answer> {
        let id = self.next_id.replace(self.next_id.get() + 1);
        let (answered, answer) = oneshot::channel();
        self.shared.pending.borrow_mut().insert(id, answered);
        let request = json!({ "type": "req", "id": id.to_string(), "method": method, "params": params });
        self.sink.lock().await.send(Message::text(request.to_string())).await?;
        let frame = tokio::time::timeout(REQUEST_TIMEOUT, answer)
            .await
            .with_context(|| format!("{method}: no answer"))?
            .map_err(|_| anyhow!("{method}: {}", self.ended().unwrap_or_default()))?;
        let verdict: Verdict = serde_json::from_str(&frame)?;
        match verdict.error {
            None if verdict.ok => Ok(Answer(frame)),
            error => bail!("{method}: {}", error.unwrap_or_default()),
        }
    }

    /// The `chat` events of a run that is about to be sent.
    pub(crate) fn events_of(&self, run_id: &str) -> mpsc::UnboundedReceiver<ChatEvent> {
        let (sender, receiver) = mpsc::unbounded_channel();
        self.shared.runs.borrow_mut().insert(run_id.to_owned(), sender);
        receiver
    }

    pub(crate) fn forget(&self, run_id: &str) {
        self.shared.runs.borrow_mut().remove(run_id);
    }

    pub(crate) fn received_bytes(&self) -> usize {
        self.shared.received_bytes.get()
    }

    /// Why the connection is over, if it is.
    pub(crate) fn ended(&self) -> Option<String> {
        self.shared.ended.borrow().clone()
    }

    pub(crate) async fn close(self) -> Result<()> {
        self.sink.lock().await.close().await?;
        Ok(())
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        self.reader.abort();
    }
}

/// An answer that was `ok`.
#[derive(Debug)]
pub(crate) struct Answer(Utf8Bytes);

impl Answer {
    pub(crate) fn payload(&self) -> Result<Value> {
        Ok(serde_json::from_str::<Payload<Value>>(&self.0)?.payload)
    }

    pub(crate) fn bytes(&self) -> usize {
        self.0.len()
    }
}

impl Shared {
    async fn read(self: Rc<Self>, mut stream: SplitStream<WebSocketStream<TcpStream>>) {
        let end = loop {
            match stream.next().await {
                Some(Ok(Message::Text(frame))) => self.take(frame),
                Some(Ok(Message::Close(close))) => break format!("closed: {close:?}"),
                Some(Ok(_)) => {}
                Some(Err(error)) => break error.to_string(),
                None => break "the connection ended".to_owned(),
            }
        };
        *self.ended.borrow_mut() = Some(end);
        // Whoever waits learns it from the dropped senders.
        self.pending.borrow_mut().clear();
        self.runs.borrow_mut().clear();
    }

    fn take(&self, frame: Utf8Bytes) {
        let at_ns = monotonic_ns();
        self.received_bytes.set(self.received_bytes.get() + frame.len());
        let Ok(envelope) = serde_json::from_str::<Envelope<'_>>(&frame) else { return };
        if let Some(id) = envelope.id.and_then(|id| id.parse().ok()) {
            if let Some(waiting) = self.pending.borrow_mut().remove(&id) {
                // The one who asked may have given up.
                waiting.send(frame).ok();
            }
        } else if envelope.event == Some("chat")
            && let Ok(Payload { payload: chat }) = serde_json::from_str::<Payload<Chat>>(&frame)
            && let Some(run) = self.runs.borrow().get(&chat.run_id)
        {
            run.send(ChatEvent { at_ns, chat }).ok();
        }
    }
}

/// Nanoseconds on the clock that all processes of this machine share.
fn monotonic_ns() -> i64 {
    let now = rustix::time::clock_gettime(rustix::time::ClockId::Monotonic);
    now.tv_sec * 1_000_000_000 + now.tv_nsec
}
