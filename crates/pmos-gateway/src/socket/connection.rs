//! The loop of a connection.
//!
//! One task and one loop: requests come in and their answers go out as they are ready, events pass by, the clock ticks,
//! authority is looked at again whenever anybody lost theirs, and the server may stop. An answer that is ready at once,
//! as most are, never leaves the loop; the others wait among the calls.

use super::alarms::Alarms;
use super::answer::{self, Finished, Verdict};
use super::listener::Listener;
use super::wire::{MAX_BUFFERED, Received, Wire};
use super::{Shutdown, Tick};
use crate::front::{Front, told_to_stop};
use crate::presence::Seat;
use futures_util::future::BoxFuture;
use futures_util::stream::FuturesUnordered;
use futures_util::{FutureExt, StreamExt};
use pmos_kit::Kind;
use pmos_kit::role::Scopes;
use pmos_platform::dispatch::Peer;
use pmos_rpc::frame;
use pmos_store::{Event, Grant, StateVersion};
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;
use tokio::sync::broadcast::{
    self,
    error::{RecvError, TryRecvError},
};
use tokio::time::{Instant, sleep_until, timeout};
use tungstenite::Utf8Bytes;

/// The events of the workspace.
pub(super) type Events = broadcast::Receiver<Arc<Event>>;
type Calls = FuturesUnordered<BoxFuture<'static, Finished>>;

/// Calls of one connection that may be under way; more are not read.
const MOST_CALLS: usize = 32;
/// Runs whose end one connection may wait for.
const MOST_FOLLOW_UPS: usize = 64;
/// Calls in a row that the caller may not make.
const MOST_FORBIDDEN: u32 = 10;
/// Events that are written together.
const TOGETHER: usize = 64;
/// How long calls may go on when the server stops.
const LAST_CALLS: Duration = Duration::from_secs(3);
/// How long events wait at most until a client has read that its run began.
const ANSWER_READ: Duration = Duration::from_millis(500);
/// When authority could not be looked at.
const LOOK_AGAIN: Duration = Duration::from_secs(1);
const SLOW: End = End::Close(1008, "slow consumer");
const REVOKED: End = End::Close(4001, "access revoked");

/// Who is at the other end, and what was agreed on with them.
pub(super) struct Client {
    pub(super) peer: Arc<Peer>,
    pub(super) grant: Grant,
    pub(super) protocol: u32,
    pub(super) listener: Listener,
    /// The scopes that it asked for; what it gets of them may change.
    pub(super) asked: Scopes,
    pub(super) events: Events,
    /// Held as long as the connection lasts.
    pub(super) seat: Seat,
}

/// A connection that is signed in.
pub(super) struct Connection {
    front: Arc<Front>,
    wire: Wire,
    client: Client,
    calls: Calls,
    /// Events are numbered from 1.
    seq: u64,
    /// Calls in a row that were forbidden.
    forbidden: u32,
    under_way: usize,
    follow_ups: usize,
    alarms: Alarms,
}

/// Why a loop ends.
enum End {
    /// The client hung up.
    Gone,
    /// Close with this code and reason.
    Close(u16, &'static str),
    /// The server stops.
    Stop,
}

impl Connection {
    /// A connection whose hello is on its way.
    pub(super) fn new(front: Arc<Front>, wire: Wire, client: Client) -> Self {
        front.counters.sockets.fetch_add(1, Ordering::Relaxed);
        let alarms = Alarms::new(Instant::now());
        Self { front, wire, client, calls: Calls::new(), seq: 0, forbidden: 0, under_way: 0, follow_ups: 0, alarms }
    }

    /// Serve it until it ends.
    pub(super) async fn run(mut self: Box<Self>) {
        let end = self.serve().await;
        self.front.counters.sockets.fetch_sub(1, Ordering::Relaxed);
        match end {
            End::Gone => {}
            End::Close(code, reason) => Box::pin(self.wire.close(code, reason)).await,
            End::Stop => Box::pin(self.stop()).await,
        }
    }

