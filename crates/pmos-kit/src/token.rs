//! Tokens: API keys, session cookies, invite links.
//!
//! A token holds 256 random bits, and only its SHA-256 is stored: a fast hash suffices because nobody can guess the
//! bits, and it allows the look-up through an index. API keys end in a CRC-32 of what stands before, so that clients,
//! scanners and our own log filter tell a typo or a leak without asking anybody (security.md, 3).

use crate::{Rng, Secret};
use sha2::{Digest, Sha256};

const BASE62: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const RANDOM_CHARS: usize = 43;
const CHECKSUM_CHARS: usize = 6;

/// A new token with this prefix, such as `pmos_live_api_`.
pub fn mint(prefix: &str, rng: &dyn Rng) -> Secret {
    let mut text = String::with_capacity(prefix.len() + RANDOM_CHARS + CHECKSUM_CHARS);
    text.push_str(prefix);
    let mut byte = [0u8; 1];
    while text.len() < prefix.len() + RANDOM_CHARS {
        rng.fill(&mut byte);
        // 248 is the largest multiple of 62 in a byte: dropping the rest keeps every character equally likely.
        if byte[0] < 248 {
            text.push(char::from(BASE62[usize::from(byte[0] % 62)]));
        }
    }
    let checksum = base62_crc(&text);
    text.push_str(&checksum);
    Secret::new(text)
}

/// Has this text the form of a token of ours, its checksum included? Says nothing of whether it is valid.
pub fn is_well_formed(text: &str) -> bool {
    let Some(split) = text.len().checked_sub(CHECKSUM_CHARS) else { return false };
    text.is_ascii() && split > RANDOM_CHARS && text[split..] == base62_crc(&text[..split])
}

/// What is stored of a token: the SHA-256 of its text, in lower-case hex.
pub fn digest(text: &str) -> String {
    hex(&Sha256::digest(text.as_bytes()))
}

/// Bytes in lower-case hex.
pub fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]).map(|nibble| char::from(DIGITS[usize::from(nibble)])).collect()
}

/// Are two secrets equal? Takes the same time whatever they differ in.
pub fn same(left: &str, right: &str) -> bool {
    subtle::ConstantTimeEq::ct_eq(left.as_bytes(), right.as_bytes()).into()
}

fn base62_crc(text: &str) -> String {
    let mut rest = crc32(text.as_bytes());
    let mut out = [b'0'; CHECKSUM_CHARS];
    for place in out.iter_mut().rev() {
        *place = BASE62[(rest % 62) as usize];
        rest /= 62;
    }
    out.iter().map(|byte| char::from(*byte)).collect()
}

// CRC-32 of IEEE 802.3, bit by bit: a token is 60 bytes long and made or checked once.
fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0u32, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| (crc >> 1) ^ (0xEDB8_8320 & (crc & 1).wrapping_neg()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::OsRng;

    #[test]
    fn the_checksum_is_crc32_of_the_standard() {
        assert_eq!(crc32(b"123456789"), 0xCBF4_3926);
    }

    #[test]
    fn a_typo_is_told_without_asking_anybody() {
        let token = mint("pmos_live_api_", &OsRng);
        assert!(is_well_formed(token.expose()));
        let mut typo = token.expose().to_owned();
        let last = typo.pop().unwrap();
        typo.push(if last == 'x' { 'y' } else { 'x' });
        assert!(!is_well_formed(&typo));
        assert!(!is_well_formed("") && !is_well_formed("pmos_live_"));
    }
}
