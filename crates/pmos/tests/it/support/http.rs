//! People who call over HTTP, as a browser does.

use super::Socket;
use pmos_kit::{PersonId, WorkspaceId};
use serde_json::Value;
use std::net::SocketAddr;
use std::sync::OnceLock;

/// Somebody who calls.
#[derive(Debug, Clone)]
pub struct Person {
    pub address: SocketAddr,
    pub id: PersonId,
    pub email: String,
    /// The token of the session cookie.
    pub token: Option<String>,
    /// An API key, instead of a cookie.
    pub key: Option<String>,
    pub workspace: Option<WorkspaceId>,
}

/// What a call answered.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub text: String,
    pub headers: reqwest::header::HeaderMap,
}

impl Answer {
    /// The result of a call that worked.
    #[track_caller]
    pub fn ok(self) -> Value {
        assert_eq!(self.status, 200, "{}", self.text);
        serde_json::from_str(&self.text).unwrap()
    }

    /// The error of a call that was refused with this code.
    #[track_caller]
    pub fn refused(self, code: &str) -> Value {
        let body: Value = serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("{} {}", self.status, self.text));
        assert_eq!(body["error"]["code"], code, "{}", self.text);
        body["error"].clone()
    }

    /// Foreign or missing: always these words, and nothing that differs but the request's id.
    #[track_caller]
    #[expect(clippy::wrong_self_convention, reason = "what was answered is looked at once")]
    pub fn is_not_found(self) -> String {
        let mut error = self.refused("NOT_FOUND");
        error["requestId"] = Value::Null;
        error.to_string()
    }

    /// The code of the error, or `ok`.
    pub fn code(&self) -> String {
        let body: Value = serde_json::from_str(&self.text).unwrap_or_default();
        body["error"]["code"].as_str().unwrap_or("ok").to_owned()
    }
}

/// One client for all, so that connections are kept.
pub fn client() -> &'static reqwest::Client {
    static CLIENT: OnceLock<reqwest::Client> = OnceLock::new();
    CLIENT.get_or_init(|| {
        drop(rustls::crypto::ring::default_provider().install_default());
        #[expect(clippy::disallowed_methods, reason = "the tests are the world outside")]
        let builder = reqwest::Client::builder();
        // A pool would outlive the test's runtime, which drives its connections.
        builder.pool_max_idle_per_host(0).no_proxy().build().unwrap()
    })
}

impl Person {
    pub fn anonymous(address: SocketAddr) -> Self {
        let id = format!("usr_{}", "0".repeat(26)).parse().unwrap();
        Self { address, id, email: String::new(), token: None, key: None, workspace: None }
    }

    pub fn signed_in(address: SocketAddr, id: PersonId, email: String, token: String) -> Self {
        Self { address, id, email, token: Some(token), key: None, workspace: None }
    }

    /// Whoever holds this key.
    pub fn with_key(address: SocketAddr, key: &str) -> Self {
        Self { key: Some(key.to_owned()), ..Self::anonymous(address) }
    }

    /// From now on, name this workspace.
    pub fn enter(&mut self, workspace: &WorkspaceId) {
        self.workspace = Some(workspace.clone());
    }

    /// The same person, naming this workspace.
    pub fn inside(&self, workspace: &WorkspaceId) -> Self {
        Self { workspace: Some(workspace.clone()), ..self.clone() }
    }

    /// Call a method.
    pub async fn call(&self, method: &str, params: Value) -> Answer {
        self.call_text(method, params.to_string()).await
    }

    /// Call a method with whatever text.
    pub async fn call_text(&self, method: &str, params: impl Into<reqwest::Body>) -> Answer {
        let mut request = client()
            .post(format!("http://{}/api/v1/call/{method}", self.address))
            .header("content-type", "application/json")
            .header("sec-fetch-site", "same-origin")
            .body(params);
        if let Some(token) = &self.token {
            let csrf = pmos_platform::accounts::csrf_of(token);
            request = request.header("cookie", format!("pmos_session={token}")).header("pmos-csrf", csrf);
        }
        if let Some(key) = &self.key {
            request = request.header("authorization", format!("Bearer {key}"));
        }
        if let Some(workspace) = &self.workspace {
            request = request.header("pmos-workspace", workspace.as_str());
        }
        let response = request.send().await.unwrap();
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        Answer { status, text: response.text().await.unwrap(), headers }
    }

    /// Connect as the page does, with the cookie.
    pub async fn connect(&self) -> Socket {
        Socket::of_page(self).await
    }
}
