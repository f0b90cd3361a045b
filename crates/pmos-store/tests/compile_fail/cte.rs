//! A named statement over every workspace.

use pmos_store::sql;

fn main() {
    let _ = sql!("WITH every AS (SELECT id FROM agents) SELECT id FROM every");
}
