//! The operator's model providers, from the configuration and from this machine.

use crate::config::{Config, ModelPrice, ModelProvider, ProviderKind};
use pmos_agent::{Api, Endpoint, OLLAMA, Prices};
use pmos_chat::Models;
use pmos_chat::models::Operator;
use pmos_egress::{Egress, HostPort, Policy, Url};
use pmos_kit::Result;
use pmos_platform::secrets::Vault;
use std::net::TcpStream;
use std::sync::Arc;
use std::time::Duration;

/// On loopback a server answers at once or is not there.
const KNOCK: Duration = Duration::from_millis(50);

/// The models of this server.
pub(super) fn of(config: &Config, vault: Arc<Vault>) -> Result<Models> {
    let mut operators: Vec<Operator> = config.models.providers.iter().map(operator).collect();
    if ollama_is_new(config) {
        operators.push(ollama());
    }
    Ok(Models::new(egress(config)?, vault, operators, config.models.shared, config.models.default.clone()))
}

/// The client of all outgoing requests. The operator's own providers may be on private addresses, by exact host and port.
///
/// # Errors
/// `INTERNAL` if TLS cannot be set up.
pub fn egress(config: &Config) -> Result<Egress> {
    let mut operator_hosts: Vec<HostPort> =
        config.models.providers.iter().filter_map(|provider| host_port(provider.url())).collect();
    operator_hosts.extend(OLLAMA.parse());
    Egress::new(Policy { operator_hosts, own_hosts: own_hosts(config), ..Policy::default() })
}

/// What is never reached from inside: the address that we listen on, and the name that browsers use.
fn own_hosts(config: &Config) -> Vec<String> {
    let public = config.server.public_origin.as_deref().and_then(|origin| Url::parse(origin).ok());
    let public = public.and_then(|url| url.host_str().map(str::to_owned));
    std::iter::once(config.server.listen.ip().to_string()).chain(public).collect()
}

fn host_port(url: &str) -> Option<HostPort> {
    let url = Url::parse(url).ok()?;
    format!("{}:{}", url.host_str()?, url.port_or_known_default()?).parse().ok()
}

fn operator(provider: &ModelProvider) -> Operator {
    Operator {
        name: provider.name.clone(),
        api: match provider.kind {
            ProviderKind::OpenAi => Api::OpenAi,
            ProviderKind::Anthropic => Api::Anthropic,
        },
        base_url: provider.url().to_owned(),
        key: provider.key.clone(),
        models: provider.models.clone(),
        default_model: provider.default_model.clone(),
        prices: provider.prices.iter().map(|(model, price)| (model.clone(), prices(price))).collect(),
    }
}

fn prices(price: &ModelPrice) -> Prices {
    Prices {
        input: price.input.per_million(),
        output: price.output.per_million(),
        cache_read: price.cache_read.per_million(),
        cache_write: price.cache_write.per_million(),
    }
}

/// Does an Ollama listen on this machine that the configuration does not name?
fn ollama_is_new(config: &Config) -> bool {
    let is_named =
        config.models.providers.iter().any(|provider| provider.name == "ollama" || provider.url().contains(OLLAMA));
    !is_named && ollama_listens()
}

/// Does something listen where Ollama would?
pub(crate) fn ollama_listens() -> bool {
    OLLAMA.parse().is_ok_and(|address| TcpStream::connect_timeout(&address, KNOCK).is_ok())
}

fn ollama() -> Operator {
    let endpoint = Endpoint::ollama();
    Operator {
        name: endpoint.name,
        api: endpoint.api,
        base_url: endpoint.base_url,
        key: None,
        models: Vec::new(),
        default_model: None,
        prices: Default::default(),
    }
}
