//! Guessing gets slower: each wrong password makes the next attempt wait, 1, 2, 4 … 900 seconds.
//!
//! - What waits is the pair of account and network, so that a stranger cannot lock somebody else out.
//! - A network as a whole has a budget besides, so that trying one password on many accounts gets slow as well: 50
//!   failures, then up to a minute each.
//! - Attempts on one pair take turns: a hundred at once are a hundred failures in a row, not one.
//! - A failure is committed before it is answered.

use super::Config;
use pmos_kit::clock::{DAY, HOUR, MINUTE, SECOND};
use pmos_kit::{Error, Millis, Result, token};
use pmos_rpc::Call;
use pmos_store::{Global, Write, args, global_sql};
use std::future::Future;
use std::net::IpAddr;
use std::time::Duration;
use tokio::sync::Mutex;

const WAIT_FOR_TURN: Duration = Duration::from_secs(5);
const LANES: usize = 64;

/// How failures add up.
#[derive(Debug, Clone, Copy)]
pub(super) struct Patience {
    /// So many failures cost nothing.
    free: i64,
    /// No attempt waits longer than this.
    longest_ms: Millis,
    /// After so long without one the count starts anew.
    forgets_after_ms: Millis,
}

pub(super) const OF_PAIR: Patience = Patience { free: 0, longest_ms: 15 * MINUTE, forgets_after_ms: DAY };
// A minute at most: behind one address may sit a whole company, which must not be shut out by one of its own.
pub(super) const OF_NETWORK: Patience = Patience { free: 50, longest_ms: MINUTE, forgets_after_ms: HOUR };

impl Patience {
    /// How long the next attempt waits after so many failures.
    pub(super) fn lock_ms(self, failures: i64) -> Millis {
        match failures - self.free {
            ..=0 => 0,
            over => (SECOND << (over - 1).min(10)).min(self.longest_ms),
        }
    }
}

/// Whose turn it is to try. Pairs that share a lane by chance wait for each other, 50 ms a time.
pub(crate) struct Turns([Mutex<()>; LANES]);

impl Default for Turns {
    fn default() -> Self {
        Self(std::array::from_fn(|_| Mutex::default()))
    }
}

/// A pair of account and network, as the digest under which its failures are counted.
#[derive(Debug)]
pub(super) struct Pair(String);

/// Run an attempt, unless the pair or its network has to wait. A failed one is counted before this returns.
///
/// # Errors
/// `RATE_LIMITED` with the time to wait; whatever the attempt fails with; `refusal` if its answer is no.
pub(super) async fn guard(
    call: &Call,
    account: &str,
    refusal: fn() -> Error,
    attempt: impl Future<Output = Result<bool>> + Send,
) -> Result<Pair> {
    let network = network_of(call.caller.transport.ip.as_deref());
    let pair = token::digest(&format!("pair {account} {network}"));
    let network = token::digest(&format!("network {network}"));
    let config = call.store.surroundings().service::<Config>()?;
    let lane = pair.bytes().fold(0, |sum, byte| sum + usize::from(byte)) % LANES;
    let turn = tokio::time::timeout(WAIT_FOR_TURN, config.turns.0[lane].lock());
    let _turn = turn.await.map_err(|_| Error::rate_limited(2_000))?;
    check(call, &pair, &network).await?;
    if attempt.await? {
        return Ok(Pair(pair));
    }
    let counted = call.store.write_global(Box::new(move |global| {
        Box::pin(async move {
            count(global, &pair, OF_PAIR).await?;
            count(global, &network, OF_NETWORK).await
        })
    }));
    counted.await?;
    Err(refusal())
}

async fn check(call: &Call, pair: &str, network: &str) -> Result<()> {
    let global = call.global();
    let locked_until: Option<Millis> = global
        .one(
            global_sql!(SignIn, "SELECT MAX(locked_until) FROM login_failures WHERE subject = $1 OR subject = $2"),
            args![pair, network],
        )
        .await?;
    match locked_until {
        Some(at) if at > global.now() => Err(Error::rate_limited((at - global.now()).unsigned_abs())),
        _ => Ok(()),
    }
}

async fn count(global: &Global<Write>, subject: &str, patience: Patience) -> Result<()> {
    let now = global.now();
    let failures: i64 = global
        .one(
            global_sql!(
                SignIn,
                "INSERT INTO login_failures (subject, failures, locked_until) VALUES ($1, 1, $2)
                 ON CONFLICT (subject) DO UPDATE
                 SET failures = CASE WHEN login_failures.locked_until < $3 THEN 1 ELSE login_failures.failures + 1 END
                 RETURNING failures"
            ),
            args![subject, now, now - patience.forgets_after_ms],
        )
        .await?;
    global
        .run(
            global_sql!(SignIn, "UPDATE login_failures SET locked_until = $1 WHERE subject = $2"),
            args![now + patience.lock_ms(failures), subject],
        )
        .await
        .map(drop)
}

/// The right password was given: the pair's failures are forgotten. Its network's are not, or one account of an
/// attacker's own would wipe them.
pub(super) async fn forgive(global: &Global<Write>, pair: &Pair) -> Result<()> {
    global.run(global_sql!(SignIn, "DELETE FROM login_failures WHERE subject = $1"), args![pair.0]).await.map(drop)
}

/// The network of an address: what one household or office has, a /24 of IPv4 or a /64 of IPv6.
pub(super) fn network_of(ip: Option<&str>) -> String {
    let address = ip.and_then(|ip| ip.parse::<IpAddr>().ok()).map(|ip| ip.to_canonical());
    match address {
        Some(IpAddr::V4(v4)) => {
            let [a, b, c, _] = v4.octets();
            format!("{a}.{b}.{c}.0/24")
        }
        Some(IpAddr::V6(v6)) => {
            let [a, b, c, d, ..] = v6.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
        }
        None => "unknown".to_owned(),
    }
}
