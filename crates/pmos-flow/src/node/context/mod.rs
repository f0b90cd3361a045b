//! All that a running node can see and do.

mod effects;
mod held;
mod parameters;

pub use held::Held;

pub(crate) use parameters::{is_there, with_all_defaults};

use super::{Given, NodeError, NodeType, Parameter, error::Fatal};
use crate::data::{Facts, Frame, ItemScope, World};
use crate::format::{Node, OnError, Workflow};
use crate::item::{Item, Items};
use crate::port::{Ports, Script, ScriptForm};
use crate::run::{Limits, Unsaved};
use crate::value::{Object, Str};
use pmos_kit::Millis;
use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// What a node keeps between its runs within one execution.
#[derive(Clone, Debug, Default)]
pub struct Memory {
    /// What expressions see as `$('Node').context`.
    pub context: Object,
    /// Items that it holds back, by the node's own names.
    pub held: HashMap<Str, Held>,
}

/// All that a running node can see and do.
pub struct Context<'r> {
    /// The node's type.
    pub kind: &'static NodeType,
    /// What the node keeps between its runs.
    pub memory: Memory,
    /// The limits of the run.
    pub limits: &'r Limits,
    /// The outside world.
    pub ports: &'r Ports,
    /// What the workflow keeps between runs; a node that changes it puts the new object here.
    pub static_data: Arc<Object>,
    /// What code set by `$execution.customData`.
    pub custom_data: Object,
    world: Arc<World>,
    frame: Arc<Frame>,
    parameters: HashMap<Str, Parameter>,
    canceled: &'r Arc<AtomicBool>,
    /// The state of the run, where it has changed since it was last kept.
    unsaved: &'r Unsaved<'r>,
    attempt: usize,
    depth: usize,
}

/// What the engine knows and a context needs.
pub(crate) struct Setting<'r> {
    pub(crate) kind: &'static NodeType,
    pub(crate) limits: &'r Limits,
    pub(crate) ports: &'r Ports,
    pub(crate) world: Arc<World>,
    pub(crate) frame: Arc<Frame>,
    pub(crate) canceled: &'r Arc<AtomicBool>,
    pub(crate) unsaved: &'r Unsaved<'r>,
    pub(crate) attempt: usize,
    pub(crate) depth: usize,
}

impl<'r> Context<'r> {
    pub(crate) fn new(setting: Setting<'r>) -> Self {
        let Setting { kind, limits, ports, world, frame, canceled, unsaved, attempt, depth } = setting;
        Self {
            memory: world.memories[frame.index].clone(),
            static_data: world.static_data.clone(),
            custom_data: world.custom_data.clone(),
            kind,
            limits,
            ports,
            world,
            frame,
            parameters: HashMap::new(),
            canceled,
            unsaved,
            attempt,
            depth,
        }
    }

    /// What outlives the run: the node's memory, the workflow's static data, what code set. Lets go of all else, so that
    /// the engine has the state of the run to itself again and changes it in place.
    pub(crate) fn into_kept(self) -> (Memory, Arc<Object>, Object) {
        (self.memory, self.static_data, self.custom_data)
    }

    /// The node.
    pub fn node(&self) -> &Node {
        &self.frame.node
    }

    /// The version of the node's type.
    pub fn version(&self) -> f64 {
        self.frame.node.version
    }

    /// The workflow.
    pub fn workflow(&self) -> &Arc<Workflow> {
        &self.world.workflow
    }

    /// What holds for the whole run.
    pub fn facts(&self) -> &Facts {
        &self.world.facts
    }

    /// What the run has given so far.
    pub fn world(&self) -> &Arc<World> {
        &self.world
    }

    /// This run of the node.
    pub fn frame(&self) -> &Frame {
        &self.frame
    }

    /// Which of the node's runs this is, counted from 0.
    pub fn run_index(&self) -> usize {
        self.frame.run
    }

    /// How deep sub-workflows are nested here; 0 for a workflow that nobody called.
    pub fn depth(&self) -> usize {
        self.depth
    }

    /// The items of the main input.
    pub fn items(&self) -> Items {
        self.frame.items().clone()
    }

    /// The items of an input; none where nothing came.
    pub fn input(&self, input: usize) -> Items {
        self.frame.inputs.get(input).cloned().unwrap_or_default()
    }

    /// How many inputs there are.
    pub fn inputs(&self) -> usize {
        self.frame.inputs.len()
    }

    /// The present moment.
    pub fn now(&self) -> Millis {
        self.ports.clock.now()
    }

    pub(crate) fn canceled(&self) -> Arc<AtomicBool> {
        self.canceled.clone()
    }

    pub(crate) fn unsaved(&self) -> &Unsaved<'_> {
        self.unsaved
    }

    /// What an expression sees at an item.
    pub fn scope(&self, item: usize) -> ItemScope<'_> {
        ItemScope::new(&self.world, &self.frame, item, self.ports)
    }

    /// All items of the main input, each linked to itself: what a node gives that changes nothing.
    pub fn pass_on(&self) -> Given {
        self.items().iter().enumerate().map(|(at, item)| item.clone().linked(at)).collect::<Vec<_>>().into()
    }

    /// Does the node go on when an item fails?
    pub fn goes_on(&self) -> bool {
        self.frame.node.on_error != OnError::Stop
    }

    /// What stands for a failed item where the node goes on; the error itself where it does not.
    pub fn failed(&self, error: NodeError, item: usize) -> Result<Item, NodeError> {
        let error = error.at_item(item);
        if self.goes_on() && error.may_go_on() { Ok(Item::failed(&error.message).linked(item)) } else { Err(error) }
    }

    /// Runs `make` for every item. What it gives is linked to the item unless it says otherwise.
    pub fn each(
        &mut self,
        mut make: impl FnMut(&mut Self, usize, &Item) -> Result<Vec<Item>, NodeError>,
    ) -> Result<Given, NodeError> {
        let items = self.items();
        let mut given = Vec::with_capacity(items.len());
        for (at, item) in items.iter().enumerate() {
            self.go_on(at)?;
            match make(self, at, item) {
                Ok(made) => given.extend(made.into_iter().map(|made| match made.links {
                    crate::item::Links::None => made.linked(at),
                    _ => made,
                })),
                Err(error) => given.push(self.failed(error, at)?),
            }
        }
        Ok(given.into())
    }

    /// Fails if the run was stopped. For loops: cheap, and looked at now and then only.
    pub fn go_on(&self, step: usize) -> Result<(), NodeError> {
        if step.is_multiple_of(256) && self.canceled.load(Ordering::Relaxed) {
            return Err(NodeError::fatal(Fatal::Canceled, "The run was stopped"));
        }
        Ok(())
    }

    /// A script for the sandbox that sees what expressions see at this node.
    pub fn script(&self, form: ScriptForm, code: Vec<Str>) -> Script {
        Script {
            sees: self.scope(0).as_json(&code),
            form,
            code,
            items: self.items(),
            timeout_ms: self.limits.script_ms,
            memory_bytes: self.limits.script_bytes,
        }
    }
}
