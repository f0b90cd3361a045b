//! From what a node gave to what its followers get: links, the error output, items where there are none.

use crate::format::{Node, OnError};
use crate::item::{Item, Items, Link, Links};
use crate::value::{Object, Value};
use std::sync::Arc;

/// Links items that have no link, where it is plain what they come from: from the one item that there was, item by item
/// where there are as many as there were, or from the first where one came out.
pub(super) fn link(outputs: &mut [Vec<Item>], inputs: &[Items]) {
    let (input, count) = match inputs.iter().filter(|items| !items.is_empty()).count() {
        0 => return,
        1 => inputs
            .iter()
            .enumerate()
            .find(|(_, items)| !items.is_empty())
            .map_or((0, 0), |(at, items)| (at, items.len())),
        _ => (0, 0),
    };
    let one_item = count == 1;
    let same_count = outputs.len() == 1 && count > 0 && outputs[0].len() == count;
    let one_out = outputs.len() == 1 && outputs[0].len() == 1;
    for output in outputs.iter_mut() {
        for (at, item) in output.iter_mut().enumerate().filter(|(_, item)| item.links == Links::None) {
            if one_item {
                item.links = Links::One(Link::of_input(input, 0));
            } else if same_count {
                item.links = Links::One(Link::of_input(input, at));
            } else if one_out {
                item.links = Links::One(Link::to(0));
            }
        }
    }
}

/// Moves failed items to the error output, which comes after the type's own outputs. Their fields are laid over those of
/// the item that failed.
pub(super) fn split_errors(node: &Node, outputs: &mut Vec<Vec<Item>>, own: usize, inputs: &[Items]) {
    if node.on_error != OnError::ContinueError {
        return;
    }
    let mut failed = Vec::new();
    for output in outputs.iter_mut() {
        let (bad, good): (Vec<Item>, Vec<Item>) = std::mem::take(output).into_iter().partition(has_failed);
        *output = good;
        failed.extend(bad.into_iter().map(|item| laid_over(item, inputs)));
    }
    outputs.resize(own.max(outputs.len()), Vec::new());
    outputs.truncate(own);
    outputs.push(failed);
}

fn has_failed(item: &Item) -> bool {
    item.error.is_some()
        || (item.json.get("error").is_some_and(|error| !error.is_nullish())
            && item.json.keys().all(|key| matches!(&**key, "error" | "message" | "details")))
}

fn laid_over(mut item: Item, inputs: &[Items]) -> Item {
    let link = item.links.as_slice().first();
    let origin = link.and_then(|link| inputs.get(usize::from(link.input))?.get(link.item as usize));
    let mut json = origin.map(|origin| Object::clone(&origin.json)).unwrap_or_default();
    match item.error.take() {
        Some(message) => json.extend([("error", Value::from(message))]),
        None => json.extend(item.json.iter().map(|(key, value)| (key.clone(), value.clone()))),
    }
    item.json = Arc::new(json);
    item
}

/// One empty item, linked to all that came in, where output 0 has none and the node asks for it.
pub(super) fn fill_empty(node: &Node, outputs: &mut Vec<Vec<Item>>, inputs: &[Items]) {
    if !node.always_output_data || outputs.first().is_some_and(|items| !items.is_empty()) {
        return;
    }
    if outputs.is_empty() {
        outputs.push(Vec::new());
    }
    let links =
        inputs.iter().enumerate().flat_map(|(input, items)| (0..items.len()).map(move |at| Link::of_input(input, at)));
    outputs[0] = vec![Item { links: Links::Many(links.collect()), ..Item::default() }];
}
