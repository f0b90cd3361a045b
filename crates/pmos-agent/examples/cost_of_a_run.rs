//! What one run costs the server in CPU: `cargo run --release -p pmos-agent --example cost_of_a_run`.
//!
//! A provider on another thread answers with a stream of one packet per piece, as real ones do. The runs take turns on this
//! thread, and only this thread's time on the CPU is counted (the kernel's count, system calls included).
#![expect(clippy::unwrap_used, reason = "a measurement that cannot be made should stop")]

use pmos_agent::{Api, Endpoint, Message, ModelRequest, NoTools, Outcome, Provider, Sink, StepDone, Turn, run_turn};
use pmos_egress::{Egress, Policy, Trust};
use pmos_kit::{OsRng, Result};
use std::fmt::Write as _;
use std::io::{BufRead, BufReader, Read, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};

const RUNS: u32 = 300;

struct Nowhere(usize);

#[async_trait::async_trait]
impl Sink for Nowhere {
    fn text(&mut self, piece: &str) {
        self.0 += piece.len();
    }

    async fn step_done(&mut self, _done: &StepDone) -> Result<()> {
        Ok(())
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    for pieces in [1, 20, 200, 2_000] {
        let at = provider(pieces);
        let policy = Policy { operator_hosts: vec![at.to_string().parse().unwrap()], ..Policy::default() };
        let endpoint = Endpoint {
            name: "fake".into(),
            api: Api::OpenAi,
            base_url: format!("http://{at}"),
            key: None,
            trust: Trust::Operator,
            timeouts: Endpoint::TIMEOUTS,
        };
        let model = Provider::new(Egress::new(policy).unwrap(), endpoint);
        run(&model).await;
        let before = cpu_ns();
        for _ in 0..RUNS {
            assert_eq!(run(&model).await.text().len(), 6 * pieces);
        }
        println!("{pieces:>5} pieces: {:>7.1} µs of CPU per run", (cpu_ns() - before) as f64 / 1e3 / f64::from(RUNS));
    }
}

async fn run(model: &Provider) -> Outcome {
    let request = ModelRequest { model: "m".into(), messages: vec![Message::user("hello")], ..ModelRequest::default() };
    let turn = Turn {
        model,
        tools: &NoTools,
        sink: &mut Nowhere(0),
        rng: &OsRng,
        request,
        limits: Default::default(),
        cancel: Default::default(),
    };
    run_turn(turn).await
}

/// This thread's time on the CPU so far, in nanoseconds.
fn cpu_ns() -> u64 {
    let stat = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap();
    stat.split(' ').next().unwrap().parse().unwrap()
}

fn provider(pieces: usize) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let at = listener.local_addr().unwrap();
    std::thread::spawn(move || listener.incoming().for_each(|stream| serve(stream.unwrap(), pieces)));
    at
}

fn serve(mut stream: TcpStream, pieces: usize) {
    stream.set_nodelay(true).unwrap();
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    loop {
        let (mut line, mut length) = (String::new(), 0);
        while line != "\r\n" {
            line.clear();
            if reader.read_line(&mut line).unwrap() == 0 {
                return;
            }
            length = line.strip_prefix("content-length: ").map_or(length, |n| n.trim().parse().unwrap());
        }
        reader.read_exact(&mut vec![0; length]).unwrap();
        stream
            .write_all(b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n")
            .unwrap();
        for _ in 0..pieces {
            send(
                &mut stream,
                r#"{"id":"chatcmpl-1","object":"chat.completion.chunk","created":1700000000,"model":"m","choices":[{"index":0,"delta":{"content":"hello "},"finish_reason":null}]}"#,
            );
        }
        send(&mut stream, r#"{"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}"#);
        send(&mut stream, r#"{"choices":[],"usage":{"prompt_tokens":10,"completion_tokens":5,"total_tokens":15}}"#);
        send(&mut stream, "[DONE]");
        stream.write_all(b"0\r\n\r\n").unwrap();
    }
}

fn send(stream: &mut TcpStream, data: &str) {
    let mut event = String::new();
    write!(event, "data: {data}\n\n").unwrap();
    stream.write_all(format!("{:x}\r\n{event}\r\n", event.len()).as_bytes()).unwrap();
}
