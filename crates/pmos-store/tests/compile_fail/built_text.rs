//! Text that is built at run time.

use pmos_store::sql;

fn main() {
    let name = "agents";
    let _ = sql!(format!("SELECT id FROM {name} WHERE workspace_id = $1"));
}
