//! Versions 1 and 2.

use super::answer::{Format, Shape, body_of, items};
use super::{is_good, pause, refused};
use crate::item::Item;
use crate::node::{Context, Given, NodeError};
use crate::nodes::files::binary::file_of;
use crate::nodes::network::client::{Auth, Body, Draft, Lists, Part, send};
use crate::value::{self, Object, Str, Value};

pub(super) async fn run(context: &mut Context<'_>) -> Result<Given, NodeError> {
    let count = context.items().len();
    let mut given = Vec::with_capacity(count);
    for item in 0..count {
        context.go_on(0)?;
        let options = context.get("options", item)?;
        let number = |key: &str, default: f64| options.get(key).as_number().unwrap_or(default);
        if options.get("batchSize").as_number().is_some() || options.get("batchInterval").as_number().is_some() {
            pause(context, item, number("batchSize", 50.0), number("batchInterval", 1000.0)).await;
        }
        match request(context, item, &options).await {
            Ok(made) => given.extend(made.into_iter().map(|made| made.linked(item))),
            Err(error) => given.push(context.failed(error, item)?),
        }
    }
    Ok(given.into())
}

async fn request(context: &mut Context<'_>, item: usize, options: &Value) -> Result<Vec<Item>, NodeError> {
    let mut auth = auth(context, item).await?;
    let mut draft = draft(context, item, options)?;
    auth.check_domain(&draft.url)?;
    auth.sign(&mut draft)?;
    let shape = shape(context, options)?;
    if draft.header("accept").is_none() {
        let accept = if shape.format == Format::Json {
            "application/json,text/*;q=0.99"
        } else {
            "application/json,text/html,application/xhtml+xml,application/xml,text/*;q=0.9, */*;q=0.1"
        };
        draft.set_header("accept", accept);
    }
    let response = send(context, item, 0, &draft, &mut auth).await?;
    if !is_good(&response) && !shape.never_error {
        return Ok(vec![refused(context, &response, item, true)?]);
    }
    let mut input = context.items().get(item).cloned().unwrap_or_default();
    // The file stands alone: these versions drop the fields of the item.
    input.json = Object::new().into();
    let body = body_of(&response, &shape)?;
    Ok(items(&response, body, &shape, &draft.url, &input))
}

async fn auth(context: &mut Context<'_>, item: usize) -> Result<Auth, NodeError> {
    let kind: Str = match &*context.text("authentication", item)? {
        "basicAuth" => "httpBasicAuth".into(),
        "digestAuth" => "httpDigestAuth".into(),
        "headerAuth" => "httpHeaderAuth".into(),
        "queryAuth" => "httpQueryAuth".into(),
        "oAuth1" => "oAuth1Api".into(),
        "oAuth2" => "oAuth2Api".into(),
        "predefinedCredentialType" => context.text("nodeCredentialType", item)?,
        "genericCredentialType" => context.text("genericAuthType", item)?,
        _ => return Ok(Auth::None),
    };
    Auth::of(context, &kind).await
}

fn draft(context: &mut Context<'_>, item: usize, options: &Value) -> Result<Draft, NodeError> {
    let method = context.text("requestMethod", item)?;
    let follows = options.get("followRedirect").as_bool() != Some(false);
    let follows = (follows && matches!(&*method, "GET" | "HEAD")) || options.get("followAllRedirects").is_truthy();
    let mut draft = Draft {
        url: context.text("url", item)?.to_string(),
        lists: if options.get("useQueryString").is_truthy() { Lists::Repeat } else { Lists::Plain },
        timeout_ms: options.get("timeout").as_number().filter(|ms| *ms > 0.0).map(|ms| ms as u64),
        redirects: if follows { 21 } else { 0 },
        allow_unauthorized_certs: context.flag("allowUnauthorizedCerts", item)?,
        proxy: options.get("proxy").as_str().filter(|proxy| !proxy.is_empty()).map(str::to_owned),
        method,
        ..Draft::default()
    };
    let kind = options.get("bodyContentType").as_str().unwrap_or("json").to_owned();
    let is_json = context.flag("jsonParameters", item)?;
    let (headers, query) = if is_json {
        (
            json(context, item, "headerParametersJson", "Headers")?,
            json(context, item, "queryParametersJson", "Query Parameters")?,
        )
    } else {
        (
            pairs(context, item, "headerParametersUi", false)?.into(),
            pairs(context, item, "queryParametersUi", true)?.into(),
        )
    };
    draft.set_headers(headers.as_object().unwrap_or(&Object::new()), false);
    draft.query = query.as_object().cloned().unwrap_or_default();
    // n8n shows the body for methods that may have one only.
    if matches!(&*draft.method, "DELETE" | "PATCH" | "POST" | "PUT") {
        draft.body = body(context, item, &kind, is_json)?;
    }
    if let Some(mime) = options.get("bodyContentCustomMimeType").as_str().filter(|mime| !mime.is_empty()) {
        draft.set_header("Content-Type", mime);
    }
    Ok(draft)
}

