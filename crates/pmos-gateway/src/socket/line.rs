//! The stream below a WebSocket, and the one buffer of what is to be sent.

use std::io::{self, ErrorKind, Read, Write};
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, ReadBuf};
use tokio::net::TcpStream;

/// A buffer that grew beyond this is given back when it is empty.
const KEEP: usize = 512;

/// The stream, and what is to be sent on it.
pub(super) struct Line {
    stream: TcpStream,
    unsent: Vec<u8>,
    /// So many of the unsent bytes left already.
    sent: usize,
    /// Bytes that may still be read.
    allowance: usize,
    /// Bytes left since somebody looked.
    is_moving: bool,
    /// Something waited to be sent when somebody looked.
    was_waiting: bool,
}

impl Line {
    /// A stream from which so many bytes may be read.
    pub(super) fn new(stream: TcpStream, allowance: usize) -> Self {
        Self { stream, unsent: Vec::new(), sent: 0, allowance, is_moving: false, was_waiting: false }
    }

    /// Read without a limit from now on.
    pub(super) fn trust(&mut self) {
        self.allowance = usize::MAX;
    }

    /// Bytes that wait to be sent.
    pub(super) fn unsent(&self) -> usize {
        self.unsent.len() - self.sent
    }

    /// Did something wait already when this was last asked, of which nothing left since?
    pub(super) fn is_stuck(&mut self) -> bool {
        let is_waiting = self.unsent() > 0;
        let has_waited = std::mem::replace(&mut self.was_waiting, is_waiting);
        let has_moved = std::mem::take(&mut self.is_moving);
        is_waiting && has_waited && !has_moved
    }

    /// Put a text frame among what is to be sent, from the parts of its text.
    pub(super) fn push_text(&mut self, parts: [&str; 3]) {
        let length = parts.iter().map(|part| part.len()).sum();
        let head = Head::of_text(length);
        self.unsent.reserve(head.length + length);
        self.unsent.extend_from_slice(&head.bytes[..head.length]);
        parts.iter().for_each(|part| self.unsent.extend_from_slice(part.as_bytes()));
    }

    /// Send what is unsent, as far as the other side takes it.
    pub(super) fn poll_send(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
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

    /// Send what fits into the socket's buffer now; the rest is given up.
    pub(super) fn send_last(&mut self) {
        drop(self.stream.try_write(&self.unsent[self.sent..]));
    }

    /// Send what is unsent and hang up; then read and forget what still comes, until the other side hangs up, too. A
    /// socket that is closed with unread bytes in it throws away what the other side still has to hear.
    pub(super) async fn finish(&mut self) -> io::Result<()> {
        std::future::poll_fn(|cx| self.poll_send(cx)).await?;
        self.stream.shutdown().await?;
        let mut bytes = [0; 4096];
        while self.stream.read(&mut bytes).await? > 0 {}
        Ok(())
    }
}

/// Both ends of the line for as long as tungstenite looks at them. Without a context nothing is read.
pub(super) struct Ends<'a, 'b> {
    pub(super) line: &'a mut Line,
    pub(super) cx: Option<&'a mut Context<'b>>,
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

/// The head of a frame that is final, text, and unmasked as a server's are (RFC 6455, 5.2).
struct Head {
    bytes: [u8; 10],
    length: usize,
}

impl Head {
    fn of_text(payload: usize) -> Self {
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
        Self { bytes, length }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tungstenite::Message;
    use tungstenite::protocol::{Role, WebSocketContext};

    #[test]
    fn heads_are_those_of_the_standard() {
        for length in [0, 1, 125, 126, 65_535, 65_536, 70_000] {
            let mut written = io::Cursor::new(Vec::new());
            let mut context = WebSocketContext::new(Role::Server, None);
            context.write(&mut written, Message::text("x".repeat(length))).unwrap();
            context.flush(&mut written).unwrap();
            let (head, expected) = (Head::of_text(length), written.into_inner());
            assert_eq!(&head.bytes[..head.length], &expected[..expected.len() - length], "{length}");
        }
    }
}
