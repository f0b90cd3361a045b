//! The protocol as data: `docs/protocol.json`, from which the UI's types are made, and OpenAPI for the HTTP surface.

use crate::method::{Kind, Method};
use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

/// An event's row: its name, what it tells, and the shape of its payload.
pub struct EventRow {
    /// The name on the wire.
    pub name: &'static str,
    /// What it tells, for a stranger.
    pub doc: &'static str,
    /// The payload's shape.
    pub payload: fn(&mut SchemaGenerator) -> Schema,
}

impl EventRow {
    /// An event whose payload is a `T`.
    pub fn of<T: JsonSchema>(name: &'static str, doc: &'static str) -> Self {
        Self { name, doc, payload: |generator| generator.subschema_for::<T>() }
    }
}

/// The protocol: methods, events and the shapes that they share, with a hash by which a client knows its version.
pub fn describe(methods: &[Method], events: &[EventRow]) -> Value {
    // Results are described as they are written, parameters as they are read: a field with a default is required in
    // one and optional in the other.
    let mut written = SchemaSettings::draft2020_12().for_serialize().into_generator();
    let mut read = SchemaSettings::draft2020_12().into_generator();
    let rows: Map<String, Value> = methods
        .iter()
        .map(|method| {
            let row = json!({
                "kind": match method.kind { Kind::Read => "read", Kind::Write => "write", Kind::Call => "call" },
                "level": method.level.as_str(),
                "own": method.own,
                "scope": method.scope().map(pmos_kit::role::ScopeName::as_str),
                "limit": { "burst": method.limit.burst, "periodMs": method.limit.period_ms },
                "agents": match method.agents { crate::Agents::Never => "never", crate::Agents::Ask => "ask", crate::Agents::Grant => "grant" },
                "doc": unindent(method.doc),
                "params": (method.schemas.params)(&mut read),
                "result": (method.schemas.result)(&mut written),
            });
            (method.name.to_owned(), row)
        })
        .collect();
    let told: Map<String, Value> = events
        .iter()
        .map(|event| (event.name.to_owned(), json!({ "doc": event.doc, "payload": (event.payload)(&mut written) })))
        .collect();
    let mut shapes = read.take_definitions(true);
    shapes.extend(written.take_definitions(true));
    let mut protocol = json!({ "methods": rows, "events": told, "$defs": shapes });
    let hash = pmos_kit::token::hex(&Sha256::digest(protocol.to_string().as_bytes())[..8]);
    protocol["hash"] = hash.into();
    protocol
}

/// OpenAPI 3.1 of `POST /api/v1/call/{method}`, from the described protocol.
pub fn openapi(protocol: &Value, version: &str) -> Value {
    let mut paths = Map::new();
    for (name, row) in protocol["methods"].as_object().into_iter().flatten() {
        let doc = row["doc"].as_str().unwrap_or_default();
        let summary = doc.split(['.', '\n']).next().unwrap_or_default();
        let mut operation = json!({
            "operationId": name,
            "tags": [name.split('.').next().unwrap_or_default()],
            "summary": summary,
            "description": format!("{doc}\n\nLevel: `{}`.", row["level"].as_str().unwrap_or_default()),
            "requestBody": { "required": true, "content": { "application/json": { "schema": moved(&row["params"]) } } },
            "responses": {
                "200": { "description": "The result", "content": { "application/json": { "schema": moved(&row["result"]) } } },
                "default": { "$ref": "#/components/responses/Error" },
            },
        });
        if row["level"] == "anyone" {
            operation["security"] = json!([]);
        }
        paths.insert(format!("/api/v1/call/{name}"), json!({ "post": operation }));
    }
    json!({
        "openapi": "3.1.0",
        "info": { "title": "PMOS", "version": version, "license": { "name": "Apache-2.0", "identifier": "Apache-2.0" },
            "description": "Every method of the gateway, over HTTP. The same rows serve the WebSocket." },
        "security": [{ "key": [] }, { "cookie": [] }],
        "paths": paths,
        "components": {
            "schemas": moved(&protocol["$defs"]),
            "responses": { "Error": { "description": "What went wrong, and what to do", "content": { "application/json": { "schema": error_shape() } } } },
            "securitySchemes": {
                "key": { "type": "http", "scheme": "bearer", "description": "An API key: `pmos_live_…`" },
                "cookie": { "type": "apiKey", "in": "cookie", "name": "pmos_session", "description": "A browser's session, with the headers Pmos-Workspace and Pmos-Csrf" },
            },
        },
    })
}

fn error_shape() -> Value {
    json!({
        "type": "object", "required": ["error"],
        "properties": { "error": {
            "type": "object", "required": ["code", "message", "requestId"],
            "properties": {
                "code": { "enum": ["UNAUTHENTICATED", "FORBIDDEN", "NOT_FOUND", "INVALID_REQUEST", "CONFLICT", "RATE_LIMITED", "QUOTA_EXCEEDED", "UNAVAILABLE", "INTERNAL"] },
                "message": { "type": "string" }, "requestId": { "type": "string" }, "details": {},
                "retryable": { "type": "boolean" }, "retryAfterMs": { "type": "integer" },
            },
        } },
    })
}

/// The same shape with references into OpenAPI's components.
fn moved(shape: &Value) -> Value {
    match shape {
        Value::String(text) => text.replace("#/$defs/", "#/components/schemas/").into(),
        Value::Array(items) => items.iter().map(moved).collect(),
        Value::Object(fields) => fields.iter().map(|(key, value)| (key.clone(), moved(value))).collect(),
        other => other.clone(),
    }
}

/// Doc comments keep the blank behind `///`.
fn unindent(doc: &str) -> String {
    doc.lines().map(|line| line.strip_prefix(' ').unwrap_or(line)).collect::<Vec<_>>().join("\n").trim().to_owned()
}
