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
    let key = public_key(&device.public_key).ok_or_else(|| {
        Refusal::device("device public key invalid", "DEVICE_AUTH_PUBLIC_KEY_INVALID", "device-public-key")
    })?;
    if device.id != token::hex(&Sha256::digest(key.as_bytes())) {
        return Err(Refusal::device(
            "device identity mismatch",
            "DEVICE_AUTH_DEVICE_ID_MISMATCH",
            "device-id-mismatch",
        ));
    }
    if now.abs_diff(device.signed_at) > SKEW.unsigned_abs() {
        return Err(Refusal::device(
            "device signature expired",
            "DEVICE_AUTH_SIGNATURE_EXPIRED",
            "device-signature-stale",
        ));
    }
    match device.nonce.as_deref().filter(|nonce| !nonce.is_empty()) {
        Some(signed) if signed != nonce => {
            return Err(Refusal::device(
                "device nonce mismatch",
                "DEVICE_AUTH_NONCE_MISMATCH",
                "device-nonce-mismatch",
            ));
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
    let common =
        format!("{}|{}|{}|operator|{scopes}|{}|{secret}", device.id, client.id, client.mode(), device.signed_at);
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

#[cfg(test)]
mod tests {
    use super::*;
    use ed25519_dalek::{Signer, SigningKey};
    use serde_json::{Value, json};
    use std::path::Path;

    /// Every `connect` with a proof in a recording of real clients, with the nonce of its challenge.
    fn recorded(file: &str) -> Vec<(Value, String)> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/protocol/transcripts");
        let Ok(text) = std::fs::read_to_string(folder.join(file)) else {
            println!("{file} is not here: real proofs are not checked");
            return Vec::new();
        };
        let (mut nonces, mut found) = (std::collections::HashMap::new(), Vec::new());
        for line in text.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok()) {
            let frame = &line["frame"];
            if frame["event"] == "connect.challenge" {
                nonces.insert(
                    line["conn"].to_string(),
                    frame["payload"]["nonce"].as_str().unwrap_or_default().to_owned(),
                );
            } else if frame["method"] == "connect" && frame["params"]["device"].is_object() {
                found.push((frame["params"].clone(), nonces[&line["conn"].to_string()].clone()));
            }
        }
        assert!(!found.is_empty(), "{file} holds a proof");
        found
    }

    fn verdict(params: &Value, nonce: &str, now: Millis) -> &'static str {
        let connect = Connect::parse(Some(&params.to_string())).unwrap();
        match check(&connect, connect.max_protocol.min(4), nonce, now) {
            Ok(()) => "fine",
            Err(refusal) => refusal.error.public().to_owned().leak(),
        }
    }

    #[test]
    fn the_proofs_of_real_clients_hold() {
        for file in [
            "11-tui-session.jsonl",
            "25-cli-nodes-status.jsonl",
            "50-control-ui.jsonl",
            "60-old-cli-against-stub.jsonl",
        ] {
            for (params, nonce) in recorded(file) {
                let now = params["device"]["signedAt"].as_i64().unwrap();
                assert_eq!(verdict(&params, &nonce, now), "fine", "{file}");
                let mut changed = params.clone();
                changed["scopes"] = json!(["operator.read"]);
                assert_eq!(verdict(&changed, &nonce, now), "device signature invalid", "{file}");
            }
        }
    }

    /// A `connect` whose proof is made here; `payload` says what is signed.
    fn made(payload: impl Fn(&str) -> String, nonce: Option<&str>, protocol: u32) -> Value {
        let key = SigningKey::from_bytes(&[7; 32]);
        let public = key.verifying_key();
        let id = token::hex(&Sha256::digest(public.as_bytes()));
        let signature = URL_SAFE_NO_PAD.encode(key.sign(payload(&id).as_bytes()).to_bytes());
        let mut device = json!({
            "id": id, "publicKey": URL_SAFE_NO_PAD.encode(public.as_bytes()), "signature": signature, "signedAt": 1_000_000,
        });
        if let Some(nonce) = nonce {
            device["nonce"] = json!(nonce);
        }
        json!({
            "minProtocol": 3, "maxProtocol": protocol, "client": { "id": "cli", "mode": "cli", "platform": " Linux ", "deviceFamily": "PC" },
            "scopes": ["operator.read"], "auth": { "token": "t" }, "device": device,
        })
    }

    fn v3(id: &str) -> String {
        format!("v3|{id}|cli|cli|operator|operator.read|1000000|t|n|linux|pc")
    }

    #[test]
    fn each_way_to_be_wrong_has_its_own_words() {
        let good = made(v3, Some("n"), 4);
        assert_eq!(verdict(&good, "n", 1_000_000 + SKEW), "fine");
        assert_eq!(verdict(&good, "n", 1_000_001 + SKEW), "device signature expired");
        assert_eq!(verdict(&good, "n", 999_999 - SKEW), "device signature expired");
        assert_eq!(verdict(&good, "other", 1_000_000), "device nonce mismatch");
        let with = |field: &str, value: &str| {
            let mut params = good.clone();
            params["device"][field] = json!(value);
            params
        };
        assert_eq!(verdict(&with("id", "00"), "n", 1_000_000), "device identity mismatch");
        assert_eq!(verdict(&with("publicKey", "AAAA"), "n", 1_000_000), "device public key invalid");
        assert_eq!(verdict(&with("signature", "AAAA"), "n", 1_000_000), "device signature invalid");
        assert_eq!(verdict(&with("nonce", ""), "n", 1_000_000), "device nonce required");
    }

    #[test]
    fn the_oldest_form_has_no_nonce_and_the_newest_version_wants_one() {
        let v1 = |id: &str| format!("v1|{id}|cli|cli|operator|operator.read|1000000|t");
        assert_eq!(verdict(&made(v1, None, 3), "n", 1_000_000), "fine");
        assert_eq!(verdict(&made(v1, None, 4), "n", 1_000_000), "device nonce required");
        // What an old client signed for nobody in particular is no answer to a challenge.
        assert_eq!(verdict(&made(v1, Some("n"), 3), "n", 1_000_000), "device signature invalid");
        let v2 = |id: &str| format!("v2|{id}|cli|cli|operator|operator.read|1000000|t|n");
        assert_eq!(verdict(&made(v2, Some("n"), 3), "n", 1_000_000), "fine");
    }

    #[test]
    fn a_key_may_come_as_pem() {
        let der = [&DER_HEAD[..], SigningKey::from_bytes(&[7; 32]).verifying_key().as_bytes()].concat();
        let pem = format!("-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----\n", STANDARD.encode(der));
        let mut params = made(v3, Some("n"), 4);
        params["device"]["publicKey"] = json!(pem);
        assert_eq!(verdict(&params, "n", 1_000_000), "fine");
    }
}
