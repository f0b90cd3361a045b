-- One text for both databases: TEXT and BIGINT alone. {clustered} is WITHOUT ROWID on SQLite and nothing on PostgreSQL.
-- Every table with a workspace_id is a tenant's: its key begins with it, and PostgreSQL forces row-level security on it.

-- Global tables -------------------------------------------------------------------------------------------------

CREATE TABLE people (
    id TEXT NOT NULL PRIMARY KEY,
    email TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    is_super_admin BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    last_seen_at BIGINT
);

CREATE TABLE logins (
    id TEXT NOT NULL PRIMARY KEY,
    person_id TEXT NOT NULL REFERENCES people (id) ON DELETE CASCADE,
    token_hash TEXT NOT NULL UNIQUE,
    created_at BIGINT NOT NULL,
    last_seen_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    user_agent TEXT,
    ip TEXT
);
CREATE INDEX logins_by_person ON logins (person_id);

CREATE TABLE login_failures (
    subject TEXT NOT NULL PRIMARY KEY,
    failures BIGINT NOT NULL,
    locked_until BIGINT NOT NULL
);

CREATE TABLE password_resets (
    token_hash TEXT NOT NULL PRIMARY KEY,
    person_id TEXT NOT NULL REFERENCES people (id) ON DELETE CASCADE,
    expires_at BIGINT NOT NULL
);

CREATE TABLE installation (
    name TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
);

CREATE TABLE authority (
    id BIGINT NOT NULL PRIMARY KEY,
    epoch BIGINT NOT NULL
);
INSERT INTO authority (id, epoch) VALUES (1, 1);

CREATE TABLE system_audit (
    seq BIGINT NOT NULL PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    at BIGINT NOT NULL,
    actor TEXT NOT NULL,
    actor_kind TEXT NOT NULL,
    action TEXT NOT NULL,
    resource TEXT,
    outcome TEXT NOT NULL,
    ip TEXT,
    request_id TEXT NOT NULL,
    prev_mac TEXT,
    mac TEXT
);

-- Workspaces and who is in them ---------------------------------------------------------------------------------

CREATE TABLE workspaces (
    workspace_id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    created_by TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    deleting_at BIGINT,
    default_agent_id TEXT,
    audit_seq BIGINT NOT NULL DEFAULT 0,
    usage_seq BIGINT NOT NULL DEFAULT 0
);

CREATE TABLE members (
    workspace_id TEXT NOT NULL REFERENCES workspaces (workspace_id) ON DELETE CASCADE,
    person_id TEXT NOT NULL,
    role TEXT NOT NULL,
    email TEXT NOT NULL,
    name TEXT NOT NULL,
    joined_at BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, person_id)
) {clustered};
CREATE INDEX members_by_person ON members (person_id);

CREATE TABLE invites (
    workspace_id TEXT NOT NULL REFERENCES workspaces (workspace_id) ON DELETE CASCADE,
    id TEXT NOT NULL,
    token_hash TEXT NOT NULL UNIQUE,
    role TEXT NOT NULL,
    email TEXT,
    created_by TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    accepted_by TEXT,
    accepted_at BIGINT,
    revoked_at BIGINT,
    PRIMARY KEY (workspace_id, id)
);

CREATE TABLE api_keys (
    workspace_id TEXT NOT NULL REFERENCES workspaces (workspace_id) ON DELETE CASCADE,
    id TEXT NOT NULL,
    person_id TEXT NOT NULL,
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    scopes BIGINT NOT NULL,
    token_hash TEXT NOT NULL UNIQUE,
    hint TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT,
    last_used_at BIGINT,
    PRIMARY KEY (workspace_id, id)
);

CREATE TABLE act_grants (
    workspace_id TEXT NOT NULL REFERENCES workspaces (workspace_id) ON DELETE CASCADE,
    id TEXT NOT NULL,
    person_id TEXT NOT NULL,
    reason TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    revoked_at BIGINT,
    PRIMARY KEY (workspace_id, id)
);
CREATE INDEX act_grants_by_person ON act_grants (person_id);

