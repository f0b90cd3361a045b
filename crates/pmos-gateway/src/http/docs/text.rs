//! Text on its way into HTML.

/// Text as it may stand between tags and in quoted attributes.
pub(super) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out += "&amp;",
            '<' => out += "&lt;",
            '>' => out += "&gt;",
            '"' => out += "&quot;",
            '\'' => out += "&#39;",
            c => out.push(c),
        }
    }
    out
}

/// A word of the protocol.
pub(super) fn code(text: &str) -> String {
    format!("<code>{}</code>", escape(text))
}

/// Text in which backticks stand around words of the protocol.
pub(super) fn inline(text: &str) -> String {
    let part = |(place, part): (usize, &str)| if place % 2 == 1 { code(part) } else { escape(part) };
    text.split('`').enumerate().map(part).collect()
}

/// Paragraphs, divided by empty lines.
pub(super) fn paragraphs(text: &str) -> String {
    let filled = text.split("\n\n").map(str::trim).filter(|paragraph| !paragraph.is_empty());
    filled.map(|paragraph| format!("<p>{}</p>", inline(&paragraph.replace('\n', " ")))).collect()
}
