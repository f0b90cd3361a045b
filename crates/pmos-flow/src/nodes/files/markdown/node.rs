//! The node Markdown.

use super::block::{Dialect, html};
use super::from_html::{Style, markdown};
use crate::node::{Context, Given, Group, NodeError, NodeType, Property, Run, Shown};
use crate::nodes::files::{fields::set_path, html::Dom};
use crate::value::{Object, Value};

const TO_HTML: &[Shown] = &[Shown::is("mode", &["markdownToHtml"])];
const TO_MARKDOWN: &[Shown] = &[Shown::is("mode", &["htmlToMarkdown"])];

pub(in crate::nodes::files) static MARKDOWN: NodeType = NodeType {
    name: "n8n-nodes-base.markdown",
    title: "Markdown",
    summary: "Turns Markdown into HTML, and HTML into Markdown.",
    group: Group::Files,
    properties: &[
        Property::options("mode", "htmlToMarkdown", &["markdownToHtml", "htmlToMarkdown"]),
        Property::text("html").when(TO_MARKDOWN).required(),
        Property::text("markdown").when(TO_HTML).required(),
        Property::text("destinationKey").or("data").required(),
        Property::collection(
            "options",
            &[
                Property::text("bulletMarker").or("*"),
                Property::text("codeFence").or("```"),
                Property::text("emDelimiter").or("_"),
                Property::text("strongDelimiter").or("**"),
                Property::options("codeBlockStyle", "fence", &["fence", "indented"]),
                Property::text("ignore"),
                Property::text("blockElements"),
                Property::bool("keepDataImages", false),
                Property::number("maxConsecutiveNewlines", 3.0),
                Property::bool("useLinkReferenceDefinitions", false),
            ],
        )
        .when(TO_MARKDOWN),
        Property::collection(
            "options",
            &[
                Property::bool("completeHTMLDocument", false),
                Property::bool("customizedHeaderId", false),
                Property::bool("disableForced4SpacesIndentedSublists", false),
                Property::bool("ghCodeBlocks", true),
                Property::bool("ghCompatibleHeaderId", false),
                Property::bool("ghMentions", false),
                Property::text("ghMentionsLink").or("https://github.com/{u}"),
                Property::number("headerLevelStart", 1.0),
                Property::bool("literalMidWordAsterisks", false),
                Property::bool("literalMidWordUnderscores", false),
                Property::bool("noHeaderId", false),
                Property::bool("openLinksInNewWindow", false),
                Property::bool("parseImgDimensions", false),
                Property::text("prefixHeaderId").or("section"),
                Property::bool("requireSpaceBeforeHeadingText", false),
                Property::bool("simpleLineBreaks", false),
                Property::bool("simplifiedAutoLink", false),
                Property::bool("strikethrough", false),
                Property::bool("tables", false),
                Property::bool("tablesHeaderId", false),
                Property::bool("tasklists", false),
            ],
        )
        .when(TO_HTML),
    ],
    run: Run::Pure(run),
    ..NodeType::BASE
};

/// More is no text that a person wrote.
const LONGEST: usize = 16 << 20;

fn run(context: &mut Context<'_>) -> Result<Given, NodeError> {
    context.each(|context, at, item| {
        let to_html = &*context.text("mode", at)? == "markdownToHtml";
        let source = context.text(if to_html { "markdown" } else { "html" }, at)?;
        let destination = context.text("destinationKey", at)?;
        let options = context.get("options", at)?;
        if source.len() > LONGEST {
            return Err(NodeError::new("The text is too long"));
        }
        let made =
            if to_html { html(&source, &dialect(&options)) } else { markdown(&Dom::parse(&source)?, &style(&options)) };
        let mut json = Object::clone(&item.json);
        set_path(&mut json, &destination, Value::from(made));
        Ok(vec![crate::item::Item::new(json)])
    })
}

fn style(options: &Value) -> Style {
    let text = |key: &str, default: &str| options.get(key).as_str().unwrap_or(default).to_owned();
    let names = |key: &str| {
        let list = options.get(key).as_str().unwrap_or_default();
        list.split(',').map(|name| name.trim().to_lowercase()).filter(|name| !name.is_empty()).collect()
    };
    Style {
        bullet: text("bulletMarker", "*"),
        fence: text("codeFence", "```"),
        emphasis: text("emDelimiter", "_"),
        strong: text("strongDelimiter", "**"),
        indented_code: options.get("codeBlockStyle").as_str() == Some("indented"),
        keep_data_images: options.get("keepDataImages").is_truthy(),
        references: options.get("useLinkReferenceDefinitions").is_truthy(),
        most_new_lines: options.get("maxConsecutiveNewlines").as_number().unwrap_or(3.0) as usize,
        ignored: names("ignore"),
        blocks: names("blockElements"),
    }
}

fn dialect(options: &Value) -> Dialect {
    let flag = |key: &str| options.get(key).is_truthy();
    Dialect {
        document: flag("completeHTMLDocument"),
        custom_ids: flag("customizedHeaderId"),
        no_ids: flag("noHeaderId"),
        github_ids: flag("ghCompatibleHeaderId"),
        prefix: options.get("prefixHeaderId").as_str().unwrap_or_default().to_owned(),
        first_level: options.get("headerLevelStart").as_number().unwrap_or(1.0) as usize,
        fences: options.get("ghCodeBlocks").as_bool() != Some(false),
        mentions: flag("ghMentions")
            .then(|| options.get("ghMentionsLink").as_str().unwrap_or("https://github.com/{u}").to_owned()),
        image_sizes: flag("parseImgDimensions"),
        bare_links: flag("simplifiedAutoLink"),
        new_window: flag("openLinksInNewWindow"),
        literal_underscores: flag("literalMidWordUnderscores"),
        literal_asterisks: flag("literalMidWordAsterisks"),
        space_after_hashes: flag("requireSpaceBeforeHeadingText"),
        breaks: flag("simpleLineBreaks"),
        strikethrough: flag("strikethrough"),
        tables: flag("tables"),
        table_ids: flag("tablesHeaderId"),
        tasks: flag("tasklists"),
        small_indents: flag("disableForced4SpacesIndentedSublists"),
    }
}
