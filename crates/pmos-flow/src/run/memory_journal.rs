//! Journals that keep nothing on disk.

use crate::port::{CallName, Journal, KeptState, PortError, Recorded};
use crate::value::Str;
use async_trait::async_trait;
use bytes::Bytes;
use parking_lot::Mutex;
use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Keeps nothing: a run that is killed is gone.
#[derive(Debug, Default)]
pub struct NoJournal;

#[async_trait]
impl Journal for NoJournal {
    async fn recorded(&self, _call: &CallName) -> Result<Recorded, PortError> {
        Ok(Recorded::Nothing)
    }

    async fn intend(&self, _call: &CallName, _states: Vec<KeptState>) -> Result<(), PortError> {
        Ok(())
    }

    async fn answer(&self, _call: &CallName, _answer: Bytes) -> Result<(), PortError> {
        Ok(())
    }

    async fn keep(&self, _states: Vec<KeptState>) -> Result<(), PortError> {
        Ok(())
    }

    async fn state(&self, _execution: &str) -> Result<Option<Bytes>, PortError> {
        Ok(None)
    }

    async fn resumed(&self, _execution: &str) -> Result<usize, PortError> {
        Ok(0)
    }

    fn is_kept(&self) -> bool {
        false
    }
}

/// Keeps all in memory: an execution that was dropped can go on in the same process.
#[derive(Debug, Default)]
pub struct MemoryJournal {
    calls: Mutex<HashMap<CallName, Recorded>>,
    states: Mutex<HashMap<Str, Bytes>>,
    resumes: AtomicUsize,
}

#[async_trait]
impl Journal for MemoryJournal {
    async fn recorded(&self, call: &CallName) -> Result<Recorded, PortError> {
        Ok(self.calls.lock().get(call).cloned().unwrap_or(Recorded::Nothing))
    }

    async fn intend(&self, call: &CallName, states: Vec<KeptState>) -> Result<(), PortError> {
        self.resumes.store(0, Ordering::Relaxed);
        self.states.lock().extend(states);
        self.calls.lock().insert(call.clone(), Recorded::Intended);
        Ok(())
    }

    async fn answer(&self, call: &CallName, answer: Bytes) -> Result<(), PortError> {
        self.resumes.store(0, Ordering::Relaxed);
        self.calls.lock().insert(call.clone(), Recorded::Answered(answer));
        Ok(())
    }

    async fn keep(&self, states: Vec<KeptState>) -> Result<(), PortError> {
        self.resumes.store(0, Ordering::Relaxed);
        self.states.lock().extend(states);
        Ok(())
    }

    async fn state(&self, execution: &str) -> Result<Option<Bytes>, PortError> {
        Ok(self.states.lock().get(execution).cloned())
    }

    async fn resumed(&self, _execution: &str) -> Result<usize, PortError> {
        Ok(self.resumes.fetch_add(1, Ordering::Relaxed) + 1)
    }
}
