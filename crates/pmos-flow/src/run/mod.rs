//! The engine: runs a workflow node by node, in n8n's order.
//!
//! - An [`Execution`] is a state machine: a stack of nodes to run, inputs that wait for more, and the [`World`] of what has
//!   been given so far. It starts no task, and can be dropped at any await.
//! - `order` decides what comes next, `step` runs one node, `output` makes of what it gave what its followers get.
//! - `state` writes all of it down, so that a run that was killed goes on.

mod check;
mod limits;
mod memory_journal;
mod order;
mod output;
mod report;
mod start;
mod state;
mod step;
mod sub_workflow;

pub use check::{Problem, problems};
pub use limits::Limits;
pub use memory_journal::{MemoryJournal, NoJournal};
pub use report::items_json;
pub use start::Start;

use crate::data::{Facts, RunError, Status, World};
use crate::format::{NodeIndex, Workflow};
use crate::item::{Items, Source};
use crate::node::{Fatal, NodeError};
use crate::port::{KeptState, Ports, Reply, Wait};
use crate::value::Str;
use bytes::Bytes;
use order::Waiting;
use pmos_kit::Millis;
use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use step::Stepped;

/// A run of a workflow.
pub struct Execution {
    world: Arc<World>,
    stack: VecDeque<Entry>,
    waiting: Vec<Waiting>,
    ports: Ports,
    limits: Limits,
    canceled: Arc<AtomicBool>,
    started_at: Millis,
    /// How deep it is nested in other workflows.
    depth: usize,
    /// Only these nodes run, if only a part of the workflow is run.
    only: Option<Vec<bool>>,
    reply: Option<Reply>,
    items: usize,
    saved: AtomicBool,
    kept_at: Millis,
    /// Was it taken up from a state that was kept?
    restored: bool,
}

/// A node that is to run, and with what.
#[derive(Clone, Debug)]
struct Entry {
    node: NodeIndex,
    inputs: Vec<Items>,
    sources: Vec<Option<Source>>,
    /// What the node gives without being run: a wait that is over.
    over: Option<Vec<Items>>,
}

/// How a run ended.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// How.
    pub status: Status,
    /// Why it failed.
    pub error: Option<RunError>,
    /// The node that ran last.
    pub last: Option<Str>,
    /// Until when it waits, and for what.
    pub wait: Option<Wait>,
    /// The answer for the webhook that started it.
    pub reply: Option<Reply>,
}

/// Stops a run from outside.
#[derive(Clone, Debug, Default)]
pub struct Stop(Arc<AtomicBool>);

impl Stop {
    /// Stops the run at its next step.
    pub fn stop(&self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// Writes the states that have changed since they were last kept: of an execution and of those that called it.
pub(crate) struct Unsaved<'e> {
    execution: Str,
    saved: &'e AtomicBool,
    write: &'e (dyn Fn() -> Bytes + Sync),
    caller: Option<&'e Unsaved<'e>>,
}

impl Unsaved<'_> {
    /// The states, outermost first. They count as saved from here on.
    pub(crate) fn take(&self) -> Vec<KeptState> {
        let mut states = self.caller.map(Unsaved::take).unwrap_or_default();
        if !self.saved.swap(true, Ordering::Relaxed) {
            states.push((self.execution.clone(), (self.write)()));
        }
        states
    }
}

/// So many resumes may come to nothing before a run is given up.
const MOST_RESUMES: usize = 3;
/// A checkpoint at least so often, where a journal is kept.
const CHECKPOINT_MS: Millis = 5_000;

impl Execution {
    /// A run of `workflow` that begins where `start` says. Fails where there is nothing to begin with.
    pub fn new(
        workflow: Arc<Workflow>,
        facts: Facts,
        start: Start,
        ports: Ports,
        limits: Limits,
    ) -> Result<Self, NodeError> {
        let mut execution = Self::bare(World::new(workflow, Arc::new(facts)), ports, limits);
        execution.begin(start)?;
        Ok(execution)
    }

    fn bare(world: World, ports: Ports, limits: Limits) -> Self {
        let now = ports.clock.now();
        Self {
            world: Arc::new(world),
            stack: VecDeque::new(),
            waiting: Vec::new(),
            ports,
            limits,
            canceled: Arc::default(),
            started_at: now,
            depth: 0,
            only: None,
            reply: None,
            items: 0,
            saved: AtomicBool::new(false),
            kept_at: now,
            restored: false,
        }
    }

    /// What the run has given so far.
    pub fn world(&self) -> &Arc<World> {
        &self.world
    }

    /// What stops this run.
    pub fn stop(&self) -> Stop {
        Stop(self.canceled.clone())
    }

    /// Runs until the end, or until a node waits. To be called again after a wait: [`Execution::resume`] first.
    pub async fn run(&mut self) -> Outcome {
        self.run_within(None).await
    }

