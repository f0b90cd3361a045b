//! Triggers: what starts a workflow brings the items, and the trigger passes them on.

use crate::item::Item;
use crate::node::{Context, Given, Group, Kind, NodeError, NodeType, Property, Run, Shown};
use crate::value::{self, Object, Str, Value};

const fn trigger(
    name: &'static str,
    title: &'static str,
    summary: &'static str,
    versions: &'static [f64],
    properties: &'static [Property],
) -> NodeType {
    NodeType { name, title, summary, group: Group::Trigger, versions, properties, ..NodeType::BASE }
}

/// Starts by hand.
pub(super) static MANUAL: NodeType = trigger(
    "n8n-nodes-base.manualTrigger",
    "Manual Trigger",
    "Starts the workflow when a person runs it.",
    &[1.0],
    &[],
);

/// Starts by hand, in old files.
pub(super) static START: NodeType =
    trigger("n8n-nodes-base.start", "Start", "Starts the workflow when a person runs it.", &[1.0], &[]);

/// Starts when another workflow fails.
pub(super) static ERROR: NodeType =
    trigger("n8n-nodes-base.errorTrigger", "Error Trigger", "Starts the workflow when another one fails.", &[1.0], &[]);

/// Starts when something happens to the instance.
pub(super) static INSTANCE: NodeType = trigger(
    "n8n-nodes-base.n8nTrigger",
    "Instance Trigger",
    "Starts the workflow when the instance starts or the workflow is switched on.",
    &[1.0],
    &[Property::of("events", Kind::Several(&["init", "activate", "update"]))],
);

/// Starts when something happens to the workflow.
pub(super) static WORKFLOW: NodeType = trigger(
    "n8n-nodes-base.workflowTrigger",
    "Workflow Trigger",
    "Starts the workflow when it is switched on or changed.",
    &[1.0],
    &[Property::of("events", Kind::Several(&["activate", "update"]))],
);

/// Starts for each row of a test.
pub(super) static EVALUATION: NodeType = trigger(
    "n8n-nodes-base.evaluationTrigger",
    "Evaluation Trigger",
    "Starts the workflow for each row of a set of tests.",
    &[4.6, 4.7],
    &[
        Property::options("source", "dataTable", &["dataTable", "googleSheets"]),
        Property::of("dataTableId", Kind::Resource),
        Property::of("documentId", Kind::Resource),
        Property::of("sheetName", Kind::Resource),
        Property::bool("limitRows", false),
        Property::number("maxRows", 10.0),
    ],
);

const METHODS: &[&str] = &["DELETE", "GET", "HEAD", "PATCH", "POST", "PUT"];

/// Starts by a request.
pub(super) static WEBHOOK: NodeType = NodeType {
    credentials: &["httpBasicAuth", "httpHeaderAuth", "jwtAuth"],
    outputs: |node| match node.parameters.get("httpMethod") {
        Some(Value::Array(methods)) if node.parameters.get("multipleMethods").is_some_and(Value::is_truthy) => {
            methods.len().max(1)
        }
        _ => 1,
    },
    ..trigger(
        "n8n-nodes-base.webhook",
        "Webhook",
        "Starts the workflow when a request arrives.",
        &[1.0, 1.1, 2.0, 2.1],
        &[
            Property::bool("multipleMethods", false),
            Property::options("httpMethod", "GET", METHODS),
            Property::text("path"),
            Property::options("authentication", "none", &["basicAuth", "headerAuth", "jwtAuth", "none"]),
            Property::options("responseMode", "onReceived", &["onReceived", "lastNode", "responseNode", "streaming"]),
            Property::number("responseCode", 200.0).until(1.9).when(&[Shown::not("responseMode", &["responseNode"])]),
            Property::options(
                "responseData",
                "firstEntryJson",
                &["allEntries", "firstEntryJson", "firstEntryBinary", "noData"],
            )
            .when(&[Shown::is("responseMode", &["lastNode"])]),
            Property::text("responseBinaryPropertyName").or("data"),
            Property::collection(
                "options",
                &[
                    Property::bool("binaryData", false),
                    Property::text("binaryPropertyName").or("data"),
                    Property::bool("ignoreBots", false),
                    Property::text("ipWhitelist"),
                    Property::bool("noResponseBody", false),
                    Property::bool("rawBody", false),
                    Property::text("responseData"),
                    Property::text("responseContentType"),
                    Property::text("responsePropertyName").or("data"),
                    Property::groups(
                        "responseHeaders",
                        &[("entries", &[Property::text("name"), Property::text("value")])],
                    ),
                    Property::of("responseCode", Kind::Any),
                ],
            ),
        ],
    )
};

const FORM_FIELD: &[Property] = &[
    Property::text("fieldName"),
    Property::text("fieldLabel"),
    Property::options(
        "fieldType",
        "text",
        &[
            "checkbox",
            "html",
            "date",
            "dropdown",
            "email",
            "file",
            "hiddenField",
            "number",
            "password",
            "radio",
            "text",
            "textarea",
        ],
    ),
    Property::text("elementName"),
    Property::text("placeholder"),
    Property::text("defaultValue"),
    Property::groups("fieldOptions", &[("values", &[Property::text("option")])]),
    Property::bool("multiselect", false),
    Property::bool("multipleFiles", true),
    Property::text("acceptFileTypes"),
    Property::text("formatDate"),
    Property::text("html"),
    Property::text("fieldValue"),
    Property::bool("requiredField", false),
];

