//! Chat with an agent: what is said is stored before it is acknowledged, streamed as it comes, and never vanishes.

use crate::support::App;
use pmos_testkit::fake_model::Reply;
use serde_json::{Value, json};
use std::time::Duration;

fn send(app: &App, message: &str, key: &str) -> Value {
    json!({ "sessionKey": app.a.session, "message": message, "idempotencyKey": key })
}

fn texts(history: &Value) -> Vec<String> {
    let text = |message: &Value| match &message["content"] {
        Value::String(text) => text.clone(),
        blocks => blocks.as_array().into_iter().flatten().filter_map(|block| block["text"].as_str()).collect(),
    };
    history["messages"].as_array().unwrap().iter().map(text).collect()
}

async fn history(app: &App) -> Value {
    app.a.member.call("chat.history", json!({ "sessionKey": app.a.session })).await.ok()
}

async fn ended(app: &App, key: &str) -> Value {
    app.a.member.call("agent.wait", json!({ "runId": key, "timeoutMs": 20_000 })).await.ok()
}

/// The page gets each piece alone, in order, and the same words whole at the end.
#[tokio::test(flavor = "multi_thread")]
async fn an_answer_is_streamed_piece_by_piece() {
    let app = App::new().await;
    let mut page = app.a.member.connect().await;
    app.model.script(vec![Reply::chunks(["One ", "two ", "three."], Duration::from_millis(5))]);
    let sent = page.call("chat.send", send(&app, "Count.", "k1")).await;
    assert_eq!((&sent["status"], &sent["runId"]), (&json!("started"), &json!("k1")));
    let mut said = String::new();
    let told = loop {
        let event = page.event_where("chat", |event| event["runId"] == "k1").await;
        match event["state"].as_str().unwrap() {
            "delta" => {
                assert!(event.get("message").is_none(), "pieces come alone: {event}");
                said.push_str(event["deltaText"].as_str().unwrap());
            }
            "final" => break event,
            other => panic!("{other}: {event}"),
        }
    };
    assert_eq!(said, "One two three.");
    assert_eq!(told["message"]["content"][0]["text"], "One two three.");
    assert_eq!(told["message"]["usage"]["output"], 3);
    assert_eq!(texts(&history(&app).await).last().unwrap(), "One two three.");
}

/// OpenClaw's clients get the whole text so far, at most every 50 ms, and one end.
#[tokio::test(flavor = "multi_thread")]
async fn other_clients_get_the_text_so_far() {
    let app = App::new().await;
    let key = app
        .a
        .admin
        .call("apiKeys.create", json!({ "name": "client", "kind": "service", "scopes": ["admin"] }))
        .await
        .ok();
    let mut client =
        crate::support::Socket::of_client(app.running.address, key["secret"].as_str().unwrap(), json!([])).await;
    app.model.script(vec![Reply::chunks(["Hel", "lo ", "you"], Duration::from_millis(60))]);
    client.call("chat.send", send(&app, "Hi", "k1")).await;
    let mut longest = 0;
    loop {
        let event = client.event_where("chat", |event| event["runId"] == "k1").await;
        let text = event["message"]["content"][0]["text"].as_str().unwrap_or_default().len();
        assert!(text >= longest, "the text only grows: {event}");
        longest = text;
        if event["state"] == "final" {
            break;
        }
        assert!(event["deltaText"].is_string(), "{event}");
    }
    assert_eq!(longest, "Hello you".len());
}

/// A message that is sent twice is one message.
#[tokio::test(flavor = "multi_thread")]
async fn the_same_key_is_one_message() {
    let app = App::new().await;
    app.model.script(vec![Reply::chunks(["slow"], Duration::from_millis(300))]);
    app.a.member.call("chat.send", send(&app, "Once", "k1")).await.ok();
    let again = app.a.member.call("chat.send", send(&app, "Once", "k1")).await.ok();
    assert_eq!(again["status"], "in_flight");
    ended(&app, "k1").await;
    let after = app.a.member.call("chat.send", send(&app, "Once", "k1")).await.ok();
    assert_eq!(after["status"], "ok");
    assert_eq!(texts(&history(&app).await).iter().filter(|text| *text == "Once").count(), 1);
}

