//! A workflow and its nodes.

use super::{Connections, Settings};
use crate::item::Items;
use crate::value::{Object, Str};
use std::collections::HashMap;
use std::sync::Arc;

/// The place of a node in [`Workflow::nodes`].
pub type NodeIndex = usize;

/// A workflow, as its file has it.
#[derive(Clone, Debug, Default)]
pub struct Workflow {
    /// Its id on the server that it comes from.
    pub id: Option<Str>,
    /// Its name.
    pub name: Str,
    /// Is it switched on?
    pub active: bool,
    /// Its nodes, in the file's order.
    pub nodes: Vec<Arc<Node>>,
    /// What leads where.
    pub connections: Connections,
    /// How it runs.
    pub settings: Settings,
    /// Items that stand for what a node would give, in manual runs.
    pub pin_data: HashMap<Str, Items>,
    /// What it keeps between runs: `global` and `node:<name>`.
    pub static_data: Arc<Object>,
    pub(super) by_name: HashMap<Str, NodeIndex>,
}

impl Workflow {
    /// The node of this name.
    pub fn index_of(&self, name: &str) -> Option<NodeIndex> {
        self.by_name.get(name).copied()
    }

    /// The node of this name.
    pub fn node(&self, name: &str) -> Option<&Arc<Node>> {
        self.index_of(name).map(|index| &self.nodes[index])
    }
}

/// A node of a workflow.
#[derive(Clone, Debug, Default)]
pub struct Node {
    /// A UUID; old files lack it.
    pub id: Str,
    /// Its name: connections, pins, run data and expressions refer to nodes by it.
    pub name: Str,
    /// Its type with its package, such as `n8n-nodes-base.set`.
    pub kind: Str,
    /// The version of its type, such as 3.4.
    pub version: f64,
    /// Where it stands on the canvas, x and y: decides the order of branches.
    pub position: (f64, f64),
    /// The parameters that differ from their defaults.
    pub parameters: Arc<Object>,
    /// The credentials that it uses, by their type.
    pub credentials: Vec<(Str, CredentialRef)>,
    /// A disabled node passes its first input on.
    pub disabled: bool,
    /// What follows when it fails.
    pub on_error: OnError,
    /// Whether and how it is tried again.
    pub retry: Option<Retry>,
    /// Give one empty item where output 0 would have none.
    pub always_output_data: bool,
    /// See the first item of each input only.
    pub execute_once: bool,
    /// The UUID in the address of webhooks, forms and waits.
    pub webhook_id: Option<Str>,
}

/// What follows when a node fails.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OnError {
    /// The run ends.
    #[default]
    Stop,
    /// The run goes on; failed items carry `error`.
    ContinueRegular,
    /// The run goes on; failed items leave by one more output.
    ContinueError,
}

/// How a node is tried again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retry {
    /// How often in all, 2 to 5.
    pub tries: u32,
    /// How long to wait in between, 0 to 5,000 ms.
    pub wait_ms: u64,
}

/// A credential by its id and name; old files have the name alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CredentialRef {
    /// Its id.
    pub id: Option<Str>,
    /// Its name.
    pub name: Str,
}
