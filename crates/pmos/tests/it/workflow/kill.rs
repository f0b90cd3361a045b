//! A run that is killed goes on: each call takes effect at most once, and where nobody can know, it says so.

use super::{Bench, Ran, chain, node, trigger};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// How often the program is killed. The whole of it takes about a minute.
const KILLS: usize = 200;
/// How many calls a run makes.
const ITEMS: usize = 12;

/// A server that counts the keys that it is sent.
struct Sink {
    address: String,
    keys: Arc<Mutex<HashMap<String, usize>>>,
}

impl Sink {
    fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let keys = Arc::new(Mutex::new(HashMap::new()));
        let counted = keys.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let counted = counted.clone();
                std::thread::spawn(move || drop(answer(stream, &counted)));
            }
        });
        Self { address, keys }
    }
}

fn answer(mut stream: TcpStream, keys: &Mutex<HashMap<String, usize>>) -> std::io::Result<()> {
    let mut read = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        let text = String::from_utf8_lossy(&read).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head
                .lines()
                .find_map(|line| line.to_lowercase().strip_prefix("content-length:")?.trim().parse::<usize>().ok());
            if body.len() >= length.unwrap_or(0) {
                let body: Value = serde_json::from_str(body)?;
                *keys.lock().unwrap().entry(body["key"].as_str().unwrap_or_default().to_owned()).or_default() += 1;
                // Long enough to be killed in.
                std::thread::sleep(Duration::from_millis(4));
                return stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 11\r\nconnection: close\r\n\r\n{\"ok\":true}");
            }
        }
        match stream.read(&mut buffer)? {
            0 => return Ok(()),
            count => read.extend_from_slice(&buffer[..count]),
        }
    }
}

/// Over 200 kills at random moments no key takes effect twice, every run ends, and one that cannot know names the call.
#[test]
fn a_killed_run_repeats_no_call() {
    let (bench, sink) = (Bench::new(), Sink::start());
    let workflow = chain(&[
        trigger(),
        node(
            "Stamp",
            "set",
            3.4,
            json!({ "assignments": { "assignments": [{ "name": "at", "value": "={{ $now.toMillis() }}", "type": "number" }] }, "includeOtherFields": true }),
        ),
        node(
            "Send",
            "httpRequest",
            4.2,
            json!({ "method": "POST", "url": format!("http://{}/", sink.address), "sendBody": true, "specifyBody": "json", "jsonBody": "={{ JSON.stringify($json) }}" }),
        ),
        node("After", "noOp", 1.0, json!({})),
    ]);
    bench.file("workflow.json", &workflow);
    // A small generator: the moments need to be spread, not unguessable.
    let mut chance = 0x2545_f491_4f6c_dd1d_u64;
    let mut next = move || {
        chance ^= chance << 13;
        chance ^= chance >> 7;
        chance ^= chance << 17;
        chance
    };
    let (mut kills, mut run, mut finished, mut interrupted, mut expected) = (0, 0, 0, 0, Vec::new());
    while kills < KILLS {
        run += 1;
        let items: Vec<Value> = (0..ITEMS).map(|item| json!({ "key": format!("{run}-{item}") })).collect();
        bench.file("items.json", &Value::from(items));
        let journal = format!("run-{run}.journal");
        let arguments =
            ["run", "workflow.json", "--input", "items.json", "--journal", &journal, "--allow", &sink.address];
        // Three kills at most: then it is left to end.
        let mut left = 3;
        let ended = loop {
            let mut child = bench.start(&arguments);
            if left == 0 || kills == KILLS {
                break Ran::of(&child.wait_with_output().unwrap());
            }
            std::thread::sleep(Duration::from_millis(10 + next() % 120));
            if child.try_wait().unwrap().is_some() {
                break Ran::of(&child.wait_with_output().unwrap());
            }
            child.kill().unwrap();
            child.wait().unwrap();
            kills += 1;
            left -= 1;
        };
        match ended.code {
            Some(0) => {
                finished += 1;
                expected.extend((0..ITEMS).map(|item| format!("{run}-{item}")));
            }
            _ => {
                assert!(ended.err.contains("interrupted") && ended.err.contains("'Send'"), "{}", ended.err);
                interrupted += 1;
            }
        }
    }
    let keys = sink.keys.lock().unwrap();
    let twice: Vec<_> = keys.iter().filter(|(_, times)| **times > 1).collect();
    assert!(twice.is_empty(), "{twice:?}");
    assert!(expected.iter().all(|key| keys.contains_key(key)), "a run that ended well made all of its calls");
    assert!(
        finished > 0 && interrupted > 0,
        "{finished} ended well, {interrupted} were interrupted: the moments say nothing"
    );
    println!("{kills} kills, {run} runs: {finished} ended well, {interrupted} interrupted");
}
