//! What was accepted survives: the real program is killed in the middle of things, and started again.

use crate::support::Process;
use pmos_testkit::FakeModel;
use serde_json::{Value, json};
use std::time::Duration;
use tempfile::TempDir;

/// A kill in mid-answer keeps what was said and says, typed, that it was interrupted; what waited in line is answered.
#[tokio::test(flavor = "multi_thread")]
async fn a_kill_in_mid_answer_keeps_what_was_said() {
    let (data, model) = (TempDir::new().unwrap(), FakeModel::start().await);
    let mut process = Process::start(data.path(), &model);
    let mut person = process.sign_up().await;
    let session = json!({ "sessionKey": "main", "message": "[[tokens 400]] [[delay 10]] go", "idempotencyKey": "k1" });
    let mut page = person.connect().await;
    page.call("chat.send", session).await;
    page.call("chat.send", json!({ "sessionKey": "main", "message": "And then?", "idempotencyKey": "k2" })).await;
    // Long enough for a piece to be stored: every 250 ms.
    tokio::time::sleep(Duration::from_millis(900)).await;
    process.kill();

    let process = Process::start(data.path(), &model);
    assert_eq!(process.bootstrap, None, "the account is still there");
    person.address = process.address;
    let ended = person.call("agent.wait", json!({ "runId": "k1", "timeoutMs": 10_000 })).await.ok();
    assert_eq!((&ended["status"], &ended["stopReason"]), (&json!("error"), &json!("interrupted")));
    let next = person.call("agent.wait", json!({ "runId": "k2", "timeoutMs": 10_000 })).await.ok();
    assert_eq!(next["status"], "ok", "{next}");
    let history = person.call("chat.history", json!({ "sessionKey": "main" })).await.ok();
    let messages = history["messages"].as_array().unwrap();
    let interrupted = messages.iter().find(|message| message["stopReason"] == "interrupted").unwrap();
    let kept = interrupted["content"][0]["text"].as_str().unwrap();
    assert!(kept.len() > 100, "the words that were stored are kept: {kept:?}");
    assert!(interrupted["errorMessage"].as_str().unwrap().starts_with("interrupted"));
    assert_eq!(messages.iter().filter(|message| message["role"] == "user").count(), 2);
}

/// Whatever was acknowledged before a kill is there after it, once, over many kills at random moments.
#[tokio::test(flavor = "multi_thread")]
async fn nothing_acknowledged_is_lost() {
    let (data, model) = (TempDir::new().unwrap(), FakeModel::start().await);
    let mut process = Process::start(data.path(), &model);
    let mut person = process.sign_up().await;
    let mut acknowledged = Vec::new();
    for round in 0..8u64 {
        let writer = person.clone();
        let task = tokio::spawn(async move {
            let mut done = Vec::new();
            for place in 0.. {
                let text = format!("r{round}-{place}");
                let inject = json!({ "sessionKey": "main", "message": text });
                // The kill cuts this call off; what it asked for may or may not have been stored.
                let Ok(answer) = tokio::spawn({
                    let writer = writer.clone();
                    async move { writer.call("chat.inject", inject).await }
                })
                .await
                else {
                    return done;
                };
                if answer.status != 200 {
                    return done;
                }
                done.push(text);
            }
            done
        });
        tokio::time::sleep(Duration::from_millis(60 + round * 23)).await;
        process.kill();
        acknowledged.extend(task.await.unwrap());
        process = Process::start(data.path(), &model);
        person.address = process.address;
    }
    assert!(acknowledged.len() > 20, "only {} were acknowledged", acknowledged.len());
    let stored = all_texts(&person).await;
    for text in &acknowledged {
        assert_eq!(stored.iter().filter(|stored| *stored == text).count(), 1, "{text}");
    }
}

async fn all_texts(person: &crate::support::Person) -> Vec<String> {
    let (mut texts, mut before) = (Vec::new(), i64::MAX);
    loop {
        let page =
            person.call("chat.history", json!({ "sessionKey": "main", "limit": 1000, "before": before })).await.ok();
        let messages = page["messages"].as_array().unwrap();
        texts.extend(messages.iter().filter_map(|message| message["content"][0]["text"].as_str().map(str::to_owned)));
        match messages.first().map(|message: &Value| message["__openclaw"]["seq"].as_i64().unwrap()) {
            Some(first) if first > 1 => before = first,
            _ => return texts,
        }
    }
}

/// A second server on the same file is refused, in words that say what to do.
#[tokio::test(flavor = "multi_thread")]
async fn one_file_is_one_process() {
    let (data, model) = (TempDir::new().unwrap(), FakeModel::start().await);
    let _first = Process::start(data.path(), &model);
    #[expect(clippy::disallowed_methods, reason = "the program under test")]
    let second = std::process::Command::new(env!("CARGO_BIN_EXE_pmos"))
        .args(["serve", "--listen", "127.0.0.1:0", "--data-dir"])
        .arg(data.path())
        .output()
        .unwrap();
    let words = String::from_utf8_lossy(&second.stderr);
    assert!(!second.status.success() && words.contains("in use by another pmos"), "{words}");
}

/// The pages that watch over a server answer without signing in, and the metrics count commits.
#[tokio::test(flavor = "multi_thread")]
async fn health_pages_answer() {
    let (data, model) = (TempDir::new().unwrap(), FakeModel::start().await);
    let process = Process::start(data.path(), &model);
    for path in ["/healthz", "/readyz", "/metrics", "/api/v1/openapi.json", "/docs"] {
        let answer = process.get(path).await;
        assert_eq!(answer.status(), 200, "{path}");
        for header in [
            "content-security-policy",
            "x-content-type-options",
            "x-frame-options",
            "referrer-policy",
            "permissions-policy",
        ] {
            assert!(answer.headers().contains_key(header), "{path} lacks {header}");
        }
    }
    assert!(process.get("/metrics").await.text().await.unwrap().contains("pmos_store_commits_total"));
}
