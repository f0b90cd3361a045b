//! Feeds of all kinds as entries with the fields that n8n gives them: RSS 0.9, 1 and 2, and Atom.

use super::text::{content, iso_date, snippet};
use crate::node::NodeError;
use crate::nodes::files::xml;
use crate::value::{Object, Str, Value};

/// The entries of a feed. `custom` names fields to take over besides.
pub(super) fn entries(document: &str, custom: &[Str]) -> Result<Vec<Object>, NodeError> {
    let feed = xml::parse(document)?;
    if feed.is_nullish() {
        return Err(NodeError::new("Unable to parse XML."));
    }
    if feed.get("feed").as_object().is_some() || feed.get("feed").as_str().is_some() {
        return Ok(children(feed.get("feed"), "entry").iter().map(|entry| atom(entry, custom)).collect());
    }
    let rss = feed.get("rss");
    let version = rss.get("$").get("version").as_str().unwrap_or_default();
    if version.starts_with('2') || version.contains("0.9") {
        let channel = first(rss, "channel");
        let podcasts = version.starts_with('2') && !rss.get("$").get("xmlns:itunes").is_undefined();
        return Ok(children(&channel, "item").iter().map(|item| entry(item, custom, podcasts)).collect());
    }
    if feed.get("rdf:RDF").as_object().is_some() {
        return Ok(children(feed.get("rdf:RDF"), "item").iter().map(|item| entry(item, custom, false)).collect());
    }
    Err(NodeError::new("Feed not recognized as RSS 1 or 2."))
}

fn children<'v>(parent: &'v Value, name: &str) -> &'v [Value] {
    parent.get(name).as_array().unwrap_or_default()
}

fn first(parent: &Value, name: &str) -> Value {
    children(parent, name).first().cloned().unwrap_or_default()
}

/// What is taken over from an entry of RSS, and what it is called. A later name wins.
static FIELDS: &[(&str, &str)] = &[
    ("author", "creator"),
    ("dc:creator", "creator"),
    ("dc:date", "date"),
    ("dc:language", "language"),
    ("dc:rights", "rights"),
    ("dc:source", "source"),
    ("dc:title", "title"),
    ("title", "title"),
    ("link", "link"),
    ("pubDate", "pubDate"),
    ("author", "author"),
    ("summary", "summary"),
    ("content:encoded", "content:encoded"),
    ("enclosure", "enclosure"),
    ("dc:creator", "dc:creator"),
    ("dc:date", "dc:date"),
    ("comments", "comments"),
];

static PODCAST: &[&str] =
    &["author", "subtitle", "summary", "explicit", "duration", "image", "episode", "season", "keywords", "episodeType"];

/// Takes the first child of a name over, by its text where it has some.
fn take(from: &Value, name: &str, to: &mut Object, called: &str) {
    let Some(value) = children(from, name).first() else { return };
    let text = value.get("_");
    to.insert(called, if text.as_str().is_some() { text.clone() } else { value.clone() });
}

fn entry(item: &Value, custom: &[Str], podcasts: bool) -> Object {
    let mut entry = Object::new();
    for field in custom {
        take(item, field, &mut entry, field);
    }
    for (name, called) in FIELDS {
        take(item, name, &mut entry, called);
        if *name == "content:encoded" {
            let short = entry.get(name).and_then(Value::as_str).filter(|text| !text.is_empty()).map(snippet);
            if let Some(short) = short {
                entry.insert("content:encodedSnippet", short.into());
            }
        }
    }
    if let Some(enclosure) = children(item, "enclosure").first() {
        entry.insert("enclosure", enclosure.get("$").clone());
    }
    if let Some(description) = children(item, "description").first() {
        let text = content(description);
        entry.insert("content", text.as_str().into());
        entry.insert("contentSnippet", snippet(&text).into());
    }
    take(item, "guid", &mut entry, "guid");
    let about = item.get("$").get("rdf:about");
    if about.is_truthy() {
        entry.insert("rdf:about", about.clone());
    }
    if !item.get("category").is_undefined() {
        entry.insert("categories", item.get("category").clone());
    }
    let date = ["pubDate", "date"]
        .into_iter()
        .find_map(|name| entry.get(name).and_then(Value::as_str).filter(|text| !text.is_empty()));
    if let Some(date) = date.and_then(iso_date) {
        entry.insert("isoDate", date.into());
    }
    if podcasts {
        entry.insert("itunes", podcast(item).into());
    }
    entry
}

