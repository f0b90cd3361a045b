//! What a node gives.

use crate::item::Item;
use crate::port::{Reply, Wait};
use crate::value::Value;

/// What a node gives: items for each of its outputs, and what else there is to say.
#[derive(Clone, Debug, Default)]
pub struct Given {
    /// The items of each output. An empty list stands for a node that gave nothing at all.
    pub outputs: Vec<Vec<Item>>,
    /// The answer for the webhook that started the run.
    pub reply: Option<Reply>,
    /// The node waits: its outputs come when it goes on.
    pub wait: Option<Wait>,
    /// More for the run data, such as the execution of a sub-workflow.
    pub metadata: Option<Value>,
    /// Hints for the person who made the workflow.
    pub hints: Vec<String>,
}

impl From<Vec<Item>> for Given {
    /// One output.
    fn from(items: Vec<Item>) -> Self {
        Self { outputs: vec![items], ..Self::default() }
    }
}

impl From<Vec<Vec<Item>>> for Given {
    fn from(outputs: Vec<Vec<Item>>) -> Self {
        Self { outputs, ..Self::default() }
    }
}
