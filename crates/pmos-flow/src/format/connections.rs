//! What leads where.

use super::NodeIndex;
use crate::value::Str;

/// The end of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Target {
    /// The node.
    pub node: NodeIndex,
    /// Its input.
    pub input: usize,
}

/// The connections of a workflow.
#[derive(Clone, Debug, Default)]
pub struct Connections {
    /// By node and output, in the file's order.
    pub(super) main: Vec<Vec<Vec<Target>>>,
    /// By node and input: where it is fed from, as node and output.
    pub(super) inputs: Vec<Vec<Vec<(NodeIndex, usize)>>>,
    /// Sub-nodes (models, memories, tools) and what uses them: type, sub-node, user.
    pub(super) parts: Vec<(Str, NodeIndex, NodeIndex)>,
}

impl Connections {
    /// Where an output leads.
    pub fn targets(&self, node: NodeIndex, output: usize) -> &[Target] {
        self.main.get(node).and_then(|outputs| outputs.get(output)).map_or(&[], Vec::as_slice)
    }

    /// How many outputs of a node lead somewhere, counted up to the last one.
    pub fn outputs(&self, node: NodeIndex) -> usize {
        self.main.get(node).map_or(0, Vec::len)
    }

    /// What feeds an input, as nodes and their outputs.
    pub fn sources(&self, node: NodeIndex, input: usize) -> &[(NodeIndex, usize)] {
        self.inputs.get(node).and_then(|inputs| inputs.get(input)).map_or(&[], Vec::as_slice)
    }

    /// How many inputs a node has: the highest connected one, plus 1.
    pub fn inputs(&self, node: NodeIndex) -> usize {
        self.inputs.get(node).map_or(0, Vec::len)
    }

    /// The sub-nodes of a node that are connected as `kind`, such as `ai_tool`.
    pub fn parts<'a>(&'a self, node: NodeIndex, kind: &'a str) -> impl Iterator<Item = NodeIndex> + 'a {
        self.parts.iter().filter(move |(own, _, user)| **own == *kind && *user == node).map(|(_, part, _)| *part)
    }

    /// The nodes that come directly before a node.
    pub fn parents(&self, node: NodeIndex) -> impl Iterator<Item = NodeIndex> + '_ {
        self.inputs.get(node).into_iter().flatten().flatten().map(|(parent, _)| *parent)
    }

    /// Does a path lead from `from` to `to`? A node leads to itself only by a loop.
    pub fn leads(&self, from: NodeIndex, to: NodeIndex) -> bool {
        let mut seen = vec![false; self.inputs.len()];
        let mut open: Vec<NodeIndex> = self.parents(to).collect();
        while let Some(node) = open.pop() {
            if node == from {
                return true;
            }
            if !std::mem::replace(&mut seen[node], true) {
                open.extend(self.parents(node));
            }
        }
        false
    }
}
