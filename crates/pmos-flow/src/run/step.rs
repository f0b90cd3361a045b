//! One run of one node.

use super::{Entry, Execution, Unsaved, output};
use crate::data::{Frame, Mode, NodeRun, Status};
use crate::format::{NodeIndex, OnError};
use crate::item::{Item, Items};
use crate::node::{Context, Fatal, Given, Meaning, NodeError, NodeType, Run, Setting};
use crate::nodes;
use crate::port::{ScriptForm, Wait};
use crate::value::{Str, Value};
use std::collections::HashMap;
use std::sync::Arc;

/// The name of errors by which n8n itself refuses an expression.
const REFUSED: &str = "ExpressionError";

/// What came of a step.
pub(super) enum Stepped {
    /// The node ran; its followers get these outputs.
    Gave(NodeRun, Vec<Items>),
    /// The node had nothing to say: its branch ends.
    Nothing,
    /// The node waits.
    Waits(Wait),
    /// The node failed, and the run with it.
    Failed(Option<NodeRun>, NodeError),
}

impl Execution {
    pub(super) async fn step(&mut self, entry: &Entry, caller: Option<&Unsaved<'_>>) -> Stepped {
        let node = self.world.workflow.nodes[entry.node].clone();
        let mut inputs = entry.inputs.clone();
        if node.execute_once {
            for items in &mut inputs {
                *items = items.iter().take(1).cloned().collect::<Vec<_>>().into();
            }
        }
        let started_at = self.ports.clock.now();
        let mut run = NodeRun {
            started_at,
            took_ms: 0,
            execution_index: self.world.executed,
            status: Status::Success,
            sources: entry.sources.clone(),
            outputs: Vec::new(),
            error: None,
            metadata: None,
            hints: Vec::new(),
        };
        let result = match (&entry.over, self.pinned(&node.name)) {
            (Some(outputs), _) => Ok(Given::from(outputs.iter().map(|items| items.to_vec()).collect::<Vec<_>>())),
            (None, Some(items)) => Ok(Given::from(items.to_vec())),
            (None, None) if node.disabled => Ok(pass_first(&inputs)),
            (None, None) => self.try_node(entry, &inputs, caller).await,
        };
        run.took_ms = self.ports.clock.now() - started_at;
        match result {
            Ok(Given { wait: Some(wait), .. }) => Stepped::Waits(wait),
            Ok(given) => {
                if given.reply.is_some() {
                    self.reply = given.reply;
                }
                let mut outputs = given.outputs;
                if outputs.is_empty() && !node.always_output_data {
                    return Stepped::Nothing;
                }
                output::link(&mut outputs, &inputs);
                let own = nodes::find(&node.kind).map_or(1, |kind| (kind.outputs)(&node));
                output::split_errors(&node, &mut outputs, own, &inputs);
                output::fill_empty(&node, &mut outputs, &inputs);
                run.metadata = given.metadata;
                run.hints = given.hints;
                run.outputs = outputs.into_iter().map(Arc::new).collect();
                self.items += run.outputs.iter().map(|items| items.len()).sum::<usize>();
                let outputs = run.outputs.clone();
                Stepped::Gave(run, outputs)
            }
            Err(error) => {
                run.status = Status::Error;
                run.error = Some(self.describe(entry.node, &error));
                if node.on_error == OnError::Stop || !error.may_go_on() {
                    return Stepped::Failed(Some(run), error);
                }
                // A node that simply fails and may: its input goes on, by its first output.
                let mut outputs: Vec<Vec<Item>> = vec![inputs.first().map(|items| items.to_vec()).unwrap_or_default()];
                for (at, item) in outputs[0].iter_mut().enumerate() {
                    *item = item.clone().linked(at);
                }
                output::fill_empty(&node, &mut outputs, &inputs);
                run.outputs = outputs.into_iter().map(Arc::new).collect();
                let outputs = run.outputs.clone();
                Stepped::Gave(run, outputs)
            }
        }
    }

    /// Items that stand for what a node would give: in manual runs only.
    fn pinned(&self, name: &str) -> Option<Items> {
        (self.world.facts.mode == Mode::Manual).then(|| self.world.workflow.pin_data.get(name).cloned()).flatten()
    }

