//! The socket, spoken as OpenClaw's own clients speak it (openclaw.md, 1 to 4).

use super::Address;
use super::http::SHOW_KEY;
use crate::cli::Failure;
use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::{Error as SocketError, Message};
use tokio_tungstenite::{Connector, MaybeTlsStream, WebSocketStream, connect_async_tls_with_config};

const HANDSHAKE: Duration = Duration::from_secs(15);

/// A connection that was admitted.
pub(crate) struct Socket {
    stream: WebSocketStream<MaybeTlsStream<TcpStream>>,
    requests: u64,
}

/// What the server sends.
#[derive(Debug)]
pub(crate) enum Frame {
    /// An event: its name and payload.
    Event(String, Value),
    /// The answer to the request of this id.
    Answer(String, Result<Value, Value>),
}

impl Socket {
    /// Connect and show the token.
    pub(crate) async fn connect(address: &Address) -> Result<Self, Failure> {
        let late = |_| Failure::unavailable("the server did not finish the handshake in 15 s");
        tokio::time::timeout(HANDSHAKE, Self::admitted(address)).await.map_err(late)?
    }

    async fn admitted(address: &Address) -> Result<Self, Failure> {
        let url = address.socket();
        let connector = url.starts_with("wss:").then(tls).transpose()?;
        let (stream, _) = connect_async_tls_with_config(&url, None, true, connector).await.map_err(|cause| {
            Failure::unavailable(format!(
                "{url} does not answer: {cause}; is the server running? `pmos serve` starts one, --url names another"
            ))
        })?;
        let mut socket = Self { stream, requests: 0 };
        while !matches!(socket.next().await?, Frame::Event(name, _) if name == "connect.challenge") {}
        let hello = socket.request("connect", &introduction(address)).await?;
        loop {
            if let Frame::Answer(id, answer) = socket.next().await?
                && id == hello
            {
                return answer.map(|_| socket).map_err(refused);
            }
        }
    }

    /// Send a request; its id comes back with the answer.
    pub(crate) async fn request(&mut self, method: &str, params: &Value) -> Result<String, Failure> {
        self.requests += 1;
        let id = self.requests.to_string();
        let frame = json!({ "type": "req", "id": id, "method": method, "params": params });
        self.stream.send(Message::text(frame.to_string())).await.map_err(|cause| lost(&cause))?;
        Ok(id)
    }

    /// The next frame.
    pub(crate) async fn next(&mut self) -> Result<Frame, Failure> {
        loop {
            match self.stream.next().await {
                Some(Ok(Message::Text(text))) => {
                    if let Some(frame) = understand(&text) {
                        return Ok(frame);
                    }
                }
                Some(Ok(Message::Close(reason))) => {
                    let reason = reason.map(|reason| reason.reason.to_string()).filter(|reason| !reason.is_empty());
                    return Err(Failure::unavailable(format!(
                        "the server closed the connection: {}",
                        reason.as_deref().unwrap_or("no reason given")
                    )));
                }
                Some(Ok(_)) => {}
                Some(Err(cause)) => return Err(lost(&cause)),
                None => return Err(lost(&SocketError::ConnectionClosed)),
            }
        }
    }
}

fn introduction(address: &Address) -> Value {
    let auth = address.token.as_ref().map_or_else(|| json!({}), |token| json!({ "token": token.expose() }));
    json!({
        "minProtocol": 3, "maxProtocol": 4,
        "client": { "id": "cli", "mode": "cli", "version": env!("CARGO_PKG_VERSION"), "platform": std::env::consts::OS },
        "caps": ["pmos-delta", "tool-events"],
        "scopes": ["operator.admin"],
        "auth": auth,
    })
}

/// Errors of the handshake carry OpenClaw's code for bad requests: what they mean stands in the details.
fn refused(mut error: Value) -> Failure {
    let is_auth = error["details"]["code"].as_str().is_some_and(|code| code.starts_with("AUTH_"));
    if !is_auth {
        return Failure::remote(error);
    }
    error["code"] = "UNAUTHENTICATED".into();
    Failure::remote(error).with_hint(SHOW_KEY)
}

fn lost(cause: &SocketError) -> Failure {
    Failure::unavailable(format!("the connection was lost: {cause}"))
}

fn understand(text: &str) -> Option<Frame> {
    let mut frame: Value = serde_json::from_str(text).ok()?;
    let name = |field: &Value| field.as_str().map(str::to_owned);
    match frame["type"].as_str()? {
        "event" => Some(Frame::Event(name(&frame["event"])?, frame["payload"].take())),
        "res" if frame["ok"] == true => Some(Frame::Answer(name(&frame["id"])?, Ok(frame["payload"].take()))),
        "res" => Some(Frame::Answer(name(&frame["id"])?, Err(frame["error"].take()))),
        _ => None,
    }
}

fn tls() -> Result<Connector, Failure> {
    let mut roots = rustls::RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    let config = rustls::ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(pmos_kit::Error::internal)?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(Connector::Rustls(Arc::new(config)))
}
