//! A fresh PMOS made ready: the first account, and a key for each of many workspaces.

use anyhow::{Context, Result};
use serde_json::{Value, json};

use crate::http;
use crate::options::Options;

/// Write one key a line; the first is the one that the other modes use.
pub(crate) async fn provision(options: &Options) -> Result<()> {
    let workspaces: usize = options.number("workspaces", 64)?;
    let mut person = Person { url: options.required("url")?.to_owned(), cookie: String::new(), csrf: String::new() };
    let grant = person
        .call(
            "accounts.signup",
            None,
            json!({
                "email": "bench@example.com", "name": "Bench", "password": "a password for benches",
                "bootstrapToken": options.required("bootstrap")?,
            }),
        )
        .await?;
    person.csrf = text(&grant, "csrfToken")?;
    let mut keys = String::new();
    for n in 1..=workspaces {
        let made = person.call("workspaces.create", None, json!({ "name": format!("Bench {n}") })).await?;
        let key = json!({ "name": "bench", "kind": "service", "scopes": ["read", "write", "admin"] });
        let made = person.call("apiKeys.create", Some(&text(&made, "id")?), key).await?;
        keys += &format!("{}\n", text(&made, "secret")?);
    }
    std::fs::write(options.required("out")?, keys)?;
    Ok(())
}

/// A person at a browser: a cookie, and the token that guards it.
#[derive(Debug)]
struct Person {
    url: String,
    cookie: String,
    csrf: String,
}

impl Person {
    async fn call(&mut self, method: &str, workspace: Option<&str>, params: Value) -> Result<Value> {
        let url = http::beside(&self.url, &format!("/api/v1/call/{method}"))?;
        let origin = http::beside(&self.url, "")?;
        let mut headers =
            vec![("content-type", "application/json"), ("origin", origin.as_str()), ("sec-fetch-site", "same-origin")];
        if !self.cookie.is_empty() {
            headers.extend([("cookie", self.cookie.as_str()), ("pmos-csrf", self.csrf.as_str())]);
        }
        headers.extend(workspace.map(|id| ("pmos-workspace", id)));
        let answer = http::ask("POST", &url, &headers, &params.to_string()).await?;
        let cookie = answer.head.lines().find_map(|line| {
            let (name, value) = line.split_once(": ")?;
            name.eq_ignore_ascii_case("set-cookie").then(|| value.split(';').next().unwrap_or(value).to_owned())
        });
        if let Some(cookie) = cookie {
            self.cookie = cookie;
        }
        serde_json::from_str(&answer.body).with_context(|| format!("{method}: {}", answer.body))
    }
}

fn text(object: &Value, name: &str) -> Result<String> {
    Ok(object[name].as_str().with_context(|| format!("no {name} in {object}"))?.to_owned())
}
