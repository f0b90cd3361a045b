//! What runs next: n8n's orders v1 and v0 (n8n's documentation, "Execution order in multi-branch workflows").

use super::{Entry, Execution};
use crate::format::{NodeIndex, Order, Target};
use crate::item::{Item, Items, Source};
use crate::node::RequiredInputs;
use crate::nodes;
use std::sync::Arc;

/// Inputs of a node that waits for more of them.
#[derive(Clone, Debug)]
pub(super) struct Waiting {
    pub(super) node: NodeIndex,
    pub(super) inputs: Vec<Option<Items>>,
    pub(super) sources: Vec<Option<Source>>,
}

impl Execution {
    /// The next node to run; one that waits is forced where nothing else is left.
    pub(super) fn next(&mut self) -> Option<Entry> {
        if self.stack.is_empty() {
            self.force();
        }
        self.stack.pop_front()
    }

    fn order(&self) -> Order {
        self.world.workflow.settings.order
    }

    /// Puts the followers of a node on the stack.
    pub(super) fn follow(&mut self, node: NodeIndex, outputs: &[Items]) {
        let workflow = self.world.workflow.clone();
        let legacy = self.order() == Order::V0;
        let mut next: Vec<(usize, Target)> = Vec::new();
        for (output, items) in outputs.iter().enumerate() {
            for target in workflow.connections.targets(node, output) {
                // In v0 an empty output still counts as arrived for all inputs but the first.
                let arrives = !items.is_empty() || (legacy && target.input > 0);
                if arrives && self.only.as_ref().is_none_or(|only| only[target.node]) {
                    next.push((output, *target));
                }
            }
        }
        if !legacy {
            // Each is pushed to the front: the last one pushed, the top-most and then left-most, runs first.
            let position = |target: &Target| workflow.nodes[target.node].position;
            next.sort_by(|(_, a), (_, b)| {
                let (a, b) = (position(a), position(b));
                b.1.total_cmp(&a.1).then(b.0.total_cmp(&a.0))
            });
        }
        let run = self.world.runs[node].len().saturating_sub(1);
        for (output, target) in next {
            let source = Source { node: workflow.nodes[node].name.clone(), output, run };
            self.arrive(target, outputs[output].clone(), source);
        }
    }

    fn push(&mut self, entry: Entry) {
        match self.order() {
            Order::V0 => self.stack.push_back(entry),
            Order::V1 => self.stack.push_front(entry),
        }
    }

    /// Items arrive at an input. A node with one connected input runs; one with several waits until all have arrived.
    fn arrive(&mut self, target: Target, items: Items, source: Source) {
        let inputs = self.world.workflow.connections.inputs(target.node);
        if inputs <= 1 {
            self.push(Entry { node: target.node, inputs: vec![items], sources: vec![Some(source)], over: None });
            return;
        }
        let from = self.world.workflow.index_of(&source.node);
        let free = |waiting: &Waiting| waiting.node == target.node && waiting.inputs[target.input].is_none();
        let at = self.waiting.iter().position(free).unwrap_or_else(|| {
            self.waiting.push(Waiting { node: target.node, inputs: vec![None; inputs], sources: vec![None; inputs] });
            self.waiting.len() - 1
        });
        let waiting = &mut self.waiting[at];
        waiting.inputs[target.input] = Some(items);
        waiting.sources[target.input] = Some(source);
        // An input that nothing is connected to does not keep the others waiting.
        let connections = &self.world.workflow.connections;
        let complete = (0..inputs)
            .all(|input| waiting.inputs[input].is_some() || connections.sources(target.node, input).is_empty());
        if complete {
            let Waiting { node, inputs, sources } = self.waiting.remove(at);
            self.push(Entry {
                node,
                inputs: inputs.into_iter().map(Option::unwrap_or_default).collect(),
                sources,
                over: None,
            });
        } else if self.order() == Order::V0 {
            self.start_ancestors(target.node, from);
        }
    }

    /// In v0 a node that begins to wait makes the engine start what leads to its other inputs, where nothing else will:
    /// the earliest of its ancestors that has not run, with one empty item.
    fn start_ancestors(&mut self, node: NodeIndex, from: Option<NodeIndex>) {
        let workflow = self.world.workflow.clone();
        for input in 0..workflow.connections.inputs(node) {
            for (source, _) in workflow.connections.sources(node, input) {
                let is_fed = |execution: &Self| {
                    (0..workflow.nodes.len())
                        .any(|other| execution.is_next(other) && workflow.connections.leads(other, *source))
                };
                if Some(*source) == from || self.has_run(*source) || self.is_next(*source) || is_fed(self) {
                    continue;
                }
                let mut first = *source;
                let mut seen = vec![false; workflow.nodes.len()];
                while let Some(parent) = workflow.connections.parents(first).next() {
                    if self.has_run(parent) || std::mem::replace(&mut seen[parent], true) {
                        break;
                    }
                    first = parent;
                }
                self.stack.push_back(Entry {
                    node: first,
                    inputs: vec![Arc::new(vec![Item::default()])],
                    sources: Vec::new(),
                    over: None,
                });
            }
        }
    }

    fn has_run(&self, node: NodeIndex) -> bool {
        !self.world.runs[node].is_empty()
    }

    fn is_next(&self, node: NodeIndex) -> bool {
        self.stack.iter().any(|entry| entry.node == node)
    }

    /// Nothing is left to run: the first waiting node that may, runs with what it has.
    fn force(&mut self) {
        let workflow = self.world.workflow.clone();
        let mut at = 0;
        while at < self.waiting.len() {
            let node = self.waiting[at].node;
            // The earliest of a node's pending runs; the others wait behind it.
            let first = self.waiting.iter().position(|other| other.node == node) == Some(at);
            let ancestor_waits =
                self.waiting.iter().any(|other| other.node != node && workflow.connections.leads(other.node, node));
            if !first || ancestor_waits || !self.has_required_inputs(at) {
                at += 1;
                continue;
            }
            let Waiting { node, inputs, sources } = self.waiting.remove(at);
            let inputs: Vec<Items> = inputs.into_iter().map(Option::unwrap_or_default).collect();
            if inputs.iter().any(|items| !items.is_empty()) {
                self.stack.push_back(Entry { node, inputs, sources, over: None });
                return;
            }
            // What has nothing at all is dropped, and the walk begins again.
            at = 0;
        }
    }

    fn has_required_inputs(&self, at: usize) -> bool {
        // v0 knows no required inputs.
        if self.order() == Order::V0 {
            return true;
        }
        let waiting = &self.waiting[at];
        let node = &self.world.workflow.nodes[waiting.node];
        let arrived = waiting.inputs.iter().flatten().count();
        match nodes::find(&node.kind).map_or(RequiredInputs::Any, |kind| (kind.required_inputs)(node)) {
            RequiredInputs::Any => true,
            RequiredInputs::AtLeast(least) => arrived >= least,
            RequiredInputs::All => arrived == waiting.inputs.len(),
        }
    }
}
