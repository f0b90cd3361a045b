//! Markdown: to HTML and from it.

mod block;
mod from_html;
mod inline;
mod list;
mod node;
mod text;

pub(super) use node::MARKDOWN;
