//! `pmos admin`: what whoever runs the machine does, with the database at hand and no server in between.

mod visit;

use super::{Failure, Place, say, say_json, tell};
use crate::config::{Config, Env};
use crate::server::{House, Outside};
use clap::{Args, Subcommand, ValueEnum};
use pmos_kit::{OsRng, Secret, token};
use pmos_platform::people;
use serde_json::{Value, json};
use std::io::{BufRead, IsTerminal};
use visit::Visit;

const ABOUT: &str = "\
These commands open the database themselves. The SQLite file belongs to one process: stop the server first, or do the
same in its UI. With --database-url they work beside running servers.

Examples:
  pmos admin create-user --email ada@example.com --name Ada
  pmos admin reset-password --email ada@example.com
  echo \"$PASSWORD\" | pmos admin create-token --email ada@example.com --name ci --scope write";

/// Make accounts, reset links and API keys, with the database at hand.
#[derive(Debug, Args)]
#[command(after_help = ABOUT)]
pub(super) struct Admin {
    #[command(subcommand)]
    task: Task,
    #[command(flatten)]
    place: Place,
    /// Print one JSON object.
    #[arg(long, global = true)]
    pub(super) json: bool,
}

#[derive(Debug, Subcommand)]
enum Task {
    CreateUser(CreateUser),
    ResetPassword(ResetPassword),
    CreateToken(CreateToken),
    #[command(subcommand)]
    Grants(Grants),
}

/// Make an account. The first one of a server runs it.
#[derive(Debug, Args)]
struct CreateUser {
    /// The address with which the person signs in.
    #[arg(long)]
    email: String,
    /// The person's name.
    #[arg(long)]
    name: String,
    /// Read the password, 15 characters or more, from stdin; without this one is made and printed.
    #[arg(long)]
    password_stdin: bool,
    /// The person runs this server, as the first one does.
    #[arg(long)]
    super_admin: bool,
}

/// Make a link with which a person sets a new password. It works once and for an hour.
#[derive(Debug, Args)]
struct ResetPassword {
    /// The address of the account.
    #[arg(long)]
    email: String,
}

/// Make an API key for a program. Its person's password comes from stdin: a key is theirs, and never more than they are.
#[derive(Debug, Args)]
struct CreateToken {
    /// The person for whom it acts.
    #[arg(long)]
    email: String,
    /// What it is for.
    #[arg(long, default_value = "command line")]
    name: String,
    /// The workspace, by id or name; needed by who has several. Who has none gets one.
    #[arg(long)]
    workspace: Option<String>,
    /// What it may do; each includes the ones before it.
    #[arg(long, value_enum, default_value = "write")]
    scope: Scope,
    /// It works for so many days, 1 to 365; until it is revoked without this.
    #[arg(long)]
    days: Option<u32>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Scope {
    Read,
    Write,
    Admin,
}

/// A super admin's permissions to act in workspaces of others. Their password comes from stdin.
#[derive(Debug, Subcommand)]
enum Grants {
    /// List the latest grants.
    List {
        /// The super admin's address.
        #[arg(long)]
        email: String,
    },
    /// Let oneself into a workspace for a reason and a time. Its admins see it.
    Create {
        /// The super admin's address.
        #[arg(long)]
        email: String,
        /// The workspace's id.
        #[arg(long)]
        workspace: String,
        /// Why, 10 to 500 characters.
        #[arg(long)]
        reason: String,
        /// For how long, 5 to 240.
        #[arg(long, default_value_t = 60)]
        minutes: u32,
    },
    /// End a grant before its time.
    Revoke {
        /// The super admin's address.
        #[arg(long)]
        email: String,
        /// The grant's id.
        grant: String,
    },
}

impl Admin {
    pub(super) async fn run(self, env: &Env) -> Result<(), Failure> {
        let config = self.place.load(env)?.config;
        let house = House::open(&config, Outside::default()).await.map_err(|error| hinted(error, &config))?;
        let (words, object) = match self.task {
            Task::CreateUser(task) => task.run(&house).await?,
            Task::ResetPassword(task) => task.run(&house, &config).await?,
            Task::CreateToken(task) => task.run(&house).await?,
            Task::Grants(task) => task.run(&house).await?,
        };
        if self.json { say_json(&object) } else { say(&words) }
    }
}

fn hinted(error: pmos_kit::Error, config: &Config) -> Failure {
    let hint = match config.storage.database_url {
        None if error.is_retryable() => "\nIf a server runs on this folder: stop it first, or do the same in its page.",
        _ => "",
    };
    Failure::from(error).with_hint(hint)
}

/// What is said to a person, and what to a program.
type Said = Result<(String, Value), Failure>;

impl CreateUser {
    async fn run(self, house: &House) -> Said {
        let made = (!self.password_stdin).then(|| token::mint("", &OsRng));
        let password = match &made {
            Some(password) => password.clone(),
            None => read_password()?,
        };
        let id = people::create_user(house.store(), &self.email, &self.name, &password, self.super_admin).await?;
        let mut words = format!("{} has an account ({id})", self.email);
        let mut object = json!({ "ok": true, "personId": id, "email": self.email });
        if let Some(made) = made {
            words.push_str(&format!(
                "\npassword: {}\nGive it to them by a safe way; they change it under Account.",
                made.expose()
            ));
            object["password"] = made.expose().into();
        }
        Ok((words, object))
    }
}

impl ResetPassword {
    async fn run(self, house: &House, config: &Config) -> Said {
        let token = people::reset_token(house.store(), &self.email).await?;
        let here = || format!("http://{}", config.server.listen);
        let link =
            format!("{}/reset#token={}", config.server.public_origin.clone().unwrap_or_else(here), token.expose());
        Ok((
            format!("{link}\nIt works once and for an hour."),
            json!({ "ok": true, "link": link, "token": token.expose() }),
        ))
    }
}

impl CreateToken {
    async fn run(self, house: &House) -> Said {
        let visit = Visit::sign_in(house, &self.email, &read_password()?).await?;
        let made = self.make(&visit).await;
        visit.leave().await?;
        let (workspace, mut made) = made?;
        let secret = made["secret"].as_str().unwrap_or_default().to_owned();
        made["workspace"] = workspace;
        Ok((format!("{secret}\nIt is shown this once: export PMOS_TOKEN={secret}"), made))
    }

