//! Recorded streams of both APIs, in any pieces, without a network.

use super::sse::Sse;
use super::wire::{Decode, Queue};
use super::{Api, Endpoint, anthropic, openai};
use crate::{Event, Failure, Image, Message, ModelRequest, StopReason, ToolCall, ToolSpec, Usage};
use proptest::prelude::*;
use serde_json::{Value, json};

const OPENAI: &str = concat!(
    ": OPENROUTER PROCESSING\n\n",
    r#"data: {"id":"c1","object":"chat.completion.chunk","choices":[{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null}],"usage":null}"#,
    "\n\n",
    r#"data: {"choices":[{"index":0,"delta":{"reasoning_content":"Let me "},"finish_reason":null}]}"#,
    "\n\n",
    r#"data: {"choices":[{"index":0,"delta":{"reasoning_content":"see."}}]}"#,
    "\n\n",
    r#"data: {"choices":[{"index":0,"delta":{"content":"Gr\u00fc\u00dfe, \"Welt\"\n"}}]}"#,
    "\r\n\r\n",
    r#"data: {"choices":[{"index":0,"delta":{"content":"🦀 läuft"}}]}"#,
    "\n\n",
    r#"data: {"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"id":"call_a","type":"function","function":{"name":"read","arguments":""}}]}}]}"#,
    "\n\n",
    r#"data: {"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"function":{"arguments":"{\"path\":"}}]}}]}"#,
    "\n\n",
    r#"data: {"choices":[{"index":0,"delta":{"tool_calls":[{"index":1,"id":"call_b","type":"function","function":{"name":"now","arguments":""}}]}}]}"#,
    "\n\n",
    r#"data: {"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"function":{"arguments":" \"ä.txt\"}"}}]}}]}"#,
    "\n\n",
    r#"data: {"choices":[{"index":0,"delta":{},"finish_reason":"tool_calls"}]}"#,
    "\n\n",
    r#"data: {"choices":[],"usage":{"prompt_tokens":100,"completion_tokens":20,"total_tokens":120,"prompt_tokens_details":{"cached_tokens":64}}}"#,
    "\n\n",
    "data: [DONE]\n\n",
);

const ANTHROPIC: &str = concat!(
    "event: message_start\n",
    r#"data: {"type":"message_start","message":{"id":"m","role":"assistant","content":[],"usage":{"input_tokens":25,"cache_creation_input_tokens":10,"cache_read_input_tokens":5,"output_tokens":1}}}"#,
    "\n\n",
    "event: content_block_start\n",
    r#"data: {"type":"content_block_start","index":0,"content_block":{"type":"thinking","thinking":"","signature":""}}"#,
    "\n\n",
    r#"data: {"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"Let me see."}}"#,
    "\n\n",
    r#"data: {"type":"content_block_delta","index":0,"delta":{"type":"signature_delta","signature":"abc"}}"#,
    "\n\n",
    r#"data: {"type":"content_block_stop","index":0}"#,
    "\n\n",
    r#"data: {"type":"content_block_start","index":1,"content_block":{"type":"text","text":""}}"#,
    "\n\n",
    "event: ping\ndata: {\"type\": \"ping\"}\n\n",
    r#"data: {"type":"content_block_delta","index":1,"delta":{"type":"text_delta","text":"Grüße, \"Welt\"\n"}}"#,
    "\n\n",
    r#"data: {"type":"content_block_delta","index":1,"delta":{"type":"text_delta","text":"🦀 läuft"}}"#,
    "\n\n",
    r#"data: {"type":"content_block_stop","index":1}"#,
    "\n\n",
    r#"data: {"type":"content_block_start","index":2,"content_block":{"type":"tool_use","id":"call_a","name":"read","input":{}}}"#,
    "\n\n",
    r#"data: {"type":"content_block_delta","index":2,"delta":{"type":"input_json_delta","partial_json":""}}"#,
    "\n\n",
    r#"data: {"type":"content_block_delta","index":2,"delta":{"type":"input_json_delta","partial_json":"{\"path\": \"ä."}}"#,
    "\n\n",
    r#"data: {"type":"content_block_delta","index":2,"delta":{"type":"input_json_delta","partial_json":"txt\"}"}}"#,
    "\n\n",
    r#"data: {"type":"content_block_stop","index":2}"#,
    "\n\n",
    r#"data: {"type":"content_block_start","index":3,"content_block":{"type":"tool_use","id":"call_b","name":"now","input":{}}}"#,
    "\n\n",
    r#"data: {"type":"content_block_stop","index":3}"#,
    "\n\n",
    r#"data: {"type":"something_new","index":3}"#,
    "\n\n",
    r#"data: {"type":"message_delta","delta":{"stop_reason":"tool_use","stop_sequence":null},"usage":{"output_tokens":20}}"#,
    "\n\n",
    "event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n",
);

