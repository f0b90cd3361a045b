//! JWT: makes JSON web tokens, reads them, and verifies them.

mod token;

use crate::item::Item;
use crate::node::{BoxFuture, Context, Given, Group, Kind, NodeError, NodeType, Property, Run, Shown};
use crate::value::{self, Object, Str, Value};
use token::Rules;

const ALGORITHMS: &[&str] =
    &["HS256", "HS384", "HS512", "RS256", "RS384", "RS512", "ES256", "ES384", "ES512", "PS256", "PS384", "PS512"];

/// Makes, reads and verifies tokens.
pub(super) static JWT: NodeType = NodeType {
    name: "n8n-nodes-base.jwt",
    title: "JWT",
    summary: "Signs, decodes and verifies JSON web tokens.",
    group: Group::Data,
    properties: &[
        Property::options("operation", "sign", &["decode", "sign", "verify"]),
        Property::bool("useJson", false).when(&[Shown::is("operation", &["sign"])]),
        Property::collection(
            "claims",
            &[
                Property::text("audience"),
                Property::number("expiresIn", 3600.0),
                Property::text("issuer"),
                Property::text("jwtid"),
                Property::number("notBefore", 0.0),
                Property::text("subject"),
            ],
        )
        .when(&[Shown::is("operation", &["sign"]), Shown::is("useJson", &["false"])]),
        Property::of("claimsJson", Kind::Json)
            .or("{\n  \"my_field_1\": \"value 1\",\n  \"my_field_2\": \"value 2\"\n}\n")
            .when(&[Shown::is("operation", &["sign"]), Shown::is("useJson", &["true"])]),
        Property::text("token").required().when(&[Shown::is("operation", &["verify", "decode"])]),
        Property::collection(
            "options",
            &[
                Property::bool("complete", false),
                Property::bool("ignoreExpiration", false),
                Property::bool("ignoreNotBefore", false),
                Property::number("clockTolerance", 0.0),
                Property::text("kid"),
                Property::options("algorithm", "HS256", ALGORITHMS),
            ],
        ),
    ],
    credentials: &["jwtAuth"],
    run: Run::Effect(run),
    ..NodeType::BASE
};

fn run<'a>(context: &'a mut Context<'_>) -> BoxFuture<'a, Result<Given, NodeError>> {
    Box::pin(async move {
        let credential = context.credential("jwtAuth").await?;
        let now = context.now().div_euclid(1000);
        context.each(|context, at, _| Ok(vec![Item::new(made(context, at, &credential, now)?)]))
    })
}

/// What the node gives for an item.
fn made(context: &mut Context<'_>, at: usize, credential: &Object, now: i64) -> Result<Object, NodeError> {
    let field =
        |key: &str| credential.get(key).filter(|value| !value.is_nullish()).map(Value::to_text).unwrap_or_default();
    let key = |pem: &str| field(if &*field("keyType") == "pemKey" { pem } else { "secret" });
    let options = context.get("options", at)?;
    let chosen = options.get("algorithm").as_str().map_or_else(|| field("algorithm"), Str::from);
    let algorithm = if chosen.is_empty() { "HS256" } else { &*chosen };
    let operation = context.text("operation", at)?;
    if &*operation == "sign" {
        let claims = claims(context, at)?;
        let key_id = options.get("kid").as_str().filter(|id| !id.is_empty());
        let token = token::sign(claims, &key("privateKey"), algorithm, key_id, now)?;
        return Ok(Object::from_iter([("token", Value::from(token))]));
    }
    let text = context.text("token", at)?;
    let read = match &*operation {
        "verify" => {
            let tolerance = options.get("clockTolerance").to_number();
            let rules = Rules {
                ignore_expiration: options.get("ignoreExpiration").is_truthy(),
                ignore_not_before: options.get("ignoreNotBefore").is_truthy(),
                clock_tolerance: if tolerance.is_nan() { 0.0 } else { tolerance },
            };
            Some(token::verify(&text, &key("publicKey"), algorithm, &rules, now).map_err(explained)?)
        }
        _ => token::decode(&text)?,
    };
    Ok(match read {
        Some(read) if options.get("complete").is_truthy() => read.complete(),
        read => Object::from_iter([("payload", read.map_or(Value::Null, |read| read.payload))]),
    })
}

fn explained(error: NodeError) -> NodeError {
    if error.message != "invalid signature" {
        return error;
    }
    NodeError::new("The JWT token can't be verified")
        .described("Be sure that the provided JWT token is correctly encoded and matches the selected credentials")
}

/// What a new token says. Fields of the form keep their own names, as in n8n: `audience` does not become `aud`.
fn claims(context: &mut Context<'_>, at: usize) -> Result<Object, NodeError> {
    let given = match context.flag("useJson", at)? {
        true => context.get("claimsJson", at)?,
        false => context.get("claims", at)?,
    };
    let read = match given {
        Value::String(text) => value::parse(&text).map_err(|_| {
            NodeError::new(format!("The 'JSON Output' in item {at} contains invalid JSON")).described(text.to_string())
        })?,
        other => other.into_json(),
    };
    match read {
        Value::Object(object) => Ok(Object::clone(&object)),
        _ => Err(NodeError::new(format!("The 'JSON Output' in item {at} does not contain a valid JSON object"))),
    }
}
