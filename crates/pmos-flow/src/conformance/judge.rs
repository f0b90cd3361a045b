//! Holds what a run gave against what is expected. The order of keys does not count, 1 equals 1.0, the order of items does.

use super::read_json;
use crate::data::NodeRun;
use crate::item::{Item, Source};
use crate::run::{Execution, Outcome};
use crate::value::{self, Object, Value};
use std::path::Path;

/// The differences, in words.
pub(super) fn judge(
    folder: &Path,
    case: &Value,
    file: &Value,
    execution: &Execution,
    outcome: &Outcome,
) -> Vec<String> {
    let mut judge = Judge { execution, differences: Vec::new() };
    let recorded = file.get("run");
    let status = [case.get("status"), recorded.get("status")].into_iter().find_map(Value::as_str);
    let error = case.get("expectedError").as_str();
    match (status, error, &outcome.error) {
        (_, Some(words), Some(error)) if error.message == words => {}
        (_, Some(words), ended) => {
            let ended = ended.as_ref().map_or("no error", |error| &error.message);
            judge.differ(format!("the error is {ended:?}, expected {words:?}"));
        }
        (Some("error"), None, _) => {}
        (_, None, Some(error)) => judge.differ(format!("ended with the error of '{}': {}", error.node, error.message)),
        (_, None, None) => {}
    }
    if let Some(status) = status.filter(|status| *status != outcome.status.as_str()) {
        judge.differ(format!("the status is {}, expected {status}", outcome.status.as_str()));
    }
    let mut order = case.get("nodeExecutionOrder").clone();
    if recorded.as_object().is_some() {
        judge.recorded(recorded, case.get("nondeterministicNodes"));
        order = recorded.get("executionOrder").clone();
        let last = recorded.get("lastNodeExecuted").as_str();
        if last.is_some() && last != outcome.last.as_deref() {
            judge.differ(format!("the last node is {:?}, expected {last:?}", outcome.last));
        }
    } else {
        if let Some(name) = case.get("expectedFile").as_str() {
            match read_json(&folder.join(name)) {
                Ok(expected) => {
                    judge.file(&expected, case);
                    if order.is_nullish() {
                        order = expected.get("nodeExecutionOrder").clone();
                    }
                }
                Err(words) => judge.differ(words),
            }
        }
        for expected in case.get("expected").as_array().unwrap_or_default() {
            if let Some(pin) = expected.get("pinData").as_str() {
                judge.pin(&expected.get("node").to_text(), file.get("pinData").get(pin));
            }
        }
    }
    if let Some(expected) = order.as_array() {
        judge.order(expected);
    }
    judge.differences
}

struct Judge<'e> {
    execution: &'e Execution,
    differences: Vec<String>,
}

