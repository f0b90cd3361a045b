//! Calling methods as a person, through the same pipeline as from a browser, with no server in between.

use crate::cli::Failure;
use crate::server::House;
use pmos_kit::{Error, Secret, WorkspaceId};
use pmos_platform::dispatch::{Peer, Shown};
use pmos_rpc::{Cookie, Transport};
use serde_json::{Value, json};
use std::sync::Arc;

/// A person who is signed in for as long as a command takes.
pub(super) struct Visit<'a> {
    house: &'a House,
    login: Secret,
}

impl<'a> Visit<'a> {
    pub(super) async fn sign_in(house: &'a House, email: &str, password: &Secret) -> Result<Self, Failure> {
        let nobody = Peer::new(Shown::Nothing, None, transport(None));
        let params = json!({ "email": email, "password": password.expose() }).to_string();
        let answer = house.dispatch.call(&nobody, "accounts.login", Some(&params)).await?;
        match answer.cookie {
            Some(Cookie::Set(login)) => Ok(Self { house, login }),
            _ => Err(Error::internal("a sign-in gave no cookie").into()),
        }
    }

    pub(super) async fn call(&self, method: &str, workspace: Option<&str>, params: &Value) -> Result<Value, Failure> {
        let workspace: Option<WorkspaceId> = workspace.map(str::parse).transpose()?;
        let peer = Peer::new(Shown::Login(self.login.clone()), workspace, transport(Some(&self.login)));
        let answer = self.house.dispatch.call(&peer, method, Some(&params.to_string())).await?;
        Ok(serde_json::from_str(&answer.json).map_err(Error::internal)?)
    }

    /// Sign out again.
    pub(super) async fn leave(self) -> Result<(), Failure> {
        self.call("accounts.logout", None, &json!({})).await.map(drop)
    }
}

fn transport(login: Option<&Secret>) -> Arc<Transport> {
    Arc::new(Transport {
        user_agent: Some(concat!("pmos ", env!("CARGO_PKG_VERSION"), " (command line)").to_owned()),
        is_loopback: true,
        login_token: login.cloned(),
        ..Transport::default()
    })
}
