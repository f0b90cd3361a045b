//! From an answer to items.

use crate::item::Item;
use crate::node::NodeError;
use crate::nodes::files::binary::file;
use crate::nodes::network::client::{decode, parameter};
use crate::port::HttpResponse;
use crate::value::{self, Object, Str, Value};

/// What a body is read as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Format {
    /// What the content type says.
    Auto,
    /// A file of the item.
    File,
    /// JSON.
    Json,
    /// Text in a field.
    Text,
}

/// What of an answer becomes items, and how.
#[derive(Clone, Debug)]
pub(super) struct Shape {
    /// What the body is read as.
    pub format: Format,
    /// With headers and status?
    pub full: bool,
    /// Is an answer of any status good?
    pub never_error: bool,
    /// The field of text, the property of files.
    pub property: Str,
    /// Does each element of a list become an item?
    pub split: bool,
    /// What is said of a body that is no JSON.
    pub no_json: &'static str,
}

/// Content types of files. Whatever begins so is one.
const FILES: &[&str] = &[
    "image/",
    "audio/",
    "video/",
    "font/",
    "application/octet-stream",
    "application/gzip",
    "application/zip",
    "application/x-gzip",
    "application/x-bzip",
    "application/x-tar",
    "application/x-7z-compressed",
    "application/x-cdf",
    "application/x-shockwave-flash",
    "application/x-apple-diskimage",
    "application/x-msi",
    "application/vnd.rar",
    "application/epub+zip",
    "application/java-archive",
    "application/msword",
    "application/ogg",
    "application/pdf",
    "application/rtf",
    "application/vnd.amazon.ebook",
    "application/vnd.apple.installer+xml",
    "application/vnd.ms-",
    "application/vnd.oasis.opendocument",
    "application/vnd.openxmlformats-officedocument",
    "application/vnd.visio",
];

/// The body as a value: parsed where it is JSON, else text, `undefined` where it is empty.
pub(super) fn body_of(response: &HttpResponse, shape: &Shape) -> Result<Value, NodeError> {
    let kind = response.header("content-type").unwrap_or_default();
    let text = decode(&response.body, kind);
    match shape.format {
        Format::Auto | Format::File if kind.contains("application/json") => match value::parse(&text) {
            Ok(value) => Ok(value),
            Err(_) if shape.never_error => Ok(Value::object()),
            Err(_) => Err(NodeError::new("Invalid JSON in response body")),
        },
        Format::Auto | Format::File if text.is_empty() => Ok(Value::Undefined),
        Format::Auto | Format::File => Ok(Value::from(text)),
        Format::Json => value::parse(&text).map_err(|_| NodeError::new(shape.no_json)),
        Format::Text => Ok(value::parse(&text).unwrap_or_else(|_| Value::from(text))),
    }
}

/// The items of an answer to the request that `input` made.
pub(super) fn items(response: &HttpResponse, body: Value, shape: &Shape, url: &str, input: &Item) -> Vec<Item> {
    let kind = response.header("content-type").unwrap_or_default();
    let format = match shape.format {
        Format::Auto if kind.contains("application/json") => Format::Json,
        Format::Auto if FILES.iter().any(|file| kind.contains(file)) => Format::File,
        Format::Auto => Format::Text,
        chosen => chosen,
    };
    match format {
        Format::File => {
            let json = if shape.full { head(response, None).into() } else { input.json.clone() };
            let made = Item { json, binary: input.binary.clone(), ..Item::default() };
            vec![
                made.with_file(&shape.property, file(response.body.clone(), Some(&name_of(response, url)), Some(kind))),
            ]
        }
        Format::Text => {
            let text = match body {
                value @ (Value::Object(_) | Value::Array(_)) => value::to_string(&value).into(),
                value => value,
            };
            let mut json = if shape.full { head(response, None) } else { Object::new() };
            if !text.is_undefined() {
                json.insert(shape.property.clone(), text);
            }
            vec![Item::new(json)]
        }
        Format::Json | Format::Auto if shape.full => vec![Item::new(head(response, Some(body)))],
        Format::Json | Format::Auto => match &body {
            Value::Array(values) if shape.split => values.iter().map(as_item).collect(),
            value => vec![as_item(value)],
        },
    }
}

/// An item of any JSON: null is an empty one, a list keeps its indexes, other plain values are named.
fn as_item(value: &Value) -> Item {
    Item::new(match value {
        Value::Object(object) => return Item::new(object.clone()),
        Value::Null | Value::Undefined => Object::new(),
        Value::Array(values) => values.iter().enumerate().map(|(at, value)| (at.to_string(), value.clone())).collect(),
        value => Object::from_iter([("data", value.clone())]),
    })
}

/// `{body?, headers, statusCode, statusMessage}`
pub(super) fn head(response: &HttpResponse, body: Option<Value>) -> Object {
    let mut head = Object::new();
    if let Some(body) = body.filter(|body| !body.is_undefined()) {
        head.insert("body", body);
    }
    head.insert("headers", headers(response).into());
    head.insert("statusCode", usize::from(response.status).into());
    head.insert("statusMessage", response.status_text.clone().into());
    head
}

/// Headers by their names; those that come several times are joined, cookies are a list.
pub(super) fn headers(response: &HttpResponse) -> Object {
    let mut headers = Object::with_capacity(response.headers.len());
    for (name, value) in &response.headers {
        let value = match (name.as_str(), headers.get(name)) {
            ("set-cookie", None) => Value::list([Value::from(value.as_str())]),
            ("set-cookie", Some(Value::Array(cookies))) => {
                Value::list(cookies.iter().cloned().chain([value.as_str().into()]))
            }
            (_, Some(old)) => format!("{}, {value}", old.to_text()).into(),
            _ => value.as_str().into(),
        };
        headers.insert(name.as_str(), value);
    }
    headers
}

/// The name of a file: what the service calls it, else the end of the address.
fn name_of(response: &HttpResponse, url: &str) -> String {
    let said = response.header("content-disposition").and_then(|header| {
        let extended = parameter(header, "filename*").and_then(|name| name.rsplit('\'').next()).map(decoded);
        extended.or_else(|| parameter(header, "filename").map(str::to_owned))
    });
    let name = said.unwrap_or_else(|| {
        let path = url::Url::parse(url).map(|url| url.path().to_owned()).unwrap_or_default();
        decoded(path.rsplit('/').next().unwrap_or_default())
    });
    name.rsplit(['/', '\\']).next().unwrap_or_default().to_owned()
}

fn decoded(text: &str) -> String {
    let text = text.replace('+', "%2B").replace('&', "%26");
    url::form_urlencoded::parse(format!("v={text}").as_bytes())
        .next()
        .map(|(_, value)| value.into_owned())
        .unwrap_or_default()
}
