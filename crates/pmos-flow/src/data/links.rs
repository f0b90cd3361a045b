//! From an item back to the item of an earlier node that it comes from: what `$('Node').item` is.
//!
//! Each item knows the input items that it comes from, and each run knows what fed its inputs. The walk goes from link to
//! link until it meets the node. It remembers where it has been: through diamonds and aggregates the number of paths grows
//! exponentially, the number of places does not.

use super::World;
use crate::expression::ExpressionError;
use crate::format::NodeIndex;
use crate::item::{Item, Link, Source};
use std::collections::HashSet;
use std::sync::Arc;

/// An item in the run data: node, run, output, index.
pub type Place = (NodeIndex, usize, usize, usize);

/// The item of `target` that the item `start` comes from. `sources` is what fed the inputs that `start` belongs to.
pub fn find(
    world: &World,
    sources: &[Option<Source>],
    start: &Link,
    target: NodeIndex,
) -> Result<(Place, Item), ExpressionError> {
    let name = &world.workflow.nodes[target].name;
    let mut seen: HashSet<Place> = HashSet::new();
    let mut found: Option<(Place, Item)> = None;
    let mut broken: Option<NodeIndex> = None;
    let mut open: Vec<(Option<Source>, usize)> = vec![step(sources, start)];
    while let Some((source, item)) = open.pop() {
        let Some(source) = source else { continue };
        let Some(node) = world.workflow.index_of(&source.node) else { continue };
        let place = (node, source.run, source.output, item);
        if !seen.insert(place) {
            continue;
        }
        let Some(run) = world.runs[node].get(source.run) else { continue };
        let Some(at) = run.outputs.get(source.output).and_then(|items| items.get(item)) else {
            broken.get_or_insert(node);
            continue;
        };
        if node == target {
            match &found {
                Some((other, _)) if *other != place => return Err(multiple()),
                _ => found = Some((place, at.clone())),
            }
            continue;
        }
        // A link of an item that was made from nothing leads nowhere; that only matters if the target lies behind it.
        if at.links.as_slice().is_empty() && world.workflow.connections.leads(target, node) {
            broken.get_or_insert(node);
        }
        open.extend(at.links.as_slice().iter().map(|link| step(&run.sources, link)));
    }
    match (found, broken) {
        (Some(found), _) => Ok(found),
        (None, Some(node)) => {
            let node = &world.workflow.nodes[node].name;
            Err(ExpressionError::Refused(format!(
                "Paired item data for item from node '{node}' is unavailable. Ensure '{node}' is providing the required output."
            )))
        }
        (None, None) => {
            Err(ExpressionError::Refused(format!("Invalid expression: there is no path back to the node '{name}'")))
        }
    }
}

fn multiple() -> ExpressionError {
    ExpressionError::Refused("Multiple matches found".into())
}

/// Where a link leads, and to which item there.
fn step(sources: &[Option<Source>], link: &Link) -> (Option<Source>, usize) {
    let source = match &link.source {
        Some(source) => Some(Arc::unwrap_or_clone(source.clone())),
        // A node with one waiting input may have its source under 0 whatever the input's number.
        None => sources.get(usize::from(link.input)).or_else(|| sources.first()).cloned().flatten(),
    };
    (source, link.item as usize)
}
