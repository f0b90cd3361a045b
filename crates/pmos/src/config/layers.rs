//! The sources, laid over one another, each value with where it came from.

use super::env::{self, Env};
use super::sections::Config;
use pmos_kit::{Error, Result, Secret};
use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};
use toml::de::{DeTable, DeValue};
use toml::{Table, Value};

/// What the command line gives.
#[derive(Debug, Clone, Default)]
pub struct Flags {
    config: Option<PathBuf>,
    values: Vec<(&'static str, &'static str, Value)>,
}

impl Flags {
    /// Flags that name this file, if they do, instead of `pmos.toml` in the data folder.
    pub fn new(config: Option<PathBuf>) -> Self {
        Self { config, values: Vec::new() }
    }

    /// Set the key at `path` by the flag of this name, if it was given.
    pub fn set(&mut self, path: &'static str, flag: &'static str, value: Option<impl Into<Value>>) {
        self.values.extend(value.map(|value| (path, flag, value.into())));
    }
}

/// Where a value came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// A file and a line of it.
    File(PathBuf, usize),
    /// An environment variable.
    Env(String),
    /// A flag of the command line.
    Flag(&'static str),
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Origin::File(path, line) => write!(f, "{}:{line}", path.display()),
            Origin::Env(name) => f.write_str(name),
            Origin::Flag(name) => f.write_str(name),
        }
    }
}

/// A configuration, and where each of its values came from.
#[derive(Debug, Clone)]
pub struct Loaded {
    /// The configuration.
    pub config: Config,
    /// The file, if there is one.
    pub file: Option<PathBuf>,
    origins: BTreeMap<String, Origin>,
}

impl Loaded {
    /// Where the value at this path came from; `None` for a default.
    pub fn origin(&self, path: &str) -> Option<&Origin> {
        self.origins.get(path)
    }

    pub(super) fn check(&self) -> Result<()> {
        self.config.check().map_err(|(path, words)| self::fault(&self.origins, &path, &words))
    }
}

#[derive(Default)]
pub(super) struct Layers {
    sections: BTreeMap<String, Table>,
    origins: BTreeMap<String, Origin>,
}

pub(super) fn load(flags: &Flags, env: &Env) -> Result<Loaded> {
    let mut layers = Layers::default();
    let file = file(flags, env)?;
    if let Some(path) = &file {
        layers.read_file(path)?;
    }
    env::apply(&mut layers, env)?;
    for (path, flag, value) in &flags.values {
        layers.set(path, value.clone(), Origin::Flag(flag));
    }
    let mut config = layers.config()?;
    if !layers.origins.contains_key("storage.data_dir") {
        config.storage.data_dir = default_data_dir(env)?;
    }
    let storage = &mut config.storage;
    for path in [&mut storage.data_dir].into_iter().chain(&mut storage.master_key_file).chain(&mut config.server.ui_dir)
    {
        *path = expand(path, env)?;
    }
    take_keys(&mut config, env)?;
    Ok(Loaded { config, file, origins: layers.origins })
}

/// The file that is named, which must be there, or the one in the data folder, which need not.
fn file(flags: &Flags, env: &Env) -> Result<Option<PathBuf>> {
    if let Some(named) = flags.config.clone().or_else(|| env.get("PMOS_CONFIG").map(PathBuf::from)) {
        return Ok(Some(named));
    }
    let flag =
        flags.values.iter().find(|(path, ..)| *path == "storage.data_dir").and_then(|(.., value)| value.as_str());
    let dir = match flag.or_else(|| env.get("PMOS_DATA_DIR")) {
        Some(dir) => expand(Path::new(dir), env)?,
        None => default_data_dir(env)?,
    };
    Ok(Some(dir.join("pmos.toml")).filter(|path| path.exists()))
}

fn default_data_dir(env: &Env) -> Result<PathBuf> {
    match env.get("XDG_DATA_HOME") {
        Some(dir) => Ok(Path::new(dir).join("pmos")),
        None => expand(Path::new("~/.local/share/pmos"), env),
    }
}

/// `~/` at the beginning stands for the home folder.
fn expand(path: &Path, env: &Env) -> Result<PathBuf> {
    let Ok(rest) = path.strip_prefix("~") else { return Ok(path.to_owned()) };
    let home = env.get("HOME").ok_or_else(|| Error::invalid("HOME is not set: say where data goes with --data-dir"))?;
    Ok(Path::new(home).join(rest))
}

