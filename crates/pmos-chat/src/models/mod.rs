//! Models: which there are, and how a name becomes a provider's endpoint.
//!
//! - A model is named `provider/model`. A workspace's own providers come first, then the operator's, if those are shared.
//! - A key and its endpoint are one: whoever changes the endpoint gives a key anew (reference-product.md, W5).
//! - Endpoints of the operator may be private addresses, those of a workspace may not.
//! - With no provider at all everything else works, and each place that needs one says exactly what to set.

mod operator;
mod rpc;

pub use operator::Operator;
pub(crate) use rpc::methods;

use parking_lot::RwLock;
use pmos_agent::{Api, Endpoint, Prices, Provider};
use pmos_egress::{Egress, Trust};
use pmos_kit::{Error, ProviderId, Result};
use pmos_platform::secrets::Vault;
use pmos_store::{May, Read, Scope, args, from_row, sql};
use std::collections::HashMap;
use std::sync::Arc;

/// What to do when there is no model. Said by the page, by `chat.send` and by `pmos doctor`.
pub const HINT: &str = "no model is set up: add a provider under Models, or set OPENAI_API_KEY, ANTHROPIC_API_KEY or OPENROUTER_API_KEY \
    before `pmos serve`, or start Ollama on this machine (it is found by itself)";

/// The models of this server and of its workspaces.
pub struct Models {
    egress: Egress,
    vault: Arc<Vault>,
    operator: Vec<Operator>,
    shared: bool,
    default: Option<String>,
    // What the operator's providers offer, by the provider's name; asked at start and now and then.
    offered: RwLock<HashMap<String, Vec<String>>>,
}

/// A model that was found, and how to call it.
pub(crate) struct Chosen {
    pub(crate) provider: Provider,
    /// The provider's name of the model.
    pub(crate) model: String,
    pub(crate) prices: Prices,
}

/// A provider of a workspace, as it is stored.
#[derive(Debug)]
pub(crate) struct Own {
    pub(crate) id: ProviderId,
    pub(crate) kind: String,
    pub(crate) name: String,
    pub(crate) base_url: String,
    pub(crate) sealed_key: Option<String>,
    pub(crate) key_hint: Option<String>,
    pub(crate) models: String,
    pub(crate) default_model: Option<String>,
}

from_row!(Own { id, kind, name, base_url, sealed_key, key_hint, models, default_model });

impl Own {
    /// The names of its models.
    pub(crate) fn models(&self) -> Vec<String> {
        serde_json::from_str(&self.models).unwrap_or_default()
    }

    fn default(&self) -> Option<String> {
        self.default_model.clone().or_else(|| self.models().into_iter().next())
    }
}

/// What a field of a provider's row is sealed as.
pub(crate) const KEY_FIELD: &str = "apiKey";

impl Models {
    /// The models of these providers. `default` is `provider/model`; `shared` lets every workspace use the operator's.
    pub fn new(
        egress: Egress,
        vault: Arc<Vault>,
        operator: Vec<Operator>,
        shared: bool,
        default: Option<String>,
    ) -> Self {
        Self { egress, vault, operator, shared, default, offered: RwLock::default() }
    }

    /// Ask the operator's providers what they offer. What does not answer offers what it offered before.
    pub async fn discover(&self) {
        for operator in &self.operator {
            match self.provider(operator.endpoint()).list_models().await {
                Ok(models) => {
                    let names = models.into_iter().map(|model| model.id).collect();
                    self.offered.write().insert(operator.name.clone(), names);
                }
                Err(failure) => {
                    tracing::warn!(provider = operator.name, %failure, "a provider did not list its models")
                }
            }
        }
    }

    /// The names of the operator's providers, with how many models each offers, for `pmos doctor` and the first page.
    pub fn offered(&self) -> Vec<(String, usize)> {
        self.operator.iter().map(|operator| (operator.name.clone(), self.models_of(operator).len())).collect()
    }

    pub(crate) fn provider(&self, endpoint: Endpoint) -> Provider {
        Provider::new(self.egress.clone(), endpoint)
    }

    /// The operator's providers, if the workspaces may use them.
    pub(crate) fn operators(&self) -> &[Operator] {
        if self.shared { &self.operator } else { &[] }
    }

    pub(crate) fn models_of(&self, operator: &Operator) -> Vec<String> {
        if !operator.models.is_empty() {
            return operator.models.clone();
        }
        self.offered.read().get(&operator.name).cloned().unwrap_or_default()
    }

    /// The model of an agent that names none: of the workspace's first provider, else the operator's.
    pub(crate) async fn default_of<A: May<false>>(&self, scope: &Scope<A>) -> Result<Option<String>> {
        let first: Option<Own> = scope
            .maybe(
                sql!(
                    "SELECT id, kind, name, base_url, NULL, key_hint, models, default_model FROM providers
                     WHERE workspace_id = $1 ORDER BY created_at, id LIMIT 1"
                ),
                args![],
            )
            .await?;
        let own = first.and_then(|own| own.default().map(|model| format!("{}/{model}", own.name)));
        Ok(own.or_else(|| self.operator_default()))
    }

    fn operator_default(&self) -> Option<String> {
        let first = || {
            self.operators().iter().find_map(|operator| {
                let model = operator.default_model.clone().or_else(|| self.models_of(operator).into_iter().next())?;
                Some(format!("{}/{model}", operator.name))
            })
        };
        self.default.clone().filter(|_| self.shared).or_else(first)
    }

    /// The model of this name, or the default, ready to be called.
    ///
    /// # Errors
    /// `CONFLICT` saying what to set up where there is none.
    pub(crate) async fn choose(&self, scope: &Scope<Read>, wanted: Option<&str>) -> Result<Chosen> {
        let named = match wanted {
            Some(named) => named.to_owned(),
            None => self.default_of(scope).await?.ok_or_else(|| Error::conflict(HINT))?,
        };
        let (provider, model) = named.split_once('/').unwrap_or(("", named.as_str()));
        let own: Option<Own> = scope
            .maybe(
                sql!(
                    "SELECT id, kind, name, base_url, sealed_key, key_hint, models, default_model FROM providers
                     WHERE workspace_id = $1 AND name = $2"
                ),
                args![provider],
            )
            .await?;
        let (endpoint, prices) = match own {
            Some(own) => (self.endpoint(scope, &own).await?, Prices::default()),
            None => {
                let operator = self.operators().iter().find(|operator| operator.name == provider);
                let operator = operator.ok_or_else(|| {
                    Error::conflict(format!("there is no provider {provider:?} for {named:?}: {HINT}"))
                })?;
                (operator.endpoint(), operator.prices_of(model))
            }
        };
        Ok(Chosen { provider: self.provider(endpoint), model: model.to_owned(), prices })
    }

    /// Where a workspace's provider is, with its key opened for this one use.
    pub(crate) async fn endpoint(&self, scope: &Scope<Read>, own: &Own) -> Result<Endpoint> {
        let key = match &own.sealed_key {
            Some(sealed) => Some(self.vault.open(scope, own.id.as_str(), KEY_FIELD, sealed).await?),
            None => None,
        };
        Ok(Endpoint {
            name: own.name.clone(),
            api: api_of(&own.kind),
            base_url: own.base_url.clone(),
            key,
            trust: Trust::Tenant,
            timeouts: Endpoint::TIMEOUTS,
        })
    }

    pub(crate) fn vault(&self) -> &Vault {
        &self.vault
    }
}

/// Which API a stored kind stands for.
pub(crate) fn api_of(kind: &str) -> Api {
    if kind == "anthropic" { Api::Anthropic } else { Api::OpenAi }
}
