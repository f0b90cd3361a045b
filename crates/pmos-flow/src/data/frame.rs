//! One run of one node, while it happens.

use crate::format::{Node, NodeIndex};
use crate::item::{Items, Link, Source};
use crate::value::{Str, Value};
use std::collections::HashMap;
use std::sync::Arc;

/// One run of one node, while it happens.
#[derive(Debug, Default)]
pub struct Frame {
    /// The node.
    pub node: Arc<Node>,
    /// Its place in the workflow.
    pub index: NodeIndex,
    /// Which of its runs this is.
    pub run: usize,
    /// The items of each input.
    pub inputs: Vec<Items>,
    /// Where each input came from.
    pub sources: Vec<Option<Source>>,
    /// The input that parameters and `$input` read.
    pub main: usize,
    /// The values of expressions that the sandbox evaluated, one for each item.
    pub from_sandbox: HashMap<Str, Vec<Result<Value, String>>>,
}

impl Frame {
    /// The items that parameters and `$input` read.
    pub fn items(&self) -> &Items {
        static NONE: std::sync::OnceLock<Items> = std::sync::OnceLock::new();
        self.inputs.get(self.main).unwrap_or_else(|| NONE.get_or_init(Items::default))
    }

    /// Where the main input came from.
    pub fn source(&self) -> Option<&Source> {
        self.sources.get(self.main).and_then(Option::as_ref)
    }

    /// The link of an item of the main input.
    pub fn link(&self, item: usize) -> Link {
        Link::of_input(self.main, item)
    }
}
