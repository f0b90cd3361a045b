//! The pages of the API, made from the protocol: one page for each domain, one for events and one for shapes.
//!
//! They are written once at start and are plain HTML with one style sheet: nothing on them runs.

mod shape;
mod text;

use serde_json::{Map, Value};
use shape::Shapes;
use std::collections::BTreeMap;
use text::{code, escape, paragraphs};

const STYLE: &str = include_str!("style.css");
const SHAPES_PAGE: &str = "/docs/shapes";
const EVENTS_PAGE: &str = "/docs/events";

/// Methods by their domain, the part of their name before the first point.
type Domains<'a> = BTreeMap<&'a str, Vec<(&'a str, &'a Value)>>;

/// Path and content of each page, and of their style sheet.
pub(super) fn files(protocol: &Value, version: &str) -> Vec<(String, String)> {
    let nothing = Map::new();
    let part = |name: &str| protocol[name].as_object().unwrap_or(&nothing);
    let (events, shapes) = (part("events"), Shapes(part("$defs")));
    let mut domains = Domains::new();
    for (name, row) in part("methods") {
        domains.entry(name.split('.').next().unwrap_or(name)).or_default().push((name, row));
    }
    let frame = Frame { domains: &domains, version };
    let mut files = vec![
        ("/docs".to_owned(), frame.page("PMOS API", "/docs", &start(&domains))),
        (EVENTS_PAGE.to_owned(), frame.page("Events", EVENTS_PAGE, &events_page(events, &shapes))),
        (SHAPES_PAGE.to_owned(), frame.page("Shapes", SHAPES_PAGE, &shapes_page(&shapes))),
        ("/docs/style.css".to_owned(), STYLE.to_owned()),
    ];
    for (domain, methods) in &domains {
        let path = path_of(domain);
        let page = frame.page(
            domain,
            &path,
            &methods.iter().map(|(name, row)| method(name, row, &shapes)).collect::<String>(),
        );
        files.push((path, page));
    }
    // Where people land who type a slash too many.
    let start = files[0].1.clone();
    files.push(("/docs/".to_owned(), start));
    files
}

fn path_of(domain: &str) -> String {
    format!("/docs/m/{domain}")
}

/// What all pages have around them.
struct Frame<'a> {
    domains: &'a Domains<'a>,
    version: &'a str,
}

impl Frame<'_> {
    fn page(&self, title: &str, path: &str, body: &str) -> String {
        let mut links = vec![("Start".to_owned(), "/docs".to_owned())];
        links.extend(self.domains.keys().map(|domain| ((*domain).to_owned(), path_of(domain))));
        links.extend([("Events".to_owned(), EVENTS_PAGE.to_owned()), ("Shapes".to_owned(), SHAPES_PAGE.to_owned())]);
        let link = |(name, to): &(String, String)| {
            let current = if to == path { " aria-current=\"page\"" } else { "" };
            format!("<li><a href=\"{to}\"{current}>{}</a></li>", escape(name))
        };
        let links: String = links.iter().map(link).collect();
        let (title, version) = (escape(title), escape(self.version));
        format!(
            "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>{title} · PMOS API</title>\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><meta name=\"color-scheme\" content=\"light dark\">\
             <link rel=\"stylesheet\" href=\"/docs/style.css\"></head><body><a class=\"skip\" href=\"#content\">Skip to content</a>\
             <header><a class=\"home\" href=\"/docs\">PMOS API</a><span>version {version}</span><a href=\"/api/v1/openapi.json\">OpenAPI</a></header>\
             <nav aria-label=\"Domains\"><ul>{links}</ul></nav><main id=\"content\" tabindex=\"-1\"><h1>{title}</h1>{body}</main></body></html>"
        )
    }
}

fn start(domains: &Domains<'_>) -> String {
    let mut page = include_str!("start.html").to_owned();
    for (domain, methods) in domains {
        page += &format!("<h3><a href=\"{}\">{}</a></h3><ul class=\"methods\">", path_of(domain), escape(domain));
        for (name, row) in methods {
            let doc = row["doc"].as_str().unwrap_or_default();
            let summary = doc.split("\n\n").next().unwrap_or_default().replace('\n', " ");
            page += &format!(
                "<li><a href=\"{}#{name}\"><code>{name}</code></a> <span>{}</span></li>",
                path_of(domain),
                text::inline(&summary),
            );
        }
        page += "</ul>";
    }
    page
}

fn method(name: &str, row: &Value, shapes: &Shapes<'_>) -> String {
    let doc = paragraphs(row["doc"].as_str().unwrap_or_default());
    let (params, result) = (shapes.fields(&row["params"]), shapes.fields(&row["result"]));
    let params =
        if params.is_empty() { "<p>None: send <code>{}</code>.</p>".to_owned() } else { table("Parameters", &params) };
    let result =
        if result.is_empty() { format!("<p>{}</p>", shapes.kind(&row["result"])) } else { table("Result", &result) };
    format!(
        "<section aria-labelledby=\"{name}\"><h2 id=\"{name}\"><code>{name}</code></h2><ul class=\"facts\">{}</ul>{doc}\
         <h3>Parameters</h3>{params}<h3>Result</h3>{result}<h3>Example</h3>{}</section>",
        facts(row),
        example(name, row, shapes),
    )
}