/// The fields of a form.
pub(super) const FORM_FIELDS: Property = Property::groups("formFields", &[("values", FORM_FIELD)]);

/// Starts by a form.
pub(super) static FORM: NodeType = NodeType {
    credentials: &["httpBasicAuth"],
    ..trigger(
        "n8n-nodes-base.formTrigger",
        "Form Trigger",
        "Shows a form, and starts the workflow with what was filled in.",
        &[1.0, 2.0, 2.1, 2.2, 2.3],
        &[
            Property::options("authentication", "none", &["basicAuth", "none"]).since(2.0),
            Property::text("path"),
            Property::text("formTitle").required(),
            Property::text("formDescription"),
            FORM_FIELDS,
            Property::options("responseMode", "onReceived", &["onReceived", "lastNode", "responseNode"]),
            Property::collection(
                "options",
                &[
                    Property::bool("appendAttribution", true),
                    Property::text("buttonLabel").or("Submit"),
                    Property::text("path"),
                    Property::group(
                        "respondWithOptions",
                        &[(
                            "values",
                            &[
                                Property::text("respondWith").or("text"),
                                Property::text("formSubmittedText"),
                                Property::text("redirectUrl"),
                            ],
                        )],
                    ),
                    Property::bool("ignoreBots", false),
                    Property::bool("useWorkflowTimezone", true),
                    Property::text("customCss"),
                ],
            ),
        ],
    )
};

/// Starts by a message of a chat.
pub(super) static CHAT: NodeType = NodeType {
    credentials: &["httpBasicAuth"],
    ..trigger(
        "@n8n/n8n-nodes-langchain.chatTrigger",
        "Chat Trigger",
        "Starts the workflow for each message of a chat.",
        &[1.0, 1.1, 1.2, 1.3, 1.4],
        &[
            Property::bool("public", false),
            Property::options("mode", "hostedChat", &["hostedChat", "webhook"]),
            Property::options("authentication", "none", &["basicAuth", "n8nUserAuth", "none"]),
            Property::text("initialMessages"),
            Property::of("options", Kind::Any),
        ],
    )
};

/// Starts by a message of a chat, in old files.
pub(super) static MANUAL_CHAT: NodeType = trigger(
    "@n8n/n8n-nodes-langchain.manualChatTrigger",
    "Manual Chat Trigger",
    "Starts the workflow for a message that a person writes in the editor.",
    &[1.0, 1.1],
    &[],
);

const FIELD_TYPES: &[&str] = &["any", "array", "boolean", "number", "object", "string"];

/// Starts when another workflow calls.
pub(super) static CALLED: NodeType = NodeType {
    run: Run::Pure(called),
    ..trigger(
        "n8n-nodes-base.executeWorkflowTrigger",
        "Execute Workflow Trigger",
        "Starts the workflow when another one calls it.",
        &[1.0, 1.1],
        &[
            Property::options("events", "worklfow_call", &["worklfow_call"]).until(1.0),
            Property::options("inputSource", "workflowInputs", &["jsonExample", "workflowInputs", "passthrough"])
                .since(1.1),
            Property::of("jsonExample", Kind::Json)
                .or("{}")
                .since(1.1)
                .when(&[Shown::is("inputSource", &["jsonExample"])]),
            Property::groups(
                "workflowInputs",
                &[("values", &[Property::text("name"), Property::options("type", "string", FIELD_TYPES)])],
            )
            .since(1.1)
            .when(&[Shown::is("inputSource", &["workflowInputs"])]),
        ],
    )
};

/// Only the fields that the workflow says it takes, null where one is missing.
fn called(context: &mut Context<'_>) -> Result<Given, NodeError> {
    let fields: Vec<Str> = match (context.version() >= 1.1, &*context.text("inputSource", 0)?) {
        (true, "workflowInputs") => {
            let inputs = context.get("workflowInputs.values", 0)?;
            inputs.as_array().unwrap_or_default().iter().map(|field| field.get("name").to_text()).collect()
        }
        (true, "jsonExample") => match value::parse(&context.text("jsonExample", 0)?) {
            Ok(Value::Object(example)) => example.keys().cloned().collect(),
            _ => return Err(NodeError::new("The JSON example is no valid JSON object").in_parameter("jsonExample")),
        },
        _ => return Ok(context.pass_on()),
    };
    let item = |item: &Item| {
        let value = |field: &Str| item.json.get(field).cloned().unwrap_or(Value::Null);
        item.with_json(fields.iter().map(|field| (field.clone(), value(field))).collect::<Object>())
    };
    Ok(context.items().iter().enumerate().map(|(at, one)| item(one).linked(at)).collect::<Vec<_>>().into())
}
