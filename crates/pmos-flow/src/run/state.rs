//! The state of a run, written down so that it can go on elsewhere.
//!
//! JSON, in which every list of items stands once: nodes that pass lists on share them, and so does what is written.

use super::{Entry, Execution, Limits, Unsaved, Waiting};
use crate::data::{Facts, NodeRun, RunError, Status, World};
use crate::format::Workflow;
use crate::item::{Binary, Item, Items, Link, Links, Source};
use crate::node::{Fatal, Memory, NodeError};
use crate::port::{KeptState, Ports};
use crate::value::{self, Object, Str, Value};
use bytes::Bytes;
use pmos_kit::Millis;
use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::Ordering;

impl Execution {
    pub(super) fn unsaved<'e>(
        &'e self,
        write: &'e (dyn Fn() -> Bytes + Sync),
        caller: Option<&'e Unsaved<'e>>,
    ) -> Unsaved<'e> {
        Unsaved { execution: self.world.facts.execution_id.clone(), saved: &self.saved, write, caller }
    }

    /// The states that are to be kept now, between two nodes.
    pub(super) fn states(&self, caller: Option<&Unsaved<'_>>) -> Vec<KeptState> {
        self.unsaved(&|| self.write_state(None), caller).take()
    }

    /// The state before `next` runs, or between two nodes.
    pub(super) fn write_state(&self, next: Option<&Entry>) -> Bytes {
        let mut lists = Lists::default();
        let world = &self.world;
        let runs: Vec<Value> =
            world.runs.iter().map(|runs| Value::list(runs.iter().map(|run| write_run(run, &mut lists)))).collect();
        let stack: Vec<Value> =
            next.into_iter().chain(&self.stack).map(|entry| write_entry(entry, &mut lists)).collect();
        let waiting: Vec<Value> = self
            .waiting
            .iter()
            .map(|waiting| {
                object([
                    ("node", waiting.node.into()),
                    (
                        "inputs",
                        Value::list(
                            waiting
                                .inputs
                                .iter()
                                .map(|items| items.as_ref().map_or(Value::Null, |items| lists.add(items))),
                        ),
                    ),
                    ("sources", Value::list(waiting.sources.iter().map(write_source))),
                ])
            })
            .collect();
        let memories = Value::list(world.memories.iter().map(write_memory));
        let state = object([
            ("version", Value::from(1)),
            ("executed", world.executed.into()),
            ("last", Value::from(world.last)),
            ("startedAt", Value::from(self.started_at)),
            ("items", self.items.into()),
            ("depth", self.depth.into()),
            ("staticData", world.static_data.clone().into()),
            ("customData", world.custom_data.clone().into()),
            ("only", Value::from(self.only.as_ref().map(|only| Value::list(only.iter().map(|is| Value::from(*is)))))),
            ("runs", runs.into()),
            ("memories", memories),
            ("stack", stack.into()),
            ("waiting", waiting.into()),
            ("lists", lists.written.into()),
        ]);
        value::to_string(&state).into()
    }

    /// A run that goes on from a state that was kept.
    pub fn restore(
        workflow: Arc<Workflow>,
        facts: Facts,
        ports: Ports,
        limits: Limits,
        state: &Bytes,
    ) -> Result<Self, NodeError> {
        let broken =
            || NodeError::fatal(Fatal::House, "the state of the run cannot be read: was it kept for another workflow?");
        let state = value::parse_bytes(state).map_err(|_| broken())?;
        let nodes = workflow.nodes.len();
        let lists: Vec<Items> = list(&state, "lists")
            .iter()
            .map(|items| Arc::new(items.as_array().unwrap_or_default().iter().map(read_item).collect()))
            .collect();
        let mut world = World::new(workflow, Arc::new(facts));
        if list(&state, "runs").len() != nodes {
            return Err(broken());
        }
        world.runs = list(&state, "runs")
            .iter()
            .map(|runs| runs.as_array().unwrap_or_default().iter().map(|run| read_run(run, &lists)).collect())
            .collect();
        world.memories = list(&state, "memories").iter().map(read_memory).collect();
        world.memories.resize_with(nodes, Memory::default);
        world.executed = size(state.get("executed"));
        world.last = state.get("last").as_number().map(|last| last as usize).filter(|last| *last < nodes);
        world.static_data = shared(state.get("staticData"));
        world.custom_data = Object::clone(&shared(state.get("customData")));
        let mut execution = Self::bare(world, ports, limits);
        execution.started_at = state.get("startedAt").as_number().unwrap_or_default() as Millis;
        execution.items = size(state.get("items"));
        execution.depth = size(state.get("depth"));
        execution.only = state.get("only").as_array().map(|only| only.iter().map(Value::is_truthy).collect());
        for entry in list(&state, "stack") {
            execution.stack.push_back(read_entry(entry, &lists, nodes).ok_or_else(broken)?);
        }
        for waiting in list(&state, "waiting") {
            let node = size(waiting.get("node"));
            if node >= nodes {
                return Err(broken());
            }
            execution.waiting.push(Waiting {
                node,
                inputs: list(waiting, "inputs").iter().map(|at| items_at(at, &lists)).collect(),
                sources: list(waiting, "sources").iter().map(read_source).collect(),
            });
        }
        execution.restored = true;
        execution.saved.store(true, Ordering::Relaxed);
        Ok(execution)
    }
}

