//! The operator's providers: of the environment, of `pmos.toml`, and an Ollama found on this machine.

use pmos_agent::{Api, Endpoint, Prices};
use pmos_egress::Trust;
use pmos_kit::Secret;
use std::collections::HashMap;

/// A provider that whoever runs the server set up.
#[derive(Debug, Clone)]
pub struct Operator {
    /// What models are named with: `name/model`.
    pub name: String,
    /// Which API it speaks.
    pub api: Api,
    /// Where it is; may be a private address.
    pub base_url: String,
    /// Its key, if it wants one.
    pub key: Option<Secret>,
    /// Its models; asked from the provider where this is empty.
    pub models: Vec<String>,
    /// The model of agents that name none.
    pub default_model: Option<String>,
    /// What its models cost, by model; nothing where unknown.
    pub prices: HashMap<String, Prices>,
}

impl Operator {
    pub(crate) fn endpoint(&self) -> Endpoint {
        Endpoint {
            name: self.name.clone(),
            api: self.api,
            base_url: self.base_url.clone(),
            key: self.key.clone(),
            trust: Trust::Operator,
            timeouts: Endpoint::TIMEOUTS,
        }
    }

    pub(crate) fn prices_of(&self, model: &str) -> Prices {
        self.prices.get(model).copied().unwrap_or_default()
    }
}
