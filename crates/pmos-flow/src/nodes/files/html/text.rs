//! Pages as plain text, in the layout of html-to-text: blocks apart by blank lines, headings in capitals, lists with marks,
//! addresses in square brackets, lines of at most 80 characters.

mod builder;

use super::dom::{Data, Dom, NodeId};
use builder::Builder;

const LINE: usize = 80;

/// The text of what is within a node. `skip` lists elements that are left out, already found.
pub(super) fn to_text(dom: &Dom, node: NodeId, skip: &[NodeId]) -> String {
    let mut walk = Walk { dom, skip, builder: Builder::new(LINE) };
    // Of a whole page only the body counts.
    let body = dom.descendants(node).find(|node| dom.name(*node) == "body");
    match body {
        Some(body) => walk.node(body),
        None => walk.children(node),
    }
    walk.builder.finish()
}

struct Walk<'d> {
    dom: &'d Dom,
    skip: &'d [NodeId],
    builder: Builder,
}

impl Walk<'_> {
    fn children(&mut self, node: NodeId) {
        for child in self.dom.children(node) {
            self.node(*child);
        }
    }

    fn node(&mut self, node: NodeId) {
        let dom = self.dom;
        match &dom.node(node).data {
            Data::Text(text) => self.builder.text(text, true),
            Data::Element { .. } if self.skip.binary_search(&node).is_err() => self.element(node),
            _ => {}
        }
    }

    fn element(&mut self, node: NodeId) {
        let name = self.dom.name(node);
        match name {
            "script" | "style" => {}
            "article" | "aside" | "div" | "footer" | "form" | "header" | "main" | "nav" | "section" => {
                self.block(node, 1, 1)
            }
            "p" | "table" => self.block(node, 2, 2),
            "h1" | "h2" | "h3" => self.heading(node, 3),
            "h4" | "h5" | "h6" => self.heading(node, 2),
            "pre" => {
                self.builder.open_block(2, 0, true);
                self.children(node);
                self.builder.close_block(2);
            }
            "blockquote" => {
                self.builder.open_block(2, 2, false);
                self.children(node);
                self.builder.close_quote(2);
            }
            "hr" => {
                self.builder.open_block(2, 0, false);
                self.builder.text(&"-".repeat(LINE), true);
                self.builder.close_block(2);
            }
            "br" => self.builder.line_break(),
            "wbr" => self.builder.may_break(),
            "img" => self.image(node),
            "a" => self.anchor(node),
            "ul" => self.list(node, |_| " * ".to_owned()),
            "ol" => {
                let start =
                    self.dom.attribute(node, "start").and_then(|start| start.trim().parse::<i64>().ok()).unwrap_or(1);
                let kind = self.dom.attribute(node, "type").unwrap_or("1");
                self.list(node, |index| format!(" {}. ", number(start.saturating_add(index), kind)));
            }
            _ => self.children(node),
        }
    }

    fn block(&mut self, node: NodeId, before: usize, after: usize) {
        self.builder.open_block(before, 0, false);
        self.children(node);
        self.builder.close_block(after);
    }

    fn heading(&mut self, node: NodeId, before: usize) {
        self.builder.open_block(before, 0, false);
        self.builder.capitals += 1;
        self.children(node);
        self.builder.capitals -= 1;
        self.builder.close_block(2);
    }

    fn image(&mut self, node: NodeId) {
        let attribute = |name| self.dom.attribute(node, name).filter(|value| !value.is_empty());
        let text = match (attribute("alt"), attribute("src")) {
            (Some(alt), Some(src)) => format!("{alt} [{src}]"),
            (None, Some(src)) => format!("[{src}]"),
            (alt, None) => alt.unwrap_or_default().to_owned(),
        };
        self.builder.text(&text, false);
    }

    fn anchor(&mut self, node: NodeId) {
        let href = self.dom.attribute(node, "href").unwrap_or_default();
        let href = href.strip_prefix("mailto:").unwrap_or(href);
        let words = self.builder.words;
        self.children(node);
        if !href.is_empty() && !href.starts_with('#') {
            let text = if self.builder.words == words { href.to_owned() } else { format!(" [{href}]") };
            self.builder.text(&text, false);
        }
    }

    fn list(&mut self, node: NodeId, prefix: impl Fn(i64) -> String) {
        let dom = self.dom;
        let nested = dom.node(node).parent.is_some_and(|parent| dom.name(parent) == "li");
        let mut index = 0;
        let mut items: Vec<(NodeId, String)> = Vec::new();
        for child in dom.children(node) {
            if dom.own_text(*child).is_some_and(|text| text.trim().is_empty()) {
                continue;
            }
            let mut own = String::new();
            if dom.name(*child) == "li" {
                own = prefix(index);
                index += 1;
            }
            items.push((*child, if nested { own.trim_start().to_owned() } else { own }));
        }
        let Some(width) = items.iter().map(|(_, prefix)| prefix.chars().count()).max() else { return };
        let around = if nested { 1 } else { 2 };
        self.builder.open_list(around);
        for (item, prefix) in items {
            self.builder.open_item(width);
            self.node(item);
            self.builder.close_item(&prefix, width);
        }
        self.builder.close_list(around);
    }
}

