//! A change without any condition.

use pmos_store::sql;

fn main() {
    let _ = sql!("DELETE FROM agents");
}
