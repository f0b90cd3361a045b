//! Functions: making them, binding their parameters, calling them.

use super::{Cell, Interpreter, Run, Slot, type_error, uncovered};
use crate::expression::builtin::{self, Native};
use crate::expression::syntax::{Element, Function, FunctionBody, Key, Pattern, Place};
use crate::value::{Exotic, Object, Str, Value};
use std::sync::Arc;

/// A function of the expression with the variables that it took along.
#[derive(Debug)]
pub(crate) struct Closure {
    pub(crate) code: Arc<Function>,
    captures: Arc<[Cell]>,
}

impl Exotic for Closure {
    fn to_json(&self) -> Value {
        Value::Undefined
    }

    fn to_text(&self) -> String {
        self.code.text.to_string()
    }

    fn type_of(&self) -> &'static str {
        "function"
    }

    fn get(&self, name: &str) -> Result<Value, crate::expression::ExpressionError> {
        Ok(match name {
            "length" => self
                .code
                .parameters
                .iter()
                .take_while(|pattern| !matches!(pattern, Pattern::Default(..)))
                .count()
                .into(),
            "name" => self.code.name.clone().unwrap_or_else(|| "".into()).into(),
            _ => Value::Undefined,
        })
    }
}

impl Interpreter<'_> {
    /// A function as a value, with the variables that it takes along.
    pub(super) fn closure(&mut self, code: &Arc<Function>) -> Value {
        let captures = code.captures.iter().filter_map(|place| match place {
            Place::Captured(number) => self.captured(*number).cloned(),
            Place::Local(slot) => match self.stack.get(self.base + *slot as usize) {
                Some(Slot::Cell(cell)) => Some(cell.clone()),
                _ => None,
            },
        });
        let captures = captures.collect();
        Value::Exotic(Arc::new(Closure { code: code.clone(), captures }))
    }

    /// Calls a function value.
    pub(crate) fn call(&mut self, function: &Value, arguments: Vec<Value>) -> Run<Value> {
        self.step()?;
        if let Some(closure) = function.as_exotic::<Closure>() {
            let (code, captures) = (closure.code.clone(), closure.captures.clone());
            return self.call_closure(&code, captures, function, arguments);
        }
        if let Some(native) = function.as_exotic::<Native>() {
            return builtin::call(self, native.owner, native.name, arguments);
        }
        match function {
            Value::Exotic(exotic) if exotic.type_of() == "function" => match exotic.call("", &arguments)? {
                Some(value) => Ok(value),
                None => type_error("it is not a function"),
            },
            _ => type_error(format!("{} is not a function", function.to_text())),
        }
    }

    fn call_closure(
        &mut self,
        code: &Function,
        captures: Arc<[Cell]>,
        own: &Value,
        arguments: Vec<Value>,
    ) -> Run<Value> {
        self.check_stack()?;
        let base = std::mem::replace(&mut self.base, self.stack.len());
        let captures = self.captures.replace(captures);
        let broken = std::mem::replace(&mut self.broken, false);
        self.stack.resize(self.base + code.slots, Slot::Value(Value::Undefined));
        self.share(&code.shared);
        let result = self.run_closure(code, own, arguments);
        self.stack.truncate(self.base);
        self.base = base;
        self.captures = captures;
        self.broken = broken;
        result
    }

    fn run_closure(&mut self, code: &Function, own: &Value, arguments: Vec<Value>) -> Run<Value> {
        if let Some(slot) = code.own_slot {
            self.declare(slot, own.clone());
        }
        let mut arguments = arguments.into_iter();
        for pattern in &code.parameters {
            let value = arguments.next().unwrap_or_default();
            self.bind(pattern, value)?;
        }
        if let Some(rest) = &code.rest {
            let list = self.list(arguments.collect())?;
            self.bind(rest, list)?;
        } else {
            drop(arguments);
        }
        match &code.body {
            FunctionBody::Expression(value) => self.eval(value),
            FunctionBody::Block(block) => self.function_body(block),
        }
    }

    /// Makes the variables of these slots ones that functions share.
    pub(super) fn share(&mut self, slots: &[u32]) {
        for slot in slots {
            let cell = self.cell(Some(Value::Undefined));
            self.stack[self.base + *slot as usize] = Slot::Cell(cell);
        }
    }

    /// Gives a variable its first value.
    pub(super) fn declare(&mut self, slot: u32, value: Value) {
        match &mut self.stack[self.base + slot as usize] {
            Slot::Cell(cell) => *cell.lock() = Some(value),
            slot => *slot = Slot::Value(value),
        }
    }

    /// Binds a value to a pattern.
    pub(super) fn bind(&mut self, pattern: &Pattern, value: Value) -> Run<()> {
        match pattern {
            Pattern::Declare(slot) => {
                self.declare(*slot, value);
                Ok(())
            }
            Pattern::Name(_) => uncovered("a name without a place"),
            Pattern::Assign(target) => self.assign_to(target, value),
            Pattern::Default(pattern, default) => {
                let value = if value.is_undefined() { self.eval(default)? } else { value };
                self.bind(pattern, value)
            }
            Pattern::Object { fields, rest } => self.bind_fields(fields, rest.as_deref(), value),
            Pattern::Array { elements, rest } => {
                // A list stays one: only then is what is left of it no copy of an iterator's state.
                let values = self.iterate(&value)?;
                let mut values = values.into_iter();
                for pattern in elements {
                    let value = values.next().unwrap_or_default();
                    if let Some(pattern) = pattern {
                        self.bind(pattern, value)?;
                    }
                }
                match rest {
                    Some(rest) => {
                        let list = self.list(values.collect())?;
                        self.bind(rest, list)
                    }
                    None => Ok(()),
                }
            }
        }
    }

    fn bind_fields(&mut self, fields: &[(Key, Pattern)], rest: Option<&Pattern>, value: Value) -> Run<()> {
        if value.is_nullish() {
            return type_error(format!("Cannot destructure '{0}' as it is {0}.", value.to_text()));
        }
        let mut taken: Vec<Str> = Vec::new();
        for (key, pattern) in fields {
            let key = self.key(key)?;
            let field = self.get(&value, &key)?;
            taken.push(key);
            self.bind(pattern, field)?;
        }
        let Some(rest) = rest else { return Ok(()) };
        let mut left = Object::new();
        for (key, field) in self.fields(&value)? {
            if !taken.contains(&key) {
                left.insert(key, field);
            }
        }
        self.bind(rest, left.into())
    }

    /// The values of arguments or of a list's elements.
    pub(super) fn values(&mut self, elements: &[Element]) -> Run<Vec<Value>> {
        let mut values = Vec::with_capacity(elements.len());
        for element in elements {
            match element {
                Element::Item(value) => values.push(self.eval(value)?),
                Element::Spread(value) => {
                    let value = self.eval(value)?;
                    let list = self.iterate(&value)?;
                    self.charge(list.len() * size_of::<Value>())?;
                    values.extend(list);
                }
            }
        }
        Ok(values)
    }
}
