//! The gateway protocol, and what hostile clients send.

use crate::support::{App, Person, Socket, StoppedTimers};
use proptest::prelude::*;
use serde_json::{Value, json};
use std::time::Duration;
use tokio_tungstenite::tungstenite::Message;

async fn key(app: &App, scopes: Value) -> String {
    let made =
        app.a.admin.call("apiKeys.create", json!({ "name": "client", "kind": "service", "scopes": scopes })).await.ok();
    made["secret"].as_str().unwrap().to_owned()
}

/// The hello says what a client may do, and nothing more.
#[tokio::test(flavor = "multi_thread")]
async fn the_hello_lists_what_the_caller_may() {
    let app = App::new().await;
    let viewer = app.a.viewer.connect().await.hello;
    let methods: Vec<&str> =
        viewer["features"]["methods"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
    assert!(methods.contains(&"agents.list") && !methods.contains(&"agents.create"), "{methods:?}");
    assert_eq!(viewer["auth"]["scopes"], json!(["operator.read"]));
    assert_eq!(viewer["type"], "hello-ok");
    let admin = app.a.admin.connect().await.hello;
    let methods = admin["features"]["methods"].to_string();
    assert!(methods.contains("members.setRole") && methods.contains("audit.list"));
    assert_eq!(admin["policy"]["tickIntervalMs"], 30_000);
}

/// Every way to come in wrongly is answered in the protocol's words, and closed.
#[tokio::test(flavor = "multi_thread")]
async fn handshakes_that_fail_say_why() {
    let app = App::new().await;
    let address = app.running.address;
    let client = json!({ "id": "cli", "mode": "cli" });
    for (auth, code) in [(json!({}), "AUTH_TOKEN_MISSING"), (json!({ "token": "wrong" }), "AUTH_TOKEN_MISMATCH")] {
        let mut socket = Socket::open(address, "/", &[]).await.unwrap();
        let error = socket.connect(client.clone(), auth, json!([])).await.unwrap_err();
        assert_eq!(error["details"]["code"], code, "{error}");
        let (close, reason) = socket.closed().await;
        assert_eq!((close, reason.as_str()), (1008, error["message"].as_str().unwrap()));
    }
    let mut socket = Socket::open(address, "/", &[]).await.unwrap();
    let range = json!({ "minProtocol": 7, "maxProtocol": 9, "client": { "id": "cli", "mode": "cli", "version": "1", "platform": "x" } });
    let error = socket.try_call("connect", range).await.unwrap_err();
    assert_eq!((&error["details"]["code"], socket.closed().await.0), (&json!("PROTOCOL_MISMATCH"), 1002));
    let mut socket = Socket::open(address, "/", &[]).await.unwrap();
    let error = socket.try_call("health", json!({})).await.unwrap_err();
    assert_eq!((&error["code"], socket.closed().await.0), (&json!("INVALID_REQUEST"), 1008));
    let mut socket = Socket::open(address, "/", &[]).await.unwrap();
    socket.send_text("x".repeat(70_000)).await;
    assert_eq!(socket.closed().await.0, 1009);
}

/// Whoever shows one wrong key after the other is told to wait, and nobody else is: neither another address nor a key that
/// holds.
#[tokio::test(flavor = "multi_thread")]
async fn guessing_keys_gets_slow() {
    let app = App::configured(|config| config.server.trusted_proxies = vec![[127, 0, 0, 1].into()]).await;
    let good = key(&app, json!(["read"])).await;
    let connect = async |from: &str, token: &str| {
        let headers = [("x-forwarded-for", from.to_owned())];
        let mut socket = Socket::open(app.running.address, "/", &headers).await.unwrap();
        let client = json!({ "id": "cli", "mode": "cli" });
        socket.connect(client, json!({ "token": token }), json!([])).await
    };
    for _ in 0..10 {
        let error = connect("192.0.2.7", "wrong").await.unwrap_err();
        assert_eq!(error["details"]["code"], "AUTH_TOKEN_MISMATCH", "{error}");
    }
    let error = connect("192.0.2.7", "wrong").await.unwrap_err();
    assert_eq!((&error["code"], &error["details"]["code"]), (&json!("INVALID_REQUEST"), &json!("AUTH_RATE_LIMITED")));
    assert_eq!((&error["retryable"], &error["retryAfterMs"]), (&json!(true), &json!(30_000)), "{error}");
    connect("192.0.2.7", &good).await.unwrap();
    assert_eq!(connect("192.0.2.8", "wrong").await.unwrap_err()["details"]["code"], "AUTH_TOKEN_MISMATCH");
    app.clock.advance(30_000);
    assert_eq!(connect("192.0.2.7", "wrong").await.unwrap_err()["details"]["code"], "AUTH_TOKEN_MISMATCH");
    assert_eq!(connect("192.0.2.7", "wrong").await.unwrap_err()["details"]["code"], "AUTH_RATE_LIMITED");
}

/// Each minute a workspace is told how it is doing. That and who is present carry numbers that only grow.
#[tokio::test]
async fn a_minute_brings_health_and_numbers_grow() {
    let app = App::bare().await;
    let mut page = app.a.member.connect().await;
    let mut foreign = app.b.member.connect().await;
    let at_hello = page.hello["snapshot"]["stateVersion"].clone();
    let present = page.frame_of("presence").await;
    let second = app.a.viewer.connect().await;
    let joined = page.frame_of("presence").await;
    let timers = StoppedTimers::new();
    for _ in 0..7 {
        timers.advance(10).await;
        page.call("agents.list", json!({})).await;
        foreign.call("agents.list", json!({})).await;
    }
    let told = page.frame_of("health").await;
    let asked = page.call("health", json!({})).await;
    assert_eq!((&told["payload"]["ok"], &told["payload"]["sessions"]), (&json!(true), &asked["sessions"]));
    let numbers = [&at_hello, &present["stateVersion"], &joined["stateVersion"], &told["stateVersion"]];
    let of = |what: &str| numbers.map(|version| version[what].as_i64().unwrap());
    assert!(of("presence").is_sorted() && of("presence")[1] < of("presence")[2], "{numbers:?}");
    assert!(of("health")[2] < of("health")[3], "{numbers:?}");
    drop(second);
}

/// OpenClaw's clients hear of a run only once they have read that it began: its answer, a ping, and the first event behind
/// the pong.
#[tokio::test(flavor = "multi_thread")]
async fn a_run_is_told_of_behind_its_answer() {
    let app = App::new().await;
    let token = key(&app, json!(["write"])).await;
    let mut client = Socket::of_client(app.running.address, &token, json!([])).await;
    let params = json!({ "sessionKey": app.a.session, "message": "hi", "idempotencyKey": "quick" });
    client.send(json!({ "type": "req", "id": "1", "method": "chat.send", "params": params })).await;
    let mut heard = Vec::new();
    while heard.last() != Some(&"chat") {
        heard.push(match client.message().await {
            Message::Ping(_) => "ping",
            Message::Text(text) if text.contains(r#""type":"res""#) => "answer",
            Message::Text(text) if text.contains(r#""event":"chat""#) => "chat",
            _ => continue,
        });
    }
    assert_eq!(heard, ["answer", "ping", "chat"]);
}

/// A page of another origin gets no socket, whatever cookie its browser holds.
#[tokio::test(flavor = "multi_thread")]
async fn a_foreign_page_gets_no_socket() {
    let app = App::new().await;
    let cookie = format!("pmos_session={}", app.a.member.token.as_ref().unwrap());
    let path = format!("/w/{}/socket", app.a.id);
    for origin in ["https://evil.example", "null", "http://127.0.0.1:1"] {
        let headers = [("cookie", cookie.clone()), ("origin", origin.to_owned())];
        assert!(Socket::open(app.running.address, &path, &headers).await.is_err(), "{origin}");
    }
    assert!(Socket::open(app.running.address, &path, &[("cookie", cookie)]).await.is_err(), "no origin at all");
    let foreign = format!("/w/{}/socket", app.b.id);
    let member = Person { workspace: Some(app.b.id.clone()), ..app.a.member.clone() };
    let cookie = format!("pmos_session={}", member.token.unwrap());
    let headers = [("cookie", cookie), ("origin", format!("http://{}", app.running.address))];
    if let Ok(mut socket) = Socket::open(app.running.address, &foreign, &headers).await {
        let refused = socket.connect(json!({ "id": "pmos-ui", "mode": "ui" }), json!({}), json!([])).await;
        assert!(refused.is_err(), "another workspace's door opened");
    }
}

/// A client with fewer scopes is told which one it lacks, in the words of its protocol version.
#[tokio::test(flavor = "multi_thread")]
async fn a_missing_scope_is_named() {
    let app = App::new().await;
    let mut client = Socket::of_client(app.running.address, &key(&app, json!(["read"])).await, json!([])).await;
    let error = client.try_call("agents.create", json!({ "name": "x" })).await.unwrap_err();
    assert_eq!((&error["code"], &error["message"]), (&json!("FORBIDDEN"), &json!("missing scope: operator.write")));
    assert_eq!(error["details"]["missingScope"], "operator.write");
    assert!(client.try_call("agents.list", json!({})).await.is_ok());
}

/// What is wrong with a frame is answered, and the connection goes on.
#[tokio::test(flavor = "multi_thread")]
async fn bad_frames_do_no_harm() {
    let app = App::new().await;
    let mut page = app.a.member.connect().await;
    let unknown = page.try_call("no.such", json!({})).await.unwrap_err();
    assert_eq!(unknown["message"], "unknown method: no.such");
    assert!(unknown.get("details").is_none() && unknown.get("retryable").is_none());
    for (method, params, words) in [
        ("agents.get", json!({ "agentId": "x", "more": 1 }), "unexpected property 'more'"),
        ("agents.get", json!({}), "must have required property 'agentId'"),
        ("agents.get", json!({ "agentId": 7 }), "invalid type"),
        ("agents.create", json!({ "name": "a\u{0}b" }), "U+0000"),
        ("agents.create", json!({ "name": "" }), "1 to 80 characters"),
    ] {
        let error = page.try_call(method, params).await.unwrap_err();
        assert_eq!(error["code"], "INVALID_REQUEST");
        assert!(error["message"].as_str().unwrap().contains(words), "{error}");
    }
    page.send_text("this is not JSON").await;
    page.send_text(r#"{"type":"req","id":5,"method":"health"}"#).await;
    let bomb = format!(
        r#"{{"type":"req","id":"bomb","method":"health","params":{}{}}}"#,
        "[".repeat(5_000),
        "]".repeat(5_000)
    );
    page.send_text(bomb).await;
    assert_eq!(page.answer("bomb").await.unwrap_err()["code"], "INVALID_REQUEST");
    assert_eq!(page.call("health", json!({})).await["ok"], true);
}

/// An oversized frame and invalid UTF-8 close the connection cleanly, and hurt nobody else's.
#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_read_closes_the_connection() {
    let app = App::new().await;
    let mut other = app.a.member.connect().await;
    let mut page = app.a.member.connect().await;
    page.send_raw(Message::text("x".repeat(2_000_000))).await;
    assert_eq!(page.closed().await.0, 1009);
    assert_eq!(other.call("health", json!({})).await["ok"], true);
}

/// Whoever loses their place loses their socket within a second.
#[tokio::test(flavor = "multi_thread")]
async fn revocation_closes_the_socket() {
    let app = App::new().await;
    let mut page = app.a.colleague.connect().await;
    app.a.admin.call("members.remove", json!({ "personId": app.a.colleague.id })).await.ok();
    let (close, _) = tokio::time::timeout(Duration::from_secs(1), page.closed()).await.expect("within a second");
    assert_eq!(close, 4001);
}

/// A demoted admin is a member with the next message, without connecting anew.
#[tokio::test(flavor = "multi_thread")]
async fn a_role_is_read_with_each_message() {
    let app = App::new().await;
    let second = app.newcomer(&app.a, pmos_kit::Role::Admin).await;
    let mut page = second.connect().await;
    page.call("audit.list", json!({})).await;
    app.a.admin.call("members.setRole", json!({ "personId": second.id, "role": "viewer" })).await.ok();
    let error = page.try_call("audit.list", json!({})).await.unwrap_err();
    assert_eq!(error["code"], "FORBIDDEN");
    assert!(page.try_call("agents.list", json!({})).await.is_ok());
}

/// A server that stops says so, then closes with the code that means "come back".
#[tokio::test(flavor = "multi_thread")]
async fn a_stop_is_announced() {
    let mut app = App::new().await;
    let mut page = app.a.member.connect().await;
    let stopping = async { app.running.stop().await };
    let watching = async {
        let told = page.event("shutdown").await;
        (told, page.closed().await.0)
    };
    let ((), (told, close)) = tokio::join!(stopping, watching);
    assert_eq!((&told["reason"], close), (&json!("gateway stopping"), 1012));
}

/// Random frames never harm a connection, the server, or a neighbour.
#[test]
fn random_frames_are_survived() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let app = runtime.block_on(App::new());
    let frames = proptest::collection::vec(frame(), 1..12);
    let mut runner =
        proptest::test_runner::TestRunner::new(proptest::test_runner::Config { cases: 48, ..Default::default() });
    runner
        .run(&frames, |frames| {
            runtime.block_on(async {
                let mut page = app.a.member.connect().await;
                for text in frames {
                    page.send_text(text).await;
                }
                app.clock.advance(60_000);
                let health = page.try_call("health", json!({})).await;
                prop_assert!(health.is_ok(), "{:?}", health);
                Ok(())
            })
        })
        .unwrap();
    runtime.block_on(async {
        let agents = app.a.viewer.call("agents.list", json!({})).await.ok();
        assert_eq!(agents["agents"].as_array().unwrap().len(), 2);
    });
}

/// Frames that are nearly right, and frames that are not.
fn frame() -> impl Strategy<Value = String> {
    let method =
        prop_oneof![Just("agents.list"), Just("agents.get"), Just("chat.history"), Just("sessions.list"), Just("")];
    let params = prop_oneof![
        Just("{}".to_owned()),
        Just("null".to_owned()),
        Just("[]".to_owned()),
        "[ -~]{0,40}",
        Just(r#"{"agentId":"../../etc","limit":-1}"#.to_owned()),
        Just(r#"{"sessionKey":"agent:main:\ud800"}"#.to_owned()),
        Just(r#"{"limit":1e400,"offset":99999999999999999999}"#.to_owned()),
    ];
    let nearly = ("[a-z0-9]{0,8}", method, params).prop_map(|(id, method, params)| {
        format!(r#"{{"type":"req","id":"x{id}","method":"{method}","params":{params}}}"#)
    });
    prop_oneof![4 => nearly, 1 => "[ -~]{0,80}", 1 => Just("\u{1F600}{".to_owned())]
}
