//! Assignments and other changes.
//!
//! A change goes in by the variable that holds the value: only what that variable alone holds may change.

use super::{Interpreter, Run, Slot, type_error, uncovered};
use crate::expression::builtin;
use crate::expression::syntax::*;
use crate::value::{Str, Value};
use std::sync::Arc;

/// Where a value that code may change lives: a variable and the fields on the way.
struct Path {
    root: Root,
    keys: Vec<Str>,
}

enum Root {
    Variable(Place),
    Global(Str),
}

impl Interpreter<'_> {
    pub(super) fn assign(&mut self, operator: Assignment, target: &Target, value: &Expr) -> Run<Value> {
        match (operator, target) {
            (Assignment::Set, Target::Member(..)) => {
                let path = self.target_path(target)?;
                let value = self.eval(value)?;
                self.set(&path, value.clone())?;
                Ok(value)
            }
            (Assignment::Set, target) => {
                let value = self.eval(value)?;
                self.assign_to(target, value.clone())?;
                Ok(value)
            }
            (operator, target) => {
                let path = self.target_path(target)?;
                let old = self.read(&path)?;
                let value = match operator {
                    Assignment::Binary(operator) => {
                        let value = self.eval(value)?;
                        super::operator::binary(self, operator, old, value)?
                    }
                    Assignment::Logical(operator) => {
                        let changes = match operator {
                            Logical::And => old.is_truthy(),
                            Logical::Or => !old.is_truthy(),
                            Logical::Nullish => old.is_nullish(),
                        };
                        if !changes {
                            return Ok(old);
                        }
                        self.eval(value)?
                    }
                    Assignment::Set => self.eval(value)?,
                };
                self.set(&path, value.clone())?;
                Ok(value)
            }
        }
    }

    /// Sets what a pattern or an assignment names.
    pub(super) fn assign_to(&mut self, target: &Target, value: Value) -> Run<()> {
        match target {
            Target::Pattern(pattern) => self.bind(pattern, value),
            target => {
                let path = self.target_path(target)?;
                self.set(&path, value)
            }
        }
    }

    pub(super) fn update(&mut self, add: f64, prefix: bool, target: &Target) -> Run<Value> {
        let path = self.target_path(target)?;
        let old = self.read(&path)?;
        if old.as_exotic::<builtin::BigInt>().is_some() {
            return uncovered("++ of a bigint");
        }
        let old = super::to_number(&old)?;
        self.set(&path, Value::Number(old + add))?;
        Ok(Value::Number(if prefix { old + add } else { old }))
    }

    pub(super) fn delete(&mut self, operand: &Expr) -> Run<Value> {
        let (object, key) = match operand {
            Expr::Member { object, key, .. } => (object, key.clone()),
            Expr::Index { object, key, .. } => {
                let key = self.eval(key)?;
                (object, self.property_key(&key)?)
            }
            _ => return uncovered("delete of a variable"),
        };
        let Some(path) = self.path(object)? else { return uncovered("delete of a field that others see") };
        self.change(&path, |value| match value {
            Value::Object(object) => match Arc::get_mut(object) {
                Some(object) => {
                    object.remove(&key);
                    Ok(Value::Bool(true))
                }
                None => shared(),
            },
            _ => uncovered("delete of an element"),
        })
    }

    /// Calls a method that changes its list, where the list lives in a variable. Nothing if it does not.
    pub(super) fn change_in_place(&mut self, call: &MethodCall) -> Run<Option<Value>> {
        let Some(path) = self.path(&call.object)? else { return Ok(None) };
        if !matches!(self.read_quietly(&path), Some(Value::Array(_))) {
            // The path was evaluated, and what it did must not happen again.
            return match call.object {
                Expr::Assign { .. } => uncovered("a method of an assigned value"),
                _ => Ok(None),
            };
        }
        let arguments = self.outside_chain(|own| own.values(&call.arguments))?;
        let mut list = self.change(&path, |value| match value {
            Value::Array(values) => Arc::get_mut(values).map_or_else(shared, |values| Ok(std::mem::take(values))),
            _ => uncovered("a list that changed its place"),
        })?;
        let result = builtin::change_list(self, &mut list, &call.name, arguments);
        let whole = self.change(&path, |value| {
            *value = Value::from(list);
            Ok(value.clone())
        })?;
        // `sort` and its like give the list itself.
        Ok(Some(result?.unwrap_or(whole)))
    }

    fn target_path(&mut self, target: &Target) -> Run<Path> {
        match target {
            Target::Variable(place) => Ok(Path { root: Root::Variable(*place), keys: Vec::new() }),
            Target::Name(name) => Ok(Path { root: Root::Global(name.clone()), keys: Vec::new() }),
            Target::Member(object, key) => {
                let Some(mut path) = self.path(object)? else { return uncovered("a change that others see") };
                let key = self.key(key)?;
                path.keys.push(key);
                Ok(path)
            }
            Target::Constant(name) => type_error(format!("Assignment to constant variable. ({name})")),
            Target::Pattern(_) => uncovered("an assignment by pattern"),
        }
    }

    /// The path of an expression that is one; its keys are evaluated.
    fn path(&mut self, expr: &Expr) -> Run<Option<Path>> {
        Ok(match expr {
            Expr::Variable(place) => Some(Path { root: Root::Variable(*place), keys: Vec::new() }),
            Expr::Name(name) if self.globals_mut(name).is_some() => {
                Some(Path { root: Root::Global(name.clone()), keys: Vec::new() })
            }
            Expr::Member { object, key, optional: false } => {
                let Some(mut path) = self.path(object)? else { return Ok(None) };
                path.keys.push(key.clone());
                Some(path)
            }
            Expr::Index { object, key, optional: false } if is_simple(key) => {
                let Some(mut path) = self.path(object)? else { return Ok(None) };
                let key = self.eval(key)?;
                path.keys.push(self.property_key(&key)?);
                Some(path)
            }
            // `(groups[key] ??= []).push(x)`: what was assigned is held by its target alone once the value is let go.
            Expr::Assign { operator, target, value } if is_simple_target(target) => {
                drop(self.assign(*operator, target, value)?);
                Some(self.target_path(target)?)
            }
            _ => None,
        })
    }

    fn set(&mut self, path: &Path, value: Value) -> Run<()> {
        let Some((last, keys)) = path.keys.split_last() else {
            return match &path.root {
                Root::Global(name) => {
                    self.set_global(name, value);
                    Ok(())
                }
                Root::Variable(place) => self.set_variable(*place, value),
            };
        };
        let nests = matches!(value, Value::Array(_) | Value::Object(_));
        let parent = Path { root: path.root.copy(), keys: keys.to_vec() };
        self.charge(64)?;
        self.change(&parent, |holder| match holder {
            Value::Object(object) => match Arc::get_mut(object) {
                Some(object) => {
                    object.insert(last.clone(), value);
                    Ok(())
                }
                None => shared(),
            },
            Value::Array(values) => match (Arc::get_mut(values), last.parse::<usize>()) {
                (Some(values), Ok(at)) if at < values.len() => {
                    values[at] = value;
                    Ok(())
                }
                (Some(values), Ok(at)) if at == values.len() => {
                    values.push(value);
                    Ok(())
                }
                (Some(values), Err(_)) if **last == *"length" && value.as_number() == Some(0.0) => {
                    values.clear();
                    Ok(())
                }
                (None, _) => shared(),
                _ => uncovered("a list with holes or names"),
            },
            Value::Undefined | Value::Null => type_error(format!("Cannot set properties of {}", holder.to_text())),
            _ => uncovered("a field of a value"),
        })?;
        if nests {
            let whole = self.read_quietly(&Path { root: path.root.copy(), keys: Vec::new() });
            self.nested(whole.as_ref())?;
        }
        Ok(())
    }

    fn set_variable(&mut self, place: Place, value: Value) -> Run<()> {
        let known = match place {
            Place::Local(slot) => match &mut self.stack[self.base + slot as usize] {
                Slot::Value(known) => {
                    *known = value;
                    true
                }
                Slot::Cell(cell) => cell.lock().as_mut().map(|known| *known = value).is_some(),
                Slot::Empty => false,
            },
            Place::Captured(number) => match self.captured(number) {
                Some(cell) => cell.lock().as_mut().map(|known| *known = value).is_some(),
                None => false,
            },
        };
        if known { Ok(()) } else { super::operator::reference_error("Cannot access a variable before initialization") }
    }

    /// The value at a path, by JavaScript's rules.
    fn read(&mut self, path: &Path) -> Run<Value> {
        let mut value = match &path.root {
            Root::Variable(place) => self.variable(*place)?,
            Root::Global(name) => self.globals_mut(name).cloned().unwrap_or_default(),
        };
        for key in &path.keys {
            value = self.get(&value, key)?;
        }
        Ok(value)
    }

    /// The value at a path of fields; nothing where it leads elsewhere.
    fn read_quietly(&mut self, path: &Path) -> Option<Value> {
        self.change(path, |value| Ok(value.clone())).ok()
    }

    /// Gives the value at a path to `change`. A path through values that others see ends in [`uncovered`].
    fn change<T>(&mut self, path: &Path, change: impl FnOnce(&mut Value) -> Run<T>) -> Run<T> {
        match &path.root {
            Root::Global(name) => match self.globals_mut(name) {
                Some(value) => change(walk(value, &path.keys)?),
                None => type_error("a variable that is not there"),
            },
            Root::Variable(Place::Local(slot)) => match &mut self.stack[self.base + *slot as usize] {
                Slot::Value(value) => change(walk(value, &path.keys)?),
                Slot::Cell(cell) => match cell.lock().as_mut() {
                    Some(value) => change(walk(value, &path.keys)?),
                    None => super::operator::reference_error("Cannot access a variable before initialization"),
                },
                Slot::Empty => super::operator::reference_error("Cannot access a variable before initialization"),
            },
            Root::Variable(Place::Captured(number)) => match self.captured(*number).cloned() {
                Some(cell) => match cell.lock().as_mut() {
                    Some(value) => change(walk(value, &path.keys)?),
                    None => super::operator::reference_error("Cannot access a variable before initialization"),
                },
                None => uncovered("a variable without a place"),
            },
        }
    }
}

