//! The one method of presence.

use super::{Presence, PresenceEntry};
use pmos_kit::Result;
use pmos_rpc::{Nothing, methods};
use pmos_store::{Read, Scope};

methods! {
    /// Who of the workspace is connected now, the server itself first. Command lines and back ends are not listed.
    Read "system-presence" Viewer => list;
}

async fn list(scope: &Scope<Read>, _: Nothing) -> Result<Vec<PresenceEntry>> {
    Ok(scope.service::<Presence>()?.list(scope.workspace()))
}
