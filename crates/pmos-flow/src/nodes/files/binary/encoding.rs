//! Text in bytes, in any of the encodings that n8n lists.

use crate::node::NodeError;
use crate::value::Str;
use encoding_rs::{UTF_8, UTF_16BE, UTF_16LE};

/// How text stands in bytes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::nodes::files) enum Encoding {
    /// One that the web knows, too.
    Web(&'static encoding_rs::Encoding),
    /// Code points below 256, one a byte.
    Latin1,
    /// Base64 of the bytes.
    Base64,
    /// Hexadecimal digits of the bytes.
    Hex,
    /// Four bytes a character, least significant first.
    Utf32Le,
    /// Four bytes a character, most significant first.
    Utf32Be,
}

impl Encoding {
    /// The encoding of this name, such as `utf8`, `utf16le`, `latin1`, `win1252`; UTF-8 for no name.
    pub(in crate::nodes::files) fn named(name: &str) -> Result<Self, NodeError> {
        let plain: String = name.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect();
        let label = match plain.as_str() {
            "" | "utf8" | "cesu8" | "unicode11utf8" => return Ok(Self::Web(UTF_8)),
            "ucs2" | "utf16" | "utf16le" => return Ok(Self::Web(UTF_16LE)),
            "utf16be" => return Ok(Self::Web(UTF_16BE)),
            "utf32" | "utf32le" => return Ok(Self::Utf32Le),
            "utf32be" => return Ok(Self::Utf32Be),
            "latin1" | "iso88591" | "binary" | "ascii" | "usascii" => return Ok(Self::Latin1),
            "base64" => return Ok(Self::Base64),
            "hex" => return Ok(Self::Hex),
            "tis620" | "cp874" | "windows874" | "win874" => "windows-874".to_owned(),
            "macintosh" | "macroman" => "macintosh".to_owned(),
            "maccyrillic" => "x-mac-cyrillic".to_owned(),
            "cp932" | "ms932" | "shiftjis" | "sjis" => "shift_jis".to_owned(),
            "cp936" | "gb2312" | "euccn" => "gbk".to_owned(),
            "cp949" | "ksc5601" => "euc-kr".to_owned(),
            "cp950" | "big5hkscs" => "big5".to_owned(),
            other => match (
                other.strip_prefix("iso8859"),
                ["windows", "win", "cp"].iter().find_map(|prefix| other.strip_prefix(prefix)),
            ) {
                (Some(part), _) => format!("iso-8859-{part}"),
                (_, Some("866")) => "ibm866".to_owned(),
                (_, Some(page)) => format!("windows-{page}"),
                _ => name.to_ascii_lowercase(),
            },
        };
        let known = encoding_rs::Encoding::for_label(label.as_bytes());
        known
            .map(Self::Web)
            .ok_or_else(|| NodeError::new(format!("Encoding not recognized: '{name}' (searched as: '{plain}')")))
    }
}

/// Text from bytes; what the encoding does not know becomes `U+FFFD`. `strip_bom` removes a byte order mark.
pub(in crate::nodes::files) fn decode(bytes: &[u8], encoding: Encoding, strip_bom: bool) -> Str {
    use base64::Engine;
    let wide = |read: fn([u8; 4]) -> u32| -> String {
        let units = bytes.chunks_exact(4).map(|unit| read([unit[0], unit[1], unit[2], unit[3]]));
        units.map(|unit| char::from_u32(unit).unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
    };
    let text: String = match encoding {
        Encoding::Web(web) => web.decode_without_bom_handling(bytes).0.into_owned(),
        Encoding::Latin1 => bytes.iter().map(|byte| char::from(*byte)).collect(),
        Encoding::Base64 => base64::prelude::BASE64_STANDARD.encode(bytes),
        Encoding::Hex => bytes.iter().map(|byte| format!("{byte:02x}")).collect(),
        Encoding::Utf32Le => wide(u32::from_le_bytes),
        Encoding::Utf32Be => wide(u32::from_be_bytes),
    };
    match text.strip_prefix('\u{feff}') {
        Some(rest) if strip_bom => rest.into(),
        _ => text.into(),
    }
}

/// Bytes of text; what the encoding does not know becomes `?`. `add_bom` begins with a byte order mark where there is one.
pub(in crate::nodes::files) fn encode(text: &str, encoding: Encoding, add_bom: bool) -> Vec<u8> {
    let marked;
    let unicode = match encoding {
        Encoding::Web(web) => [UTF_8, UTF_16LE, UTF_16BE].contains(&web),
        Encoding::Utf32Le | Encoding::Utf32Be => true,
        _ => false,
    };
    let text = if add_bom && unicode {
        marked = format!("\u{feff}{text}");
        &marked
    } else {
        text
    };
    match encoding {
        Encoding::Web(web) if web == UTF_16LE => text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
        Encoding::Web(web) if web == UTF_16BE => text.encode_utf16().flat_map(u16::to_be_bytes).collect(),
        Encoding::Web(web) => encode_web(text, web),
        Encoding::Latin1 => text.chars().map(|c| u8::try_from(u32::from(c)).unwrap_or(b'?')).collect(),
        Encoding::Base64 => from_base64(text),
        Encoding::Hex => text
            .as_bytes()
            .chunks(2)
            .map_while(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok())
            .collect(),
        Encoding::Utf32Le => text.chars().flat_map(|c| u32::from(c).to_le_bytes()).collect(),
        Encoding::Utf32Be => text.chars().flat_map(|c| u32::from(c).to_be_bytes()).collect(),
    }
}

fn encode_web(text: &str, web: &'static encoding_rs::Encoding) -> Vec<u8> {
    let (bytes, _, lossy) = web.encode(text);
    if !lossy {
        return bytes.into_owned();
    }
    // The web's encoder writes `&#1234;` for what it cannot say, which only a browser reads.
    let mut bytes = Vec::with_capacity(text.len());
    for c in text.chars() {
        let mut unit = [0; 4];
        let (one, _, lossy) = web.encode(c.encode_utf8(&mut unit));
        if lossy { bytes.push(b'?') } else { bytes.extend_from_slice(&one) }
    }
    bytes
}

/// Bytes of base64 as Node.js reads it: any alphabet, padding or not, other characters skipped, up to the first `=`.
pub(in crate::nodes::files) fn from_base64(text: &str) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3);
    let (mut bits, mut held) = (0_u32, 0);
    for c in text.bytes() {
        let six = match c {
            b'A'..=b'Z' => c - b'A',
            b'a'..=b'z' => c - b'a' + 26,
            b'0'..=b'9' => c - b'0' + 52,
            b'+' | b'-' => 62,
            b'/' | b'_' => 63,
            b'=' => break,
            _ => continue,
        };
        bits = bits << 6 | u32::from(six);
        held += 6;
        if held >= 8 {
            held -= 8;
            bytes.push((bits >> held) as u8);
        }
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::{Encoding, decode, encode, from_base64};

    #[test]
    fn text_survives_its_encodings() {
        for (name, text) in [
            ("utf16le", "añ🐛"),
            ("win1252", "naïve €"),
            ("latin1", "né"),
            ("shift_jis", "日本"),
            ("utf-32be", "a🐛"),
            ("hex", "00ff"),
        ] {
            let encoding = Encoding::named(name).unwrap();
            assert_eq!(&*decode(&encode(text, encoding, true), encoding, true), text, "{name}");
        }
        assert!(Encoding::named("klingon").is_err());
    }

    #[test]
    fn base64_is_read_leniently() {
        assert_eq!(from_base64("aGk-\n_w=="), b"hi>\xff");
    }
}
