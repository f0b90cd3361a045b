//! A frame at one item: what `{{ }}` sees.

use super::objects::{InputObject, NodeObject, NodesObject, item_value};
use super::{Frame, Mode, World};
use crate::expression::{Expression, ExpressionError, Scope};
use crate::item::Items;
use crate::port::{Ports, random};
use crate::value::{Object, Str, Value};
use jiff::tz::TimeZone;
use pmos_kit::Millis;
use std::sync::Arc;

/// What an expression sees at one item of one run of a node.
#[derive(Clone)]
pub struct ItemScope<'a> {
    world: &'a Arc<World>,
    frame: &'a Arc<Frame>,
    item: usize,
    ports: &'a Ports,
}

impl<'a> ItemScope<'a> {
    /// The scope of item `item` of the frame's main input.
    pub fn new(world: &'a Arc<World>, frame: &'a Arc<Frame>, item: usize, ports: &'a Ports) -> Self {
        Self { world, frame, item, ports }
    }

    /// The value of an expression at this item, if the sandbox has evaluated it.
    pub(crate) fn of_sandbox(&self, text: &str) -> Option<Result<Value, String>> {
        self.frame.from_sandbox.get(text)?.get(self.item).cloned()
    }

    /// What code in the sandbox can see, as JSON. Of the other nodes it holds those that `code` names; all of them where
    /// the name is computed.
    pub fn as_json(&self, code: &[Str]) -> Value {
        let mut nodes = Object::new();
        for (index, node) in self.world.workflow.nodes.iter().enumerate() {
            if !self.world.runs[index].is_empty() && code.iter().any(|code| mentions(code, &node.name)) {
                nodes.insert(node.name.clone(), self.node_json(index));
            }
        }
        let facts = &self.world.facts;
        Value::from(Object::from_iter([
            ("now", Value::from(self.now())),
            ("zone", Value::from(facts.zone.iana_name().unwrap_or("UTC"))),
            ("workflow", self.workflow()),
            ("execution", self.execution()),
            ("mode", Value::from(facts.mode.as_str())),
            ("vars", Value::from(facts.vars.clone())),
            ("env", Value::from(facts.env.clone())),
            ("prevNode", self.previous()),
            ("runIndex", Value::from(self.frame.run)),
            ("node", Value::from(self.frame.node.name.clone())),
            ("nodeId", Value::from(self.frame.node.id.clone())),
            ("nodeVersion", Value::from(self.frame.node.version)),
            ("params", super::objects::parameters(&self.frame.node)),
            ("context", Value::from(self.world.memories[self.frame.index].context.clone())),
            ("staticData", Value::from(self.world.static_data.clone())),
            ("customData", Value::from(self.world.custom_data.clone())),
            ("names", Value::list(self.world.workflow.nodes.iter().map(|node| Value::from(node.name.clone())))),
            ("nodes", Value::from(nodes)),
        ]))
    }

    /// `{params, context, runs: [[items of output 0, …], …], output, links: [where each input item comes from]}`.
    fn node_json(&self, index: usize) -> Value {
        let node = NodeObject::new(self.world.clone(), self.frame.clone(), self.item, index);
        let items = |items: &Items| Value::list(items.iter().map(item_value));
        let runs = self.world.runs[index].iter().map(|run| Value::list(run.outputs.iter().map(items)));
        let links = (0..self.frame.items().len()).map(|item| node.link_json(item));
        Value::from(Object::from_iter([
            ("params", super::objects::parameters(&self.world.workflow.nodes[index])),
            ("context", Value::from(self.world.memories[index].context.clone())),
            ("output", Value::from(node.default_output())),
            ("runs", Value::list(runs)),
            ("links", Value::list(links)),
        ]))
    }

    fn workflow(&self) -> Value {
        let workflow = &self.world.workflow;
        Value::from(Object::from_iter([
            ("id", Value::from(workflow.id.clone().unwrap_or_default())),
            ("name", Value::from(workflow.name.clone())),
            ("active", Value::from(workflow.active)),
        ]))
    }

    fn execution(&self) -> Value {
        let facts = &self.world.facts;
        Value::from(Object::from_iter([
            ("id", Value::from(facts.execution_id.clone())),
            ("mode", Value::from(if facts.mode == Mode::Manual { "test" } else { "production" })),
            ("resumeUrl", Value::from(facts.resume_url.clone())),
            ("resumeFormUrl", Value::from(facts.resume_form_url.clone())),
            // Only code can set it: the object is there, its methods are not.
            ("customData", Value::object()),
        ]))
    }

