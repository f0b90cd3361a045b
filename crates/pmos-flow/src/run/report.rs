//! A run as n8n's run data: `{resultData: {runData, lastNodeExecuted, error?}, …}`.

use super::{Execution, Outcome};
use crate::data::{NodeRun, RunError, links_json};
use crate::item::{Item, Items, Source};
use crate::value::{Object, Value};

impl Execution {
    /// The run in the shape in which n8n saves executions.
    pub fn report(&self, outcome: &Outcome) -> Value {
        let world = self.world();
        let mut run_data = Object::new();
        let mut executed: Vec<(usize, usize)> = world
            .runs
            .iter()
            .enumerate()
            .filter_map(|(node, runs)| Some((runs.first()?.execution_index, node)))
            .collect();
        executed.sort_unstable();
        for (_, node) in executed {
            run_data
                .insert(world.workflow.nodes[node].name.clone(), Value::list(world.runs[node].iter().map(run_json)));
        }
        let mut result = Object::from_iter([("runData", Value::from(run_data))]);
        if let Some(last) = &outcome.last {
            result.insert("lastNodeExecuted", last.clone().into());
        }
        if let Some(error) = &outcome.error {
            result.insert("error", error_json(error));
        }
        let data = Object::from_iter([("resultData", Value::from(result))]);
        let mut report = Object::from_iter([
            ("id", Value::from(world.facts.execution_id.clone())),
            ("status", outcome.status.as_str().into()),
            ("mode", world.facts.mode.as_str().into()),
            ("startedAt", self.started_at.into()),
            ("data", data.into()),
        ]);
        if let Some(wait) = &outcome.wait {
            report.insert("waitTill", wait.until.into());
        }
        report.into()
    }
}

fn run_json(run: &NodeRun) -> Value {
    let mut json = Object::from_iter([
        ("startTime", Value::from(run.started_at)),
        ("executionIndex", run.execution_index.into()),
        ("executionTime", run.took_ms.into()),
        ("executionStatus", run.status.as_str().into()),
        ("source", Value::list(run.sources.iter().map(source_json))),
        (
            "hints",
            Value::list(
                run.hints.iter().map(|hint| Value::from(Object::from_iter([("message", Value::from(hint.as_str()))]))),
            ),
        ),
    ]);
    if let Some(error) = &run.error {
        json.insert("error", error_json(error));
    }
    if let Some(metadata) = &run.metadata {
        json.insert("metadata", metadata.clone());
    }
    if !run.outputs.is_empty() {
        let main = Value::list(run.outputs.iter().map(items_json));
        json.insert("data", Object::from_iter([("main", main)]).into());
    }
    json.into()
}

fn source_json(source: &Option<Source>) -> Value {
    let Some(source) = source else { return Value::Null };
    let mut json = Object::from_iter([("previousNode", Value::from(source.node.clone()))]);
    for (key, number) in [("previousNodeOutput", source.output), ("previousNodeRun", source.run)] {
        if number > 0 {
            json.insert(key, number.into());
        }
    }
    json.into()
}

fn error_json(error: &RunError) -> Value {
    let mut json = Object::from_iter([
        ("message", Value::from(error.message.as_str())),
        ("node", Object::from_iter([("name", Value::from(error.node.clone()))]).into()),
    ]);
    let context = [
        ("itemIndex", error.item.map(Value::from)),
        ("parameter", error.parameter.clone().map(Value::from)),
        ("description", error.description.as_deref().map(Value::from)),
    ];
    json.extend(context.into_iter().filter_map(|(key, value)| Some((key, value?))));
    json.into()
}

/// Items as run data has them, with files as base64.
pub fn items_json(items: &Items) -> Value {
    Value::list(items.iter().map(item_json))
}

fn item_json(item: &Item) -> Value {
    let mut json = Object::from_iter([("json", Value::Object(item.json.clone()))]);
    if let Some(files) = &item.binary {
        json.insert(
            "binary",
            files.iter().map(|(name, file)| (name.clone(), Value::from(file.to_json()))).collect::<Object>().into(),
        );
    }
    if let Some(links) = links_json(&item.links) {
        json.insert("pairedItem", links);
    }
    if let Some(error) = &item.error {
        json.insert("error", Value::from(error.clone()));
    }
    json.into()
}
