//! The nodes, and the catalogue of them.

mod data;
mod files;
mod flow;
mod network;

pub use network::respond;

use crate::node::NodeType;

/// The type of this name, such as `n8n-nodes-base.set`.
pub fn find(name: &str) -> Option<&'static NodeType> {
    all().find(|kind| kind.name == name)
}

/// All types, in the order of the catalogue.
pub fn all() -> impl Iterator<Item = &'static NodeType> {
    [flow::TYPES, data::TYPES, files::TYPES, network::TYPES].into_iter().flatten().copied()
}
