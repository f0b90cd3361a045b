//! The machine's time, and its files as workflows.

use async_trait::async_trait;
use pmos_flow::port::{PortError, Timer, Workflows};
use pmos_flow::value::{self, Value};
use pmos_kit::{Clock, Millis, SystemClock};
use std::path::PathBuf;
use std::time::Duration;

/// The machine's clock.
pub(super) struct Time;

impl Clock for Time {
    fn now(&self) -> Millis {
        SystemClock.now()
    }
}

#[async_trait]
impl Timer for Time {
    async fn sleep(&self, ms: u64) {
        tokio::time::sleep(Duration::from_millis(ms)).await;
    }
}

/// Workflows called by their id: files beside the one that is run, named after the id or holding it.
pub(super) struct Beside(pub(super) PathBuf);

/// A folder with more files than this is no folder of workflows.
const MOST_FILES: usize = 10_000;

#[async_trait]
impl Workflows for Beside {
    async fn by_id(&self, id: &str) -> Result<Value, PortError> {
        let plain = id.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'));
        let read = |path: PathBuf| value::parse(&std::fs::read_to_string(path).ok()?).ok();
        let named = plain.then(|| read(self.0.join(format!("{id}.json")))).flatten();
        let held = || {
            let paths = std::fs::read_dir(&self.0).ok()?.flatten().map(|entry| entry.path()).take(MOST_FILES);
            paths
                .filter(|path| path.extension().is_some_and(|end| end == "json"))
                .filter_map(read)
                .find(|file| *file.get("id").to_text() == *id)
        };
        named.or_else(held).ok_or_else(|| {
            PortError::new(format!("Workflow does not exist: no file beside this one has the id '{id}'"))
        })
    }
}
