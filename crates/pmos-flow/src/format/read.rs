//! From JSON to a workflow.

use super::{Connections, CredentialRef, Node, NodeIndex, OnError, Retry, Settings, Target, Workflow};
use crate::item::{Item, Items};
use crate::value::{self, Object, Str, Value};
use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

/// A workflow file that cannot be run, with the place at fault and what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadError(String);

impl fmt::Display for ReadError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl std::error::Error for ReadError {}

impl Workflow {
    /// Reads a workflow file: an object with `nodes` and `connections`, or a list with one such object (an export).
    pub fn parse(text: &str) -> Result<Self, ReadError> {
        let file = value::parse(text).map_err(|error| ReadError(format!("this is not JSON: {error}")))?;
        Self::read(&file)
    }

    /// Reads a workflow from its JSON, as [`Workflow::parse`] does.
    pub fn read(file: &Value) -> Result<Self, ReadError> {
        let file = match file.as_array() {
            Some([one]) => one,
            Some(_) => return Err(ReadError("the file holds a list of workflows: give one of them".into())),
            None => file,
        };
        let nodes = file
            .get("nodes")
            .as_array()
            .ok_or_else(|| ReadError("no list `nodes` in it: this is not a workflow of n8n".into()))?
            .iter()
            .enumerate()
            .map(|(at, node)| read_node(at, node).map(Arc::new))
            .collect::<Result<Vec<_>, _>>()?;
        // Of two nodes with one name the later counts, as in n8n; the earlier can be reached by nothing.
        let by_name: HashMap<Str, NodeIndex> =
            nodes.iter().enumerate().map(|(at, node)| (node.name.clone(), at)).collect();
        Ok(Self {
            id: file
                .get("id")
                .as_str()
                .map(Str::from)
                .or_else(|| file.get("id").as_number().map(|_| file.get("id").to_text())),
            name: file.get("name").as_str().unwrap_or("Workflow").into(),
            active: file.get("active").is_truthy(),
            connections: read_connections(file.get("connections"), &by_name, nodes.len())?,
            settings: Settings::read(file.get("settings")),
            pin_data: read_pins(file.get("pinData")),
            static_data: read_static_data(file.get("staticData")),
            nodes,
            by_name,
        })
    }
}

fn read_node(at: usize, node: &Value) -> Result<Node, ReadError> {
    let text = |key: &str| node.get(key).as_str().map(Str::from);
    let name = text("name").ok_or_else(|| ReadError(format!("nodes[{at}] has no name")))?;
    let kind = text("type").ok_or_else(|| ReadError(format!("node '{name}' has no type")))?;
    let position = node.get("position").as_array().unwrap_or_default();
    let coordinate = |index: usize| position.get(index).and_then(Value::as_number).unwrap_or(0.0);
    Ok(Node {
        id: text("id").unwrap_or_default(),
        kind,
        version: node.get("typeVersion").as_number().unwrap_or(1.0),
        position: (coordinate(0), coordinate(1)),
        parameters: match node.get("parameters") {
            Value::Object(parameters) => parameters.clone(),
            _ => Arc::default(),
        },
        credentials: node.get("credentials").as_object().map(read_credentials).unwrap_or_default(),
        disabled: node.get("disabled").is_truthy(),
        on_error: match node.get("onError").as_str() {
            Some("continueRegularOutput") => OnError::ContinueRegular,
            Some("continueErrorOutput") => OnError::ContinueError,
            Some(_) => OnError::Stop,
            None if node.get("continueOnFail").is_truthy() => OnError::ContinueRegular,
            None => OnError::Stop,
        },
        retry: node.get("retryOnFail").is_truthy().then(|| Retry {
            // n8n clamps both, and takes a wait of 0 as not set.
            tries: node.get("maxTries").as_number().map_or(3, |tries| tries.clamp(2.0, 5.0) as u32),
            wait_ms: node
                .get("waitBetweenTries")
                .as_number()
                .filter(|ms| *ms != 0.0)
                .map_or(1000, |ms| ms.clamp(0.0, 5000.0) as u64),
        }),
        always_output_data: node.get("alwaysOutputData").is_truthy(),
        execute_once: node.get("executeOnce").is_truthy(),
        webhook_id: text("webhookId"),
        name,
    })
}

