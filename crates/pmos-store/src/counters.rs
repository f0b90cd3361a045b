//! What the metrics page shows of the store.

use std::sync::atomic::AtomicU64;

/// What the metrics page shows of the store.
#[derive(Debug, Default)]
pub struct Counters {
    /// Commits that reached the disk: on SQLite, fsyncs.
    pub commits: AtomicU64,
    /// Write handlers whose changes were committed.
    pub writes: AtomicU64,
}
