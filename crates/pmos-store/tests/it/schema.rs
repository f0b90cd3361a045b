//! The catalogue, walked table by table: a new one is held to the same rules.

use crate::support::{Place, on_postgres};
use pmos_store::migrate::GLOBAL_TABLES;
use std::collections::{BTreeMap, BTreeSet};

/// Tables that belong to no workspace. Whatever else there is has a `workspace_id`.
const OF_THE_SERVER: [&str; 8] = [
    "authority",
    "installation",
    "login_failures",
    "logins",
    "password_resets",
    "people",
    "schema_version",
    "system_audit",
];
/// Unique across workspaces, because they hold the digest of 256 random bits by which somebody is let in.
const UNIQUE_EVERYWHERE: [&str; 2] = ["api_keys (token_hash)", "invites (token_hash)"];

/// A table, as the catalogue describes it.
#[derive(Debug, Default)]
struct Table {
    /// The columns, and whether each may be null.
    columns: BTreeMap<String, bool>,
    /// The primary key and every unique index.
    unique: BTreeSet<Vec<String>>,
    primary: Vec<String>,
    /// Columns, the table they refer to, and its columns.
    references: BTreeSet<(Vec<String>, String, Vec<String>)>,
}

type Catalogue = BTreeMap<String, Table>;

async fn catalogue(place: &Place) -> Catalogue {
    if on_postgres() { postgres(place).await } else { sqlite(place) }
}

fn sqlite(place: &Place) -> Catalogue {
    let connection = place.sqlite();
    let list = |text: &str, column: usize| -> Vec<String> {
        let mut statement = connection.prepare(text).unwrap();
        let rows = statement.query_map([], |row| row.get::<_, Option<String>>(column)).unwrap();
        rows.filter_map(|row| row.unwrap()).collect()
    };
    let mut tables = Catalogue::new();
    for name in list("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%'", 0) {
        let table = tables.entry(name.clone()).or_default();
        let mut statement =
            connection.prepare("SELECT name, \"notnull\", pk FROM pragma_table_info(?1) ORDER BY pk").unwrap();
        let columns = statement.query_map([&name], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).unwrap();
        for (column, not_null, place) in columns.map(|row| row.unwrap()).collect::<Vec<(String, bool, i64)>>() {
            if place > 0 {
                table.primary.push(column.clone());
            }
            table.columns.insert(column, !not_null);
        }
        for index in list(&format!("SELECT name FROM pragma_index_list('{name}') WHERE \"unique\" = 1"), 0) {
            table.unique.insert(list(&format!("SELECT name FROM pragma_index_info('{index}') ORDER BY seqno"), 0));
        }
        for id in list(&format!("SELECT DISTINCT CAST(id AS TEXT) FROM pragma_foreign_key_list('{name}')"), 0) {
            let of = |column: &str| {
                list(&format!("SELECT {column} FROM pragma_foreign_key_list('{name}') WHERE id = {id} ORDER BY seq"), 0)
            };
            table.references.insert((of("\"from\""), of("\"table\"").remove(0), of("\"to\"")));
        }
    }
    tables
}

async fn postgres(place: &Place) -> Catalogue {
    let client = place.postgres().await;
    let columns = "SELECT table_name::text, column_name::text, is_nullable = 'YES' FROM information_schema.columns
                   WHERE table_schema = 'public'";
    let named =
        "(SELECT array_agg(a.attname::text ORDER BY k.place) FROM unnest(KEYS) WITH ORDINALITY AS k (number, place)
                  JOIN pg_attribute a ON a.attrelid = OWNER AND a.attnum = k.number)";
    let named = |keys: &str, owner: &str| named.replace("KEYS", keys).replace("OWNER", owner);
    let unique = format!(
        "SELECT i.indrelid::regclass::text, i.indisprimary, {} FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid
         WHERE i.indisunique AND c.relnamespace = 'public'::regnamespace",
        named("i.indkey::int2[]", "i.indrelid")
    );
    let references = format!(
        "SELECT r.conrelid::regclass::text, {}, r.confrelid::regclass::text, {} FROM pg_constraint r WHERE r.contype = 'f'",
        named("r.conkey", "r.conrelid"),
        named("r.confkey", "r.confrelid")
    );
    let mut tables = Catalogue::new();
    for row in client.query(columns, &[]).await.unwrap() {
        tables.entry(row.get(0)).or_default().columns.insert(row.get(1), row.get(2));
    }
    for row in client.query(&unique, &[]).await.unwrap() {
        let table = tables.get_mut(row.get::<_, &str>(0)).unwrap();
        if row.get(1) {
            table.primary = row.get(2);
        }
        table.unique.insert(row.get(2));
    }
    for row in client.query(&references, &[]).await.unwrap() {
        tables.get_mut(row.get::<_, &str>(0)).unwrap().references.insert((row.get(1), row.get(2), row.get(3)));
    }
    tables
}

