//! Versions 3 and later.

use super::answer::{Format, Shape, body_of, items};
use super::pages::Pages;
use super::{is_good, pause, refused};
use crate::item::Item;
use crate::node::{Context, Given, NodeError};
use crate::nodes::files::binary::file_of;
use crate::nodes::network::client::{Auth, Body, Draft, Lists, Part, read_form, send};
use crate::value::{self, Object, Path, Str, Value};

pub(super) async fn run(context: &mut Context<'_>) -> Result<Given, NodeError> {
    let count = context.items().len();
    let pages = Pages::of(context)?;
    let mut given = Vec::with_capacity(count);
    for item in 0..count {
        context.go_on(0)?;
        let batch = context.get("options.batching.batch", item)?;
        pause(context, item, batch.get("batchSize").to_number(), batch.get("batchInterval").to_number()).await;
        match request(context, item, pages.as_ref()).await {
            Ok(made) => given.extend(made.into_iter().map(|made| made.linked(item))),
            Err(error) => given.push(context.failed(error, item)?),
        }
    }
    Ok(given.into())
}

/// One item's request, and the items of its answers.
async fn request(context: &mut Context<'_>, item: usize, pages: Option<&Pages>) -> Result<Vec<Item>, NodeError> {
    let mut auth = auth(context, item).await?;
    let mut draft = draft(context, item)?;
    auth.check_domain(&draft.url)?;
    auth.sign(&mut draft)?;
    let shape = shape(context)?;
    if draft.header("accept").is_none() {
        let accept = match shape.format {
            Format::Json => "application/json,text/*;q=0.99",
            Format::Text => "application/json,text/html,application/xhtml+xml,application/xml,text/*;q=0.9, */*;q=0.1",
            _ => {
                "application/json,text/html,application/xhtml+xml,application/xml,text/*;q=0.9, image/*;q=0.8, */*;q=0.7"
            }
        };
        draft.set_header("accept", accept);
    }
    if let Some(pages) = pages {
        return pages.fetch(context, item, &draft, &mut auth, &shape).await;
    }
    let response = send(context, item, 0, &draft, &mut auth).await?;
    if !is_good(&response) && !shape.never_error {
        let parsed = matches!(shape.format, Format::Json | Format::Text);
        return Ok(vec![refused(context, &response, item, parsed)?]);
    }
    let input = context.items().get(item).cloned().unwrap_or_default();
    let body = body_of(&response, &shape)?;
    Ok(items(&response, body, &shape, &draft.url, &input))
}

async fn auth(context: &mut Context<'_>, item: usize) -> Result<Auth, NodeError> {
    let kind = match &*context.text("authentication", item)? {
        "predefinedCredentialType" => context.text("nodeCredentialType", item)?,
        "genericCredentialType" => context.text("genericAuthType", item)?,
        _ => return Ok(Auth::None),
    };
    Auth::of(context, &kind).await
}

fn draft(context: &mut Context<'_>, item: usize) -> Result<Draft, NodeError> {
    let url = match context.get("url", item)? {
        Value::String(url) => url,
        other => return Err(NodeError::new(format!("URL parameter must be a string, got {}", kind_of(&other)))),
    };
    if !url.starts_with("http://") && !url.starts_with("https://") {
        return Err(NodeError::new(format!("Invalid URL: {url}. URL must start with \"http\" or \"https\".")));
    }
    let options = context.get("options", item)?;
    let redirect = options.get("redirect").get("redirect");
    let follows = if redirect.as_object().is_some() {
        redirect.get("followRedirects").is_truthy()
    } else {
        context.version() >= 4.0
    };
    let mut draft = Draft {
        method: context.text("method", item)?,
        url: url.to_string(),
        lists: match options.get("queryParameterArrays").as_str() {
            Some("brackets") => Lists::Brackets,
            Some("indices") => Lists::Indices,
            Some("repeat") => Lists::Repeat,
            _ => Lists::Plain,
        },
        timeout_ms: options.get("timeout").as_number().filter(|ms| *ms > 0.0).map(|ms| ms as u64),
        redirects: if follows {
            redirect.get("maxRedirects").as_number().filter(|most| *most > 0.0).unwrap_or(21.0) as u32
        } else {
            0
        },
        allow_unauthorized_certs: options.get("allowUnauthorizedCerts").is_truthy(),
        proxy: options.get("proxy").as_str().filter(|proxy| !proxy.is_empty()).map(str::to_owned),
        ..Draft::default()
    };
    if context.flag("sendBody", item)? {
        body(context, item, &mut draft)?;
    }
    if context.flag("sendQuery", item)? {
        draft.query = fields(context, item, "specifyQuery", "queryParameters", "jsonQuery", context.version() >= 4.3)?;
    }
    if context.flag("sendHeaders", item)? {
        let headers = fields(context, item, "specifyHeaders", "headerParameters", "jsonHeaders", false)?;
        draft.set_headers(&headers, options.get("lowercaseHeaders").as_bool() != Some(false));
    }
    Ok(draft)
}

fn kind_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Array(_) => "array",
        value => value.type_of(),
    }
}

