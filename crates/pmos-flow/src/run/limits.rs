//! What a run may use.

/// What a run may use. When a limit is reached the run ends with an error that names it.
#[derive(Clone, Debug)]
pub struct Limits {
    /// How long the whole run may take, in milliseconds of the clock.
    pub duration_ms: u64,
    /// How many runs of nodes there may be: what ends a loop that never ends.
    pub node_runs: usize,
    /// How many items all runs of nodes may give together.
    pub items: usize,
    /// How many bytes of files the items may hold together.
    pub bytes: u64,
    /// How deep sub-workflows may nest.
    pub depth: usize,
    /// How long one call of the sandbox may take, in milliseconds.
    pub script_ms: u64,
    /// How much memory one call of the sandbox may use.
    pub script_bytes: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            duration_ms: 3_600_000,
            node_runs: 100_000,
            items: 20_000_000,
            bytes: 1 << 30,
            depth: 16,
            script_ms: 60_000,
            script_bytes: 512 << 20,
        }
    }
}
