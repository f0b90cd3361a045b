//! The environment, read once.

use super::layers::{Layers, Origin};
use super::sections::ProviderKind;
use pmos_kit::{Error, Result};
use std::collections::BTreeMap;
use toml::Value;

/// The environment of this process as it was at start, or a made-up one in tests.
#[derive(Debug, Clone, Default)]
pub struct Env(BTreeMap<String, String>);

impl Env {
    /// This process's environment. Variables that are no text, and empty ones, count as absent.
    pub fn of_process() -> Self {
        let text = |(name, value): (std::ffi::OsString, std::ffi::OsString)| {
            Some((name.into_string().ok()?, value.into_string().ok()?))
        };
        Self(std::env::vars_os().filter_map(text).filter(|(_, value)| !value.is_empty()).collect())
    }

    /// The value of a variable.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    /// Variables that look like ours and mean nothing.
    pub fn unknown(&self) -> Vec<&str> {
        let known = |name: &str| {
            VARIABLES.iter().any(|row| row.0 == name) || OTHERS.contains(&name) || name.starts_with("PMOS_TEST_")
        };
        self.0.keys().map(String::as_str).filter(|name| name.starts_with("PMOS_") && !known(name)).collect()
    }
}

impl<const N: usize> From<[(&str, &str); N]> for Env {
    fn from(pairs: [(&str, &str); N]) -> Self {
        Self(pairs.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect())
    }
}

#[derive(Clone, Copy)]
enum Form {
    Text,
    Number,
    Bool,
    /// Separated by commas.
    List,
}

/// Variables of the server: name, the key that they set, and the form of their text.
const VARIABLES: &[(&str, &str, Form)] = &[
    ("PMOS_LISTEN", "server.listen", Form::Text),
    ("PMOS_PUBLIC_ORIGIN", "server.public_origin", Form::Text),
    ("PMOS_TRUSTED_PROXIES", "server.trusted_proxies", Form::List),
    ("PMOS_UI_DIR", "server.ui_dir", Form::Text),
    ("PMOS_METRICS_TOKEN", "server.metrics_token", Form::Text),
    ("PMOS_DATA_DIR", "storage.data_dir", Form::Text),
    ("PMOS_DATABASE_URL", "storage.database_url", Form::Text),
    ("PMOS_REDIS_URL", "storage.redis_url", Form::Text),
    ("PMOS_MASTER_KEY_FILE", "storage.master_key_file", Form::Text),
    ("PMOS_MASTER_KEY", "storage.master_key", Form::Text),
    ("PMOS_SIGN_UP", "accounts.sign_up", Form::Text),
    ("PMOS_LIMITS_SCALE", "limits.scale", Form::Number),
    ("PMOS_MODELS_SHARED", "models.shared", Form::Bool),
    ("PMOS_MODELS_DEFAULT", "models.default", Form::Text),
    ("PMOS_LOG_FORMAT", "log.format", Form::Text),
    ("PMOS_LOG_LEVEL", "log.level", Form::Text),
];

/// Variables that set no key: where the file is, and what the client commands take.
const OTHERS: &[&str] = &["PMOS_CONFIG", "PMOS_URL", "PMOS_TOKEN"];

/// Providers that are known by the names of their variables: provider, key, address, and the address without one.
const PROVIDERS: &[(&str, ProviderKind, &str, Option<&str>, &str)] = &[
    ("openai", ProviderKind::OpenAi, "OPENAI_API_KEY", Some("OPENAI_BASE_URL"), "https://api.openai.com/v1"),
    ("anthropic", ProviderKind::Anthropic, "ANTHROPIC_API_KEY", None, "https://api.anthropic.com"),
    ("openrouter", ProviderKind::OpenAi, "OPENROUTER_API_KEY", None, "https://openrouter.ai/api/v1"),
];

/// Lay the environment over what is there.
pub(super) fn apply(layers: &mut Layers, env: &Env) -> Result<()> {
    for (name, path, form) in VARIABLES {
        if let Some(text) = env.get(name) {
            layers.set(path, value(name, *form, text)?, Origin::Env((*name).to_owned()));
        }
    }
    for provider in PROVIDERS {
        apply_provider(layers, env, provider);
    }
    if let Some(host) = env.get("OLLAMA_HOST") {
        let base_url = ollama_url(host);
        add_provider(layers, ("ollama", ProviderKind::OpenAi, &base_url), None, "OLLAMA_HOST");
    }
    Ok(())
}

fn value(name: &str, form: Form, text: &str) -> Result<Value> {
    match form {
        Form::Text => Ok(text.into()),
        Form::Number => text
            .parse::<i64>()
            .map(Value::from)
            .map_err(|_| Error::invalid(format!("{name}={text} is no whole number"))),
        Form::Bool => match text {
            "1" | "true" | "yes" => Ok(true.into()),
            "0" | "false" | "no" => Ok(false.into()),
            _ => Err(Error::invalid(format!("{name}={text}: write true or false"))),
        },
        Form::List => Ok(text
            .split(',')
            .map(str::trim)
            .filter(|part| !part.is_empty())
            .map(Value::from)
            .collect::<Vec<_>>()
            .into()),
    }
}

fn apply_provider(layers: &mut Layers, env: &Env, row: &(&str, ProviderKind, &str, Option<&str>, &str)) {
    let (name, kind, key_name, url_name, usual_url) = *row;
    let key = env.get(key_name);
    let url = url_name.and_then(|url_name| env.get(url_name));
    let Some(by) = key.map(|_| key_name).or(url.and(url_name)) else { return };
    add_provider(layers, (name, kind, url.unwrap_or(usual_url)), key, by);
}

/// Add a provider, or its key where the file has one of this name without any.
fn add_provider(layers: &mut Layers, (name, kind, base_url): (&str, ProviderKind, &str), key: Option<&str>, by: &str) {
    let kind = match kind {
        ProviderKind::OpenAi => "openai",
        ProviderKind::Anthropic => "anthropic",
    };
    layers.add_provider(name, kind, base_url, key, Origin::Env(by.to_owned()));
}

/// Ollama's own variable holds a host, a host and port, or a URL; 0.0.0.0 is what its server binds, not where it is.
fn ollama_url(host: &str) -> String {
    let host = host.trim_end_matches('/');
    let (scheme, rest) = host.split_once("://").unwrap_or(("http", host));
    let rest = rest.replacen("0.0.0.0", "127.0.0.1", 1);
    let has_port = rest.rsplit_once(':').is_some_and(|(_, port)| port.parse::<u16>().is_ok());
    let port = if has_port || host.contains("://") { "" } else { ":11434" };
    format!("{scheme}://{rest}{port}/v1")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ollamas_variable_is_understood_in_all_its_forms() {
        for (host, url) in [
            ("127.0.0.1", "http://127.0.0.1:11434/v1"),
            ("0.0.0.0:11434", "http://127.0.0.1:11434/v1"),
            ("gpu.lan:8000", "http://gpu.lan:8000/v1"),
            ("https://ollama.example/", "https://ollama.example/v1"),
        ] {
            assert_eq!(ollama_url(host), url);
        }
    }

    #[test]
    fn a_misspelt_variable_is_told() {
        let env = Env::from([
            ("PMOS_LISTN", "x"),
            ("PMOS_LISTEN", "127.0.0.1:1"),
            ("PMOS_TEST_DATABASE", "sqlite"),
            ("HOME", "/"),
        ]);
        assert_eq!(env.unknown(), ["PMOS_LISTN"]);
    }
}
