//! Whole turns over a socket, against a provider that does everything wrong.

use super::server::{Act, KEY, Server, answer, begun, calls, end, in_packets, stream, words};
use super::world::World;
use crate::{Api, Outcome, Stop};
use std::time::Duration;
use tokio::time::Instant;

/// A turn against this script; the server is given back for its log.
async fn turn(api: Api, scripts: Vec<super::server::Script>) -> (Outcome, World, Server) {
    let server = Server::start(api, scripts).await;
    let mut world = World::new();
    let outcome = world.run(&server.provider).await;
    assert!(!format!("{outcome:?}").contains("canary"), "the key is in no outcome: {outcome:?}");
    (outcome, world, server)
}

fn failed(outcome: &Outcome) -> &'static str {
    match &outcome.stop {
        Stop::Failed(failure) => failure.kind().as_str(),
        other => panic!("{other:?}"),
    }
}

fn anthropic(text: &str) -> String {
    [
        r#"{"type":"message_start","message":{"usage":{"input_tokens":9,"output_tokens":1}}}"#.to_owned(),
        r#"{"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}"#.to_owned(),
        format!(r#"{{"type":"content_block_delta","index":0,"delta":{{"type":"text_delta","text":"{text}"}}}}"#),
    ]
    .map(|frame| format!("event: x\ndata: {frame}\n\n"))
    .concat()
}

fn anthropic_end(reason: &str) -> String {
    format!(
        "data: {{\"type\":\"content_block_stop\",\"index\":0}}\n\ndata: {{\"type\":\"message_delta\",\"delta\":{{\"stop_reason\":\"{reason}\"}},\"usage\":{{\"output_tokens\":4}}}}\n\ndata: {{\"type\":\"message_stop\"}}\n\n"
    )
}

#[tokio::test]
async fn a_turn_with_tools_uses_one_connection_and_sends_what_the_api_wants() {
    let first = stream(&(calls("a", "echo", r#"{"say":"Grüße"}"#) + &end("tool_calls")));
    let (outcome, world, server) = turn(Api::OpenAi, vec![first, stream(&(words("Done.") + &end("stop")))]).await;
    assert_eq!((outcome.text(), outcome.usage.input, outcome.usage.output), ("Done.", 20, 10));
    assert!(world.diary.lines.contains(&"result a Grüße".to_owned()));
    assert_eq!(server.connections(), 1);
    let requests = server.requests();
    assert!(requests[0].starts_with("POST /v1/chat/completions HTTP/1.1\r\n"));
    assert!(requests[0].contains(&format!("authorization: Bearer {KEY}\r\n")));
    assert!(requests[1].contains(r#"{"role":"tool","tool_call_id":"a","content":"Grüße"}"#));
}

/// The end of the body may come in a packet of its own; the connection is used again all the same.
#[tokio::test]
async fn packets_of_any_size_tell_the_same() {
    for size in [1, 2, 3, 7, 50] {
        let scripts =
            (0..2).map(|_| in_packets(stream(&(words("Grüße 🦀 ") + &words("läuft") + &end("stop"))), size)).collect();
        let server = Server::start(Api::OpenAi, scripts).await;
        for _ in 0..2 {
            assert_eq!(World::new().run(&server.provider).await.text(), "Grüße 🦀 läuft", "packets of {size}");
        }
        assert_eq!(server.connections(), 1, "packets of {size}");
    }
}

#[tokio::test]
async fn anthropic_speaks_its_own_way() {
    let tool = [
        r#"data: {"type":"content_block_start","index":1,"content_block":{"type":"tool_use","id":"t","name":"echo","input":{}}}"#,
        r#"data: {"type":"content_block_delta","index":1,"delta":{"type":"input_json_delta","partial_json":"{\"say\":"}}"#,
        r#"data: {"type":"content_block_delta","index":1,"delta":{"type":"input_json_delta","partial_json":"\"hi\"}"}}"#,
        "",
    ]
    .join("\n\n");
    let scripts = vec![
        answer(
            "529 Overloaded",
            "retry-after: 0\r\n",
            r#"{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}"#,
        ),
        in_packets(stream(&(anthropic("Wait.") + &tool + &anthropic_end("tool_use"))), 5),
        stream(&(anthropic("Done.") + &anthropic_end("end_turn"))),
    ];
    let (outcome, world, server) = turn(Api::Anthropic, scripts).await;
    assert_eq!((outcome.text(), outcome.usage.input, outcome.usage.output), ("Done.", 18, 8));
    assert!(world.diary.lines.contains(&"done 1.1 retry unavailable, no usage".to_owned()));
    assert!(world.diary.lines.contains(&"result t hi".to_owned()));
    let request = &server.requests()[2];
    assert!(request.starts_with("POST /v1/messages HTTP/1.1\r\n"));
    assert!(
        request.contains(&format!("x-api-key: {KEY}\r\n")) && request.contains("anthropic-version: 2023-06-01\r\n")
    );
    assert!(request.contains(r#"{"type":"tool_result","tool_use_id":"t","content":"hi","is_error":false}"#));
}

#[tokio::test]
async fn a_429_is_waited_out() {
    let busy = answer("429 Too Many Requests", "retry-after: 1\r\n", r#"{"error":{"message":"slow down"}}"#);
    let started = Instant::now();
    let (outcome, world, _) = turn(Api::OpenAi, vec![busy, stream(&(words("Hi") + &end("stop")))]).await;
    assert_eq!(outcome.text(), "Hi");
    assert!(started.elapsed() >= Duration::from_secs(1));
    assert_eq!(world.diary.lines[1], "done 1.1 retry rate_limit, no usage");
}

#[tokio::test]
async fn server_errors_are_tried_three_times() {
    let broken = || answer("500 Internal Server Error", "content-type: text/html\r\n", "<html>sorry</html>");
    let (outcome, _, server) = turn(Api::OpenAi, vec![broken(), broken(), broken()]).await;
    assert_eq!((failed(&outcome), server.requests().len()), ("unavailable", 3));
}

#[tokio::test]
async fn a_rejected_key_is_told_in_the_providers_words_and_not_repeated() {
    let body = format!(r#"{{"error":{{"message":"Incorrect API key provided: {KEY}.","code":"invalid_api_key"}}}}"#);
    let (outcome, _, server) = turn(Api::OpenAi, vec![answer("401 Unauthorized", "", &body)]).await;
    assert_eq!((failed(&outcome), server.requests().len()), ("auth", 1));
    assert!(
        matches!(&outcome.stop, Stop::Failed(failure) if failure.message() == "Incorrect API key provided: [key].")
    );
}

#[tokio::test]
async fn a_broken_stream_keeps_its_text_and_is_not_repeated() {
    let (outcome, world, server) = turn(Api::OpenAi, vec![begun(&words("par"), Act::Close)]).await;
    assert_eq!((failed(&outcome), outcome.text(), server.requests().len()), ("unavailable", "par", 1));
    assert_eq!(world.diary.lines.last().unwrap(), "done 1.1 failed unavailable, no usage");
    let (outcome, ..) = turn(Api::Anthropic, vec![begun(&anthropic("par"), Act::Close)]).await;
    assert_eq!((failed(&outcome), outcome.text()), ("unavailable", "par"));
}

#[tokio::test]
async fn a_stream_that_breaks_before_its_first_word_is_repeated() {
    let scripts = vec![begun(": hello\n\n", Act::Close), vec![Act::Close], stream(&(words("Hi") + &end("stop")))];
    let (outcome, ..) = turn(Api::OpenAi, scripts).await;
    assert_eq!(outcome.text(), "Hi");
}

#[tokio::test]
async fn a_stalled_stream_times_out_with_its_text() {
    let (outcome, ..) = turn(Api::OpenAi, vec![begun(&words("par"), Act::Stall)]).await;
    assert_eq!((failed(&outcome), outcome.text()), ("timeout", "par"));
    let (outcome, ..) = turn(Api::OpenAi, vec![vec![Act::Stall], vec![Act::Stall], vec![Act::Stall]]).await;
    assert_eq!((failed(&outcome), outcome.text()), ("timeout", ""));
}

#[tokio::test]
async fn garbage_is_no_answer() {
    let html = answer("200 OK", "content-type: text/html\r\n", "<html>sign in</html>");
    let json = answer(
        "200 OK",
        "content-type: application/json\r\n",
        r#"{"error":{"message":"no","code":"model_not_found"}}"#,
    );
    let table = [
        (stream("data: {nonsense\n\n"), "bad_response"),
        (stream("\u{0}\u{1}\u{2}"), "bad_response"),
        (stream(&format!("data: {}\n\n", "x".repeat(2 * 1024 * 1024))), "bad_response"),
        (begun(&"x".repeat(2 * 1024 * 1024), Act::Stall), "bad_response"),
        (html, "bad_response"),
        (json, "rejected"),
        (vec![Act::Send(b"SSH-2.0-OpenSSH_9.2\r\n\r\n".to_vec(), 99), Act::Close], "unavailable"),
        (answer("302 Found", "location: /moved\r\n", ""), "rejected"),
    ];
    for (script, kind) in table {
        let server = Server::start(Api::OpenAi, vec![script]).await;
        let mut world = World::new();
        world.limits.retry.attempts = 1;
        let outcome = world.run(&server.provider).await;
        assert_eq!((failed(&outcome), server.requests().len()), (kind, 1), "{:?}", outcome.stop);
    }
}

/// What was said before the garbage stays.
#[tokio::test]
async fn text_before_garbage_is_kept() {
    let (outcome, ..) =
        turn(Api::OpenAi, vec![stream(&(words("par") + "data: {\"choices\":[{\"delta\":{\"con\n\n"))]).await;
    assert_eq!((failed(&outcome), outcome.text()), ("bad_response", "par"));
}

#[tokio::test]
async fn no_tool_runs_from_a_cut_call() {
    let whole = calls("a", "echo", r#"{"say":"hi"}"#);
    let cut = &whole[..whole.find("\n\n").unwrap() + 2];
    for script in [begun(cut, Act::Close), stream(cut), begun(cut, Act::Stall)] {
        let server = Server::start(Api::OpenAi, vec![script]).await;
        let mut world = World::new();
        world.limits.retry.attempts = 1;
        failed(&world.run(&server.provider).await);
        assert!(world.tools.ran.lock().unwrap().is_empty());
    }
}

#[tokio::test]
async fn an_abort_ends_the_stream_at_once() {
    let server = Server::start(Api::OpenAi, vec![begun(&words("par"), Act::Stall)]).await;
    let mut world = World::new();
    world.diary.abort_at = Some(("par".into(), world.cancel.clone()));
    let started = Instant::now();
    let outcome = world.run(&server.provider).await;
    assert!(matches!(outcome.stop, Stop::Aborted));
    assert_eq!(outcome.text(), "par");
    assert!(started.elapsed() < Duration::from_millis(200), "{:?}", started.elapsed());
}

#[tokio::test]
async fn models_are_listed_and_keys_checked() {
    let list =
        r#"{"object":"list","data":[{"id":"gpt-x","object":"model"},{"id":"claude-x","display_name":"Claude X"}]}"#;
    let no = format!(r#"{{"error":{{"message":"bad key {KEY}"}}}}"#);
    let scripts = vec![
        answer("200 OK", "content-type: application/json\r\n", list),
        answer("401 Unauthorized", "", &no),
        answer("200 OK", "", "<html>"),
    ];
    let server = Server::start(Api::OpenAi, scripts).await;
    let models = server.provider.list_models().await.unwrap();
    assert_eq!(
        models.iter().map(|model| (model.id.as_str(), model.name.as_deref())).collect::<Vec<_>>(),
        [("gpt-x", None), ("claude-x", Some("Claude X"))]
    );
    assert_eq!(server.provider.list_models().await.unwrap_err().to_string(), "auth: bad key [key]");
    assert_eq!(server.provider.list_models().await.unwrap_err().kind().as_str(), "bad_response");
    assert!(server.requests()[0].starts_with("GET /v1/models HTTP/1.1"));
}

/// The operator did not list its port in this test, so the discovery is refused and finds nothing.
#[tokio::test]
async fn ollama_is_looked_for_only_where_the_operator_allows_it() {
    let server = Server::start(Api::OpenAi, vec![]).await;
    assert!(crate::discover_ollama(&server.egress).await.is_none());
}