fn podcast(item: &Value) -> Object {
    let mut fields = Object::new();
    for name in PODCAST {
        take(item, &format!("itunes:{name}"), &mut fields, name);
    }
    let image = first(item, "itunes:image");
    let address = image.get("$").get("href");
    if address.is_truthy() {
        fields.insert("image", address.clone());
    }
    fields
}

fn atom(item: &Value, custom: &[Str]) -> Object {
    let mut entry = Object::new();
    for field in custom {
        take(item, field, &mut entry, field);
    }
    let title = first(item, "title");
    let title = if title.get("_").is_truthy() { title.get("_").clone() } else { title };
    if title.is_truthy() {
        entry.insert("title", title);
    }
    if let Some(link) = link(children(item, "link")) {
        entry.insert("link", link);
    }
    let date = |name: &str| first(item, name).as_str().filter(|text| !text.is_empty()).and_then(iso_date);
    if let Some(date) = date("published").or_else(|| date("updated")) {
        entry.insert("pubDate", date.into());
    }
    let author = first(&first(item, "author"), "name");
    if !author.is_undefined() {
        entry.insert("author", author);
    }
    if let Some(body) = children(item, "content").first() {
        let text = content(body);
        entry.insert("content", text.as_str().into());
        entry.insert("contentSnippet", snippet(&text).into());
    }
    if let Some(summary) = children(item, "summary").first() {
        entry.insert("summary", content(summary).into());
    }
    if let Some(id) = children(item, "id").first() {
        entry.insert("id", id.clone());
    }
    if let Some(date) = entry.get("pubDate").cloned() {
        entry.insert("isoDate", date);
    }
    entry
}

/// The address of the page itself among the links of an entry, else the first.
fn link(links: &[Value]) -> Option<Value> {
    let page = links.iter().find(|link| link.get("$").get("rel").as_str() == Some("alternate"));
    page.or_else(|| links.first()).map(|link| link.get("$").get("href").clone()).filter(|link| !link.is_undefined())
}

#[cfg(test)]
mod tests {
    use super::entries;
    use crate::value::{Value, to_string};

    fn first(document: &str) -> String {
        to_string(&Value::from(entries(document, &["x".into()]).unwrap().remove(0)))
    }

    #[test]
    fn rss_2_gives_its_fields() {
        let feed = r#"<rss version="2.0"><channel><title>F</title><item><title>A</title><link>http://a/</link><x>1</x><category>c</category>
            <description><![CDATA[<p>One</p><p>Two &amp; 3</p>]]></description><guid isPermaLink="false">g</guid>
            <enclosure url="u" type="t"/><pubDate>Thu, 09 Feb 2023 13:40:00 GMT</pubDate></item></channel></rss>"#;
        assert_eq!(
            first(feed),
            r#"{"x":"1","title":"A","link":"http://a/","pubDate":"Thu, 09 Feb 2023 13:40:00 GMT","enclosure":{"url":"u","type":"t"},"content":"<p>One</p><p>Two &amp; 3</p>","contentSnippet":"One\nTwo & 3","guid":"g","categories":["c"],"isoDate":"2023-02-09T13:40:00.000Z"}"#
        );
    }

    #[test]
    fn atom_gives_its_fields() {
        let feed = r#"<feed xmlns="http://www.w3.org/2005/Atom"><entry><title type="html">A</title><link rel="self" href="s"/>
            <link rel="alternate" href="p"/><id>i</id><updated>2023-02-09T14:40:00+01:00</updated><author><name>N</name></author>
            <content type="html">&lt;b&gt;B&lt;/b&gt;</content></entry></feed>"#;
        assert_eq!(
            first(feed),
            r#"{"title":"A","link":"p","pubDate":"2023-02-09T13:40:00.000Z","author":"N","content":"<b>B</b>","contentSnippet":"B","id":"i","isoDate":"2023-02-09T13:40:00.000Z"}"#
        );
    }

    #[test]
    fn what_is_no_feed_is_said_to_be_none() {
        assert_eq!(entries("<html/>", &[]).unwrap_err().message, "Feed not recognized as RSS 1 or 2.");
        assert!(entries("", &[]).is_err() && entries("no", &[]).is_err());
    }
}
