//! Telling a workspace how it is doing, each minute, once for all of its connections.

use super::{HEALTH, Presence, Seat};
use crate::front::Front;
use pmos_kit::{Error, Result, WorkspaceId};
use pmos_store::{Audience, Grant, StateVersion, event};
use serde_json::value::RawValue;
use std::sync::Arc;
use tokio::time::Instant;

impl Seat {
    /// Tell the workspace how it is doing, if nobody of it did so within the last minute. The grant is the connection's,
    /// as it was last looked at.
    pub(crate) fn tell_health(&self, front: &Arc<Front>, grant: &Grant, now: Instant) {
        if let Some(state) = self.presence.health_due(grant.workspace(), now) {
            let (front, grant) = (front.clone(), grant.clone());
            drop(front.tasks.clone().spawn(async move {
                if let Err(error) = tell(&front, &grant, state).await {
                    tracing::warn!(%error, "how a workspace is doing could not be told");
                }
            }));
        }
    }
}

impl Presence {
    /// Which snapshot it would be, if it is time for one. It is not asked for twice.
    fn health_due(&self, workspace: &WorkspaceId, now: Instant) -> Option<StateVersion> {
        let mut rooms = self.rooms.lock();
        let room = rooms.get_mut(workspace).filter(|room| now >= room.health_at)?;
        room.health_at = now + HEALTH;
        room.state.health += 1;
        Some(room.state)
    }
}

async fn tell(front: &Front, grant: &Grant, state: StateVersion) -> Result<()> {
    let health = front.dispatch.look(grant, "health").await?;
    let health = RawValue::from_string(health.into()).map_err(Error::internal)?;
    front.dispatch.bus.publish(event(grant, "health", &health, Audience::ALL.droppable())?.of_state(state));
    Ok(())
}
