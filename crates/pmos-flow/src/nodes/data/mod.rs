//! Nodes that change items.

mod aggregate;
mod code;
mod compare_datasets;
mod crypto;
mod date_time;
mod fields;
mod identity;
mod item_lists;
mod jwt;
mod limit;
mod matching;
mod merge;
mod remove_duplicates;
mod rename_keys;
mod set;
mod sort;
mod split_out;
mod summarize;
mod totp;

use crate::node::NodeType;

/// The types of this folder.
pub(super) static TYPES: &[&NodeType] = &[
    &set::SET,
    &date_time::DATE_TIME,
    &code::CODE,
    &code::FUNCTION,
    &code::FUNCTION_ITEM,
    &code::AI_TRANSFORM,
    &limit::LIMIT,
    &rename_keys::RENAME_KEYS,
    &aggregate::AGGREGATE,
    &compare_datasets::COMPARE_DATASETS,
    &crypto::CRYPTO,
    &jwt::JWT,
    &item_lists::ITEM_LISTS,
    &merge::MERGE,
    &remove_duplicates::REMOVE_DUPLICATES,
    &sort::SORT,
    &split_out::SPLIT_OUT,
    &summarize::SUMMARIZE,
    &totp::TOTP,
];