    async fn serve(&mut self) -> End {
        let mut moves = self.front.dispatch.store.epoch_moves();
        let mut stopping = self.front.stopping.clone();
        let mut alarm = pin!(sleep_until(self.alarms.next()));
        // What moved before this loop began is looked at once, like everything that moves later.
        moves.mark_changed();
        loop {
            let reading = self.under_way < MOST_CALLS;
            let step = tokio::select! {
                received = self.wire.next(reading) => self.take(received),
                Some(finished) = self.calls.next(), if !self.calls.is_empty() => self.finish_all(finished),
                event = self.client.events.recv(), if self.alarms.quiet.is_none() => self.tell_all(event),
                () = alarm.as_mut() => self.ring(),
                _ = moves.changed() => {
                    self.alarms.look = Some(Instant::now());
                    Ok(())
                }
                () = told_to_stop(&mut stopping) => Err(End::Stop),
            };
            if let Err(end) = step {
                return end;
            }
            if self.alarms.looks(Instant::now())
                && let Err(end) = Box::pin(self.look()).await
            {
                return end;
            }
            if alarm.deadline() != self.alarms.next() {
                alarm.as_mut().reset(self.alarms.next());
            }
        }
    }

    fn take(&mut self, received: Received) -> Result<(), End> {
        match received {
            Received::Text(text) => self.call(text),
            Received::Pong => {
                self.alarms.quiet = None;
                Ok(())
            }
            Received::Ended => Err(End::Gone),
            Received::Broken(code, reason) => Err(End::Close(code, reason)),
        }
    }

    /// Begin a call. Most end at once: they never join the others.
    fn call(&mut self, text: Utf8Bytes) -> Result<(), End> {
        let (front, peer) = (self.front.clone(), self.client.peer.clone());
        let mut call = Box::pin(answer::answer(front, peer, self.client.protocol, text));
        self.under_way += 1;
        match (&mut call).now_or_never() {
            Some(finished) => self.finish(finished),
            None => {
                self.calls.push(call);
                Ok(())
            }
        }
    }

    /// Answers that are ready together leave together.
    fn finish_all(&mut self, first: Finished) -> Result<(), End> {
        self.finish(first)?;
        while let Some(Some(finished)) = self.calls.next().now_or_never() {
            self.finish(finished)?;
        }
        Ok(())
    }

    fn finish(&mut self, finished: Finished) -> Result<(), End> {
        if finished.is_follow_up {
            self.follow_ups -= 1;
        } else {
            self.under_way -= 1;
        }
        if let Some(frame) = &finished.frame {
            if self.wire.unsent() > MAX_BUFFERED {
                return Err(SLOW);
            }
            self.wire.send(frame);
        }
        if finished.starts && !self.client.listener.takes_pieces {
            // OpenClaw's terminal page stays busy for ever when it finds the end of a run behind the answer that began it
            // in one read. Its pong says that it has read the answer.
            self.wire.ping();
            self.alarms.quiet = Some(Instant::now() + ANSWER_READ);
        }
        self.client.listener.takes_sessions |= finished.subscribes;
        if let Some(follow_up) = finished.follow_up.filter(|_| self.follow_ups < MOST_FOLLOW_UPS) {
            self.follow_ups += 1;
            let (front, peer) = (self.front.clone(), self.client.peer.clone());
            self.calls.push(Box::pin(answer::follow_up(front, peer, self.client.protocol, follow_up)));
        }
        self.judge(finished.verdict)
    }

    fn judge(&mut self, verdict: Verdict) -> Result<(), End> {
        match verdict {
            Verdict::Fine => self.forbidden = 0,
            Verdict::Forbidden => self.forbidden += 1,
            // The answer says why; whether this is the end is for the pipeline to say.
            Verdict::SignedOut => self.alarms.look = Some(Instant::now()),
        }
        if self.forbidden > MOST_FORBIDDEN { Err(End::Close(1008, "repeated unauthorized calls")) } else { Ok(()) }
    }

