//! The sections, with their defaults.

use super::redact;
use pmos_kit::{NanoUsd, Secret};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;

/// The configuration of a PMOS server.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// Where the server listens and what it serves.
    pub server: Server,
    /// Where data is kept.
    pub storage: Storage,
    /// Who may make an account.
    pub accounts: Accounts,
    /// How often a caller may call.
    pub limits: Limits,
    /// Which models agents may use.
    pub models: Models,
    /// What is logged, and how.
    pub log: Log,
}

/// Where the server listens and what it serves.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Server {
    /// Address and port to listen on. Loopback by default: put a TLS proxy in front before opening it to a network.
    #[schemars(with = "String")]
    pub listen: SocketAddr,
    /// The address that browsers use, such as `https://pmos.example.com`. Needed behind a proxy.
    pub public_origin: Option<String>,
    /// Addresses of proxies whose `X-Forwarded-For` is believed, such as `10.0.0.2`.
    #[schemars(with = "Vec<String>")]
    pub trusted_proxies: Vec<IpAddr>,
    /// Serve the UI from this folder instead of the one built into the program.
    pub ui_dir: Option<PathBuf>,
    /// `GET /metrics` answers who shows this token, and nobody where there is none.
    #[serde(serialize_with = "redact::secret")]
    pub metrics_token: Option<Secret>,
}

impl Default for Server {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 7667)),
            public_origin: None,
            trusted_proxies: Vec::new(),
            ui_dir: None,
            metrics_token: None,
        }
    }
}

/// Where data is kept.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Storage {
    /// The folder of the database file, the master key and `pmos.toml`. By default `$XDG_DATA_HOME/pmos`.
    pub data_dir: PathBuf,
    /// A PostgreSQL server instead of the file, such as `postgres://pmos:secret@db/pmos`.
    #[serde(serialize_with = "redact::url")]
    pub database_url: Option<Secret>,
    /// A Redis server that carries events between replicas.
    #[serde(serialize_with = "redact::url")]
    pub redis_url: Option<Secret>,
    /// The file of the master key, which seals the workspaces' own keys. By default `master.key` in the data folder; it
    /// is made at the first start, but never beside a PostgreSQL server, whose replicas must share one.
    pub master_key_file: Option<PathBuf>,
    /// The master key itself, 64 characters of hex, where there is no file: `PMOS_MASTER_KEY`.
    #[serde(serialize_with = "redact::secret")]
    pub master_key: Option<Secret>,
}

impl Default for Storage {
    fn default() -> Self {
        Self {
            data_dir: PathBuf::from("~/.local/share/pmos"),
            database_url: None,
            redis_url: None,
            master_key_file: None,
            master_key: None,
        }
    }
}

/// Who may make an account.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Accounts {
    /// Who may sign up once the first account exists.
    pub sign_up: SignUp,
}

/// Who may sign up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum SignUp {
    /// Anybody.
    Open,
    /// Whoever has an invitation.
    #[default]
    Invite,
    /// Nobody.
    Closed,
}

/// How often a caller may call.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Limits {
    /// Every rate limit is so many times as wide. Benches raise it.
    #[schemars(range(min = 1, max = 1_000_000))]
    pub scale: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self { scale: 1 }
    }
}

/// Which models agents may use.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Models {
    /// May every workspace use the providers listed here? If not, each sets up its own.
    pub shared: bool,
    /// The model of agents that name none, as `provider/model`.
    pub default: Option<String>,
    /// The model providers of this server.
    pub providers: Vec<ModelProvider>,
}

impl Default for Models {
    fn default() -> Self {
        Self { shared: true, default: None, providers: Vec::new() }
    }
}

/// A model provider.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ModelProvider {
    /// What it is called in `provider/model`: lower-case letters, digits and `-`.
    pub name: String,
    /// The API that it speaks.
    #[serde(default)]
    pub kind: ProviderKind,
    /// Where it is, such as `http://127.0.0.1:8000/v1`. By default the vendor's own address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub base_url: Option<String>,
    /// The environment variable that holds its key.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key_env: Option<String>,
    /// Its key. Better: `key_env`, which keeps it out of the file.
    #[serde(default, serialize_with = "redact::secret", skip_serializing_if = "Option::is_none")]
    pub key: Option<Secret>,
    /// The models to offer; all that it lists by default.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub models: Vec<String>,
    /// The model of agents that name none; the first by default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default_model: Option<String>,
    /// What its models cost, by model; what is not listed counts as free.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub prices: BTreeMap<String, ModelPrice>,
}

/// What a model costs, in US dollars per million tokens, written as decimals such as `"0.15"`.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ModelPrice {
    /// Tokens that it reads.
    pub input: Price,
    /// Tokens that it writes.
    pub output: Price,
    /// Tokens that it reads from its cache.
    pub cache_read: Price,
    /// Tokens that it writes to its cache.
    pub cache_write: Price,
}

/// A price, which keeps the text that it was written as.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "String", into = "String")]
#[schemars(with = "String")]
pub struct Price(NanoUsd, String);

impl Price {
    /// The price per million tokens.
    pub fn per_million(&self) -> NanoUsd {
        self.0
    }
}

impl TryFrom<String> for Price {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let price = NanoUsd::parse_price_per_million(&text).map_err(|error| error.public().to_owned())?;
        Ok(Self(price, text))
    }
}

impl From<Price> for String {
    fn from(price: Price) -> Self {
        price.1
    }
}

/// The API of a provider.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum ProviderKind {
    /// Chat completions: OpenAI, OpenRouter, Ollama, vLLM and most others.
    #[default]
    OpenAi,
    /// Anthropic's messages.
    Anthropic,
}

/// What is logged, and how.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Log {
    /// For people or for programs.
    pub format: LogFormat,
    /// `error`, `warn`, `info`, `debug` or `trace`, also per crate: `info,pmos_store=debug`.
    pub level: String,
}

impl Default for Log {
    fn default() -> Self {
        Self { format: LogFormat::Text, level: "info".into() }
    }
}

/// The form of log lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// For people.
    #[default]
    Text,
    /// One JSON object a line.
    Json,
}

impl ModelProvider {
    /// Where it is.
    pub fn url(&self) -> &str {
        match (&self.base_url, self.kind) {
            (Some(url), _) => url,
            (None, ProviderKind::OpenAi) => "https://api.openai.com/v1",
            (None, ProviderKind::Anthropic) => "https://api.anthropic.com",
        }
    }
}