/// What is said while an answer is being given waits in line, and is answered in its turn.
#[tokio::test(flavor = "multi_thread")]
async fn messages_wait_in_line() {
    let app = App::new().await;
    app.model.script(vec![
        Reply::chunks(["first"], Duration::from_millis(200)),
        Reply::text("second"),
        Reply::text("third"),
    ]);
    for (place, status) in [(1, "started"), (2, "queued"), (3, "queued")] {
        let sent = app.a.member.call("chat.send", send(&app, &format!("m{place}"), &format!("k{place}"))).await.ok();
        assert_eq!(sent["status"], status, "{place}");
    }
    ended(&app, "k3").await;
    let said = texts(&history(&app).await);
    let answers: Vec<&str> =
        said.iter().map(String::as_str).filter(|text| ["first", "second", "third"].contains(text)).collect();
    assert_eq!(answers, ["first", "second", "third"]);
}

/// A stopped run keeps what was said, says that it was stopped, and lets go of the provider.
#[tokio::test(flavor = "multi_thread")]
async fn a_stop_keeps_what_was_said() {
    let app = App::new().await;
    let mut page = app.a.member.connect().await;
    app.model.script(vec![Reply::Stall]);
    page.call("chat.send", send(&app, "Go on forever", "k1")).await;
    let first = page.event_where("chat", |event| event["state"] == "delta").await;
    let stopped = page.call("chat.abort", json!({ "sessionKey": app.a.session })).await;
    assert_eq!(stopped["runIds"], json!(["k1"]));
    let told = page.event_where("chat", |event| event["state"] != "delta").await;
    assert_eq!(told["state"], "aborted");
    assert_eq!(told["message"]["content"][0]["text"], first["deltaText"]);
    let last = history(&app).await["messages"].as_array().unwrap().last().unwrap().clone();
    assert_eq!((&last["stopReason"], &last["content"][0]["text"]), (&json!("aborted"), &first["deltaText"]));
    let again = page.call("chat.abort", json!({ "sessionKey": app.a.session })).await;
    assert_eq!(again, json!({ "ok": true, "aborted": false, "runIds": [] }));
    for _ in 0..100 {
        if app.model.open_streams() == 0 {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("the provider is still being listened to");
}

/// A tool runs as the person who asked: the agent writes its file, and both see it.
#[tokio::test(flavor = "multi_thread")]
async fn tools_run_through_the_same_door() {
    let app = App::new().await;
    let mut page = app.a.member.connect().await;
    page.call("sessions.subscribe", json!({})).await;
    let write = json!({ "path": "notes/today.md", "content": "Buy milk." });
    app.model.script(vec![Reply::tool("file_write", write.clone()), Reply::text("Noted.")]);
    page.call("chat.send", send(&app, "Remember milk", "k1")).await;
    let start = page.event_where("agent", |event| event["stream"] == "tool").await;
    assert_eq!((&start["data"]["phase"], &start["data"]["args"]), (&json!("start"), &write));
    let result = page.event_where("agent", |event| event["stream"] == "tool").await;
    assert_eq!((&result["data"]["phase"], &result["data"]["isError"]), (&json!("result"), &json!(false)));
    page.event_where("chat", |event| event["state"] == "final").await;
    let file = json!({ "agentId": app.a.agent, "name": "notes/today.md" });
    assert_eq!(app.a.viewer.call("agents.files.get", file).await.ok()["file"]["content"], "Buy milk.");
    let roles: Vec<Value> =
        history(&app).await["messages"].as_array().unwrap().iter().map(|message| message["role"].clone()).collect();
    assert_eq!(roles[roles.len() - 4..], ["user", "assistant", "toolResult", "assistant"]);
    // The second call was told of the first one's result.
    let asked = app.model.requests().last().unwrap().body.to_string();
    assert!(asked.contains("written"), "{asked}");
}

/// A provider's failure is an end with its own words, kept in the history.
#[tokio::test(flavor = "multi_thread")]
async fn a_failure_is_told_in_the_providers_words() {
    let app = App::new().await;
    let mut page = app.a.member.connect().await;
    app.model.script(vec![Reply::HttpError { status: 401, retry_after_s: None, body: None }]);
    page.call("chat.send", send(&app, "Hi", "k1")).await;
    let told = page.event_where("chat", |event| event["state"] != "delta").await;
    assert_eq!((&told["state"], &told["errorKind"]), (&json!("error"), &json!("auth")));
    assert_eq!(ended(&app, "k1").await["status"], "error");
    let last = history(&app).await["messages"].as_array().unwrap().last().unwrap().clone();
    assert_eq!((&last["stopReason"], &last["errorMessage"]), (&json!("error"), &told["errorMessage"]));
}

/// A busy provider is asked again after the time that it names, and only the answer is seen.
#[tokio::test(flavor = "multi_thread")]
async fn a_busy_provider_is_asked_again() {
    let app = App::new().await;
    app.model.script(vec![Reply::HttpError { status: 429, retry_after_s: Some(0), body: None }, Reply::text("Now.")]);
    app.a.member.call("chat.send", send(&app, "Hi", "k1")).await.ok();
    assert_eq!(ended(&app, "k1").await["status"], "ok");
    assert_eq!(texts(&history(&app).await).last().unwrap(), "Now.");
}

/// Each provider call is in the ledger with its tokens and its price; the session and the summary add up.
#[tokio::test(flavor = "multi_thread")]
async fn usage_is_counted_once_and_priced() {
    let app = App::new().await;
    let before = app.a.viewer.call("usage.summary", json!({})).await.ok();
    app.model.script(vec![Reply::chunks(["a", "b", "c", "d"], Duration::ZERO)]);
    app.a.member.call("chat.send", send(&app, "Hi", "k1")).await.ok();
    ended(&app, "k1").await;
    let after = app.a.viewer.call("usage.summary", json!({})).await.ok();
    let grown = |field: &str| after[field].as_i64().unwrap() - before[field].as_i64().unwrap();
    assert_eq!((grown("agentRuns"), grown("inputTokens"), grown("outputTokens")), (1, 100, 4));
    let cost = |summary: &Value| summary["costNanoUsd"].as_str().unwrap().parse::<i64>().unwrap();
    // 100 tokens at 1 USD and 4 at 2 USD per million.
    assert_eq!(cost(&after) - cost(&before), 108_000);
}

/// A client that was away asks for what came since, and is told of the run that is on with its text so far.
#[tokio::test(flavor = "multi_thread")]
async fn a_client_resumes_from_its_cursor() {
    let app = App::new().await;
    let cursor = history(&app).await["deltaCursor"].clone();
    app.model.script(vec![Reply::Stall]);
    let mut page = app.a.member.connect().await;
    page.call("chat.send", send(&app, "While away", "k1")).await;
    let said = page.event_where("chat", |event| event["state"] == "delta").await;
    let since = app.a.member.call("chat.history", json!({ "sessionKey": app.a.session, "cursor": cursor })).await.ok();
    assert_eq!((&since["kind"], texts(&since)), (&json!("delta"), vec!["While away".to_owned()]));
    assert_eq!(since["inFlightRun"]["text"], said["deltaText"]);
    app.a.member.call("chat.abort", json!({ "sessionKey": app.a.session })).await.ok();
}

/// Two people in one session see each other's messages as they come.
#[tokio::test(flavor = "multi_thread")]
async fn colleagues_see_it_live() {
    let app = App::new().await;
    let mut colleague = app.a.colleague.connect().await;
    colleague.call("sessions.messages.subscribe", json!({ "key": app.a.session })).await;
    app.a.member.call("chat.send", send(&app, "For all to see", "k1")).await.ok();
    let message = colleague.event("session.message").await;
    assert_eq!(message["message"]["content"], "For all to see");
    colleague.event_where("chat", |event| event["state"] == "final").await;
}

/// Text files go along with a message; anything else is refused before anything is stored.
#[tokio::test(flavor = "multi_thread")]
async fn text_files_come_along() {
    let app = App::new().await;
    let mut message = send(&app, "Read this", "k1");
    message["attachments"] = json!([{ "fileName": "plan.txt", "mimeType": "text/plain", "content": "VGhlIHBsYW4u" }]);
    app.a.member.call("chat.send", message.clone()).await.ok();
    ended(&app, "k1").await;
    assert!(app.model.requests().last().unwrap().body.to_string().contains("The plan."));
    message["idempotencyKey"] = json!("k2");
    for bad in ["%%%", "/////w=="] {
        message["attachments"][0]["content"] = json!(bad);
        let error = app.a.member.call("chat.send", message.clone()).await.refused("INVALID_REQUEST");
        assert_eq!(error["details"]["field"], "attachments[0].content");
    }
}

/// `agent` over a socket answers twice: accepted at once, then with the words.
#[tokio::test(flavor = "multi_thread")]
async fn an_agent_answers_twice() {
    let app = App::new().await;
    let mut page = app.a.member.connect().await;
    app.model.script(vec![Reply::text("Done.")]);
    let ask =
        json!({ "agentId": app.a.agent, "message": "Do it", "idempotencyKey": "k1", "deliver": false, "timeout": 600 });
    page.send(json!({ "type": "req", "id": "twice", "method": "agent", "params": ask })).await;
    assert_eq!(page.answer("twice").await.unwrap()["status"], "accepted");
    let second = page.answer("twice").await.unwrap();
    assert_eq!((&second["status"], &second["result"]["payloads"][0]["text"]), (&json!("ok"), &json!("Done.")));
}

/// Words can be put into a session without a model, by admins.
#[tokio::test(flavor = "multi_thread")]
async fn words_can_be_injected() {
    let app = App::new().await;
    let inject = json!({ "sessionKey": app.a.session, "message": "Deployed.", "label": "CI" });
    app.a.member.call("chat.inject", inject.clone()).await.refused("FORBIDDEN");
    app.a.admin.call("chat.inject", inject).await.ok();
    assert_eq!(texts(&history(&app).await).last().unwrap(), "[CI]\n\nDeployed.");
}

/// Sixty-four chats at once all finish, each with its own answer.
#[tokio::test(flavor = "multi_thread")]
async fn sixty_four_chats_at_once() {
    let app = App::new().await;
    let key = app.a.admin.call("apiKeys.create", json!({ "name": "load", "scopes": ["write"] })).await.ok();
    let key = key["secret"].as_str().unwrap().to_owned();
    let mut tasks = tokio::task::JoinSet::new();
    for place in 0..64 {
        app.clock.advance(250);
        let person = crate::support::Person::with_key(app.running.address, &key).inside(&app.a.id);
        let session = format!("agent:{}:load-{place}", app.a.agent);
        let message = json!({ "sessionKey": session, "message": format!("[[tokens 20]] {place}"), "idempotencyKey": format!("l{place}") });
        person.call("chat.send", message).await.ok();
        tasks.spawn(async move {
            person.call("agent.wait", json!({ "runId": format!("l{place}"), "timeoutMs": 30_000 })).await
        });
        app.clock.advance(250);
    }
    while let Some(answer) = tasks.join_next().await {
        assert_eq!(answer.unwrap().ok()["status"], "ok");
    }
}

/// However many events come at once, none is lost: words that are put in together are all told.
#[tokio::test(flavor = "multi_thread")]
async fn no_event_is_lost_in_a_crowd() {
    let app = App::new().await;
    let mut page = app.a.admin.connect().await;
    page.call("sessions.subscribe", json!({})).await;
    let crowd = 90;
    for place in 0..crowd {
        let inject = json!({ "sessionKey": app.a.session, "message": format!("place {place}") });
        page.send(json!({ "type": "req", "id": format!("i{place}"), "method": "chat.inject", "params": inject })).await;
    }
    for place in 0..crowd {
        let told = page.event_where("chat", |event| event["state"] == "final").await;
        assert!(told["message"]["content"][0]["text"].as_str().unwrap().starts_with("place "), "{place}: {told}");
    }
}
