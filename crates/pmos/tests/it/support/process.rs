//! The real program in a process of its own, which can be killed.

use super::Person;
use super::http::client;
use pmos_kit::WorkspaceId;
use pmos_testkit::FakeModel;
use serde_json::{Value, json};
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// A server process on a data folder.
pub struct Process {
    child: Child,
    pub address: SocketAddr,
    /// What the first account needs.
    pub bootstrap: Option<String>,
}

impl Process {
    /// Start it and wait until it prints its page.
    pub fn start(data_dir: &Path, model: &FakeModel) -> Self {
        let providers = format!(
            "[limits]\nscale = 1000\n[[models.providers]]\nname = \"fake\"\nbase_url = \"{}\"\nmodels = [\"fake-model\"]\n",
            model.openai_url()
        );
        std::fs::write(data_dir.join("pmos.toml"), providers).unwrap();
        #[expect(clippy::disallowed_methods, reason = "the program under test, not a tenant's")]
        let mut command = Command::new(env!("CARGO_BIN_EXE_pmos"));
        let mut child = command
            .args(["serve", "--listen", "127.0.0.1:0", "--data-dir"])
            .arg(data_dir)
            .env_clear()
            .env("HOME", data_dir)
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let page = loop {
            let line = lines.next().expect("the server prints its page").unwrap();
            if let Some(at) = line.find("http://127.0.0.1:") {
                break line[at..].trim().to_owned();
            }
        };
        // Whoever stops reading a pipe stops the one who writes to it.
        std::thread::spawn(move || lines.for_each(drop));
        let (origin, fragment) =
            page.split_once("/#bootstrap=").map_or((page.trim_end_matches('/'), None), |(o, f)| (o, Some(f)));
        let address = origin.strip_prefix("http://").unwrap().parse().unwrap();
        Self { child, address, bootstrap: fragment.map(str::to_owned) }
    }

    /// Kill it, as a power cut would.
    pub fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// The first account, in its workspace.
    pub async fn sign_up(&self) -> Person {
        let anonymous = Person::anonymous(self.address);
        let answer = anonymous
            .call(
                "accounts.signup",
                json!({ "email": "first@example.com", "name": "First", "password": "lantern orchard velvet 42",
                    "bootstrapToken": self.bootstrap }),
            )
            .await;
        let cookie = answer.headers["set-cookie"].to_str().unwrap().to_owned();
        let token = cookie.split(['=', ';']).nth(1).unwrap().to_owned();
        let made: Value = answer.ok();
        let workspace: WorkspaceId = made["workspaces"][0]["id"].as_str().unwrap().parse().unwrap();
        let id = made["person"]["id"].as_str().unwrap().parse().unwrap();
        let mut person = Person::signed_in(self.address, id, "first@example.com".into(), token);
        person.enter(&workspace);
        person
    }

    /// A page of the server, without signing in.
    pub async fn get(&self, path: &str) -> reqwest::Response {
        client().get(format!("http://{}{path}", self.address)).send().await.unwrap()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // It may be dead already; then there is nothing to do.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
