//! Rate limits: how often one caller may call one method.
//!
//! The generic cell rate algorithm (ITU-T I.371): a caller has one number, the time at which they would be back at rest.
//! Keys are made from a grant or an address, hashed with a secret of this process, and forgotten once at rest. However
//! many addresses there are, what is remembered of them is bounded: a flood that fills a shard empties it.

use parking_lot::Mutex;
use pmos_kit::{Error, Millis, Result};
use pmos_rpc::RateClass;
use std::collections::HashMap;
use std::hash::{BuildHasher, Hash, RandomState};

const SHARDS: usize = 16;
/// A shard that has grown to this many callers is swept of those at rest.
const SWEEP_AT: usize = 4_096;
/// A shard with this many callers that are not at rest forgets them all: 18 MB over all shards at the very most.
const MOST: usize = 50_000;

/// The limits of this process.
pub struct Limits {
    secret: RandomState,
    shards: [Mutex<Shard>; SHARDS],
    scale: u32,
}

#[derive(Default)]
struct Shard {
    // Microseconds, so that 20 thousand calls a second still differ.
    rest_at: HashMap<u64, i64>,
    sweep_at: usize,
}

impl Limits {
    /// Limits whose every class is `scale` times as wide: 1 in use, more in benches.
    pub fn new(scale: u32) -> Self {
        Self { secret: RandomState::new(), shards: std::array::from_fn(|_| Mutex::default()), scale: scale.max(1) }
    }

    /// Take one call of `class` by whoever `key` stands for: workspace, method and principal.
    ///
    /// # Errors
    /// `RATE_LIMITED` with the time after which the next call is taken.
    pub fn take(&self, key: impl Hash, class: RateClass, now: Millis) -> Result<()> {
        let key = self.secret.hash_one(key);
        let now = now.saturating_mul(1_000);
        let burst = i64::from(class.burst) * i64::from(self.scale);
        let period = i64::from(class.period_ms) * 1_000;
        let each = (period / burst.max(1)).max(1);
        let mut shard = self.shards[key as usize % SHARDS].lock();
        let rest_at = shard.rest_at.get(&key).copied().unwrap_or(now).max(now);
        let wait = rest_at + each - period - now;
        if wait > 0 {
            return Err(Error::rate_limited(wait.unsigned_abs().div_ceil(1_000)));
        }
        shard.rest_at.insert(key, rest_at + each);
        shard.sweep(now);
        Ok(())
    }
}

impl Shard {
    fn sweep(&mut self, now: i64) {
        if self.rest_at.len() >= self.sweep_at.max(SWEEP_AT) {
            self.rest_at.retain(|_, rest_at| *rest_at > now);
            if self.rest_at.len() >= MOST {
                self.rest_at = HashMap::new();
            }
            self.sweep_at = (self.rest_at.len() * 2).min(MOST);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEN_A_MINUTE: RateClass = RateClass::per_minute(10);

    fn wait_ms(result: Result<()>) -> u64 {
        result.unwrap_err().retry_after_ms().unwrap()
    }

    #[test]
    fn ten_at_once_then_one_each_six_seconds() {
        let limits = Limits::new(1);
        for _ in 0..10 {
            limits.take("a", TEN_A_MINUTE, 0).unwrap();
        }
        assert_eq!(wait_ms(limits.take("a", TEN_A_MINUTE, 0)), 6_000);
        assert_eq!(wait_ms(limits.take("a", TEN_A_MINUTE, 5_999)), 1);
        limits.take("a", TEN_A_MINUTE, 6_000).unwrap();
        limits.take("a", TEN_A_MINUTE, 6_000).unwrap_err();
    }

    #[test]
    fn one_caller_does_not_use_up_anothers_share() {
        let limits = Limits::new(1);
        for _ in 0..10 {
            limits.take(("w", "a"), TEN_A_MINUTE, 0).unwrap();
        }
        limits.take(("w", "b"), TEN_A_MINUTE, 0).unwrap();
    }

    #[test]
    fn callers_at_rest_are_forgotten() {
        let limits = Limits::new(1);
        for caller in 0..200_000 {
            limits.take(caller, RateClass::per_second(5), Millis::from(caller)).unwrap();
        }
        let kept: usize = limits.shards.iter().map(|shard| shard.lock().rest_at.len()).sum();
        assert!(kept <= SHARDS * SWEEP_AT, "{kept}");
    }

    #[test]
    fn a_flood_of_callers_is_not_remembered() {
        let mut shard = Shard::default();
        for caller in 0..200_000 {
            shard.rest_at.insert(caller, i64::MAX);
            shard.sweep(0);
            assert!(shard.rest_at.len() <= MOST);
        }
    }
}