    pub(crate) async fn run_within(&mut self, caller: Option<&Unsaved<'_>>) -> Outcome {
        if std::mem::take(&mut self.restored)
            && let Err(outcome) = self.count_resume().await
        {
            return outcome;
        }
        loop {
            let Some(entry) = self.next() else { return self.ended() };
            if let Err(error) = self.within_limits() {
                self.stack.push_front(entry.clone());
                return self.failed(entry.node, &error);
            }
            match self.step(&entry, caller).await {
                Stepped::Gave(run, outputs) => {
                    self.keep_run(entry.node, run);
                    self.follow(entry.node, &outputs);
                }
                Stepped::Nothing => {}
                Stepped::Waits(wait) => {
                    self.stack.push_front(entry);
                    return self.waits(wait);
                }
                Stepped::Failed(run, error) => {
                    let node = entry.node;
                    // It stays on the stack: a retry of the run goes on from here.
                    self.stack.push_front(entry);
                    if let Some(run) = run {
                        self.keep_run(node, run);
                    }
                    return self.failed(node, &error);
                }
            }
            self.saved.store(false, Ordering::Relaxed);
            if let Err(error) = self.checkpoint(caller).await {
                return self.failed(self.world.last.unwrap_or_default(), &error);
            }
        }
    }

    /// What kills the process each time that it is resumed must not do so for ever.
    async fn count_resume(&mut self) -> Result<(), Outcome> {
        let node = self.stack.front().map_or(0, |entry| entry.node);
        match self.ports.journal.resumed(&self.world.facts.execution_id).await {
            Ok(resumes) if resumes <= MOST_RESUMES => Ok(()),
            Ok(_) => {
                let error =
                    NodeError::new(format!("The run was resumed {MOST_RESUMES} times without getting any further"));
                Err(Outcome { status: Status::Crashed, ..self.failed(node, &error) })
            }
            Err(error) => Err(self.failed(node, &error.into())),
        }
    }

    /// Ends a wait: the node that waits gives `items`, or what came in where there are none.
    pub fn resume(&mut self, items: Option<Items>) {
        if let Some(entry) = self.stack.front_mut() {
            entry.over = Some(vec![items.unwrap_or_else(|| entry.inputs.first().cloned().unwrap_or_default())]);
        }
    }

    async fn checkpoint(&mut self, caller: Option<&Unsaved<'_>>) -> Result<(), NodeError> {
        let now = self.ports.clock.now();
        if !self.ports.journal.is_kept() || now - self.kept_at < CHECKPOINT_MS {
            return Ok(());
        }
        self.kept_at = now;
        let states = self.states(caller);
        let kept = self.ports.journal.keep(states).await;
        kept.map_err(|error| NodeError::fatal(Fatal::House, format!("the journal of the run failed: {error}")))
    }

    fn within_limits(&self) -> Result<(), NodeError> {
        let over = |words: String| Err(NodeError::fatal(Fatal::Limit, words));
        if self.canceled.load(Ordering::Relaxed) {
            return Err(NodeError::fatal(Fatal::Canceled, "The run was stopped"));
        }
        let timeout = self
            .world
            .workflow
            .settings
            .timeout_ms
            .map_or(self.limits.duration_ms, |ms| ms.min(self.limits.duration_ms));
        if self.ports.clock.now().saturating_sub(self.started_at) > timeout as Millis {
            return over(format!("The run took longer than its limit of {} s", timeout as f64 / 1000.0));
        }
        if self.world.executed >= self.limits.node_runs {
            return over(format!(
                "Stopped execution because it seems to be in an endless loop ({} runs of nodes)",
                self.limits.node_runs
            ));
        }
        if self.items > self.limits.items {
            return over(format!("The run gave more than its limit of {} items", self.limits.items));
        }
        Ok(())
    }

    fn failed(&mut self, node: NodeIndex, error: &NodeError) -> Outcome {
        Arc::make_mut(&mut self.world).last = Some(node);
        Outcome { status: error.ends_as(), error: Some(self.describe(node, error)), ..self.outcome(Status::Error) }
    }

    fn waits(&self, wait: Wait) -> Outcome {
        Outcome { wait: Some(wait), ..self.outcome(Status::Waiting) }
    }

    /// The end of the stack: an error where the last node has one and the run went on after it.
    fn ended(&mut self) -> Outcome {
        let last = self.world.last.and_then(|node| self.world.runs[node].last());
        match last.and_then(|run| run.error.clone()) {
            Some(error) => Outcome { error: Some(error), ..self.outcome(Status::Error) },
            None => self.outcome(Status::Success),
        }
    }

    fn outcome(&self, status: Status) -> Outcome {
        let last = self.world.last.map(|node| self.world.workflow.nodes[node].name.clone());
        Outcome { status, error: None, last, wait: None, reply: self.reply.clone() }
    }

    fn describe(&self, node: NodeIndex, error: &NodeError) -> RunError {
        RunError {
            node: self.world.workflow.nodes[node].name.clone(),
            message: error.message.clone(),
            description: error.description.clone(),
            item: error.item,
            parameter: error.parameter.clone(),
        }
    }
}
