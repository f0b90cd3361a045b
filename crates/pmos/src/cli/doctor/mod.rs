//! `pmos doctor`: what is set up, what is not, and what to do about it.

mod checks;
mod jail;
mod providers;

use super::{Failure, Place, say, say_json};
use crate::config::{Env, Loaded};
use clap::Args;
use serde::Serialize;
use serde_json::json;

const ABOUT: &str = "\
It opens the database as `pmos serve` does, which brings its schema up to date, and asks each model provider which models
it has. Nothing else is changed or sent. It ends with 1 where the server could not start or an agent could not answer.";

/// Say what is set up, what is not, and what to do about it.
#[derive(Debug, Args)]
#[command(after_help = ABOUT)]
pub(super) struct Doctor {
    #[command(flatten)]
    place: Place,
    /// Print one JSON object.
    #[arg(long)]
    pub(super) json: bool,
}

/// One thing that was looked at.
#[derive(Debug, Serialize)]
struct Finding {
    /// What was looked at.
    name: &'static str,
    state: State,
    /// What was found.
    found: String,
    /// What to do about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    fix: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
enum State {
    /// As it should be.
    Ok,
    /// It works, and something could be better.
    Note,
    /// It does not work.
    Bad,
}

impl Finding {
    fn ok(name: &'static str, found: impl Into<String>) -> Self {
        Self { name, state: State::Ok, found: found.into(), fix: None }
    }

    fn note(name: &'static str, found: impl Into<String>, fix: impl Into<String>) -> Self {
        Self { name, state: State::Note, found: found.into(), fix: Some(fix.into()) }
    }

    fn bad(name: &'static str, found: impl Into<String>, fix: impl Into<String>) -> Self {
        Self { name, state: State::Bad, found: found.into(), fix: Some(fix.into()) }
    }
}

impl Doctor {
    pub(super) async fn run(self, env: &Env) -> Result<(), Failure> {
        let findings = match crate::config::load(&self.place.flags(), env) {
            Ok(loaded) => examine(&loaded, env).await,
            Err(error) => {
                vec![Finding::bad("configuration", error.public(), "`pmos config schema` says what may be written")]
            }
        };
        let healthy = findings.iter().all(|finding| finding.state != State::Bad);
        if self.json {
            say_json(&json!({ "ok": healthy, "findings": findings }))?;
        } else {
            findings.iter().try_for_each(tell_finding)?;
        }
        // Said already: the code alone tells a script.
        if healthy { Ok(()) } else { Err(Failure::failed("")) }
    }
}

async fn examine(loaded: &Loaded, env: &Env) -> Vec<Finding> {
    let config = &loaded.config;
    let mut findings = vec![checks::configuration(loaded, env), checks::data_dir(config), checks::master_key(config)];
    let port = checks::port(config).await;
    findings.push(checks::database(config, port.is_ours).await);
    findings.push(checks::ui(config));
    findings.push(port.finding);
    findings.push(jail::examine().await);
    findings.extend(providers::examine(loaded).await);
    findings
}

fn tell_finding(finding: &Finding) -> Result<(), Failure> {
    let mark = match finding.state {
        State::Ok => "ok  ",
        State::Note => "note",
        State::Bad => "BAD ",
    };
    say(&format!("{mark}  {:<13}  {}", finding.name, finding.found))?;
    match &finding.fix {
        Some(fix) => say(&format!("      {:<13}  → {fix}", "")),
        None => Ok(()),
    }
}
