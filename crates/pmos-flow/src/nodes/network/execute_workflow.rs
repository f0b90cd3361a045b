//! Execute Workflow: another workflow, with the items of this one.

use super::client::{Auth, Draft, failure, send};
use crate::item::{Item, Items, Links};
use crate::node::{BoxFuture, Context, Given, Group, Kind, NodeError, NodeType, Property, Run, Shown};
use crate::value::{self, Object, Value};
use std::sync::Arc;

/// Runs another workflow.
pub(super) static EXECUTE_WORKFLOW: NodeType = NodeType {
    name: "n8n-nodes-base.executeWorkflow",
    title: "Execute Sub-workflow",
    summary: "Runs another workflow and returns what its last node gives.",
    group: Group::Flow,
    versions: &[1.0, 1.1, 1.2, 1.3],
    properties: &[
        Property::options("operation", "call_workflow", &["call_workflow"]),
        Property::options("source", "database", &["database", "localFile", "parameter", "url"]),
        Property::of("workflowId", Kind::Resource).when(&[Shown::is("source", &["database"])]),
        Property::text("workflowPath").when(&[Shown::is("source", &["localFile"])]),
        Property::of("workflowJson", Kind::Json).when(&[Shown::is("source", &["parameter"])]),
        Property::text("workflowUrl").when(&[Shown::is("source", &["url"])]),
        Property::of("workflowInputs", Kind::Mapper).when(&[Shown::is("source", &["database"])]).since(1.2),
        Property::options("mode", "once", &["once", "each"]).since(1.1),
        Property::options("mode", "once", &["once", "each"]).until(1.0),
        Property::collection("options", &[Property::bool("waitForSubWorkflow", true)]),
    ],
    run: Run::Effect(run),
    ..NodeType::BASE
};

fn run<'a>(context: &'a mut Context<'_>) -> BoxFuture<'a, Result<Given, NodeError>> {
    Box::pin(
        async move { if &*context.text("mode", 0)? == "each" { each(context).await } else { once(context).await } },
    )
}

/// All items in one run. What comes back is linked one to one where the numbers agree; the engine links what it can of the rest.
async fn once(context: &mut Context<'_>) -> Result<Given, NodeError> {
    let items = context.items();
    let (workflow, inputs) = match prepare(context, 0..items.len()).await {
        Ok(prepared) => prepared,
        Err(error) => return Ok(vec![context.failed(error, 0)?].into()),
    };
    if !waits(context, 0)? {
        context.call_workflow(0, &workflow, inputs).await?;
        return Ok(context.pass_on());
    }
    let (id, given) = match context.call_workflow(0, &workflow, inputs).await {
        Ok(called) => called,
        Err(error) => return Ok(vec![context.failed(error, 0)?].into()),
    };
    let count = given.len();
    let linked = given
        .into_iter()
        .enumerate()
        .map(|(at, item)| if count == items.len() { item.linked(at) } else { Item { links: Links::None, ..item } });
    Ok(Given { metadata: Some(sub_execution(&id, &workflow)), ..linked.collect::<Vec<_>>().into() })
}

/// A run for each item.
async fn each(context: &mut Context<'_>) -> Result<Given, NodeError> {
    let items = context.items();
    let mut given = Vec::new();
    let mut metadata = None;
    for item in 0..items.len() {
        context.go_on(0)?;
        match one(context, item).await {
            Ok((called, made)) => {
                metadata = Some(called);
                given.extend(made);
            }
            Err(error) => given.push(context.failed(error, item)?),
        }
    }
    Ok(Given { metadata, ..given.into() })
}

/// One item's run: which it was, and what it gave.
async fn one(context: &mut Context<'_>, item: usize) -> Result<(Value, Vec<Item>), NodeError> {
    let (workflow, inputs) = prepare(context, item..item + 1).await?;
    let (id, given) = context.call_workflow(item, &workflow, inputs).await?;
    if !waits(context, item)? {
        let own = context.items().get(item).cloned().unwrap_or_default();
        return Ok((sub_execution(&id, &workflow), vec![own.linked(item)]));
    }
    Ok((sub_execution(&id, &workflow), given.into_iter().map(|made| made.linked(item)).collect()))
}

fn waits(context: &mut Context<'_>, item: usize) -> Result<bool, NodeError> {
    Ok(context.get("options.waitForSubWorkflow", item)?.as_bool() != Some(false))
}

fn sub_execution(id: &str, workflow: &Value) -> Value {
    let child = Object::from_iter([("executionId", Value::from(id)), ("workflowId", workflow.get("id").clone())]);
    Object::from_iter([("subExecution", Value::from(child)), ("subExecutionsCount", 1.into())]).into()
}

/// The workflow, and the items that it gets.
async fn prepare(context: &mut Context<'_>, items: std::ops::Range<usize>) -> Result<(Value, Items), NodeError> {
    let first = items.start;
    let workflow = match &*context.text("source", first)? {
        "parameter" => parse(context.get("workflowJson", first)?, "The provided workflow is not valid JSON")?,
        "localFile" => {
            let path = context.text("workflowPath", first)?;
            let content = match context.read_file(&path).await {
                Ok(content) => content,
                Err(error) => {
                    return Err(
                        NodeError::new(format!("The file \"{path}\" could not be found")).described(error.message)
                    );
                }
            };
            parse(String::from_utf8_lossy(&content).into_owned().into(), "The file content is not valid JSON")?
        }
        "url" => download(context, first).await?,
        _ => {
            let id = context.resource("workflowId", first)?;
            if id.is_empty() {
                return Err(NodeError::new("Workflow ID must be provided"));
            }
            context.ports.workflows.by_id(&id).await?
        }
    };
    let own = context.items();
    let mut inputs = Vec::with_capacity(items.len());
    for item in items {
        let own = own.get(item).cloned().unwrap_or_default();
        inputs.push(match mapped(context, item)? {
            Some(json) => own.with_json(json),
            None => own,
        });
    }
    Ok((workflow, Arc::new(inputs)))
}

/// The fields that the node maps for the other workflow; nothing where it passes items as they are.
fn mapped(context: &mut Context<'_>, item: usize) -> Result<Option<Object>, NodeError> {
    let inputs = context.get("workflowInputs", item)?;
    let schema = inputs.get("schema").as_array().unwrap_or_default();
    if inputs.get("mappingMode").as_str() != Some("defineBelow") || schema.is_empty() {
        return Ok(None);
    }
    let values = inputs.get("value");
    let there = schema.iter().filter(|field| !field.get("removed").is_truthy()).map(|field| field.get("id").to_text());
    Ok(Some(
        there
            .map(|name| (name.clone(), values.get(&name).clone().into_json()))
            .map(|(name, value)| match value {
                Value::Undefined => (name, Value::Null),
                value => (name, value),
            })
            .collect(),
    ))
}

async fn download(context: &mut Context<'_>, item: usize) -> Result<Value, NodeError> {
    let draft = Draft {
        method: "GET".into(),
        url: context.text("workflowUrl", item)?.to_string(),
        redirects: 21,
        ..Draft::default()
    };
    // The call of the workflow itself has its own name; this one counts as the item's first request.
    let response = send(context, item, 0, &draft, &mut Auth::None).await?;
    if !(200..300).contains(&response.status) {
        return Err(failure(&response));
    }
    parse(String::from_utf8_lossy(&response.body).into_owned().into(), "The answer is not a workflow in JSON")
}

fn parse(given: Value, words: &str) -> Result<Value, NodeError> {
    match given {
        Value::String(text) => value::parse(&text).map_err(|error| NodeError::new(words).described(error.to_string())),
        other => Ok(other),
    }
}
