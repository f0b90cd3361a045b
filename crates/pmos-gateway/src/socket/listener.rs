//! Which events a connection hears.

use pmos_kit::PersonId;
use pmos_kit::role::{ScopeName, Scopes};
use pmos_store::{Audience, Listens};

/// What decides which events a connection hears.
#[derive(Debug)]
pub(super) struct Listener {
    pub(super) person: PersonId,
    /// What was granted: without `operator.read` nothing of the workspace is heard.
    pub(super) scopes: Scopes,
    /// Asked for pieces of text instead of the whole so far.
    pub(super) takes_pieces: bool,
    /// Asked for the calls of tools.
    pub(super) takes_tools: bool,
    /// Subscribed to sessions.
    pub(super) takes_sessions: bool,
}

impl Listener {
    /// Is this connection among them?
    pub(super) fn hears(&self, audience: &Audience) -> bool {
        let is_meant = audience.only.as_ref().is_none_or(|person| *person == self.person);
        let is_listening = match audience.listens {
            Listens::Always => true,
            Listens::Pieces => self.takes_pieces,
            Listens::Cumulative => !self.takes_pieces,
            Listens::Tools => self.takes_tools,
            Listens::Sessions => self.takes_sessions,
        };
        is_meant && is_listening && self.scopes.has(ScopeName::Read)
    }

    /// Does a successful call of this method subscribe to sessions?
    pub(super) fn subscribes(method: &str) -> bool {
        matches!(method, "sessions.subscribe" | "sessions.messages.subscribe")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use pmos_kit::{OsRng, SystemClock};

    #[test]
    fn each_hears_what_it_asked_for_and_nothing_meant_for_others() {
        let me = PersonId::new(&SystemClock, &OsRng);
        let other = PersonId::new(&SystemClock, &OsRng);
        let old = Listener {
            person: me.clone(),
            scopes: Scopes::ALL,
            takes_pieces: false,
            takes_tools: false,
            takes_sessions: false,
        };
        let ours = Listener {
            person: me.clone(),
            scopes: Scopes::ALL,
            takes_pieces: true,
            takes_tools: true,
            takes_sessions: true,
        };
        let blind = Listener {
            person: me.clone(),
            scopes: Scopes::NONE,
            takes_pieces: true,
            takes_tools: true,
            takes_sessions: true,
        };
        for (listens, hears_old, hears_ours) in [
            (Listens::Always, true, true),
            (Listens::Pieces, false, true),
            (Listens::Cumulative, true, false),
            (Listens::Tools, false, true),
            (Listens::Sessions, false, true),
        ] {
            let audience = Audience::listening(listens);
            assert_eq!(
                (old.hears(&audience), ours.hears(&audience), blind.hears(&audience)),
                (hears_old, hears_ours, false),
                "{listens:?}"
            );
        }
        assert!(old.hears(&Audience::ALL.only(Some(me))) && !old.hears(&Audience::ALL.only(Some(other))));
    }
}
