//! Who of a workspace is connected, for those who are in it.
//!
//! - People's programs are listed: the UI, a terminal, a chat page. Command lines and back ends come and go by the
//!   thousand and are not.
//! - Those who come and go within half a second are told of together: a reconnect of everybody is one event, not many.
//! - Each minute those who are there are told how the workspace is doing, whoever they are, by the event `health`.

mod health;
mod rpc;

pub(crate) use rpc::methods;

use parking_lot::Mutex;
use pmos_kit::{Millis, WorkspaceId};
use pmos_platform::Bus;
use pmos_rpc::protocol::EventRow;
use pmos_store::{Audience, Grant, StateVersion, event};
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::time::Duration;
use tokio::time::Instant;

/// Comings and goings are gathered for so long.
const GATHER: Duration = Duration::from_millis(500);
/// So many are listed; a workspace with more people than this at once looks at its members.
const MOST: usize = 200;
/// How often a workspace is told how it is doing, by whichever of its connections ticks first.
const HEALTH: Duration = Duration::from_secs(60);

/// The connections of all workspaces, each in its own room. A service of the store's surroundings.
#[derive(Debug)]
pub struct Presence {
    version: String,
    started_at: Millis,
    rooms: Mutex<HashMap<WorkspaceId, Room>>,
}

/// The connections of one workspace. A room is there as long as one of them is.
#[derive(Debug)]
struct Room {
    next: u64,
    seats: usize,
    /// The connections that are listed.
    present: BTreeMap<u64, PresenceEntry>,
    is_announcing: bool,
    state: StateVersion,
    health_at: Instant,
}

/// One connection, or the gateway itself.
#[derive(Debug, Clone, Default, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PresenceEntry {
    /// What it calls itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) host: Option<String>,
    /// The program's id, such as `pmos-ui`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) client_id: Option<String>,
    /// The program's version.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) version: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) platform: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) device_family: Option<String>,
    /// `ui`, `webchat`, or `gateway` for the server itself.
    pub(crate) mode: String,
    /// `connect`, or `self` for the server itself.
    pub(crate) reason: &'static str,
    /// Which of the program's instances it is, in its own words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) instance_id: Option<String>,
    /// The device that it proved to be.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) device_id: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) roles: Vec<&'static str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) scopes: Vec<&'static str>,
    /// The person.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) user: Option<PresentUser>,
    /// Connected since.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) online_since: Option<Millis>,
    /// The same for people, in a line.
    pub(crate) text: String,
    /// When this was written down.
    pub(crate) ts: Millis,
}

/// A person who is connected.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct PresentUser {
    pub(crate) id: pmos_kit::PersonId,
}

/// The payload of the event `presence`.
#[derive(Debug, Serialize, JsonSchema)]
struct Present {
    presence: Vec<PresenceEntry>,
}

/// The events of this domain.
pub(crate) fn events() -> Vec<EventRow> {
    vec![EventRow::of::<Present>(
        "presence",
        "Somebody of the workspace connected or left. The payload lists all who are there now.",
    )]
}

/// A place in a room, left when it is dropped.
pub(crate) struct Seat {
    presence: Arc<Presence>,
    bus: Arc<Bus>,
    grant: Grant,
    number: u64,
}

impl Presence {
    /// Nobody but the server, which runs this version since `started_at`.
    pub fn new(version: impl Into<String>, started_at: Millis) -> Self {
        Self { version: version.into(), started_at, rooms: Mutex::default() }
    }

    /// All who are connected to this workspace, the server first.
    pub(crate) fn list(&self, workspace: &WorkspaceId) -> Vec<PresenceEntry> {
        self.snapshot(workspace).0
    }

    /// The same, and which snapshot of it this is.
    pub(crate) fn snapshot(&self, workspace: &WorkspaceId) -> (Vec<PresenceEntry>, StateVersion) {
        let rooms = self.rooms.lock();
        let room = rooms.get(workspace);
        let present = room.into_iter().flat_map(|room| room.present.values().take(MOST).cloned());
        let nobody = StateVersion { presence: self.started_at, health: self.started_at };
        (std::iter::once(self.server()).chain(present).collect(), room.map_or(nobody, |room| room.state))
    }

