//! Text between two worlds: JavaScript's may hold halves of characters, Rust's may not; and text as bytes.

use base64::Engine;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

/// Node accepts both alphabets, with padding or without, and bits that should be zero.
const FORGIVING: GeneralPurposeConfig = GeneralPurposeConfig::new()
    .with_decode_padding_mode(DecodePaddingMode::Indifferent)
    .with_decode_allow_trailing_bits(true);
const STANDARD: GeneralPurpose = GeneralPurpose::new(&alphabet::STANDARD, FORGIVING);
const URL_SAFE: GeneralPurpose = GeneralPurpose::new(&alphabet::URL_SAFE, FORGIVING.with_encode_padding(false));

/// The encodings of Node's buffers.
#[derive(Clone, Copy)]
pub(super) enum Encoding {
    Utf8,
    Utf16,
    Latin1,
    Ascii,
    Hex,
    Base64,
    Base64Url,
}

impl Encoding {
    /// The encoding of that name; UTF-8 for what is none.
    pub(super) fn of(name: &str) -> Self {
        match name.to_ascii_lowercase().as_str() {
            "base64" => Self::Base64,
            "base64url" => Self::Base64Url,
            "hex" => Self::Hex,
            "latin1" | "binary" => Self::Latin1,
            "ascii" => Self::Ascii,
            "utf16le" | "utf-16le" | "ucs2" | "ucs-2" => Self::Utf16,
            _ => Self::Utf8,
        }
    }

    /// The bytes of text.
    pub(super) fn bytes(self, text: &str) -> Vec<u8> {
        match self {
            Self::Utf8 => text.as_bytes().to_vec(),
            Self::Utf16 => text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
            // A byte is what is left of a character's number.
            Self::Latin1 | Self::Ascii => text.chars().map(|char| char as u32 as u8).collect(),
            Self::Hex => text
                .as_bytes()
                .chunks_exact(2)
                .map_while(|pair| u8::from_str_radix(str::from_utf8(pair).ok()?, 16).ok())
                .collect(),
            Self::Base64 | Self::Base64Url => {
                // Node reads up to the first padding, and overlooks what is no digit.
                let digit = |byte: u8| match byte {
                    b'-' => Some(b'+'),
                    b'_' => Some(b'/'),
                    byte if byte.is_ascii_alphanumeric() || byte == b'+' || byte == b'/' => Some(byte),
                    _ => None,
                };
                let mut digits: Vec<u8> = text.bytes().take_while(|byte| *byte != b'=').filter_map(digit).collect();
                if digits.len() % 4 == 1 {
                    digits.pop();
                }
                STANDARD.decode(digits).unwrap_or_default()
            }
        }
    }

    /// The text of bytes.
    pub(super) fn text(self, bytes: &[u8]) -> String {
        match self {
            Self::Utf8 => String::from_utf8_lossy(bytes).into_owned(),
            Self::Utf16 => {
                let units: Vec<u16> =
                    bytes.chunks_exact(2).map(|pair| u16::from_le_bytes([pair[0], pair[1]])).collect();
                String::from_utf16_lossy(&units)
            }
            Self::Latin1 => bytes.iter().copied().map(char::from).collect(),
            Self::Ascii => bytes.iter().map(|byte| char::from(byte & 0x7f)).collect(),
            Self::Hex => bytes.iter().map(|byte| format!("{byte:02x}")).collect(),
            Self::Base64 => STANDARD.encode(bytes),
            Self::Base64Url => URL_SAFE.encode(bytes),
        }
    }
}

/// JSON without escapes of lone surrogates: `JSON.stringify` writes these, and only these, as `\udXXX`.
pub(super) fn without_lone_surrogates(json: String) -> String {
    if !json.contains("\\ud") {
        return json;
    }
    let mut clean = String::with_capacity(json.len());
    let mut rest = json.as_str();
    while let Some(at) = rest.find('\\') {
        let (before, escape) = rest.split_at(at);
        clean.push_str(before);
        // Each escape is looked at as a whole: in `\\ud800` the backslash is the one that is escaped.
        if escape.starts_with("\\ud") {
            clean.push('\u{fffd}');
            rest = escape.get(6..).unwrap_or_default();
        } else {
            let end = escape.char_indices().nth(2).map_or(escape.len(), |(end, _)| end);
            clean.push_str(&escape[..end]);
            rest = &escape[end..];
        }
    }
    clean.push_str(rest);
    clean
}

#[cfg(test)]
mod tests {
    use super::{Encoding, without_lone_surrogates};

    #[test]
    fn only_halves_are_replaced() {
        let clean = |json: &str| without_lone_surrogates(json.to_owned());
        assert_eq!(clean(r#""a\ud800b""#), "\"a\u{fffd}b\"");
        assert_eq!(clean(r#""a\\ud800b""#), r#""a\\ud800b""#);
        assert_eq!(clean(r#""\\\ud800\n""#), "\"\\\\\u{fffd}\\n\"");
        assert_eq!(clean(r#""😀""#), r#""😀""#);
    }

    #[test]
    fn bytes_survive_every_encoding() {
        let bytes: Vec<u8> = (0..=255).collect();
        for name in ["latin1", "hex", "base64", "base64url"] {
            let encoding = Encoding::of(name);
            assert_eq!(encoding.bytes(&encoding.text(&bytes)), bytes, "{name}");
        }
        assert_eq!(Encoding::Base64.bytes("aG k_-=ignored"), [0x68, 0x69, 0x3f]);
        assert_eq!(Encoding::Hex.bytes("0aFz"), [0x0a]);
    }
}