fn read_credentials(credentials: &Object) -> Vec<(Str, CredentialRef)> {
    let one = |credential: &Value| match credential {
        Value::String(name) => CredentialRef { id: None, name: name.clone() },
        other => CredentialRef {
            id: other.get("id").as_str().map(Str::from),
            name: other.get("name").as_str().unwrap_or("").into(),
        },
    };
    credentials.iter().map(|(kind, credential)| (kind.clone(), one(credential))).collect()
}

fn read_connections(
    connections: &Value,
    names: &HashMap<Str, NodeIndex>,
    nodes: usize,
) -> Result<Connections, ReadError> {
    let mut read = Connections { main: vec![Vec::new(); nodes], inputs: vec![Vec::new(); nodes], parts: Vec::new() };
    for (source, kinds) in connections.as_object().into_iter().flat_map(Object::iter) {
        // n8n leaves connections of removed nodes behind.
        let Some(&from) = names.get(source) else { continue };
        for (kind, outputs) in kinds.as_object().into_iter().flat_map(Object::iter) {
            for (output, targets) in outputs.as_array().unwrap_or_default().iter().enumerate() {
                for target in targets.as_array().unwrap_or_default() {
                    let name = target.get("node").as_str().unwrap_or_default();
                    let Some(&to) = names.get(name) else {
                        return Err(ReadError(format!(
                            "a connection of '{source}' leads to '{name}', and there is no such node"
                        )));
                    };
                    let input = target.get("index").as_number().unwrap_or(0.0) as usize;
                    if input > MOST_INPUTS || output > MOST_INPUTS {
                        return Err(ReadError(format!(
                            "a connection of '{source}' has index {}: at most {MOST_INPUTS}",
                            input.max(output)
                        )));
                    }
                    if **kind == *"main" {
                        read.connect(from, output, Target { node: to, input });
                    } else {
                        read.parts.push((kind.clone(), from, to));
                    }
                }
            }
        }
    }
    Ok(read)
}

/// No node has more inputs or outputs; a file that says so would only cost memory.
const MOST_INPUTS: usize = 1_000;

impl Connections {
    fn connect(&mut self, from: NodeIndex, output: usize, target: Target) {
        let outputs = &mut self.main[from];
        if outputs.len() <= output {
            outputs.resize(output + 1, Vec::new());
        }
        outputs[output].push(target);
        let inputs = &mut self.inputs[target.node];
        if inputs.len() <= target.input {
            inputs.resize(target.input + 1, Vec::new());
        }
        inputs[target.input].push((from, output));
    }
}

fn read_pins(pins: &Value) -> HashMap<Str, Items> {
    let items = |list: &Value| Arc::new(list.as_array().unwrap_or_default().iter().map(Item::read).collect::<Vec<_>>());
    pins.as_object().into_iter().flat_map(Object::iter).map(|(node, list)| (node.clone(), items(list))).collect()
}

impl Item {
    /// An item from its JSON: `{json, binary?}`, or its fields alone.
    pub fn read(item: &Value) -> Self {
        match (item.get("json"), item) {
            (Value::Object(json), _) => {
                let mut read = Self::new(json.clone());
                for (name, file) in item.get("binary").as_object().into_iter().flat_map(Object::iter) {
                    if let Some(file) = crate::item::Binary::read(file) {
                        read = read.with_file(name, file);
                    }
                }
                read
            }
            (_, Value::Object(json)) => Self::new(json.clone()),
            _ => Self::default(),
        }
    }
}

fn read_static_data(data: &Value) -> Arc<Object> {
    match data {
        Value::Object(data) => data.clone(),
        Value::String(text) => match value::parse(text) {
            Ok(Value::Object(data)) => data,
            _ => Arc::default(),
        },
        _ => Arc::default(),
    }
}
