//! The methods that change a list.

use super::{argument, integer, relative};
use crate::expression::interpreter::{Interpreter, Run, compare_text, to_number, to_text, type_error, uncovered};
use crate::value::{Str, Value};

/// Is it a method that changes its list?
pub(crate) fn changes_lists(name: &str) -> bool {
    matches!(name, "push" | "pop" | "shift" | "unshift" | "splice" | "sort" | "reverse" | "fill" | "copyWithin")
}

/// Changes a list; gives the result, nothing where that is the list itself.
pub(crate) fn change_list(
    own: &mut Interpreter<'_>,
    list: &mut Vec<Value>,
    name: &str,
    arguments: Vec<Value>,
) -> Run<Option<Value>> {
    own.steps(list.len() / 16 + arguments.len())?;
    match name {
        "push" => {
            own.charge(arguments.len() * size_of::<Value>())?;
            list.extend(arguments);
            Ok(Some(list.len().into()))
        }
        "pop" => Ok(Some(list.pop().unwrap_or_default())),
        "shift" => Ok(Some(if list.is_empty() { Value::Undefined } else { list.remove(0) })),
        "unshift" => {
            own.charge(arguments.len() * size_of::<Value>())?;
            list.splice(0..0, arguments);
            Ok(Some(list.len().into()))
        }
        "splice" => {
            let (start, end) = splice_range(&arguments, list.len())?;
            let removed: Vec<Value> = list.splice(start..end, arguments.into_iter().skip(2)).collect();
            own.list(removed).map(Some)
        }
        "sort" => {
            sort(own, list, argument(&arguments, 0))?;
            Ok(None)
        }
        "reverse" => {
            list.reverse();
            Ok(None)
        }
        "fill" => {
            let start = relative(&arguments, 1, list.len(), 0)?;
            let end = relative(&arguments, 2, list.len(), list.len())?;
            if let Some(part) = list.get_mut(start..end) {
                part.fill(argument(&arguments, 0).clone());
            }
            Ok(None)
        }
        _ => uncovered(name),
    }
}

/// What `splice` removes.
pub(super) fn splice_range(arguments: &[Value], length: usize) -> Run<(usize, usize)> {
    let start = relative(arguments, 0, length, 0)?;
    let count = match arguments.len() {
        0 => 0.0,
        1 => f64::INFINITY,
        _ => integer(arguments, 1, 0.0)?,
    };
    Ok((start, start + count.clamp(0.0, (length - start) as f64) as usize))
}

/// Sorts a list as `sort` does: stably, undefined last, as text unless a function says otherwise.
pub(super) fn sort(own: &mut Interpreter<'_>, list: &mut Vec<Value>, order: &Value) -> Run<()> {
    if !order.is_undefined() && order.type_of() != "function" {
        return type_error("The comparison function must be either a function or undefined");
    }
    let (mut values, missing): (Vec<Value>, Vec<Value>) =
        std::mem::take(list).into_iter().partition(|value| !value.is_undefined());
    if order.is_undefined() {
        let mut keyed: Vec<(Str, Value)> = Vec::with_capacity(values.len());
        for value in values {
            keyed.push((to_text(&value)?, value));
        }
        own.steps(keyed.len() * 8)?;
        keyed.sort_by(|a, b| compare_text(&a.0, &b.0));
        values = keyed.into_iter().map(|(_, value)| value).collect();
    } else {
        values = merge_sort(own, values, order)?;
    }
    values.extend(missing);
    *list = values;
    Ok(())
}

/// A merge sort, because a function that contradicts itself must not make it panic, and may throw.
fn merge_sort(own: &mut Interpreter<'_>, mut values: Vec<Value>, order: &Value) -> Run<Vec<Value>> {
    let mut width = 1;
    while width < values.len() {
        let mut merged = Vec::with_capacity(values.len());
        for chunk in values.chunks(width * 2) {
            let (left, right) = chunk.split_at(width.min(chunk.len()));
            let (mut left, mut right) = (left.iter().peekable(), right.iter().peekable());
            while let (Some(a), Some(b)) = (left.peek(), right.peek()) {
                let result = own.call(order, vec![(*a).clone(), (*b).clone()])?;
                let takes_right = to_number(&result)? > 0.0;
                merged.extend(if takes_right { right.next() } else { left.next() }.cloned());
            }
            merged.extend(left.chain(right).cloned());
        }
        values = merged;
        width *= 2;
    }
    Ok(values)
}
