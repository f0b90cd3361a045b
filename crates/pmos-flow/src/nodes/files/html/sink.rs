//! Builds a [`Dom`] from what html5ever reads.

use super::dom::{DEEPEST, Data, Dom, Node, NodeId, too_deep};
use crate::node::NodeError;
use html5ever::interface::{ElementFlags, NodeOrText, QuirksMode, TreeSink};
use html5ever::tendril::{StrTendril, TendrilSink};
use html5ever::tree_builder::TreeBuilderOpts;
use html5ever::{Attribute, ParseOpts, QualName, parse_document};
use std::borrow::Cow;
use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;

/// Reading stops to look at the depth after so many bytes: the reader's own work grows with it.
const STEP: usize = 16 << 10;

pub(super) fn parse(html: &str) -> Result<Dom, NodeError> {
    let too_deep_seen = Rc::new(Cell::new(false));
    let sink = Sink { deep: too_deep_seen.clone(), ..Sink::default() };
    sink.nodes.borrow_mut().push(Node { parent: None, children: Vec::new(), data: Data::Document });
    sink.depths.borrow_mut().push(0);
    let options = ParseOpts {
        tree_builder: TreeBuilderOpts { scripting_enabled: false, ..TreeBuilderOpts::default() },
        ..ParseOpts::default()
    };
    let mut parser = parse_document(sink, options);
    let mut rest = html;
    while !rest.is_empty() {
        let mut end = rest.len().min(STEP);
        while !rest.is_char_boundary(end) {
            end += 1;
        }
        parser.process(StrTendril::from(&rest[..end]));
        if too_deep_seen.get() {
            return Err(too_deep());
        }
        rest = &rest[end..];
    }
    Ok(parser.finish())
}

#[derive(Default)]
struct Sink {
    nodes: RefCell<Vec<Node>>,
    depths: RefCell<Vec<usize>>,
    templates: RefCell<HashMap<NodeId, Handle>>,
    deep: Rc<Cell<bool>>,
}

/// A node and, for elements, its name: html5ever asks for it all the time.
#[derive(Clone)]
struct Handle {
    node: NodeId,
    name: Option<Rc<QualName>>,
}

impl Handle {
    fn of(node: NodeId) -> Self {
        Self { node, name: None }
    }
}

impl Sink {
    fn add(&self, data: Data) -> NodeId {
        let mut nodes = self.nodes.borrow_mut();
        nodes.push(Node { parent: None, children: Vec::new(), data });
        self.depths.borrow_mut().push(0);
        nodes.len() - 1
    }

    /// Puts a node or text below `parent`, before the child at `place`.
    fn put(&self, parent: NodeId, place: usize, child: NodeOrText<Handle>) {
        let child = match child {
            NodeOrText::AppendNode(handle) => handle.node,
            NodeOrText::AppendText(text) => {
                let before = place.checked_sub(1).and_then(|at| self.nodes.borrow()[parent].children.get(at).copied());
                if let Some(before) = before
                    && let Data::Text(own) = &mut self.nodes.borrow_mut()[before].data
                {
                    own.push_str(&text);
                    return;
                }
                self.add(Data::Text(text.to_string()))
            }
        };
        self.detach(child);
        let mut nodes = self.nodes.borrow_mut();
        let place = place.min(nodes[parent].children.len());
        nodes[parent].children.insert(place, child);
        nodes[child].parent = Some(parent);
        let mut depths = self.depths.borrow_mut();
        depths[child] = depths[parent] + 1;
        if depths[child] > DEEPEST {
            self.deep.set(true);
        }
    }

    fn put_last(&self, parent: NodeId, child: NodeOrText<Handle>) {
        let last = self.nodes.borrow()[parent].children.len();
        self.put(parent, last, child);
    }

    fn detach(&self, node: NodeId) {
        let mut nodes = self.nodes.borrow_mut();
        if let Some(parent) = nodes[node].parent.take() {
            nodes[parent].children.retain(|child| *child != node);
        }
    }
}

fn pair(attribute: Attribute) -> (String, String) {
    let name = match &attribute.name.prefix {
        Some(prefix) => format!("{prefix}:{}", attribute.name.local),
        None => attribute.name.local.to_string(),
    };
    (name, attribute.value.to_string())
}

