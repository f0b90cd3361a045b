//! Markdown to HTML, in showdown's dialect: the blocks.

use super::inline::Links;
use std::collections::HashMap;

/// How Markdown is read and HTML is written.
#[derive(Clone, Default)]
pub(super) struct Dialect {
    pub(super) document: bool,
    pub(super) custom_ids: bool,
    pub(super) no_ids: bool,
    pub(super) github_ids: bool,
    pub(super) prefix: String,
    pub(super) first_level: usize,
    pub(super) fences: bool,
    pub(super) mentions: Option<String>,
    pub(super) image_sizes: bool,
    pub(super) bare_links: bool,
    pub(super) new_window: bool,
    pub(super) literal_underscores: bool,
    pub(super) literal_asterisks: bool,
    pub(super) space_after_hashes: bool,
    pub(super) breaks: bool,
    pub(super) strikethrough: bool,
    pub(super) tables: bool,
    pub(super) table_ids: bool,
    pub(super) tasks: bool,
    pub(super) small_indents: bool,
}

/// Quotations and lists nest so deep; deeper ones are text.
pub(super) const DEEPEST: usize = 24;

pub(super) struct Blocks<'o> {
    pub(super) dialect: &'o Dialect,
    pub(super) links: Links,
    ids: HashMap<String, usize>,
    pub(super) depth: usize,
}

/// The HTML of a text.
pub(super) fn html(markdown: &str, dialect: &Dialect) -> String {
    let text = markdown.replace("\r\n", "\n").replace('\r', "\n").replace('\u{a0}', "&nbsp;").replace('\t', "    ");
    let (links, lines) = Links::taken_from(text.split('\n').collect(), dialect.fences);
    let mut blocks = Blocks { dialect, links, ids: HashMap::new(), depth: 0 };
    let html = blocks.blocks(&lines);
    if dialect.document {
        format!("<!DOCTYPE HTML>\n<html>\n<head>\n<meta charset=\"utf-8\">\n</head>\n<body>\n{html}\n</body>\n</html>")
    } else {
        html
    }
}

fn indent(line: &str) -> usize {
    line.len() - line.trim_start_matches(' ').len()
}

fn is_blank(line: &str) -> bool {
    line.trim().is_empty()
}

/// The marks of a fence and what stands behind it.
pub(super) fn fence(line: &str) -> Option<(&str, &str)> {
    let body = line.trim_start();
    let mark = body.chars().next().filter(|c| matches!(c, '`' | '~'))?;
    let count = body.chars().take_while(|c| *c == mark).count();
    (count >= 3 && !body[count..].contains('`')).then(|| (&body[..count], body[count..].trim()))
}

fn is_rule(line: &str) -> bool {
    let mut marks = line.chars().filter(|c| *c != ' ');
    let Some(first) = marks.next().filter(|c| matches!(c, '-' | '*' | '_')) else { return false };
    indent(line) < 4 && line.chars().filter(|c| *c == first).count() >= 3 && marks.all(|c| c == first)
}

const HTML_BLOCKS: &[&str] = &[
    "pre",
    "div",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "blockquote",
    "table",
    "dl",
    "ol",
    "ul",
    "script",
    "noscript",
    "form",
    "fieldset",
    "iframe",
    "math",
    "style",
    "section",
    "header",
    "footer",
    "nav",
    "article",
    "aside",
    "address",
    "audio",
    "canvas",
    "figure",
    "hgroup",
    "output",
    "video",
    "details",
    "p",
];

/// The name of the element that begins a block of HTML.
fn html_block(line: &str) -> Option<&str> {
    let body = line.strip_prefix('<')?;
    let name = &body[..body.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(body.len())];
    HTML_BLOCKS.iter().any(|own| own.eq_ignore_ascii_case(name)).then_some(name)
}