    /// Events that are there together leave together.
    fn tell_all(&mut self, first: Result<Arc<Event>, RecvError>) -> Result<(), End> {
        let mut next = first;
        for already in 1.. {
            match next {
                Ok(event) => self.tell(&event)?,
                // It fell behind by more than a topic holds, and nobody can say what it missed.
                Err(RecvError::Lagged(_)) => return Err(SLOW),
                Err(RecvError::Closed) => return Err(End::Close(1012, "service restart")),
            }
            // Looked at before the next one is taken: what is taken is told.
            if already == TOGETHER {
                break;
            }
            next = match self.client.events.try_recv() {
                Ok(event) => Ok(event),
                Err(TryRecvError::Empty) => break,
                Err(TryRecvError::Closed) => Err(RecvError::Closed),
                Err(TryRecvError::Lagged(count)) => Err(RecvError::Lagged(count)),
            };
        }
        Ok(())
    }

    fn tell(&mut self, event: &Event) -> Result<(), End> {
        if self.client.listener.hears(&event.audience) {
            self.send_event(event.name, &event.payload, event.state, event.audience.droppable)
        } else {
            Ok(())
        }
    }

    /// What is left out for slowness keeps its number, so that the client sees the gap.
    fn send_event(
        &mut self,
        name: &str,
        payload: &str,
        state: Option<StateVersion>,
        droppable: bool,
    ) -> Result<(), End> {
        self.seq += 1;
        match (self.wire.unsent() > MAX_BUFFERED, droppable) {
            (true, true) => Ok(()),
            (true, false) => Err(SLOW),
            (false, _) => {
                self.wire.send(&frame::event(name, payload, Some(self.seq), state).into());
                Ok(())
            }
        }
    }

    /// Do what is due.
    fn ring(&mut self) -> Result<(), End> {
        let now = Instant::now();
        self.alarms.quiet = self.alarms.quiet.filter(|until| now < *until);
        if self.alarms.pings(now) {
            self.ping()?;
        }
        if self.alarms.ticks(now) { self.tick(now) } else { Ok(()) }
    }

    /// Hang up on who does not read, and on who did not even answer the last ping.
    fn ping(&mut self) -> Result<(), End> {
        // Who is not read from cannot be heard.
        let is_there = std::mem::take(&mut self.wire.is_heard) || self.under_way >= MOST_CALLS;
        if self.wire.is_stuck() {
            return Err(SLOW);
        }
        self.wire.ping();
        if is_there { Ok(()) } else { Err(End::Gone) }
    }

    /// Say that the line is alive, look whether authority ran out by itself, and tell the workspace how it is doing.
    fn tick(&mut self, now: Instant) -> Result<(), End> {
        self.client.seat.tell_health(&self.front, &self.client.grant, now);
        let ts = self.front.now();
        if self.client.grant.is_stale(ts, self.front.dispatch.store.epoch()) {
            self.alarms.look = Some(now);
        }
        let tick = pmos_rpc::json(&Tick { ts }).map_err(|_| End::Gone)?;
        self.send_event("tick", &tick, None, true)
    }

    /// Ask the pipeline again who this is and what they may do. Who was let in once has no claim to it.
    async fn look(&mut self) -> Result<(), End> {
        self.alarms.look = None;
        match self.front.dispatch.enter(&self.client.peer).await {
            Ok((_, grant)) => {
                self.client.listener.scopes = grant.scopes().and(self.client.asked);
                self.client.grant = grant;
                Ok(())
            }
            Err(error) => match error.kind() {
                Kind::Unavailable { .. } | Kind::Internal | Kind::RateLimited { .. } => {
                    self.alarms.look = Some(Instant::now() + LOOK_AGAIN);
                    Ok(())
                }
                _ => Err(REVOKED),
            },
        }
    }

    /// The server stops: say so, let the calls that are under way end, hang up.
    async fn stop(mut self: Box<Self>) {
        if let Ok(payload) = pmos_rpc::json(&Shutdown { reason: "gateway stopping" }) {
            // A client that is too slow for it is told by the close.
            drop(self.send_event("shutdown", &payload, None, false));
        }
        let last_calls = async {
            while self.under_way > 0 {
                tokio::select! {
                    Some(finished) = self.calls.next() => drop(self.finish(finished)),
                    received = self.wire.next(false) => drop(received),
                }
            }
        };
        // What takes longer is committed or not; the client asks again after its reconnect.
        drop(timeout(LAST_CALLS, last_calls).await);
        self.wire.close(1012, "service restart").await;
    }
}
