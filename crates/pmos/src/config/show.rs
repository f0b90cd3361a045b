//! The configuration for people: what holds, where it came from, and what may be written.

use super::layers::{Loaded, Origin};
use super::sections::Config;
use pmos_kit::{Error, Result};
use serde::Serialize;
use serde_json::Value;

/// One value of the configuration.
#[derive(Debug, Serialize)]
pub struct Row {
    /// Its path, such as `server.listen`.
    pub key: String,
    /// The value, secrets redacted.
    pub value: Value,
    /// Where it came from.
    pub from: String,
}

/// All values, in the order of the sections.
///
/// # Errors
/// `INTERNAL` if they cannot be written as JSON.
pub fn rows(loaded: &Loaded) -> Result<Vec<Row>> {
    let mut rows = Vec::new();
    let Value::Object(sections) = serde_json::to_value(&loaded.config).map_err(Error::internal)? else {
        return Ok(rows);
    };
    for (section, fields) in sections {
        let Value::Object(fields) = fields else { continue };
        for (field, value) in fields {
            let key = format!("{section}.{field}");
            match value {
                Value::Array(items) if key == "models.providers" => {
                    rows.extend(items.into_iter().map(|item| provider(loaded, item)))
                }
                value => rows.push(row(loaded, key, value)),
            }
        }
    }
    Ok(rows)
}

fn provider(loaded: &Loaded, item: Value) -> Row {
    row(loaded, format!("models.providers.{}", item["name"].as_str().unwrap_or_default()), item)
}

fn row(loaded: &Loaded, key: String, value: Value) -> Row {
    let from = loaded.origin(&key).map_or_else(|| "default".to_owned(), Origin::to_string);
    Row { key, value, from }
}

/// The JSON Schema of `pmos.toml`.
pub fn schema() -> Value {
    schemars::schema_for!(Config).to_value()
}
