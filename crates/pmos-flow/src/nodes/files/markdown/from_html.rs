//! HTML to Markdown, in the manner of node-html-markdown.

use super::text::{escape, surround, trim_new_lines};
use crate::nodes::files::html::{Data, Dom, NodeId};

/// How Markdown is written.
pub(super) struct Style {
    pub(super) bullet: String,
    pub(super) fence: String,
    pub(super) emphasis: String,
    pub(super) strong: String,
    pub(super) indented_code: bool,
    pub(super) keep_data_images: bool,
    pub(super) references: bool,
    pub(super) most_new_lines: usize,
    /// More elements that are left out, and more that stand alone, by name.
    pub(super) ignored: Vec<String>,
    pub(super) blocks: Vec<String>,
}

const BLOCKS: &[&str] = &[
    "address",
    "article",
    "aside",
    "audio",
    "body",
    "canvas",
    "center",
    "dd",
    "dir",
    "div",
    "dl",
    "dt",
    "fieldset",
    "figcaption",
    "figure",
    "footer",
    "form",
    "frameset",
    "header",
    "hgroup",
    "html",
    "isindex",
    "main",
    "menu",
    "nav",
    "noframes",
    "noscript",
    "output",
    "p",
    "section",
    "tbody",
    "tfoot",
    "thead",
];
const IGNORED: &[&str] = &[
    "area", "base", "col", "command", "embed", "head", "input", "keygen", "link", "meta", "param", "script", "source",
    "style", "track", "wbr",
];

/// What holds for the children of an element.
#[derive(Clone, Default)]
struct Around {
    /// The list that they are in, as the place of its counter, and whether it counts.
    list: Option<(usize, bool)>,
    depth: usize,
    verbatim: bool,
    literal: bool,
    /// Within a table's cell or a link blocks do not stand alone.
    flat: bool,
    code_block: bool,
}

struct Writer<'d> {
    dom: &'d Dom,
    style: &'d Style,
    text: String,
    counters: Vec<usize>,
    links: Vec<String>,
}

/// The Markdown of a page.
pub(super) fn markdown(dom: &Dom, style: &Style) -> String {
    let mut writer = Writer { dom, style, text: String::new(), counters: Vec::new(), links: Vec::new() };
    writer.children(Dom::ROOT, &Around::default());
    let Writer { mut text, links, .. } = writer;
    if style.references {
        if !text.ends_with(['\n', '\r']) {
            text.push('\n');
        }
        for (at, link) in links.iter().enumerate() {
            text.push_str(&format!("\n[{}]: {link}", at + 1));
        }
    }
    trim_new_lines(&limited(&text, style.most_new_lines)).to_owned()
}

/// Text in which no more than so many line breaks follow each other.
fn limited(text: &str, most: usize) -> String {
    if most == 0 {
        return text.to_owned();
    }
    let mut limited = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('\n') {
        let end = rest[at..].find(|c: char| !c.is_whitespace()).map_or(rest.len(), |length| at + length);
        let run = &rest[at..end];
        let kept = run.rmatch_indices('\n').nth(most - 1).map_or(0, |(place, _)| place);
        limited.push_str(&rest[..at]);
        limited.push_str(&run[kept..]);
        rest = &rest[end..];
    }
    limited + rest
}

