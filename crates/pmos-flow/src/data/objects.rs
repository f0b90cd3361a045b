//! The objects behind `$input`, `$('Node')`, `$node["Node"]` and `$item(i)`.

use super::{Frame, World, links};
use crate::expression::ExpressionError;
use crate::format::{Node, NodeIndex};
use crate::item::{Binary, Item, Items, Links};
use crate::node::with_all_defaults;
use crate::nodes;
use crate::value::{Exotic, Object, Str, Value};
use std::sync::Arc;

/// An item as expressions see it: `{json, pairedItem?, binary?}`.
pub(crate) fn item_value(item: &Item) -> Value {
    let mut value = Object::from_iter([("json", Value::Object(item.json.clone()))]);
    if let Some(link) = item.links.as_slice().first() {
        let link = Object::from_iter([("item", Value::from(link.item as usize))]);
        value.insert("pairedItem", link.into());
    }
    if let Some(files) = &item.binary {
        value.insert("binary", binary_value(files));
    }
    value.into()
}

/// Files as expressions see them, without their content.
pub(crate) fn binary_value(files: &[(Str, Binary)]) -> Value {
    let one = |file: &Binary| {
        let mut json = file.describe();
        json.insert("data", Value::from("filesystem-v2"));
        Value::from(json)
    };
    Value::from(files.iter().map(|(name, file)| (name.clone(), one(file))).collect::<Object>())
}

fn list(items: &Items) -> Value {
    Value::list(items.iter().map(item_value))
}

fn refused(words: impl Into<String>) -> ExpressionError {
    ExpressionError::Refused(words.into())
}

/// A node's parameters as it runs: with the defaults of its type where its file says nothing.
pub(crate) fn parameters(node: &Node) -> Value {
    match nodes::find(&node.kind) {
        Some(kind) => with_all_defaults(kind, &node.parameters, node.version).into(),
        None => Value::from(node.parameters.clone()),
    }
}

/// What an object of the run is in JSON: nothing of interest.
macro_rules! opaque {
    ($type:ty) => {
        impl std::fmt::Debug for $type {
            fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str(stringify!($type))
            }
        }
    };
}

/// `$input`.
pub(crate) struct InputObject {
    world: Arc<World>,
    frame: Arc<Frame>,
    item: usize,
}
opaque!(InputObject);

impl InputObject {
    pub(crate) fn value(world: Arc<World>, frame: Arc<Frame>, item: usize) -> Value {
        Value::Exotic(Arc::new(Self { world, frame, item }))
    }
}

impl Exotic for InputObject {
    fn to_json(&self) -> Value {
        Value::object()
    }

    fn to_text(&self) -> String {
        "[object Object]".into()
    }

    fn get(&self, name: &str) -> Result<Value, ExpressionError> {
        Ok(match name {
            "item" => self.frame.items().get(self.item).map_or(Value::Undefined, item_value),
            "params" => parameters(&self.frame.node),
            "context" => Value::from(self.world.memories[self.frame.index].context.clone()),
            _ => Value::Undefined,
        })
    }

    fn call(&self, name: &str, arguments: &[Value]) -> Result<Option<Value>, ExpressionError> {
        let items = self.frame.items();
        if matches!(name, "first" | "last" | "all") && !arguments.is_empty() {
            return Err(refused(format!("$input.{name}() should have no arguments")));
        }
        Ok(Some(match name {
            "first" => items.first().map_or(Value::Undefined, item_value),
            "last" => items.last().map_or(Value::Undefined, item_value),
            "all" => list(items),
            _ => return Ok(None),
        }))
    }
}

/// `$('Node')`.
pub(crate) struct NodeObject {
    world: Arc<World>,
    frame: Arc<Frame>,
    item: usize,
    node: NodeIndex,
}
opaque!(NodeObject);

impl NodeObject {
    pub(crate) fn new(world: Arc<World>, frame: Arc<Frame>, item: usize, node: NodeIndex) -> Self {
        Self { world, frame, item, node }
    }

    fn name(&self) -> &str {
        &self.world.workflow.nodes[self.node].name
    }

    fn must_have_run(&self) -> Result<(), ExpressionError> {
        if self.world.runs[self.node].is_empty() {
            return Err(refused(format!("Node '{}' hasn't been executed", self.name())));
        }
        Ok(())
    }

