//! Expressions.

use super::operator::{self, binary};
use super::{Interpreter, Run, Slot, quick, type_error};
use crate::expression::builtin;
use crate::expression::syntax::*;
use crate::value::{Object, Str, Value};

impl Interpreter<'_> {
    /// The value of an expression. Each arm that needs room has a function of its own: this one recurses.
    pub(super) fn eval(&mut self, expr: &Expr) -> Run<Value> {
        match expr {
            Expr::Literal(value) => Ok(value.clone()),
            Expr::Json => self.json(),
            Expr::Variable(place) => self.variable(*place),
            Expr::Member { object, key, optional } => self.member(expr, object, key, *optional),
            Expr::Binary(operator, left, right) => {
                if let Some(value) = quick::compute(&self.json, self.frame(), *operator, left, right) {
                    return Ok(value);
                }
                let left = self.eval(left)?;
                let right = self.eval(right)?;
                binary(self, *operator, left, right)
            }
            Expr::Logical(operator, left, right) => {
                let left = self.eval(left)?;
                let takes_right = match operator {
                    Logical::And => left.is_truthy(),
                    Logical::Or => !left.is_truthy(),
                    Logical::Nullish => left.is_nullish(),
                };
                if takes_right { self.eval(right) } else { Ok(left) }
            }
            Expr::Conditional(test, yes, no) => {
                if self.eval(test)?.is_truthy() {
                    self.eval(yes)
                } else {
                    self.eval(no)
                }
            }
            Expr::MethodCall(call) => self.method_call(call),
            Expr::Call { callee, arguments, optional } => self.call_expression(callee, arguments, *optional),
            Expr::Index { object, key, optional } => self.index(object, key, *optional),
            Expr::Chain(inner) => {
                let outer = std::mem::replace(&mut self.broken, false);
                let value = self.eval(inner);
                self.broken = outer;
                value
            }
            Expr::Unary(operator, operand) => self.unary(*operator, operand),
            Expr::Template { texts, values } => self.template(texts, values),
            Expr::Array(elements) => {
                let values = self.values(elements)?;
                self.list(values)
            }
            Expr::Object(properties) => self.object_literal(properties),
            Expr::Function(code) => Ok(self.closure(code)),
            Expr::Name(name) => self.outer_name(name),
            Expr::New { callee, arguments } => self.construct(callee, arguments),
            Expr::Regex { pattern, flags } => builtin::regexp(self, pattern, flags),
            Expr::BigInt(digits) => builtin::bigint_literal(digits),
            Expr::Update { add, prefix, target } => self.update(*add, *prefix, target),
            Expr::Assign { operator, target, value } => self.assign(*operator, target, value),
            Expr::Sequence(list) => {
                let mut last = Value::Undefined;
                for value in list {
                    last = self.eval(value)?;
                }
                Ok(last)
            }
        }
    }

    fn frame(&self) -> &[Slot] {
        self.stack.get(self.base..).unwrap_or_default()
    }

    fn json(&mut self) -> Run<Value> {
        if self.json.is_undefined() {
            // The scope may know why there is no item.
            return Ok(self.scope.variable("$json")?.unwrap_or_default());
        }
        Ok(self.json.clone())
    }

    pub(super) fn variable(&mut self, place: Place) -> Run<Value> {
        let found = match place {
            Place::Local(slot) => match &self.stack[self.base + slot as usize] {
                Slot::Value(value) => Some(value.clone()),
                Slot::Cell(cell) => cell.lock().clone(),
                Slot::Empty => None,
            },
            Place::Captured(number) => self.captured(number).and_then(|cell| cell.lock().clone()),
        };
        match found {
            Some(value) => Ok(value),
            None => operator::reference_error("Cannot access a variable before initialization"),
        }
    }

    /// The value of a name that no code declares.
    fn outer_name(&mut self, name: &Str) -> Run<Value> {
        if let Some((_, value)) = self.globals.iter().find(|(known, _)| known == name) {
            return Ok(value.clone());
        }
        if let Some(value) = builtin::global(self, name)? {
            return Ok(value);
        }
        if name.starts_with('$') {
            return Ok(self.scope.variable(name)?.unwrap_or_default());
        }
        // n8n reads unknown names as undefined.
        Ok(Value::Undefined)
    }

    pub(super) fn globals_mut(&mut self, name: &str) -> Option<&mut Value> {
        self.globals.iter_mut().find(|(known, _)| **known == *name).map(|(_, value)| value)
    }

    pub(super) fn set_global(&mut self, name: &Str, value: Value) {
        match self.globals_mut(name) {
            Some(known) => *known = value,
            None => self.globals.push((name.clone(), value)),
        }
    }

    #[inline]
    fn member(&mut self, expr: &Expr, object: &Expr, key: &Str, optional: bool) -> Run<Value> {
        if let Some(value) = quick::look(&self.json, self.frame(), expr) {
            return Ok(value.clone());
        }
        self.member_slowly(object, key, optional)
    }

    fn member_slowly(&mut self, object: &Expr, key: &Str, optional: bool) -> Run<Value> {
        if let Expr::Name(name) = object
            && let Some(value) = builtin::constant(name, key)
        {
            return value;
        }
        let object = self.eval(object)?;
        if self.stops_at(&object, optional) {
            return Ok(Value::Undefined);
        }
        self.get(&object, key)
    }

    fn index(&mut self, object: &Expr, key: &Expr, optional: bool) -> Run<Value> {
        let object = self.eval(object)?;
        if self.stops_at(&object, optional) {
            return Ok(Value::Undefined);
        }
        let key = self.eval(key)?;
        if let (Value::Array(values), Value::Number(at)) = (&object, &key)
            && *at >= 0.0
            && at.fract() == 0.0
        {
            return Ok(values.get(*at as usize).cloned().unwrap_or_default());
        }
        if object.is_nullish() {
            return type_error(format!("Cannot read properties of {}", object.to_text()));
        }
        let key = self.property_key(&key)?;
        if let Some(refusal) = refused_key(&key) {
            return Err(refusal.into());
        }
        self.get(&object, &key)
    }

    /// Does an optional chain end at this value?
    pub(super) fn stops_at(&mut self, value: &Value, optional: bool) -> bool {
        if optional && !self.broken && value.is_nullish() {
            self.broken = true;
        }
        self.broken
    }

    fn call_expression(&mut self, callee: &Expr, arguments: &[Element], optional: bool) -> Run<Value> {
        if let Expr::Name(name) = callee
            && (self.globals.is_empty() || self.globals_mut(name).is_none())
        {
            let values = self.outside_chain(|own| own.values(arguments))?;
            if let Some(value) = builtin::call_global(self, name, &values)? {
                return Ok(value);
            }
            if let Some(value) = self.scope.call(name, &values)? {
                return Ok(value);
            }
            let function = self.outer_name(name)?;
            if self.stops_at(&function, optional) {
                return Ok(Value::Undefined);
            }
            return self.call(&function, values);
        }
        let function = self.eval(callee)?;
        if self.stops_at(&function, optional) {
            return Ok(Value::Undefined);
        }
        let values = self.outside_chain(|own| own.values(arguments))?;
        self.call(&function, values)
    }

    /// Evaluates what stands inside a chain but is no part of it.
    pub(super) fn outside_chain<T>(&mut self, inner: impl FnOnce(&mut Self) -> Run<T>) -> Run<T> {
        let broken = std::mem::replace(&mut self.broken, false);
        let result = inner(self);
        self.broken = broken;
        result
    }

    fn method_call(&mut self, call: &MethodCall) -> Run<Value> {
        if let Expr::Name(owner) = &call.object
            && self.globals.is_empty()
            && builtin::is_namespace(owner)
        {
            let values = self.outside_chain(|own| own.values(&call.arguments))?;
            return match builtin::call_static(self, owner, &call.name, values)? {
                Some(value) => Ok(value),
                None if call.optional_call => Ok(Value::Undefined),
                None => type_error(format!("{owner}.{} is not a function", call.name)),
            };
        }
        if builtin::changes_lists(&call.name)
            && let Some(value) = self.change_in_place(call)?
        {
            return Ok(value);
        }
        let object = self.eval(&call.object)?;
        if self.stops_at(&object, call.optional_object) {
            return Ok(Value::Undefined);
        }
        let values = self.outside_chain(|own| own.values(&call.arguments))?;
        if call.optional_call && !builtin::is_extension(&call.name) && self.get(&object, &call.name)?.is_nullish() {
            // What the engine gives knows its methods only by being called.
            let called = if matches!(object, Value::Exotic(_)) {
                self.native_method(&object, &call.name, values)?
            } else {
                None
            };
            self.broken |= called.is_none();
            return Ok(called.unwrap_or_default());
        }
        self.invoke(object, &call.name, values)
    }

    fn unary(&mut self, operator: Unary, operand: &Expr) -> Run<Value> {
        if operator == Unary::Delete {
            return self.delete(operand);
        }
        let value = self.eval(operand)?;
        operator::unary(operator, &value)
    }

    fn template(&mut self, texts: &[Str], values: &[Expr]) -> Run<Value> {
        let mut joined = String::new();
        for (at, text) in texts.iter().enumerate() {
            joined.push_str(text);
            if let Some(value) = values.get(at) {
                let value = self.eval(value)?;
                joined.push_str(&operator::to_text(&value)?);
            }
        }
        self.text(joined)
    }

    fn object_literal(&mut self, properties: &[Property]) -> Run<Value> {
        let mut object = Object::with_capacity(properties.len());
        for property in properties {
            match property {
                Property::Field(key, value) => {
                    let key = self.key(key)?;
                    let value = self.eval(value)?;
                    object.insert(key, value);
                }
                Property::Spread(value) => {
                    let value = self.eval(value)?;
                    object.extend(self.fields(&value)?);
                }
            }
        }
        self.object(object)
    }

    /// The text of a key.
    pub(super) fn key(&mut self, key: &Key) -> Run<Str> {
        match key {
            Key::Fixed(key) => Ok(key.clone()),
            Key::Computed(key) => {
                let key = self.eval(key)?;
                let key = self.property_key(&key)?;
                match refused_key(&key) {
                    Some(refusal) => Err(refusal.into()),
                    None => Ok(key),
                }
            }
        }
    }

    fn construct(&mut self, callee: &Expr, arguments: &[Element]) -> Run<Value> {
        let values = self.values(arguments)?;
        if let Expr::Name(name) = callee {
            return builtin::construct(self, name, values);
        }
        match self.eval(callee)?.as_exotic::<builtin::Native>() {
            Some(native) if native.owner.is_empty() => builtin::construct(self, native.name, values),
            Some(native) => builtin::construct(self, &format!("{}.{}", native.owner, native.name), values),
            None => super::uncovered("new of a value"),
        }
    }
}
