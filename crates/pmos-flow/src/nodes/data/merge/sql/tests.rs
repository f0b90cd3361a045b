use super::rows::{Bounds, Record, Source};
use super::{parser, run};
use crate::item::{Link, Links};
use crate::node::NodeError;
use crate::value::{Value, parse, to_string};
use std::sync::Arc;

fn source(input: usize, json: &str) -> Source {
    let rows = parse(json).unwrap();
    let records = rows.as_array().unwrap().iter().enumerate().map(|(at, row)| Record {
        json: Arc::new(row.as_object().unwrap().clone()),
        links: Links::One(Link::of_input(input, at)),
    });
    Source { name: format!("input{}", input + 1).into(), records: Arc::new(records.collect()) }
}

fn records(query: &str, tables: &[Source]) -> Result<Vec<Record>, NodeError> {
    run::run(&parser::parse(query)?, tables, &Bounds { most: 1_000_000, go_on: &|_| Ok(()) })
}

const PEOPLE: &str = r#"[{"id":1,"name":"Ann","team":"a","pay":10},{"id":2,"name":"bob","team":"b","pay":20.5},
    {"id":3,"name":"Cy","team":"a"},{"id":4,"name":"Di","team":null,"at":{"city":"Ulm"}}]"#;
const TEAMS: &str = r#"[{"team":"a","id":"1","label":"Alpha"},{"team":"c","id":"9","label":"Gamma"}]"#;

fn tables() -> Vec<Source> {
    vec![source(0, PEOPLE), source(1, TEAMS)]
}

/// The rows of a query as JSON.
fn rows(query: &str) -> String {
    let records = records(query, &tables()).unwrap_or_else(|error| panic!("{query}: {:?}", error.description));
    to_string(&Value::list(records.into_iter().map(|record| Value::Object(record.json))))
}

fn issue(query: &str) -> String {
    let error = records(query, &tables()).map(|_| ()).unwrap_err();
    assert_eq!(error.message, "Issue while executing query");
    error.description.unwrap()
}

