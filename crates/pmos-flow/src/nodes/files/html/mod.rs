//! HTML: pages as trees, selectors, text, and the nodes that extract from pages and write them.

mod dom;
mod extract;
mod node;
mod select;
mod serialize;
mod sink;
mod table;
mod text;

pub(super) use dom::{Data, Dom, NodeId};
pub(super) use extract::HTML_EXTRACT;
pub(super) use node::HTML;
