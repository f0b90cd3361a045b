//! Nodes that pass their items on, or stop them.

use crate::node::{Context, Given, Group, Kind, NodeError, NodeType, Property, Run, Shown};
use crate::value::{self, Value};

/// Does nothing.
pub(super) static NO_OP: NodeType = NodeType {
    name: "n8n-nodes-base.noOp",
    title: "No Operation, do nothing",
    summary: "Passes its items on.",
    group: Group::Flow,
    ..NodeType::BASE
};

/// A note on the canvas.
pub(super) static STICKY_NOTE: NodeType = NodeType {
    name: "n8n-nodes-base.stickyNote",
    title: "Sticky Note",
    summary: "A note on the canvas. It is never run.",
    group: Group::Other,
    properties: &[
        Property::text("content"),
        Property::number("height", 160.0),
        Property::number("width", 240.0),
        Property::of("color", Kind::Any),
    ],
    ..NodeType::BASE
};

/// Ends the run with an error.
pub(super) static STOP_AND_ERROR: NodeType = NodeType {
    name: "n8n-nodes-base.stopAndError",
    title: "Stop and Error",
    summary: "Ends the run with an error.",
    group: Group::Flow,
    properties: &[
        Property::options("errorType", "errorMessage", &["errorMessage", "errorObject"]),
        Property::text("errorMessage").required().when(&[Shown::is("errorType", &["errorMessage"])]),
        Property::of("errorObject", Kind::Json).required().when(&[Shown::is("errorType", &["errorObject"])]),
    ],
    run: Run::Pure(stop),
    ..NodeType::BASE
};

fn stop(context: &mut Context<'_>) -> Result<Given, NodeError> {
    if &*context.text("errorType", 0)? == "errorMessage" {
        return Err(NodeError::new(context.text("errorMessage", 0)?.to_string()));
    }
    let error = match context.get("errorObject", 0)? {
        Value::String(text) => value::parse(&text).map_err(|error| {
            NodeError::new(format!("The error object is no JSON: {error}")).in_parameter("errorObject")
        })?,
        other => other,
    };
    let said = ["message", "description", "error"]
        .iter()
        .find_map(|key| error.get(key).as_str().filter(|text| !text.is_empty()));
    Err(NodeError::new(said.map_or_else(|| format!("Error: {}", value::to_string(&error)), str::to_owned)))
}

/// Keeps facts about the run.
pub(super) static EXECUTION_DATA: NodeType = NodeType {
    name: "n8n-nodes-base.executionData",
    title: "Execution Data",
    summary: "Keeps facts about the run, by which runs are found.",
    group: Group::Flow,
    versions: &[1.0, 1.1],
    properties: &[
        Property::options("operation", "save", &["save"]),
        Property::groups(
            "dataToSave",
            &[("values", &[Property::text("key").required(), Property::text("value").required()])],
        ),
    ],
    run: Run::Pure(keep),
    ..NodeType::BASE
};

/// Longer keys and values are cut.
const LONGEST_KEY: usize = 50;
const LONGEST_VALUE: usize = 512;

fn keep(context: &mut Context<'_>) -> Result<Given, NodeError> {
    let cut = |value: &Value, length: usize| value.to_text().chars().take(length).collect::<String>();
    for at in 0..context.items().len() {
        let pairs = context.get("dataToSave.values", at)?;
        for pair in pairs.as_array().unwrap_or_default() {
            context
                .custom_data
                .insert(cut(pair.get("key"), LONGEST_KEY), Value::from(cut(pair.get("value"), LONGEST_VALUE)));
        }
    }
    Ok(context.pass_on())
}

/// Fails on purpose.
pub(super) static DEBUG_HELPER: NodeType = NodeType {
    name: "n8n-nodes-base.debugHelper",
    title: "DebugHelper",
    summary: "Fails on purpose, or does nothing.",
    group: Group::Other,
    properties: &[
        Property::options("category", "doNothing", &["doNothing", "throwError", "oom", "randomData"]),
        Property::options("throwErrorType", "NodeApiError", &["NodeApiError", "NodeOperationError", "Error"])
            .when(&[Shown::is("category", &["throwError"])]),
        Property::text("throwErrorMessage")
            .or("Node has thrown an error")
            .when(&[Shown::is("category", &["throwError"])]),
    ],
    run: Run::Pure(debug),
    ..NodeType::BASE
};

fn debug(context: &mut Context<'_>) -> Result<Given, NodeError> {
    match &*context.text("category", 0)? {
        "doNothing" => Ok(context.pass_on()),
        "throwError" => Err(NodeError::new(context.text("throwErrorMessage", 0)?.to_string())),
        other => {
            Err(NodeError::new(format!("The category '{other}' of this node is not supported"))
                .in_parameter("category"))
        }
    }
}

/// What tests of a workflow measure.
pub(super) static EVALUATION: NodeType = NodeType {
    name: "n8n-nodes-base.evaluation",
    title: "Evaluation",
    summary: "Gives results to a test of the workflow. Outside a test it passes its items on.",
    group: Group::Flow,
    versions: &[4.6, 4.7, 4.8],
    outputs: |node| {
        if node.parameters.get("operation").and_then(Value::as_str) == Some("checkIfEvaluating") { 2 } else { 1 }
    },
    properties: &[
        Property::options("operation", "setOutputs", &["setInputs", "setOutputs", "setMetrics", "checkIfEvaluating"]),
        Property::groups("outputs", &[("values", &[Property::text("outputName"), Property::text("outputValue")])]),
        Property::of("metrics", Kind::Assignments),
    ],
    run: Run::Pure(evaluate),
    ..NodeType::BASE
};

fn evaluate(context: &mut Context<'_>) -> Result<Given, NodeError> {
    let mut given = context.pass_on();
    if &*context.text("operation", 0)? == "checkIfEvaluating" {
        // Its first output is for tests.
        given.outputs.insert(0, Vec::new());
    }
    Ok(given)
}