/// The tables of the schema, and which of them are tenants'.
async fn walked() -> (Place, Catalogue) {
    let place = Place::new().await;
    drop(place.open().await.unwrap());
    let mut tables = catalogue(&place).await;
    assert!(tables.len() >= 20, "the walk is blind: {:?}", tables.keys());
    tables.retain(|name, table| {
        let is_tenants = table.columns.contains_key("workspace_id");
        assert!(is_tenants != OF_THE_SERVER.contains(&name.as_str()), "{name} has no workspace_id and is on no list");
        is_tenants
    });
    (place, tables)
}

/// A tenant's row says whose it is: its key begins with the workspace, which is never null.
#[tokio::test(flavor = "multi_thread")]
async fn each_table_of_a_workspace_begins_its_key_with_it() {
    let (_place, tables) = walked().await;
    for (name, table) in &tables {
        assert!(!table.columns["workspace_id"], "{name}: workspace_id may be null");
        assert_eq!(table.primary.first().map(String::as_str), Some("workspace_id"), "{name}: {:?}", table.primary);
    }
}

/// Nothing is unique across workspaces, or one would learn from a conflict what another has.
#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_unique_across_workspaces_but_tokens() {
    let (_place, tables) = walked().await;
    let mut everywhere = Vec::new();
    for (name, table) in &tables {
        let outer = table.unique.iter().filter(|columns| columns.first().is_none_or(|first| first != "workspace_id"));
        everywhere.extend(outer.map(|columns| format!("{name} ({})", columns.join(", "))));
    }
    assert_eq!(everywhere, UNIQUE_EVERYWHERE);
}

/// A reference carries the workspace along, so that it cannot lead into another one.
#[tokio::test(flavor = "multi_thread")]
async fn references_stay_in_their_workspace() {
    let (_place, tables) = walked().await;
    let mut seen = 0;
    for (name, table) in &tables {
        for (from, to, columns) in &table.references {
            seen += 1;
            assert!(tables.contains_key(to), "{name} refers to {to}, which is no tenant's");
            let first = (from[0].as_str(), columns[0].as_str());
            assert_eq!(first, ("workspace_id", "workspace_id"), "{name} ({from:?}) refers to {to} ({columns:?})");
        }
    }
    assert!(seen >= 10, "only {seen} references were seen");
}

/// On PostgreSQL each of a tenant's tables has row-level security, forced upon its owner too, with the one policy.
#[tokio::test(flavor = "multi_thread")]
async fn each_table_of_a_workspace_forces_row_level_security() {
    if !on_postgres() {
        return;
    }
    let (place, tables) = walked().await;
    let client = place.postgres().await;
    let own = "(workspace_id = current_setting('app.workspace'::text, true))";
    for name in tables.keys() {
        let row = client
            .query_one(
                "SELECT relrowsecurity AND relforcerowsecurity FROM pg_class WHERE oid = $1::text::regclass",
                &[name],
            )
            .await
            .unwrap();
        assert!(row.get::<_, bool>(0), "{name}: row-level security is not forced");
        let policies = client
            .query("SELECT policyname::text, roles::text, permissive || ' ' || cmd, qual, with_check FROM pg_policies WHERE tablename = $1 ORDER BY 1", &[name])
            .await
            .unwrap();
        let policies: Vec<[String; 5]> = policies.iter().map(|row| std::array::from_fn(|at| row.get(at))).collect();
        let mut wanted = vec![["own_workspace", "{pmos_app}", "PERMISSIVE ALL", own, own]];
        if GLOBAL_TABLES.contains(&name.as_str()) {
            wanted.insert(0, ["global_work", "{pmos_global}", "PERMISSIVE ALL", "true", "true"]);
        }
        assert_eq!(policies, wanted, "{name}");
    }
}

/// The roles of the program own nothing and bypass nothing, and a trail can be added to but not rewritten.
#[tokio::test(flavor = "multi_thread")]
async fn the_programs_roles_may_no_more_than_they_need() {
    if !on_postgres() {
        return;
    }
    let (place, tables) = walked().await;
    let client = place.postgres().await;
    let roles = "SELECT COUNT(*) FROM pg_roles WHERE rolname IN ('pmos_app', 'pmos_global')
                 AND NOT (rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb OR rolcanlogin)";
    assert_eq!(client.query_one(roles, &[]).await.unwrap().get::<_, i64>(0), 2);
    let owned = "SELECT COUNT(*) FROM pg_class WHERE pg_get_userbyid(relowner) IN ('pmos_app', 'pmos_global')";
    assert_eq!(client.query_one(owned, &[]).await.unwrap().get::<_, i64>(0), 0);
    let may = async |role: &str, table: &str, what: &str| {
        let text = "SELECT has_table_privilege($1::text, $2::text, $3::text)";
        client.query_one(text, &[&role, &table, &what]).await.unwrap().get::<_, bool>(0)
    };
    for table in OF_THE_SERVER {
        assert!(!may("pmos_app", table, "SELECT").await, "a workspace's statement can read {table}");
    }
    for table in tables.keys().map(String::as_str) {
        assert_eq!(may("pmos_global", table, "SELECT").await, GLOBAL_TABLES.contains(&table), "{table}");
    }
    assert!(may("pmos_app", "audit", "INSERT").await);
    assert!(!may("pmos_app", "audit", "UPDATE").await && !may("pmos_app", "audit", "DELETE").await);
}
