//! Expressions whose values are known: four groups in one file.

use super::world;
use crate::data::{Facts, Frame, ItemScope, NodeRun, Status, World};
use crate::expression::{Expression, ExpressionError, check};
use crate::filter;
use crate::format::Workflow;
use crate::item::{Item, Items, Source};
use crate::port::{Ports, Sandbox, Script, ScriptForm};
use crate::value::{self, Object, Value};
use jiff::tz::TimeZone;
use std::path::Path;
use std::sync::Arc;

use super::Verdict;

/// Judges all four groups of a file: `cases`, `workflow`, `filter`, `typeValidation`.
pub async fn expressions(file: &Path, sandbox: Arc<dyn Sandbox>) -> Result<Vec<Verdict>, String> {
    let file = super::read_json(file)?;
    let zone = TimeZone::get(super::DEFAULT_ZONE).map_err(|error| error.to_string())?;
    let mut verdicts = alone(&file, &sandbox).await;
    verdicts.extend(rules(&file, &zone));
    let items: Items =
        Arc::new(file.get("workflow").get("items").as_array().unwrap_or_default().iter().map(Item::read).collect());
    for case in file.get("workflow").get("cases").as_array().unwrap_or_default() {
        verdicts.push(Verdict {
            id: format!("workflow/{}", case.get("name").to_text()),
            family: "expressions: workflow".into(),
            differences: in_workflow(case, &items, sandbox.clone()).await.err().into_iter().collect(),
        });
    }
    Ok(verdicts)
}

/// The group `cases`: expressions without a workflow around them. What the native evaluator does not cover is evaluated in
/// the sandbox.
async fn alone(file: &Value, sandbox: &Arc<dyn Sandbox>) -> Vec<Verdict> {
    let cases = file.get("cases").as_array().unwrap_or_default();
    let mut verdicts = Vec::with_capacity(cases.len());
    for (case, result) in cases.iter().zip(check::run_cases(file)) {
        let outcome = match result.verdict {
            check::Verdict::Passed => Ok(()),
            check::Verdict::Failed(words) => Err(words),
            check::Verdict::Uncovered(_) => in_sandbox(case, &result.expression, sandbox.clone()).await,
        };
        verdicts.push(Verdict {
            id: format!("cases/{}", result.id),
            family: "expressions: alone".into(),
            differences: outcome.err().map(|words| format!("{}: {words}", result.expression)).into_iter().collect(),
        });
    }
    verdicts
}

async fn in_sandbox(case: &Value, text: &str, sandbox: Arc<dyn Sandbox>) -> Result<(), String> {
    let mut items: Vec<Item> = case.get("input").as_array().unwrap_or_default().iter().map(Item::read).collect();
    if items.is_empty() {
        items.push(Item::default());
    }
    let values = values(text, &Arc::new(items), sandbox).await;
    match (case.get("error").as_str(), values) {
        (Some(words), Err(error)) if error == words => Ok(()),
        (Some(words), other) => Err(format!("gave {other:?}, expected the error {words:?}")),
        (None, Err(error)) => Err(format!("failed: {error}")),
        (None, Ok(values)) => match values.first() {
            Some(value) if check::matches(case.get("expected"), value) => Ok(()),
            value => Err(format!("gave {value:?}, expected {}", value::to_string(case.get("expected")))),
        },
    }
}

/// The groups `filter` and `typeValidation`.
fn rules(file: &Value, zone: &TimeZone) -> Vec<Verdict> {
    let checked = filter::check::check(file, zone);
    let verdict =
        |id: String, differences: Vec<String>| Verdict { id, family: "expressions: rules".into(), differences };
    let passed = (0..checked.passed).map(|at| verdict(format!("rules/{at}"), Vec::new()));
    let failed = checked
        .failed
        .into_iter()
        .map(|words| verdict(words.split(':').next().unwrap_or_default().to_owned(), vec![words.clone()]));
    passed.chain(failed).collect()
}

/// Evaluates one expression for each item in a node behind another.
async fn values(text: &str, items: &Items, sandbox: Arc<dyn Sandbox>) -> Result<Vec<Value>, String> {
    let workflow = Arc::new(workflow(text)?);
    let facts =
        Facts { zone: TimeZone::get(super::DEFAULT_ZONE).map_err(|error| error.to_string())?, ..Facts::default() };
    let mut world = World::new(workflow.clone(), Arc::new(facts));
    world.runs[0] = vec![run(&[Item::default()], None)];
    world.runs[1] = vec![run(items, Some("Trigger"))];
    let frame = Frame {
        node: workflow.nodes[2].clone(),
        index: 2,
        inputs: vec![items.clone()],
        sources: vec![Some(source("Data"))],
        ..Frame::default()
    };
    let (world, frame) = (Arc::new(world), Arc::new(frame));
    let ports = world::ports(Path::new("/"), &Value::Undefined, &Value::Undefined, sandbox);
    evaluate(text, items, &world, &frame, &ports).await
}

