//! What a node is: it describes itself, and it runs.
//!
//! - A node type is one [`NodeType`] in the catalogue ([`crate::nodes`]): name, versions, parameters, and one function.
//! - The function gets a [`Context`] and gives a [`Given`]; everything that it may do is a method of the context.
//! - A pure node only computes. Everything else is an effect, and goes through the journal.

mod context;
mod error;
mod given;
mod parameter;
mod property;

pub use context::{Context, Held, Memory};
pub(crate) use context::{Setting, is_there, with_all_defaults};
pub(crate) use error::Meaning;
pub use error::{Fatal, NodeError};
pub use given::Given;
pub use parameter::Parameter;
pub use property::{DefaultValue, Kind, Property, Shown};

use crate::format::Node;
use std::future::Future;
use std::pin::Pin;

/// A future on the heap.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// A type of node.
pub struct NodeType {
    /// Its name with its package, such as `n8n-nodes-base.set`.
    pub name: &'static str,
    /// What people call it, such as `Edit Fields (Set)`.
    pub title: &'static str,
    /// What it does, in one sentence.
    pub summary: &'static str,
    /// Where it stands in the catalogue.
    pub group: Group,
    /// The versions that there are, ascending.
    pub versions: &'static [f64],
    /// How many outputs a node has, without the one for errors.
    pub outputs: fn(&Node) -> usize,
    /// How many of the connected inputs must have data before the engine may force a waiting node to run.
    pub required_inputs: fn(&Node) -> RequiredInputs,
    /// Its parameters.
    pub properties: &'static [Property],
    /// The types of the credentials that it can use.
    pub credentials: &'static [&'static str],
    /// What it does.
    pub run: Run,
}

/// Where a type stands in the catalogue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Group {
    /// Starts a workflow.
    Trigger,
    /// Decides what runs.
    Flow,
    /// Changes items.
    Data,
    /// Reads and writes files and formats.
    Files,
    /// Talks to the outside.
    Network,
    /// Notes and what does nothing.
    Other,
}

/// How many inputs must have data before a waiting node is forced to run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RequiredInputs {
    /// None: it runs with what there is.
    Any,
    /// At least so many.
    AtLeast(usize),
    /// All that are connected.
    All,
}

/// What a node does.
pub enum Run {
    /// It computes, and can be run again at will.
    Pure(fn(&mut Context<'_>) -> Result<Given, NodeError>),
    /// It reaches the outside, or takes time.
    Effect(for<'a> fn(&'a mut Context<'_>) -> BoxFuture<'a, Result<Given, NodeError>>),
}

impl NodeType {
    /// What most types have in common: one output, one input, no credentials.
    pub const BASE: Self = Self {
        name: "",
        title: "",
        summary: "",
        group: Group::Data,
        versions: &[1.0],
        outputs: |_| 1,
        required_inputs: |_| RequiredInputs::Any,
        properties: &[],
        credentials: &[],
        run: Run::Pure(|context| Ok(context.pass_on())),
    };

    /// Is it a trigger?
    pub fn is_trigger(&self) -> bool {
        self.group == Group::Trigger
    }

    /// Does it only compute?
    pub fn is_pure(&self) -> bool {
        matches!(self.run, Run::Pure(_))
    }
}
