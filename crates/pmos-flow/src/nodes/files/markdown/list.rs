//! Markdown to HTML: lists.

use super::block::{Blocks, fence};

/// The marker of an item: its number, if it has one, and where its text begins.
pub(super) fn marker(line: &str) -> Option<(Option<u32>, usize)> {
    let body = line.trim_start_matches(' ');
    let indent = line.len() - body.len();
    let digits = body.bytes().take_while(u8::is_ascii_digit).count();
    let (number, length) = match body.as_bytes().get(digits)? {
        b'*' | b'+' | b'-' if digits == 0 => (None, 1),
        b'.' if (1..=9).contains(&digits) => (body[..digits].parse().ok(), digits + 1),
        _ => return None,
    };
    let text = &body[length..];
    (indent < 4 && text.starts_with(' '))
        .then(|| (number, indent + length + text.len() - text.trim_start_matches(' ').len()))
}

impl Blocks<'_> {
    /// The list that begins here, and how many lines it takes.
    pub(super) fn list(&mut self, lines: &[&str]) -> (Option<String>, usize) {
        let first = marker(lines[0]).and_then(|(number, _)| number);
        let own = |line: &str| self.item_marker(line).filter(|(number, _)| number.is_some() == first.is_some());
        let blank = |line: &str| line.trim().is_empty();
        let end = (1..lines.len()).find(|at| {
            let line = lines[*at];
            let other = self.item_marker(line).is_some() && own(line).is_none();
            !blank(line) && (other || (blank(lines[at - 1]) && !line.starts_with(' ') && own(line).is_none()))
        });
        let end = end.unwrap_or(lines.len());
        let mut items: Vec<Vec<&str>> = Vec::new();
        for line in &lines[..end] {
            match (own(line), items.last_mut()) {
                (Some((_, start)), _) => items.push(vec![&line[start..]]),
                (None, Some(item)) => {
                    let indent = line.len() - line.trim_start_matches(' ').len();
                    item.push(&line[indent.min(if self.dialect.small_indents { 2 } else { 4 })..]);
                }
                (None, None) => {}
            }
        }
        let last = lines[..end].iter().rposition(|line| !blank(line)).unwrap_or(0);
        // One blank line anywhere makes all items paragraphs.
        let loose = lines[..last].iter().any(|line| blank(line));
        let tag = if first.is_some() { "ol" } else { "ul" };
        let start =
            first.filter(|number| *number != 1).map(|number| format!(" start=\"{number}\"")).unwrap_or_default();
        let nested = self.depth > 0;
        self.depth += 1;
        let items: Vec<String> = items.iter().map(|item| self.item(item, loose)).collect();
        self.depth -= 1;
        let gap = if nested { "" } else { "\n" };
        (Some(format!("<{tag}{start}>\n{}{gap}</{tag}>", items.join("\n"))), end)
    }

    fn item_marker(&self, line: &str) -> Option<(Option<u32>, usize)> {
        let small = self.dialect.small_indents && line.starts_with("  ");
        marker(line).filter(|_| !small)
    }

    fn item(&mut self, lines: &[&str], loose: bool) -> String {
        let (mut open, mut text) = ("<li>".to_owned(), lines.to_vec());
        if self.dialect.tasks
            && let Some((box_, checked)) = [("[ ] ", ""), ("[x] ", " checked"), ("[X] ", " checked")]
                .iter()
                .find(|(mark, _)| text[0].starts_with(mark))
        {
            text[0] = &text[0][box_.len()..];
            open = format!(
                "<li class=\"task-list-item\" style=\"list-style-type: none;\"><input type=\"checkbox\" disabled \
                 style=\"margin: 0px 0.35em 0.25em -1.6em; vertical-align: middle;\"{checked}> "
            );
        }
        if loose {
            return format!("{open}{}</li>", self.blocks(&text));
        }
        let fences = self.dialect.fences;
        let nested = text
            .iter()
            .skip(1)
            .position(|line| marker(line).is_some() || (fences && fence(line).is_some()))
            .map_or(text.len(), |at| at + 1);
        let own = self.inline(text[..nested].join("\n").trim());
        let below = if nested < text.len() { self.blocks(&text[nested..]) } else { String::new() };
        format!("{open}{own}{below}</li>")
    }
}
