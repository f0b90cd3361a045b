//! Sealing with XChaCha20-Poly1305: 192 random bits of nonce never meet twice, and what is bound along is not stored.

use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD as BASE64;
use chacha20poly1305::aead::{Aead, Payload};
use chacha20poly1305::{KeyInit, XChaCha20Poly1305, XNonce};
use pmos_kit::{Error, Result, Rng, Secret, WorkspaceId};
use zeroize::Zeroizing;

const NONCE_BYTES: usize = 24;

/// A key of 256 bits, wiped when dropped.
pub(super) type Key = Zeroizing<[u8; 32]>;

/// Where a secret belongs. It opens nowhere else.
pub(super) struct Place<'a> {
    pub(super) workspace: &'a WorkspaceId,
    pub(super) owner: &'a str,
    pub(super) field: &'a str,
}

impl Place<'_> {
    /// The place as bytes, each part behind its length, so that no two places look alike.
    fn bytes(&self, version: i64) -> Vec<u8> {
        let version = version.to_string();
        let parts = ["pmos secret", self.workspace.as_str(), self.owner, self.field, &version];
        parts.iter().flat_map(|part| (part.len() as u64).to_be_bytes().into_iter().chain(part.bytes())).collect()
    }
}

/// The key of a workspace.
pub(super) struct DataKey {
    pub(super) key: Key,
    pub(super) version: i64,
}

impl DataKey {
    pub(super) fn new(version: i64, rng: &dyn Rng) -> Self {
        let mut key = Key::default();
        rng.fill(&mut *key);
        Self { key, version }
    }

    /// `s1.<version of the key>.<nonce and ciphertext>`.
    pub(super) fn seal(&self, place: &Place<'_>, secret: &Secret, rng: &dyn Rng) -> Result<String> {
        let sealed = encrypt(&self.key, place, self.version, secret.expose().as_bytes(), rng)?;
        Ok(format!("s1.{}.{sealed}", self.version))
    }

    pub(super) fn open(&self, place: &Place<'_>, sealed: &str) -> Result<Secret> {
        let (version, sealed) = sealed.strip_prefix("s1.").and_then(|rest| rest.split_once('.')).ok_or_else(spoilt)?;
        let version: i64 = version.parse().map_err(|_| spoilt())?;
        let opened = decrypt(&self.key, place, version, sealed)?;
        let text = std::str::from_utf8(&opened).map_err(|_| spoilt())?;
        Ok(Secret::new(text))
    }
}

/// Encrypt for a place; gives nonce and ciphertext in base 64.
pub(super) fn encrypt(key: &Key, place: &Place<'_>, version: i64, plain: &[u8], rng: &dyn Rng) -> Result<String> {
    let mut nonce = [0u8; NONCE_BYTES];
    rng.fill(&mut nonce);
    let aad = place.bytes(version);
    let cipher = XChaCha20Poly1305::new((&**key).into());
    let mut sealed = nonce.to_vec();
    let payload = Payload { msg: plain, aad: &aad };
    sealed.extend(
        cipher
            .encrypt(XNonce::from_slice(&nonce), payload)
            .map_err(|_| Error::internal("a secret could not be sealed"))?,
    );
    Ok(BASE64.encode(sealed))
}

/// Decrypt what [`encrypt`] gave for the same key, place and version.
pub(super) fn decrypt(key: &Key, place: &Place<'_>, version: i64, sealed: &str) -> Result<Zeroizing<Vec<u8>>> {
    let bytes = BASE64.decode(sealed).map_err(|_| spoilt())?;
    let (nonce, msg) = bytes.split_at_checked(NONCE_BYTES).ok_or_else(spoilt)?;
    let aad = place.bytes(version);
    let cipher = XChaCha20Poly1305::new((&**key).into());
    let plain = cipher.decrypt(XNonce::from_slice(nonce), Payload { msg, aad: &aad }).map_err(|_| spoilt())?;
    Ok(Zeroizing::new(plain))
}

pub(super) fn spoilt() -> Error {
    Error::internal(
        "a sealed secret does not open here: it was sealed for another place or with another key, or was changed",
    )
}
