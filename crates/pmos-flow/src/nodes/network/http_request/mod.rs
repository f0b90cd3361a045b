//! HTTP Request: versions 1 and 2 with their older parameters, and 3 to 4.4.

mod answer;
mod current;
mod old;
mod pages;
mod properties;

use crate::item::Item;
use crate::node::{BoxFuture, Context, Given, Group, NodeError, NodeType, Run};
use crate::nodes::network::client::{failure, failure_json};
use crate::port::HttpResponse;
use crate::value::Object;

/// Makes requests and gives what is answered.
pub(super) static HTTP_REQUEST: NodeType = NodeType {
    name: "n8n-nodes-base.httpRequest",
    title: "HTTP Request",
    summary: "Makes an HTTP request and returns the response data.",
    group: Group::Network,
    versions: &[1.0, 2.0, 3.0, 4.0, 4.1, 4.2, 4.3, 4.4],
    properties: properties::ALL,
    credentials: &[
        "httpBasicAuth",
        "httpBearerAuth",
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

fn run<'a>(context: &'a mut Context<'_>) -> BoxFuture<'a, Result<Given, NodeError>> {
    Box::pin(async move { if context.version() < 3.0 { old::run(context).await } else { current::run(context).await } })
}

/// What an answer that is a failure gives: an item where the node goes on, else the node's own failure.
fn refused(context: &Context<'_>, response: &HttpResponse, item: usize, parsed: bool) -> Result<Item, NodeError> {
    if context.goes_on() {
        return Ok(Item::new(Object::from_iter([("error", failure_json(response, parsed))])).linked(item));
    }
    Err(failure(response).at_item(item))
}

/// Waits between two batches: before each item that begins one, but for the first.
async fn pause(context: &Context<'_>, item: usize, size: f64, interval_ms: f64) {
    let size = if size >= 1.0 { size as usize } else { 1 };
    if item > 0 && interval_ms > 0.0 && item.is_multiple_of(size) {
        context.ports.clock.sleep(interval_ms as u64).await;
    }
}

fn is_good(response: &HttpResponse) -> bool {
    (200..300).contains(&response.status)
}
