//! Runs the tree. One interpreter runs one `{{ }}` for one item.
//!
//! Lists and objects are shared values that never change once they are shared. Code may change those that nobody else
//! sees (`out.push(x)` on a local list); a change that others would see is left to the sandbox
//! ([`ExpressionError::Uncovered`]). So what is evaluated here is exactly what JavaScript does, or not evaluated here.

mod access;
mod closure;
mod error_value;
mod evaluate;
mod operator;
mod place;
mod quick;
mod statement;

pub(crate) use error_value::ErrorValue;
pub(crate) use operator::{Hint, compare_text, power, primitive, same, to_int32, to_number, to_text, to_uint32};
pub(crate) use quick::glance;

use super::syntax::{Body, Program};
use super::{ExpressionError, Scope};
use crate::value::{Str, Value};
use parking_lot::Mutex;
use std::sync::Arc;

/// How many steps an expression may take; a step is a few nanoseconds.
const MAX_STEPS: usize = if cfg!(test) { 1_000_000 } else { 20_000_000 };
/// How many bytes an expression may make.
const MAX_BYTES: usize = 64 << 20;
/// How much of the stack an expression may use.
const MAX_STACK: usize = 700 << 10;

/// Why evaluation stopped.
#[derive(Debug)]
pub(crate) enum Stop {
    /// A value was thrown: code can catch it.
    Thrown(Value),
    Error(ExpressionError),
}

pub(crate) type Run<T> = Result<T, Box<Stop>>;

impl From<ExpressionError> for Box<Stop> {
    fn from(error: ExpressionError) -> Self {
        Box::new(match error {
            ExpressionError::Thrown(message) => Stop::Thrown(ErrorValue::value("Error", message)),
            error => Stop::Error(error),
        })
    }
}

/// Throws a TypeError.
pub(crate) fn type_error<T>(message: impl Into<String>) -> Run<T> {
    Err(Box::new(Stop::Thrown(ErrorValue::value("TypeError", message))))
}

/// Throws a RangeError.
pub(crate) fn range_error<T>(message: impl Into<String>) -> Run<T> {
    Err(Box::new(Stop::Thrown(ErrorValue::value("RangeError", message))))
}

/// Leaves the expression to the sandbox.
pub(crate) fn uncovered<T>(what: impl Into<String>) -> Run<T> {
    Err(Box::new(Stop::Error(ExpressionError::Uncovered(what.into()))))
}

/// n8n's own refusal, which stops the node.
pub(crate) fn refused<T>(message: impl Into<String>) -> Run<T> {
    Err(Box::new(Stop::Error(ExpressionError::Refused(message.into()))))
}

/// A variable that functions share; nothing before it is declared.
pub(crate) type Cell = Arc<Mutex<Option<Value>>>;

/// A place in a frame.
#[derive(Clone, Debug)]
enum Slot {
    /// A variable before its declaration.
    Empty,
    Value(Value),
    Cell(Cell),
}

/// What runs one program.
pub(crate) struct Interpreter<'a> {
    pub(crate) scope: &'a dyn Scope,
    json: Value,
    /// The frames of the running functions, one behind the other.
    stack: Vec<Slot>,
    /// Where the frame of the running function begins.
    base: usize,
    /// What the running function took along.
    captures: Option<Arc<[Cell]>>,
    /// Was a part of the optional chain missing that is evaluated now?
    broken: bool,
    looks_once: bool,
    steps: usize,
    bytes: usize,
    /// Where the machine's stack was when evaluation began.
    stack_start: usize,
    /// Variables that code assigned to without declaring them.
    globals: Vec<(Str, Value)>,
    /// What may refer to itself, to be emptied in the end.
    pub(crate) cells: Vec<Cell>,
    pub(crate) collections: Vec<Value>,
    /// How often a value was put into another.
    nests: usize,
    /// How many `$evaluateExpression` this one is inside.
    nesting: usize,
}

impl<'a> Interpreter<'a> {
    pub(crate) fn new(scope: &'a dyn Scope) -> Self {
        Self {
            scope,
            json: Value::Undefined,
            stack: Vec::new(),
            base: 0,
            captures: None,
            broken: false,
            looks_once: false,
            steps: 0,
            bytes: 0,
            stack_start: stack_address(),
            globals: Vec::new(),
            cells: Vec::new(),
            collections: Vec::new(),
            nests: 0,
            nesting: 0,
        }
    }

    /// One for an expression within this one's.
    pub(crate) fn within(&self) -> Self {
        Self { nesting: self.nesting + 1, stack_start: self.stack_start, ..Self::new(self.scope) }
    }

    /// May it have an expression within?
    pub(crate) fn may_nest(&self) -> bool {
        const MOST: usize = 5;
        self.nesting < MOST
    }

    /// The value of a program, `json` being what `$json` is.
    pub(crate) fn run(&mut self, program: &Program, json: Value) -> Run<Value> {
        self.json = json;
        self.looks_once = program.looks_once;
        if program.slots > 0 {
            self.stack.resize(program.slots, Slot::Value(Value::Undefined));
            self.share(&program.shared);
        }
        let value = match &program.body {
            Body::Expression(expression) => self.eval(expression),
            Body::Statements(block) => self.script(block),
        };
        for cell in self.cells.drain(..) {
            cell.lock().take();
        }
        self.collections.drain(..).for_each(|collection| super::builtin::clear(&collection));
        value
    }

    /// Counts a step.
    #[inline]
    pub(crate) fn step(&mut self) -> Run<()> {
        self.steps(1)
    }

    /// Counts several steps.
    #[inline]
    pub(crate) fn steps(&mut self, count: usize) -> Run<()> {
        self.steps += count;
        if self.steps > MAX_STEPS { limit("the expression takes too long") } else { Ok(()) }
    }

    /// Counts bytes that are made.
    #[inline]
    pub(crate) fn charge(&mut self, bytes: usize) -> Run<()> {
        self.bytes = self.bytes.saturating_add(bytes);
        if self.bytes > MAX_BYTES { limit("the expression needs too much memory") } else { self.steps(bytes / 64) }
    }

    /// Refuses to go deeper than the stack reaches.
    fn check_stack(&self) -> Run<()> {
        if self.stack_start.abs_diff(stack_address()) > MAX_STACK { uncovered("deep recursion") } else { Ok(()) }
    }

    /// Text that was made.
    pub(crate) fn text(&mut self, text: String) -> Run<Value> {
        self.charge(text.len())?;
        Ok(Value::from(text))
    }

    /// A list that was made.
    pub(crate) fn list(&mut self, values: Vec<Value>) -> Run<Value> {
        self.charge(values.len() * size_of::<Value>())?;
        let nests = values.iter().any(|value| matches!(value, Value::Array(_) | Value::Object(_)));
        let list = Value::from(values);
        if nests {
            self.nested(Some(&list))?;
        }
        Ok(list)
    }

    /// A variable that the running function took along.
    fn captured(&self, number: u32) -> Option<&Cell> {
        self.captures.as_ref()?.get(number as usize)
    }

    /// A variable that functions share.
    fn cell(&mut self, value: Option<Value>) -> Cell {
        let cell = Arc::new(Mutex::new(value));
        self.cells.push(cell.clone());
        cell
    }
}

fn limit<T>(message: &str) -> Run<T> {
    Err(Box::new(Stop::Error(ExpressionError::Limit(message.into()))))
}

fn stack_address() -> usize {
    let here = 0_u8;
    (&raw const here).addr()
}