    /// The output of the node on the path to here; 0 where there is none.
    pub(crate) fn default_output(&self) -> usize {
        let connections = &self.world.workflow.connections;
        // Walks back from here; the first step that comes from the node tells its output.
        let mut seen = vec![false; self.world.runs.len()];
        let mut open = std::collections::VecDeque::from([self.frame.index]);
        while let Some(at) = open.pop_front() {
            if std::mem::replace(&mut seen[at], true) {
                continue;
            }
            for input in 0..connections.inputs(at) {
                for (source, output) in connections.sources(at, input) {
                    if *source == self.node {
                        return *output;
                    }
                    open.push_back(*source);
                }
            }
        }
        0
    }

    /// The items of `(output?, run?)`.
    fn items(&self, arguments: &[Value]) -> Result<Items, ExpressionError> {
        self.must_have_run()?;
        let runs = &self.world.runs[self.node];
        let index = |at: usize| arguments.get(at).filter(|value| !value.is_nullish()).map(Value::to_number);
        let run = match index(1) {
            Some(run) if run >= 0.0 => run as usize,
            _ => runs.len() - 1,
        };
        let output = index(0).map_or_else(|| self.default_output(), |output| output.max(0.0) as usize);
        let run = runs.get(run).ok_or_else(|| refused(format!("Run {run} of node '{}' not found", self.name())))?;
        match run.outputs.get(output) {
            Some(items) => Ok(items.clone()),
            None if arguments.first().is_some_and(|value| !value.is_nullish()) => {
                Err(refused(format!("Node '{}' has no branch with index {output}.", self.name())))
            }
            None => Ok(Items::default()),
        }
    }

    /// All items of `(output?, run?)`, as values.
    pub(crate) fn all(&self, arguments: &[Value]) -> Result<Value, ExpressionError> {
        Ok(list(&self.items(arguments)?))
    }

    /// The item that an item of the current input comes from.
    fn linked(&self, item: usize) -> Result<(links::Place, Item), ExpressionError> {
        self.must_have_run()?;
        if !self.world.workflow.connections.leads(self.node, self.frame.index) {
            return Err(refused(format!("Invalid expression: there is no path back to the node '{}'", self.name())));
        }
        links::find(&self.world, &self.frame.sources, &self.frame.link(item), self.node)
    }

    /// Where an item of the current input comes from, for the sandbox: `{run, output, item}`, or why it is not known: `{error}`.
    pub(crate) fn link_json(&self, item: usize) -> Value {
        Value::from(match self.linked(item) {
            Ok(((_, run, output, index), _)) => Object::from_iter([
                ("run", Value::from(run)),
                ("output", Value::from(output)),
                ("item", Value::from(index)),
            ]),
            Err(error) => Object::from_iter([("error", Value::from(error.message()))]),
        })
    }
}

impl Exotic for NodeObject {
    fn to_json(&self) -> Value {
        Value::object()
    }

    fn to_text(&self) -> String {
        "[object Object]".into()
    }

    fn get(&self, name: &str) -> Result<Value, ExpressionError> {
        Ok(match name {
            "item" => item_value(&self.linked(self.item)?.1),
            "isExecuted" => Value::from(!self.world.runs[self.node].is_empty()),
            "params" => parameters(&self.world.workflow.nodes[self.node]),
            "context" => Value::from(self.world.memories[self.node].context.clone()),
            _ => Value::Undefined,
        })
    }

    fn call(&self, name: &str, arguments: &[Value]) -> Result<Option<Value>, ExpressionError> {
        let at = |default: usize| {
            arguments
                .first()
                .filter(|value| !value.is_nullish())
                .map_or(default, |value| value.to_number().max(0.0) as usize)
        };
        Ok(Some(match name {
            "first" => self.items(arguments)?.first().map_or(Value::Undefined, item_value),
            "last" => self.items(arguments)?.last().map_or(Value::Undefined, item_value),
            "all" => self.all(arguments)?,
            "pairedItem" | "itemMatching" => item_value(&self.linked(at(self.item))?.1),
            _ => return Ok(None),
        }))
    }
}

/// `$node`, whose fields are nodes.
pub(crate) struct NodesObject {
    world: Arc<World>,
    frame: Arc<Frame>,
    item: usize,
}
opaque!(NodesObject);

impl NodesObject {
    pub(crate) fn value(world: Arc<World>, frame: Arc<Frame>, item: usize) -> Value {
        Value::Exotic(Arc::new(Self { world, frame, item }))
    }
}

