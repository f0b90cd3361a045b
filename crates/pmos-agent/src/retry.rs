//! When a failed call is made again.

use crate::Failure;
use pmos_kit::Rng;
use std::time::Duration;

/// How often and after what wait a call is repeated. Only what [`Failure::is_retryable`], and only before any output.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retry {
    /// At most this many calls, the first included.
    pub attempts: u32,
    /// About the first wait; each further one is twice as long.
    pub base: Duration,
    /// No wait is longer, whatever the provider asks for.
    pub cap: Duration,
}

impl Default for Retry {
    /// Three calls, half a second, a minute.
    fn default() -> Self {
        Self { attempts: 3, base: Duration::from_millis(500), cap: Duration::from_secs(60) }
    }
}

impl Retry {
    /// How long to wait behind a failed `attempt` (from 1), or `None` if that was the last.
    ///
    /// The provider's own word counts; without one the wait is exponential, and between half and the whole of it by
    /// chance, so that runs which failed together do not come back together.
    pub fn wait(&self, failure: &Failure, attempt: u32, rng: &dyn Rng) -> Option<Duration> {
        if attempt >= self.attempts || !failure.is_retryable() {
            return None;
        }
        let wait = failure.retry_after().unwrap_or_else(|| {
            let whole = self.base.saturating_mul(1 << (attempt - 1).min(16));
            whole.mul_f64(0.5 + 0.5 * chance(rng))
        });
        Some(wait.min(self.cap))
    }
}

/// A number from 0 to 1.
fn chance(rng: &dyn Rng) -> f64 {
    let mut bytes = [0u8; 2];
    rng.fill(&mut bytes);
    f64::from(u16::from_le_bytes(bytes)) / f64::from(u16::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::FailureKind;
    use pmos_kit::OsRng;

    fn busy(seconds: Option<u64>) -> Failure {
        Failure::new(FailureKind::RateLimit { retry_after: seconds.map(Duration::from_secs) }, "busy")
    }

    #[test]
    fn the_providers_word_counts_up_to_a_minute() {
        let retry = Retry::default();
        assert_eq!(retry.wait(&busy(Some(7)), 1, &OsRng), Some(Duration::from_secs(7)));
        assert_eq!(retry.wait(&busy(Some(3_600)), 1, &OsRng), Some(Duration::from_secs(60)));
    }

    #[test]
    fn without_a_word_waits_double_with_chance() {
        let retry = Retry { attempts: 40, ..Retry::default() };
        for (attempt, whole) in [(1, 500), (2, 1_000), (3, 2_000), (30, 60_000)] {
            let wait = retry.wait(&busy(None), attempt, &OsRng).unwrap().as_millis();
            assert!((whole / 2..=whole).contains(&wait), "attempt {attempt}: {wait} ms");
        }
    }

    #[test]
    fn neither_the_last_attempt_nor_a_wrong_key_is_repeated() {
        assert_eq!(Retry::default().wait(&busy(Some(1)), 3, &OsRng), None);
        assert_eq!(Retry::default().wait(&Failure::new(FailureKind::Auth, "no"), 1, &OsRng), None);
    }
}