fn facts(row: &Value) -> String {
    let level = match row["level"].as_str().unwrap_or_default() {
        "anyone" => "anybody",
        "signedIn" => "whoever is signed in",
        "viewer" => "viewers and up",
        "member" if row["own"] == true => "its maker and admins",
        "member" => "members and up",
        "admin" => "admins",
        _ => "super admins",
    };
    let limit =
        format!("{} per {} s", row["limit"]["burst"], row["limit"]["periodMs"].as_u64().unwrap_or_default() / 1000);
    let mut facts =
        format!("<li>for {level}</li><li>{}</li><li>{limit}</li>", escape(row["kind"].as_str().unwrap_or_default()));
    if let Some(scope) = row["scope"].as_str() {
        facts += &format!("<li>scope {}</li>", code(scope));
    }
    facts
}

fn table(caption: &str, fields: &[shape::Field]) -> String {
    let mut rows = String::new();
    for field in fields {
        let optional = if field.is_required { "" } else { " <small>optional</small>" };
        let name = code(&field.name);
        rows +=
            &format!("<tr><th scope=\"row\">{name}{optional}</th><td>{}</td><td>{}</td></tr>", field.kind, field.doc);
    }
    format!(
        "<table><caption class=\"hidden\">{caption}</caption><thead><tr><th scope=\"col\">Name</th><th scope=\"col\">Type</th>\
         <th scope=\"col\">Meaning</th></tr></thead><tbody>{rows}</tbody></table>"
    )
}

fn example(name: &str, row: &Value, shapes: &Shapes<'_>) -> String {
    let credential = match row["level"].as_str().unwrap_or_default() {
        "anyone" => "",
        "signedIn" | "platform" => {
            " \\\n  --cookie cookies.txt -H \"Pmos-Csrf: $CSRF_TOKEN\" -H \"Sec-Fetch-Site: same-origin\""
        }
        _ => " \\\n  -H \"Authorization: Bearer $PMOS_KEY\"",
    };
    let params = shapes.example(&row["params"]).to_string().replace('\'', "'\\''");
    let command = format!(
        "curl \"$PMOS_URL/api/v1/call/{name}\"{credential} \\\n  -H \"Content-Type: application/json\" \\\n  -d '{params}'"
    );
    format!("<pre><code>{}</code></pre>", escape(&command))
}

fn events_page(events: &Map<String, Value>, shapes: &Shapes<'_>) -> String {
    let section = |(name, row): (&String, &Value)| {
        let (doc, fields) = (paragraphs(row["doc"].as_str().unwrap_or_default()), shapes.fields(&row["payload"]));
        let payload = if fields.is_empty() {
            format!("<p>{}</p>", shapes.kind(&row["payload"]))
        } else {
            table("Payload", &fields)
        };
        format!(
            "<section aria-labelledby=\"{name}\"><h2 id=\"{name}\"><code>{name}</code></h2>{doc}<h3>Payload</h3>{payload}</section>"
        )
    };
    events.iter().map(section).collect()
}

fn shapes_page(shapes: &Shapes<'_>) -> String {
    let section = |(name, shape): (&String, &Value)| {
        let (name, fields) = (escape(name), shapes.fields(shape));
        let doc = paragraphs(shape["description"].as_str().unwrap_or_default());
        let body = if fields.is_empty() { format!("<p>{}</p>", shapes.kind(shape)) } else { table(&name, &fields) };
        format!("<section aria-labelledby=\"{name}\"><h2 id=\"{name}\"><code>{name}</code></h2>{doc}{body}</section>")
    };
    shapes.0.iter().map(section).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_method_has_its_place_and_nothing_on_the_page_runs() {
        let protocol = json!({
            "methods": { "agents.create": {
                "kind": "write", "level": "member", "own": false, "scope": "operator.write",
                "limit": { "burst": 20, "periodMs": 1000 }, "doc": "Create an <agent>.\n\nUse `name`.",
                "params": { "$ref": "#/$defs/Create" }, "result": { "type": "boolean" },
            } },
            "events": { "tick": { "doc": "Alive.", "payload": { "type": "object", "properties": { "ts": { "type": "integer" } } } } },
            "$defs": { "Create": { "type": "object", "required": ["name"], "properties": {
                "name": { "type": "string", "description": "How it's called." }, "model": { "type": ["string", "null"] },
            } } },
        });
        let files = files(&protocol, "1");
        let page = &files.iter().find(|(path, _)| path == "/docs/m/agents").unwrap().1;
        for part in [
            "Create an &lt;agent&gt;.",
            "<code>name</code>.</p>",
            "operator.write",
            "20 per 1 s",
            "<small>optional</small>",
            "Bearer $PMOS_KEY",
        ] {
            assert!(page.contains(part), "{part}\n{page}");
        }
        for (path, body) in &files {
            assert!(!body.contains("<script") && !body.contains(" style=") && !body.contains(" onclick"), "{path}");
        }
    }
}