impl Judge<'_> {
    fn differ(&mut self, words: String) {
        self.differences.push(words);
    }

    fn runs(&self, node: &str) -> &[NodeRun] {
        let world = self.execution.world();
        world.workflow.index_of(node).map_or(&[], |index| &world.runs[index])
    }

    fn order(&mut self, expected: &[Value]) {
        let world = self.execution.world();
        let mut ran: Vec<(usize, &str)> = (0..world.runs.len())
            .flat_map(|node| {
                world.runs[node].iter().map(move |run| (run.execution_index, &*world.workflow.nodes[node].name))
            })
            .collect();
        ran.sort_unstable();
        let ran: Vec<&str> = ran.into_iter().map(|(_, name)| name).collect();
        let expected: Vec<&str> = expected.iter().filter_map(Value::as_str).collect();
        if ran != expected {
            self.differ(format!("ran {ran:?}, expected {expected:?}"));
        }
    }

    /// The node has one run, whose output 0 equals the pin.
    fn pin(&mut self, node: &str, pin: &Value) {
        let runs = self.runs(node);
        if runs.len() != 1 {
            let count = runs.len();
            return self.differ(format!("'{node}' ran {count} times, expected once"));
        }
        let items = runs[0].outputs.first().cloned().unwrap_or_default();
        let expected: Vec<Item> = pin.as_array().unwrap_or_default().iter().map(Item::read).collect();
        let expected: Vec<Value> = expected.iter().map(|item| Value::Object(item.json.clone())).collect();
        self.items(node, 0, &items, &expected);
    }

    fn file(&mut self, expected: &Value, case: &Value) {
        let outputs = expected.get("shape").as_str().is_some_and(|shape| shape.contains("outputs"));
        let plain = expected.get("shape").as_str().is_some();
        for (node, runs) in expected.get("nodeData").as_object().into_iter().flat_map(Object::iter) {
            let expected_runs = runs.as_array().unwrap_or_default();
            if self.runs(node).len() != expected_runs.len() {
                let count = self.runs(node).len();
                self.differ(format!("'{node}' ran {count} times, expected {}", expected_runs.len()));
                continue;
            }
            for (at, run) in expected_runs.iter().enumerate() {
                let expected = if outputs {
                    run.as_array().and_then(|outputs| outputs.first()).unwrap_or(&Value::Null)
                } else {
                    run
                };
                let expected = expected.as_array().unwrap_or_default();
                let items = self.runs(node)[at].outputs.first().cloned().unwrap_or_default();
                if plain {
                    self.items(node, at, &items, expected);
                } else {
                    let json: Vec<Value> = expected.iter().map(|item| item.get("json").clone()).collect();
                    self.items(node, at, &items, &json);
                    if case.get("assertBinaryData").is_truthy() {
                        for (index, item) in expected.iter().enumerate() {
                            self.files(node, index, items.get(index), item.get("binary"));
                        }
                    }
                }
            }
        }
    }

    fn files(&mut self, node: &str, index: usize, item: Option<&Item>, expected: &Value) {
        let Some(expected) = expected.as_object() else { return };
        let files = item.and_then(|item| item.binary.clone()).unwrap_or_default();
        if expected.is_empty() && !files.is_empty() {
            self.differ(format!("'{node}' item {index} has files, expected none"));
        }
        for (name, expected) in expected.iter() {
            let Some((_, file)) = files.iter().find(|(own, _)| own == name) else {
                self.differ(format!("'{node}' item {index} lacks the file '{name}'"));
                continue;
            };
            let json = Value::from(file.to_json());
            for (key, value) in expected.as_object().into_iter().flat_map(Object::iter) {
                if json.get(key) != value {
                    self.differ(format!(
                        "'{node}' item {index} file '{name}': {key} is {}, expected {}",
                        short(json.get(key)),
                        short(value)
                    ));
                }
            }
        }
    }

    fn items(&mut self, node: &str, run: usize, items: &[Item], expected: &[Value]) {
        if items.len() != expected.len() {
            let ours = Value::list(items.iter().map(|item| Value::Object(item.json.clone())));
            self.differ(format!(
                "'{node}' run {run} gave {} items, expected {}: {} / {}",
                items.len(),
                expected.len(),
                short(&ours),
                short(&Value::list(expected.iter().cloned()))
            ));
            return;
        }
        for (at, (item, expected)) in items.iter().zip(expected).enumerate() {
            if let Some(words) = difference(&Value::Object(item.json.clone()), expected) {
                self.differ(format!("'{node}' run {run} item {at}{words}"));
            }
        }
    }

    /// A whole recorded run.
    fn recorded(&mut self, recorded: &Value, skipped: &Value) {
        let skipped: Vec<&str> = skipped.as_array().unwrap_or_default().iter().filter_map(Value::as_str).collect();
        for (node, runs) in recorded.get("nodes").as_object().into_iter().flat_map(Object::iter) {
            let runs = runs.as_array().unwrap_or_default();
            if skipped.contains(&&**node) {
                continue;
            }
            let ours = self.runs(node).to_vec();
            if ours.len() != runs.len() {
                self.differ(format!("'{node}' ran {} times, expected {}", ours.len(), runs.len()));
                continue;
            }
            for (at, (run, expected)) in ours.iter().zip(runs).enumerate() {
                self.recorded_run(node, at, run, expected);
            }
        }
    }

    fn recorded_run(&mut self, node: &str, at: usize, run: &NodeRun, expected: &Value) {
        if expected.get("executionStatus").as_str().is_some_and(|status| status != run.status.as_str()) {
            self.differ(format!(
                "'{node}' run {at} ended as {}, expected {}",
                run.status.as_str(),
                expected.get("executionStatus").to_text()
            ));
        }
        if let Some(words) = expected.get("error").get("message").as_str() {
            let ours = run.error.as_ref().map_or("no error", |error| &error.message);
            if ours != words {
                self.differ(format!("'{node}' run {at}: the error is {ours:?}, expected {words:?}"));
            }
        }
        let sources: Vec<Value> = run.sources.iter().map(source).collect();
        let expected_sources: Vec<Value> =
            expected.get("source").as_array().unwrap_or_default().iter().map(full_source).collect();
        if sources != expected_sources {
            self.differ(format!(
                "'{node}' run {at}: the source is {}, expected {}",
                short(&Value::list(sources)),
                short(&Value::list(expected_sources))
            ));
        }
        let outputs = expected.get("outputs").as_array().unwrap_or_default();
        for output in 0..outputs.len().max(run.outputs.len()) {
            let items = run.outputs.get(output).cloned().unwrap_or_default();
            let expected = outputs.get(output).and_then(Value::as_array).unwrap_or_default();
            let json: Vec<Value> = expected.iter().map(|item| item.get("json").clone()).collect();
            let place = format!("{node}' output {output} of '{node}");
            self.items(if output == 0 { node } else { &place }, at, &items, &json);
            for (index, (item, expected)) in items.iter().zip(expected).enumerate() {
                let ours: Vec<(usize, usize)> =
                    item.links.as_slice().iter().map(|link| (link.item as usize, usize::from(link.input))).collect();
                let theirs = links(expected.get("pairedItem"));
                if ours != theirs {
                    self.differ(format!(
                        "'{node}' run {at} output {output} item {index} is linked to {ours:?}, expected {theirs:?}"
                    ));
                }
            }
        }
    }
}

