//! What can go wrong in an expression, and what it means for the node.

use std::fmt;

/// Why an expression has no value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ExpressionError {
    /// The text is no expression.
    Syntax(String),
    /// JavaScript threw: n8n swallows this, and the value is `undefined`.
    Thrown(String),
    /// n8n's own refusal (an unknown node, a missing link, a misused method): it stops the node.
    Refused(String),
    /// The native evaluator does not cover this: the sandbox does.
    Uncovered(String),
    /// A bound of time, memory or depth was reached.
    Limit(String),
}

impl ExpressionError {
    /// The words, as n8n has them where it has any.
    pub fn message(&self) -> &str {
        match self {
            Self::Syntax(words)
            | Self::Thrown(words)
            | Self::Refused(words)
            | Self::Uncovered(words)
            | Self::Limit(words) => words,
        }
    }
}

impl fmt::Display for ExpressionError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.message())
    }
}

impl std::error::Error for ExpressionError {}
