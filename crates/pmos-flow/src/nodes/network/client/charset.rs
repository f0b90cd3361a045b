//! Text of an answer, by the character set that it names.

/// The text of a body: by `charset` of its content type, else UTF-8. What is no text of that set reads as U+FFFD.
pub(in crate::nodes::network) fn decode(body: &[u8], content_type: &str) -> String {
    let label = parameter(content_type, "charset").unwrap_or_default();
    let encoding = encoding_rs::Encoding::for_label(label.as_bytes()).unwrap_or(encoding_rs::UTF_8);
    encoding.decode(body).0.into_owned()
}

/// A parameter of a header such as `text/html; charset="utf-8"`.
pub(in crate::nodes::network) fn parameter<'h>(header: &'h str, name: &str) -> Option<&'h str> {
    header.split(';').skip(1).find_map(|part| {
        let (own, value) = part.split_once('=')?;
        own.trim().eq_ignore_ascii_case(name).then(|| value.trim().trim_matches('"'))
    })
}

#[cfg(test)]
mod tests {
    use super::decode;

    #[test]
    fn text_reads_by_its_character_set() {
        assert_eq!(decode(b"caf\xe9", "text/plain; charset=latin1"), "café");
        assert_eq!(decode("café".as_bytes(), "text/plain"), "café");
        assert_eq!(decode("café".as_bytes(), "text/plain; charset=\"UTF-8\""), "café");
    }
}
