//! Events on their way to the connections of a workspace.
//!
//! A topic is a workspace, taken from an event that was built from a grant; there is no wildcard and no topic by name.
//! A topic exists while somebody listens. It is bounded: who falls behind by more than it holds is cut off, and comes
//! back with a cursor.

use parking_lot::Mutex;
use pmos_kit::WorkspaceId;
use pmos_store::{Event, Grant};
use std::collections::HashMap;
use std::sync::Arc;
use tokio::sync::broadcast;

/// Events that a connection may be behind.
const BEHIND: usize = 1_024;

/// The events of all workspaces, each in its own topic.
#[derive(Debug, Default)]
pub struct Bus {
    topics: Mutex<HashMap<WorkspaceId, broadcast::Sender<Arc<Event>>>>,
}

impl Bus {
    /// Listen to the grant's workspace.
    pub fn listen(&self, grant: &Grant) -> broadcast::Receiver<Arc<Event>> {
        let mut topics = self.topics.lock();
        topics.entry(grant.workspace().clone()).or_insert_with(|| broadcast::channel(BEHIND).0).subscribe()
    }

    /// Tell the event's workspace.
    pub fn publish(&self, event: Event) {
        let mut topics = self.topics.lock();
        let Some(topic) = topics.get(event.workspace()) else { return };
        if topic.receiver_count() == 0 {
            topics.remove(event.workspace());
            return;
        }
        // It fails only when nobody listens, which was just looked at.
        drop(topic.send(Arc::new(event)));
    }
}
