//! What operators do with values. What lacks a value gives none.

use super::syntax::Op;
use crate::value::Value;
use std::cmp::Ordering;

/// `left op right`.
pub(super) fn binary(op: Op, left: &Value, right: &Value) -> Value {
    if left.is_nullish() || right.is_nullish() {
        // Texts are put together as if it were empty.
        return match (op, left.is_nullish(), right.is_nullish()) {
            (Op::Join, true, false) => Value::String(right.to_text()),
            (Op::Join, false, true) => Value::String(left.to_text()),
            _ => Value::Undefined,
        };
    }
    let number = |of: fn(f64, f64) -> f64| Value::Number(of(left.to_number(), right.to_number()));
    let order = |is: fn(Ordering) -> bool| Value::Bool(compare(left, right).is_some_and(is));
    match op {
        Op::Equal => Value::Bool(left == right),
        Op::NotEqual => Value::Bool(left != right && !left.loosely_equals(right)),
        Op::Less => order(Ordering::is_lt),
        Op::AtMost => order(Ordering::is_le),
        Op::More => order(Ordering::is_gt),
        Op::AtLeast => order(Ordering::is_ge),
        Op::Add if left.as_str().is_some() || right.as_str().is_some() => joined(left, right),
        Op::Add => number(|a, b| a + b),
        Op::Subtract => number(|a, b| a - b),
        Op::Multiply => number(|a, b| a * b),
        Op::Divide => number(|a, b| a / b),
        Op::Remainder => number(|a, b| a % b),
        Op::Power => number(f64::powf),
        Op::Join => joined(left, right),
    }
}

fn joined(left: &Value, right: &Value) -> Value {
    Value::from(format!("{}{}", left.to_text(), right.to_text()))
}

/// How two values compare as `<` does: texts as texts, all else as numbers.
pub(super) fn compare(left: &Value, right: &Value) -> Option<Ordering> {
    match (left, right) {
        (Value::String(left), Value::String(right)) => Some(left.cmp(right)),
        _ => left.to_number().partial_cmp(&right.to_number()),
    }
}

/// The order of any two values, for sorting: nothing first, then truth values, numbers, texts, all else.
pub(super) fn order(left: &Value, right: &Value) -> Ordering {
    let rank = |value: &Value| match value {
        Value::Undefined | Value::Null => 0,
        Value::Bool(_) => 1,
        Value::Number(_) => 2,
        Value::String(_) => 3,
        _ => 4,
    };
    match (left, right) {
        (Value::Number(left), Value::Number(right)) => left.total_cmp(right),
        (Value::String(left), Value::String(right)) => left.cmp(right),
        (Value::Bool(left), Value::Bool(right)) => left.cmp(right),
        _ => rank(left).cmp(&rank(right)),
    }
}

/// `text LIKE pattern`: `%` stands for any text, `_` for any character; case does not count.
pub(super) fn like(text: &str, pattern: &str) -> bool {
    let text: Vec<char> = text.to_lowercase().chars().collect();
    let pattern: Vec<char> = pattern.to_lowercase().chars().collect();
    let (mut at, mut of) = (0, 0);
    // Where to go on when what follows the last `%` does not match.
    let mut back = None;
    while at < text.len() {
        match pattern.get(of) {
            Some('%') => {
                back = Some((at, of));
                of += 1;
            }
            Some(wanted) if *wanted == '_' || *wanted == text[at] => {
                at += 1;
                of += 1;
            }
            _ => match &mut back {
                Some((from, percent)) => {
                    *from += 1;
                    (at, of) = (*from, *percent + 1);
                }
                None => return false,
            },
        }
    }
    pattern[of..].iter().all(|rest| *rest == '%')
}
