//! Migrations: numbered, forward only, each in a transaction of its own.
//!
//! One text serves both databases. On PostgreSQL this file also makes the two roles, forces row-level security on
//! every table that has a `workspace_id`, and proves at each start that it bites.

use crate::postgres::chain;
use crate::sqlite;
use pmos_kit::{Error, Result};
use std::path::Path;
use tokio_postgres::{Config, NoTls};

const MIGRATIONS: &[(i64, &str)] = &[(1, include_str!("../migrations/001_foundation.sql"))];
/// Replicas that start together migrate one after the other: a number of our own for PostgreSQL's advisory lock.
const LOCK: i64 = 0x0070_6d6f_735f_6d31;

/// The schema that this program writes.
pub const SCHEMA_VERSION: i64 = MIGRATIONS[MIGRATIONS.len() - 1].0;

/// The tenant tables of which global statements may see all rows. A test holds them against the golden list.
pub const GLOBAL_TABLES: &[&str] = &[
    "workspaces",
    "members",
    "invites",
    "api_keys",
    "act_grants",
    "jobs",
    "runs",
    "agents",
    "audit",
    "workspace_keys",
];

fn too_new(found: i64) -> Error {
    Error::unavailable(format!(
        "the database has schema {found}, and this program knows {SCHEMA_VERSION}: start the newer program, or restore the backup from before"
    ))
}

pub(crate) fn sqlite(path: &Path) -> Result<()> {
    let mut connection = sqlite::connect(path)?;
    let found: i64 = connection.query_row("PRAGMA user_version", [], |row| row.get(0)).map_err(Error::internal)?;
    if found > SCHEMA_VERSION {
        return Err(too_new(found));
    }
    for (version, text) in MIGRATIONS.iter().filter(|(version, _)| *version > found) {
        let transaction = connection.transaction().map_err(Error::internal)?;
        transaction
            .execute_batch(&text.replace("{clustered}", "WITHOUT ROWID"))
            .map_err(|e| Error::internal(format!("migration {version}: {e}")))?;
        transaction.pragma_update(None, "user_version", version).map_err(Error::internal)?;
        transaction.commit().map_err(Error::internal)?;
    }
    Ok(())
}

pub(crate) async fn postgres(config: &Config) -> Result<()> {
    let (mut client, connection) = config.connect(NoTls).await.map_err(|e| {
        Error::unavailable(
            "the database server does not answer: check --database-url, and that PostgreSQL 14 or newer runs there",
        )
        .with_cause(chain(&e))
    })?;
    let pump = tokio::spawn(connection);
    let failed = |e: tokio_postgres::Error| Error::internal(format!("migration: {}", chain(&e)));
    client.execute("SELECT pg_advisory_lock($1)", &[&LOCK]).await.map_err(failed)?;
    client
        .batch_execute("CREATE TABLE IF NOT EXISTS schema_version (version BIGINT NOT NULL)")
        .await
        .map_err(failed)?;
    let found: i64 =
        client.query_one("SELECT COALESCE(MAX(version), 0) FROM schema_version", &[]).await.map_err(failed)?.get(0);
    if found > SCHEMA_VERSION {
        return Err(too_new(found));
    }
    for (version, text) in MIGRATIONS.iter().filter(|(version, _)| *version > found) {
        let transaction = client.transaction().await.map_err(failed)?;
        // Sorted and compared byte by byte, as SQLite does.
        let text = text.replace("{clustered}", "").replace(" TEXT", " TEXT COLLATE \"C\"");
        transaction.batch_execute(&text).await.map_err(failed)?;
        transaction.execute("INSERT INTO schema_version (version) VALUES ($1)", &[version]).await.map_err(failed)?;
        transaction.commit().await.map_err(failed)?;
    }
    make_roles(&client).await.map_err(failed)?;
    client.execute("SELECT pg_advisory_unlock($1)", &[&LOCK]).await.map_err(failed)?;
    drop(client);
    pump.await.map_err(Error::internal)?.map_err(failed)
}

