//! GraphQL: a query, and what it gives.

use super::client::{Auth, Body, Draft, decode, send};
use crate::item::Item;
use crate::node::{BoxFuture, Context, Given, Group, Kind, NodeError, NodeType, Property, Run, Shown};
use crate::value::{self, Object, Str, Value};

/// Makes a GraphQL request and gives what is answered.
pub(super) static GRAPHQL: NodeType = NodeType {
    name: "n8n-nodes-base.graphql",
    title: "GraphQL",
    summary: "Makes a GraphQL request and returns the received data.",
    group: Group::Network,
    versions: &[1.0, 1.1],
    properties: &[
        Property::options(
            "authentication",
            "none",
            &["basicAuth", "customAuth", "digestAuth", "headerAuth", "none", "oAuth1", "oAuth2", "queryAuth"],
        ),
        Property::options("requestMethod", "POST", &["GET", "POST"]),
        Property::text("endpoint").required(),
        Property::bool("allowUnauthorizedCerts", false),
        Property::options("requestFormat", "graphql", &["graphql", "json"]).when(&[POST]).until(1.0),
        Property::options("requestFormat", "json", &["graphql", "json"]).when(&[POST]).since(1.1),
        Property::text("query").required(),
        Property::of("variables", Kind::Json).when(&[JSON]),
        Property::text("operationName").when(&[JSON]),
        Property::options("responseFormat", "json", &["json", "string"]),
        Property::text("dataPropertyName").or("data").when(&[Shown::is("responseFormat", &["string"])]),
        Property::groups("headerParametersUi", &[("parameter", &[Property::text("name"), Property::text("value")])]),
    ],
    credentials: &[
        "httpBasicAuth",
        "httpCustomAuth",
        "httpDigestAuth",
        "httpHeaderAuth",
        "httpQueryAuth",
        "oAuth1Api",
        "oAuth2Api",
    ],
    run: Run::Effect(run),
    ..NodeType::BASE
};

const POST: Shown = Shown::is("requestMethod", &["POST"]);
const JSON: Shown = Shown::is("requestFormat", &["json"]);

fn run<'a>(context: &'a mut Context<'_>) -> BoxFuture<'a, Result<Given, NodeError>> {
    Box::pin(async move {
        let count = context.items().len();
        let mut given = Vec::with_capacity(count);
        for item in 0..count {
            match request(context, item).await {
                Ok(made) => given.extend(made.into_iter().map(|made| made.linked(item))),
                Err(error) => given.push(context.failed(error, item)?),
            }
        }
        Ok(given.into())
    })
}

async fn request(context: &mut Context<'_>, item: usize) -> Result<Vec<Item>, NodeError> {
    let mut auth = auth(context, item).await?;
    let mut draft = draft(context, item)?;
    auth.check_domain(&draft.url)?;
    auth.sign(&mut draft)?;
    let response = send(context, item, 0, &draft, &mut auth).await?;
    let text = decode(&response.body, response.header("content-type").unwrap_or_default());
    let parsed = value::parse(&text);
    if let Some(errors) = parsed.as_ref().ok().map(|body| body.get("errors")).filter(|errors| errors.is_truthy()) {
        let messages: Vec<Str> =
            errors.as_array().unwrap_or_default().iter().map(|error| error.get("message").to_text()).collect();
        let message = Some(messages.join(", ")).filter(|message| !message.is_empty());
        return Err(NodeError::new(message.unwrap_or_else(|| "Unexpected error".into())));
    }
    if &*context.text("responseFormat", 0)? == "string" {
        let name = context.text("dataPropertyName", 0)?;
        // n8n reads JSON in passing, also where text was asked for.
        return Ok(vec![Item::new(Object::from_iter([(name, parsed.unwrap_or_else(|_| Value::from(text)))]))]);
    }
    match parsed {
        Ok(Value::Array(values)) => Ok(values.iter().map(item_of).collect()),
        Ok(body) => Ok(vec![item_of(&body)]),
        Err(_) => Err(NodeError::new("Response body is not valid JSON. Change \"Response Format\" to \"String\"")),
    }
}

fn item_of(value: &Value) -> Item {
    match value {
        Value::Object(object) => Item::new(object.clone()),
        value => Item::new(Object::from_iter([("data", value.clone())])),
    }
}

async fn auth(context: &mut Context<'_>, item: usize) -> Result<Auth, NodeError> {
    let kind = match &*context.text("authentication", item)? {
        "basicAuth" => "httpBasicAuth",
        "customAuth" => "httpCustomAuth",
        "digestAuth" => "httpDigestAuth",
        "headerAuth" => "httpHeaderAuth",
        "queryAuth" => "httpQueryAuth",
        "oAuth1" => "oAuth1Api",
        "oAuth2" => "oAuth2Api",
        _ => return Ok(Auth::None),
    };
    Auth::of(context, kind).await
}

fn draft(context: &mut Context<'_>, item: usize) -> Result<Draft, NodeError> {
    let method = context.text("requestMethod", item)?;
    let query = context.text("query", item)?;
    // A GET has no format: it carries what JSON requests carry.
    let format = context.text("requestFormat", item)?;
    let format = if format.is_empty() { "json".into() } else { format };
    let mut draft = Draft {
        method: method.clone(),
        url: context.text("endpoint", item)?.to_string(),
        allow_unauthorized_certs: context.flag("allowUnauthorizedCerts", item)?,
        redirects: if &*method == "GET" { 21 } else { 0 },
        ..Draft::default()
    };
    draft.set_header("content-type", format!("application/{format}"));
    for header in context.get("headerParametersUi.parameter", item)?.as_array().unwrap_or_default() {
        let name = header.get("name").to_text();
        draft.set_headers(&Object::from_iter([(name, header.get("value").clone())]), false);
    }
    if &*method == "GET" {
        draft.query.insert("query", query.clone().into());
    }
    draft.body = if &*format == "json" {
        let name = context.text("operationName", item)?;
        Body::Json(
            Object::from_iter([
                ("query", Value::from(query)),
                ("variables", variables(context.get("variables", item)?)?),
                ("operationName", if name.is_empty() { Value::Null } else { name.into() }),
            ])
            .into(),
        )
    } else {
        Body::Raw(query.as_bytes().to_vec().into(), None)
    };
    draft.set_header("accept", "application/json");
    Ok(draft)
}

fn variables(given: Value) -> Result<Value, NodeError> {
    match given {
        Value::Undefined => Ok(Value::object()),
        Value::String(text) if text.trim().is_empty() => Ok(Value::object()),
        Value::String(text) => value::parse(&text).map_err(|error| {
            NodeError::new(format!("Using variables failed:\n{text}\n\nWith error message:\nSyntaxError: {error}"))
        }),
        other => Ok(other.into_json()),
    }
}
