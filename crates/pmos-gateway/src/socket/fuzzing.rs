//! What `fuzz/` reaches into. Compiled for it alone.

use super::connect::{Connect, word};
use super::device;
use super::wire::{MAX_PAYLOAD, Received, Wire};
use bytes::Bytes;
use pmos_rpc::frame::Frame;
use pmos_rpc::frame::{self, Decoded};
use serde_json::value::RawValue;
use std::io::Write;
use std::net::Shutdown;
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;

/// The first request, its device proof included.
pub fn connect(text: &str) {
    let Decoded::Request(request) = frame::decode(text) else { return };
    let Ok(connect) = Connect::parse(request.params.map(RawValue::get)) else { return };
    let Ok(protocol) = connect.protocol() else { return };
    let is_proven = device::check(&connect, protocol, "nonce", 1_000_000).is_ok();
    assert!(!is_proven || connect.device.is_none() || connect.device.as_ref().is_some_and(|it| it.id.len() == 64));
    drop((connect.asked(protocol, false), connect.has_cap("pmos-delta"), word(connect.client.platform.as_deref())));
}

/// What comes in on a socket, in two pieces, until the client hangs up; each message is sent back.
pub fn socket(bytes: &[u8], cut: usize, is_trusted: bool) {
    let (head, tail) = bytes.split_at(cut.min(bytes.len()));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_io().enable_time().build();
    let (Ok(runtime), Ok((ours, mut theirs))) = (runtime, UnixStream::pair()) else { return };
    runtime.block_on(async {
        let stream = std::net::TcpStream::from(OwnedFd::from(ours));
        let is_set = stream.set_nonblocking(true).is_ok() && theirs.write_all(tail).is_ok();
        let Ok(stream) = tokio::net::TcpStream::from_std(stream) else { return };
        if !is_set || theirs.shutdown(Shutdown::Write).is_err() {
            return;
        }
        let mut wire = Wire::new(stream, &Bytes::copy_from_slice(head));
        if is_trusted {
            wire.trust();
        }
        loop {
            match wire.next(true).await {
                Received::Text(text) => {
                    assert!(text.len() <= MAX_PAYLOAD);
                    wire.send(&Frame::from(text.to_string()));
                }
                Received::Pong => {}
                Received::Ended => return,
                Received::Broken(code, reason) => return wire.close(code, reason).await,
            }
        }
    });
}
