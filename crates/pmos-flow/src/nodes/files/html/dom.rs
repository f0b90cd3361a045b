//! A page as a tree: nodes in one list that know each other by number.

use super::sink;
use crate::node::NodeError;

/// The number of a node in its [`Dom`].
pub(in crate::nodes::files) type NodeId = usize;

/// Elements may nest so deep: what walks the tree may then recurse. Browsers stop at 512.
pub(super) const DEEPEST: usize = 400;

/// A page.
#[derive(Debug, Default)]
pub(in crate::nodes::files) struct Dom {
    pub(super) nodes: Vec<Node>,
}

/// A node of a page.
#[derive(Debug)]
pub(in crate::nodes::files) struct Node {
    pub(in crate::nodes::files) parent: Option<NodeId>,
    pub(in crate::nodes::files) children: Vec<NodeId>,
    pub(in crate::nodes::files) data: Data,
}

/// What a node is.
#[derive(Debug)]
pub(in crate::nodes::files) enum Data {
    /// The page itself, or the content of a template.
    Document,
    /// `<!DOCTYPE …>` with its name.
    Doctype(String),
    /// Text.
    Text(String),
    /// A comment.
    Comment(String),
    /// An element with its name and attributes.
    Element { name: String, attributes: Vec<(String, String)> },
}

impl Dom {
    /// The page, number 0 of the list.
    pub(in crate::nodes::files) const ROOT: NodeId = 0;

    /// Reads a page as browsers do, scripts off.
    pub(in crate::nodes::files) fn parse(html: &str) -> Result<Self, NodeError> {
        let dom = sink::parse(html)?;
        // Moved subtrees may lie deeper than they were built.
        let mut depths = vec![0_usize; dom.nodes.len()];
        let mut open = vec![Self::ROOT];
        while let Some(node) = open.pop() {
            for child in dom.children(node) {
                depths[*child] = depths[node] + 1;
                if depths[*child] > DEEPEST {
                    return Err(too_deep());
                }
                open.push(*child);
            }
        }
        Ok(dom)
    }

    /// A node.
    pub(in crate::nodes::files) fn node(&self, node: NodeId) -> &Node {
        &self.nodes[node]
    }

    /// The children of a node.
    pub(in crate::nodes::files) fn children(&self, node: NodeId) -> &[NodeId] {
        &self.nodes[node].children
    }

    /// The name of an element; empty for what is none.
    pub(in crate::nodes::files) fn name(&self, node: NodeId) -> &str {
        match &self.nodes[node].data {
            Data::Element { name, .. } => name,
            _ => "",
        }
    }

    /// The text of a text node.
    pub(in crate::nodes::files) fn own_text(&self, node: NodeId) -> Option<&str> {
        match &self.nodes[node].data {
            Data::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The attributes of an element.
    pub(in crate::nodes::files) fn attributes(&self, node: NodeId) -> &[(String, String)] {
        match &self.nodes[node].data {
            Data::Element { attributes, .. } => attributes,
            _ => &[],
        }
    }

    /// The value of an attribute.
    pub(in crate::nodes::files) fn attribute(&self, node: NodeId, name: &str) -> Option<&str> {
        self.attributes(node).iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str())
    }

    /// Is it an element?
    pub(in crate::nodes::files) fn is_element(&self, node: NodeId) -> bool {
        matches!(self.nodes[node].data, Data::Element { .. })
    }

    /// All nodes below a node, in the order of the page.
    pub(in crate::nodes::files) fn descendants(&self, node: NodeId) -> impl Iterator<Item = NodeId> {
        let mut open: Vec<NodeId> = self.children(node).iter().rev().copied().collect();
        std::iter::from_fn(move || {
            let next = open.pop()?;
            open.extend(self.children(next).iter().rev());
            Some(next)
        })
    }

    /// The text within a node, that of scripts and styles aside.
    pub(in crate::nodes::files) fn text(&self, node: NodeId) -> String {
        let mut text = String::new();
        let mut open = vec![node];
        while let Some(next) = open.pop() {
            match &self.nodes[next].data {
                Data::Text(own) => text.push_str(own),
                Data::Element { name, .. } if name == "script" || name == "style" => {}
                _ => open.extend(self.children(next).iter().rev()),
            }
        }
        text
    }
}

pub(super) fn too_deep() -> NodeError {
    NodeError::new("The HTML is nested too deeply")
}
