//! Text that means something in Markdown.

/// Text whose characters mean themselves.
pub(super) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(c, '\\' | '`' | '*' | '_' | '~' | '[' | ']') {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    let body = escaped.trim_start();
    let start = escaped.len() - body.len();
    let hashes = body.len() - body.trim_start_matches('#').len();
    let begins = body.starts_with(['=', '>', '-'])
        || body.starts_with("+ ")
        || ((1..=6).contains(&hashes) && body[hashes..].starts_with(' '));
    if begins {
        escaped.insert(start, '\\');
    }
    number_escaped(&escaped)
}

/// `1. ` begins an item of a list: its dot is escaped.
fn number_escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    let mut after_digit = false;
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        if c == '.' && after_digit && rest.peek().is_some_and(|next| next.is_whitespace()) {
            escaped.push('\\');
        }
        after_digit = c.is_ascii_digit();
        escaped.push(c);
    }
    escaped
}

/// Each line of a text between marks, with the white space around it outside of them.
pub(super) fn surround(text: &str, mark: &str) -> String {
    let plain = if text.contains(mark) && !mark.is_empty() { text.replace(mark, "") } else { text.to_owned() };
    let lines = plain.split('\n').map(|line| {
        let body = line.trim();
        if body.is_empty() {
            return line.to_owned();
        }
        let (before, after) = (line.starts_with(char::is_whitespace), line.ends_with(char::is_whitespace));
        format!("{}{mark}{body}{mark}{}", if before { " " } else { "" }, if after { " " } else { "" })
    });
    lines.collect::<Vec<_>>().join("\n")
}

pub(super) fn trim_new_lines(text: &str) -> &str {
    text.trim_matches(['\n', '\r'])
}
