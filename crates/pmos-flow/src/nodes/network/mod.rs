//! Nodes that talk to the outside.

mod client;
mod email_send;
mod execute_workflow;
mod graphql;
mod http_request;
pub mod respond;
mod respond_to_webhook;
mod rss;
mod variables;

use crate::node::NodeType;

/// The types of this folder.
pub(super) static TYPES: &[&NodeType] = &[
    &http_request::HTTP_REQUEST,
    &graphql::GRAPHQL,
    &rss::RSS_FEED_READ,
    &respond_to_webhook::RESPOND_TO_WEBHOOK,
    &email_send::EMAIL_SEND,
    &execute_workflow::EXECUTE_WORKFLOW,
];
