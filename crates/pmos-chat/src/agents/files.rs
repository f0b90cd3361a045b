//! The files of an agent: who it is, how it works, what it knows, and what it wrote.
//!
//! A file is a row `(workspace, agent, path)`. Paths are names in a table, never on a disk; they are relative and plain,
//! so that the jail can lay them out as files later.

use super::rpc::{location, tell};
use super::{Agent, AgentRef, get};
use pmos_kit::{AgentId, Error, Millis, Result};
use pmos_rpc::{DONE, Done, methods};
use pmos_store::{May, Read, Scope, Write, args, sql};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

methods! {
    /// The files of an agent: the well-known ones, present or missing, then what its tools wrote.
    Read "agents.files.list" Viewer => list;
    /// One file with its content. A well-known file that was never written is answered as missing.
    Read "agents.files.get" Viewer => show;
    /// Write a file, at most 1 MiB of text, and at most 500 files of an agent.
    ///
    /// Only the agent's maker and admins may.
    Write "agents.files.set" Member(own) => set, limit: per_minute(120);
    /// Delete a file.
    ///
    /// Only the agent's maker and admins may.
    Write "agents.files.delete" Member(own) => delete;
}

/// The files that every agent may have; all but the last two are read into its instructions.
const WELL_KNOWN: [&str; 8] =
    ["AGENTS.md", "SOUL.md", "IDENTITY.md", "USER.md", "TOOLS.md", "MEMORY.md", "HEARTBEAT.md", "BOOTSTRAP.md"];
const INSTRUCTIONS: usize = 6;
const MAX_BYTES: usize = 1024 * 1024;
const MAX_FILES: i64 = 500;

/// Which agent.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct ListFiles {
    agent_id: AgentRef,
}

/// The files of an agent.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct FileList {
    agent_id: AgentId,
    workspace: String,
    files: Vec<File>,
}

/// A file.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct File {
    name: String,
    path: String,
    missing: bool,
    /// In bytes.
    #[serde(skip_serializing_if = "Option::is_none")]
    size: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    updated_at_ms: Option<Millis>,
    #[serde(skip_serializing_if = "Option::is_none")]
    content: Option<String>,
}

impl File {
    fn missing(name: &str) -> Self {
        Self { name: name.into(), path: name.into(), missing: true, size: None, updated_at_ms: None, content: None }
    }

    fn present(name: String, size: i64, updated_at: Millis, content: Option<String>) -> Self {
        Self { path: name.clone(), name, missing: false, size: Some(size), updated_at_ms: Some(updated_at), content }
    }
}

async fn list(scope: &Scope<Read>, p: ListFiles) -> Result<FileList> {
    let agent = get(scope, &p.agent_id.0).await?;
    let rows: Vec<(String, i64, Millis)> = scope
        .rows(
            sql!("SELECT path, size_bytes, updated_at FROM agent_files WHERE workspace_id = $1 AND agent_id = $2 ORDER BY path"),
            args![agent.id],
        )
        .await?;
    let stands = |name: &str| rows.iter().find(|(path, ..)| path == name);
    let mut files: Vec<File> = WELL_KNOWN
        .iter()
        .map(|name| match stands(name) {
            Some((path, size, at)) => File::present(path.clone(), *size, *at, None),
            None => File::missing(name),
        })
        .collect();
    let more = rows.iter().filter(|(path, ..)| !WELL_KNOWN.contains(&path.as_str()));
    files.extend(more.map(|(path, size, at)| File::present(path.clone(), *size, *at, None)));
    Ok(FileList { workspace: location(&agent.id), agent_id: agent.id, files })
}

/// Which file.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct GetFile {
    agent_id: AgentRef,
    /// A relative path such as `AGENTS.md` or `notes/today.md`.
    name: String,
}

/// A file of an agent.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct FileShown {
    agent_id: AgentId,
    workspace: String,
    file: File,
}

async fn show(scope: &Scope<Read>, p: GetFile) -> Result<FileShown> {
    let agent = get(scope, &p.agent_id.0).await?;
    let file = match read(scope, &agent.id, plain_path(&p.name)?).await? {
        Some((content, size, at)) => File::present(p.name, size, at, Some(content)),
        None if WELL_KNOWN.contains(&p.name.as_str()) => File::missing(&p.name),
        None => return Err(Error::not_found()),
    };
    Ok(FileShown { workspace: location(&agent.id), agent_id: agent.id, file })
}

async fn read<A: May<false>>(scope: &Scope<A>, agent: &AgentId, path: &str) -> Result<Option<(String, i64, Millis)>> {
    scope
        .maybe(
            sql!("SELECT content, size_bytes, updated_at FROM agent_files WHERE workspace_id = $1 AND agent_id = $2 AND path = $3"),
            args![agent, path],
        )
        .await
}