impl Blocks<'_> {
    /// The HTML of some lines.
    pub(super) fn blocks(&mut self, lines: &[&str]) -> String {
        let mut html: Vec<String> = Vec::new();
        let mut at = 0;
        while at < lines.len() {
            let (block, used) = self.block(&lines[at..]);
            html.extend(block);
            at += used.max(1);
        }
        html.join("\n")
    }

    /// The first block, and how many lines it takes.
    fn block(&mut self, lines: &[&str]) -> (Option<String>, usize) {
        let line = lines[0];
        if is_blank(line) {
            return (None, 1);
        }
        if let Some(found) = self.fenced(lines) {
            return (Some(found.0), found.1);
        }
        if indent(line) >= 4 {
            return self.indented(lines);
        }
        if let Some(name) = html_block(line) {
            return raw(lines, name);
        }
        if line.starts_with("<!--") {
            let end = lines.iter().position(|line| line.contains("-->")).map_or(lines.len(), |at| at + 1);
            return (Some(lines[..end].join("\n")), end);
        }
        if self.depth < DEEPEST && line.trim_start().starts_with('>') {
            return self.quotation(lines);
        }
        if let Some(heading) = self.heading(line) {
            return (Some(heading), 1);
        }
        if is_rule(line) {
            return (Some("<hr />".to_owned()), 1);
        }
        if let Some(level) = lines.get(1).and_then(|next| underline(next)) {
            return (Some(self.headed(level, line.trim())), 2);
        }
        if self.depth < DEEPEST && super::list::marker(line).is_some() {
            return self.list(lines);
        }
        if let Some(found) = self.dialect.tables.then(|| self.table(lines)).flatten() {
            return (Some(found.0), found.1);
        }
        let end = (1..lines.len()).find(|at| self.ends_paragraph(&lines[*at..])).unwrap_or(lines.len());
        (Some(format!("<p>{}</p>", self.inline(lines[..end].join("\n").trim()))), end)
    }

    fn ends_paragraph(&self, lines: &[&str]) -> bool {
        let line = lines[0];
        is_blank(line)
            || (self.dialect.fences
                && fence(line).is_some_and(|(marks, _)| lines[1..].iter().any(|line| line.trim() == marks)))
            || html_block(line).is_some()
            || heading(line, self.dialect.space_after_hashes).is_some()
            || is_rule(line)
            || lines.get(1).is_some_and(|next| underline(next).is_some())
            || (indent(line) < 4 && (line.trim_start().starts_with('>') || super::list::marker(line).is_some()))
    }

    fn fenced(&mut self, lines: &[&str]) -> Option<(String, usize)> {
        let (marks, language) = fence(lines[0]).filter(|_| self.dialect.fences)?;
        let end = 1 + lines[1..].iter().position(|line| line.trim() == marks)?;
        let language = language.split_whitespace().next().unwrap_or_default();
        let class =
            if language.is_empty() { String::new() } else { format!(" class=\"{language} language-{language}\"") };
        Some((code(&lines[1..end], &class), end + 1))
    }

    fn indented(&mut self, lines: &[&str]) -> (Option<String>, usize) {
        let end = lines.iter().position(|line| !is_blank(line) && indent(line) < 4).unwrap_or(lines.len());
        let last = lines[..end].iter().rposition(|line| !is_blank(line)).map_or(end, |at| at + 1);
        let content: Vec<&str> = lines[..last].iter().map(|line| line.get(4..).unwrap_or_default()).collect();
        (Some(code(&content, "")), end)
    }

    fn quotation(&mut self, lines: &[&str]) -> (Option<String>, usize) {
        let begins = |line: &str| line.trim_start().starts_with('>');
        let end = (1..lines.len())
            .find(|at| is_blank(lines[at - 1]) && !is_blank(lines[*at]) && !begins(lines[*at]))
            .unwrap_or(lines.len());
        let inner: Vec<&str> = lines[..end]
            .iter()
            .map(|line| match line.trim_start().strip_prefix('>') {
                Some(rest) => rest.strip_prefix(' ').unwrap_or(rest),
                None => line,
            })
            .collect();
        self.depth += 1;
        let inner = self.blocks(&inner);
        self.depth -= 1;
        let mut verbatim = false;
        let lines = inner.split('\n').map(|line| {
            let moved = if verbatim { line.to_owned() } else { format!("  {line}") };
            verbatim = (verbatim || line.contains("<pre>")) && !line.contains("</pre>");
            moved
        });
        (Some(format!("<blockquote>\n{}\n</blockquote>", lines.collect::<Vec<_>>().join("\n"))), end)
    }

    fn heading(&mut self, line: &str) -> Option<String> {
        let (level, text) = heading(line, self.dialect.space_after_hashes)?;
        Some(self.headed(level, text))
    }

    fn headed(&mut self, level: usize, text: &str) -> String {
        let level = (level + self.dialect.first_level.max(1) - 1).min(6);
        let custom = if self.dialect.custom_ids {
            text.trim_end()
                .strip_suffix('}')
                .and_then(|rest| rest.rsplit_once('{'))
                .map(|(text, id)| (text.trim_end(), id.trim_start_matches('#')))
        } else {
            None
        };
        let text = custom.map_or(text, |(text, _)| text);
        if self.dialect.no_ids {
            return format!("<h{level}>{}</h{level}>", self.inline(text));
        }
        let id = self.id(custom.map_or(text, |(_, id)| id));
        format!("<h{level} id=\"{id}\">{}</h{level}>", self.inline(text))
    }

    /// The id of a heading, with a number where it is taken.
    fn id(&mut self, text: &str) -> String {
        let own: String = if self.dialect.github_ids {
            let spelled = text.replace(' ', "-").to_lowercase();
            spelled.chars().filter(|c| !"&+$,/:;=?@\"#{}|^~[]`\\*)(%.!'<>".contains(*c)).collect()
        } else {
            text.to_lowercase().chars().filter(|c| c.is_ascii_alphanumeric() || *c == '_').collect()
        };
        let own = format!("{}{own}", self.dialect.prefix);
        let count = self.ids.entry(own.clone()).or_insert(0);
        *count += 1;
        if *count > 1 { format!("{own}-{}", *count - 1) } else { own }
    }

    fn table(&mut self, lines: &[&str]) -> Option<(String, usize)> {
        let marks = lines.get(1).filter(|_| lines[0].contains('|'))?;
        let styles: Option<Vec<&str>> = cells(marks)
            .into_iter()
            .map(|mark| {
                let dashes = mark.trim_start_matches(':').trim_end_matches(':');
                if dashes.len() < 2 && dashes != "-" || dashes.chars().any(|c| c != '-') {
                    return None;
                }
                Some(match (mark.starts_with(':'), mark.ends_with(':')) {
                    (true, true) => " style=\"text-align:center;\"",
                    (true, false) => " style=\"text-align:left;\"",
                    (false, true) => " style=\"text-align:right;\"",
                    _ => "",
                })
            })
            .collect();
        let styles = styles.filter(|styles| !styles.is_empty())?;
        let end = (2..lines.len()).find(|at| !lines[*at].contains('|')).unwrap_or(lines.len());
        let mut html = String::from("<table>\n<thead>\n<tr>\n");
        for (cell, style) in cells(lines[0]).into_iter().zip(&styles) {
            let id = if self.dialect.table_ids {
                format!(" id=\"{}\"", cell.replace(' ', "_").to_lowercase())
            } else {
                String::new()
            };
            html.push_str(&format!("<th{id}{style}>{}</th>\n", self.inline(&cell)));
        }
        html.push_str("</tr>\n</thead>\n<tbody>\n");
        for line in &lines[2..end] {
            html.push_str("<tr>\n");
            let row = cells(line);
            for (at, style) in styles.iter().enumerate() {
                html.push_str(&format!("<td{style}>{}</td>\n", self.inline(row.get(at).map_or("", String::as_str))));
            }
            html.push_str("</tr>\n");
        }
        html.push_str("</tbody>\n</table>");
        Some((html, end))
    }
}