/// Keys that the file names by their variable.
fn take_keys(config: &mut Config, env: &Env) -> Result<()> {
    for provider in &mut config.models.providers {
        let Some(name) = &provider.key_env else { continue };
        let key = env.get(name).ok_or_else(|| {
            Error::invalid(format!(
                "the provider {} takes its key from {name}, which is not set: export it, or remove key_env",
                provider.name
            ))
        })?;
        provider.key = Some(Secret::new(key));
    }
    Ok(())
}

impl Layers {
    /// Set a value, replacing what stood there.
    pub(super) fn set(&mut self, path: &str, value: Value, origin: Origin) {
        let (section, key) = path.split_once('.').unwrap_or((path, ""));
        self.section(section).insert(key.to_owned(), value);
        self.origins.insert(path.to_owned(), origin);
    }

    fn section(&mut self, name: &str) -> &mut Table {
        self.sections.entry(name.to_owned()).or_default()
    }

    /// Add a provider, or the key to the one of this name that lacks it.
    pub(super) fn add_provider(&mut self, name: &str, kind: &str, base_url: &str, key: Option<&str>, origin: Origin) {
        let path = format!("models.providers.{name}");
        let providers = self.section("models").entry("providers").or_insert_with(|| Vec::<Value>::new().into());
        let Value::Array(providers) = providers else { return };
        let same = |value: &&mut Value| value.get("name").and_then(Value::as_str) == Some(name);
        if let Some(Value::Table(provider)) = providers.iter_mut().find(same) {
            if let Some(key) = key.filter(|_| !provider.contains_key("key") && !provider.contains_key("key_env")) {
                provider.insert("key".into(), key.into());
            }
            return;
        }
        let fields = [("name", Some(name)), ("kind", Some(kind)), ("base_url", Some(base_url)), ("key", key)];
        let provider: Table =
            fields.into_iter().filter_map(|(field, value)| Some((field.to_owned(), value?.into()))).collect();
        providers.push(provider.into());
        self.origins.insert(path, origin);
    }

    fn read_file(&mut self, path: &Path) -> Result<()> {
        let unreadable = |cause| Error::invalid(format!("{} cannot be read: {cause}", path.display()));
        let text = std::fs::read_to_string(path).map_err(unreadable)?;
        // Read once for its faults, which then name their line, and once more to be laid under the other sources.
        let wrong =
            |error: toml::de::Error| Error::invalid(format!("{}: {}", path.display(), error.to_string().trim_end()));
        toml::from_str::<Config>(&text).map_err(wrong)?;
        self.sections = toml::from_str(&text).map_err(wrong)?;
        let spans = DeTable::parse(&text).map_err(wrong)?;
        note_lines(&mut self.origins, spans.get_ref(), "", &|at| Origin::File(path.to_owned(), line_of(&text, at)));
        Ok(())
    }

    fn config(&self) -> Result<Config> {
        let table: Table = self.sections.iter().map(|(name, section)| (name.clone(), section.clone().into())).collect();
        serde_path_to_error::deserialize(Value::Table(table)).map_err(|error| {
            let path = error.path().to_string();
            fault(&self.origins, &path, error.into_inner().message())
        })
    }
}

/// Remember the line of each key, and of each provider under its name.
fn note_lines(
    origins: &mut BTreeMap<String, Origin>,
    table: &DeTable<'_>,
    prefix: &str,
    origin: &dyn Fn(usize) -> Origin,
) {
    for (key, value) in table {
        let path = if prefix.is_empty() { key.get_ref().to_string() } else { format!("{prefix}.{}", key.get_ref()) };
        match value.get_ref() {
            DeValue::Table(inner) => note_lines(origins, inner, &path, origin),
            DeValue::Array(items) if path == "models.providers" => {
                for item in items {
                    let name = item
                        .get_ref()
                        .as_table()
                        .and_then(|table| table.get("name"))
                        .and_then(|name| name.get_ref().as_str());
                    origins.insert(format!("{path}.{}", name.unwrap_or_default()), origin(item.span().start));
                }
            }
            _ => drop(origins.insert(path, origin(key.span().start))),
        }
    }
}

fn line_of(text: &str, at: usize) -> usize {
    1 + text.bytes().take(at).filter(|byte| *byte == b'\n').count()
}

fn fault(origins: &BTreeMap<String, Origin>, path: &str, words: &str) -> Error {
    let from = origins.get(path).map(|origin| format!(" (from {origin})")).unwrap_or_default();
    Error::invalid_field(path, format!("{path}{from}: {words}"))
}