/// A file to write.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct SetFile {
    agent_id: AgentRef,
    /// A relative path such as `AGENTS.md` or `notes/today.md`.
    name: String,
    content: String,
}

/// The file that was written.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct FileSet {
    ok: bool,
    agent_id: AgentId,
    workspace: String,
    file: File,
}

async fn set(scope: &Scope<Write>, p: SetFile) -> Result<FileSet> {
    let agent = get(scope, &p.agent_id.0).await?;
    may_write(scope, &agent)?;
    let path = plain_path(&p.name)?;
    if p.content.len() > MAX_BYTES {
        return Err(Error::invalid_field("content", format!("content: at most 1 MiB, not {} bytes", p.content.len())));
    }
    let (size, now) = (i64::try_from(p.content.len()).unwrap_or(i64::MAX), scope.now());
    scope
        .run(
            sql!(
                "INSERT INTO agent_files (workspace_id, agent_id, path, content, size_bytes, updated_at) VALUES ($1, $2, $3, $4, $5, $6)
                 ON CONFLICT (workspace_id, agent_id, path) DO UPDATE SET content = $4, size_bytes = $5, updated_at = $6"
            ),
            args![agent.id, path, p.content, size, now],
        )
        .await?;
    let files: i64 = scope
        .one(sql!("SELECT COUNT(*) FROM agent_files WHERE workspace_id = $1 AND agent_id = $2"), args![agent.id])
        .await?;
    if files > MAX_FILES {
        return Err(Error::conflict(format!("an agent keeps at most {MAX_FILES} files: delete one first")));
    }
    tell(scope, &agent.id, "files", &agent.visibility)?;
    let file = File::present(p.name, size, now, None);
    Ok(FileSet { ok: true, workspace: location(&agent.id), agent_id: agent.id, file })
}

async fn delete(scope: &Scope<Write>, p: GetFile) -> Result<Done> {
    let agent = get(scope, &p.agent_id.0).await?;
    may_write(scope, &agent)?;
    scope
        .run_one(
            sql!("DELETE FROM agent_files WHERE workspace_id = $1 AND agent_id = $2 AND path = $3"),
            args![agent.id, plain_path(&p.name)?],
        )
        .await?;
    tell(scope, &agent.id, "files", &agent.visibility)?;
    Ok(DONE)
}

/// People change what they made; an agent at work keeps notes in its own files, whoever started the run.
fn may_write(scope: &Scope<Write>, agent: &Agent) -> Result<()> {
    if *scope.actor() == pmos_store::Actor::Work { Ok(()) } else { scope.must_own(&agent.created_by) }
}

/// A path of plain parts: letters, digits, `.`, `_`, `-` and blanks, at most 8 deep, none of them `.` or `..`.
fn plain_path(path: &str) -> Result<&str> {
    let plain = |part: &str| {
        !part.is_empty()
            && part != "."
            && part != ".."
            && !part.starts_with(' ')
            && !part.ends_with(' ')
            && part.chars().all(|c| c.is_alphanumeric() || matches!(c, '.' | '_' | '-' | ' '))
    };
    if path.len() <= 200 && path.split('/').count() <= 8 && path.split('/').all(plain) {
        return Ok(path);
    }
    Err(Error::invalid_field(
        "name",
        "name: a relative path of letters, digits, . _ - and blanks, such as notes/today.md",
    ))
}

/// What an agent is told of itself: its name, and its files in their order.
pub(crate) async fn instructions(scope: &Scope<Read>, agent: &Agent) -> Result<String> {
    let files: Vec<(String, String)> = scope
        .rows(
            sql!(
                "SELECT path, content FROM agent_files WHERE workspace_id = $1 AND agent_id = $2
                 AND path IN ('AGENTS.md', 'SOUL.md', 'IDENTITY.md', 'USER.md', 'TOOLS.md', 'MEMORY.md')"
            ),
            args![agent.id],
        )
        .await?;
    let mut text = format!("You are {}, an agent of a team's workspace.", agent.name);
    if let Some(description) = agent.description.as_deref().filter(|text| !text.is_empty()) {
        text.push(' ');
        text.push_str(description);
    }
    for name in &WELL_KNOWN[..INSTRUCTIONS] {
        if let Some((_, content)) = files.iter().find(|(path, _)| path == name) {
            text.push_str(&format!("\n\n# {name}\n\n{content}"));
        }
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::plain_path;

    #[test]
    fn paths_are_names_in_a_table() {
        for good in ["AGENTS.md", "memory/2026-11-23.md", "Über uns.txt", "a/b/c"] {
            assert!(plain_path(good).is_ok(), "{good}");
        }
        for bad in ["", "/etc/passwd", "../x", "a/../b", "a//b", ".", "a\\b", "a\0b", "a\nb", " a", "a/ b", "C:x"] {
            assert!(plain_path(bad).is_err(), "{bad:?}");
        }
    }
}
