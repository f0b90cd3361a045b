//! `pmos workflow …`, as a person runs it.

mod command;
mod conformance;
mod hostile;
mod kill;

use serde_json::{Value, json};
use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};
use tempfile::TempDir;

/// A folder with a workflow in it, and the program to run it with.
struct Bench {
    folder: TempDir,
}

impl Bench {
    fn new() -> Self {
        Self { folder: TempDir::new().unwrap() }
    }

    /// Writes a file and gives its path.
    fn file(&self, name: &str, content: &Value) -> PathBuf {
        let path = self.folder.path().join(name);
        std::fs::write(&path, serde_json::to_vec(content).unwrap()).unwrap();
        path
    }

    fn command(&self, arguments: &[&str]) -> Command {
        #[expect(clippy::disallowed_methods, reason = "the program itself is what is tested")]
        let mut command = Command::new(env!("CARGO_BIN_EXE_pmos"));
        command.arg("workflow").args(arguments).current_dir(self.folder.path()).stdin(Stdio::null());
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    fn start(&self, arguments: &[&str]) -> Child {
        self.command(arguments).spawn().unwrap()
    }

    fn run(&self, arguments: &[&str]) -> Ran {
        Ran::of(&self.command(arguments).output().unwrap())
    }
}

/// What a command said, and how it ended.
struct Ran {
    code: Option<i32>,
    out: String,
    err: String,
}

impl Ran {
    fn of(output: &Output) -> Self {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        Self { code: output.status.code(), out: text(&output.stdout), err: text(&output.stderr) }
    }

    /// What it printed, as JSON.
    fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {}{}", self.out, self.err))
    }
}

/// A node of a workflow.
fn node(name: &str, kind: &str, version: f64, parameters: Value) -> Value {
    json!({ "id": name, "name": name, "type": format!("n8n-nodes-base.{kind}"), "typeVersion": version, "position": [0, 0], "parameters": parameters })
}

/// A workflow of nodes, each of which leads to the next.
fn chain(nodes: &[Value]) -> Value {
    let connections: serde_json::Map<String, Value> = nodes
        .windows(2)
        .map(|pair| {
            (
                pair[0]["name"].as_str().unwrap().to_owned(),
                json!({ "main": [[{ "node": pair[1]["name"], "type": "main", "index": 0 }]] }),
            )
        })
        .collect();
    json!({ "name": "test", "nodes": nodes, "connections": connections, "settings": { "executionOrder": "v1" } })
}

fn trigger() -> Value {
    node("Trigger", "manualTrigger", 1.0, json!({}))
}
