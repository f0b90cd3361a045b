//! Pagination: request after request until the answer says that it was the last.

use super::answer::{Shape, body_of, headers};
use super::{is_good, refused};
use crate::item::Item;
use crate::node::{Context, NodeError};
use crate::nodes::network::client::{Auth, Draft, send};
use crate::nodes::network::variables::Variables;
use crate::port::HttpResponse;
use crate::value::{Object, Str, Value};
use sha2::{Digest, Sha256};

/// How pages follow each other; its texts may be expressions.
pub(super) struct Pages {
    mode: Mode,
    /// An expression that says whether there is a next page.
    go_on: Str,
    most: Option<Value>,
    interval: Value,
}

enum Mode {
    /// The answer has the address of the next page.
    Next(Value),
    /// Parameters with a kind (`qs`, `headers`, `body`), a name and a value, for each page.
    Parameters(Vec<(Str, Str, Value)>),
}

/// More pages than this are a loop that never ends.
const MOST_PAGES: usize = 10_000;
const SAME_ANSWERS: usize = 2;

impl Pages {
    /// The pagination that the options ask for; nothing where they ask for none.
    pub(super) fn of(context: &Context<'_>) -> Result<Option<Self>, NodeError> {
        let pagination = context
            .node()
            .parameters
            .get("options")
            .map(|options| options.get("pagination").get("pagination").clone())
            .unwrap_or_default();
        let text = |key: &str, default: &str| pagination.get(key).as_str().unwrap_or(default).to_owned();
        let mode = text("paginationMode", "updateAParameterInEachRequest");
        if pagination.as_object().is_none() || mode == "off" {
            return Ok(None);
        }
        let go_on = match text("paginationCompleteWhen", "responseIsEmpty").as_str() {
            "receiveSpecificStatusCodes" => {
                let codes = pagination.get("statusCodesWhenComplete").to_text();
                let codes: Vec<String> = codes
                    .split(',')
                    .filter_map(|code| code.trim().parse::<u16>().ok())
                    .map(|code| code.to_string())
                    .collect();
                format!("={{{{ ![{}].includes($response.statusCode) }}}}", codes.join(","))
            }
            "other" => {
                let text = text("completeExpression", "");
                let inner = text.trim().strip_prefix("={{").and_then(|text| text.strip_suffix("}}"));
                let inner = inner.ok_or_else(|| NodeError::new("Invalid or empty Complete Expression"))?;
                format!("={{{{ !({inner}) }}}}")
            }
            _ => "={{ Array.isArray($response.body) ? $response.body.length : !!$response.body }}".to_owned(),
        };
        let mode = if mode == "responseContainsNextURL" {
            Mode::Next(pagination.get("nextURL").clone())
        } else {
            Mode::Parameters(parameters(&pagination)?)
        };
        let limited = pagination.get("limitPagesFetched").is_truthy();
        let most = limited.then(|| match pagination.get("maxRequests") {
            Value::Undefined => Value::from(100),
            most => most.clone(),
        });
        Ok(Some(Self { mode, go_on: go_on.into(), most, interval: pagination.get("requestInterval").clone() }))
    }

    /// All items of all pages.
    pub(super) async fn fetch(
        &self,
        context: &mut Context<'_>,
        item: usize,
        draft: &Draft,
        auth: &mut Auth,
        shape: &Shape,
    ) -> Result<Vec<Item>, NodeError> {
        let input = context.items().get(item).cloned().unwrap_or_default();
        let mut variables = Variables::from([
            ("$request", draft.as_value()),
            ("$response", Value::object()),
            ("$version", context.version().into()),
            ("$pageCount", 0.into()),
        ]);
        let mut given = Vec::new();
        let mut repeated = Repeated::default();
        for page in 0..MOST_PAGES {
            context.go_on(0)?;
            let paged = self.page(context, item, draft, &variables).await?;
            let response = send(context, item, page, &paged, auth).await?;
            let lenient = Shape { never_error: true, ..shape.clone() };
            let body = body_of(&response, &lenient).unwrap_or_default();
            repeated.check(&response)?;
            variables.set("$response", response_value(&response, &body));
            variables.set("$pageCount", (page + 1).into());
            given.extend(super::answer::items(&response, body, shape, &paged.url, &input));
            let most = match &self.most {
                Some(most) => variables.evaluate(context, most, item).await?.to_number(),
                None => f64::INFINITY,
            };
            if (page + 1) as f64 >= most
                || !variables.evaluate(context, &Value::from(self.go_on.clone()), item).await?.is_truthy()
            {
                return Ok(given);
            }
            if !is_good(&response) && !shape.never_error {
                return Ok(vec![refused(context, &response, item, false)?]);
            }
            let interval = variables.evaluate(context, &self.interval, item).await?.to_number();
            if interval > 0.0 {
                context.ports.clock.sleep(interval as u64).await;
            }
        }
        Err(NodeError::new(format!("There were more than {MOST_PAGES} pages"))
            .described("Check if \"Pagination Completed When\" has been configured correctly"))
    }

