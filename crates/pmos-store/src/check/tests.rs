//! What the check lets through, and what it refuses.

use super::scoped;

fn refused(text: &'static str) -> bool {
    std::panic::catch_unwind(|| scoped(text)).is_err()
}

#[test]
fn statements_that_are_tied_to_the_workspace_pass() {
    for text in [
        "SELECT 1",
        "SELECT id FROM agents WHERE workspace_id = $1 AND id = $2",
        "SELECT a.id FROM agents a WHERE a.workspace_id = $1 AND (a.name = $2 OR a.name = $3) ORDER BY a.name LIMIT 5",
        "SELECT a.id FROM agents AS a JOIN sessions s ON s.workspace_id = $1 AND s.agent_id = a.id WHERE a.workspace_id = $1",
        "SELECT a.id FROM agents a LEFT JOIN sessions s ON s.agent_id = a.id AND s.workspace_id = $1 WHERE a.workspace_id = $1",
        "SELECT (SELECT COUNT(*) FROM sessions s WHERE s.workspace_id = $1) FROM agents WHERE workspace_id = $1",
        "SELECT x.n FROM (SELECT COUNT(*) AS n FROM agents WHERE workspace_id = $1) AS x",
        "SELECT id FROM agents WHERE workspace_id = $1 AND CASE WHEN $2 = 1 THEN name = $3 ELSE 1 = 1 END",
        "INSERT INTO agents (workspace_id, id) VALUES ($1, $2), ($1, $3)",
        "INSERT INTO agents (workspace_id, id) SELECT $1, id FROM sessions WHERE workspace_id = $1",
        "INSERT INTO t (workspace_id, id) VALUES ($1, $2) ON CONFLICT (workspace_id, id) DO UPDATE SET n = t.n + 1 RETURNING n",
        "UPDATE agents SET name = $2 WHERE workspace_id = $1 AND id = $3 RETURNING id",
        "UPDATE agents AS a SET name = $2 WHERE a.workspace_id = $1",
        "DELETE FROM agents WHERE workspace_id = $1 AND id IN (SELECT agent_id FROM sessions s WHERE s.workspace_id = $1)",
    ] {
        assert!(!refused(text), "{text}");
    }
}

#[test]
fn statements_that_reach_beyond_the_workspace_are_refused() {
    for text in [
        "SELECT id FROM agents",
        "SELECT id FROM agents WHERE id = $2",
        "SELECT id FROM agents WHERE workspace_id = $2",
        "SELECT id FROM agents WHERE workspace_id = $1 OR id = $2",
        "SELECT id FROM agents WHERE id = $2 OR id = $3 AND workspace_id = $1",
        "SELECT id FROM agents WHERE NOT workspace_id = $1",
        "SELECT id FROM agents WHERE workspace_id = $1 IS NULL",
        "SELECT id FROM agents WHERE workspace_id = $1 || 'x'",
        "SELECT id FROM agents WHERE (workspace_id = $1 OR 1 = 1)",
        "SELECT id FROM agents WHERE $2 BETWEEN 1 AND workspace_id = $1",
        "SELECT id FROM agents WHERE 'workspace_id = $1' = $2",
        "SELECT a.id FROM agents a, sessions s WHERE a.workspace_id = $1",
        "SELECT a.id FROM agents a JOIN sessions s ON s.agent_id = a.id WHERE a.workspace_id = $1",
        "SELECT a.id FROM agents a LEFT JOIN sessions s ON a.workspace_id = $1 AND s.workspace_id = $1",
        "SELECT a.id FROM agents a JOIN (SELECT 1) AS x ON a.workspace_id = $1",
        "INSERT INTO t (workspace_id, id) SELECT $1, id FROM agents ON CONFLICT (workspace_id) DO UPDATE SET n = 1 WHERE workspace_id = $1",
        "SELECT a.id FROM agents a JOIN sessions s USING (agent_id) WHERE a.workspace_id = $1",
        "SELECT a.id FROM agents a JOIN sessions s ON s.workspace_id = $1 OR 1 = 1 WHERE a.workspace_id = $1",
        "SELECT id FROM agents WHERE workspace_id = $1 AND id IN (SELECT agent_id FROM sessions)",
        "SELECT (SELECT name FROM people) FROM agents WHERE workspace_id = $1",
        "SELECT id FROM agents WHERE workspace_id = $1 UNION SELECT id FROM agents",
        "WITH x AS (SELECT id FROM agents) SELECT id FROM x",
        "SELECT x.id FROM (SELECT id FROM agents) AS x",
        "SELECT value FROM json_each($2)",
        "SELECT id FROM agents WHERE workspace_id = $1; DELETE FROM agents",
        "SELECT id FROM agents WHERE workspace_id = $1 -- AND id = $2",
        "SELECT id FROM agents WHERE CASE WHEN 1 = 1 AND workspace_id = $1 THEN 1 = 1 ELSE 1 = 1 END",
        "INSERT INTO agents (id, workspace_id) VALUES ($2, $1)",
        "INSERT INTO agents (workspace_id, id) VALUES ($2, $3)",
        "INSERT INTO agents (workspace_id, id) VALUES ($1, $2), ($3, $2)",
        "INSERT INTO agents (workspace_id, id) SELECT workspace_id, id FROM agents WHERE workspace_id = $1",
        "INSERT INTO agents VALUES ($1, $2)",
        "INSERT INTO t (workspace_id, id) VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET n = 1",
        "INSERT INTO t (workspace_id, id) VALUES ($1, $2) ON CONFLICT DO NOTHING",
        "INSERT INTO t (workspace_id, id) VALUES ($1, $2) ON CONFLICT (workspace_id, id) DO UPDATE SET workspace_id = $3",
        "INSERT OR REPLACE INTO t (workspace_id) VALUES ($1)",
        "UPDATE agents SET name = $2",
        "UPDATE agents SET workspace_id = $2 WHERE workspace_id = $1",
        "UPDATE agents SET name = $2, workspace_id = $3 WHERE workspace_id = $1",
        "UPDATE agents SET name = s.key FROM sessions s WHERE agents.workspace_id = $1",
        "UPDATE OR FAIL agents SET name = $2 WHERE workspace_id = $1",
        "DELETE FROM agents",
        "DELETE FROM agents USING sessions WHERE workspace_id = $1",
        "PRAGMA foreign_keys = OFF",
    ] {
        assert!(refused(text), "{text}");
    }
}
