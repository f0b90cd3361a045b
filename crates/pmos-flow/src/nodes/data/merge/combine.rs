//! Combining by position, and all with all.

use super::clash::{Clash, Resolve, with_suffix};
use super::{inputs, of, whole};
use crate::item::{Item, Items, Link, Links};
use crate::node::{Context, Given, NodeError};
use crate::nodes::data::matching::bounded;

/// The items at the same place of all inputs, as one.
pub(super) fn by_position(context: &mut Context<'_>) -> Result<Given, NodeError> {
    let clash = Clash::read(context)?;
    let unpaired = context.flag("options.includeUnpaired", 0)?;
    let inputs: Vec<Items> = (0..inputs(context)?).map(|input| context.input(input)).collect();
    let lengths = inputs.iter().map(|items| items.len());
    let rows = if unpaired { lengths.max() } else { lengths.min() }.unwrap_or(0);
    // The preferred input is merged once more, and last.
    let preferred = match clash.resolve {
        Resolve::Prefer(input) if (1..=inputs.len()).contains(&input) => input - 1,
        _ => inputs.len() - 1,
    };
    let mut given = Vec::with_capacity(rows);
    for row in 0..rows {
        context.go_on(row)?;
        let at = |input: usize| inputs[input].get(row).map(|item| (item, input));
        let mut parts: Vec<(&Item, usize)> = (0..inputs.len()).filter_map(at).collect();
        let last = at(preferred);
        let renamed: Vec<Item> = match clash.resolve {
            Resolve::Suffix => parts.iter().map(|(item, input)| with_suffix(item, input + 1)).collect(),
            _ => Vec::new(),
        };
        let mut sources: Vec<&Item> = match clash.resolve {
            Resolve::Suffix => renamed.iter().collect(),
            _ => parts.iter().map(|(item, _)| *item).collect(),
        };
        sources.extend(last.map(|(item, _)| item));
        parts.extend(last);
        let links = parts.iter().map(|(_, input)| Link::of_input(*input, row)).collect();
        given.push(Item { links: Links::Many(links), ..clash.merge(&sources) });
    }
    let hints = if given.is_empty() && !unpaired {
        vec!["Consider enabling \"Include Any Unpaired Items\" in options or check your inputs".to_owned()]
    } else {
        Vec::new()
    };
    Ok(Given { outputs: vec![given], hints, ..Given::default() })
}

/// The same for the two inputs of version 2.
pub(super) fn by_position_of_two(context: &mut Context<'_>) -> Result<Given, NodeError> {
    let clash = Clash::read(context)?;
    let unpaired = context.flag("options.includeUnpaired", 0)?;
    let order = order(&clash);
    let [first, second] = order.map(|input| context.input(input));
    if first.is_empty() || second.is_empty() {
        return Ok([whole(context, 0), whole(context, 1)].concat().into());
    }
    let rows = if unpaired { first.len().max(second.len()) } else { first.len().min(second.len()) };
    let alone = |item: &Item, input: usize, row: usize| {
        let renamed = clash.resolve == Resolve::Suffix;
        of(&if renamed { with_suffix(item, input + 1) } else { item.clone() }, input, row)
    };
    let rows = (0..rows).filter_map(|row| match (first.get(row), second.get(row)) {
        (Some(a), Some(b)) => Some(pair(&clash, order, (a, row), (b, row))),
        (Some(a), None) => Some(alone(a, order[0], row)),
        (None, Some(b)) => Some(alone(b, order[1], row)),
        (None, None) => None,
    });
    Ok(rows.collect::<Vec<_>>().into())
}

/// Each item of one input with each of the other.
pub(super) fn all(context: &mut Context<'_>) -> Result<Given, NodeError> {
    let clash = Clash::read(context)?;
    let order = order(&clash);
    let [first, second] = order.map(|input| context.input(input));
    bounded(context, first.len().saturating_mul(second.len()))?;
    let mut given = Vec::with_capacity(first.len() * second.len());
    for (x, a) in first.iter().enumerate() {
        for (y, b) in second.iter().enumerate() {
            context.go_on(given.len())?;
            given.push(pair(&clash, order, (a, x), (b, y)));
        }
    }
    Ok(given.into())
}

/// The inputs, the preferred one last.
fn order(clash: &Clash) -> [usize; 2] {
    if clash.resolve == Resolve::Prefer(1) { [1, 0] } else { [0, 1] }
}

fn pair(clash: &Clash, order: [usize; 2], (a, x): (&Item, usize), (b, y): (&Item, usize)) -> Item {
    let merged = if clash.resolve == Resolve::Suffix {
        clash.merge_with_suffixes(&[(a, 1), (b, 2)])
    } else {
        clash.merge(&[a, b])
    };
    let links = [Link::of_input(order[0], x), Link::of_input(order[1], y)];
    Item { links: Links::Many(links.into()), ..merged }
}
