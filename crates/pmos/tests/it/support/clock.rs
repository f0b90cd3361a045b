//! A clock that is turned by hand.

use pmos_kit::{Clock, Millis};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

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
