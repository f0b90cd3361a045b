use std::time::Duration;

use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::{FakeModel, Reply};

/// HTTP/1.0, so that a stream comes without the framing of chunks.
async fn post(model: &FakeModel, path: &str, said: &str) -> TcpStream {
    let body = json!({ "stream": true, "messages": [{ "role": "user", "content": said }] }).to_string();
    let mut socket = TcpStream::connect(model.address).await.unwrap();
    let head = format!("POST {path} HTTP/1.0\r\nx-api-key: secret\r\ncontent-length: {}\r\n\r\n", body.len());
    socket.write_all((head + &body).as_bytes()).await.unwrap();
    socket
}

async fn whole(mut socket: TcpStream) -> String {
    let mut answer = String::new();
    socket.read_to_string(&mut answer).await.unwrap();
    answer
}

/// The text of an answer, put together from its pieces.
fn text(answer: &str) -> String {
    let events =
        answer.lines().filter_map(|line| serde_json::from_str::<serde_json::Value>(line.strip_prefix("data: ")?).ok());
    let piece = |event: serde_json::Value| {
        let openai = event["choices"][0]["delta"]["content"].as_str();
        openai.or(event["delta"]["text"].as_str()).map(str::to_owned)
    };
    events.filter_map(piece).collect()
}

/// The same words come out of both wire formats, with and without `/v1` in the base URL.
#[tokio::test]
async fn both_formats_say_the_same() {
    let model = FakeModel::start().await;
    for path in ["/v1/chat/completions", "/chat/completions", "/v1/messages", "/messages"] {
        let answer = whole(post(&model, path, "good morning").await).await;
        assert_eq!(text(&answer), "Hello from the fake model. You said: good morning", "{path}");
    }
}

/// The script comes before steering, one reply a request, and every request is kept with its headers.
#[tokio::test]
async fn the_script_comes_first() {
    let model = FakeModel::start().await;
    model.script(vec![Reply::text("as written"), Reply::fail(503)]);
    assert_eq!(text(&whole(post(&model, "/v1/messages", "[[tokens 1]]").await).await), "as written");
    assert!(whole(post(&model, "/v1/messages", "[[tokens 1]]").await).await.starts_with("HTTP/1.0 503"));
    assert_eq!(text(&whole(post(&model, "/v1/messages", "[[tokens 1]]").await).await), "token1 ");
    let requests = model.requests();
    assert_eq!(requests.len(), 3);
    assert_eq!(
        (requests[0].path.as_str(), &requests[0].headers["x-api-key"]),
        ("/v1/messages", &"secret".parse().unwrap())
    );
}

/// A client that goes away ends the answer: this is how a test sees that an abort reached the provider.
#[tokio::test]
async fn hanging_up_ends_the_answer() {
    let model = FakeModel::start().await;
    let mut socket = post(&model, "/v1/chat/completions", "[[stall]]").await;
    let mut first = [0; 16];
    socket.read_exact(&mut first).await.unwrap();
    assert_eq!(model.open_streams(), 1);
    drop(socket);
    for _ in 0..200 {
        if model.open_streams() == 0 {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("the answer is still open");
}
