//! The walls stand: a worker tries what they forbid.

use crate::support::pool;

/// Files, sockets, programs, threads, namespaces, tracing and signals: a worker can have none of them.
#[tokio::test]
async fn a_worker_can_reach_nothing() {
    let walls = pool().probe().await.unwrap();
    for wall in &walls.0 {
        println!("{wall}");
    }
    // Hosts differ in the others; those that stand suffice, or there would be no worker.
    assert!(walls.stands("descriptors") && walls.stands("limits"), "{walls:?}");
    assert!(walls.stands("seccomp") || walls.stands("landlock"), "{walls:?}");
}
