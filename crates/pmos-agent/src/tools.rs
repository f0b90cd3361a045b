//! The port to what a model may do.

use crate::{ToolCall, ToolSpec};
use async_trait::async_trait;
use std::sync::Arc;

/// The tools of one turn. Grants, approvals and taint are decided behind this port.
#[async_trait]
pub trait Tools: Send + Sync {
    /// What the model is told that it may use. Read once per turn; a call to any other name is answered with an error.
    fn specs(&self) -> Arc<[ToolSpec]>;

    /// Run one call to its end. A failure is an answer too: the model reads it and goes on.
    /// An abort drops the future at whatever it awaits.
    async fn call(&self, call: &ToolCall) -> ToolResult;
}

/// What a tool answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToolResult {
    /// What the model reads.
    pub content: String,
    /// Did the tool fail?
    pub is_error: bool,
}

impl ToolResult {
    /// The tool did what was asked.
    pub fn ok(content: impl Into<String>) -> Self {
        Self { content: content.into(), is_error: false }
    }

    /// The tool failed; the words tell the model what to do about it.
    pub fn error(content: impl Into<String>) -> Self {
        Self { content: content.into(), is_error: true }
    }
}

/// An agent without tools.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoTools;

#[async_trait]
impl Tools for NoTools {
    fn specs(&self) -> Arc<[ToolSpec]> {
        Arc::default()
    }

    async fn call(&self, call: &ToolCall) -> ToolResult {
        ToolResult::error(format!("there is no tool {:?}", call.name))
    }
}
