//! One answer, from bytes to events.

use super::refusal;
use super::sse::{Sse, TooLong};
use super::wire::{Decode, Queue, bad};
use crate::{Event, Events, Failure};
use futures_util::stream;
use pmos_egress::Response;
use pmos_kit::Secret;
use std::time::Duration;
use tokio::time::timeout;

// Behind the last event comes the end of the body, mostly in the same packet. Reading it makes the connection fit for the
// next call; waiting long for it would make the reader wait.
const WAIT_FOR_END: Duration = Duration::from_millis(20);

/// The events of an answer.
pub(super) fn events(response: Response, decoder: Box<dyn Decode>, key: Option<Secret>) -> Events {
    let answer = Answer { response, decoder, key, sse: Sse::default(), queue: Queue::default(), state: State::Open };
    Box::pin(stream::unfold(Box::new(answer), |mut answer| async move {
        let event = answer.next().await?;
        Some((event, answer))
    }))
}

struct Answer {
    response: Response,
    decoder: Box<dyn Decode>,
    key: Option<Secret>,
    sse: Sse,
    queue: Queue,
    state: State,
}

enum State {
    Open,
    /// Failed; told when the events before it are.
    Failed(Failure),
    Done,
}

impl From<TooLong> for Failure {
    fn from(_: TooLong) -> Self {
        bad("the provider sent an event of more than 1 MiB")
    }
}

impl Answer {
    async fn next(&mut self) -> Option<Result<Event, Failure>> {
        loop {
            if let Some(event) = self.queue.0.pop_front() {
                return Some(Ok(event));
            }
            match std::mem::replace(&mut self.state, State::Done) {
                State::Done => return None,
                State::Failed(failure) => return Some(Err(refusal::without_key(failure, self.key.as_ref()))),
                State::Open => {
                    self.state = match self.read().await {
                        Ok(true) => State::Done,
                        Ok(false) => State::Open,
                        Err(failure) => State::Failed(failure),
                    }
                }
            }
        }
    }

    /// Read one packet into events. Answers whether it was the last.
    async fn read(&mut self) -> Result<bool, Failure> {
        let Some(bytes) = self.response.chunk().await.map_err(refusal::of_egress)? else {
            return self.end().map(|()| true);
        };
        let Self { sse, decoder, queue, .. } = self;
        let mut is_complete = false;
        sse.feed(&bytes, &mut |data| {
            if !is_complete {
                is_complete = decoder.data(data, queue)?;
            }
            Ok::<_, Failure>(())
        })?;
        if is_complete {
            // Whatever comes now, or does not, changes nothing in what was said.
            timeout(WAIT_FOR_END, self.response.chunk()).await.ok();
        }
        Ok(is_complete)
    }

    fn end(&mut self) -> Result<(), Failure> {
        let Self { sse, decoder, queue, .. } = self;
        let mut is_complete = false;
        sse.end(&mut |data| {
            is_complete = decoder.data(data, queue)?;
            Ok::<_, Failure>(())
        })?;
        if is_complete { Ok(()) } else { decoder.end(queue) }
    }
}