fn decoder(api: Api) -> Box<dyn Decode> {
    match api {
        Api::OpenAi => Box::<openai::Decoder>::default(),
        Api::Anthropic => Box::<anthropic::Decoder>::default(),
    }
}

/// What comes of these packets: events with neighbouring pieces joined, and the failure that ended them.
fn decode<'a>(api: Api, packets: impl IntoIterator<Item = &'a [u8]>) -> (Vec<Event>, Option<Failure>) {
    let (mut sse, mut decoder, mut queue, mut is_done) = (Sse::default(), decoder(api), Queue::default(), false);
    let run = || {
        for packet in packets {
            sse.feed(packet, &mut |data| {
                if !is_done {
                    is_done = decoder.data(data, &mut queue)?;
                }
                Ok::<_, Failure>(())
            })?;
        }
        if is_done { Ok(()) } else { decoder.end(&mut queue) }
    };
    let failure = run().err();
    (queue.0.into(), failure)
}

fn whole(api: Api, text: &str) -> (Vec<Event>, Option<Failure>) {
    decode(api, [text.as_bytes()])
}

fn call(id: &str, name: &str, arguments: Value) -> Event {
    Event::ToolCall(ToolCall { id: id.into(), name: name.into(), arguments })
}

fn expected(usage: Usage) -> Vec<Event> {
    vec![
        Event::Thinking("Let me see.".into()),
        Event::Text("Grüße, \"Welt\"\n🦀 läuft".into()),
        call("call_a", "read", json!({"path": "ä.txt"})),
        call("call_b", "now", json!({})),
        Event::Usage(usage),
        Event::Stop(StopReason::ToolCalls),
    ]
}

fn without_raw(mut events: Vec<Event>) -> Vec<Event> {
    for event in &mut events {
        if let Event::Usage(usage) = event {
            assert!(usage.raw.is_object(), "the provider's own object is kept");
            usage.raw = Value::Null;
        }
    }
    events
}

#[test]
fn a_recorded_stream_of_each_api_is_understood() {
    let (events, failure) = whole(Api::OpenAi, OPENAI);
    assert_eq!(
        (without_raw(events), failure),
        (expected(Usage { input: 36, output: 20, cache_read: 64, ..Usage::default() }), None)
    );
    let (events, failure) = whole(Api::Anthropic, ANTHROPIC);
    let usage = Usage { input: 25, output: 20, cache_read: 5, cache_write: 10, raw: Value::Null };
    assert_eq!((without_raw(events), failure), (expected(usage), None));
}

