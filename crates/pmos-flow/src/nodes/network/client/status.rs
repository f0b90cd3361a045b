//! What n8n says of answers that are failures.

use super::charset::decode;
use crate::node::NodeError;
use crate::port::HttpResponse;
use crate::value::{self, Object, Value};

/// The sentence for a status.
fn sentence(status: u16) -> &'static str {
    match status {
        400 => "Bad request - please check your parameters",
        401 => "Authorization failed - please check your credentials",
        402 => "Payment required - perhaps check your payment details?",
        403 => "Forbidden - perhaps check your credentials?",
        404 => "The resource you are requesting could not be found",
        405 => "Method not allowed - please check you are using the right HTTP method",
        429 => "The service is receiving too many requests from you",
        500 => "The service was not able to process your request",
        502 => "Bad gateway - the service failed to handle your request",
        503 => {
            "Service unavailable - try again later or consider setting this node to retry automatically (in the node settings)"
        }
        504 => "Gateway timed out - perhaps try again later?",
        status if status / 100 == 4 => "Your request is invalid or could not be processed by the service",
        status if status / 100 == 5 => "The service was not able to process your request",
        _ => "UNKNOWN ERROR - check the detailed error for more information",
    }
}

/// What a node does about too many requests.
const SPACE_OUT: &str = "Try spacing your requests out using the batching settings under 'Options'";

/// An answer that is a failure, as the error of a node.
pub(in crate::nodes::network) fn failure(response: &HttpResponse) -> NodeError {
    let description = match response.status {
        429 => SPACE_OUT.to_owned(),
        _ => said(response).unwrap_or_else(|| words(response, false)),
    };
    NodeError::new(sentence(response.status)).described(description)
}

/// An answer that is a failure, as the field `error` of an item: what a node gives that goes on.
pub(in crate::nodes::network) fn failure_json(response: &HttpResponse, parsed: bool) -> Value {
    let message = if response.status == 429 { SPACE_OUT.to_owned() } else { words(response, parsed) };
    let code = match response.status {
        400..=499 => Some("ERR_BAD_REQUEST"),
        500..=599 => Some("ERR_BAD_RESPONSE"),
        _ => None,
    };
    let mut error = Object::from_iter([("message", Value::from(message)), ("name", "AxiosError".into())]);
    if let Some(code) = code {
        error.insert("code", code.into());
    }
    error.insert("status", usize::from(response.status).into());
    error.into()
}

/// `404 - "not found"`: the status and the body, as JSON where it was read as JSON.
fn words(response: &HttpResponse, parsed: bool) -> String {
    let text = decode(&response.body, response.header("content-type").unwrap_or_default());
    let body = match value::parse(&text) {
        Ok(value) if parsed => value,
        _ => Value::from(text),
    };
    format!("{} - {}", response.status, value::to_string(&body))
}

/// What the service says of the failure, where it says it in a field of that name.
fn said(response: &HttpResponse) -> Option<String> {
    let body = value::parse_bytes(&response.body).ok()?;
    let fields = ["message", "Message", "msg", "description", "detail", "error_description", "reason", "title"];
    [body.get("error"), body.get("err"), &body].into_iter().find_map(|place| match place {
        Value::String(text) => Some(text.to_string()),
        place => fields.into_iter().find_map(|field| place.get(field).as_str()).map(str::to_owned),
    })
}
