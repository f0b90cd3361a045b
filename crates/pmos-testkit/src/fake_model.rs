//! A model provider that answers as it is told.
//!
//! It speaks OpenAI chat completions and Anthropic messages on loopback, streaming and whole, and never calls out.
//!
//! - Every request is kept with its headers and body; [`FakeModel::requests`] shows them.
//! - A test in this process queues its answers with [`FakeModel::script`]; each request takes one.
//! - A test in another process steers by the text of the last user message (all directives: `steer.rs`): `[[tokens 200]]`,
//!   `[[delay 5]]`, `[[tool NAME {"a":1}]]`, `[[fail 429 2]]`, `[[stall]]`, `[[cut]]`.
//! - Otherwise the answer repeats what was said, in four chunks.

mod anthropic;
mod openai;
mod plan;
mod reply;
mod server;
mod steer;
#[cfg(test)]
mod tests;
mod turn;

use std::collections::VecDeque;
use std::io;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::http::HeaderMap;
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

pub use reply::{INPUT_TOKENS, Reply, ToolCall};
pub use steer::monotonic_ns;

/// How many requests are kept; a benchmark makes more of them than anybody reads.
const KEPT_REQUESTS: usize = 1000;

/// A running fake provider. Dropping it closes the port.
#[derive(Debug)]
pub struct FakeModel {
    address: SocketAddr,
    shared: Arc<Shared>,
    server: JoinHandle<()>,
}

/// One request as it came in.
#[derive(Debug, Clone)]
pub struct Recorded {
    /// The path as asked, with `/v1` where the client gave it.
    pub path: String,
    /// All headers, the credential among them.
    pub headers: HeaderMap,
    /// The body; null when it was not JSON.
    pub body: Value,
}

impl FakeModel {
    /// Start on a free port of loopback.
    ///
    /// Panics when loopback cannot be bound: a test cannot go on without its model.
    pub async fn start() -> FakeModel {
        match FakeModel::listen(SocketAddr::from(([127, 0, 0, 1], 0))).await {
            Ok(model) => model,
            Err(error) => panic!("the fake model could not listen on loopback: {error}"),
        }
    }

    /// Start on this address.
    pub async fn listen(address: SocketAddr) -> io::Result<FakeModel> {
        let listener = TcpListener::bind(address).await?;
        let address = listener.local_addr()?;
        let shared = Arc::new(Shared::default());
        let server = tokio::spawn(server::serve(listener, shared.clone()));
        Ok(FakeModel { address, shared, server })
    }

    /// The root, without a path: what an Anthropic client takes as its base URL.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The base URL of an OpenAI client.
    pub fn openai_url(&self) -> String {
        format!("{}/v1", self.url())
    }

    /// The latest requests to the two model endpoints, oldest first.
    pub fn requests(&self) -> Vec<Recorded> {
        locked(&self.shared.requests).iter().cloned().collect()
    }

    /// Queue answers; they come before any steering by message.
    pub fn script(&self, replies: Vec<Reply>) {
        locked(&self.shared.script).extend(replies);
    }

    /// How many answers are being written now. An aborted run must bring this back to zero.
    pub fn open_streams(&self) -> usize {
        self.shared.open_streams.load(Ordering::SeqCst)
    }

    /// Serve until the process ends.
    pub async fn forever(mut self) {
        if let Err(error) = (&mut self.server).await {
            eprintln!("the fake model stopped: {error}");
        }
    }
}

impl Drop for FakeModel {
    fn drop(&mut self) {
        self.server.abort();
    }
}

/// What the handlers and the handle share.
#[derive(Debug, Default)]
struct Shared {
    requests: Mutex<VecDeque<Recorded>>,
    script: Mutex<VecDeque<Reply>>,
    open_streams: AtomicUsize,
    answers: AtomicUsize,
}

impl Shared {
    fn record(&self, request: Recorded) {
        let mut requests = locked(&self.requests);
        if requests.len() == KEPT_REQUESTS {
            requests.pop_front();
        }
        requests.push_back(request);
    }

    fn next_scripted(&self) -> Option<Reply> {
        locked(&self.script).pop_front()
    }

    /// A number for the ids of an answer.
    fn next_answer(&self) -> usize {
        self.answers.fetch_add(1, Ordering::SeqCst) + 1
    }

    fn open_stream(self: &Arc<Self>) -> OpenStream {
        self.open_streams.fetch_add(1, Ordering::SeqCst);
        OpenStream(self.clone())
    }
}

/// Counts one answer as open until it is dropped.
#[derive(Debug)]
struct OpenStream(Arc<Shared>);

impl Drop for OpenStream {
    fn drop(&mut self) {
        self.0.open_streams.fetch_sub(1, Ordering::SeqCst);
    }
}

/// A handler that panicked leaves a usable list behind.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