proptest! {
    #[test]
    fn any_packets_tell_the_same(cuts in proptest::collection::vec(any::<proptest::sample::Index>(), 0..40)) {
        for (api, text) in [(Api::OpenAi, OPENAI), (Api::Anthropic, ANTHROPIC)] {
            let bytes = text.as_bytes();
            let mut at: Vec<usize> = cuts.iter().map(|cut| cut.index(bytes.len())).collect();
            at.extend([0, bytes.len()]);
            at.sort_unstable();
            let packets = at.windows(2).map(|pair| &bytes[pair[0]..pair[1]]);
            prop_assert_eq!(decode(api, packets), whole(api, text));
        }
    }

    /// A stream that is cut anywhere gives the beginning of its events, never a call that was not there.
    #[test]
    fn a_cut_stream_invents_nothing(cut in any::<proptest::sample::Index>()) {
        for (api, text) in [(Api::OpenAi, OPENAI), (Api::Anthropic, ANTHROPIC)] {
            let bytes = text.as_bytes();
            let (events, _) = decode(api, [&bytes[..cut.index(bytes.len())]]);
            for event in events {
                if let Event::ToolCall(found) = event {
                    prop_assert!(whole(api, text).0.contains(&Event::ToolCall(found)));
                }
            }
        }
    }

    #[test]
    fn no_data_makes_a_decoder_panic(frames in proptest::collection::vec("\\PC{0,40}|\\{\"(type|choices|error|delta)\":[\\[\\]{}\"a-z0-9:,]{0,40}", 0..8)) {
        for api in [Api::OpenAi, Api::Anthropic] {
            let (mut decoder, mut queue) = (decoder(api), Queue::default());
            for frame in &frames {
                decoder.data(frame, &mut queue).ok();
            }
            decoder.end(&mut queue).ok();
        }
    }
}

fn chunks(chunks: &[Value]) -> String {
    chunks.iter().map(|chunk| format!("data: {chunk}\n\n")).collect()
}

fn delta(delta: Value, finish: Option<&str>) -> Value {
    json!({"choices": [{"index": 0, "delta": delta, "finish_reason": finish}]})
}

fn text(text: &str) -> Event {
    Event::Text(text.into())
}

#[test]
fn servers_that_leave_things_out_are_understood() {
    let hi = || delta(json!({"content": "hi"}), None);
    let done = "data: [DONE]\n\n";
    let table = [
        ("no usage", chunks(&[hi(), delta(json!({}), Some("stop"))]) + done),
        ("no [DONE]", chunks(&[hi(), delta(json!({}), Some("stop"))])),
        ("no finish_reason", chunks(&[hi()]) + done),
        ("neither", chunks(&[hi()])),
        ("content and reason in one", chunks(&[delta(json!({"content": "hi"}), Some("eos"))]) + done),
        ("content of null", chunks(&[delta(json!({"content": null, "tool_calls": null}), None), hi()]) + done),
        ("a chunk without choices", chunks(&[json!({}), json!({"choices": null}), hi()]) + done),
        ("something behind [DONE]", chunks(&[hi()]) + done + "data: garbage\n\n"),
    ];
    for (what, stream) in table {
        assert_eq!(whole(Api::OpenAi, &stream), (vec![text("hi"), Event::Stop(StopReason::Stop)], None), "{what}");
    }
}

#[test]
fn calls_are_told_apart_by_index_or_by_id() {
    let piece = |call: Value| delta(json!({"tool_calls": [call]}), None);
    let function = |arguments: &str| json!({"name": "f", "arguments": arguments});
    let same_index = chunks(&[
        piece(json!({"index": 0, "id": "a", "function": function("{\"n\":1}")})),
        piece(json!({"index": 0, "id": "b", "function": function("{\"n\":2}")})),
    ]);
    let no_index = chunks(&[
        piece(json!({"id": "a", "function": function("{\"n\"")})),
        piece(json!({"function": {"arguments": ":1}"}})),
        piece(json!({"id": "b", "function": function("{\"n\":2}")})),
    ]);
    for stream in [same_index, no_index] {
        let (events, failure) = whole(Api::OpenAi, &stream);
        assert_eq!(failure, None);
        assert_eq!(events[..2], [call("a", "f", json!({"n": 1})), call("b", "f", json!({"n": 2}))], "{stream}");
    }
}

