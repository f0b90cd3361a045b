//! What `fuzz/` reaches into. Compiled for it alone.

use super::refusal;
use super::sse::Sse;
use super::wire::{Decode, Queue};
use super::{anthropic, openai};
use crate::{Event, Failure};
use pmos_egress::StatusCode;
use pmos_egress::header::{DATE, HeaderMap, RETRY_AFTER};
use pmos_kit::Secret;

const KEY: &str = "sk-live-0123";

/// An answer is the same events, however its bytes are cut.
pub fn stream(is_anthropic: bool, bytes: &[u8], cut: usize) {
    let (head, tail) = bytes.split_at(cut.min(bytes.len()));
    assert_eq!(read(is_anthropic, &[bytes]), read(is_anthropic, &[head, tail]));
}

fn read(is_anthropic: bool, packets: &[&[u8]]) -> (Vec<Event>, Option<String>) {
    let mut decoder: Box<dyn Decode> =
        if is_anthropic { Box::new(anthropic::Decoder::default()) } else { Box::new(openai::Decoder::default()) };
    let (mut sse, mut queue, mut is_complete) = (Sse::default(), Queue::default(), false);
    let mut on = |data: &str| {
        if !is_complete {
            is_complete = decoder.data(data, &mut queue)?;
        }
        Ok::<_, Failure>(())
    };
    let read = packets.iter().try_for_each(|packet| sse.feed(packet, &mut on)).and_then(|()| sse.end(&mut on));
    let read = read.and_then(|()| if is_complete { Ok(()) } else { decoder.end(&mut queue) });
    (queue.0.into(), read.err().map(|failure| format!("{failure:?}")))
}

/// A refusal is understood, and tells nobody the key.
pub fn refusal(status: u16, retry_after: &str, date: &str, body: &[u8]) {
    let Ok(status) = StatusCode::from_u16(status) else { return };
    let mut headers = HeaderMap::new();
    for (name, value) in [(RETRY_AFTER, retry_after), (DATE, date)] {
        if let Ok(value) = value.parse() {
            headers.insert(name, value);
        }
    }
    let failure = refusal::of_answer(status, &headers, body);
    let failure = refusal::without_key(failure, Some(&Secret::new(KEY)));
    assert!(!format!("{failure:?} {failure}").contains(KEY), "{failure:?}");
    drop(refusal::in_stream(&String::from_utf8_lossy(body)));
}