    async fn make(&self, visit: &Visit<'_>) -> Result<(Value, Value), Failure> {
        let workspace = self.workspace(visit).await?;
        let mut params = json!({ "name": self.name, "scopes": [self.scope.as_str()] });
        if let Some(days) = self.days {
            params["expiresInDays"] = days.into();
        }
        let made = visit.call("apiKeys.create", workspace["id"].as_str(), &params).await?;
        Ok((workspace, made))
    }

    /// The workspace that is named, or the only one; who has none gets one.
    async fn workspace(&self, visit: &Visit<'_>) -> Result<Value, Failure> {
        let mut listed = visit.call("workspaces.list", None, &json!({})).await?;
        let Value::Array(mut all) = listed["workspaces"].take() else {
            return Err(Failure::failed("workspaces.list gave no list"));
        };
        if let Some(named) = &self.workspace {
            all.retain(|workspace| workspace["id"] == named.as_str() || workspace["name"] == named.as_str());
        }
        match (all.len(), &self.workspace) {
            (1, _) => Ok(all.swap_remove(0)),
            (0, None) => visit.call("workspaces.create", None, &json!({ "name": "My workspace" })).await,
            (0, Some(named)) => Err(Failure::usage(format!("{} is in no workspace {named:?}", self.email))),
            (several, _) => Err(Failure::usage(format!(
                "{} is in {several} such workspaces: name one with --workspace ID",
                self.email
            ))),
        }
    }
}

impl Scope {
    fn as_str(self) -> &'static str {
        match self {
            Scope::Read => "read",
            Scope::Write => "write",
            Scope::Admin => "admin",
        }
    }
}

impl Grants {
    async fn run(self, house: &House) -> Said {
        let (email, method, params) = match self {
            Grants::List { email } => (email, "grants.list", json!({})),
            Grants::Create { email, workspace, reason, minutes } => {
                (email, "grants.create", json!({ "workspaceId": workspace, "reason": reason, "minutes": minutes }))
            }
            Grants::Revoke { email, grant } => (email, "grants.revoke", json!({ "grantId": grant })),
        };
        let visit = Visit::sign_in(house, &email, &read_password()?).await?;
        let answer = visit.call(method, None, &params).await;
        visit.leave().await?;
        let answer = answer?;
        Ok((serde_json::to_string_pretty(&answer).map_err(pmos_kit::Error::internal)?, answer))
    }
}

/// A line of stdin.
fn read_password() -> Result<Secret, Failure> {
    if std::io::stdin().is_terminal() {
        tell("password (it is shown as you type; from a pipe it is not):");
    }
    let mut line = String::new();
    std::io::stdin()
        .lock()
        .read_line(&mut line)
        .map_err(|cause| Failure::usage(format!("stdin cannot be read: {cause}")))?;
    match line.trim_end_matches(['\r', '\n']) {
        "" => Err(Failure::usage("the password comes from stdin, and there was none")),
        password => Ok(Secret::new(password)),
    }
}
