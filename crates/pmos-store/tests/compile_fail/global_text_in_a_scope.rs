//! A scope takes no statement that is tied to no workspace.

use pmos_store::{Read, Scope, args, global_sql};

async fn handler(scope: &Scope<Read>) -> pmos_kit::Result<Vec<String>> {
    scope.rows(global_sql!(Platform, "SELECT id FROM agents"), args![]).await
}

fn main() {}
