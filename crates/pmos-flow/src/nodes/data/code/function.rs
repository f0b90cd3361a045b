//! Function and Function Item: what came before Code.

use super::{returned, run, thrown};
use crate::item::Item;
use crate::node::{BoxFuture, Context, Given, Group, NodeError, NodeType, Property, Run};
use crate::port::ScriptForm;
use crate::value::{Str, Value};

/// Runs code once for all items.
pub(in crate::nodes::data) static FUNCTION: NodeType = NodeType {
    name: "n8n-nodes-base.function",
    title: "Function",
    summary: "Runs JavaScript once for all items. Code does it in newer workflows.",
    group: Group::Data,
    properties: &[Property::text("functionCode")],
    run: Run::Effect(function),
    ..NodeType::BASE
};

/// Runs code for each item.
pub(in crate::nodes::data) static FUNCTION_ITEM: NodeType = NodeType {
    name: "n8n-nodes-base.functionItem",
    title: "Function Item",
    summary: "Runs JavaScript for each item. Code does it in newer workflows.",
    group: Group::Data,
    properties: &[Property::text("functionCode")],
    run: Run::Effect(function_item),
    ..NodeType::BASE
};

fn function<'a>(context: &'a mut Context<'_>) -> BoxFuture<'a, Result<Given, NodeError>> {
    Box::pin(async move {
        let code = context.text("functionCode", 0)?;
        let values = run(context, ScriptForm::Function, code).await?;
        let value =
            values.into_iter().next().unwrap_or(Ok(Value::Undefined)).map_err(|error| thrown(&error, Some(None)))?;
        let list = match &value {
            Value::Undefined => return Err(NodeError::new("No data got returned. Always return an Array of items!")),
            Value::Array(list) => list,
            _ => return Err(NodeError::new("Always an Array of items has to be returned!")),
        };
        Ok(list.iter().enumerate().map(|(at, item)| one(item, at)).collect::<Result<Vec<_>, _>>()?.into())
    })
}

fn one(item: &Value, at: usize) -> Result<Item, NodeError> {
    let words = match (item.get("json"), item.get("binary")) {
        (Value::Undefined, _) => "All returned items have to contain a property named \"json\"!",
        (json, _) if json.as_object().is_none() => "The json-property has to be an object!",
        (_, binary) if !binary.is_nullish() && binary.as_object().is_none() => {
            "The binary-property has to be an object!"
        }
        _ => return returned::read(item, at),
    };
    Err(NodeError::new(words))
}

fn function_item<'a>(context: &'a mut Context<'_>) -> BoxFuture<'a, Result<Given, NodeError>> {
    Box::pin(async move {
        // The code returns fields alone, and sets files by a call. What stands around it is on its first line, so that
        // the lines of errors stay right.
        let code = context.text("functionCode", 0)?;
        let around = format!(
            "const $fields = await (async function () {{ {code}\n}}).call(this); return {{ json: $fields, binary: getBinaryData() }};"
        );
        let values = run(context, ScriptForm::FunctionItem, Str::from(around)).await?;
        let mut given = Vec::with_capacity(values.len());
        for (at, value) in values.into_iter().enumerate() {
            let made = match value {
                Err(error) => Err(thrown(&error, Some(Some(at)))),
                Ok(item) if item.get("json").as_object().is_none() => {
                    Err(NodeError::new("No data got returned. Always return an object!"))
                }
                Ok(item) => returned::read(&item, at),
            };
            given.push(made.map(|item| item.linked(at)).or_else(|error| context.failed(error, at))?);
        }
        Ok(given.into())
    })
}
