//! Workflows that workflows call.

use super::{Execution, Start};
use crate::data::{Facts, Mode, Status};
use crate::format::Workflow;
use crate::item::{Item, Items};
use crate::node::{BoxFuture, Context, Fatal, NodeError};
use crate::value::{Str, Value};
use std::sync::Arc;

impl Context<'_> {
    /// Runs another workflow with these items and gives the items of the last node that ran in it. `item` names the call
    /// within this run of the node. The id of the child's execution follows from that: what it did before a crash is found
    /// again.
    pub fn call_workflow<'a>(
        &'a mut self,
        item: usize,
        workflow: &Value,
        items: Items,
    ) -> BoxFuture<'a, Result<(Str, Vec<Item>), NodeError>> {
        let workflow = Workflow::read(workflow).map_err(|error| NodeError::new(error.to_string()));
        Box::pin(async move {
            if self.depth() >= self.limits.depth {
                return Err(NodeError::fatal(
                    Fatal::Limit,
                    format!("Workflows call each other more than {} levels deep", self.limits.depth),
                ));
            }
            let parent = &self.facts().execution_id;
            let id: Str = format!("{parent}/{}:{}:{item}", self.node().name, self.run_index()).into();
            let facts = Facts { execution_id: id.clone(), mode: Mode::Integrated, ..self.facts().clone() };
            let start = Start { items: Some(items), ..Start::default() };
            let mut child = match self.ports.journal.state(&id).await? {
                Some(state) => {
                    Execution::restore(Arc::new(workflow?), facts, self.ports.clone(), self.limits.clone(), &state)?
                }
                None => Execution::new(Arc::new(workflow?), facts, start, self.ports.clone(), self.limits.clone())?,
            };
            child.depth = self.depth() + 1;
            child.canceled = self.canceled();
            let outcome = child.run_within(Some(self.unsaved())).await;
            match (outcome.status, outcome.error) {
                (Status::Success, _) => {
                    let last = child.world.last.and_then(|node| child.world.runs[node].last());
                    let items = last.and_then(|run| run.outputs.iter().find(|items| !items.is_empty()));
                    Ok((id, items.map(|items| items.to_vec()).unwrap_or_default()))
                }
                (Status::Canceled, _) => Err(NodeError::fatal(Fatal::Canceled, "The run was stopped")),
                (Status::Interrupted, Some(error)) => Err(NodeError::fatal(Fatal::Interrupted, error.message)),
                (Status::Waiting, _) => Err(NodeError::new(
                    "The called workflow waits, and nobody can wait for it here: do not wait for the sub-workflow",
                )),
                (_, Some(error)) => Err(NodeError { description: error.description, ..NodeError::new(error.message) }),
                (status, None) => Err(NodeError::new(format!("The called workflow ended as {}", status.as_str()))),
            }
        })
    }
}
