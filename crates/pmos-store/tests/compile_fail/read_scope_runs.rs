//! A scope that reads has no way to run a change.

use pmos_store::{Read, Scope, args, sql};

async fn handler(scope: &Scope<Read>) -> pmos_kit::Result<u64> {
    scope.run(sql!("DELETE FROM agents WHERE workspace_id = $1"), args![]).await
}

fn main() {}
