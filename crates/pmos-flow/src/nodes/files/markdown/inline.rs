//! Markdown to HTML: what stands within a line.

use super::block::{Blocks, DEEPEST, fence};
use std::collections::HashMap;

/// How far ahead the end of a link or an emphasis is looked for: what is longer is text.
const REACH: usize = 4096;

/// The addresses and titles that links refer to by a name.
#[derive(Default)]
pub(super) struct Links(HashMap<String, (String, String)>);

impl Links {
    /// Takes lines such as `[name]: address "title"` out of a text.
    pub(super) fn taken_from(lines: Vec<&str>, fences: bool) -> (Self, Vec<&str>) {
        let mut links = Self::default();
        let mut open: Option<&str> = None;
        let kept = lines.into_iter().filter(|line| {
            if let Some((marks, _)) = fence(line).filter(|_| fences) {
                open = match open {
                    Some(own) if own == marks => None,
                    None => Some(marks),
                    open => open,
                };
            }
            let Some((name, rest)) =
                line.trim_start().strip_prefix('[').and_then(|rest| rest.split_once("]:")).filter(|_| open.is_none())
            else {
                return true;
            };
            let rest = rest.trim();
            let (url, title) = rest.split_once(' ').unwrap_or((rest, ""));
            if url.is_empty() || line.starts_with("    ") || name.contains(']') {
                return true;
            }
            let title = title.trim().trim_matches(['"', '\'', '(', ')']);
            links.0.insert(name.to_lowercase(), (url.trim_matches(['<', '>']).to_owned(), title.to_owned()));
            false
        });
        let kept = kept.collect();
        (links, kept)
    }
}

