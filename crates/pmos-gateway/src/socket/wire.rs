//! One WebSocket without a task, a channel or a copy too many.
//!
//! tungstenite understands the frames; input and output are ours, for two reasons. What is to be sent stands in one
//! buffer that is written when the loop comes round, so answers that are ready together leave in one system call. And an
//! idle connection holds next to nothing: 2 KiB to read into, and no buffer to write from.

use bytes::Bytes;
use std::io::{self, ErrorKind, Read, Write};
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, ReadBuf};
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
/// A buffer that grew beyond this is given back when it is empty.
const KEEP: usize = 512;
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

struct Line {
    stream: TcpStream,
    unsent: Vec<u8>,
    /// So many of the unsent bytes left already.
    sent: usize,
    /// Bytes that may still be read. What is read counts with its framing, so a little more than the limit is allowed.
    allowance: usize,
    /// Bytes left since this was last set to false.
    is_moving: bool,
}

/// What came in.
#[derive(Debug)]
pub(super) enum Received {
    /// A text message.
    Text(Utf8Bytes),
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
        let allowance = (MAX_UNAUTHENTICATED + 1024).saturating_sub(read.len());
        Self {
            context: WebSocketContext::from_partially_read(read.to_vec(), Role::Server, Some(config)),
            line: Line { stream, unsent: Vec::new(), sent: 0, allowance, is_moving: false },
            taken: 0,
            is_heard: true,
        }
    }

    /// Somebody signed in: larger messages are read from now on.
    pub(super) fn trust(&mut self) {
        self.line.allowance = usize::MAX;
    }

    /// Bytes that wait to be sent.
    pub(super) fn unsent(&self) -> usize {
        self.line.unsent.len() - self.line.sent
    }

    /// Does something wait to be sent of which nothing left since this was last asked?
    pub(super) fn is_stuck(&mut self) -> bool {
        !std::mem::take(&mut self.line.is_moving) && self.unsent() > 0
    }

    /// Send a text frame; it leaves when the loop comes round.
    pub(super) fn send(&mut self, text: &str) {
        let head = text_frame_head(text.len());
        let unsent = &mut self.line.unsent;
        unsent.reserve(text.len() + 10);
        unsent.extend_from_slice(head.as_slice());
        unsent.extend_from_slice(text.as_bytes());
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
        if self.taken >= BURST {
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
                Ok(Message::Ping(_) | Message::Pong(_) | Message::Frame(_)) => self.is_heard = true,
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
        drop(self.line.stream.try_write(&self.line.unsent[self.line.sent..]));
        Received::Ended
    }

    /// Say why, and hang up: what was unsent leaves first, as far as the other side takes it.
    pub(super) async fn close(mut self, code: u16, reason: &str) {
        let frame = CloseFrame { code: CloseCode::from(code), reason: Utf8Bytes::from(shortened(reason)) };
        drop(self.context.close(&mut Ends { line: &mut self.line, cx: None }, Some(frame)));
        let hung_up = async {
            let sent = std::future::poll_fn(|cx| self.line.poll_send(cx)).await;
            // Reading on until the other side hangs up, too: closing a socket with unread bytes in it would throw away
            // what it still has to hear.
            while sent.is_ok() && self.line.discard().await {}
        };
        // Whoever does not take it in time has heard what they will hear.
        drop(tokio::time::timeout(CLOSE_WITHIN, hung_up).await);
    }
}

impl Line {
    fn poll_send(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        while self.sent < self.unsent.len() {
            let count = ready!(Pin::new(&mut self.stream).poll_write(cx, &self.unsent[self.sent..]))?;
            self.sent += count;
            self.is_moving = true;
        }
        self.sent = 0;
        if self.unsent.capacity() > KEEP {
            self.unsent = Vec::new();
        }
        self.unsent.clear();
        Poll::Ready(Ok(()))
    }

    /// Read and forget; false when there is nothing more to come.
    async fn discard(&mut self) -> bool {
        let mut bytes = [0; 512];
        matches!(self.stream.read(&mut bytes).await, Ok(1..))
    }
}

/// Both ends of the line for as long as tungstenite looks at them. Without a context nothing is read.
struct Ends<'a, 'b> {
    line: &'a mut Line,
    cx: Option<&'a mut Context<'b>>,
}

impl Read for Ends<'_, '_> {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        if self.line.allowance == 0 {
            return Err(ErrorKind::FileTooLarge.into());
        }
        let Some(cx) = self.cx.as_deref_mut() else { return Err(ErrorKind::WouldBlock.into()) };
        let most = bytes.len().min(self.line.allowance);
        let mut into = ReadBuf::new(&mut bytes[..most]);
        match Pin::new(&mut self.line.stream).poll_read(cx, &mut into) {
            Poll::Ready(read) => read?,
            Poll::Pending => return Err(ErrorKind::WouldBlock.into()),
        }
        let count = into.filled().len();
        self.line.allowance = self.line.allowance.saturating_sub(count);
        Ok(count)
    }
}

/// tungstenite's own frames (pong, close, ping) take their place among ours.
impl Write for Ends<'_, '_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.line.unsent.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// With which code a connection ends whose client broke the rules.
fn broken(error: &Error) -> Received {
    match error {
        Error::Capacity(_) => Received::Broken(1009, "message too large"),
        Error::Io(error) if error.kind() == ErrorKind::FileTooLarge => Received::Broken(1009, "preauth payload too large"),
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

/// The head of a frame: final, text, unmasked as a server's are (RFC 6455, 5.2).
struct Head {
    bytes: [u8; 10],
    length: usize,
}

impl Head {
    fn as_slice(&self) -> &[u8] {
        &self.bytes[..self.length]
    }
}

fn text_frame_head(payload: usize) -> Head {
    let mut bytes = [0x81, 0, 0, 0, 0, 0, 0, 0, 0, 0];
    let long = (payload as u64).to_be_bytes();
    let length = match payload {
        0..126 => {
            bytes[1] = long[7];
            2
        }
        126..65_536 => {
            bytes[1] = 126;
            bytes[2..4].copy_from_slice(&long[6..]);
            4
        }
        _ => {
            bytes[1] = 127;
            bytes[2..].copy_from_slice(&long);
            10
        }
    };
    Head { bytes, length }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tungstenite::protocol::frame::Frame;
    use tungstenite::protocol::frame::coding::{Data, OpCode};

    #[test]
    fn heads_are_those_of_the_standard() {
        for length in [0, 1, 125, 126, 65_535, 65_536, 70_000] {
            let mut expected = Vec::new();
            let frame = Frame::message(vec![b'x'; length], OpCode::Data(Data::Text), true);
            frame.format_into_buf(&mut expected).unwrap();
            assert_eq!(text_frame_head(length).as_slice(), &expected[..expected.len() - length], "{length}");
        }
    }

    #[test]
    fn a_reason_is_cut_between_characters() {
        assert_eq!(shortened(&"ü".repeat(100)).len(), 122);
        assert_eq!(shortened("short"), "short");
    }
}