    /// The request of one page.
    async fn page(
        &self,
        context: &Context<'_>,
        item: usize,
        draft: &Draft,
        variables: &Variables,
    ) -> Result<Draft, NodeError> {
        let mut paged = draft.clone();
        match &self.mode {
            Mode::Next(next) => {
                // Before the first answer there is no next address: the first request goes where it was to go.
                let next = variables.evaluate(context, next, item).await?;
                if !next.is_nullish() && next.as_str() != Some("") {
                    paged.url = next.to_text().to_string();
                    if !paged.url.starts_with("http://") && !paged.url.starts_with("https://") {
                        let message = format!("'{}' is not a valid URL.", paged.url);
                        return Err(NodeError::new(message)
                            .described("Make sure the \"Next URL\" parameter evaluates to a valid URL."));
                    }
                }
            }
            Mode::Parameters(parameters) => {
                for (kind, name, value) in parameters {
                    let value = variables.evaluate(context, value, item).await?;
                    match &**kind {
                        "body" => paged.body.set(&Object::from_iter([(name.clone(), value)])),
                        "headers" => paged.set_header(name, value.to_text().to_string()),
                        _ => drop(paged.query.insert(name.clone(), value)),
                    }
                }
            }
        }
        Ok(paged)
    }
}

fn parameters(pagination: &Value) -> Result<Vec<(Str, Str, Value)>, NodeError> {
    let parameters = pagination.get("parameters").get("parameters").as_array().unwrap_or_default();
    let is_empty = |value: &Value| value.is_nullish() || value.as_str() == Some("");
    if parameters.iter().all(|parameter| is_empty(parameter.get("name")) && is_empty(parameter.get("value"))) {
        return Err(NodeError::new(
            "At least one entry with 'Name' and 'Value' filled must be included in 'Parameters' to use 'Update a Parameter in Each Request' mode ",
        ));
    }
    let mut read = Vec::with_capacity(parameters.len());
    for (at, parameter) in parameters.iter().enumerate() {
        let at = at + 1;
        if is_empty(parameter.get("name")) {
            return Err(NodeError::new(format!(
                "Parameter name must be set for parameter [{at}] in pagination settings"
            )));
        }
        if is_empty(parameter.get("value")) {
            return Err(NodeError::new(format!(
                "Some value must be provided for parameter [{at}] in pagination settings, omitting it will result in an infinite loop"
            )));
        }
        let kind = parameter.get("type").as_str().unwrap_or("qs").into();
        read.push((kind, parameter.get("name").to_text(), parameter.get("value").clone()));
    }
    Ok(read)
}

fn response_value(response: &HttpResponse, body: &Value) -> Value {
    let body = if body.is_undefined() { Value::from("") } else { body.clone() };
    Object::from_iter([
        ("body", body),
        ("headers", headers(response).into()),
        ("statusCode", usize::from(response.status).into()),
    ])
    .into()
}

/// Counts answers that are the same as the one before: a page that never changes has no next one.
#[derive(Default)]
struct Repeated {
    last: Option<Vec<u8>>,
    times: usize,
}

impl Repeated {
    fn check(&mut self, response: &HttpResponse) -> Result<(), NodeError> {
        let mark = response
            .header("etag")
            .map_or_else(|| Sha256::digest(&response.body).to_vec(), |etag| etag.as_bytes().to_vec());
        self.times = if self.last.as_ref() == Some(&mark) { self.times + 1 } else { 0 };
        self.last = Some(mark);
        if self.times > SAME_ANSWERS {
            return Err(NodeError::new("The returned response was identical 5x, so requests got stopped")
                .described("Check if \"Pagination Completed When\" has been configured correctly."));
        }
        Ok(())
    }
}
