//! A grant is given by the store alone.

use pmos_kit::{PersonId, Role, WorkspaceId};
use pmos_store::Grant;

fn mint(workspace: WorkspaceId, person: PersonId) -> Grant {
    Grant::for_work(workspace, person, Role::Admin)
}

fn main() {}
