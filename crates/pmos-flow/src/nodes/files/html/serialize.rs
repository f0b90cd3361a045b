//! Trees back to HTML, as the standard serialises fragments.

use super::dom::{Data, Dom, NodeId};

const VOID: &[&str] = &[
    "area", "base", "basefont", "bgsound", "br", "col", "embed", "frame", "hr", "img", "input", "keygen", "link",
    "meta", "param", "source", "track", "wbr",
];
/// Their text is written as it is.
const RAW: &[&str] = &["style", "script", "xmp", "iframe", "noembed", "noframes", "plaintext"];

impl Dom {
    /// The HTML of what is within a node.
    pub(super) fn inner_html(&self, node: NodeId) -> String {
        enum Step {
            Begin(NodeId),
            End(NodeId),
        }
        let mut html = String::new();
        let mut steps: Vec<Step> = self.children(node).iter().rev().map(|child| Step::Begin(*child)).collect();
        while let Some(step) = steps.pop() {
            match step {
                Step::End(node) => {
                    html.push_str("</");
                    html.push_str(self.name(node));
                    html.push('>');
                }
                Step::Begin(node) => {
                    self.begin(node, &mut html);
                    let name = self.name(node);
                    if VOID.contains(&name) {
                        continue;
                    }
                    if self.is_element(node) {
                        steps.push(Step::End(node));
                    }
                    steps.extend(self.children(node).iter().rev().map(|child| Step::Begin(*child)));
                }
            }
        }
        html
    }

    /// Writes what comes before the children of a node.
    fn begin(&self, node: NodeId, html: &mut String) {
        match &self.node(node).data {
            Data::Document => {}
            Data::Doctype(name) => html.extend(["<!DOCTYPE ", name, ">"]),
            Data::Comment(text) => html.extend(["<!--", text, "-->"]),
            Data::Text(text) => {
                let raw = self.node(node).parent.is_some_and(|parent| RAW.contains(&self.name(parent)));
                if raw { html.push_str(text) } else { escape(text, false, html) }
            }
            Data::Element { name, attributes } => {
                html.extend(["<", name]);
                for (name, value) in attributes {
                    html.extend([" ", name, "=\""]);
                    escape(value, true, html);
                    html.push('"');
                }
                html.push('>');
            }
        }
    }
}

fn escape(text: &str, attribute: bool, html: &mut String) {
    for c in text.chars() {
        match c {
            '&' => html.push_str("&amp;"),
            '\u{a0}' => html.push_str("&nbsp;"),
            '"' if attribute => html.push_str("&quot;"),
            '<' if !attribute => html.push_str("&lt;"),
            '>' if !attribute => html.push_str("&gt;"),
            c => html.push(c),
        }
    }
}
