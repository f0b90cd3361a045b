//! Why a node failed.

use crate::expression::ExpressionError;
use crate::port::PortError;
use crate::value::Str;
use std::fmt;

/// Why a node failed: what went wrong, in n8n's words where it has any, and where.
#[derive(Debug, Clone, PartialEq)]
pub struct NodeError {
    /// What went wrong.
    pub message: String,
    /// More about it, and what to do.
    pub description: Option<String>,
    /// The item at which it happened.
    pub item: Option<usize>,
    /// The parameter at fault, as a path.
    pub parameter: Option<Str>,
    /// What it means for the engine.
    pub(crate) meaning: Meaning,
}

/// What an error means for the engine.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Meaning {
    /// The node failed.
    Failed,
    /// An expression needs the sandbox: the engine has it evaluated there, and runs the node again.
    NeedsSandbox(Str),
    /// The run must end, whatever the node says about errors: a limit, a cancellation, a call of unknown outcome.
    Fatal(Fatal),
}

/// Why a run must end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fatal {
    /// A limit was reached.
    Limit,
    /// Somebody stopped it.
    Canceled,
    /// A call was made before a crash, and nobody knows whether it took effect.
    Interrupted,
    /// The journal or another part of the house failed.
    House,
}

impl NodeError {
    /// A failure, in words.
    pub fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), description: None, item: None, parameter: None, meaning: Meaning::Failed }
    }

    /// A failure that ends the run, whatever the node says about errors.
    pub fn fatal(why: Fatal, message: impl Into<String>) -> Self {
        Self { meaning: Meaning::Fatal(why), ..Self::new(message) }
    }

    pub(crate) fn needs_sandbox(expression: &str) -> Self {
        Self {
            meaning: Meaning::NeedsSandbox(expression.into()),
            ..Self::new("this expression needs the JavaScript sandbox")
        }
    }

    /// The same, with more about it.
    #[must_use]
    pub fn described(mut self, description: impl Into<String>) -> Self {
        self.description = Some(description.into());
        self
    }

    /// The same, at this item.
    #[must_use]
    pub fn at_item(mut self, item: usize) -> Self {
        self.item.get_or_insert(item);
        self
    }

    /// The same, in this parameter.
    #[must_use]
    pub fn in_parameter(mut self, path: &str) -> Self {
        self.parameter.get_or_insert_with(|| path.into());
        self
    }

    /// May a node that goes on after errors go on after this one?
    pub fn may_go_on(&self) -> bool {
        self.meaning == Meaning::Failed
    }
}

impl fmt::Display for NodeError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)
    }
}

impl std::error::Error for NodeError {}

impl From<PortError> for NodeError {
    fn from(error: PortError) -> Self {
        Self::new(error.message)
    }
}

impl From<ExpressionError> for NodeError {
    fn from(error: ExpressionError) -> Self {
        match error {
            ExpressionError::Limit(words) => Self::fatal(Fatal::Limit, words),
            other => Self::new(other.message()),
        }
    }
}