impl Exotic for NodesObject {
    fn to_json(&self) -> Value {
        Value::object()
    }

    fn to_text(&self) -> String {
        "[object Object]".into()
    }

    fn get(&self, name: &str) -> Result<Value, ExpressionError> {
        let Some(node) = self.world.workflow.index_of(name) else {
            return Err(refused("Referenced node doesn't exist"));
        };
        let node = NodeObject::new(self.world.clone(), self.frame.clone(), self.item, node);
        Ok(Value::Exotic(Arc::new(OldNode { node })))
    }
}

/// `$node["Node"]`.
struct OldNode {
    node: NodeObject,
}
opaque!(OldNode);

impl OldNode {
    /// The linked item; where links say nothing, the item of the same index, as before there were links.
    fn item(&self) -> Result<Item, ExpressionError> {
        match self.node.linked(self.node.item) {
            Ok((_, item)) => Ok(item),
            Err(error) => {
                let items = self.node.items(&[])?;
                items.get(self.node.item).or_else(|| items.first()).cloned().ok_or(error)
            }
        }
    }
}

impl Exotic for OldNode {
    fn to_json(&self) -> Value {
        Value::object()
    }

    fn to_text(&self) -> String {
        "[object Object]".into()
    }

    fn get(&self, name: &str) -> Result<Value, ExpressionError> {
        Ok(match name {
            "json" | "data" => Value::Object(self.item()?.json),
            "binary" => binary_value(self.item()?.binary.as_deref().map_or(&[], Vec::as_slice)),
            "parameter" => parameters(&self.node.world.workflow.nodes[self.node.node]),
            "runIndex" => Value::from(self.node.world.runs[self.node.node].len().saturating_sub(1)),
            "context" => Value::from(self.node.world.memories[self.node.node].context.clone()),
            _ => Value::Undefined,
        })
    }
}

/// `$item(i)`: the variables of another item.
pub(crate) struct OtherItem {
    world: Arc<World>,
    frame: Arc<Frame>,
    item: usize,
}
opaque!(OtherItem);

impl OtherItem {
    pub(crate) fn value(world: Arc<World>, frame: Arc<Frame>, item: usize) -> Value {
        Value::Exotic(Arc::new(Self { world, frame, item }))
    }
}

impl Exotic for OtherItem {
    fn to_json(&self) -> Value {
        Value::object()
    }

    fn to_text(&self) -> String {
        "[object Object]".into()
    }

    fn get(&self, name: &str) -> Result<Value, ExpressionError> {
        Ok(match name {
            "$json" | "$data" => {
                self.frame.items().get(self.item).map_or(Value::Undefined, |item| Value::Object(item.json.clone()))
            }
            "$node" => NodesObject::value(self.world.clone(), self.frame.clone(), self.item),
            "$itemIndex" | "$position" => Value::from(self.item),
            _ => Value::Undefined,
        })
    }
}

/// `$env`: the variables that the operator allows; every other one is refused.
#[derive(Debug)]
pub(crate) struct Environment(Arc<Object>);

impl Environment {
    pub(crate) fn value(allowed: Arc<Object>) -> Value {
        Value::Exotic(Arc::new(Self(allowed)))
    }
}

impl Exotic for Environment {
    fn to_json(&self) -> Value {
        Value::Object(self.0.clone())
    }

    fn to_text(&self) -> String {
        "[object Object]".into()
    }

    fn get(&self, name: &str) -> Result<Value, ExpressionError> {
        self.0.get(name).cloned().ok_or_else(|| refused("access to env vars denied"))
    }
}

/// The links of an item as the run data has them.
pub(crate) fn links_json(links: &Links) -> Option<Value> {
    let one = |link: &crate::item::Link| {
        let mut json = Object::from_iter([("item", Value::from(link.item as usize))]);
        if link.input > 0 {
            json.insert("input", Value::from(usize::from(link.input)));
        }
        if let Some(source) = &link.source {
            let source = Object::from_iter([
                ("previousNode", Value::from(source.node.clone())),
                ("previousNodeOutput", Value::from(source.output)),
                ("previousNodeRun", Value::from(source.run)),
            ]);
            json.insert("sourceOverwrite", source.into());
        }
        Value::from(json)
    };
    match links {
        Links::None => None,
        Links::One(link) => Some(one(link)),
        Links::Many(links) => Some(Value::list(links.iter().map(one))),
    }
}