impl Root {
    fn copy(&self) -> Self {
        match self {
            Self::Variable(place) => Self::Variable(*place),
            Self::Global(name) => Self::Global(name.clone()),
        }
    }
}

/// The value that a path leads to.
fn walk<'v>(mut value: &'v mut Value, keys: &[Str]) -> Run<&'v mut Value> {
    for key in keys {
        value = match value {
            Value::Object(object) => match Arc::get_mut(object) {
                Some(object) => match object.get_mut(key) {
                    Some(field) => field,
                    None => return type_error(format!("Cannot read properties of undefined (reading '{key}')")),
                },
                None => return shared(),
            },
            Value::Array(values) => match (Arc::get_mut(values), key.parse::<usize>()) {
                (Some(values), Ok(at)) if at < values.len() => &mut values[at],
                (None, _) => return shared(),
                _ => return uncovered("a path through a list"),
            },
            _ => return uncovered("a path through a value"),
        };
    }
    Ok(value)
}

fn shared<T>() -> Run<T> {
    uncovered("a change of a value that others see")
}

/// May the key be evaluated more than once?
fn is_simple(key: &Expr) -> bool {
    match key {
        Expr::Literal(_) | Expr::Variable(_) | Expr::Json => true,
        Expr::Member { object, .. } => is_simple(object),
        Expr::Index { object, key, .. } => is_simple(object) && is_simple(key),
        Expr::Binary(_, left, right) => is_simple(left) && is_simple(right),
        Expr::Template { values, .. } => values.iter().all(is_simple),
        _ => false,
    }
}

fn is_simple_target(target: &Target) -> bool {
    match target {
        Target::Variable(_) => true,
        Target::Member(object, Key::Fixed(_)) => is_simple(object),
        Target::Member(object, Key::Computed(key)) => is_simple(object) && is_simple(key),
        _ => false,
    }
}
