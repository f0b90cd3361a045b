//! Triggers, and nodes that decide what runs.

mod branch;
mod comparison;
mod conditions;
mod loop_over_items;
mod plain;
mod schedule;
mod switch;
mod triggers;
mod wait;

use crate::node::NodeType;

/// The types of this folder.
pub(super) static TYPES: &[&NodeType] = &[
    &triggers::MANUAL,
    &triggers::START,
    &triggers::WEBHOOK,
    &triggers::FORM,
    &triggers::CHAT,
    &triggers::MANUAL_CHAT,
    &triggers::CALLED,
    &triggers::ERROR,
    &triggers::INSTANCE,
    &triggers::WORKFLOW,
    &triggers::EVALUATION,
    &schedule::SCHEDULE,
    &schedule::CRON,
    &schedule::INTERVAL,
    &branch::IF,
    &branch::FILTER,
    &switch::SWITCH,
    &loop_over_items::SPLIT_IN_BATCHES,
    &wait::WAIT,
    &wait::FORM,
    &plain::NO_OP,
    &plain::STICKY_NOTE,
    &plain::STOP_AND_ERROR,
    &plain::EXECUTION_DATA,
    &plain::DEBUG_HELPER,
    &plain::EVALUATION,
];
