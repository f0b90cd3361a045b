//! Nodes that run JavaScript: Code, and what came before it. The code runs in the sandbox, once for all items.

mod function;
mod returned;

pub(super) use function::{FUNCTION, FUNCTION_ITEM};

use crate::item::Item;
use crate::node::{BoxFuture, Context, Given, Group, NodeError, NodeType, Property, Run, Shown};
use crate::port::{ScriptError, ScriptForm};
use crate::value::{Str, Value};

const ONCE: &str = "runOnceForAllItems";
const EACH: &str = "runOnceForEachItem";
const JAVASCRIPT: &[Shown] = &[Shown::is("language", &["javaScript"])];
const PYTHON: &[Shown] = &[Shown::is("language", &["python", "pythonNative"])];

/// Runs code.
pub(super) static CODE: NodeType = NodeType {
    name: "n8n-nodes-base.code",
    title: "Code",
    summary: "Runs JavaScript on its items.",
    group: Group::Data,
    versions: &[1.0, 2.0],
    properties: &[
        Property::options("mode", ONCE, &[ONCE, EACH]),
        Property::options("language", "javaScript", &["javaScript", "python", "pythonNative"]).since(2.0),
        Property::text("jsCode").until(1.0),
        Property::text("jsCode").since(2.0).when(JAVASCRIPT),
        Property::text("pythonCode").since(2.0).when(PYTHON),
    ],
    run: Run::Effect(code),
    ..NodeType::BASE
};

/// Runs code that a model wrote.
pub(super) static AI_TRANSFORM: NodeType = NodeType {
    name: "n8n-nodes-base.aiTransform",
    title: "AI Transform",
    summary: "Runs JavaScript that a model wrote from instructions.",
    group: Group::Data,
    properties: &[Property::text("instructions"), Property::text("codeGeneratedForPrompt"), Property::text("jsCode")],
    run: Run::Effect(|context| {
        Box::pin(async move {
            let code = context.text("jsCode", 0)?;
            if code.is_empty() {
                return Err(NodeError::new("Missing code to execute")
                    .described("Write the code, or have it written from the instructions."));
            }
            for_all_items(context, code).await
        })
    }),
    ..NodeType::BASE
};

fn code<'a>(context: &'a mut Context<'_>) -> BoxFuture<'a, Result<Given, NodeError>> {
    Box::pin(async move {
        if !matches!(&*context.text("language", 0)?, "javaScript" | "") {
            return Err(
                NodeError::new("Python does not run here: write this code in JavaScript").in_parameter("language")
            );
        }
        let code = context.text("jsCode", 0)?;
        if &*context.text("mode", 0)? == EACH {
            for_each_item(context, code).await
        } else {
            for_all_items(context, code).await
        }
    })
}

async fn for_all_items(context: &mut Context<'_>, code: Str) -> Result<Given, NodeError> {
    let values = run(context, ScriptForm::AllItems, code).await?;
    let value = values.into_iter().next().unwrap_or(Ok(Value::Undefined)).map_err(|error| thrown(&error, None))?;
    Ok(returned::for_all_items(value)?.into())
}

async fn for_each_item(context: &mut Context<'_>, code: Str) -> Result<Given, NodeError> {
    let values = run(context, ScriptForm::EachItem, code).await?;
    let mut given: Vec<Item> = Vec::with_capacity(values.len());
    for (at, value) in values.into_iter().enumerate() {
        match value {
            Ok(value) => given.extend(returned::for_item(value, at)?.map(|item| item.linked(at))),
            Err(error) => given.push(context.failed(thrown(&error, None), at)?),
        }
    }
    Ok(given.into())
}

/// Runs code in the sandbox; what it changed beside its items is kept.
async fn run(
    context: &mut Context<'_>,
    form: ScriptForm,
    code: Str,
) -> Result<Vec<Result<Value, ScriptError>>, NodeError> {
    let mut script = context.script(form, vec![code]);
    // Code sees each item linked to itself: what it returns as it got it is linked to where it came from.
    script.items = script.items.iter().enumerate().map(|(at, item)| item.clone().linked(at)).collect::<Vec<_>>().into();
    let output = context.ports.sandbox.run(script).await?;
    if let Some(Value::Object(changed)) = output.static_data {
        context.static_data = changed;
    }
    if let Some(Value::Object(set)) = output.custom_data {
        context.custom_data.extend(set.iter().map(|(key, value)| (key.clone(), value.clone())));
    }
    Ok(output.values)
}

/// An error that code threw, with its line. Old nodes write the place in another way: `old` is the item of a node that
/// has one, if it is one of them.
fn thrown(error: &ScriptError, old: Option<Option<usize>>) -> NodeError {
    let message = &error.message;
    let words = match (error.line, old) {
        (Some(line), None) => format!("{message} [line {line}]"),
        (Some(line), Some(None)) => format!("{message} [Line {line}]"),
        (Some(line), Some(Some(item))) => format!("{message} [Line {line} | Item Index: {item}]"),
        (None, _) => message.clone(),
    };
    let thrown = NodeError::new(words);
    match &error.description {
        Some(description) => thrown.described(description.clone()),
        None => thrown,
    }
}
