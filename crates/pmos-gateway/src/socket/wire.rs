//! One WebSocket without a task, a channel or a copy too many.
//!
//! tungstenite understands the frames; input and output are ours, for two reasons. What is to be sent stands in one
//! buffer that is written when the loop comes round, so answers that are ready together leave in one system call. And an
//! idle connection holds next to nothing: 2 KiB to read into, and no buffer to write from.

use super::line::{Ends, Line};
use bytes::Bytes;
use pmos_rpc::frame::Frame;
use std::io::ErrorKind;
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::net::TcpStream;
use tungstenite::protocol::frame::coding::CloseCode;
use tungstenite::protocol::{CloseFrame, Role, WebSocketConfig, WebSocketContext};
use tungstenite::{Error, Message, Utf8Bytes};

/// The largest message, announced in the hello.
pub(super) const MAX_PAYLOAD: usize = 1024 * 1024;
/// Before anybody signed in.
pub(super) const MAX_UNAUTHENTICATED: usize = 64 * 1024;
/// Unsent bytes beyond which an event is left out or ends the connection, announced in the hello.
pub(super) const MAX_BUFFERED: usize = 1024 * 1024;
/// Unsent bytes beyond which no more requests are read: whoever does not read answers asks too fast.
const PAUSE_READING: usize = 128 * 1024;
const READ_BUFFER: usize = 2 * 1024;
/// Control frames in a row before others get their turn.
const CONTROL_FRAMES: usize = 64;
const CLOSE_WITHIN: Duration = Duration::from_secs(2);
/// A close frame carries at most so many bytes of words.
const REASON_BYTES: usize = 123;

/// Messages taken in a row before their answers leave.
const BURST: u32 = 16;

/// One WebSocket.
pub(super) struct Wire {
    context: WebSocketContext,
    line: Line,
    taken: u32,
    /// Something came in since this was last set to false.
    pub(super) is_heard: bool,
}

/// What came in.
#[derive(Debug)]
pub(super) enum Received {
    /// A text message.
    Text(Utf8Bytes),
    /// The answer to a ping: all that was sent before it has been read.
    Pong,
    /// The connection is over; nothing more can be said.
    Ended,
    /// The client broke the rules of WebSocket: close with this.
    Broken(u16, &'static str),
}

impl Wire {
    /// A connection after its upgrade; the client may have sent more already.
    pub(super) fn new(stream: TcpStream, read: &Bytes) -> Self {
        let config = WebSocketConfig::default()
            .read_buffer_size(READ_BUFFER)
            .write_buffer_size(0)
            .max_write_buffer_size(READ_BUFFER)
            .max_message_size(Some(MAX_PAYLOAD))
            .max_frame_size(Some(MAX_PAYLOAD));
        // What is read counts with its framing, so a little more than the limit is allowed.
        let allowance = (MAX_UNAUTHENTICATED + 1024).saturating_sub(read.len());
        Self {
            context: WebSocketContext::from_partially_read(read.to_vec(), Role::Server, Some(config)),
            line: Line::new(stream, allowance),
            taken: 0,
            is_heard: true,
        }
    }

    /// Somebody signed in: larger messages are read from now on.
    pub(super) fn trust(&mut self) {
        self.line.trust();
    }

    /// Bytes that wait to be sent.
    pub(super) fn unsent(&self) -> usize {
        self.line.unsent()
    }

    /// Did something wait to be sent already when this was last asked, of which nothing left since?
    pub(super) fn is_stuck(&mut self) -> bool {
        self.line.is_stuck()
    }

    /// Send a text frame; it leaves when the loop comes round.
    pub(super) fn send(&mut self, frame: &Frame) {
        self.line.push_text(frame.parts());
    }

    /// Ask whether the other side is still there.
    pub(super) fn ping(&mut self) {
        // It is only put among the unsent bytes; what is wrong with the connection shows when they are to leave.
        drop(self.context.write(&mut Ends { line: &mut self.line, cx: None }, Message::Ping(Bytes::new())));
    }

