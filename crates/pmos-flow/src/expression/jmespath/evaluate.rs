//! Runs trees.

use super::parser::Node;
use super::{ExpressionError, functions, thrown};
use crate::value::{Object, Value};

const MAX_STEPS: usize = 5_000_000;

pub(super) struct Evaluator {
    pub(super) steps: usize,
}

impl Evaluator {
    pub(super) fn evaluate(&mut self, node: &Node, value: Value) -> Result<Value, ExpressionError> {
        self.steps += 1;
        if self.steps > MAX_STEPS {
            return Err(ExpressionError::Limit("the JMESPath expression takes too long".into()));
        }
        Ok(match node {
            Node::Current => value,
            Node::Field(name) => match value.get(name) {
                Value::Undefined => Value::Null,
                field => field.clone(),
            },
            Node::Literal(literal) => literal.clone(),
            Node::Index(index) => match &value {
                Value::Array(values) => {
                    let at = if *index < 0 { *index + values.len() as i64 } else { *index };
                    usize::try_from(at).ok().and_then(|at| values.get(at).cloned()).unwrap_or(Value::Null)
                }
                _ => Value::Null,
            },
            Node::Slice(start, end, step) => match &value {
                Value::Array(values) => slice(values, *start, *end, step.unwrap_or(1)),
                _ => Value::Null,
            },
            Node::Sub(left, right) => {
                let left = self.evaluate(left, value)?;
                self.evaluate(right, left)?
            }
            Node::Project(left, right) => match self.evaluate(left, value)? {
                Value::Array(values) => self.project(right, values.iter().cloned())?,
                _ => Value::Null,
            },
            Node::ProjectValues(left, right) => match self.evaluate(left, value)? {
                Value::Object(object) => self.project(right, object.values().cloned())?,
                _ => Value::Null,
            },
            Node::Flatten(inner) => match self.evaluate(inner, value)? {
                Value::Array(values) => {
                    let mut flat = Vec::new();
                    for value in values.iter() {
                        match value {
                            Value::Array(inner) => flat.extend(inner.iter().cloned()),
                            value => flat.push(value.clone()),
                        }
                    }
                    self.steps += flat.len();
                    flat.into()
                }
                _ => Value::Null,
            },
            Node::Filter(left, right, condition) => match self.evaluate(left, value)? {
                Value::Array(values) => {
                    let mut kept = Vec::new();
                    for value in values.iter() {
                        if is_true(&self.evaluate(condition, value.clone())?) {
                            kept.push(value.clone());
                        }
                    }
                    self.project(right, kept.into_iter())?
                }
                _ => Value::Null,
            },
            Node::List(_) | Node::Hash(_) if value == Value::Null => Value::Null,
            Node::List(nodes) => {
                let mut values = Vec::with_capacity(nodes.len());
                for node in nodes {
                    values.push(self.evaluate(node, value.clone())?);
                }
                values.into()
            }
            Node::Hash(fields) => {
                let mut object = Object::with_capacity(fields.len());
                for (key, node) in fields {
                    object.insert(key.clone(), self.evaluate(node, value.clone())?);
                }
                object.into()
            }
            Node::Or(left, right) => {
                let first = self.evaluate(left, value.clone())?;
                if is_true(&first) { first } else { self.evaluate(right, value)? }
            }
            Node::And(left, right) => {
                let first = self.evaluate(left, value.clone())?;
                if is_true(&first) { self.evaluate(right, value)? } else { first }
            }
            Node::Not(inner) => (!is_true(&self.evaluate(inner, value)?)).into(),
            Node::Compare(sign, left, right) => {
                let (left, right) = (self.evaluate(left, value.clone())?, self.evaluate(right, value)?);
                compare(sign, &left, &right)
            }
            Node::Call(name, arguments) => functions::call(self, name, arguments, value)?,
            Node::Reference(_) => return thrown("a JMESPath reference stands where a value is wanted"),
        })
    }

    fn project(&mut self, right: &Node, values: impl Iterator<Item = Value>) -> Result<Value, ExpressionError> {
        let mut projected = Vec::new();
        for value in values {
            match self.evaluate(right, value)? {
                Value::Null => {}
                value => projected.push(value),
            }
        }
        Ok(projected.into())
    }
}

pub(super) fn is_true(value: &Value) -> bool {
    match value {
        Value::Undefined | Value::Null | Value::Bool(false) => false,
        Value::String(text) => !text.is_empty(),
        Value::Array(values) => !values.is_empty(),
        Value::Object(object) => !object.is_empty(),
        _ => true,
    }
}

fn compare(sign: &str, left: &Value, right: &Value) -> Value {
    if sign == "==" || sign == "!=" {
        return ((left == right) == (sign == "==")).into();
    }
    let order = match (left, right) {
        (Value::Number(a), Value::Number(b)) => a.partial_cmp(b),
        (Value::String(a), Value::String(b)) => Some(a.cmp(b)),
        _ => None,
    };
    match (order, sign) {
        (None, _) => Value::Null,
        (Some(order), "<") => order.is_lt().into(),
        (Some(order), "<=") => order.is_le().into(),
        (Some(order), ">") => order.is_gt().into(),
        (Some(order), _) => order.is_ge().into(),
    }
}

fn slice(values: &[Value], start: Option<i64>, end: Option<i64>, step: i64) -> Value {
    let length = values.len() as i64;
    let bound = |index: i64| {
        let index = if index < 0 { index + length } else { index };
        if step > 0 { index.clamp(0, length) } else { index.clamp(-1, length - 1) }
    };
    let start = start.map_or(if step > 0 { 0 } else { length - 1 }, bound);
    let end = end.map_or(if step > 0 { length } else { -1 }, bound);
    let mut sliced = Vec::new();
    let mut at = start;
    while (step > 0 && at < end) || (step < 0 && at > end) {
        sliced.extend(values.get(at as usize).cloned());
        at += step;
    }
    sliced.into()
}