fn heading(line: &str, space: bool) -> Option<(usize, &str)> {
    let body = line.trim_start_matches('#');
    let level = line.len() - body.len();
    if !(1..=6).contains(&level) || (space && !body.starts_with(' ')) || body.trim().is_empty() {
        return None;
    }
    Some((level, body.trim().trim_end_matches('#').trim_end()))
}

/// The level of the heading that this line underlines.
fn underline(line: &str) -> Option<usize> {
    let line = line.trim_end();
    let all = |mark: char| !line.is_empty() && line.chars().all(|c| c == mark);
    if all('=') {
        Some(1)
    } else if all('-') {
        Some(2)
    } else {
        None
    }
}

fn cells(line: &str) -> Vec<String> {
    let line = line.trim();
    let line = line.strip_prefix('|').unwrap_or(line);
    let line = line.strip_suffix('|').filter(|rest| !rest.ends_with('\\')).unwrap_or(line);
    let (mut cells, mut cell, mut escaped) = (Vec::new(), String::new(), false);
    for c in line.chars() {
        match c {
            '|' if !escaped => cells.push(std::mem::take(&mut cell).trim().to_owned()),
            '|' => {
                cell.pop();
                cell.push('|');
            }
            c => cell.push(c),
        }
        escaped = c == '\\' && !escaped;
    }
    cells.push(cell.trim().to_owned());
    cells
}

fn code(lines: &[&str], class: &str) -> String {
    format!("<pre><code{class}>{}\n</code></pre>", super::inline::encoded(&lines.join("\n")))
}

/// A block of HTML, up to the end of its outermost element.
fn raw(lines: &[&str], name: &str) -> (Option<String>, usize) {
    let (open, close) = (format!("<{}", name.to_lowercase()), format!("</{}>", name.to_lowercase()));
    let mut depth = 0;
    for (at, line) in lines.iter().enumerate() {
        let lower = line.to_lowercase();
        depth += lower.matches(&open).count();
        depth = depth.saturating_sub(lower.matches(&close).count());
        if depth == 0 {
            return (Some(lines[..=at].join("\n").trim_end().to_owned()), at + 1);
        }
    }
    let end = lines.iter().position(|line| is_blank(line)).unwrap_or(lines.len());
    (Some(lines[..end].join("\n")), end)
}
