//! Tables, their records, and the rows that joins make of them.

use crate::item::{Link, Links};
use crate::node::NodeError;
use crate::value::{Object, Str};
use std::sync::Arc;

/// A record of a table or of a result: its fields, and the items that it comes from.
#[derive(Clone)]
pub(super) struct Record {
    pub(super) json: Arc<Object>,
    pub(super) links: Links,
}

/// A table under the name that it has in a query.
#[derive(Clone)]
pub(super) struct Source {
    pub(super) name: Str,
    pub(super) records: Arc<Vec<Record>>,
}

/// The record of each source.
pub(super) type Row = Vec<u32>;

/// A source has no record in a row.
pub(super) const NONE: u32 = u32::MAX;

/// What a query may take.
pub(super) struct Bounds<'a> {
    /// How many rows there may be.
    pub(super) most: usize,
    /// Fails if the run was stopped.
    pub(super) go_on: &'a dyn Fn(usize) -> Result<(), NodeError>,
}

/// All items that records come from, in order.
pub(super) fn all_links<'r>(records: impl Iterator<Item = &'r Record>) -> Links {
    let mut links: Vec<Link> = records.flat_map(|record| record.links.as_slice()).cloned().collect();
    links.sort_by_key(|link| (link.input, link.item));
    links.dedup();
    Links::Many(links.into())
}

/// The records of rows.
pub(super) fn records_of<'s>(sources: &'s [Source], row: &'s Row) -> impl Iterator<Item = &'s Record> {
    let is_there = |(_, at): &(&Source, &u32)| **at != NONE;
    sources.iter().zip(row).filter(is_there).map(|(source, at)| &source.records[*at as usize])
}