    /// Runs a node, as often as it says.
    async fn try_node(
        &mut self,
        entry: &Entry,
        inputs: &[Items],
        caller: Option<&Unsaved<'_>>,
    ) -> Result<Given, NodeError> {
        let node = self.world.workflow.nodes[entry.node].clone();
        let Some(kind) = nodes::find(&node.kind) else {
            return Err(NodeError::new(format!("Unrecognized node type: {}", node.kind)).described(format!(
                "'{}' is of a type that PMOS does not have. `pmos workflow nodes` lists those that it has.",
                node.name
            )));
        };
        let retry = node.retry;
        let mut attempt = 0;
        loop {
            let result = self.run_node(kind, entry, inputs, attempt, caller).await;
            let failed = match &result {
                Ok(given) => given
                    .outputs
                    .first()
                    .and_then(|items| items.first())
                    .is_some_and(|item| item.json.contains_key("error")),
                Err(error) => error.may_go_on(),
            };
            let Some(retry) = retry.filter(|retry| failed && attempt + 1 < retry.tries as usize) else { return result };
            self.ports.clock.sleep(retry.wait_ms).await;
            attempt += 1;
        }
    }

    /// Runs a node once. Expressions that the native evaluator does not cover are evaluated in the sandbox, for all items
    /// at once, and the node is run again with their values.
    async fn run_node(
        &mut self,
        kind: &'static NodeType,
        entry: &Entry,
        inputs: &[Items],
        attempt: usize,
        caller: Option<&Unsaved<'_>>,
    ) -> Result<Given, NodeError> {
        let mut from_sandbox: HashMap<Str, Vec<Result<Value, String>>> = HashMap::new();
        loop {
            let frame = Arc::new(Frame {
                node: self.world.workflow.nodes[entry.node].clone(),
                index: entry.node,
                run: self.world.runs[entry.node].len(),
                // In v1 the first input that has items; in v0 always the first.
                main: match self.world.workflow.settings.order {
                    crate::format::Order::V0 => 0,
                    crate::format::Order::V1 => inputs.iter().position(|items| !items.is_empty()).unwrap_or(0),
                },
                inputs: inputs.to_vec(),
                sources: entry.sources.clone(),
                from_sandbox: from_sandbox.clone(),
            });
            let world = self.world.clone();
            let write = || self.write_state(Some(entry));
            let unsaved = self.unsaved(&write, caller);
            let mut context = Context::new(Setting {
                kind,
                limits: &self.limits,
                ports: &self.ports,
                world,
                frame,
                canceled: &self.canceled,
                unsaved: &unsaved,
                attempt,
                depth: self.depth,
            });
            let result = match kind.run {
                Run::Pure(run) => run(&mut context),
                Run::Effect(run) => run(&mut context).await,
            };
            match result {
                Err(NodeError { meaning: Meaning::NeedsSandbox(expression), .. }) => {
                    if from_sandbox.contains_key(&expression) {
                        return Err(NodeError::new("The sandbox gave no value for an expression"));
                    }
                    let script = context.script(ScriptForm::Expressions, vec![expression.clone()]);
                    let output = self.ports.sandbox.run(script).await?;
                    let values = output.values.into_iter().map(|value| match value {
                        Ok(value) => Ok(value),
                        Err(error) if error.name == REFUSED => Err(error.message),
                        // What JavaScript throws is swallowed in expressions.
                        Err(_) => Ok(Value::Undefined),
                    });
                    let values = values.collect();
                    from_sandbox.insert(expression, values);
                }
                result => {
                    let (memory, static_data, custom_data) = context.into_kept();
                    let world = Arc::make_mut(&mut self.world);
                    world.memories[entry.node] = memory;
                    world.static_data = static_data;
                    world.custom_data = custom_data;
                    return result;
                }
            }
        }
    }

    pub(super) fn keep_run(&mut self, node: NodeIndex, run: NodeRun) {
        let world = Arc::make_mut(&mut self.world);
        world.runs[node].push(run);
        world.executed += 1;
        world.last = Some(node);
    }
}

impl NodeError {
    /// How a run ends that ends by this.
    pub(super) fn ends_as(&self) -> Status {
        match self.meaning {
            Meaning::Fatal(Fatal::Canceled) => Status::Canceled,
            Meaning::Fatal(Fatal::Interrupted) => Status::Interrupted,
            _ => Status::Error,
        }
    }
}

fn pass_first(inputs: &[Items]) -> Given {
    let items = inputs
        .first()
        .map(|items| items.iter().enumerate().map(|(at, item)| item.clone().linked(at)).collect::<Vec<_>>());
    items.unwrap_or_default().into()
}