    fn server(&self) -> PresenceEntry {
        PresenceEntry {
            host: Some("pmos".into()),
            version: Some(self.version.clone()),
            platform: Some(std::env::consts::OS.into()),
            mode: "gateway".into(),
            reason: "self",
            text: format!("Gateway: pmos · app {} · mode gateway · reason self", self.version),
            ts: self.started_at,
            ..PresenceEntry::default()
        }
    }

    /// Take a seat in the grant's workspace, listed as this if it is to be listed.
    pub(crate) fn enter(
        self: &Arc<Self>,
        grant: &Grant,
        bus: &Arc<Bus>,
        now: Millis,
        entry: Option<PresenceEntry>,
    ) -> Seat {
        let is_listed = entry.is_some();
        let number = {
            let mut rooms = self.rooms.lock();
            rooms.entry(grant.workspace().clone()).or_insert_with(|| Room::new(now)).seat(entry)
        };
        if is_listed {
            self.announce_soon(grant, bus);
        }
        Seat { presence: self.clone(), bus: bus.clone(), grant: grant.clone(), number }
    }

    /// Tell the workspace who is there, once for all who come and go in the meantime.
    fn announce_soon(self: &Arc<Self>, grant: &Grant, bus: &Arc<Bus>) {
        let is_first = self
            .rooms
            .lock()
            .get_mut(grant.workspace())
            .is_some_and(|room| !std::mem::replace(&mut room.is_announcing, true));
        // The last seats are left while the runtime goes down: nobody is there to be told.
        let (true, Ok(runtime)) = (is_first, tokio::runtime::Handle::try_current()) else { return };
        let (presence, grant, bus) = (self.clone(), grant.clone(), bus.clone());
        runtime.spawn(async move {
            tokio::time::sleep(GATHER).await;
            presence.announce(&grant, &bus);
        });
    }

    fn announce(&self, grant: &Grant, bus: &Bus) {
        self.gathered(grant.workspace());
        let (presence, state) = self.snapshot(grant.workspace());
        match event(grant, "presence", &Present { presence }, Audience::ALL.droppable()) {
            Ok(event) => bus.publish(event.of_state(state)),
            Err(error) => tracing::error!(%error, "who is present could not be told"),
        }
    }

    /// What comes from now on is told of anew. A room that everybody left is given up.
    fn gathered(&self, workspace: &WorkspaceId) {
        let mut rooms = self.rooms.lock();
        let Some(room) = rooms.get_mut(workspace) else { return };
        room.is_announcing = false;
        if room.seats == 0 {
            rooms.remove(workspace);
        }
    }
}

impl Room {
    /// Numbers begin with the time, so that those of a room that was given up and made again go on growing.
    fn new(now: Millis) -> Self {
        let state = StateVersion { presence: now, health: now };
        Self {
            next: 0,
            seats: 0,
            present: BTreeMap::new(),
            is_announcing: false,
            state,
            health_at: Instant::now() + HEALTH,
        }
    }

    fn seat(&mut self, entry: Option<PresenceEntry>) -> u64 {
        self.next += 1;
        self.seats += 1;
        if let Some(entry) = entry {
            self.present.insert(self.next, entry);
            self.state.presence += 1;
        }
        self.next
    }

    /// Was whoever left listed?
    fn leave(&mut self, number: u64) -> bool {
        self.seats -= 1;
        let was_listed = self.present.remove(&number).is_some();
        self.state.presence += i64::from(was_listed);
        was_listed
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let was_listed = {
            let mut rooms = self.presence.rooms.lock();
            let Some(room) = rooms.get_mut(self.grant.workspace()) else { return };
            let was_listed = room.leave(self.number);
            if room.seats == 0 && !was_listed && !room.is_announcing {
                rooms.remove(self.grant.workspace());
            }
            was_listed
        };
        if was_listed {
            self.presence.announce_soon(&self.grant, &self.bus);
        }
    }
}
