//! Loop Over Items: gives its items in batches, gathers what comes back, and gives all of that when none are left.

use crate::item::{Item, Link, Links, Source};
use crate::node::{Context, Given, Group, Held, NodeError, NodeType, Property, Run};
use crate::value::Value;
use std::sync::Arc;

/// Gives items in batches.
pub(super) static SPLIT_IN_BATCHES: NodeType = NodeType {
    name: "n8n-nodes-base.splitInBatches",
    title: "Loop Over Items (Split in Batches)",
    summary: "Gives its items in batches, and at the end all that came back.",
    group: Group::Flow,
    versions: &[1.0, 2.0, 3.0],
    outputs: |node| if node.version < 2.0 { 1 } else { 2 },
    properties: &[
        Property::number("batchSize", 10.0).until(2.9),
        Property::number("batchSize", 1.0).since(3.0),
        Property::collection("options", &[Property::bool("reset", false)]),
    ],
    run: Run::Pure(run),
    ..NodeType::BASE
};

/// What waits for its turn, and what came back.
const LEFT: &str = "items";
const PROCESSED: &str = "processedItems";

fn run(context: &mut Context<'_>) -> Result<Given, NodeError> {
    let size = context.number("batchSize", 0)?.max(0.0) as usize;
    let begins = !context.memory.held.contains_key(LEFT) || context.flag("options.reset", 0)?;
    let items = context.items();
    let source = context.frame().source().cloned().map(Arc::new);
    let fed_by = |source: &Option<Arc<Source>>| {
        let source = source.clone();
        items.iter().enumerate().map(move |(at, item)| Item {
            links: Links::One(Link { source: source.clone(), ..Link::to(at) }),
            ..item.clone()
        })
    };
    let (mut left, mut processed, round): (Held, Held, f64) = if begins {
        (fed_by(&source).collect(), Held::default(), 0.0)
    } else {
        let held = &mut context.memory.held;
        let round = context.memory.context.get("currentRunIndex").map_or(0.0, Value::to_number) + 1.0;
        (held.remove(LEFT).unwrap_or_default(), held.remove(PROCESSED).unwrap_or_default(), round)
    };
    let mut batch = left.take(size);
    if begins {
        // What comes straight from the input has plain links.
        batch = batch.into_iter().enumerate().map(|(at, item)| item.linked(at)).collect();
        let rounds = (items.len() as f64 / size as f64).ceil();
        context.memory.context.insert("maxRunIndex", Value::Number(rounds).into_json());
    } else {
        processed.extend(fed_by(&source));
    }
    let done = batch.is_empty();
    for (key, value) in
        [("currentRunIndex", Value::Number(round)), ("noItemsLeft", left.is_empty().into()), ("done", done.into())]
    {
        context.memory.context.insert(key, value);
    }
    // A run that comes after the end gives the same again.
    let all = if done { processed.items() } else { Vec::new() };
    context.memory.held.extend([(LEFT.into(), left), (PROCESSED.into(), processed)]);
    Ok(match context.version() {
        version if version < 2.0 && done => Given::default(),
        version if version < 2.0 => batch.into(),
        version if version < 3.0 => vec![batch, all].into(),
        _ => vec![all, batch].into(),
    })
}