/// Lists of items that are written already, by their place in memory.
#[derive(Default)]
struct Lists {
    places: HashMap<*const Vec<Item>, usize>,
    written: Vec<Value>,
}

impl Lists {
    fn add(&mut self, items: &Items) -> Value {
        let next = self.written.len();
        let at = *self.places.entry(Arc::as_ptr(items)).or_insert(next);
        if at == next {
            self.written.push(Value::list(items.iter().map(write_item)));
        }
        Value::from(at)
    }
}

fn object<const N: usize>(fields: [(&str, Value); N]) -> Value {
    Value::from(Object::from_iter(fields))
}

fn list<'v>(value: &'v Value, key: &str) -> &'v [Value] {
    value.get(key).as_array().unwrap_or_default()
}

fn size(value: &Value) -> usize {
    value.as_number().map_or(0, |number| number as usize)
}

fn shared(value: &Value) -> Arc<Object> {
    match value {
        Value::Object(object) => object.clone(),
        _ => Arc::default(),
    }
}

fn items_at(at: &Value, lists: &[Items]) -> Option<Items> {
    lists.get(at.as_number()? as usize).cloned()
}

fn write_item(item: &Item) -> Value {
    let mut written = Object::from_iter([("json", Value::Object(item.json.clone()))]);
    if let Some(files) = &item.binary {
        written.insert(
            "binary",
            files.iter().map(|(name, file)| (name.clone(), Value::from(file.to_json()))).collect::<Object>().into(),
        );
    }
    if item.links != Links::None {
        written.insert("links", Value::list(item.links.as_slice().iter().map(write_link)));
    }
    if let Links::Many(_) = item.links {
        written.insert("many", Value::Bool(true));
    }
    if let Some(error) = &item.error {
        written.insert("error", Value::from(error.clone()));
    }
    written.into()
}

fn read_item(written: &Value) -> Item {
    let mut item = Item::new(shared(written.get("json")));
    if let Some(files) = written.get("binary").as_object() {
        item.binary =
            Some(Arc::new(files.iter().filter_map(|(name, file)| Some((name.clone(), Binary::read(file)?))).collect()));
    }
    let links: Vec<Link> = list(written, "links").iter().map(read_link).collect();
    item.links = match (<[Link; 1]>::try_from(links), written.get("many").is_truthy()) {
        (Ok([link]), false) => Links::One(link),
        (Ok([link]), true) => Links::Many(Arc::new([link])),
        (Err(links), _) if links.is_empty() => Links::None,
        (Err(links), _) => Links::Many(links.into()),
    };
    item.error = written.get("error").as_str().map(Str::from);
    item
}

fn write_link(link: &Link) -> Value {
    let source = link.source.as_ref().map(|source| write_source(&Some(Source::clone(source))));
    Value::list([Value::from(link.item as usize), Value::from(usize::from(link.input)), Value::from(source)])
}

