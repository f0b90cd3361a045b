//! RSS Read: the entries of a feed.

mod feed;
mod text;

use super::client::{Auth, Draft, decode, send};
use crate::item::{Item, Links};
use crate::node::{BoxFuture, Context, Given, Group, NodeError, NodeType, Property, Run};
use crate::value::Str;

/// Reads a feed.
pub(super) static RSS_FEED_READ: NodeType = NodeType {
    name: "n8n-nodes-base.rssFeedRead",
    title: "RSS Read",
    summary: "Reads data from an RSS or Atom feed.",
    group: Group::Network,
    versions: &[1.0, 1.1, 1.2],
    properties: &[
        Property::text("url").required(),
        Property::collection("options", &[Property::text("customFields"), Property::bool("ignoreSSL", false)]),
    ],
    run: Run::Effect(run),
    ..NodeType::BASE
};

const FEEDS: &str =
    "application/rss+xml, application/rdf+xml;q=0.8, application/atom+xml;q=0.6, application/xml;q=0.4, text/xml;q=0.4";
const REDIRECTS: u32 = 5;

fn run<'a>(context: &'a mut Context<'_>) -> BoxFuture<'a, Result<Given, NodeError>> {
    Box::pin(async move {
        let count = context.items().len();
        // Version 1 reads one feed, whatever comes in, and its entries come from all of that.
        let at_once = context.version() < 1.1;
        let mut given: Vec<Item> = Vec::new();
        for item in 0..if at_once { count.min(1) } else { count } {
            let links =
                |made: Item| if at_once { Item { links: Links::to_all(0..count), ..made } } else { made.linked(item) };
            match read(context, item).await {
                Ok(entries) => given.extend(entries.into_iter().map(links)),
                Err(error) => given.push(links(context.failed(error, item)?)),
            }
        }
        Ok(given.into())
    })
}

async fn read(context: &mut Context<'_>, item: usize) -> Result<Vec<Item>, NodeError> {
    let url = context.text("url", item)?;
    if url.is_empty() {
        return Err(NodeError::new("The parameter \"URL\" has to be set!"));
    }
    let is_address = url::Url::parse(&url).is_ok_and(|url| matches!(url.scheme(), "http" | "https"));
    if !is_address {
        return Err(NodeError::new("The provided \"URL\" is not valid!"));
    }
    let options = context.get("options", item)?;
    let mut draft = Draft {
        method: "GET".into(),
        url: url.to_string(),
        redirects: REDIRECTS,
        allow_unauthorized_certs: options.get("ignoreSSL").is_truthy(),
        ..Draft::default()
    };
    draft.set_header("User-Agent", "rss-parser");
    draft.set_header("Accept", if context.version() >= 1.2 { FEEDS } else { "application/rss+xml" });
    let response = send(context, item, 0, &draft, &mut Auth::None).await?;
    if response.status >= 300 {
        return Err(NodeError::new(format!("Status code {}", response.status)));
    }
    let custom: Vec<Str> = match options.get("customFields").as_str() {
        Some(fields) => fields.split(',').map(str::trim).filter(|field| !field.is_empty()).map(Str::from).collect(),
        None => Vec::new(),
    };
    let document = decode(&response.body, response.header("content-type").unwrap_or_default());
    let entries = feed::entries(document.trim_start_matches('\u{feff}').trim_start(), &custom)?;
    Ok(entries.into_iter().map(Item::new).collect())
}
