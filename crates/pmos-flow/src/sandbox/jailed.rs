//! The sandbox port, behind which stand workers of the jail.

use crate::item::Items;
use crate::port::{PortError, Sandbox, Script, ScriptError, ScriptForm, ScriptOutput};
use crate::run::items_json;
use crate::value::{self, Object, Value};
use async_trait::async_trait;
use pmos_jail::{Fault, Form, JailError, Limits, Pool, Request, Response};
use serde_json::value::RawValue;
use std::collections::HashMap;
use std::sync::Arc;

/// Workers of one key: what one workspace wrote never runs in the worker of another.
#[derive(Clone, Debug)]
pub struct Jailed {
    /// The workers.
    pub pool: Pool,
    /// The key, such as the id of a workspace.
    pub key: String,
}

/// A script may give as much as it may hold.
const OUTPUT_BYTES: u64 = 512 << 20;

#[async_trait]
impl Sandbox for Jailed {
    async fn run(&self, script: Script) -> Result<ScriptOutput, PortError> {
        let request = request(script)?;
        let response = self.pool.run(&self.key, request).await.map_err(refused)?;
        output(response)
    }
}

fn request(script: Script) -> Result<Request, PortError> {
    let Value::Object(sees) = script.sees else { return Err(PortError::new("a script sees an object")) };
    let mut sees = Arc::unwrap_or_clone(sees);
    let nodes = sees.remove("nodes").unwrap_or_else(Value::object);
    Ok(Request {
        form: match script.form {
            ScriptForm::AllItems => Form::AllItems,
            ScriptForm::EachItem => Form::EachItem,
            ScriptForm::Function => Form::Function,
            ScriptForm::FunctionItem => Form::FunctionItem,
            ScriptForm::Expressions => Form::Expressions,
        },
        code: script.code.iter().map(|code| code.to_string()).collect(),
        items: written(&script.items),
        nodes: value::to_string(&nodes).into_bytes(),
        sees: RawValue::from_string(value::to_string(&Object::into(sees)))
            .map_err(|error| PortError::new(error.to_string()))?,
        limits: Limits { time_ms: script.timeout_ms, memory_bytes: script.memory_bytes, output_bytes: OUTPUT_BYTES },
    })
}

fn written(items: &Items) -> Vec<u8> {
    value::to_string(&items_json(items)).into_bytes()
}

fn refused(error: JailError) -> PortError {
    PortError { transient: error.is_transient(), message: error.to_string() }
}

fn output(response: Response) -> Result<ScriptOutput, PortError> {
    let values = match value::parse_bytes(&response.values) {
        Ok(Value::Array(values)) => Arc::unwrap_or_clone(values),
        _ => return Err(PortError::new("the sandbox answered what is no list")),
    };
    let mut faults: HashMap<usize, Fault> = response.faults.into_iter().collect();
    let mut values: Vec<Result<Value, ScriptError>> = values
        .into_iter()
        .enumerate()
        .map(|(at, value)| match faults.remove(&at) {
            Some(Fault { name, message, line, description }) => Err(ScriptError { name, message, line, description }),
            None => Ok(value),
        })
        .collect();
    for at in response.undefined {
        if let Some(value) = values.get_mut(at) {
            *value = Ok(Value::Undefined);
        }
    }
    let parsed = |raw: Option<Box<RawValue>>| raw.and_then(|raw| value::parse(raw.get()).ok());
    Ok(ScriptOutput {
        values,
        console: response.console,
        static_data: parsed(response.static_data),
        custom_data: parsed(response.custom_data),
    })
}
