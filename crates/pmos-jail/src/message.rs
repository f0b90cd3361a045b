//! What a worker is asked, and what it answers.

use crate::walls::Walls;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

/// What code is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Form {
    /// The body of an async function, once for all items.
    AllItems,
    /// The body of an async function, once for each item.
    EachItem,
    /// The old Function node: `items` is what it changes and returns.
    Function,
    /// The old Function Item node: `item` is the JSON of each.
    FunctionItem,
    /// Expressions, each for every item.
    Expressions,
}

/// What a run may take.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Limits {
    /// How long it may take, in milliseconds of the wall's clock.
    pub time_ms: u64,
    /// How many bytes its values may occupy.
    pub memory_bytes: u64,
    /// How many bytes of JSON it may give.
    pub output_bytes: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { time_ms: 60_000, memory_bytes: 256 << 20, output_bytes: 64 << 20 }
    }
}

/// Code to run, and what it sees.
#[derive(Clone, Debug)]
pub struct Request {
    /// What the code is.
    pub form: Form,
    /// The code; of expressions several.
    pub code: Vec<String>,
    /// The items, as JSON: `[{json, binary?, pairedItem?}]`.
    pub items: Vec<u8>,
    /// The other nodes that the code may read, as JSON: `{name: {params, context, output, runs: [[[item]]], links: [{run, output, item} or {error}]}}`.
    /// It is parsed when the code first looks.
    pub nodes: Vec<u8>,
    /// What else it sees, as JSON: `{now, zone, workflow, execution, node, prevNode, runIndex, vars, env, mode, params,
    /// staticData, customData, names (of all nodes), …}`.
    pub sees: Box<RawValue>,
    /// What it may take.
    pub limits: Limits,
}

/// What code gave.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Response {
    /// The values as a JSON list. Of code for all items one; of code for each item one an item; of expressions, for the
    /// first expression one an item, then for the second, and so on. A value that is a fault or undefined is null here.
    #[serde(skip)]
    pub values: Vec<u8>,
    /// The values that could not be had.
    pub faults: Vec<(usize, Fault)>,
    /// The values that are `undefined`, functions, or symbols: what JSON lacks.
    pub undefined: Vec<usize>,
    /// What was written to the console, a line each.
    pub console: Vec<String>,
    /// `$getWorkflowStaticData`'s data, if it was changed.
    pub static_data: Option<Box<RawValue>>,
    /// What was set by `$execution.customData`, if anything was.
    pub custom_data: Option<Box<RawValue>>,
}

/// An error that code threw.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Fault {
    /// Such as `TypeError`; `ExpressionError` for what the environment refuses.
    pub name: String,
    /// In the words of V8.
    pub message: String,
    /// The line of the code, counted from 1.
    pub line: Option<u32>,
    /// What the code attached to it.
    pub description: Option<String>,
}

/// The head of a message to a worker. The items and the nodes are the bodies.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Order {
    /// Run code.
    Run { form: Form, code: Vec<String>, sees: Box<RawValue>, limits: Limits },
    /// Try what the walls forbid.
    Probe,
}

/// The head of a worker's message. The values are the body.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Answer {
    /// The first message: the walls stand.
    Ready(Walls),
    /// The code ran to its end.
    Done(Response),
    /// A limit was reached.
    Limit(Limit),
    /// The worker itself is at fault.
    Broken(String),
    /// What was tried against the walls, and the error that it met; none if it went through.
    Probed(Vec<(String, Option<String>)>),
}

/// The limit that was reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Limit {
    Time,
    Memory,
    Output,
}
