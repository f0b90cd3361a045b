//! A table that is tied to no workspace.

use pmos_store::sql;

fn main() {
    let _ = sql!("SELECT id FROM agents WHERE id = $2");
}