#[test]
fn columns() {
    assert_eq!(rows("select id, name AS Name from input1 where id < 2"), r#"[{"id":1,"Name":"Ann"}]"#);
    assert_eq!(
        rows("SELECT t.id n, t.at.city, t.at->city AS c FROM input1 AS t WHERE `t`.[id] = 4;"),
        r#"[{"n":4,"city":"Ulm","c":"Ulm"}]"#
    );
    assert_eq!(rows("SELECT pay FROM input1"), r#"[{"pay":10},{"pay":20.5},{},{}]"#);
    assert_eq!(
        rows("SELECT pay * 2 + 1, upper(name) FROM input1 LIMIT 1"),
        r#"[{"pay * 2 + 1":21,"upper(name)":"ANN"}]"#
    );
    assert_eq!(rows(r#"SELECT "name" FROM input1 WHERE name = "Ann""#), r#"[{"name":"Ann"}]"#);
    assert_eq!(rows("SELECT 1 AS one, 'it''s' AS text, NULL AS nothing"), r#"[{"one":1,"text":"it's"}]"#);
}

#[test]
fn joins() {
    assert_eq!(
        rows("SELECT p.name, t.label FROM input1 p LEFT JOIN input2 t ON p.team = t.team ORDER BY p.id"),
        r#"[{"name":"Ann","label":"Alpha"},{"name":"bob"},{"name":"Cy","label":"Alpha"},{"name":"Di"}]"#
    );
    assert_eq!(
        rows("SELECT input1.name, label FROM input1 RIGHT OUTER JOIN input2 USING (team)"),
        r#"[{"name":"Ann","label":"Alpha"},{"name":"Cy","label":"Alpha"},{"label":"Gamma"}]"#
    );
    assert_eq!(rows("SELECT COUNT(*) AS n FROM input1 FULL JOIN input2 ON input1.team = input2.team"), r#"[{"n":5}]"#);
    assert_eq!(rows("SELECT COUNT(*) AS n FROM input1 CROSS JOIN input2"), r#"[{"n":8}]"#);
    assert_eq!(
        rows("SELECT * FROM input1 JOIN input2 ON input1.id = input2.id"),
        r#"[{"id":"1","name":"Ann","team":"a","pay":10,"label":"Alpha"}]"#
    );
    assert_eq!(
        rows("SELECT b.* FROM input1 a, input2 b WHERE a.team = b.team AND a.id = 3"),
        r#"[{"team":"a","id":"1","label":"Alpha"}]"#
    );
    assert_eq!(
        rows("SELECT a.id, b.id AS other FROM input1 a JOIN input1 b ON b.id > a.id + 2"),
        r#"[{"id":1,"other":4}]"#
    );
}

#[test]
fn groups() {
    assert_eq!(
        rows(
            "SELECT team, COUNT(*), SUM(pay) AS total FROM input1 GROUP BY team HAVING COUNT(*) > 1 OR total > 15 ORDER BY total DESC"
        ),
        r#"[{"team":"b","COUNT(*)":1,"total":20.5},{"team":"a","COUNT(*)":2,"total":10}]"#
    );
    assert_eq!(
        rows(
            "SELECT count(pay) AS n, AVG(pay) AS mean, MIN(name) AS a, MAX(id) AS z, COUNT(DISTINCT team) AS teams FROM input1"
        ),
        r#"[{"n":2,"mean":15.25,"a":"Ann","z":4,"teams":2}]"#
    );
    assert_eq!(rows("SELECT COUNT(*) AS n FROM input1 WHERE id > 99"), r#"[{"n":0}]"#);
    assert_eq!(
        rows("SELECT UPPER(team) AS t, COUNT(*) AS n FROM input1 WHERE team IS NOT NULL GROUP BY t ORDER BY 1 DESC"),
        r#"[{"t":"B","n":1},{"t":"A","n":2}]"#
    );
}

#[test]
fn conditions() {
    let ids = |condition: &str| {
        rows(&format!("SELECT id FROM input1 WHERE {condition}")).replace(r#"{"id":"#, "").replace('}', "")
    };
    assert_eq!(ids("name LIKE '%b%' OR name LIKE '_y'"), "[2,3]");
    assert_eq!(ids("id IN (1, 3) AND NOT id = 3"), "[1]");
    assert_eq!(ids("id NOT IN (SELECT id FROM input1 WHERE team = 'a')"), "[2,4]");
    assert_eq!(ids("id BETWEEN 2 AND 3"), "[2,3]");
    assert_eq!(ids("pay IS NULL"), "[3,4]");
    assert_eq!(ids("pay <> 10"), "[2]");
    assert_eq!(ids("CASE team WHEN 'a' THEN 1 ELSE 0 END = 1"), "[1,3]");
    assert_eq!(ids("id = (SELECT MAX(id) FROM input1)"), "[4]");
}

#[test]
fn functions() {
    let value = |of: &str| rows(&format!("SELECT {of} AS v")).replace(r#"[{"v":"#, "").replace("}]", "");
    assert_eq!(value("SUBSTRING('hello', 2, 3)"), r#""ell""#);
    assert_eq!(value("CONCAT('a', NULL, 1) || '!'"), r#""a1!""#);
    assert_eq!(value("ROUND(2.345, 1) + ABS(-1)"), "3.3");
    assert_eq!(value("COALESCE(NULL, 'x')"), r#""x""#);
    assert_eq!(value("CAST('12' AS INT) + LENGTH(TRIM('  ab '))"), "14");
    assert_eq!(value("REPLACE('a-b', '-', '+')"), r#""a+b""#);
}

#[test]
fn lists_of_rows() {
    assert_eq!(rows("SELECT DISTINCT team FROM input1 WHERE team IS NOT NULL"), r#"[{"team":"a"},{"team":"b"}]"#);
    assert_eq!(
        rows("SELECT team FROM input1 WHERE id < 3 UNION SELECT team FROM input2 ORDER BY team DESC LIMIT 2"),
        r#"[{"team":"c"},{"team":"b"}]"#
    );
    assert_eq!(
        rows("SELECT id FROM input1 UNION ALL SELECT id FROM input1 ORDER BY 1 LIMIT 2 OFFSET 1"),
        r#"[{"id":1},{"id":2}]"#
    );
    assert_eq!(rows("SELECT x.n FROM (SELECT id * 2 AS n FROM input1) x WHERE x.n > 6"), r#"[{"n":8}]"#);
}

#[test]
fn links() {
    let links = |query: &str| {
        let pairs =
            |record: Record| record.links.as_slice().iter().map(|link| (link.input, link.item)).collect::<Vec<_>>();
        records(query, &tables()).unwrap().into_iter().map(pairs).collect::<Vec<_>>()
    };
    assert_eq!(
        links("SELECT a.id FROM input2 b JOIN input1 a ON a.team = b.team"),
        [[(0, 0), (1, 0)], [(0, 2), (1, 0)]]
    );
    assert_eq!(
        links("SELECT team, COUNT(*) FROM input1 GROUP BY team"),
        [vec![(0, 0), (0, 2)], vec![(0, 1)], vec![(0, 3)]]
    );
    assert_eq!(links("SELECT DISTINCT team FROM input1 LIMIT 1"), [[(0, 0), (0, 2)]]);
}

#[test]
fn what_is_wrong() {
    assert_eq!(issue("SELECT * FROM input3"), "table 'input3' does not exist");
    assert_eq!(issue("SELECT FROM input1"), "parse error: expected a name, got 'FROM'");
    assert_eq!(issue("DROP TABLE input1"), "parse error: expected SELECT, got 'DROP'");
    assert_eq!(issue("SELECT NOPE(id) FROM input1"), "function 'NOPE' does not exist");
    assert_eq!(issue("SELECT 'a FROM input1"), "a closing ' is missing");
    assert_eq!(issue(&format!("SELECT {}1", "(".repeat(5000))), "the query is nested too deeply");
    assert_eq!(issue(&format!("SELECT 1{}", " + 1".repeat(5000))), "the query has too many operators");
    issue(&format!("SELECT {}1", "NOT ".repeat(5000)));
}

#[test]
fn many_rows_are_joined_by_their_keys() {
    let many = |key: &str| {
        let rows: Vec<String> = (0..100_000).map(|at| format!(r#"{{"{key}":{at},"v":"x"}}"#)).collect();
        format!("[{}]", rows.join(","))
    };
    let tables = [source(0, &many("a")), source(1, &many("b"))];
    let found = records("SELECT a, b FROM input1 JOIN input2 ON input1.a = input2.b AND input1.v = input2.v", &tables);
    assert_eq!(found.unwrap().len(), 100_000);
}