CREATE TABLE workspace_keys (
    workspace_id TEXT NOT NULL PRIMARY KEY REFERENCES workspaces (workspace_id) ON DELETE CASCADE,
    wrapped TEXT NOT NULL,
    version BIGINT NOT NULL
);

CREATE TABLE canaries (
    workspace_id TEXT NOT NULL PRIMARY KEY,
    note TEXT NOT NULL
);
INSERT INTO canaries (workspace_id, note) VALUES ('00000000-0000-4000-8000-000000000000', 'visible to nobody: row-level security is proven on this row at each start');

-- Audit, usage, quotas, background work --------------------------------------------------------------------------

CREATE TABLE audit (
    workspace_id TEXT NOT NULL REFERENCES workspaces (workspace_id) ON DELETE CASCADE,
    seq BIGINT NOT NULL,
    id TEXT NOT NULL,
    at BIGINT NOT NULL,
    actor TEXT NOT NULL,
    actor_kind TEXT NOT NULL,
    on_behalf_of TEXT,
    action TEXT NOT NULL,
    resource TEXT,
    outcome TEXT NOT NULL,
    ip TEXT,
    request_id TEXT NOT NULL,
    before_digest TEXT,
    after_digest TEXT,
    prev_mac TEXT,
    mac TEXT,
    PRIMARY KEY (workspace_id, seq)
) {clustered};

CREATE TABLE usage_events (
    workspace_id TEXT NOT NULL REFERENCES workspaces (workspace_id) ON DELETE CASCADE,
    idem_key TEXT NOT NULL,
    seq BIGINT NOT NULL,
    metric TEXT NOT NULL,
    quantity BIGINT NOT NULL,
    occurred_at BIGINT NOT NULL,
    recorded_at BIGINT NOT NULL,
    source TEXT NOT NULL,
    dims TEXT NOT NULL,
    corrects TEXT,
    PRIMARY KEY (workspace_id, idem_key)
) {clustered};
CREATE INDEX usage_events_by_time ON usage_events (workspace_id, occurred_at, metric);

CREATE TABLE quota_counters (
    workspace_id TEXT NOT NULL REFERENCES workspaces (workspace_id) ON DELETE CASCADE,
    metric TEXT NOT NULL,
    period_key TEXT NOT NULL,
    used BIGINT NOT NULL,
    reserved BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (workspace_id, metric, period_key)
) {clustered};

CREATE TABLE jobs (
    workspace_id TEXT NOT NULL,
    id TEXT NOT NULL,
    kind TEXT NOT NULL,
    key TEXT NOT NULL,
    payload TEXT NOT NULL,
    person_id TEXT NOT NULL,
    run_at BIGINT NOT NULL,
    lease_until BIGINT,
    fence BIGINT NOT NULL DEFAULT 0,
    attempts BIGINT NOT NULL DEFAULT 0,
    state TEXT NOT NULL,
    error TEXT,
    PRIMARY KEY (workspace_id, id)
);
CREATE UNIQUE INDEX jobs_once ON jobs (workspace_id, kind, key);
CREATE INDEX jobs_due ON jobs (state, run_at);

-- Agents, sessions, runs ------------------------------------------------------------------------------------------

CREATE TABLE providers (
    workspace_id TEXT NOT NULL REFERENCES workspaces (workspace_id) ON DELETE CASCADE,
    id TEXT NOT NULL,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    base_url TEXT NOT NULL,
    sealed_key TEXT,
    key_hint TEXT,
    models TEXT NOT NULL,
    default_model TEXT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, id)
);
CREATE UNIQUE INDEX providers_by_name ON providers (workspace_id, name);

