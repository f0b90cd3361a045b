//! Texts in another form: cases, letters without accents, text without markup.

use crate::expression::regex::Regex;

/// `I am a test`: the first letter large, the others small.
pub(super) fn sentence_case(text: &str) -> String {
    let mut result = String::with_capacity(text.len());
    let mut begins = true;
    for c in text.chars() {
        // Within a sentence, letters that stand large stay so; each sentence begins large.
        if begins && c.is_alphabetic() {
            result.extend(c.to_uppercase());
            begins = false;
        } else {
            result.extend(c.to_lowercase());
            begins |= matches!(c, '.' | '!' | '?');
        }
    }
    result
}

/// `snake_case`.
pub(super) fn snake_case(text: &str) -> String {
    let mut result = String::with_capacity(text.len());
    for c in text.to_lowercase().chars() {
        if c == ' ' || c == '-' {
            result.push('_');
        } else if c == '_' || c.is_alphanumeric() {
            result.push(c);
        }
    }
    result
}

/// `Title Case`: every word begins large, but for small ones (`a`, `the`) within the text.
pub(super) fn title_case(text: &str) -> String {
    const SMALL: [&str; 36] = [
        "a", "an", "and", "as", "at", "because", "but", "by", "en", "for", "if", "in", "neither", "nor", "of", "on",
        "or", "only", "over", "per", "so", "some", "that", "than", "the", "to", "up", "upon", "v", "vs", "versus",
        "via", "when", "with", "without", "yet",
    ];
    let text = text.to_lowercase();
    let mut result = String::with_capacity(text.len());
    let is_end = |c: char| c.is_whitespace() || matches!(c, ':' | '–' | '—' | '-');
    for word in text.split_inclusive(is_end) {
        let bare = word.trim_end_matches(is_end);
        let is_first = result.is_empty();
        let is_last = result.len() + bare.len() == text.len();
        let has_small = bare.split(|c: char| !c.is_alphanumeric() && c != '_').any(|part| SMALL.contains(&part));
        // A dot within (`n8n.io`) says that the word is written as it is meant.
        let is_own = bare.char_indices().any(|(at, c)| c == '.' && at > 0 && at + 1 < bare.len());
        match word.char_indices().find(|(_, c)| c.is_alphanumeric()) {
            Some((at, c)) if !is_own && (!has_small || is_first || is_last) => {
                result.push_str(&word[..at]);
                result.extend(c.to_uppercase());
                result.push_str(&word[at + c.len_utf8()..]);
            }
            _ => result.push_str(word),
        }
    }
    result
}

/// Letters without accents: `é` becomes `e`, `ß` becomes `ss`.
pub(super) fn plain_letters(text: &str) -> String {
    use unicode_normalization::UnicodeNormalization;
    let mut result = String::with_capacity(text.len());
    for c in text.nfd() {
        match c {
            '\u{300}'..='\u{36f}' => {}
            'ß' => result.push_str("ss"),
            'æ' => result.push_str("ae"),
            'Æ' => result.push_str("AE"),
            'œ' => result.push_str("oe"),
            'Œ' => result.push_str("OE"),
            'ø' => result.push('o'),
            'Ø' => result.push('O'),
            'đ' | 'ð' => result.push('d'),
            'Đ' | 'Ð' => result.push('D'),
            'ł' => result.push('l'),
            'Ł' => result.push('L'),
            'þ' => result.push_str("th"),
            'Þ' => result.push_str("TH"),
            'ı' => result.push('i'),
            c => result.push(c),
        }
    }
    result
}

/// Text without HTML's tags.
pub(super) fn without_tags(text: &str) -> String {
    replaced(text, "<[^>]*>?", "")
}

/// Text without Markdown's signs.
pub(super) fn without_markdown(text: &str) -> String {
    let mut result = text.to_owned();
    for (pattern, by) in [
        // Tags, headings underlined, footnotes, pictures, links, quotes, references.
        ("<(.*?)>", ""),
        ("^[=\\-]{2,}\\s*$", ""),
        ("\\[\\^.+?\\](\\: .*?$)?", ""),
        ("\\s{0,2}\\[.*?\\]: .*?$", ""),
        ("\\!\\[.*?\\][\\[\\(].*?[\\]\\)]", ""),
        ("\\[(.*?)\\][\\[\\(].*?[\\]\\)]", "$1"),
        ("^\\s{0,3}>\\s?", ""),
        // Headings, bold and italic, code, lists.
        ("^\\#{1,6}\\s*([^#]*)\\s*(\\#{1,6})?", "$1"),
        ("([\\*_]{1,3})(\\S.*?\\S)\\1", "$2"),
        ("(`{3,})(.*?)\\1", "$2"),
        ("^-{3,}\\s*$", ""),
        ("`(.+?)`", "$1"),
        ("\\n{2,}", "\n\n"),
        ("~(.*?)~", "$1"),
        ("^\\s*[\\*\\-\\+]\\s+", ""),
    ] {
        result = replaced(&result, pattern, by);
    }
    result
}

/// Every match of a pattern, line by line, replaced; `$1` and `$2` stand for its groups.
fn replaced(text: &str, pattern: &str, by: &str) -> String {
    let Ok(regex) = Regex::new(pattern, "m") else { return text.to_owned() };
    let mut result = String::with_capacity(text.len());
    let (mut behind, mut from) = (0, 0);
    while from <= text.len() {
        let Ok(Some(found)) = regex.find(text, from, false).0 else { break };
        result.push_str(&text[behind..found.start()]);
        let group = by.strip_prefix('$').and_then(|number| number.parse().ok()).and_then(|number| found.group(number));
        match group {
            Some(range) => result.push_str(&text[range.clone()]),
            None if by.starts_with('$') => {}
            None => result.push_str(by),
        }
        behind = found.end();
        from = if found.is_empty() { behind + text[behind..].chars().next().map_or(1, char::len_utf8) } else { behind };
    }
    result.push_str(&text[behind..]);
    result
}