#[test]
fn incomplete_arguments_are_no_call() {
    let begun = delta(
        json!({"tool_calls": [{"index": 0, "id": "a", "function": {"name": "f", "arguments": "{\"path\": \"/\""}}]}),
        None,
    );
    let (events, failure) = whole(Api::OpenAi, &chunks(std::slice::from_ref(&begun)));
    assert_eq!((events, failure.unwrap().kind().as_str()), (vec![], "bad_response"));
    let (events, _) = whole(Api::OpenAi, &chunks(&[begun.clone(), delta(json!({}), Some("length"))]));
    assert_eq!(events, [Event::Stop(StopReason::Length)]);
    let (events, _) = whole(Api::OpenAi, &chunks(&[begun, delta(json!({}), Some("tool_calls"))]));
    assert!(matches!(&events[0], Event::BadToolCall { raw, .. } if raw == "{\"path\": \"/\""), "{events:?}");

    let named =
        delta(json!({"tool_calls": [{"index": 0, "id": "a", "function": {"name": "f", "arguments": ""}}]}), None);
    let (events, failure) = whole(Api::OpenAi, &chunks(std::slice::from_ref(&named)));
    assert!(
        events.is_empty() && failure.is_some(),
        "a call that was cut before its arguments is not one without arguments"
    );
    let (events, _) = whole(Api::OpenAi, &(chunks(&[named]) + "data: [DONE]\n\n"));
    assert_eq!(events[0], call("a", "f", json!({})));

    let end = ANTHROPIC
        .find(r#"data: {"type":"content_block_delta","index":2,"delta":{"type":"input_json_delta","partial_json":"txt"#)
        .unwrap();
    let (events, failure) = whole(Api::Anthropic, &ANTHROPIC[..end]);
    assert!(!events.iter().any(|event| matches!(event, Event::ToolCall(_))));
    assert_eq!(failure.unwrap().kind().as_str(), "bad_response");
}

#[test]
fn errors_inside_of_a_stream_have_their_kind_and_keep_what_came_before() {
    let hi = chunks(&[delta(json!({"content": "hi"}), None)]);
    let start = &ANTHROPIC[..ANTHROPIC.find("event: content_block_start").unwrap()];
    let table = [
        (
            Api::OpenAi,
            hi.clone() + &chunks(&[json!({"error": {"message": "Rate limited", "code": 429}})]),
            "rate_limit",
        ),
        (Api::OpenAi, hi.clone() + &chunks(&[json!({"error": "out of memory"})]), "unavailable"),
        (Api::OpenAi, hi.clone() + &chunks(&[delta(json!({}), Some("content_filter"))]), "refusal"),
        (
            Api::OpenAi,
            hi.clone() + &chunks(&[delta(json!({"refusal": "I will not."}), None), delta(json!({}), Some("stop"))]),
            "refusal",
        ),
        (Api::OpenAi, hi.clone() + "data: <html>\n\n", "bad_response"),
        (Api::OpenAi, hi + "data: {\"choices\":[{\"del\n\n", "bad_response"),
        (Api::OpenAi, String::new(), "bad_response"),
        (Api::OpenAi, "garbage\n\ngarbage".into(), "bad_response"),
        (
            Api::Anthropic,
            start.to_owned()
                + &chunks(&[json!({"type": "error", "error": {"type": "overloaded_error", "message": "Overloaded"}})]),
            "unavailable",
        ),
        (
            Api::Anthropic,
            start.to_owned() + &chunks(&[json!({"type": "message_delta", "delta": {"stop_reason": "refusal"}})]),
            "refusal",
        ),
        (Api::Anthropic, start.to_owned(), "bad_response"),
        (Api::Anthropic, String::new(), "bad_response"),
    ];
    for (api, stream, kind) in table {
        let (events, failure) = whole(api, &stream);
        assert_eq!(failure.map(|failure| failure.kind().as_str()), Some(kind), "{stream}");
        assert_eq!(events.iter().any(|event| *event == text("hi")), stream.contains("\"hi\""), "{stream}");
    }
}

fn request() -> ModelRequest {
    let image = Image { media_type: "image/png".into(), data: "aGk=".into() };
    let called = |id: &str| ToolCall { id: id.into(), name: "read".into(), arguments: json!({"path": "a"}) };
    let answer = |id: &str, is_error| Message::Tool {
        call_id: id.into(),
        name: "read".into(),
        content: "text".into(),
        is_error,
    };
    ModelRequest {
        model: "m".into(),
        system: "Be brief.".into(),
        messages: vec![
            Message::User { text: "Look".into(), images: vec![image] },
            Message::Assistant { text: String::new(), tool_calls: vec![called("a"), called("b")] },
            answer("a", false),
            answer("b", true),
            Message::user("Go on"),
        ],
        tools: [ToolSpec {
            name: "read".into(),
            description: "Read a file".into(),
            parameters: json!({"type": "object"}),
        }]
        .into(),
        max_tokens: Some(300),
        temperature: Some(0.5),
    }
}

#[test]
fn openai_gets_its_form_of_a_request() {
    let body: Value = serde_json::from_slice(&openai::request(&request(), false).unwrap()).unwrap();
    let called =
        |id: &str| json!({"id": id, "type": "function", "function": {"name": "read", "arguments": "{\"path\":\"a\"}"}});
    let expected = json!({
        "model": "m", "max_tokens": 300, "temperature": 0.5, "stream": true, "stream_options": {"include_usage": true},
        "messages": [
            {"role": "system", "content": "Be brief."},
            {"role": "user", "content": [{"type": "text", "text": "Look"}, {"type": "image_url", "image_url": {"url": "data:image/png;base64,aGk="}}]},
            {"role": "assistant", "content": null, "tool_calls": [called("a"), called("b")]},
            {"role": "tool", "tool_call_id": "a", "content": "text"},
            {"role": "tool", "tool_call_id": "b", "content": "text"},
            {"role": "user", "content": "Go on"},
        ],
        "tools": [{"type": "function", "function": {"name": "read", "description": "Read a file", "parameters": {"type": "object"}}}],
    });
    assert_eq!(body, expected);
    let body: Value = serde_json::from_slice(&openai::request(&request(), true).unwrap()).unwrap();
    assert_eq!((&body["max_completion_tokens"], &body["max_tokens"]), (&json!(300), &Value::Null));
}

#[test]
fn anthropic_gets_its_form_of_a_request() {
    let body: Value = serde_json::from_slice(&anthropic::request(&request()).unwrap()).unwrap();
    let called = |id: &str| json!({"type": "tool_use", "id": id, "name": "read", "input": {"path": "a"}});
    let answer = |id: &str, is_error: bool| json!({"type": "tool_result", "tool_use_id": id, "content": "text", "is_error": is_error});
    let expected = json!({
        "model": "m", "max_tokens": 300, "temperature": 0.5, "stream": true, "system": "Be brief.",
        "messages": [
            {"role": "user", "content": [{"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": "aGk="}}, {"type": "text", "text": "Look"}]},
            {"role": "assistant", "content": [called("a"), called("b")]},
            {"role": "user", "content": [answer("a", false), answer("b", true), {"type": "text", "text": "Go on"}]},
        ],
        "tools": [{"name": "read", "description": "Read a file", "input_schema": {"type": "object"}}],
    });
    assert_eq!(body, expected);
    let bare = ModelRequest {
        messages: vec![Message::user("x"), Message::assistant(""), Message::user("y")],
        ..ModelRequest::default()
    };
    let body: Value = serde_json::from_slice(&anthropic::request(&bare).unwrap()).unwrap();
    assert_eq!(
        body["messages"],
        json!([{"role": "user", "content": [{"type": "text", "text": "x"}, {"type": "text", "text": "y"}]}])
    );
    assert_eq!(body["max_tokens"], 8192);
}

#[test]
fn a_base_url_may_be_written_with_or_without_its_version() {
    let url = |base: &str| Endpoint { base_url: base.into(), ..Endpoint::ollama() }.url("models");
    for base in ["http://h:1", "http://h:1/", "http://h:1/v1", "http://h:1/v1/"] {
        assert_eq!(url(base), "http://h:1/v1/models", "{base}");
    }
    assert_eq!(url("https://openrouter.ai/api/v1"), "https://openrouter.ai/api/v1/models");
}
