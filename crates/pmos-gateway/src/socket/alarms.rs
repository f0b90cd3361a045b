//! When a connection has something to do of its own accord. One timer serves them all.

use super::hello::TICK_MS;
use std::time::Duration;
use tokio::time::Instant;

const TICK: Duration = Duration::from_millis(TICK_MS);
/// Shorter than the time after which routers forget a silent connection.
const PING: Duration = Duration::from_secs(25);

/// What is due, and when.
#[derive(Debug)]
pub(super) struct Alarms {
    tick: Instant,
    ping: Instant,
    /// When to look again who this is, if there is reason to.
    pub(super) look: Option<Instant>,
    /// Until when nothing of the workspace is told, if there is reason to wait.
    pub(super) quiet: Option<Instant>,
}

impl Alarms {
    /// For a connection that begins now.
    pub(super) fn new(now: Instant) -> Self {
        Self { tick: now + TICK, ping: now + PING, look: None, quiet: None }
    }

    /// The next moment at which something is due.
    pub(super) fn next(&self) -> Instant {
        let due = self.tick.min(self.ping);
        [self.look, self.quiet].into_iter().flatten().fold(due, Instant::min)
    }

    /// Is it time for a tick? It is not asked for twice.
    pub(super) fn ticks(&mut self, now: Instant) -> bool {
        is_due(&mut self.tick, now, TICK)
    }

    /// Is it time for a ping? It is not asked for twice.
    pub(super) fn pings(&mut self, now: Instant) -> bool {
        is_due(&mut self.ping, now, PING)
    }

    /// Is it time to look who this is?
    pub(super) fn looks(&self, now: Instant) -> bool {
        self.look.is_some_and(|at| at <= now)
    }
}

fn is_due(at: &mut Instant, now: Instant, period: Duration) -> bool {
    let is_due = now >= *at;
    if is_due {
        *at = now + period;
    }
    is_due
}
