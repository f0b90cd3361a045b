//! A statement that hides behind another.

use pmos_store::sql;

fn main() {
    let _ = sql!("SELECT 1; DELETE FROM agents");
}