fn body(context: &mut Context<'_>, item: usize, kind: &str, is_json: bool) -> Result<Body, NodeError> {
    if is_json && context.flag("sendBinaryData", item)? {
        return binary(context, item, kind);
    }
    let value = match (is_json, kind) {
        (true, "raw") => {
            return Ok(match context.get("bodyParametersJson", item)? {
                Value::Undefined => Body::None,
                Value::String(text) if text.is_empty() => Body::None,
                Value::String(text) => Body::Raw(text.as_bytes().to_vec().into(), None),
                value => Body::Json(value.into_json()),
            });
        }
        (true, _) => json(context, item, "bodyParametersJson", "Body Parameters")?,
        (false, _) => pairs(context, item, "bodyParametersUi", false)?.into(),
    };
    Ok(match (kind, value) {
        (_, Value::Undefined) => Body::None,
        (_, Value::Object(fields)) if fields.is_empty() && !is_json => Body::None,
        ("form-urlencoded", Value::Object(fields)) => Body::Form(Object::clone(&fields)),
        ("multipart-form-data", Value::Object(fields)) => {
            Body::Multipart(fields.iter().map(|(name, value)| (name.to_string(), Part::Text(value.clone()))).collect())
        }
        (_, value) => Body::Json(value),
    })
}

fn binary(context: &mut Context<'_>, item: usize, kind: &str) -> Result<Body, NodeError> {
    let items = context.items();
    let source = items.get(item).cloned().unwrap_or_default();
    let named = context.text("binaryPropertyName", item)?;
    match kind {
        "raw" => {
            let file = file_of(&source, &named, item)?;
            Ok(Body::Raw(file.data.clone(), Some(file.mime_type.to_string())))
        }
        "multipart-form-data" => {
            let names: Vec<&str> = named.split(',').map(str::trim).collect();
            let mut parts = Vec::with_capacity(names.len());
            for name in &names {
                let (key, property) = match name.split_once(':') {
                    Some(pair) => pair,
                    None if names.len() == 1 => ("file", *name),
                    None => {
                        return Err(NodeError::new(
                            "If more than one property should be send it is needed to define the in the format:<code>\"sendKey1:binaryProperty1,sendKey2:binaryProperty2\"</code>",
                        ));
                    }
                };
                parts.push((key.to_owned(), Part::File(file_of(&source, property, item)?.clone())));
            }
            Ok(Body::Multipart(parts))
        }
        _ => Err(NodeError::new(
            "Sending binary data is only supported when option \"Body Content Type\" is set to \"RAW/CUSTOM\" or \"FORM-DATA/MULTIPART\"!",
        )),
    }
}

/// A parameter that is JSON; nothing where it is empty.
fn json(context: &mut Context<'_>, item: usize, name: &str, title: &str) -> Result<Value, NodeError> {
    match context.get(name, item)? {
        Value::String(text) if text.is_empty() => Ok(Value::Undefined),
        Value::String(text) => value::parse(&text).map_err(|_| {
            NodeError::new(format!("The data in \"{title}\" is no valid JSON. Set Body Content Type to \"RAW/Custom\" for XML or other types of payloads"))
        }),
        value => Ok(value.into_json()),
    }
}

/// `{parameter: [{name, value}]}` as fields. Where `gathers` is true, a name that comes again makes a list.
fn pairs(context: &mut Context<'_>, item: usize, name: &str, gathers: bool) -> Result<Object, NodeError> {
    let group = context.get(name, item)?;
    let mut fields = Object::new();
    for pair in group.get("parameter").as_array().unwrap_or_default() {
        let (name, value) = (pair.get("name").to_text(), pair.get("value").clone().into_json());
        let value = match fields.get(&name) {
            Some(Value::Array(values)) if gathers => Value::list(values.iter().cloned().chain([value])),
            Some(old @ Value::String(_)) if gathers => Value::list([old.clone(), value]),
            _ => value,
        };
        fields.insert(name, value);
    }
    Ok(fields)
}

fn shape(context: &mut Context<'_>, options: &Value) -> Result<Shape, NodeError> {
    Ok(Shape {
        format: match &*context.text("responseFormat", 0)? {
            "file" => Format::File,
            "string" => Format::Text,
            _ => Format::Json,
        },
        full: options.get("fullResponse").is_truthy(),
        never_error: options.get("ignoreResponseCode").is_truthy(),
        property: context.text("dataPropertyName", 0)?,
        split: options.get("splitIntoItems").is_truthy(),
        no_json: "Response body is not valid JSON. Change \"Response Format\" to \"String\"",
    })
}
