//! Send Email: a mail through a server of one's own.

use crate::item::{Binary, Item};
use crate::node::{BoxFuture, Context, Given, Group, NodeError, NodeType, Property, Run, Shown};
use crate::nodes::files::binary::file_of;
use crate::port::{Mail, Wait};
use crate::value::{Object, Value};
use std::sync::Arc;

const SENDS: Shown = Shown::is("operation", &["send"]);
const ASKS: Shown = Shown::is("operation", &["sendAndWait"]);
const ADDRESSES: &[Property] = &[
    Property::bool("appendAttribution", true),
    Property::text("attachments"),
    Property::text("ccEmail"),
    Property::text("bccEmail"),
    Property::bool("allowUnauthorizedCerts", false),
    Property::text("replyTo"),
];

/// Sends a mail.
pub(super) static EMAIL_SEND: NodeType = NodeType {
    name: "n8n-nodes-base.emailSend",
    title: "Send Email",
    summary: "Sends an email using the SMTP protocol.",
    group: Group::Network,
    versions: &[1.0, 2.0, 2.1],
    properties: &[
        Property::options("resource", "email", &["email"]).since(2.0),
        Property::options("operation", "send", &["send", "sendAndWait"]).since(2.0),
        Property::text("fromEmail").required(),
        Property::text("toEmail").required(),
        Property::text("ccEmail").until(1.0),
        Property::text("bccEmail").until(1.0),
        Property::text("subject"),
        Property::options("emailFormat", "text", &["text", "html", "both"]).when(&[SENDS]).since(2.0).until(2.0),
        Property::options("emailFormat", "html", &["text", "html", "both"]).when(&[SENDS]).since(2.1),
        Property::text("text"),
        Property::text("html"),
        Property::text("attachments").until(1.0),
        Property::collection("options", ADDRESSES),
        // A question that waits for its answer.
        Property::text("message").when(&[ASKS]).since(2.0),
        Property::options("responseType", "approval", &["approval", "freeText", "customForm"]).when(&[ASKS]).since(2.0),
        Property::group(
            "approvalOptions",
            &[(
                "values",
                &[
                    Property::options("approvalType", "single", &["single", "double"]),
                    Property::text("approveLabel").or("Approve"),
                    Property::text("disapproveLabel").or("Decline"),
                ],
            )],
        )
        .when(&[ASKS])
        .since(2.0),
    ],
    credentials: &["smtp"],
    run: Run::Effect(run),
    ..NodeType::BASE
};

fn run<'a>(context: &'a mut Context<'_>) -> BoxFuture<'a, Result<Given, NodeError>> {
    Box::pin(async move {
        if &*context.text("operation", 0)? == "sendAndWait" {
            return ask(context).await;
        }
        let count = context.items().len();
        let mut given = Vec::with_capacity(count);
        for item in 0..count {
            context.go_on(0)?;
            match send(context, item).await {
                Ok(made) => given.push(made.linked(item)),
                Err(error) => given.push(context.failed(error, item)?),
            }
        }
        Ok(given.into())
    })
}

async fn send(context: &mut Context<'_>, item: usize) -> Result<Item, NodeError> {
    let mut mail = addressed(context, item).await?;
    let format = if context.version() < 2.0 { "both".into() } else { context.text("emailFormat", item)? };
    let filled = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    if &*format != "html" {
        mail.text = filled(&context.text("text", item)?);
    }
    if &*format != "text" {
        mail.html = filled(&context.text("html", item)?);
    }
    mail.attachments = attachments(context, item)?;
    Ok(item_of(context.mail(item, mail).await?))
}

fn item_of(said: Value) -> Item {
    match said {
        Value::Object(said) => Item::new(said),
        other => Item::new(Object::from_iter([("response", other)])),
    }
}

