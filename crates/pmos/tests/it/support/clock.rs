//! A clock that is turned by hand.

use pmos_kit::{Clock, Millis};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, mpsc};
use std::time::Duration;

/// Stands still until it is turned.
pub struct MockClock(AtomicI64);

impl MockClock {
    /// 23 November 2026, noon.
    pub fn new() -> Arc<Self> {
        Arc::new(Self(AtomicI64::new(1_795_435_200_000)))
    }

    /// Turn it on by so many milliseconds.
    pub fn advance(&self, by: Millis) {
        self.0.fetch_add(by, Ordering::SeqCst);
    }
}

impl Clock for MockClock {
    fn now(&self) -> Millis {
        self.0.load(Ordering::SeqCst)
    }
}

/// The time of timers, which stands still from now on until it is turned. For tests on one thread.
pub struct StoppedTimers(#[expect(dead_code, reason = "dropped with the test")] mpsc::Sender<()>);

impl StoppedTimers {
    pub fn new() -> Self {
        let (hold, held) = mpsc::channel();
        // Whenever all tasks wait, even if for another thread, tokio would turn to the next timer: but not while this one runs.
        tokio::task::spawn_blocking(move || held.recv());
        tokio::time::pause();
        Self(hold)
    }

    /// Turn it on by so many seconds.
    pub async fn advance(&self, seconds: u64) {
        tokio::time::advance(Duration::from_secs(seconds)).await;
    }
}
