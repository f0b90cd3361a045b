//! A socket that speaks the gateway protocol.

use super::Person;
use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use std::collections::VecDeque;
use std::net::SocketAddr;
use std::time::Duration;
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

const PATIENCE: Duration = Duration::from_secs(20);

/// A connection, with the events that came while an answer was awaited.
pub struct Socket {
    stream: WebSocketStream<MaybeTlsStream<TcpStream>>,
    events: VecDeque<Value>,
    next_id: u64,
    pub nonce: String,
    pub hello: Value,
}

impl Socket {
    /// Open a socket and read its challenge.
    pub async fn open(address: SocketAddr, path: &str, headers: &[(&'static str, String)]) -> Result<Self, Error> {
        let mut request = format!("ws://{address}{path}").into_client_request()?;
        for (name, value) in headers {
            request.headers_mut().insert(*name, value.parse().unwrap());
        }
        let (stream, _) = connect_async(request).await?;
        let mut socket = Self { stream, events: VecDeque::new(), next_id: 0, nonce: String::new(), hello: Value::Null };
        let challenge = socket.event("connect.challenge").await;
        socket.nonce = challenge["nonce"].as_str().unwrap().to_owned();
        Ok(socket)
    }

    /// As the page does: cookie, exact origin, pieces and tools.
    pub async fn of_page(person: &Person) -> Self {
        let address = person.address;
        let cookie = format!("pmos_session={}", person.token.as_ref().unwrap());
        let path = format!("/w/{}/socket", person.workspace.as_ref().unwrap());
        let headers = [("cookie", cookie), ("origin", format!("http://{address}"))];
        let mut socket = Self::open(address, &path, &headers).await.unwrap();
        let caps = json!(["pmos-delta", "tool-events"]);
        socket.hello = socket.connect(json!({ "id": "pmos-ui", "mode": "ui" }), json!({}), caps).await.unwrap();
        socket
    }

    /// As OpenClaw's clients do: a token in the first frame.
    pub async fn of_client(address: SocketAddr, token: &str, caps: Value) -> Self {
        let mut socket = Self::open(address, "/", &[]).await.unwrap();
        let client = json!({ "id": "gateway-client", "mode": "backend" });
        socket.hello = socket.connect(client, json!({ "token": token }), caps).await.unwrap();
        socket
    }

    /// Send `connect`.
    pub async fn connect(&mut self, client: Value, auth: Value, caps: Value) -> Result<Value, Value> {
        let mut client = client;
        client["version"] = json!("test");
        client["platform"] = json!("linux");
        let scopes =
            json!(["operator.admin", "operator.read", "operator.write", "operator.approvals", "operator.pairing"]);
        self.try_call(
            "connect",
            json!({ "minProtocol": 3, "maxProtocol": 4, "client": client, "auth": auth, "caps": caps, "role": "operator", "scopes": scopes }),
        )
        .await
    }

    /// Call a method; the error's frame if it was refused.
    pub async fn try_call(&mut self, method: &str, params: Value) -> Result<Value, Value> {
        self.next_id += 1;
        let id = format!("t{}", self.next_id);
        self.send(json!({ "type": "req", "id": id, "method": method, "params": params })).await;
        self.answer(&id).await
    }

    /// Call a method that works.
    #[track_caller]
    pub fn call<'a>(&'a mut self, method: &'a str, params: Value) -> impl Future<Output = Value> + 'a {
        let caller = std::panic::Location::caller();
        async move { self.try_call(method, params).await.unwrap_or_else(|error| panic!("{method} at {caller}: {error}")) }
    }

    pub async fn send(&mut self, frame: Value) {
        self.send_text(frame.to_string()).await;
    }

    pub async fn send_text(&mut self, text: impl Into<String>) {
        self.stream.send(Message::text(text.into())).await.unwrap();
    }

    pub async fn send_raw(&mut self, message: Message) {
        self.stream.send(message).await.unwrap();
    }

    /// The next message, pings included.
    pub async fn message(&mut self) -> Message {
        self.stream.next().await.unwrap().unwrap()
    }

    /// The next answer to this request.
    pub async fn answer(&mut self, id: &str) -> Result<Value, Value> {
        loop {
            let frame =
                self.frame().await.unwrap_or_else(|close| panic!("closed while an answer was awaited: {close:?}"));
            if frame["type"] == "res" && frame["id"] == id {
                return if frame["ok"] == true { Ok(frame["payload"].clone()) } else { Err(frame["error"].clone()) };
            }
            self.events.push_back(frame);
        }
    }

    /// The next event of this name; others that come before it are let go.
    pub async fn event(&mut self, name: &str) -> Value {
        self.event_where(name, |_| true).await
    }

    /// The next event of this name of which this holds.
    pub async fn event_where(&mut self, name: &str, holds: impl Fn(&Value) -> bool) -> Value {
        loop {
            let frame = match self.events.pop_front() {
                Some(frame) => frame,
                None => self.frame().await.unwrap_or_else(|close| panic!("closed while {name} was awaited: {close:?}")),
            };
            if frame["event"] == name && holds(&frame["payload"]) {
                return frame["payload"].clone();
            }
        }
    }

    /// The whole frame of the next event of this name.
    pub async fn frame_of(&mut self, name: &str) -> Value {
        loop {
            let frame = match self.events.pop_front() {
                Some(frame) => frame,
                None => self.frame().await.unwrap(),
            };
            if frame["event"] == name {
                return frame;
            }
        }
    }

    /// All frames that come until nothing comes for this long.
    pub async fn until_quiet(&mut self, quiet: Duration) -> Vec<Value> {
        let mut frames: Vec<Value> = self.events.drain(..).collect();
        while let Ok(Ok(frame)) = tokio::time::timeout(quiet, self.frame()).await {
            frames.push(frame);
        }
        frames
    }

    /// How the other side closes.
    pub async fn closed(&mut self) -> (u16, String) {
        loop {
            if let Err(close) = self.frame().await {
                return close.map_or((1006, String::new()), |close| (close.code.into(), close.reason.to_string()));
            }
        }
    }

    /// The next frame, or how the connection ended.
    async fn frame(&mut self) -> Result<Value, Option<CloseFrame>> {
        loop {
            let message = tokio::time::timeout(PATIENCE, self.stream.next()).await.expect("a frame within 20 s");
            match message {
                Some(Ok(Message::Text(text))) => return Ok(serde_json::from_str(text.as_str()).unwrap()),
                Some(Ok(Message::Close(close))) => return Err(close),
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return Err(None),
            }
        }
    }
}