/// Text for code.
pub(super) fn encoded(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

fn attribute(text: &str) -> String {
    text.replace('"', "&quot;").replace('<', "&lt;").replace('>', "&gt;")
}

/// The first bytes of a text, at most so many, to the end of a character.
fn ahead(text: &str) -> &str {
    let mut end = text.len().min(REACH);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

impl Blocks<'_> {
    /// The HTML of text within a block.
    pub(super) fn inline(&mut self, text: &str) -> String {
        if self.depth > 2 * DEEPEST {
            return encoded(text);
        }
        self.depth += 1;
        let mut html = String::with_capacity(text.len());
        let mut rest = text;
        let mut before = ' ';
        while let Some(c) = rest.chars().next() {
            let (piece, used) = self.piece(rest, c, before).unwrap_or_else(|| (plain(rest, c), c.len_utf8()));
            html.push_str(&piece);
            before = rest[..used].chars().next_back().unwrap_or(' ');
            rest = &rest[used..];
        }
        self.depth -= 1;
        html
    }

    /// What begins here, if anything does, and how long it is.
    fn piece(&mut self, rest: &str, c: char, before: char) -> Option<(String, usize)> {
        match c {
            '\\' => {
                let next = rest[1..].chars().next().filter(|next| "\\`*_{}[]()>#+.!~=|:-".contains(*next))?;
                Some((encoded_char(next), 1 + next.len_utf8()))
            }
            '`' => code(rest),
            '!' if rest.starts_with("![") => self.link(&rest[1..], true).map(|(html, used)| (html, used + 1)),
            '[' => self.link(rest, false),
            '<' => tag(rest, self.dialect.new_window),
            '*' | '_' => self.emphasis(rest, c, before),
            '~' if self.dialect.strikethrough && rest.starts_with("~~") => {
                let end = ahead(&rest[2..]).find("~~").filter(|end| *end > 0)?;
                Some((format!("<del>{}</del>", self.inline(&rest[2..2 + end])), end + 4))
            }
            '.' if rest.starts_with("...") => Some(("…".to_owned(), 3)),
            ' ' if rest.trim_start_matches(' ').starts_with('\n') => {
                let spaces = rest.len() - rest.trim_start_matches(' ').len();
                let broken = spaces > 1 || self.dialect.breaks;
                Some((if broken { "<br />\n" } else { "\n" }.to_owned(), spaces + 1))
            }
            '\n' if self.dialect.breaks => Some(("<br />\n".to_owned(), 1)),
            'h' | 'f' | 'w' if self.dialect.bare_links && !before.is_alphanumeric() => self.bare_link(rest),
            '@' if !before.is_alphanumeric() => {
                let base = self.dialect.mentions.as_ref()?;
                let name: String = rest[1..].chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '-').collect();
                let target = self.target();
                (!name.is_empty()).then(|| {
                    (format!("<a href=\"{}\"{target}>@{name}</a>", base.replace("{u}", &name)), name.len() + 1)
                })
            }
            _ => None,
        }
    }

    fn target(&self) -> &'static str {
        if self.dialect.new_window { " rel=\"noopener noreferrer\" target=\"_blank\"" } else { "" }
    }

    fn bare_link(&self, rest: &str) -> Option<(String, usize)> {
        let begins = ["http://", "https://", "ftp://", "www."].iter().any(|scheme| rest.starts_with(scheme));
        let end = rest.find(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | '"')).unwrap_or(rest.len());
        let url = rest[..end].trim_end_matches(['.', ',', '!', '?', ')', ';', ':', '\'']);
        if !begins || url.len() < 8 {
            return None;
        }
        let address = if url.starts_with("www.") { format!("http://{url}") } else { url.to_owned() };
        Some((format!("<a href=\"{}\"{}>{}</a>", attribute(&address), self.target(), encoded(url)), url.len()))
    }

    fn emphasis(&mut self, rest: &str, mark: char, before: char) -> Option<(String, usize)> {
        let literal = if mark == '_' { self.dialect.literal_underscores } else { self.dialect.literal_asterisks };
        if literal && before.is_alphanumeric() {
            return None;
        }
        let run = rest.chars().take_while(|c| *c == mark).count().min(3);
        for count in (1..=run).rev() {
            let marks = &rest[..count];
            let inner = &rest[count..];
            if inner.starts_with(char::is_whitespace) {
                return None;
            }
            let end = ahead(inner).match_indices(marks).map(|(at, _)| at).find(|at| {
                let after = inner[at + count..].chars().next();
                *at > 0
                    && !inner[..*at].ends_with(char::is_whitespace)
                    && !inner[..*at].ends_with('\\')
                    && (after != Some(mark) || count >= 3)
                    && !(literal && after.is_some_and(char::is_alphanumeric))
            });
            if let Some(end) = end {
                let (open, close) = match count {
                    3 => ("<strong><em>", "</em></strong>"),
                    2 => ("<strong>", "</strong>"),
                    _ => ("<em>", "</em>"),
                };
                return Some((format!("{open}{}{close}", self.inline(&inner[..end])), end + 2 * count));
            }
        }
        None
    }

    /// A link or an image: `[text](address "title")`, `[text][name]`, `[name]`.
    fn link(&mut self, rest: &str, image: bool) -> Option<(String, usize)> {
        let close = closing(ahead(rest), '[', ']')?;
        let text = &rest[1..close];
        let after = &rest[close + 1..];
        let (url, title, used) = if after.starts_with('(') {
            let end = closing(ahead(after), '(', ')')?;
            let inner = after[1..end].trim();
            let (url, title) = match inner.find([' ', '\n']) {
                Some(at) => (&inner[..at], inner[at..].trim()),
                None => (inner, ""),
            };
            (url.trim_matches(['<', '>']).to_owned(), title.to_owned(), close + 2 + end)
        } else {
            let name = after
                .trim_start_matches(' ')
                .strip_prefix('[')
                .and_then(|rest| rest.split_once(']'))
                .map(|(name, _)| name);
            let own = name.and_then(|name| self.links.0.get(&if name.is_empty() { text } else { name }.to_lowercase()));
            match (own, name) {
                (Some((url, title)), Some(name)) => {
                    let gap = after.len() - after.trim_start_matches(' ').len();
                    (url.clone(), title.clone(), close + 1 + gap + name.len() + 2)
                }
                _ => {
                    let (url, title) = self.links.0.get(&text.to_lowercase())?;
                    (url.clone(), title.clone(), close + 1)
                }
            }
        };
        let (title, size) = match title.rsplit_once('=').filter(|_| image && self.dialect.image_sizes) {
            Some((title, size)) => (title.trim(), size.split_once('x')),
            None => (title.as_str(), None),
        };
        let title = title.trim_matches(['"', '\'']);
        let title = if title.is_empty() { String::new() } else { format!(" title=\"{}\"", attribute(title)) };
        let url = attribute(&url);
        if image {
            let length = |size: &str| if size == "*" { "auto".to_owned() } else { attribute(size) };
            let size = size
                .map(|(width, height)| format!(" width=\"{}\" height=\"{}\"", length(width), length(height)))
                .unwrap_or_default();
            return Some((format!("<img src=\"{url}\" alt=\"{}\"{title}{size} />", attribute(text)), used));
        }
        let target = if url.starts_with('#') { "" } else { self.target() };
        Some((format!("<a href=\"{url}\"{title}{target}>{}</a>", self.inline(text)), used))
    }
}

