//! What a run has given so far, and what an expression sees of it.
//!
//! - [`World`] is the state that expressions read: the workflow, the facts of the run, and every run of every node.
//! - [`Frame`] is one run of one node while it happens: its inputs and where they came from.
//! - [`ItemScope`] is a frame at one item: what `{{ }}` sees.
//! - [`links`] walks from an item back to the item of an earlier node that it comes from.

mod frame;
pub mod links;
mod objects;
mod scope;
mod world;

pub use frame::Frame;
pub(crate) use objects::links_json;
pub use scope::ItemScope;
pub use world::{Facts, Mode, NodeRun, RunError, Status, World};
