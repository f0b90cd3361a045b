//! Functions of the language as values.

use super::names::static_function;
use crate::expression::ExpressionError;
use crate::expression::interpreter::{Interpreter, Run, uncovered};
use crate::value::{Exotic, Object, Value};
use std::sync::Arc;

/// A function or a class of the language, or a namespace.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Native {
    /// What it belongs to; empty for what is a name by itself.
    pub(crate) owner: &'static str,
    pub(crate) name: &'static str,
}

impl From<Native> for Value {
    fn from(native: Native) -> Self {
        Value::Exotic(Arc::new(native))
    }
}

impl Native {
    fn is_namespace(self) -> bool {
        self.owner.is_empty() && matches!(self.name, "Math" | "JSON" | "Intl")
    }
}

impl Exotic for Native {
    fn to_json(&self) -> Value {
        if self.is_namespace() { Value::from(Object::new()) } else { Value::Undefined }
    }

    fn to_text(&self) -> String {
        if self.is_namespace() {
            return format!("[object {}]", self.name);
        }
        format!("function {}() {{ [native code] }}", self.name)
    }

    fn type_of(&self) -> &'static str {
        if self.is_namespace() { "object" } else { "function" }
    }

    fn get(&self, name: &str) -> Result<Value, ExpressionError> {
        if name == "name" && self.owner.is_empty() {
            return Ok(self.name.into());
        }
        if self.owner.is_empty()
            && let Some(function) = static_function(self.name, name)
        {
            return Ok(function.into());
        }
        Ok(Value::Undefined)
    }
}

/// `call` and `apply` of functions.
pub(super) fn method(own: &mut Interpreter<'_>, value: &Value, name: &str, arguments: &[Value]) -> Run<Option<Value>> {
    if let Some(native) = value.as_exotic::<Native>().filter(|native| native.owner.is_empty())
        && super::is_namespace(native.name)
        && let Some(result) = super::call_static(own, native.name, name, arguments.to_vec())?
    {
        return Ok(Some(result));
    }
    if value.type_of() != "function" {
        return Ok(None);
    }
    match name {
        "call" => own.call(value, arguments.get(1..).unwrap_or_default().to_vec()).map(Some),
        "apply" => {
            let list = match arguments.get(1) {
                None | Some(Value::Undefined | Value::Null) => Vec::new(),
                Some(list) => own.iterate(list)?,
            };
            own.call(value, list).map(Some)
        }
        "bind" => uncovered("bind"),
        _ => Ok(None),
    }
}
