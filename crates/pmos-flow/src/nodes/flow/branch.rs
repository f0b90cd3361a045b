//! If and Filter: two ways for items, by conditions.

use super::conditions::{self, divide};
use crate::node::{Given, Group, NodeType, Property, Run};

/// Sends items one way or the other.
pub(super) static IF: NodeType = NodeType {
    name: "n8n-nodes-base.if",
    title: "If",
    summary: "Sends items that meet conditions one way, and the others another way.",
    group: Group::Flow,
    versions: &[1.0, 2.0, 2.1, 2.2, 2.3],
    outputs: |_| 2,
    properties: &[
        conditions::RULES,
        conditions::LOOSE,
        conditions::OPTIONS,
        conditions::OLD,
        Property::options("combineOperation", "all", &["all", "any"]).until(1.9),
    ],
    run: Run::Pure(|context| {
        let all = &*context.text("combineOperation", 0)? == "all";
        Ok(Given::from(Vec::from(divide(context, all)?)))
    }),
    ..NodeType::BASE
};

/// Keeps items, and drops the others.
///
/// What it drops leaves by a second output that the canvas does not show.
pub(super) static FILTER: NodeType = NodeType {
    name: "n8n-nodes-base.filter",
    title: "Filter",
    summary: "Keeps items that meet conditions.",
    group: Group::Data,
    versions: &[1.0, 2.0, 2.1, 2.2, 2.3],
    properties: &[
        conditions::RULES,
        conditions::LOOSE,
        conditions::OPTIONS,
        conditions::OLD,
        Property::options("combineConditions", "AND", &["AND", "OR"]).until(1.9),
    ],
    run: Run::Pure(|context| {
        let all = &*context.text("combineConditions", 0)? == "AND";
        Ok(Given::from(Vec::from(divide(context, all)?)))
    }),
    ..NodeType::BASE
};
