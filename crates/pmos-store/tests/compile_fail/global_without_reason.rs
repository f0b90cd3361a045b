//! A statement across workspaces says why, with a word of the list.

use pmos_store::global_sql;

fn main() {
    let _ = global_sql!(BecauseIWantTo, "SELECT id FROM agents");
}
