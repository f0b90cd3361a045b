//! The state of a run that expressions read.

use crate::format::{NodeIndex, Workflow};
use crate::item::{Items, Source};
use crate::node::Memory;
use crate::value::{Object, Str, Value};
use jiff::tz::TimeZone;
use pmos_kit::Millis;
use std::sync::Arc;

/// The state of a run that expressions read. A clone copies counters, not items.
#[derive(Clone, Debug)]
pub struct World {
    /// What is run.
    pub workflow: Arc<Workflow>,
    /// What holds for the whole run.
    pub facts: Arc<Facts>,
    /// The runs of each node, by its index.
    pub runs: Vec<Vec<NodeRun>>,
    /// What each node keeps between its runs, by its index.
    pub memories: Vec<Memory>,
    /// How many runs of nodes there were: the next one's index.
    pub executed: usize,
    /// The node that ran last.
    pub last: Option<NodeIndex>,
    /// What the workflow keeps between runs: `global` and `node:<name>`.
    pub static_data: Arc<Object>,
    /// What code set by `$execution.customData`.
    pub custom_data: Object,
}

impl World {
    /// The state before the first node.
    pub fn new(workflow: Arc<Workflow>, facts: Arc<Facts>) -> Self {
        let nodes = workflow.nodes.len();
        Self {
            static_data: workflow.static_data.clone(),
            runs: vec![Vec::new(); nodes],
            memories: vec![Memory::default(); nodes],
            executed: 0,
            last: None,
            custom_data: Object::new(),
            workflow,
            facts,
        }
    }

    /// The items of an output of a run.
    pub fn output(&self, node: NodeIndex, run: usize, output: usize) -> Option<&Items> {
        self.runs.get(node)?.get(run)?.outputs.get(output)
    }

    /// The items that a source names.
    pub fn items_of(&self, source: &Source) -> Option<&Items> {
        self.output(self.workflow.index_of(&source.node)?, source.run, source.output)
    }
}

/// What holds for a whole run.
#[derive(Clone, Debug)]
pub struct Facts {
    /// The id of the execution.
    pub execution_id: Str,
    /// What started it.
    pub mode: Mode,
    /// The time zone of the workflow.
    pub zone: TimeZone,
    /// The address that resumes it.
    pub resume_url: Str,
    /// The address of the form that resumes it.
    pub resume_form_url: Str,
    /// The variables of the workspace.
    pub vars: Arc<Object>,
    /// The environment variables that expressions may read.
    pub env: Arc<Object>,
}

impl Default for Facts {
    fn default() -> Self {
        Self {
            execution_id: "1".into(),
            mode: Mode::Manual,
            zone: TimeZone::UTC,
            resume_url: "".into(),
            resume_form_url: "".into(),
            vars: Arc::default(),
            env: Arc::default(),
        }
    }
}

/// What started a run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mode {
    /// A person, in the editor or on the command line: pins count.
    #[default]
    Manual,
    /// A trigger.
    Trigger,
    /// A webhook.
    Webhook,
    /// Another workflow.
    Integrated,
    /// The failure of another workflow.
    Error,
}

impl Mode {
    /// As the run data has it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Manual => "manual",
            Self::Trigger => "trigger",
            Self::Webhook => "webhook",
            Self::Integrated => "integrated",
            Self::Error => "error",
        }
    }
}

/// One run of a node.
#[derive(Clone, Debug)]
pub struct NodeRun {
    /// When it began.
    pub started_at: Millis,
    /// How long it took.
    pub took_ms: Millis,
    /// The how-many-th run of any node it was.
    pub execution_index: usize,
    /// How it ended.
    pub status: Status,
    /// Where its inputs came from, by input.
    pub sources: Vec<Option<Source>>,
    /// What it gave, by output.
    pub outputs: Vec<Items>,
    /// Why it failed.
    pub error: Option<RunError>,
    /// More, such as the execution of a sub-workflow.
    pub metadata: Option<Value>,
    /// Hints for the person who made the workflow.
    pub hints: Vec<String>,
}

/// How a run, of a node or of a workflow, ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// It did what it was to do.
    Success,
    /// It failed.
    Error,
    /// It waits for a time or a request.
    Waiting,
    /// Somebody stopped it.
    Canceled,
    /// A call was made before a crash, and nobody knows whether it took effect.
    Interrupted,
    /// It was resumed too often without getting further.
    Crashed,
}

impl Status {
    /// As the run data has it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Success => "success",
            Self::Error => "error",
            Self::Waiting => "waiting",
            Self::Canceled => "canceled",
            Self::Interrupted => "interrupted",
            Self::Crashed => "crashed",
        }
    }
}

/// Why a node or a workflow failed, as it is kept and shown.
#[derive(Clone, Debug, PartialEq)]
pub struct RunError {
    /// The node.
    pub node: Str,
    /// What went wrong.
    pub message: String,
    /// More about it, and what to do.
    pub description: Option<String>,
    /// The item at which it happened.
    pub item: Option<usize>,
    /// The parameter at fault.
    pub parameter: Option<Str>,
}
