//! Splits a parameter's text at `{{` and `}}`.

use super::ExpressionError;
use super::syntax::{self, Program};
use crate::value::Str;

/// A piece of a text.
#[derive(Debug)]
pub(super) enum Part {
    Text(Str),
    Code(Program),
    /// Code that cannot run here, and why.
    Stopped(ExpressionError),
}

/// The pieces of a text without its `=`.
///
/// The first `}}` closes, wherever it stands; `\}\}` stands for one that does not. A backslash before `{{` keeps it text.
/// Code without end goes on to the end of the text.
pub(super) fn split(text: &str) -> Result<Vec<Part>, ExpressionError> {
    let mut parts = Vec::new();
    let mut rest = text;
    let mut plain = String::new();
    while let Some(open) = rest.find("{{") {
        let escaped = rest[..open].bytes().rev().take_while(|byte| *byte == b'\\').count() % 2 == 1;
        if escaped {
            plain.push_str(&rest[..open + 2]);
            rest = &rest[open + 2..];
            continue;
        }
        plain.push_str(&rest[..open]);
        if !plain.is_empty() {
            parts.push(Part::Text(std::mem::take(&mut plain).into()));
        }
        let code = &rest[open + 2..];
        let (code, behind) = match code.find("}}") {
            Some(close) => (&code[..close], &code[close + 2..]),
            None => (code, ""),
        };
        parts.push(part(code)?);
        rest = behind;
    }
    plain.push_str(rest);
    if !plain.is_empty() || parts.is_empty() {
        parts.push(Part::Text(plain.into()));
    }
    Ok(parts)
}

fn part(code: &str) -> Result<Part, ExpressionError> {
    let code = code.replace("\\}\\}", "}}").replace("\\{\\{", "{{");
    match syntax::parse(&code) {
        Ok(program) => Ok(Part::Code(program)),
        Err(error @ ExpressionError::Syntax(_)) => Err(error),
        Err(error) => Ok(Part::Stopped(error)),
    }
}