/// Where the bracket that begins a text closes.
fn closing(text: &str, open: char, close: char) -> Option<usize> {
    let (mut depth, mut escaped) = (0_usize, false);
    for (at, c) in text.char_indices() {
        if !escaped {
            depth += usize::from(c == open);
            if c == close {
                depth = depth.checked_sub(1)?;
                if depth == 0 {
                    return Some(at);
                }
            }
        }
        escaped = c == '\\' && !escaped;
    }
    None
}

fn code(rest: &str) -> Option<(String, usize)> {
    let count = rest.len() - rest.trim_start_matches('`').len();
    let marks = &rest[..count];
    let inner = ahead(&rest[count..]);
    let end = inner
        .match_indices(marks)
        .map(|(at, _)| at)
        .find(|at| !inner[..*at].ends_with('`') && !inner[at + count..].starts_with('`'))?;
    Some((format!("<code>{}</code>", encoded(inner[..end].trim())), end + 2 * count))
}

/// A tag as it is, or an address in angle brackets.
fn tag(rest: &str, new_window: bool) -> Option<(String, usize)> {
    let end = ahead(rest).find('>')?;
    let inner = &rest[1..end];
    let target = if new_window { " rel=\"noopener noreferrer\" target=\"_blank\"" } else { "" };
    if ["http://", "https://", "ftp://", "dict:"].iter().any(|scheme| inner.starts_with(scheme)) && !inner.contains(' ')
    {
        return Some((format!("<a href=\"{0}\"{target}>{1}</a>", attribute(inner), encoded(inner)), end + 1));
    }
    let mail = inner.strip_prefix("mailto:").unwrap_or(inner);
    if mail.contains('@') && mail.contains('.') && !mail.contains([' ', '"', '/', '=']) {
        return Some((format!("<a href=\"mailto:{0}\">{0}</a>", encoded(mail)), end + 1));
    }
    inner
        .starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '/' | '!' | '?'))
        .then(|| (rest[..=end].to_owned(), end + 1))
}

/// A character that means nothing here.
fn plain(rest: &str, c: char) -> String {
    match c {
        '&' => {
            let name = rest[1..].trim_start_matches('#');
            let length = name.bytes().take_while(u8::is_ascii_alphanumeric).count();
            let entity = length > 0 && length < 32 && name[length..].starts_with(';');
            if entity { "&".to_owned() } else { "&amp;".to_owned() }
        }
        '<' if !rest[1..]
            .starts_with(|next: char| next.is_ascii_alphabetic() || matches!(next, '/' | '?' | '$' | '!')) =>
        {
            "&lt;".to_owned()
        }
        c => c.to_string(),
    }
}

fn encoded_char(c: char) -> String {
    if c == '>' { "&gt;".to_owned() } else { c.to_string() }
}
