//! Why code was not run to its end.

use crate::message::{Limit, Limits};
use std::fmt;

/// Why code was not run to its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum JailError {
    /// This machine has no jail: the reason.
    Unavailable(String),
    /// All workers were busy for too long.
    Busy,
    /// The code took too long.
    Time {
        /// How long it might have taken.
        limit_ms: u64,
    },
    /// The code used too much memory.
    Memory {
        /// How much it might have used.
        limit_bytes: u64,
    },
    /// The code gave too much.
    Output {
        /// How much it might have given.
        limit_bytes: u64,
    },
    /// The worker ended before it answered: something killed it.
    Died,
    /// The worker is at fault, not the code.
    Broken(String),
}

impl JailError {
    pub(super) fn broken(cause: impl fmt::Display) -> Self {
        Self::Broken(cause.to_string())
    }

    pub(super) fn of(limit: Limit, limits: Limits) -> Self {
        match limit {
            Limit::Time => Self::Time { limit_ms: limits.time_ms },
            Limit::Memory => Self::Memory { limit_bytes: limits.memory_bytes },
            Limit::Output => Self::Output { limit_bytes: limits.output_bytes },
        }
    }

    /// May the same code succeed when it is run again?
    pub fn is_transient(&self) -> bool {
        matches!(self, Self::Busy | Self::Died)
    }
}

impl fmt::Display for JailError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unavailable(reason) => write!(formatter, "code cannot be run on this machine: {reason}"),
            Self::Busy => formatter.write_str("all places for running code are taken, try again later"),
            Self::Time { limit_ms } => write!(formatter, "the code ran for longer than {limit_ms} ms and was stopped"),
            Self::Memory { limit_bytes } => {
                write!(formatter, "the code used more than {} MiB of memory and was stopped", limit_bytes >> 20)
            }
            Self::Output { limit_bytes } => write!(formatter, "the code gave more than {} MiB", limit_bytes >> 20),
            Self::Died => formatter.write_str("the process that ran the code was killed"),
            Self::Broken(reason) => write!(formatter, "running code failed: {reason}"),
        }
    }
}

impl std::error::Error for JailError {}
