//! Plain HTTP to loopback, for the two things that are not on the socket: metrics and accounts.

use anyhow::{Context, Result, bail};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// An answer with status 200.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) head: String,
    pub(crate) body: String,
}

/// HTTP/1.0, so that the answer comes whole and ends with the connection.
pub(crate) async fn ask(method: &str, url: &str, headers: &[(&str, &str)], body: &str) -> Result<Answer> {
    let rest = url.strip_prefix("http://").context("only http:// URLs are asked")?;
    let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
    let mut request = format!("{method} /{path} HTTP/1.0\r\nhost: {authority}\r\ncontent-length: {}\r\n", body.len());
    for (name, value) in headers {
        request += &format!("{name}: {value}\r\n");
    }
    request += "\r\n";
    let mut socket = TcpStream::connect(authority).await.with_context(|| url.to_owned())?;
    socket.write_all((request + body).as_bytes()).await?;
    let mut answer = String::new();
    socket.read_to_string(&mut answer).await?;
    let (head, body) = answer.split_once("\r\n\r\n").context("an answer without an end of its head")?;
    if head.split_whitespace().nth(1) != Some("200") {
        bail!("{method} {url}: {} {body}", head.lines().next().unwrap_or_default());
    }
    Ok(Answer { head: head.to_owned(), body: body.to_owned() })
}

/// The URL of a path on the server behind this socket URL.
pub(crate) fn beside(socket_url: &str, path: &str) -> Result<String> {
    let rest = socket_url.strip_prefix("ws://").context("only ws:// URLs are measured")?;
    let authority = rest.split(['/', '?']).next().unwrap_or(rest);
    Ok(format!("http://{authority}{path}"))
}
