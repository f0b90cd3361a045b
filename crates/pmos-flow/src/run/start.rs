//! Where a run begins.

use super::{Entry, Execution};
use crate::data::Mode;
use crate::format::{NodeIndex, Workflow};
use crate::item::{Item, Items};
use crate::node::NodeError;
use crate::nodes;
use std::sync::Arc;

/// Where a run begins, and how far it goes.
#[derive(Clone, Debug, Default)]
pub struct Start {
    /// The node to begin with; nothing for the trigger that n8n would choose.
    pub node: Option<String>,
    /// The items to begin with; nothing for the pin of the node, or one empty item.
    pub items: Option<Items>,
    /// Run only what leads to this node.
    pub destination: Option<String>,
    /// Run the first node alone.
    pub alone: bool,
}

impl Execution {
    pub(super) fn begin(&mut self, start: Start) -> Result<(), NodeError> {
        let workflow = self.world.workflow.clone();
        let named = |name: &str| {
            workflow.index_of(name).ok_or_else(|| NodeError::new(format!("There is no node '{name}' in this workflow")))
        };
        let first = match &start.node {
            Some(name) => named(name)?,
            None => first_node(&workflow).ok_or_else(|| {
                NodeError::new("The workflow has no node to start with: add a trigger, or name a node")
            })?,
        };
        if let Some(problem) = super::check::before_start(&workflow, first) {
            return Err(NodeError::new(format!(
                "The workflow has issues and cannot be executed: '{}': {}",
                problem.node, problem.message
            )));
        }
        let destination = match &start.destination {
            Some(name) => Some(named(name)?),
            None if start.alone => Some(first),
            None => None,
        };
        self.only = destination.map(|last| {
            (0..workflow.nodes.len())
                .map(|node| node == last || (!start.alone && (node == first || workflow.connections.leads(node, last))))
                .collect()
        });
        let pin = (self.world.facts.mode == Mode::Manual)
            .then(|| workflow.pin_data.get(&workflow.nodes[first].name))
            .flatten();
        let items = start.items.or_else(|| pin.cloned()).unwrap_or_else(|| Arc::new(vec![Item::default()]));
        self.stack.push_back(Entry { node: first, inputs: vec![items], sources: Vec::new(), over: None });
        Ok(())
    }
}

/// Types that start a run where there is no trigger of another kind, the better first.
const PLAIN_STARTS: [&str; 4] = [
    "n8n-nodes-base.manualTrigger",
    "n8n-nodes-base.executeWorkflowTrigger",
    "n8n-nodes-base.errorTrigger",
    "n8n-nodes-base.start",
];

/// The node that a manual run starts with: the first trigger, else a manual one, and what else can start.
pub(crate) fn first_node(workflow: &Workflow) -> Option<NodeIndex> {
    let live = |(_, node): &(NodeIndex, &Arc<crate::format::Node>)| !node.disabled;
    let trigger = workflow.nodes.iter().enumerate().filter(live).find(|(_, node)| {
        // A type that is not known is a trigger if it says so.
        let trigger = nodes::find(&node.kind).map_or_else(|| node.kind.ends_with("Trigger"), |kind| kind.is_trigger());
        trigger && !PLAIN_STARTS.contains(&&*node.kind)
    });
    let plain = || {
        PLAIN_STARTS
            .iter()
            .find_map(|kind| workflow.nodes.iter().enumerate().filter(live).find(|(_, node)| *node.kind == **kind))
    };
    trigger.or_else(plain).map(|(index, _)| index)
}