    fn previous(&self) -> Value {
        let Some(source) = self.frame.source() else { return Value::object() };
        Value::from(Object::from_iter([
            ("name", Value::from(source.node.clone())),
            ("outputIndex", Value::from(source.output)),
            ("runIndex", Value::from(source.run)),
        ]))
    }

    /// The node's parameters with their expressions evaluated: `$parameter`.
    fn parameters(&self) -> Result<Value, ExpressionError> {
        let mut resolved = Object::new();
        for (key, value) in self.frame.node.parameters.iter() {
            let value = match value {
                // An expression that reads $parameter again would never end.
                Value::String(text) if text.starts_with('=') && !text.contains("$parameter") => {
                    Expression::compile(text)?.evaluate(self)?
                }
                other => other.clone(),
            };
            resolved.insert(key.clone(), value);
        }
        Ok(resolved.into())
    }

    fn binary(&self) -> Value {
        let files = self.frame.items().get(self.item).and_then(|item| item.binary.clone());
        super::objects::binary_value(files.as_deref().map_or(&[], Vec::as_slice))
    }

    fn node(&self, name: &Value) -> Result<NodeObject, ExpressionError> {
        let name = name.to_text();
        match self.world.workflow.index_of(&name) {
            Some(index) => Ok(NodeObject::new(self.world.clone(), self.frame.clone(), self.item, index)),
            None => Err(ExpressionError::Refused("Referenced node doesn't exist".into())),
        }
    }

    /// `$items(name?, output?, run?)`.
    fn items(&self, arguments: &[Value]) -> Result<Value, ExpressionError> {
        match arguments.first() {
            None | Some(Value::Undefined) => Ok(Value::list(self.frame.items().iter().map(item_value))),
            Some(name) => self.node(name)?.all(&arguments[1..]),
        }
    }
}

impl Scope for ItemScope<'_> {
    fn json(&self) -> Value {
        match self.frame.items().get(self.item) {
            Some(item) => Value::Object(item.json.clone()),
            None => Value::object(),
        }
    }

    fn variable(&self, name: &str) -> Result<Option<Value>, ExpressionError> {
        let node = &self.frame.node;
        Ok(Some(match name {
            "$json" | "$data" => self.json(),
            "$binary" => self.binary(),
            "$input" => InputObject::value(self.world.clone(), self.frame.clone(), self.item),
            "$node" => NodesObject::value(self.world.clone(), self.frame.clone(), self.item),
            "$prevNode" => self.previous(),
            "$itemIndex" | "$position" => Value::from(self.item),
            "$runIndex" => Value::from(self.frame.run),
            "$mode" => Value::from(self.world.facts.mode.as_str()),
            "$nodeVersion" => Value::from(node.version),
            "$nodeId" => Value::from(node.id.clone()),
            "$webhookId" => node.webhook_id.clone().map_or(Value::Undefined, Value::from),
            "$parameter" | "$self" => self.parameters()?,
            "$rawParameter" => Value::from(node.parameters.clone()),
            "$workflow" => self.workflow(),
            "$execution" => self.execution(),
            "$vars" => Value::from(self.world.facts.vars.clone()),
            "$env" => super::objects::Environment::value(self.world.facts.env.clone()),
            _ => return Ok(None),
        }))
    }

    fn call(&self, function: &str, arguments: &[Value]) -> Result<Option<Value>, ExpressionError> {
        Ok(Some(match function {
            "$" => Value::Exotic(Arc::new(self.node(arguments.first().unwrap_or(&Value::Undefined))?)),
            "$items" => self.items(arguments)?,
            "$item" => {
                let item = arguments.first().map_or(f64::NAN, Value::to_number);
                let index = if item >= 0.0 { item as usize } else { self.item };
                super::objects::OtherItem::value(self.world.clone(), self.frame.clone(), index)
            }
            // Outside the tools of an agent nobody chooses a value: the default, if there is one.
            "$fromAI" | "$fromAi" | "$fromai" => arguments.get(3).cloned().unwrap_or_default(),
            _ => return Ok(None),
        }))
    }

    fn now(&self) -> Millis {
        self.ports.clock.now()
    }

    fn zone(&self) -> &TimeZone {
        &self.world.facts.zone
    }

    fn random(&self) -> f64 {
        random(self.ports.chance.as_ref())
    }
}

/// May this code read the node's data? By its name, or by a name that is computed.
fn mentions(code: &str, name: &str) -> bool {
    let computed = ["$(", "$node[", "$items("].iter().any(|call| {
        code.match_indices(call).any(|(at, _)| {
            let rest = code[at + call.len()..].trim_start();
            !rest.starts_with(['"', '\'', '`', ')'])
        })
    });
    // A name with quotes or backslashes in it is escaped in code.
    computed || code.contains(name) || name.contains(['\'', '"', '\\', '`'])
}
