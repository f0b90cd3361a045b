//! The second wall: what PostgreSQL shows of other workspaces, whatever a statement asks for and a connection remembers.

use crate::support::{Tenant, World, insert, on_postgres};
use futures_util::FutureExt;
use futures_util::future::join_all;
use pmos_kit::Role;
use pmos_store::{args, global_sql, sql};
use tokio_postgres::Client;

/// A world whose every connection begins with the setting of B left over, as after a pool that forgot to clear it.
async fn poisoned() -> World {
    let world = World::new().await;
    world.add(&world.a, "of a").await.unwrap();
    world.add(&world.b, "of b").await.unwrap();
    if !on_postgres() {
        return world;
    }
    let client = world.place.postgres().await;
    let name: String = client.query_one("SELECT current_database()::text", &[]).await.unwrap().get(0);
    let left = format!("ALTER DATABASE {name} SET app.workspace = '{}'", world.b.workspace);
    client.batch_execute(&left).await.unwrap();
    let world = world.reopened().await;
    let left: String = world.place.postgres().await.query_one("SHOW app.workspace", &[]).await.unwrap().get(0);
    assert_eq!(left, world.b.workspace.as_str());
    world
}

/// A read sees its own workspace, whichever was left on the connection.
#[tokio::test(flavor = "multi_thread")]
async fn a_read_sees_its_own_workspace_whatever_was_left() {
    let world = poisoned().await;
    for _ in 0..3 {
        assert_eq!(world.names(&world.a).await, ["of a"]);
        assert_eq!(world.names(&world.b).await, ["of b"]);
    }
}

/// Reads of two workspaces at once do not see each other's, on however few connections.
#[tokio::test(flavor = "multi_thread")]
async fn reads_at_once_do_not_mix() {
    let world = poisoned().await;
    let reads = (0..200).map(|number| {
        let (tenant, wanted) = if number % 2 == 0 { (&world.a, "of a") } else { (&world.b, "of b") };
        let world = &world;
        async move { assert_eq!(world.names(tenant).await, [wanted]) }
    });
    join_all(reads).await;
}

/// A write reaches its own workspace, with its first statement and with those that follow.
#[tokio::test(flavor = "multi_thread")]
async fn a_write_reaches_its_own_workspace_whatever_was_left() {
    let world = poisoned().await;
    let renamed = world.write(&world.a, |scope| {
        async move {
            let first = scope.run(sql!("UPDATE agents SET name = 'still a' WHERE workspace_id = $1"), args![]).await?;
            insert(scope, "new").await?;
            let seen: i64 = scope.one(sql!("SELECT COUNT(*) FROM agents WHERE workspace_id = $1"), args![]).await?;
            Ok((first, seen))
        }
        .boxed()
    });
    assert_eq!(renamed.await.unwrap(), (1, 2));
    assert_eq!(world.names(&world.a).await, ["new", "still a"]);
    assert_eq!(world.names(&world.b).await, ["of b"]);
}

/// A global statement sees all workspaces, and only in the tables that are on the list.
#[tokio::test(flavor = "multi_thread")]
async fn a_global_statement_sees_all_whatever_was_left() {
    let world = poisoned().await;
    let all: Vec<String> = world
        .store
        .global()
        .rows(global_sql!(Platform, "SELECT name FROM agents ORDER BY name"), args![])
        .await
        .unwrap();
    assert_eq!(all, ["of a", "of b"]);
    if on_postgres() {
        let unlisted: Result<i64, _> =
            world.store.global().one(global_sql!(Platform, "SELECT COUNT(*) FROM messages"), args![]).await;
        assert_eq!(unlisted.unwrap_err().code(), "INTERNAL");
    }
}

/// Within one transaction the view changes with each step: global, A, global again, B.
#[tokio::test(flavor = "multi_thread")]
async fn a_transaction_that_changes_its_view_sees_what_it_asks_for() {
    let world = poisoned().await;
    let ids = [&world.a, &world.b].map(|Tenant { workspace, person }| (workspace.clone(), person.clone()));
    let steps = world.store.write_global(Box::new(move |global| {
        async move {
            let mut seen = Vec::new();
            for (workspace, person) in ids {
                let all = global_sql!(Platform, "SELECT COUNT(*) FROM agents");
                seen.push(global.one::<i64, false>(all, args![]).await?);
                let scope = global.within(workspace, person, Role::Admin);
                insert(&scope, "another").await?;
                let own = sql!("SELECT COUNT(*) FROM agents WHERE workspace_id = $1");
                seen.push(scope.one::<i64, false>(own, args![]).await?);
                // A table that no global statement may see.
                let sessions = sql!("SELECT COUNT(*) FROM sessions WHERE workspace_id = $1");
                seen.push(scope.one::<i64, false>(sessions, args![]).await?);
            }
            Ok(seen)
        }
        .boxed()
    }));
    assert_eq!(steps.await.unwrap().0, [2, 2, 0, 3, 2, 0]);
}