/// A mail with its server, its addresses and its subject.
async fn addressed(context: &mut Context<'_>, item: usize) -> Result<Mail, NodeError> {
    let server = context.credential("smtp").await?;
    let options = context.get("options", item)?;
    let old = context.version() < 2.0;
    let mut copies = |name: &str| -> Result<Vec<String>, NodeError> {
        Ok(if old { list(&context.text(name, item)?) } else { list(options.get(name).as_str().unwrap_or_default()) })
    };
    let (cc, bcc) = (copies("ccEmail")?, copies("bccEmail")?);
    let mut server = Object::clone(&server);
    if options.get("allowUnauthorizedCerts").is_truthy() {
        server.insert("allowUnauthorizedCerts", true.into());
    }
    let mail = Mail {
        server: Arc::new(server),
        from: context.text("fromEmail", item)?.to_string(),
        to: list(&context.text("toEmail", item)?),
        cc,
        bcc,
        reply_to: options.get("replyTo").as_str().filter(|to| !to.is_empty()).map(str::to_owned),
        subject: context.text("subject", item)?.to_string(),
        ..Mail::default()
    };
    if mail.to.is_empty() && mail.cc.is_empty() && mail.bcc.is_empty() {
        return Err(NodeError::new("No recipients defined"));
    }
    Ok(mail)
}

/// Addresses that stand in one text: parted by commas, but not within quotes.
fn list(text: &str) -> Vec<String> {
    let mut quoted = false;
    let parts = text.split(|c| {
        quoted ^= c == '"';
        matches!(c, ',' | ';') && !quoted
    });
    parts.map(str::trim).filter(|address| !address.is_empty()).map(str::to_owned).collect()
}

fn attachments(context: &mut Context<'_>, item: usize) -> Result<Vec<Binary>, NodeError> {
    let names = if context.version() < 2.0 {
        context.text("attachments", item)?
    } else {
        context.text("options.attachments", item)?
    };
    let items = context.items();
    let source = items.get(item).cloned().unwrap_or_default();
    names
        .split(',')
        .map(str::trim)
        .filter(|name| !name.is_empty())
        .map(|name| file_of(&source, name, item).cloned())
        .collect()
}

/// Sends a question with links that end the wait.
async fn ask(context: &mut Context<'_>) -> Result<Given, NodeError> {
    let mut mail = addressed(context, 0).await?;
    let message = context.text("message", 0)?;
    let url = context.facts().resume_url.clone();
    let joint = if url.contains('?') { '&' } else { '?' };
    let approval = context.get("approvalOptions.values", 0)?;
    let label = |key: &str, default: &str| {
        approval.get(key).as_str().filter(|text| !text.is_empty()).unwrap_or(default).to_owned()
    };
    let links = match &*context.text("responseType", 0)? {
        "approval" => {
            let mut links = vec![(label("approveLabel", "Approve"), format!("{url}{joint}approved=true"))];
            if approval.get("approvalType").as_str() == Some("double") {
                links.push((label("disapproveLabel", "Decline"), format!("{url}{joint}approved=false")));
            }
            links
        }
        _ => vec![("Respond".to_owned(), context.facts().resume_form_url.to_string())],
    };
    let buttons: String = links
        .iter()
        .map(|(label, url)| format!("<p><a href=\"{}\">{}</a></p>", escaped(url), escaped(label)))
        .collect();
    mail.html = Some(format!("<p>{}</p>{buttons}", escaped(&message).replace('\n', "<br>")));
    let plain: String = links.iter().map(|(label, url)| format!("\n\n{label}: {url}")).collect();
    mail.text = Some(format!("{message}{plain}"));
    context.mail(0, mail).await?;
    Ok(Given { wait: Some(Wait { until: None, resumed_by_request: true }), ..context.pass_on() })
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::list;

    #[test]
    fn addresses_are_parted_by_commas_outside_quotes() {
        assert_eq!(list(r#""Doe, Jane" <j@x.org>, b@x.org;; "#), [r#""Doe, Jane" <j@x.org>"#, "b@x.org"]);
    }
}
