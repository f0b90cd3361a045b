//! A provider that plays a script: one entry per request, raw bytes and all.

use pmos_egress::{Egress, Policy, Timeouts, Trust};
use pmos_kit::Secret;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use crate::{Api, Endpoint, Provider};

pub(super) const KEY: &str = "sk-test-canary-0123456789";

/// What the provider does with a request.
#[derive(Clone)]
pub(super) enum Act {
    /// Send these bytes, this many at a time.
    Send(Vec<u8>, usize),
    /// Go silent.
    Stall,
    /// Close with a reset, or without one if all was sent.
    Close,
}

/// The answer to one request.
pub(super) type Script = Vec<Act>;

pub(super) struct Server {
    pub(super) provider: Provider,
    pub(super) egress: Egress,
    log: Arc<Mutex<Log>>,
}

#[derive(Default)]
struct Log {
    connections: usize,
    requests: Vec<String>,
}

impl Server {
    pub(super) async fn start(api: Api, scripts: Vec<Script>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let at = listener.local_addr().unwrap();
        let log = Arc::<Mutex<Log>>::default();
        let scripts = Arc::new(Mutex::new(VecDeque::from(scripts)));
        let seen = log.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                seen.lock().unwrap().connections += 1;
                tokio::spawn(serve(stream, scripts.clone(), seen.clone()));
            }
        });
        let policy = Policy { operator_hosts: vec![at.to_string().parse().unwrap()], ..Policy::default() };
        let egress = Egress::new(policy).unwrap();
        let wait = Duration::from_millis(300);
        let endpoint = Endpoint {
            name: "fake".into(),
            api,
            base_url: format!("http://{at}"),
            key: Some(Secret::new(KEY)),
            trust: Trust::Operator,
            timeouts: Timeouts { first_byte: wait, idle: wait, total: Duration::from_secs(20) },
        };
        Self { provider: Provider::new(egress.clone(), endpoint), egress, log }
    }

    pub(super) fn connections(&self) -> usize {
        self.log.lock().unwrap().connections
    }

    pub(super) fn requests(&self) -> Vec<String> {
        self.log.lock().unwrap().requests.clone()
    }
}

async fn serve(mut stream: TcpStream, scripts: Arc<Mutex<VecDeque<Script>>>, log: Arc<Mutex<Log>>) {
    stream.set_nodelay(true).unwrap();
    let mut bytes = Vec::new();
    while let Some(request) = read(&mut stream, &mut bytes).await {
        log.lock().unwrap().requests.push(request);
        let script = scripts.lock().unwrap().pop_front().expect("one more request than the script has answers");
        for act in script {
            match act {
                Act::Send(bytes, size) => {
                    for piece in bytes.chunks(size) {
                        if stream.write_all(piece).await.is_err() {
                            return;
                        }
                        tokio::task::yield_now().await;
                    }
                }
                Act::Stall => std::future::pending().await,
                Act::Close => return,
            }
        }
    }
}

async fn read(stream: &mut TcpStream, bytes: &mut Vec<u8>) -> Option<String> {
    loop {
        let text = String::from_utf8_lossy(bytes).into_owned();
        if let Some((head, _)) = text.split_once("\r\n\r\n") {
            let length =
                head.lines().find_map(|line| line.strip_prefix("content-length: ")).map_or(0, |n| n.parse().unwrap());
            let whole = head.len() + 4 + length;
            if bytes.len() >= whole {
                return Some(String::from_utf8(bytes.drain(..whole).collect()).unwrap());
            }
        }
        if stream.read_buf(bytes).await.ok()? == 0 {
            return None;
        }
    }
}

fn chunk(bytes: &str) -> String {
    format!("{:x}\r\n{bytes}\r\n", bytes.len())
}

const HEAD: &str = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n";

/// A whole stream with this body.
pub(super) fn stream(body: &str) -> Script {
    vec![Act::Send(format!("{HEAD}{}0\r\n\r\n", chunk(body)).into_bytes(), 4096)]
}

/// The beginning of a stream; what comes then is for the caller to say.
pub(super) fn begun(body: &str, then: Act) -> Script {
    vec![Act::Send(format!("{HEAD}{}", chunk(body)).into_bytes(), 4096), then]
}

/// The same script in packets of this size.
pub(super) fn in_packets(script: Script, size: usize) -> Script {
    let smaller = |act| if let Act::Send(bytes, _) = act { Act::Send(bytes, size) } else { act };
    script.into_iter().map(smaller).collect()
}

/// An answer that is no stream.
pub(super) fn answer(status: &str, headers: &str, body: &str) -> Script {
    let length = body.len();
    vec![Act::Send(format!("HTTP/1.1 {status}\r\n{headers}content-length: {length}\r\n\r\n{body}").into_bytes(), 4096)]
}

/// Words in OpenAI's form.
pub(super) fn words(text: &str) -> String {
    format!("data: {}\n\n", serde_json::json!({"choices": [{"index": 0, "delta": {"content": text}}]}))
}

/// A tool call in OpenAI's form, its arguments in two pieces.
pub(super) fn calls(id: &str, name: &str, arguments: &str) -> String {
    let piece =
        |call| format!("data: {}\n\n", serde_json::json!({"choices": [{"index": 0, "delta": {"tool_calls": [call]}}]}));
    let (left, right) = arguments.split_at(arguments.len() / 2);
    piece(serde_json::json!({"index": 0, "id": id, "function": {"name": name, "arguments": left}}))
        + &piece(serde_json::json!({"index": 0, "function": {"arguments": right}}))
}

/// The end of a stream in OpenAI's form.
pub(super) fn end(reason: &str) -> String {
    format!(
        "data: {}\n\ndata: {}\n\ndata: [DONE]\n\n",
        serde_json::json!({"choices": [{"index": 0, "delta": {}, "finish_reason": reason}]}),
        serde_json::json!({"choices": [], "usage": {"prompt_tokens": 10, "completion_tokens": 5}}),
    )
}