/// As the program does: the role that owns nothing, and the setting of a workspace.
async fn inside(world: &World, workspace: &str) -> Client {
    let client = world.place.postgres().await;
    client.batch_execute(&format!("SET ROLE pmos_app; SET app.workspace = '{workspace}'")).await.unwrap();
    client
}

/// One row of B in every table that has a workspace, references or not.
async fn canaries(world: &World) -> Vec<String> {
    let client = world.place.postgres().await;
    client.batch_execute("SET session_replication_role = replica").await.unwrap();
    let columns = client
        .query(
            "SELECT table_name::text, string_agg(column_name, ', ' ORDER BY ordinal_position),
                    string_agg(CASE WHEN column_name = 'workspace_id' THEN $1 WHEN data_type = 'bigint' THEN '7' ELSE $2 END, ', ' ORDER BY ordinal_position)
             FROM information_schema.columns c
             WHERE table_schema = 'public' AND EXISTS (SELECT FROM information_schema.columns w
                WHERE w.table_schema = 'public' AND w.table_name = c.table_name AND w.column_name = 'workspace_id')
             GROUP BY table_name ORDER BY table_name",
            &[&format!("'{}'", world.b.workspace), &"'canary'"],
        )
        .await
        .unwrap();
    let mut tables = Vec::new();
    for row in columns {
        let (table, names, values): (String, &str, &str) = (row.get(0), row.get(1), row.get(2));
        let insert = format!("INSERT INTO {table} ({names}) VALUES ({values}) ON CONFLICT DO NOTHING");
        client.batch_execute(&insert).await.unwrap();
        tables.push(table);
    }
    assert!(tables.len() >= 15, "{tables:?}");
    tables
}

/// A statement without any condition sees no row of another workspace, in no table, and nobody's without a setting.
#[tokio::test(flavor = "multi_thread")]
async fn rows_of_another_workspace_are_not_there() {
    if !on_postgres() {
        return;
    }
    let world = World::new().await;
    let tables = canaries(&world).await;
    let (a, b) = (inside(&world, world.a.workspace.as_str()).await, inside(&world, world.b.workspace.as_str()).await);
    let nowhere = inside(&world, "").await;
    for table in tables {
        let count = async |client: &Client, which: &str| {
            let rows = client.query_one(&format!("SELECT COUNT(*) FROM {table} WHERE {which}"), &[]).await;
            rows.unwrap().get::<_, i64>(0)
        };
        let foreign = format!("workspace_id <> '{}'", world.a.workspace);
        assert_eq!(count(&a, &foreign).await, 0, "{table}: A sees rows of B");
        assert!(count(&b, "true").await >= 1, "{table}: B has a row");
        assert_eq!(count(&nowhere, "true").await, 0, "{table}: a forgotten setting shows rows");
    }
}

/// Nothing is written into another workspace, moved there, or changed and deleted in it.
#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_written_into_another_workspace() {
    if !on_postgres() {
        return;
    }
    let world = World::new().await;
    world.add(&world.a, "of a").await.unwrap();
    let tables = canaries(&world).await;
    let a = inside(&world, world.a.workspace.as_str()).await;
    for table in tables.iter().filter(|table| *table != "audit") {
        let b = &world.b.workspace;
        let change = format!("UPDATE {table} SET workspace_id = workspace_id WHERE workspace_id = '{b}'");
        assert_eq!(a.execute(&change, &[]).await.unwrap(), 0, "{table}");
        let delete = format!("DELETE FROM {table} WHERE workspace_id = '{b}'");
        assert_eq!(a.execute(&delete, &[]).await.unwrap(), 0, "{table}");
    }
    let b = &world.b.workspace;
    for refused in [
        format!("UPDATE agents SET workspace_id = '{b}'"),
        format!("INSERT INTO canaries (workspace_id, note) VALUES ('{b}', 'x')"),
        format!(
            "INSERT INTO canaries (workspace_id, note) VALUES ('{}', 'x')",
            pmos_kit::WorkspaceId::new(&pmos_kit::OsRng)
        ),
        "SELECT COUNT(*) FROM people".to_owned(),
        "UPDATE audit SET action = 'x'".to_owned(),
        "DELETE FROM audit".to_owned(),
        "ALTER TABLE agents DISABLE ROW LEVEL SECURITY".to_owned(),
    ] {
        a.batch_execute(&refused).await.expect_err(&refused);
    }
}
