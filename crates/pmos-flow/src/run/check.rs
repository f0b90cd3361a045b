//! What is wrong with a workflow, seen before it runs.

use crate::format::{Node, NodeIndex, Workflow};
use crate::node::{Parameter, is_there};
use crate::nodes;
use crate::value::{Str, Value};

/// Something that keeps a node from doing its work.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The node.
    pub node: Str,
    /// What is wrong and what to do.
    pub message: String,
    /// Does it only matter when the node is reached? An unknown type does: a run may never get there.
    pub when_reached: bool,
}

/// All that is wrong with the nodes of a workflow.
pub fn problems(workflow: &Workflow) -> Vec<Problem> {
    let twins = workflow.nodes.iter().enumerate().filter(|(at, node)| workflow.index_of(&node.name) != Some(*at)).map(
        |(_, node)| Problem {
            node: node.name.clone(),
            message: "another node has the same name, and this one is never reached: rename it".into(),
            when_reached: true,
        },
    );
    twins.chain(workflow.nodes.iter().filter(|node| !node.disabled).flat_map(|node| of_node(node))).collect()
}

/// What keeps a run that begins at `first` from starting: problems of the nodes that it can reach.
pub(super) fn before_start(workflow: &Workflow, first: NodeIndex) -> Option<Problem> {
    (0..workflow.nodes.len())
        .filter(|node| *node == first || workflow.connections.leads(first, *node))
        .map(|node| &workflow.nodes[node])
        .filter(|node| !node.disabled && !workflow.pin_data.contains_key(&node.name))
        .flat_map(|node| of_node(node))
        .find(|problem| !problem.when_reached)
}

fn of_node(node: &Node) -> Vec<Problem> {
    let problem = |message: String, when_reached| Problem { node: node.name.clone(), message, when_reached };
    let Some(kind) = nodes::find(&node.kind) else {
        return vec![problem(format!("its type {} is not known", node.kind), true)];
    };
    let mut problems = Vec::new();
    if !kind.versions.contains(&node.version) {
        let versions: Vec<String> = kind.versions.iter().map(f64::to_string).collect();
        problems.push(problem(
            format!("version {} of its type is not known, only {}", node.version, versions.join(", ")),
            true,
        ));
    }
    for property in kind.properties.iter().filter(|property| property.required) {
        let value = node.parameters.get(property.name);
        let missing = match value {
            None => property.default.value().as_str().is_none_or(str::is_empty),
            Some(Value::String(text)) => text.is_empty(),
            Some(Value::Null) => true,
            Some(_) => false,
        };
        if missing && is_there(property, kind.properties, &node.parameters, node.version, 0) {
            problems.push(problem(format!("parameter '{}' is required and has no value", property.name), false));
        }
    }
    for (name, value) in node.parameters.iter() {
        broken_expressions(&Parameter::compile(value), name, &mut |path, words| {
            problems.push(problem(format!("parameter '{path}': {words}"), true));
        });
    }
    problems
}

/// Calls `found` with the path and the words of each expression that cannot be compiled.
fn broken_expressions(parameter: &Parameter, path: &str, found: &mut impl FnMut(&str, &str)) {
    match parameter {
        Parameter::Broken(error) => found(path, error.message()),
        Parameter::Object(parts) => {
            parts.iter().for_each(|(key, part)| broken_expressions(part, &format!("{path}.{key}"), found))
        }
        Parameter::Array(parts) => {
            parts.iter().enumerate().for_each(|(at, part)| broken_expressions(part, &format!("{path}[{at}]"), found))
        }
        Parameter::Fixed(_) | Parameter::Expression(_) => {}
    }
}
