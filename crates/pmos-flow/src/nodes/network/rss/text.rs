//! Texts of feeds: content as markup, its first impression without markup, dates.

use crate::nodes::files::xml::entity;
use crate::value::{Object, Value};
use jiff::civil::{Date, DateTime};
use jiff::fmt::rfc2822;
use jiff::{Timestamp, tz::TimeZone};

/// Content: its text, or the elements that stand for it, within a `div`.
pub(super) fn content(value: &Value) -> String {
    match value {
        Value::Object(object) => match object.get("_").and_then(Value::as_str) {
            Some(text) => text.to_owned(),
            None => {
                let mut markup = String::new();
                write(&mut markup, "div", value, 0);
                markup
            }
        },
        value => value.to_text().to_string(),
    }
}

/// Elements nest no deeper than the reader lets them.
const DEEPEST: usize = 256;

fn write(markup: &mut String, name: &str, value: &Value, depth: usize) {
    let fields = value.as_object().cloned().unwrap_or_else(|| Object::from_iter([("_", Value::from(value.to_text()))]));
    markup.push('<');
    markup.push_str(name);
    for (name, value) in fields.get("$").and_then(Value::as_object).into_iter().flat_map(Object::iter) {
        markup.push_str(&format!(" {name}=\"{}\"", escaped(&value.to_text())));
    }
    let before = markup.len();
    markup.push('>');
    for (name, values) in fields.iter().filter(|(name, _)| ***name != *"$") {
        if **name == *"_" {
            markup.push_str(&escaped(&values.to_text()));
        }
        for child in values.as_array().unwrap_or_default().iter().filter(|_| depth < DEEPEST) {
            write(markup, name, child, depth + 1);
        }
    }
    if markup.len() == before + 1 {
        markup.truncate(before);
        markup.push_str("/>");
    } else {
        markup.push_str(&format!("</{name}>"));
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// Tags that end a line.
const BLOCKS: &[&str] = &["h", "br", "p", "ul", "ol", "li", "blockquote", "section", "table", "tr", "div"];

/// The text of some markup: without tags, with a line break where one block follows another.
pub(super) fn snippet(markup: &str) -> String {
    let mut text = String::with_capacity(markup.len());
    let mut rest = markup;
    while let Some((before, after)) = rest.split_once('<') {
        let Some((tag, after)) = after.split_once('>') else { break };
        text.push_str(before);
        let name = tag.trim_start_matches('/');
        let ends_line = BLOCKS.iter().any(|block| name.starts_with(block));
        if ends_line && !text.is_empty() && !text.ends_with('\n') && !after.is_empty() && !after.starts_with('\n') {
            text.push('\n');
        }
        rest = after;
    }
    text.push_str(rest);
    without_entities(&text).trim().to_owned()
}

fn without_entities(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('&') {
        plain.push_str(before);
        let meant = after.split_once(';').and_then(|(name, after)| Some((entity(name)?, after)));
        match meant {
            Some((meant, after)) => {
                plain.push_str(&meant);
                rest = after;
            }
            None => {
                plain.push('&');
                rest = after;
            }
        }
    }
    plain + rest
}

/// A date as `2023-02-09T13:40:00.000Z`; nothing for what is none.
pub(super) fn iso_date(text: &str) -> Option<String> {
    let text = text.trim();
    let moment = rfc2822::DateTimeParser::new()
        .relaxed_weekday(true)
        .parse_timestamp(text)
        .or_else(|_| text.parse::<Timestamp>())
        // Without a zone a date is one of UTC.
        .or_else(|_| {
            text.parse::<DateTime>()
                .or_else(|_| text.parse::<Date>().map(DateTime::from))?
                .to_zoned(TimeZone::UTC)
                .map(|at| at.timestamp())
        })
        .ok()?;
    Some(moment.strftime("%Y-%m-%dT%H:%M:%S%.3fZ").to_string())
}

#[cfg(test)]
mod tests {
    use super::{iso_date, snippet};

    #[test]
    fn dates_of_feeds_are_understood() {
        for text in [
            "Thu, 09 Feb 2023 13:40:00 GMT",
            "Thu, 09 Feb 2023 14:40:00 +0100",
            "2023-02-09T13:40:00Z",
            "2023-02-09T13:40:00.000+00:00",
            "2023-02-09T13:40:00",
        ] {
            assert_eq!(iso_date(text).as_deref(), Some("2023-02-09T13:40:00.000Z"), "{text}");
        }
        assert_eq!(iso_date("2023-02-09").as_deref(), Some("2023-02-09T00:00:00.000Z"));
        assert_eq!(iso_date("yesterday"), None);
    }

    #[test]
    fn snippets_have_no_markup() {
        assert_eq!(snippet("<p>a</p><p>b</p>"), "a\nb");
        assert_eq!(snippet("1 &lt; 2 &amp; <b>x</b>&hellip; &unknown;"), "1 < 2 & x… &unknown;");
    }
}
