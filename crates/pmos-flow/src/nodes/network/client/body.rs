//! What a request carries.

use super::query::{self, Lists};
use crate::item::Binary;
use crate::value::{self, Object, Value};
use bytes::Bytes;
use pmos_kit::Rng;

/// What a request carries.
#[derive(Clone, Debug, Default)]
pub(in crate::nodes::network) enum Body {
    /// Nothing.
    #[default]
    None,
    /// JSON.
    Json(Value),
    /// `a=1&b=2`
    Form(Object),
    /// `multipart/form-data`
    Multipart(Vec<(String, Part)>),
    /// Bytes of this type.
    Raw(Bytes, Option<String>),
}

/// A field of a multipart form.
#[derive(Clone, Debug)]
pub(in crate::nodes::network) enum Part {
    /// Text, or what becomes text.
    Text(Value),
    /// A file.
    File(Binary),
}

impl Body {
    /// The bytes and their content type; nothing where there is no body.
    pub(super) fn write(&self, lists: Lists, chance: &dyn Rng) -> Option<(Bytes, Option<String>)> {
        match self {
            Self::None => None,
            // What is text already goes out as it is.
            Self::Json(Value::String(text)) => Some((text.as_bytes().to_vec().into(), Some("application/json".into()))),
            Self::Json(value) => Some((value::to_string(value).into(), Some("application/json".into()))),
            Self::Form(fields) => {
                let lists = if lists == Lists::Repeat { Lists::Repeat } else { Lists::Indices };
                Some((query::write(fields, lists).into(), Some("application/x-www-form-urlencoded".into())))
            }
            Self::Multipart(fields) => Some(multipart(fields, chance)),
            Self::Raw(bytes, kind) => Some((bytes.clone(), kind.clone())),
        }
    }

    /// The body as expressions see it.
    pub(in crate::nodes::network) fn as_value(&self) -> Value {
        match self {
            Self::None => Value::Undefined,
            Self::Json(value) => value.clone(),
            Self::Form(fields) => fields.clone().into(),
            Self::Multipart(fields) => fields
                .iter()
                .map(|(name, part)| match part {
                    Part::Text(value) => (name.as_str(), value.clone()),
                    Part::File(file) => (name.as_str(), file.describe().into()),
                })
                .collect::<Object>()
                .into(),
            Self::Raw(bytes, _) => Value::from(String::from_utf8_lossy(bytes).into_owned()),
        }
    }

    /// Sets fields, as pagination does.
    pub(in crate::nodes::network) fn set(&mut self, fields: &Object) {
        match self {
            Self::None | Self::Raw(..) => *self = Self::Json(fields.clone().into()),
            Self::Form(own) => own.extend(fields.iter().map(|(name, value)| (name.clone(), value.clone()))),
            Self::Json(own) => {
                let mut merged = own.as_object().cloned().unwrap_or_default();
                merged.extend(fields.iter().map(|(name, value)| (name.clone(), value.clone())));
                *own = merged.into();
            }
            Self::Multipart(own) => {
                for (name, value) in fields.iter() {
                    own.retain(|(old, _)| **old != **name);
                    own.push((name.to_string(), Part::Text(value.clone())));
                }
            }
        }
    }
}

fn multipart(fields: &[(String, Part)], chance: &dyn Rng) -> (Bytes, Option<String>) {
    let mut random = [0; 12];
    chance.fill(&mut random);
    // 12 random bytes: nobody writes a file that holds them by chance or on purpose.
    let boundary = random.iter().fold("-".repeat(26), |text, byte| format!("{text}{byte:02x}"));
    let mut body = Vec::new();
    for (name, part) in fields {
        let values = match part {
            Part::Text(Value::Array(values)) => values.iter().cloned().map(Part::Text).collect(),
            part => vec![part.clone()],
        };
        for part in values {
            body.extend_from_slice(
                format!("--{boundary}\r\nContent-Disposition: form-data; name=\"{}\"", quoted(name)).as_bytes(),
            );
            match &part {
                Part::Text(value) => {
                    body.extend_from_slice(b"\r\n\r\n");
                    body.extend_from_slice(text_of(value).as_bytes());
                }
                Part::File(file) => {
                    if let Some(name) = &file.file_name {
                        body.extend_from_slice(format!("; filename=\"{}\"", quoted(name)).as_bytes());
                    }
                    body.extend_from_slice(
                        format!("\r\nContent-Type: {}\r\n\r\n", one_line(&file.mime_type)).as_bytes(),
                    );
                    body.extend_from_slice(&file.data);
                }
            }
            body.extend_from_slice(b"\r\n");
        }
    }
    body.extend_from_slice(format!("--{boundary}--\r\n").as_bytes());
    (body.into(), Some(format!("multipart/form-data; boundary={boundary}")))
}

fn text_of(value: &Value) -> String {
    match value {
        Value::Undefined | Value::Null => String::new(),
        value @ Value::Object(_) => value::to_string(value),
        value => value.to_text().to_string(),
    }
}

/// A name within quotes, as browsers write it (HTML, multipart/form-data encoding).
fn quoted(name: &str) -> String {
    name.replace('"', "%22").replace('\r', "%0D").replace('\n', "%0A")
}

fn one_line(text: &str) -> String {
    text.replace(['\r', '\n'], "")
}
