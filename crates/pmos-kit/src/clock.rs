//! Time as a value that is passed in.

/// Milliseconds since the Unix epoch. On the wire and in the store an integer, in names `…_at`.
pub type Millis = i64;

/// Where the time of day comes from. The server has [`SystemClock`]; tests have one that they turn by hand.
pub trait Clock: Send + Sync + 'static {
    /// The present moment in milliseconds since the Unix epoch.
    fn now(&self) -> Millis;
}

/// The machine's own clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the one place that reads the machine's clock")]
    fn now(&self) -> Millis {
        // A clock before 1970 reads as 0: every deadline then lies ahead, and nothing panics.
        std::time::SystemTime::now()
            .duration_since(std::time::UNIX_EPOCH)
            .map_or(0, |since| Millis::try_from(since.as_millis()).unwrap_or(Millis::MAX))
    }
}

/// One second, in the unit of [`Millis`].
pub const SECOND: Millis = 1_000;
/// One minute, in the unit of [`Millis`].
pub const MINUTE: Millis = 60 * SECOND;
/// One hour, in the unit of [`Millis`].
pub const HOUR: Millis = 60 * MINUTE;
/// One day of 24 hours, in the unit of [`Millis`].
pub const DAY: Millis = 24 * HOUR;