    /// Send what is unsent, and wait for a message if `reading`. May be given up and called again at any time.
    pub(super) async fn next(&mut self, reading: bool) -> Received {
        std::future::poll_fn(|cx| self.poll_next(cx, reading)).await
    }

    /// Messages that are there already are taken before anything is sent, so that their answers leave together.
    fn poll_next(&mut self, cx: &mut Context<'_>, reading: bool) -> Poll<Received> {
        if self.taken >= BURST || self.unsent() >= PAUSE_READING {
            self.taken = 0;
            if let Poll::Ready(Err(_)) = self.line.poll_send(cx) {
                return Poll::Ready(Received::Ended);
            }
        }
        if reading
            && self.unsent() < PAUSE_READING
            && let Poll::Ready(received) = self.poll_message(cx)
        {
            self.taken += 1;
            return Poll::Ready(received);
        }
        self.taken = 0;
        match self.line.poll_send(cx) {
            Poll::Ready(Err(_)) => Poll::Ready(Received::Ended),
            Poll::Ready(Ok(())) | Poll::Pending => Poll::Pending,
        }
    }

    fn poll_message(&mut self, cx: &mut Context<'_>) -> Poll<Received> {
        for _ in 0..CONTROL_FRAMES {
            match self.context.read(&mut Ends { line: &mut self.line, cx: Some(cx) }) {
                Ok(Message::Text(text)) => {
                    self.is_heard = true;
                    return Poll::Ready(Received::Text(text));
                }
                Ok(Message::Binary(_)) => return Poll::Ready(Received::Broken(1003, "text frames only")),
                Ok(Message::Close(_)) => return Poll::Ready(self.acknowledge_close()),
                // The answer to a ping is put among the unsent bytes by the next read.
                Ok(Message::Ping(_) | Message::Frame(_)) => self.is_heard = true,
                Ok(Message::Pong(_)) => {
                    self.is_heard = true;
                    return Poll::Ready(Received::Pong);
                }
                Err(Error::Io(error)) if error.kind() == ErrorKind::WouldBlock => return Poll::Pending,
                Err(error) => return Poll::Ready(broken(&error)),
            }
        }
        cx.waker().wake_by_ref();
        Poll::Pending
    }

    fn acknowledge_close(&mut self) -> Received {
        // The acknowledgement is one small frame: it fits into the socket's buffer, or the connection is gone anyway.
        drop(self.context.flush(&mut Ends { line: &mut self.line, cx: None }));
        self.line.send_last();
        Received::Ended
    }

    /// Say why, and hang up: what was unsent leaves first, as far as the other side takes it.
    pub(super) async fn close(mut self, code: u16, reason: &str) {
        let frame = CloseFrame { code: CloseCode::from(code), reason: Utf8Bytes::from(shortened(reason)) };
        drop(self.context.close(&mut Ends { line: &mut self.line, cx: None }, Some(frame)));
        // Whoever does not take it in time has heard what they will hear.
        drop(tokio::time::timeout(CLOSE_WITHIN, self.line.finish()).await);
    }
}

/// With which code a connection ends whose client broke the rules.
fn broken(error: &Error) -> Received {
    match error {
        Error::Capacity(_) => Received::Broken(1009, "message too large"),
        Error::Io(error) if error.kind() == ErrorKind::FileTooLarge => {
            Received::Broken(1009, "preauth payload too large")
        }
        Error::Utf8(_) => Received::Broken(1007, "text is not UTF-8"),
        Error::Protocol(tungstenite::error::ProtocolError::ResetWithoutClosingHandshake) => Received::Ended,
        Error::Protocol(_) => Received::Broken(1002, "protocol error"),
        _ => Received::Ended,
    }
}

fn shortened(reason: &str) -> &str {
    let fits = |end: &usize| reason.is_char_boundary(*end);
    &reason[..(0..=REASON_BYTES.min(reason.len())).rev().find(fits).unwrap_or(0)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_is_cut_between_characters() {
        assert_eq!(shortened(&"ü".repeat(100)).len(), 122);
        assert_eq!(shortened("short"), "short");
    }
}
