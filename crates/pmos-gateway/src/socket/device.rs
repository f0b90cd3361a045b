//! The proof that a client is a device (openclaw.md, 3.6).
//!
//! A key of the workspace is what lets somebody in; the proof is not needed for it. Remote clients always send one, though,
//! and one that does not hold is refused: a client that lies about itself is none of ours.

use super::connect::{Connect, Device};
use super::refusal::Refusal;
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use ed25519_dalek::{Signature, VerifyingKey};
use pmos_kit::clock::MINUTE;
use pmos_kit::{Millis, token};
use sha2::{Digest, Sha256};

/// How far a signature may be from our time, either way.
const SKEW: Millis = 2 * MINUTE;
/// The fixed head of an Ed25519 key in DER (RFC 8410), in which a PEM text wraps it.
const DER_HEAD: [u8; 12] = [0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00];

/// Check the proof that came with `connect`, if one did.
pub(super) fn check(connect: &Connect, protocol: u32, nonce: &str, now: Millis) -> Result<(), Refusal> {
    let Some(device) = &connect.device else { return Ok(()) };
    let key = public_key(&device.public_key)
        .ok_or_else(|| Refusal::device("device public key invalid", "DEVICE_AUTH_PUBLIC_KEY_INVALID", "device-public-key"))?;
    if device.id != token::hex(&Sha256::digest(key.as_bytes())) {
        return Err(Refusal::device("device identity mismatch", "DEVICE_AUTH_DEVICE_ID_MISMATCH", "device-id-mismatch"));
    }
    if now.abs_diff(device.signed_at) > SKEW.unsigned_abs() {
        return Err(Refusal::device("device signature expired", "DEVICE_AUTH_SIGNATURE_EXPIRED", "device-signature-stale"));
    }
    match device.nonce.as_deref().filter(|nonce| !nonce.is_empty()) {
        Some(signed) if signed != nonce => {
            return Err(Refusal::device("device nonce mismatch", "DEVICE_AUTH_NONCE_MISMATCH", "device-nonce-mismatch"));
        }
        None if protocol >= 4 => {
            return Err(Refusal::device("device nonce required", "DEVICE_AUTH_NONCE_REQUIRED", "device-nonce-missing"));
        }
        _ => {}
    }
    if payloads(connect, device).iter().any(|payload| verifies(&key, payload, &device.signature)) {
        return Ok(());
    }
    Err(Refusal::device("device signature invalid", "DEVICE_AUTH_SIGNATURE_INVALID", "device-signature"))
}

/// 32 bytes in base64url, or a PEM text around them.
fn public_key(text: &str) -> Option<VerifyingKey> {
    let bytes = if text.contains("BEGIN PUBLIC KEY") {
        let base64: String = text.lines().filter(|line| !line.starts_with("-----")).map(str::trim).collect();
        STANDARD.decode(base64).ok()?.strip_prefix(&DER_HEAD)?.to_vec()
    } else {
        URL_SAFE_NO_PAD.decode(text.trim_end_matches('=')).ok()?
    };
    VerifyingKey::from_bytes(bytes.as_slice().try_into().ok()?).ok()
}

/// What may have been signed, the newest form first: the version is not on the wire.
fn payloads(connect: &Connect, device: &Device) -> Vec<String> {
    let client = &connect.client;
    let scopes = connect.scopes.as_deref().unwrap_or_default().join(",");
    let secret = connect.auth.as_ref().map(|auth| auth.signed()).unwrap_or_default();
    let common = format!("{}|{}|{}|operator|{scopes}|{}|{secret}", device.id, client.id, client.mode(), device.signed_at);
    let plain = |text: &Option<String>| text.as_deref().unwrap_or_default().trim().to_ascii_lowercase();
    match device.nonce.as_deref().filter(|nonce| !nonce.is_empty()) {
        Some(nonce) => vec![
            format!("v3|{common}|{nonce}|{}|{}", plain(&client.platform), plain(&client.device_family)),
            format!("v2|{common}|{nonce}"),
        ],
        None => vec![format!("v1|{common}")],
    }
}

fn verifies(key: &VerifyingKey, payload: &str, signature: &str) -> bool {
    let bytes = URL_SAFE_NO_PAD.decode(signature.trim_end_matches('=')).unwrap_or_default();
    Signature::from_slice(&bytes).is_ok_and(|signature| key.verify_strict(payload.as_bytes(), &signature).is_ok())
}