CREATE TABLE agents (
    workspace_id TEXT NOT NULL REFERENCES workspaces (workspace_id) ON DELETE CASCADE,
    id TEXT NOT NULL,
    name TEXT NOT NULL,
    emoji TEXT,
    avatar TEXT,
    theme TEXT,
    description TEXT,
    model TEXT,
    visibility TEXT NOT NULL,
    created_by TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, id)
) {clustered};
CREATE UNIQUE INDEX agents_by_name ON agents (workspace_id, name);

CREATE TABLE agent_files (
    workspace_id TEXT NOT NULL,
    agent_id TEXT NOT NULL,
    path TEXT NOT NULL,
    content TEXT NOT NULL,
    size_bytes BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, agent_id, path),
    FOREIGN KEY (workspace_id, agent_id) REFERENCES agents (workspace_id, id) ON DELETE CASCADE
);

CREATE TABLE sessions (
    workspace_id TEXT NOT NULL,
    id TEXT NOT NULL,
    key TEXT NOT NULL,
    agent_id TEXT NOT NULL,
    label TEXT,
    title TEXT,
    preview TEXT,
    visibility TEXT NOT NULL,
    created_by TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    archived BIGINT NOT NULL DEFAULT 0,
    pinned BIGINT NOT NULL DEFAULT 0,
    model TEXT,
    settings TEXT NOT NULL DEFAULT '{}',
    last_seq BIGINT NOT NULL DEFAULT 0,
    first_seq BIGINT NOT NULL DEFAULT 1,
    last_status TEXT,
    last_model TEXT,
    input_tokens BIGINT NOT NULL DEFAULT 0,
    output_tokens BIGINT NOT NULL DEFAULT 0,
    cost_nano_usd BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (workspace_id, id),
    FOREIGN KEY (workspace_id, agent_id) REFERENCES agents (workspace_id, id) ON DELETE CASCADE
) {clustered};
CREATE UNIQUE INDEX sessions_by_key ON sessions (workspace_id, key);
CREATE INDEX sessions_listed ON sessions (workspace_id, archived, pinned, updated_at, id);
CREATE INDEX sessions_counted ON sessions (workspace_id, archived, visibility, created_by);
CREATE INDEX sessions_by_agent ON sessions (workspace_id, agent_id, updated_at);

CREATE TABLE messages (
    workspace_id TEXT NOT NULL,
    session_id TEXT NOT NULL,
    seq BIGINT NOT NULL,
    id TEXT NOT NULL,
    run_id TEXT,
    role TEXT NOT NULL,
    body TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, session_id, seq),
    FOREIGN KEY (workspace_id, session_id) REFERENCES sessions (workspace_id, id) ON DELETE CASCADE
) {clustered};

CREATE TABLE runs (
    workspace_id TEXT NOT NULL,
    id TEXT NOT NULL,
    session_id TEXT NOT NULL,
    turn BIGINT NOT NULL,
    client_key TEXT NOT NULL,
    state TEXT NOT NULL,
    person_id TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    started_at BIGINT,
    ended_at BIGINT,
    owner TEXT,
    lease_until BIGINT,
    abort_at BIGINT,
    partial TEXT,
    stop_reason TEXT,
    error_kind TEXT,
    error TEXT,
    provider TEXT,
    model TEXT,
    input_tokens BIGINT NOT NULL DEFAULT 0,
    output_tokens BIGINT NOT NULL DEFAULT 0,
    cost_nano_usd BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (workspace_id, id),
    FOREIGN KEY (workspace_id, session_id) REFERENCES sessions (workspace_id, id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX runs_once ON runs (workspace_id, session_id, client_key);
CREATE INDEX runs_by_key ON runs (workspace_id, client_key);
-- Few runs of a workspace are not over; what asks for them says `state <> 'done'`.
CREATE INDEX runs_on ON runs (workspace_id, session_id, turn, client_key) WHERE state <> 'done';
CREATE INDEX runs_leases ON runs (state, lease_until);
