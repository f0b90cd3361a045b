//! Text counted as JavaScript counts it: in UTF-16 units. Text that is ASCII alone is counted without looking.

/// How many units a text has.
pub(crate) fn length(text: &str) -> usize {
    if text.is_ascii() { text.len() } else { text.chars().map(char::len_utf16).sum() }
}

/// The units from `start` up to but without `end`; nothing where that would cut a character in half.
pub(crate) fn slice(text: &str, start: usize, end: usize) -> Option<&str> {
    if text.is_ascii() {
        let end = end.min(text.len());
        return Some(text.get(start..end).unwrap_or_default());
    }
    if start >= end {
        return Some("");
    }
    let start_byte = byte_of(text, start)?;
    let end_byte = byte_of(text, end)?;
    Some(&text[start_byte..end_byte])
}

/// Where a unit begins, in bytes; the end for what is beyond it, nothing inside a character.
pub(crate) fn byte_of(text: &str, unit: usize) -> Option<usize> {
    if text.is_ascii() {
        return Some(unit.min(text.len()));
    }
    let mut units = 0;
    for (byte, c) in text.char_indices() {
        if units == unit {
            return Some(byte);
        }
        if units > unit {
            return None;
        }
        units += c.len_utf16();
    }
    (units <= unit).then_some(text.len())
}

/// The unit that begins at a byte.
pub(crate) fn unit_of(text: &str, byte: usize) -> usize {
    length(&text[..byte])
}