impl TreeSink for Sink {
    type Handle = Handle;
    type Output = Dom;
    type ElemName<'a> = &'a QualName;

    fn finish(self) -> Dom {
        // The content of a template is its children for whoever walks the tree.
        for (template, content) in self.templates.take() {
            self.put_last(template, NodeOrText::AppendNode(content));
        }
        Dom { nodes: self.nodes.into_inner() }
    }

    fn parse_error(&self, _message: Cow<'static, str>) {}

    fn get_document(&self) -> Handle {
        Handle::of(Dom::ROOT)
    }

    fn elem_name<'a>(&'a self, target: &'a Handle) -> &'a QualName {
        const NONE: &QualName = &QualName { prefix: None, ns: html5ever::ns!(), local: html5ever::local_name!("") };
        target.name.as_deref().unwrap_or(NONE)
    }

    fn create_element(&self, name: QualName, attributes: Vec<Attribute>, flags: ElementFlags) -> Handle {
        let attributes = attributes.into_iter().map(pair).collect();
        let node = self.add(Data::Element { name: name.local.to_string(), attributes });
        if flags.template {
            let content = Handle::of(self.add(Data::Document));
            self.templates.borrow_mut().insert(node, content);
        }
        Handle { node, name: Some(Rc::new(name)) }
    }

    fn create_comment(&self, text: StrTendril) -> Handle {
        Handle::of(self.add(Data::Comment(text.to_string())))
    }

    fn create_pi(&self, target: StrTendril, data: StrTendril) -> Handle {
        Handle::of(self.add(Data::Comment(format!("?{target} {data}"))))
    }

    fn append(&self, parent: &Handle, child: NodeOrText<Handle>) {
        self.put_last(parent.node, child);
    }

    fn append_based_on_parent_node(&self, element: &Handle, previous: &Handle, child: NodeOrText<Handle>) {
        if self.nodes.borrow()[element.node].parent.is_some() {
            self.append_before_sibling(element, child);
        } else {
            self.append(previous, child);
        }
    }

    fn append_doctype_to_document(&self, name: StrTendril, _public: StrTendril, _system: StrTendril) {
        let doctype = Handle::of(self.add(Data::Doctype(name.to_string())));
        self.put_last(Dom::ROOT, NodeOrText::AppendNode(doctype));
    }

    fn get_template_contents(&self, target: &Handle) -> Handle {
        self.templates.borrow().get(&target.node).cloned().unwrap_or_else(|| target.clone())
    }

    fn same_node(&self, a: &Handle, b: &Handle) -> bool {
        a.node == b.node
    }

    fn set_quirks_mode(&self, _mode: QuirksMode) {}

    fn append_before_sibling(&self, sibling: &Handle, child: NodeOrText<Handle>) {
        if let NodeOrText::AppendNode(handle) = &child {
            self.detach(handle.node);
        }
        let place = {
            let nodes = self.nodes.borrow();
            nodes[sibling.node].parent.map(|parent| {
                // Nearly always the last ones.
                (parent, nodes[parent].children.iter().rposition(|own| *own == sibling.node).unwrap_or_default())
            })
        };
        if let Some((parent, place)) = place {
            self.put(parent, place, child);
        }
    }

    fn add_attrs_if_missing(&self, target: &Handle, attributes: Vec<Attribute>) {
        if let Data::Element { attributes: own, .. } = &mut self.nodes.borrow_mut()[target.node].data {
            for (name, value) in attributes.into_iter().map(pair) {
                if !own.iter().any(|(known, _)| *known == name) {
                    own.push((name, value));
                }
            }
        }
    }

    fn remove_from_parent(&self, target: &Handle) {
        self.detach(target.node);
    }

    fn reparent_children(&self, node: &Handle, parent: &Handle) {
        let children = std::mem::take(&mut self.nodes.borrow_mut()[node.node].children);
        let mut nodes = self.nodes.borrow_mut();
        let mut depths = self.depths.borrow_mut();
        for child in children {
            nodes[child].parent = Some(parent.node);
            depths[child] = depths[parent.node] + 1;
            nodes[parent.node].children.push(child);
        }
    }
}