/// Make the roles. They belong to the whole server, and our lock to one of its databases: where two databases are set up
/// at once, one of them finds that the other was faster, and looks again.
async fn make_roles(client: &tokio_postgres::Client) -> Result<(), tokio_postgres::Error> {
    let mut tries = 0;
    loop {
        let made = client.batch_execute(&roles()).await;
        tries += 1;
        match made {
            Err(error) if tries < 20 && met_another(&error) => {
                tokio::time::sleep(std::time::Duration::from_millis(25 * tries)).await;
            }
            made => return made,
        }
    }
}

fn met_another(error: &tokio_postgres::Error) -> bool {
    use tokio_postgres::error::SqlState;
    // "tuple concurrently updated" has no code of its own.
    matches!(error.code(), Some(&SqlState::UNIQUE_VIOLATION | &SqlState::DUPLICATE_OBJECT | &SqlState::INTERNAL_ERROR))
}

/// The roles, and the policies on every tenant table. Run at each start: it changes nothing where all is as it should.
fn roles() -> String {
    let global: Vec<String> = GLOBAL_TABLES.iter().map(|table| format!("'{table}'")).collect();
    format!(
        "DO $$
DECLARE tenant record;
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'pmos_app') THEN
        CREATE ROLE pmos_app NOLOGIN NOINHERIT NOBYPASSRLS;
    END IF;
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'pmos_global') THEN
        CREATE ROLE pmos_global NOLOGIN NOINHERIT NOBYPASSRLS;
    END IF;
    IF NOT pg_has_role(current_user, 'pmos_app', 'MEMBER') THEN EXECUTE format('GRANT pmos_app TO %I', current_user); END IF;
    IF NOT pg_has_role(current_user, 'pmos_global', 'MEMBER') THEN EXECUTE format('GRANT pmos_global TO %I', current_user); END IF;
    EXECUTE format('GRANT USAGE ON SCHEMA %I TO pmos_app, pmos_global', current_schema());
    FOR tenant IN
        SELECT c.relname AS name, EXISTS (
            SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'workspace_id' AND NOT a.attisdropped
        ) AS scoped
        FROM pg_class c WHERE c.relkind = 'r' AND c.relnamespace = current_schema()::regnamespace AND c.relname <> 'schema_version'
    LOOP
        IF NOT tenant.scoped THEN
            EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I TO pmos_global', tenant.name);
            CONTINUE;
        END IF;
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', tenant.name);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', tenant.name);
        EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I TO pmos_app', tenant.name);
        EXECUTE format('DROP POLICY IF EXISTS own_workspace ON %I', tenant.name);
        EXECUTE format(
            'CREATE POLICY own_workspace ON %I TO pmos_app USING (workspace_id = current_setting(''app.workspace'', true))
             WITH CHECK (workspace_id = current_setting(''app.workspace'', true))', tenant.name);
        EXECUTE format('DROP POLICY IF EXISTS global_work ON %I', tenant.name);
        IF tenant.name IN ({}) THEN
            EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I TO pmos_global', tenant.name);
            EXECUTE format('CREATE POLICY global_work ON %I TO pmos_global USING (true) WITH CHECK (true)', tenant.name);
        END IF;
    END LOOP;
    REVOKE UPDATE, DELETE ON audit FROM pmos_app;
END $$;",
        global.join(", ")
    )
}

/// Refuse to go on where row-level security does not bite: a superuser sees every row whatever the policies say.
pub(crate) async fn prove_row_security(pool: &deadpool_postgres::Pool) -> Result<()> {
    let client = crate::postgres::client(pool).await?;
    let failed = |e: tokio_postgres::Error| Error::internal(chain(&e));
    for (setting, wanted) in
        [("", 0i64), ("00000000-0000-4000-8000-000000000001", 0), ("00000000-0000-4000-8000-000000000000", 1)]
    {
        client.execute("SELECT set_config('app.workspace', $1, false)", &[&setting]).await.map_err(failed)?;
        let seen: i64 = client.query_one("SELECT COUNT(*) FROM canaries", &[]).await.map_err(failed)?.get(0);
        if seen != wanted {
            return Err(Error::unavailable(
                "row-level security does not hold on this database, so the server does not start: its login must be able to SET ROLE pmos_app, a role that owns nothing and bypasses nothing",
            ));
        }
    }
    client.batch_execute("RESET app.workspace").await.map_err(failed)
}
