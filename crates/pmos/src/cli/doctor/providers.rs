//! Model providers: which are set up, whether they answer, and what to do where there is none.

use super::Finding;
use crate::config::{Loaded, ModelProvider, Origin, ProviderKind};
use crate::server::{egress, ollama_listens};
use pmos_agent::{Api, Endpoint, Provider, discover_ollama};
use pmos_egress::{Egress, Trust};
use std::time::Duration;

const ANSWER: Duration = Duration::from_secs(8);

pub(super) async fn examine(loaded: &Loaded) -> Vec<Finding> {
    let egress = match egress(&loaded.config) {
        Ok(egress) => egress,
        Err(error) => {
            return vec![Finding::bad("models", error.to_string(), "outgoing connections are needed for models")];
        }
    };
    let mut findings = Vec::new();
    for provider in &loaded.config.models.providers {
        findings.push(ask(&egress, provider, loaded.origin(&format!("models.providers.{}", provider.name))).await);
    }
    findings.push(ollama(&egress, loaded, findings.is_empty()).await);
    findings
}

async fn ask(egress: &Egress, provider: &ModelProvider, origin: Option<&Origin>) -> Finding {
    let who = format!(
        "{} at {} (from {})",
        provider.name,
        provider.url(),
        origin.map(ToString::to_string).unwrap_or_default()
    );
    let asked = tokio::time::timeout(ANSWER, Provider::new(egress.clone(), endpoint(provider)).list_models()).await;
    match asked {
        Ok(Ok(models)) => Finding::ok("models", format!("{who} has {} models", models.len())),
        Ok(Err(failure)) => {
            Finding::bad("models", format!("{who}: {}", failure.message()), "check its key and base_url")
        }
        Err(_) => Finding::bad(
            "models",
            format!("{who} does not answer"),
            "check base_url, and that this machine may reach it",
        ),
    }
}

fn endpoint(provider: &ModelProvider) -> Endpoint {
    Endpoint {
        name: provider.name.clone(),
        api: match provider.kind {
            ProviderKind::OpenAi => Api::OpenAi,
            ProviderKind::Anthropic => Api::Anthropic,
        },
        base_url: provider.url().to_owned(),
        key: provider.key.clone(),
        trust: Trust::Operator,
        timeouts: Endpoint::TIMEOUTS,
    }
}

/// The Ollama of this machine, which needs no setting; without it and any other provider there is no model.
async fn ollama(egress: &Egress, loaded: &Loaded, is_alone: bool) -> Finding {
    let is_named = loaded.config.models.providers.iter().any(|provider| provider.name == "ollama");
    let found = if is_named || !ollama_listens() { None } else { discover_ollama(egress).await };
    match found {
        Some((_, models)) if models.is_empty() => {
            Finding::note("ollama", "runs on 127.0.0.1:11434 and has no model", "ollama pull llama3.2")
        }
        Some((_, models)) => Finding::ok("ollama", format!("runs on 127.0.0.1:11434 and has {} models", models.len())),
        None if is_named => Finding::ok("ollama", "named by the configuration"),
        None if is_alone => {
            Finding::bad("models", "there is none, so agents cannot answer yet", pmos_chat::models::HINT)
        }
        None => Finding::ok("ollama", "none on 127.0.0.1:11434, and none is needed"),
    }
}