impl Writer<'_> {
    fn children(&mut self, node: NodeId, around: &Around) {
        let dom = self.dom;
        for child in dom.children(node) {
            self.node(*child, around);
        }
    }

    fn node(&mut self, node: NodeId, around: &Around) {
        let dom = self.dom;
        match &dom.node(node).data {
            Data::Text(text) => self.words(text, around),
            Data::Element { .. } => self.element(node, around),
            Data::Document => self.children(node, around),
            Data::Doctype(_) | Data::Comment(_) => {}
        }
    }

    fn words(&mut self, text: &str, around: &Around) {
        if around.verbatim {
            self.text.push_str(&if around.literal { text.to_owned() } else { escape(text) });
            return;
        }
        if text.trim().is_empty() {
            if !self.text.is_empty() && !self.text.ends_with(char::is_whitespace) {
                self.text.push(' ');
            }
            return;
        }
        let mut joined = String::with_capacity(text.len());
        for c in text.chars() {
            match c.is_whitespace() {
                true if joined.ends_with(' ') => {}
                true => joined.push(' '),
                false => joined.push(c),
            }
        }
        self.text.push_str(&if around.literal { joined } else { escape(&joined) });
    }

    /// Ends the line, and leaves lines blank, until so many line breaks stand at the end.
    fn new_lines(&mut self, count: usize) {
        let there = self.text.chars().rev().take(10).take_while(|c| c.is_whitespace()).filter(|c| *c == '\n').count();
        self.text.extend(std::iter::repeat_n('\n', count.saturating_sub(there)));
    }

    fn has_content(&self, node: NodeId) -> bool {
        let dom = self.dom;
        dom.descendants(node)
            .any(|below| dom.own_text(below).is_some() || matches!(dom.name(below), "br" | "hr" | "img"))
    }

    /// What an element's children write, taken out of the text again.
    fn inner(&mut self, node: NodeId, around: &Around) -> String {
        let from = self.text.len();
        self.children(node, around);
        self.text.split_off(from)
    }

    fn element(&mut self, node: NodeId, around: &Around) {
        let name = self.dom.name(node);
        if IGNORED.contains(&name) || self.style.ignored.iter().any(|own| own == name) {
            return;
        }
        match name {
            "br" if around.code_block || around.flat => self.text.push('\n'),
            "br" => self.text.push_str("  \n"),
            "img" if !around.code_block => self.image(node),
            "hr" => self.block(around, |own| own.text.push_str("---")),
            _ if !self.has_content(node) => {}
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" if around.flat => self.children(node, around),
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => {
                let level = usize::from(name.as_bytes()[1] - b'0');
                self.block(around, |own| {
                    let (before, after) =
                        if around.code_block { ("[".to_owned(), "]") } else { (format!("{} ", "#".repeat(level)), "") };
                    own.text.push_str(&before);
                    own.children(node, around);
                    own.text.push_str(after);
                });
            }
            "strong" | "b" if !around.code_block => self.marked(node, around, &self.style.strong.clone()),
            "em" | "i" if !around.code_block => self.marked(node, around, &self.style.emphasis.clone()),
            "del" | "s" | "strike" if !around.code_block => self.marked(node, around, "~~"),
            "ul" | "ol" if !around.flat => self.list(node, around, name == "ol"),
            "li" if !around.flat => self.item(node, around),
            "pre" => self
                .block(around, |own| own.children(node, &Around { verbatim: true, literal: true, ..around.clone() })),
            "blockquote" if !around.flat => self.block(around, |own| {
                let inner = own.inner(node, around);
                let quoted: Vec<String> = trim_new_lines(&inner).split('\n').map(quoted).collect();
                own.text.push_str(&quoted.join("\n"));
            }),
            "code" if !around.flat && !around.code_block => self.code(node, around),
            "table" if !around.flat => self.table(node, around),
            "a" if !around.code_block => self.link(node, around),
            _ if BLOCKS.contains(&name) || self.style.blocks.iter().any(|own| own == name) => {
                self.block(around, |own| own.children(node, around))
            }
            _ => self.children(node, around),
        }
    }

    /// Writes what stands alone.
    fn block(&mut self, around: &Around, write: impl FnOnce(&mut Self)) {
        let lines = if around.flat { 0 } else { 2 };
        self.new_lines(lines);
        write(self);
        self.new_lines(lines);
    }

    fn marked(&mut self, node: NodeId, around: &Around, mark: &str) {
        let inner = self.inner(node, around);
        if !inner.trim().is_empty() {
            self.apart(&surround(&inner, mark));
        }
    }

    /// Writes a marked text, with a space before it where two marks would run together.
    fn apart(&mut self, text: &str) {
        if text.chars().next().is_some_and(|first| self.text.ends_with(first)) {
            self.text.push(' ');
        }
        self.text.push_str(text);
    }

    fn list(&mut self, node: NodeId, around: &Around, counts: bool) {
        let lines = if around.list.is_some() { 1 } else { 2 };
        let depth = around.depth + usize::from(around.list.is_some());
        self.counters.push(0);
        let inner = Around { list: Some((self.counters.len() - 1, counts)), depth, ..around.clone() };
        self.new_lines(lines);
        self.children(node, &inner);
        self.new_lines(lines);
    }

    fn item(&mut self, node: NodeId, around: &Around) {
        let start = self.text.len();
        self.new_lines(1);
        let mark = match around.list {
            Some((counter, true)) => {
                self.counters[counter] += 1;
                format!("{}. ", self.counters[counter])
            }
            _ => format!("{} ", self.style.bullet),
        };
        let indent = "   ".repeat(around.depth);
        self.text.push_str(&format!("{indent}{mark}"));
        let inner = self.inner(node, around);
        if inner.trim().is_empty() {
            self.text.truncate(start);
            if let Some((counter, true)) = around.list {
                self.counters[counter] -= 1;
            }
            return;
        }
        // Lines within an item end with the two spaces that break a line.
        let lines: Vec<&str> = inner.trim().split('\n').filter(|line| !line.is_empty()).collect();
        for (at, line) in lines.iter().enumerate() {
            if at > 0 {
                self.text.push_str(&format!("  \n{indent}"));
            }
            self.text.push_str(if at + 1 < lines.len() { line.trim_end_matches([' ', '\t']) } else { line });
        }
        self.new_lines(1);
    }

    fn code(&mut self, node: NodeId, around: &Around) {
        let dom = self.dom;
        let parent = dom.node(node).parent;
        let alone = parent.is_some_and(|parent| dom.name(parent) == "pre" && dom.children(parent).len() < 2);
        if !alone {
            let inner = self.inner(node, &Around { literal: true, ..around.clone() });
            let longest = inner.split(|c| c != '`').map(str::len).max().unwrap_or(0);
            let (mark, space) = ("`".repeat(longest + 1), if longest > 0 { " " } else { "" });
            self.apart(&format!("{mark}{space}{inner}{space}{mark}"));
            return;
        }
        let inner = self.inner(node, &Around { literal: true, code_block: true, ..around.clone() });
        if self.style.indented_code {
            let lines: Vec<String> = inner.split('\n').map(|line| format!("    {line}")).collect();
            self.text.push_str(&lines.join("\n"));
            return;
        }
        let class = dom.attribute(node, "class").unwrap_or_default();
        let language = class
            .split_whitespace()
            .find_map(|class| class.split_once("language-"))
            .map_or("", |(_, language)| language);
        let fence = &self.style.fence;
        self.text.push_str(&format!("{fence}{language}\n{inner}\n{fence}"));
    }

    fn link(&mut self, node: NodeId, around: &Around) {
        let dom = self.dom;
        let Some(href) = dom.attribute(node, "href").filter(|href| !href.is_empty()) else {
            return self.children(node, around);
        };
        let encoded = href.replace('(', "%28").replace(')', "%29").replace('_', "%5F").replace('*', "%2A");
        if dom.text(node) == href {
            self.text.push_str(&format!("<{encoded}>"));
            return;
        }
        let inner = self.inner(node, &Around { flat: true, ..around.clone() });
        let inner: Vec<&str> = inner.split('\n').collect();
        let inner = inner.join(" ");
        let title = dom
            .attribute(node, "title")
            .filter(|title| !title.is_empty())
            .map(|title| format!(" \"{title}\""))
            .unwrap_or_default();
        let target = if self.style.references {
            format!("[{}]", self.reference(&encoded))
        } else {
            format!("({encoded}{title})")
        };
        self.text.push_str(&format!("[{inner}]{target}"));
    }

    fn reference(&mut self, link: &str) -> usize {
        if let Some(at) = self.links.iter().position(|own| own == link) {
            return at + 1;
        }
        self.links.push(link.to_owned());
        self.links.len()
    }

    fn image(&mut self, node: NodeId) {
        let attribute = |name| self.dom.attribute(node, name).unwrap_or_default();
        let source = attribute("src");
        let is_data = source.get(..5).is_some_and(|head| head.eq_ignore_ascii_case("data:"));
        if source.is_empty() || (is_data && !self.style.keep_data_images) {
            return;
        }
        let title = Some(attribute("title"))
            .filter(|title| !title.is_empty())
            .map(|title| format!(" \"{title}\""))
            .unwrap_or_default();
        self.text.push_str(&format!("![{}]({source}{title})", attribute("alt")));
    }

    fn table(&mut self, node: NodeId, around: &Around) {
        let dom = self.dom;
        let cell = Around { flat: true, ..around.clone() };
        let (mut rows, mut caption): (Vec<Vec<String>>, String) = (Vec::new(), String::new());
        for below in dom.descendants(node) {
            match dom.name(below) {
                "caption" => caption = joined(&self.inner(below, &cell)),
                "tr" => {
                    let cells =
                        dom.children(below).iter().copied().filter(|child| matches!(dom.name(*child), "th" | "td"));
                    let cells: Vec<String> = cells
                        .filter(|cell| self.has_content(*cell))
                        .collect::<Vec<_>>()
                        .into_iter()
                        .map(|node| joined(&self.inner(node, &cell).replacen('|', "\\|", 1)))
                        .collect();
                    if !cells.is_empty() {
                        rows.push(cells);
                    }
                }
                _ => {}
            }
        }
        if rows.is_empty() {
            return;
        }
        let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
        let length = |text: &str| text.encode_utf16().count();
        let widths: Vec<usize> = (0..columns)
            .map(|at| rows.iter().filter_map(|row| row.get(at)).map(|cell| length(cell)).max().unwrap_or(0))
            .collect();
        self.block(around, |own| {
            if !caption.is_empty() {
                own.text.push_str(&format!("__{caption}__\n"));
            }
            for (number, row) in rows.iter().enumerate() {
                let cells = widths.iter().enumerate().map(|(at, width)| {
                    let cell = row.get(at).map(String::as_str).unwrap_or_default();
                    format!("{cell}{} |", " ".repeat(width - length(cell)))
                });
                own.text.push_str(&format!("| {}\n", cells.collect::<Vec<_>>().join(" ")));
                if number == 0 {
                    let line: String = widths.iter().map(|width| format!(" {} |", "-".repeat(*width))).collect();
                    own.text.push_str(&format!("|{line}\n"));
                }
            }
        });
    }
}

/// A line of a quotation; one that is a quotation itself gets its second mark beside the first.
fn quoted(line: &str) -> String {
    let marks = line.len() - line.trim_start_matches('>').len();
    let rest = &line[marks..];
    format!(">{} {}", &line[..marks], rest.strip_prefix([' ', '\t']).unwrap_or(rest))
}

fn joined(text: &str) -> String {
    text.split('\n').filter(|line| !line.is_empty()).collect::<Vec<_>>().join(" ").trim().to_owned()
}