/// One case of the group `workflow`.
async fn in_workflow(case: &Value, items: &Items, sandbox: Arc<dyn Sandbox>) -> Result<(), String> {
    let text = case.get("expression").as_str().ok_or("the case has no expression")?;
    let result = values(text, items, sandbox).await;
    match (case.get("error").as_str(), result) {
        (Some(words), Err(error)) if error == words => Ok(()),
        (Some(words), Err(error)) => Err(format!("the error is {error:?}, expected {words:?}")),
        (Some(words), Ok(values)) => {
            Err(format!("the values are {}, expected the error {words:?}", value::to_string(&Value::from(values))))
        }
        (None, Err(error)) => Err(format!("failed: {error}")),
        (None, Ok(values)) => {
            let ours = Value::from(values);
            let expected = case.get("perItem");
            if ours == *expected {
                Ok(())
            } else {
                Err(format!("the values are {}, expected {}", value::to_string(&ours), value::to_string(expected)))
            }
        }
    }
}

async fn evaluate(
    text: &str,
    items: &Items,
    world: &Arc<World>,
    frame: &Arc<Frame>,
    ports: &Ports,
) -> Result<Vec<Value>, String> {
    if !text.starts_with('=') {
        return Ok(vec![Value::from(text); items.len()]);
    }
    let expression = Expression::compile(text).map_err(|error| error.to_string())?;
    let native: Result<Vec<Value>, ExpressionError> =
        (0..items.len()).map(|item| expression.evaluate(&ItemScope::new(world, frame, item, ports))).collect();
    let values = match native {
        Err(ExpressionError::Uncovered(_)) => {
            let code = vec![text.into()];
            let sees = ItemScope::new(world, frame, 0, ports).as_json(&code);
            let script = Script {
                form: ScriptForm::Expressions,
                code,
                items: items.clone(),
                sees,
                timeout_ms: 5_000,
                memory_bytes: 128 << 20,
            };
            let output = ports.sandbox.run(script).await.map_err(|error| error.message)?;
            output.values.into_iter().collect::<Result<Vec<_>, _>>().map_err(|error| error.message)?
        }
        other => other.map_err(|error| error.to_string())?,
    };
    if let Some(function) = values.iter().find(|value| value.type_of() == "function") {
        return Err(format!("Expression evaluation failed: {} could not be cloned.", function.to_text()));
    }
    Ok(values
        .into_iter()
        .map(|value| if let Value::Undefined = value.clone().into_json() { Value::Null } else { value.into_json() })
        .collect())
}

/// Trigger → Data → Edit Fields, and Never beside them.
fn workflow(expression: &str) -> Result<Workflow, String> {
    let node = |id: &str, name: &str, kind: &str, version: f64, parameters: Value| {
        Value::from(Object::from_iter([
            ("id", Value::from(id)),
            ("name", name.into()),
            ("type", format!("n8n-nodes-base.{kind}").into()),
            ("typeVersion", version.into()),
            ("position", Value::list([])),
            ("parameters", parameters),
        ]))
    };
    let to = |name: &str| {
        let target = Object::from_iter([("node", Value::from(name)), ("type", "main".into()), ("index", 0.into())]);
        Value::from(Object::from_iter([("main", Value::list([Value::list([target.into()])]))]))
    };
    let code = Object::from_iter([("jsCode", Value::from("return items;"))]);
    let file = Object::from_iter([
        ("id", Value::from("w1")),
        ("name", format!("expression: {expression}").into()),
        (
            "nodes",
            Value::list([
                node("n1", "Trigger", "manualTrigger", 1.0, Value::object()),
                node("n2", "Data", "code", 2.0, code.into()),
                node("n3", "Edit Fields", "set", 3.4, Value::object()),
                node("n4", "Never", "noOp", 1.0, Value::object()),
            ]),
        ),
        ("connections", Object::from_iter([("Trigger", to("Data")), ("Data", to("Edit Fields"))]).into()),
        ("settings", Object::from_iter([("executionOrder", Value::from("v1"))]).into()),
    ]);
    Workflow::read(&file.into()).map_err(|error| error.to_string())
}

fn source(node: &str) -> Source {
    Source { node: node.into(), output: 0, run: 0 }
}

fn run(items: &[Item], from: Option<&str>) -> NodeRun {
    NodeRun {
        started_at: 0,
        took_ms: 0,
        execution_index: usize::from(from.is_some()),
        status: Status::Success,
        sources: from.map(|node| Some(source(node))).into_iter().collect(),
        outputs: vec![Arc::new(items.to_vec())],
        error: None,
        metadata: None,
        hints: Vec::new(),
    }
}