/// A number of an ordered list in one of HTML's five kinds.
fn number(number: i64, kind: &str) -> String {
    match kind {
        "a" | "A" if number > 0 => {
            let (mut letters, mut rest) = (Vec::new(), number);
            while rest > 0 {
                rest -= 1;
                letters.push((b'a' + (rest % 26) as u8) as char);
                rest /= 26;
            }
            let letters: String = letters.into_iter().rev().collect();
            if kind == "A" { letters.to_uppercase() } else { letters }
        }
        "i" | "I" if (1..4000).contains(&number) => {
            const PARTS: &[(i64, &str)] = &[
                (1000, "m"),
                (900, "cm"),
                (500, "d"),
                (400, "cd"),
                (100, "c"),
                (90, "xc"),
                (50, "l"),
                (40, "xl"),
                (10, "x"),
                (9, "ix"),
                (5, "v"),
                (4, "iv"),
                (1, "i"),
            ];
            let (mut roman, mut rest) = (String::new(), number);
            for (value, digits) in PARTS {
                while rest >= *value {
                    roman.push_str(digits);
                    rest -= value;
                }
            }
            if kind == "I" { roman.to_uppercase() } else { roman }
        }
        _ => number.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::{Dom, to_text};

    #[test]
    fn pages_are_laid_out() {
        let dash = "-".repeat(80);
        for (html, text) in [
            ("<h1>Title <b>x</b></h1><div>a<div>b</div>c</div>", "TITLE X\n\na\nb\nc"),
            ("<ul><li>one<ul><li>n1</li><li>n2</li></ul></li><li>two</li></ul>", " * one\n   * n1\n   * n2\n * two"),
            ("<ol type=i><li>a<li>b</ol>", " i.  a\n ii. b"),
            (
                "a <a href='http://x.y'>link</a> <a href='#q'>here</a> <a href='mailto:a@b.c'></a>",
                "a link [http://x.y] here a@b.c",
            ),
            ("<blockquote>q<p>w</p></blockquote>z", "> q\n> \n> w\n\nz"),
            ("x<hr>y<pre> a\n  b</pre>", &format!("x\n\n{dash}\n\ny\n\n a\n  b")),
            ("<script>1</script>a<br>b", "a\nb"),
        ] {
            let dom = Dom::parse(html).unwrap();
            assert_eq!(to_text(&dom, Dom::ROOT, &[]), text, "{html}");
        }
    }

    #[test]
    fn depth_is_bounded() {
        assert!(Dom::parse(&"<div>".repeat(100_000)).is_err());
    }
}
