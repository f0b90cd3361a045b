//! Credentials from a file.

use async_trait::async_trait;
use parking_lot::Mutex;
use pmos_flow::port::{Credentials, PortError};
use pmos_flow::value::{self, Object, Value};
use pmos_kit::Error;
use std::path::Path;
use std::sync::Arc;

/// Credentials from a file: `{type: fields}`, or `[{type, id?, name?, data: fields}]` as n8n exports them decrypted.
///
/// What a node refreshes is kept in memory; the file stays as it is.
pub(super) struct CredentialFile(Mutex<Vec<Credential>>);

struct Credential {
    kind: String,
    id: Option<String>,
    name: Option<String>,
    fields: Arc<Object>,
}

impl CredentialFile {
    pub(super) fn open(file: Option<&Path>) -> Result<Self, Error> {
        let Some(file) = file else { return Ok(Self(Mutex::default())) };
        let wrong = |words: String| Error::invalid(format!("{}: {words}", file.display()));
        let text = std::fs::read_to_string(file).map_err(|cause| wrong(format!("cannot be read: {cause}")))?;
        let list = match value::parse(&text).map_err(|error| wrong(format!("is no JSON: {error}")))? {
            Value::Object(kinds) => {
                kinds.iter().map(|(kind, fields)| Credential::of(kind, &Value::Undefined, fields)).collect()
            }
            Value::Array(list) => {
                list.iter().map(|one| Credential::of(&one.get("type").to_text(), one, one.get("data"))).collect()
            }
            _ => Err("holds neither an object nor a list".to_owned()),
        };
        list.map(|list: Vec<Credential>| Self(Mutex::new(list))).map_err(wrong)
    }
}

impl Credential {
    fn of(kind: &str, names: &Value, fields: &Value) -> Result<Self, String> {
        let Value::Object(fields) = fields else { return Err(format!("the fields of '{kind}' are no object")) };
        let text = |key: &str| names.get(key).as_str().map(str::to_owned);
        Ok(Self { kind: kind.to_owned(), id: text("id"), name: text("name"), fields: fields.clone() })
    }

    /// How well it is what a node asks for: by its id, by its name, or by its type alone.
    fn fit(&self, kind: &str, id: Option<&str>, name: &str) -> Option<u8> {
        if self.kind != kind {
            return None;
        }
        match (&self.id, &self.name) {
            (Some(own), _) if Some(own.as_str()) == id => Some(3),
            (_, Some(own)) if own == name => Some(2),
            (None, None) => Some(1),
            _ => None,
        }
    }
}

fn find<'c>(
    all: &'c mut [Credential],
    kind: &str,
    id: Option<&str>,
    name: &str,
) -> Result<&'c mut Credential, PortError> {
    let best = all.iter_mut().filter_map(|one| Some((one.fit(kind, id, name)?, one))).max_by_key(|(fit, _)| *fit);
    let (_, found) = best.ok_or_else(|| {
        PortError::new(format!(
            "There are no credentials of type '{kind}' named '{name}': give them with --credentials FILE"
        ))
    })?;
    Ok(found)
}

#[async_trait]
impl Credentials for CredentialFile {
    async fn get(&self, kind: &str, id: Option<&str>, name: &str) -> Result<Arc<Object>, PortError> {
        Ok(find(&mut self.0.lock(), kind, id, name)?.fields.clone())
    }

    async fn update(&self, kind: &str, id: Option<&str>, name: &str, fields: Arc<Object>) -> Result<(), PortError> {
        find(&mut self.0.lock(), kind, id, name)?.fields = fields;
        Ok(())
    }
}
