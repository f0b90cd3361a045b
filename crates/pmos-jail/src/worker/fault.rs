//! Errors of the engine in the words of V8, in which people look them up.

use super::callee::callee;
use crate::message::Fault;
use serde::Deserialize;

/// An error as the prelude caught it.
#[derive(Deserialize)]
pub(super) struct Thrown {
    name: String,
    message: String,
    stack: String,
    description: Option<String>,
}

impl Thrown {
    /// Did the engine run out of memory?
    pub(super) fn is_memory(&self) -> bool {
        self.name == "InternalError" && is_memory(&self.message)
    }

    /// The fault, with the place in `source`, if the code is one source.
    pub(super) fn into_fault(self, source: Option<&str>) -> Fault {
        let place = place(&self.stack);
        // Where the engine's own functions threw, what was called is not what the code names there.
        let is_direct = self.stack.lines().next().is_some_and(|line| line.contains("code:"));
        let called = || callee(source.filter(|_| is_direct)?, place?);
        let message = reword(&self.name, &self.message, called).unwrap_or(self.message);
        let name = if self.name == "InternalError" { "RangeError".to_owned() } else { self.name };
        // What a run of the whole is wrapped in stands behind the last line.
        let last = source.map_or(u32::MAX, |source| u32::try_from(source.lines().count().max(1)).unwrap_or(u32::MAX));
        Fault { name, message, line: place.map(|(line, _)| line.min(last)), description: self.description }
    }
}

/// Is this what the engine says when it has no memory left?
pub(super) fn is_memory(message: &str) -> bool {
    message == "out of memory"
}

/// The line and column of the first call that lies in the code: `    at f (code:3:12)`.
fn place(stack: &str) -> Option<(u32, u32)> {
    let (_, rest) = stack.split_once("code:")?;
    let mut numbers = rest.split(|c: char| !c.is_ascii_digit());
    Some((numbers.next()?.parse().ok()?, numbers.next().and_then(|column| column.parse().ok()).unwrap_or(0)))
}

fn reword(name: &str, message: &str, called: impl Fn() -> Option<String>) -> Option<String> {
    match name {
        "TypeError" => type_error(message, called),
        "ReferenceError" => between(message, "", " is not initialized")
            .map(|name| format!("Cannot access '{name}' before initialization")),
        "RangeError" => fixed(message, &RANGE_ERRORS),
        "InternalError" => fixed(message, &[("stack overflow", "Maximum call stack size exceeded")]),
        "SyntaxError" => match message.strip_prefix("Identifier ") {
            Some(_) => None,
            None => fixed(message, &SYNTAX_ERRORS),
        },
        "URIError" => Some("URI malformed".to_owned()),
        _ => None,
    }
}

fn type_error(message: &str, called: impl Fn() -> Option<String>) -> Option<String> {
    for nothing in ["undefined", "null"] {
        let of = format!("' of {nothing}");
        if let Some(key) = between(message, "cannot read property '", &of) {
            return Some(format!("Cannot read properties of {nothing} (reading '{key}')"));
        }
        if let Some(key) = between(message, "cannot set property '", &of) {
            return Some(format!("Cannot set properties of {nothing} (setting '{key}')"));
        }
    }
    if between(message, "'", "' is read-only").is_some() {
        return Some("Assignment to constant variable.".to_owned());
    }
    match message {
        "not a function" => called(),
        "value is not iterable" => called().map(|called| called.replace(" is not a function", " is not iterable")),
        _ => fixed(message, &TYPE_ERRORS),
    }
}

const TYPE_ERRORS: [(&str, &str); 9] = [
    ("cannot convert to object", "Cannot convert undefined or null to object"),
    ("circular reference", "Converting circular structure to JSON"),
    ("BigInt are forbidden in JSON.stringify", "Do not know how to serialize a BigInt"),
    ("invalid 'instanceof' right operand", "Right-hand side of 'instanceof' is not callable"),
    ("invalid 'in' operand", "Cannot use 'in' operator to search for a key in a value that is no object"),
    ("cannot convert symbol to string", "Cannot convert a Symbol value to a string"),
    ("cannot convert BigInt to number", "Cannot mix BigInt and other types, use explicit conversions"),
    ("empty array", "Reduce of empty array with no initial value"),
    ("object is not extensible", "Cannot add property, object is not extensible"),
];

const RANGE_ERRORS: [(&str, &str); 4] = [
    ("Date value is NaN", "Invalid time value"),
    ("invalid array length", "Invalid array length"),
    ("invalid number of digits", "toFixed() digits argument must be between 0 and 100"),
    ("invalid repeat count", "Invalid count value"),
];

const SYNTAX_ERRORS: [(&str, &str); 4] = [
    ("missing initializer for variable", "Missing initializer in const declaration"),
    ("unexpected end of string", "Invalid or unexpected token"),
    ("invalid redefinition of lexical identifier", "Identifier has already been declared"),
    ("expecting ';'", "Unexpected identifier"),
];

fn fixed(message: &str, words: &[(&str, &str)]) -> Option<String> {
    words.iter().find(|(own, _)| *own == message).map(|(_, theirs)| (*theirs).to_owned())
}

fn between<'a>(message: &'a str, start: &str, end: &str) -> Option<&'a str> {
    message.strip_prefix(start)?.strip_suffix(end)
}
