//! How a command fails: words for a person, an object for a program, and a code for a script.

use super::output::{say_json, tell};
use pmos_kit::{Error, Kind};
use serde_json::{Value, json};
use std::process::ExitCode;

/// Why a command failed.
#[derive(Debug)]
pub(crate) struct Failure {
    code: Code,
    words: String,
    error: Value,
}

/// What the program exits with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Code {
    Failed = 1,
    Usage = 2,
    Refused = 3,
    Unavailable = 4,
}

impl Failure {
    pub(crate) fn new(code: Code, words: impl Into<String>) -> Self {
        let words = words.into();
        let name = match code {
            Code::Failed => "INTERNAL",
            Code::Usage => "INVALID_REQUEST",
            Code::Refused => "FORBIDDEN",
            Code::Unavailable => "UNAVAILABLE",
        };
        let error = json!({ "code": name, "message": words });
        Self { code, words, error }
    }

    pub(crate) fn failed(words: impl Into<String>) -> Self {
        Self::new(Code::Failed, words)
    }

    pub(crate) fn usage(words: impl Into<String>) -> Self {
        Self::new(Code::Usage, words)
    }

    pub(crate) fn unavailable(words: impl Into<String>) -> Self {
        Self::new(Code::Unavailable, words)
    }

    /// An error as a server sent it.
    pub(crate) fn remote(error: Value) -> Self {
        let code = error["code"].as_str().unwrap_or_default();
        let message = error["message"].as_str().unwrap_or("the server gave no reason");
        let words = match &error["requestId"] {
            Value::String(request) => format!("{code}: {message} ({request})"),
            _ => format!("{code}: {message}"),
        };
        Self { code: exit_code(code), words, error }
    }

    /// The same, where the program that reads the output has been told already.
    pub(crate) fn already_told(mut self) -> Self {
        self.error = Value::Null;
        self
    }

    /// The same, with more words.
    pub(crate) fn with_hint(mut self, hint: &str) -> Self {
        self.words.push_str(hint);
        self
    }

    /// Say on stderr what went wrong, on stdout too where a program reads it, and give the code to exit with.
    pub(super) fn report(self, json: bool) -> ExitCode {
        if !self.words.is_empty() {
            tell(&format!("pmos: {}", self.words));
        }
        // Whoever closed our output reads no error either.
        if json && !self.words.is_empty() && !self.error.is_null() {
            drop(say_json(&json!({ "error": self.error })));
        }
        ExitCode::from(self.code as u8)
    }
}

fn exit_code(code: &str) -> Code {
    match code {
        "INVALID_REQUEST" => Code::Usage,
        "UNAUTHENTICATED" | "FORBIDDEN" | "NOT_FOUND" | "QUOTA_EXCEEDED" | "NOT_PAIRED" => Code::Refused,
        "UNAVAILABLE" | "RATE_LIMITED" => Code::Unavailable,
        _ => Code::Failed,
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        // Whoever runs a command on the machine itself is who the cause is for.
        let words = match (error.kind(), error.cause()) {
            (Kind::Internal, Some(cause)) => format!("something went wrong: {cause}"),
            (_, Some(cause)) => format!("{} ({cause})", error.public()),
            (_, None) => error.public().to_owned(),
        };
        let body = json!({ "code": error.code(), "message": words });
        Self { code: exit_code(error.code()), words, error: body }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scripts_can_tell_refused_from_out_of_reach() {
        for (code, exit) in
            [("UNAUTHENTICATED", 3), ("NOT_FOUND", 3), ("UNAVAILABLE", 4), ("INVALID_REQUEST", 2), ("CONFLICT", 1)]
        {
            assert_eq!(Failure::remote(json!({ "code": code, "message": "x" })).code as u8, exit, "{code}");
        }
    }
}