/// Fields that are given as pairs or as JSON. Where `gathers` is true, a name that comes again makes a list.
fn fields(
    context: &mut Context<'_>,
    item: usize,
    choice: &str,
    pairs: &str,
    json: &str,
    gathers: bool,
) -> Result<Object, NodeError> {
    if &*context.text(choice, item)? == "json" {
        let value = context.get(json, item)?;
        return Ok(json_of(value)?.as_object().cloned().unwrap_or_default());
    }
    let mut fields = Object::new();
    for (name, value) in named(&context.get(pairs, item)?) {
        let value = match (fields.get(&name).cloned(), gathers) {
            (Some(Value::Array(values)), true) => Value::list(values.iter().cloned().chain([value])),
            (Some(old), true) => Value::list([old, value]),
            _ => value,
        };
        fields.insert(name, value);
    }
    Ok(fields)
}

/// The pairs of `{parameters: [{name, value}]}` that have a name.
fn named(group: &Value) -> impl Iterator<Item = (Str, Value)> {
    let list: Vec<Value> = group.get("parameters").as_array().unwrap_or_default().to_vec();
    list.into_iter()
        .map(|pair| (pair.get("name").to_text(), pair.get("value").clone()))
        .filter(|(name, _)| !name.is_empty() && **name != *"undefined")
}

fn json_of(value: Value) -> Result<Value, NodeError> {
    match value {
        Value::String(text) => value::parse(&text).map_err(|_| NodeError::new("JSON parameter needs to be valid JSON")),
        Value::Undefined => Ok(Value::object()),
        value => Ok(value.into_json()),
    }
}

fn body(context: &mut Context<'_>, item: usize, draft: &mut Draft) -> Result<(), NodeError> {
    let kind = context.text("contentType", item)?;
    // Other methods carry JSON alone, whatever is chosen.
    let takes_all = matches!(&*draft.method, "PATCH" | "POST" | "PUT" | "GET");
    match &*kind {
        "multipart-form-data" if takes_all => draft.body = Body::Multipart(parts(context, item)?),
        "binaryData" => {
            let property = context.text("inputDataFieldName", item)?;
            let items = context.items();
            let source = items.get(item).cloned().unwrap_or_default();
            let file = file_of(&source, &property, item)?;
            if takes_all {
                draft.body = Body::Raw(file.data.clone(), Some(file.mime_type.to_string()));
            }
        }
        "raw" => {
            let text = context.text("body", item)?;
            let kind = context.text("rawContentType", item)?;
            if takes_all {
                draft.body =
                    Body::Raw(text.as_bytes().to_vec().into(), Some(kind.to_string()).filter(|kind| !kind.is_empty()));
            }
        }
        kind => {
            let value = match &*context.text("specifyBody", item)? {
                "json" => json_of(context.get("jsonBody", item)?)?,
                "string" => read_form(&context.text("body", item)?).into(),
                _ => pairs(context, item, kind)?.into(),
            };
            draft.body = match (kind, value) {
                ("form-urlencoded", Value::Object(fields)) if takes_all => Body::Form(Object::clone(&fields)),
                (_, value) => Body::Json(value),
            };
        }
    }
    Ok(())
}

/// The body's fields as pairs; in JSON, from version 4 on, names are paths.
fn pairs(context: &mut Context<'_>, item: usize, kind: &str) -> Result<Object, NodeError> {
    let nests = kind == "json" && context.version() >= 4.0;
    let mut fields = Object::new();
    for (name, value) in named(&context.get("bodyParameters", item)?) {
        Path::with(&name, nests).set(&mut fields, value.into_json());
    }
    Ok(fields)
}

fn parts(context: &mut Context<'_>, item: usize) -> Result<Vec<(String, Part)>, NodeError> {
    let group = context.get("bodyParameters", item)?;
    let items = context.items();
    let source = items.get(item).cloned().unwrap_or_default();
    let mut parts: Vec<(String, Part)> = Vec::new();
    for parameter in group.get("parameters").as_array().unwrap_or_default() {
        let name = parameter.get("name").to_text().to_string();
        let part = if parameter.get("parameterType").as_str() == Some("formBinaryData") {
            let property = parameter.get("inputDataFieldName").to_text();
            if property.is_empty() || &*property == "undefined" {
                continue;
            }
            Part::File(file_of(&source, &property, item)?.clone())
        } else {
            Part::Text(parameter.get("value").clone().into_json())
        };
        // A field that is given twice has its last value.
        parts.retain(|(old, _)| *old != name);
        parts.push((name, part));
    }
    Ok(parts)
}

fn shape(context: &mut Context<'_>) -> Result<Shape, NodeError> {
    let response = context.get("options.response.response", 0)?;
    let property = response.get("outputPropertyName").as_str().filter(|name| !name.is_empty()).unwrap_or("data");
    Ok(Shape {
        format: match response.get("responseFormat").as_str() {
            Some("file") => Format::File,
            Some("json") => Format::Json,
            Some("text") => Format::Text,
            _ => Format::Auto,
        },
        full: response.get("fullResponse").is_truthy(),
        never_error: response.get("neverError").is_truthy(),
        property: property.into(),
        split: true,
        no_json: "Response body is not valid JSON. Change \"Response Format\" to \"Text\"",
    })
}
