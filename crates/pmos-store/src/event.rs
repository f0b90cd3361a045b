//! What clients of a workspace are told.

use pmos_kit::{PersonId, WorkspaceId};
use serde::Serialize;
use std::sync::Arc;

/// Something that happened in a workspace. It is built from a grant, so its topic cannot be chosen by a caller.
#[derive(Debug, Clone)]
pub struct Event {
    pub(crate) workspace: WorkspaceId,
    /// The event's name on the wire, such as `chat`.
    pub name: &'static str,
    /// The payload, serialised once for all who hear of it.
    pub payload: Arc<str>,
    /// Who hears of it.
    pub audience: Audience,
    /// Which snapshots it tells anew, for events that do.
    pub state: Option<StateVersion>,
}

/// Two numbers that only grow: clients tell by them which of two snapshots of a workspace is the newer one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct StateVersion {
    /// Of who is connected.
    pub presence: i64,
    /// Of how the workspace is doing.
    pub health: i64,
}

/// Who in the workspace hears of an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Audience {
    /// Only this person, for what is private; everybody in the workspace otherwise.
    pub only: Option<PersonId>,
    /// Only connections of this kind.
    pub listens: Listens,
    /// May it be left out for a connection that reads slowly? The next one says it all again.
    pub droppable: bool,
}

/// What a connection must have asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Listens {
    /// Nothing.
    Always,
    /// Pieces of text alone, by the capability `pmos-delta`.
    Pieces,
    /// The whole text so far, which is what OpenClaw's clients expect: whoever did not ask for pieces.
    Cumulative,
    /// Tool calls, by the capability `tool-events`.
    Tools,
    /// Changes of sessions, by `sessions.subscribe`.
    Sessions,
}

impl Audience {
    /// Everybody in the workspace.
    pub const ALL: Audience = Audience { only: None, listens: Listens::Always, droppable: false };

    /// Everybody in the workspace who listens so.
    pub const fn listening(listens: Listens) -> Self {
        Self { only: None, listens, droppable: false }
    }

    /// The same, for this person alone if there is one.
    #[must_use]
    pub fn only(mut self, person: Option<PersonId>) -> Self {
        self.only = person;
        self
    }

    /// The same, left out for who reads slowly.
    #[must_use]
    pub fn droppable(mut self) -> Self {
        self.droppable = true;
        self
    }
}

impl Event {
    /// The topic: the workspace in which it happened.
    pub fn workspace(&self) -> &WorkspaceId {
        &self.workspace
    }

    /// The same, as one that tells these snapshots anew.
    #[must_use]
    pub fn of_state(mut self, state: StateVersion) -> Self {
        self.state = Some(state);
        self
    }
}