fn read_link(written: &Value) -> Link {
    let part = |at: usize| written.as_array().and_then(|parts| parts.get(at)).cloned().unwrap_or_default();
    Link { source: read_source(&part(2)).map(Arc::new), ..Link::of_input(size(&part(1)), size(&part(0))) }
}

fn write_source(source: &Option<Source>) -> Value {
    Value::from(
        source
            .as_ref()
            .map(|source| Value::list([source.node.clone().into(), source.output.into(), source.run.into()])),
    )
}

fn read_source(written: &Value) -> Option<Source> {
    match written.as_array()? {
        [node, output, run] => Some(Source { node: node.to_text(), output: size(output), run: size(run) }),
        _ => None,
    }
}

fn write_entry(entry: &Entry, lists: &mut Lists) -> Value {
    object([
        ("node", entry.node.into()),
        ("inputs", Value::list(entry.inputs.iter().map(|items| lists.add(items)))),
        ("sources", Value::list(entry.sources.iter().map(write_source))),
        (
            "over",
            Value::from(entry.over.as_ref().map(|outputs| Value::list(outputs.iter().map(|items| lists.add(items))))),
        ),
    ])
}

fn read_entry(written: &Value, lists: &[Items], nodes: usize) -> Option<Entry> {
    let items = |key: &str| list(written, key).iter().map(|at| items_at(at, lists)).collect::<Option<Vec<_>>>();
    Some(Entry {
        node: Some(size(written.get("node"))).filter(|node| *node < nodes)?,
        inputs: items("inputs")?,
        sources: list(written, "sources").iter().map(read_source).collect(),
        over: if written.get("over").is_nullish() { None } else { items("over") },
    })
}

fn write_run(run: &NodeRun, lists: &mut Lists) -> Value {
    let error = run.error.as_ref().map(|error| {
        object([
            ("node", error.node.clone().into()),
            ("message", error.message.as_str().into()),
            ("description", error.description.clone().into()),
            ("item", error.item.into()),
            ("parameter", error.parameter.clone().into()),
        ])
    });
    object([
        ("startedAt", run.started_at.into()),
        ("tookMs", run.took_ms.into()),
        ("index", run.execution_index.into()),
        ("status", run.status.as_str().into()),
        ("sources", Value::list(run.sources.iter().map(write_source))),
        ("outputs", Value::list(run.outputs.iter().map(|items| lists.add(items)))),
        ("error", error.into()),
        ("metadata", run.metadata.clone().into()),
        ("hints", Value::list(run.hints.iter().map(|hint| Value::from(hint.as_str())))),
    ])
}

fn read_run(written: &Value, lists: &[Items]) -> NodeRun {
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let error = written.get("error");
    NodeRun {
        started_at: written.get("startedAt").as_number().unwrap_or_default() as Millis,
        took_ms: written.get("tookMs").as_number().unwrap_or_default() as Millis,
        execution_index: size(written.get("index")),
        status: if written.get("status").as_str() == Some("success") { Status::Success } else { Status::Error },
        sources: list(written, "sources").iter().map(read_source).collect(),
        outputs: list(written, "outputs").iter().filter_map(|at| items_at(at, lists)).collect(),
        error: text(error.get("message")).map(|message| RunError {
            node: error.get("node").to_text(),
            message,
            description: text(error.get("description")),
            item: error.get("item").as_number().map(|item| item as usize),
            parameter: error.get("parameter").as_str().map(Str::from),
        }),
        metadata: Some(written.get("metadata").clone()).filter(|metadata| !metadata.is_nullish()),
        hints: list(written, "hints").iter().filter_map(text).collect(),
    }
}

fn write_memory(memory: &Memory) -> Value {
    let held = memory
        .held
        .iter()
        .map(|(name, items)| (name.clone(), Value::list(items.items().iter().map(write_item))))
        .collect::<Object>();
    object([("context", memory.context.clone().into()), ("held", held.into())])
}

fn read_memory(written: &Value) -> Memory {
    let held = written.get("held").as_object().into_iter().flat_map(Object::iter);
    Memory {
        context: Object::clone(&shared(written.get("context"))),
        held: held
            .map(|(name, items)| (name.clone(), items.as_array().unwrap_or_default().iter().map(read_item).collect()))
            .collect(),
    }
}
