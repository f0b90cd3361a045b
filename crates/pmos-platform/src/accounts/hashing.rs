//! Argon2id, a few at a time.
//!
//! One hash costs 46 MiB and about 50 ms of a core. That is the point, and why there are two slots per core and a
//! bounded wait for one: a flood of sign-ins is told to come back instead of taking the machine.

use super::Config;
use argon2::password_hash::{PasswordHash, PasswordHasher, PasswordVerifier, SaltString};
use argon2::{Algorithm, Argon2, Params, Version};
use pmos_kit::{Error, Result, Secret};
use pmos_store::Store;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Semaphore;

// OWASP's floor is m=19 MiB t=2; this costs an attacker more for the same 50 ms of ours (security.md, 3).
const MEMORY_KIB: u32 = 46 * 1024;
/// What every hash of today's cost begins with. One that does not is made anew at the next sign-in.
const TODAY: &str = "$argon2id$v=19$m=47104,t=1,p=1$";
/// Nobody's password: checked in the place of an unknown address, so that both take the same time.
const NOBODY: &str =
    "$argon2id$v=19$m=47104,t=1,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
const WAIT: Duration = Duration::from_secs(3);

/// The slots of this process.
pub(crate) struct Slots(Arc<Semaphore>);

impl Default for Slots {
    fn default() -> Self {
        let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        Self(Arc::new(Semaphore::new(2 * cores)))
    }
}

impl Slots {
    /// Run `work` on a thread of its own once a slot is free.
    async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
        let slot = tokio::time::timeout(WAIT, self.0.clone().acquire_owned());
        let slot = slot.await.map_err(|_| Error::rate_limited(2_000))?.map_err(Error::internal)?;
        let done = tokio::task::spawn_blocking(move || {
            let result = work();
            drop(slot);
            result
        });
        done.await.map_err(Error::internal)?
    }
}

/// The hash of a password, as it is stored.
///
/// # Errors
/// `RATE_LIMITED` if no slot gets free in time.
pub(crate) async fn hash(store: &Store, password: &Secret) -> Result<String> {
    let surroundings = store.surroundings();
    let mut salt = [0u8; 16];
    surroundings.rng.fill(&mut salt);
    let password = password.clone();
    surroundings.service::<Config>()?.hashing.run(move || hash_with(&password, &salt)).await
}

/// Is this the password? `None` stands for an account that is not there, takes as long, and is nobody's.
pub(super) async fn matches(store: &Store, password: &Secret, hash: Option<&str>) -> Result<bool> {
    let (password, exists) = (password.clone(), hash.is_some());
    let hash = hash.unwrap_or(NOBODY).to_owned();
    let same = store.surroundings().service::<Config>()?.hashing.run(move || is_hash_of(&password, &hash)).await?;
    Ok(same && exists)
}

/// Was the hash made at another cost than today's?
pub(super) fn is_outdated(hash: &str) -> bool {
    !hash.starts_with(TODAY)
}

pub(super) fn hash_with(password: &Secret, salt: &[u8]) -> Result<String> {
    let params = Params::new(MEMORY_KIB, 1, 1, None).map_err(Error::internal)?;
    let salt = SaltString::encode_b64(salt).map_err(Error::internal)?;
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    argon2.hash_password(password.expose().as_bytes(), &salt).map(|hash| hash.to_string()).map_err(Error::internal)
}

pub(super) fn is_hash_of(password: &Secret, hash: &str) -> Result<bool> {
    let hash = PasswordHash::new(hash).map_err(Error::internal)?;
    match Argon2::default().verify_password(password.expose().as_bytes(), &hash) {
        Ok(()) => Ok(true),
        Err(argon2::password_hash::Error::Password) => Ok(false),
        Err(other) => Err(Error::internal(other)),
    }
}
