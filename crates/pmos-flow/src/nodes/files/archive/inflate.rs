//! Inflating what strangers deflated: a budget says how much may come out.

use crate::node::NodeError;
use flate2::read::{DeflateDecoder, MultiGzDecoder};
use std::io::Read;

/// No honest file grows by more than this, and small ones may grow to [`ALWAYS`].
const RATIO: u64 = 400;
const ALWAYS: u64 = 32 << 20;

/// How many bytes may still come out of an archive.
#[derive(Debug)]
pub(in crate::nodes::files) struct Budget(u64);

impl Budget {
    /// A budget for an archive of so many bytes, within the limit of the run.
    pub(in crate::nodes::files) fn of(archive: usize, limit: u64) -> Self {
        Self((archive as u64).saturating_mul(RATIO).max(ALWAYS).min(limit))
    }

    /// Takes so many bytes out of the budget.
    pub(super) fn take(&mut self, bytes: usize) -> Result<(), NodeError> {
        self.0 = self.0.checked_sub(bytes as u64).ok_or_else(too_large)?;
        Ok(())
    }

    fn drain(&mut self, source: impl Read, broken: &str) -> Result<Vec<u8>, NodeError> {
        let mut content = Vec::new();
        source.take(self.0 + 1).read_to_end(&mut content).map_err(|_| NodeError::new(broken))?;
        self.take(content.len())?;
        Ok(content)
    }
}

fn too_large() -> NodeError {
    NodeError::new("The archive holds more data than may be unpacked")
}

/// What a raw deflate stream holds.
pub(super) fn inflate(bytes: &[u8], budget: &mut Budget) -> Result<Vec<u8>, NodeError> {
    budget.drain(DeflateDecoder::new(bytes), "invalid zip data")
}

/// What a gzip file holds, all of its members.
pub(super) fn gunzip(bytes: &[u8], budget: &mut Budget) -> Result<Vec<u8>, NodeError> {
    budget.drain(MultiGzDecoder::new(bytes), "invalid gzip data")
}