fn source(source: &Option<Source>) -> Value {
    let Some(source) = source else { return Value::Null };
    Value::list([source.node.clone().into(), source.output.into(), source.run.into()])
}

fn full_source(source: &Value) -> Value {
    if source.is_nullish() {
        return Value::Null;
    }
    let number = |key: &str| Value::from(source.get(key).as_number().unwrap_or(0.0));
    Value::list([source.get("previousNode").clone(), number("previousNodeOutput"), number("previousNodeRun")])
}

/// Links as item and input; an index that is not there is 0.
fn links(links: &Value) -> Vec<(usize, usize)> {
    let number = |value: &Value| value.as_number().unwrap_or(0.0) as usize;
    match links {
        Value::Undefined | Value::Null => Vec::new(),
        Value::Number(item) => vec![(*item as usize, 0)],
        Value::Array(all) => all.iter().flat_map(self::links).collect(),
        link => vec![(number(link.get("item")), number(link.get("input")))],
    }
}

/// The first place at which two values differ, in words.
fn difference(ours: &Value, expected: &Value) -> Option<String> {
    match (ours, expected) {
        (Value::Object(a), Value::Object(b)) => {
            let extra = a
                .keys()
                .find(|key| !b.contains_key(key))
                .map(|key| format!(".{key} is {}, expected nothing", short(ours.get(key))));
            b.iter()
                .find_map(|(key, value)| difference(ours.get(key), value).map(|words| format!(".{key}{words}")))
                .or(extra)
        }
        (Value::Array(a), Value::Array(b)) if a.len() == b.len() => a
            .iter()
            .zip(b.iter())
            .enumerate()
            .find_map(|(at, (a, b))| difference(a, b).map(|words| format!("[{at}]{words}"))),
        _ if ours == expected => None,
        _ => Some(format!(" is {}, expected {}", short(ours), short(expected))),
    }
}

fn short(value: &Value) -> String {
    let text = if value.is_undefined() { "undefined".to_owned() } else { value::to_string(value) };
    match text.char_indices().nth(300) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}
