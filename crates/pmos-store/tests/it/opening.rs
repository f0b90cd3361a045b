//! What the store refuses to open, and leaves as it is.

use crate::support::{Place, World, on_postgres};
use pmos_kit::{OsRng, SystemClock};
use pmos_store::{Database, Store, Surroundings};
use std::fs;
use std::sync::Arc;

/// What was committed is there after the next start.
#[tokio::test(flavor = "multi_thread")]
async fn what_was_committed_is_there_after_a_restart() {
    let world = World::new().await;
    world.add(&world.a, "kept").await.unwrap();
    let world = world.reopened().await;
    assert_eq!(world.names(&world.a).await, ["kept"]);
}

/// A URL that asks for TLS is not answered with a connection in plain words, and says what to do instead.
#[tokio::test]
async fn tls_to_postgresql_is_refused_in_words() {
    for mode in ["sslmode=require", "sslmode=verify-full"] {
        let database = Database::Postgres(format!("postgres://127.0.0.1:1/pmos?{mode}"));
        let surroundings = Surroundings::new(Arc::new(SystemClock), Arc::new(OsRng));
        let error = Store::open(&database, surroundings).await.err().expect("it is refused");
        assert_eq!(error.code(), "INVALID_REQUEST");
        assert!(error.public().contains(mode) && error.public().contains("tunnel"), "{error}");
    }
}

/// A SQLite file has one server; PostgreSQL has as many as one likes, even if they start at the same moment.
#[tokio::test(flavor = "multi_thread")]
async fn a_second_server_on_the_same_file_is_refused() {
    let place = Place::new().await;
    let (left, right) = futures_util::join!(place.open(), place.open());
    if on_postgres() {
        left.and(right).unwrap();
        return;
    }
    let first = left.unwrap();
    for refused in [right, place.open().await] {
        let error = refused.err().expect("the second is refused");
        assert_eq!(error.code(), "UNAVAILABLE");
        assert!(
            error.public().contains("in use by another pmos") && error.public().contains("--database-url"),
            "{error}"
        );
    }
    drop(first);
    place.open().await.unwrap();
}

/// A file that somebody else holds is not even looked into: a newer program must not migrate it under an older one.
#[tokio::test(flavor = "multi_thread")]
async fn a_file_in_use_is_not_touched() {
    if on_postgres() {
        return;
    }
    let place = Place::new().await;
    let lock = fs::File::create(place.file().with_extension("lock")).unwrap();
    lock.lock().unwrap();
    assert_eq!(place.open().await.err().expect("it is in use").code(), "UNAVAILABLE");
    assert!(!place.file().exists(), "a database was made beside the other server");
}

/// A file that is no database is refused with what to do, and every byte stays where it is.
#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_is_no_database_is_refused_and_left_untouched() {
    if on_postgres() {
        return;
    }
    let place = Place::new().await;
    let garbage = b"my tax return, which I should not have called pmos.db ".repeat(200);
    fs::write(place.file(), &garbage).unwrap();
    let error = place.open().await.err().expect("it is no database");
    assert_eq!(error.code(), "UNAVAILABLE");
    assert!(error.public().contains("nothing was changed") && error.public().contains("restore a backup"), "{error}");
    assert_eq!(fs::read(place.file()).unwrap(), garbage);
}

/// A database with a damaged page is refused at the start, not found out months later, and left as it is.
#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_database_is_refused_and_left_untouched() {
    if on_postgres() {
        return;
    }
    let world = World::new().await;
    for number in 0..200 {
        world.add(&world.a, &format!("agent-{number}")).await.unwrap();
    }
    let World { store, place, .. } = world;
    drop(store);
    place.sqlite().query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).unwrap();
    let root: usize = place
        .sqlite()
        .query_row("SELECT rootpage FROM sqlite_schema WHERE type = 'table' AND name = 'agents'", [], |row| row.get(0))
        .unwrap();
    let mut bytes = fs::read(place.file()).unwrap();
    bytes[(root - 1) * 4096..root * 4096].fill(0x5a);
    fs::write(place.file(), &bytes).unwrap();

    let error = place.open().await.err().expect("it is damaged");
    assert_eq!(error.code(), "UNAVAILABLE");
    assert!(error.public().contains("cannot be read"), "{error}");
    assert!(fs::read(place.file()).unwrap() == bytes, "the file was changed");
}

/// A program does not open the database of a newer one, and changes nothing in it.
#[tokio::test(flavor = "multi_thread")]
async fn a_newer_schema_is_refused() {
    let place = Place::new().await;
    drop(place.open().await.unwrap());
    if on_postgres() {
        place.postgres().await.batch_execute("INSERT INTO schema_version (version) VALUES (999)").await.unwrap();
    } else {
        place.sqlite().pragma_update(None, "user_version", 999).unwrap();
    }
    let error = place.open().await.err().expect("it is too new");
    assert_eq!(error.code(), "UNAVAILABLE");
    assert!(error.public().contains("schema 999") && error.public().contains("newer program"), "{error}");
}

/// A file that cannot be written to is told as such.
#[tokio::test(flavor = "multi_thread")]
async fn a_folder_that_is_not_there_is_told() {
    if on_postgres() {
        return;
    }
    let place = Place::new().await;
    let nowhere = pmos_store::Database::Sqlite(place.file().join("nested").join("pmos.db"));
    let surroundings =
        pmos_store::Surroundings::new(std::sync::Arc::new(pmos_kit::SystemClock), std::sync::Arc::new(pmos_kit::OsRng));
    let error = pmos_store::Store::open(&nowhere, surroundings).await.err().expect("there is no such folder");
    assert_eq!(error.code(), "UNAVAILABLE");
}
