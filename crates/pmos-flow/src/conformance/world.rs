//! The outside world of a case: stubs that answer requests, two folders, credentials by type, a clock of its own.

use crate::port::{
    Credentials, Files, HttpOut, HttpRequest, HttpResponse, Mail, MailOut, PortError, Ports, Sandbox, Timer, Workflows,
};
use crate::run::NoJournal;
use crate::value::{self, Object, Value};
use async_trait::async_trait;
use base64::Engine;
use bytes::Bytes;
use parking_lot::Mutex;
use pmos_kit::{Clock, Millis, Rng};
use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

/// Where a case's temporary files are: in memory.
pub(super) const TEMPORARY: &str = "/pmos-temporary";

pub(super) fn ports(fixtures: &Path, stubs: &Value, credentials: &Value, sandbox: Arc<dyn Sandbox>) -> Ports {
    Ports {
        http: Arc::new(Stubs {
            stubs: stubs.as_array().unwrap_or_default().iter().map(|stub| (stub.clone(), 0)).collect::<Vec<_>>().into(),
        }),
        sandbox,
        files: Arc::new(CaseFiles { fixtures: fixtures.to_owned(), written: Mutex::default() }),
        credentials: Arc::new(CaseCredentials(Mutex::new(credentials.as_object().cloned().unwrap_or_default()))),
        mail: Arc::new(Nothing),
        workflows: Arc::new(Nothing),
        clock: Arc::new(CaseClock::default()),
        chance: Arc::new(Steps(AtomicU64::new(1))),
        journal: Arc::new(NoJournal),
    }
}

/// A clock that stands still, but for sleeping.
#[derive(Debug)]
pub struct CaseClock(AtomicI64);

impl Default for CaseClock {
    /// 2024-02-29 at noon in UTC.
    fn default() -> Self {
        Self(AtomicI64::new(1_709_208_000_000))
    }
}

impl Clock for CaseClock {
    fn now(&self) -> Millis {
        self.0.load(Ordering::Relaxed)
    }
}

#[async_trait]
impl Timer for CaseClock {
    async fn sleep(&self, ms: u64) {
        self.0.fetch_add(ms as i64, Ordering::Relaxed);
    }
}

/// Numbers that look random and are the same each time (SplitMix64).
struct Steps(AtomicU64);

impl Rng for Steps {
    fn fill(&self, buffer: &mut [u8]) {
        for chunk in buffer.chunks_mut(8) {
            let mut z = self.0.fetch_add(0x9e37_79b9_7f4a_7c15, Ordering::Relaxed);
            z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            chunk.copy_from_slice(&(z ^ (z >> 31)).to_le_bytes()[..chunk.len()]);
        }
    }
}

struct Nothing;

#[async_trait]
impl MailOut for Nothing {
    async fn send(&self, _mail: Mail) -> Result<Value, PortError> {
        Err(PortError::new("A case sends no mail"))
    }
}

#[async_trait]
impl Workflows for Nothing {
    async fn by_id(&self, id: &str) -> Result<Value, PortError> {
        Err(PortError::new(format!("Workflow does not exist: {id}")))
    }
}

struct CaseCredentials(Mutex<Object>);

#[async_trait]
impl Credentials for CaseCredentials {
    async fn get(&self, kind: &str, _id: Option<&str>, name: &str) -> Result<Arc<Object>, PortError> {
        match self.0.lock().get(kind) {
            Some(Value::Object(fields)) => Ok(fields.clone()),
            _ => Err(PortError::new(format!("There are no credentials of type '{kind}' named '{name}'"))),
        }
    }

    async fn update(&self, kind: &str, _id: Option<&str>, _name: &str, fields: Arc<Object>) -> Result<(), PortError> {
        self.0.lock().insert(kind, Value::Object(fields));
        Ok(())
    }
}

struct CaseFiles {
    fixtures: PathBuf,
    written: Mutex<BTreeMap<String, Bytes>>,
}

impl CaseFiles {
    fn fixture(&self, path: &str) -> Result<PathBuf, PortError> {
        let path = PathBuf::from(path);
        let climbs = path.components().any(|part| part == Component::ParentDir);
        if climbs || !path.starts_with(&self.fixtures) {
            return Err(PortError::new(format!("Access to the file is not allowed: {}", path.display())));
        }
        Ok(path)
    }
}

#[async_trait]
impl Files for CaseFiles {
    async fn read(&self, path: &str) -> Result<Bytes, PortError> {
        if let Some(content) = self.written.lock().get(path) {
            return Ok(content.clone());
        }
        let path = self.fixture(path)?;
        std::fs::read(&path)
            .map(Bytes::from)
            .map_err(|error| PortError::new(format!("The file '{}' could not be read: {error}", path.display())))
    }

    async fn matching(&self, pattern: &str) -> Result<Vec<String>, PortError> {
        let (folder, name) = pattern.rsplit_once('/').unwrap_or(("", pattern));
        let mut found: Vec<String> =
            self.written.lock().keys().filter(|path| matches(pattern, path)).cloned().collect();
        if let Ok(folder) = self.fixture(folder) {
            let entries = std::fs::read_dir(&folder).map_err(|error| PortError::new(error.to_string()))?;
            let names = entries
                .flatten()
                .map(|entry| entry.file_name().to_string_lossy().into_owned())
                .filter(|own| matches(name, own));
            found.extend(names.map(|name| folder.join(name).to_string_lossy().into_owned()));
        }
        found.sort();
        Ok(found)
    }

    async fn write(&self, path: &str, content: Bytes, append: bool) -> Result<(), PortError> {
        if !path.starts_with(TEMPORARY) {
            return Err(PortError::new(format!("Writing to this place is not allowed: {path}")));
        }
        let mut written = self.written.lock();
        let content = match written.get(path).filter(|_| append) {
            Some(old) => [old.as_ref(), &content].concat().into(),
            None => content,
        };
        written.insert(path.to_owned(), content);
        Ok(())
    }
}

/// Does a pattern with `*` match?
fn matches(pattern: &str, text: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == text,
        Some((start, rest)) => text
            .strip_prefix(start)
            .is_some_and(|text| (0..=text.len()).any(|at| text.is_char_boundary(at) && matches(rest, &text[at..]))),
    }
}

/// Answers by stubs, in their order; one without `persist` answers `times` times, or once.
struct Stubs {
    stubs: Mutex<Vec<(Value, usize)>>,
}

impl From<Vec<(Value, usize)>> for Stubs {
    fn from(stubs: Vec<(Value, usize)>) -> Self {
        Self { stubs: Mutex::new(stubs) }
    }
}

#[async_trait]
impl HttpOut for Stubs {
    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, PortError> {
        let mut request = request;
        for _ in 0..=request.redirects {
            let response = self.answer(&request)?;
            let location = response.header("location").map(str::to_owned);
            match (response.status, location) {
                (301 | 302 | 303 | 307 | 308, Some(location)) if request.redirects > 0 => {
                    if response.status == 303
                        || (response.status != 307 && response.status != 308 && &*request.method != "GET")
                    {
                        request.method = "GET".into();
                        request.body = None;
                    }
                    request.url = join(&request.url, &location);
                }
                _ => return Ok(response),
            }
        }
        Err(PortError::new("Maximum number of redirects exceeded"))
    }
}

impl Stubs {
    fn answer(&self, request: &HttpRequest) -> Result<HttpResponse, PortError> {
        let target = Target::of(&request.url);
        let header = |name: &str| {
            request.headers.iter().find(|(own, _)| own.eq_ignore_ascii_case(name)).map_or("", |(_, value)| value)
        };
        let raw = String::from_utf8_lossy(request.body.as_deref().unwrap_or_default()).into_owned();
        let kind = header("content-type");
        let body = match kind {
            kind if kind.contains("json") => value::parse(&raw).unwrap_or(Value::from(raw.as_str())),
            kind if kind.contains("urlencoded") => {
                Value::from(pairs(&raw).map(|(key, value)| (key, Value::from(value))).collect::<Object>())
            }
            _ => Value::from(raw.as_str()),
        };
        let mut stubs = self.stubs.lock();
        for (stub, used) in stubs.iter_mut() {
            let times = stub.get("times").as_number().unwrap_or(1.0) as usize;
            let spent = !stub.get("persist").is_truthy() && *used >= times.max(1);
            let authorization = stub
                .get("matchHeaders")
                .as_object()
                .into_iter()
                .flat_map(Object::iter)
                .find(|(key, _)| key.eq_ignore_ascii_case("authorization"));
            let authorized = authorization.is_none_or(|(_, value)| {
                value.as_str() == Some("<fn>") || value.as_str() == Some(header("authorization"))
            });
            let method = stub.get("method").as_str() == Some(&request.method.to_ascii_uppercase());
            if spent || !method || !target.is_of(stub) || !authorized || !takes_body(stub, &raw, &body) {
                continue;
            }
            *used += 1;
            return Ok(reply(stub, &target, &body, kind));
        }
        let words = format!("no stub for {} {}", request.method, request.url);
        Ok(HttpResponse { status: 599, body: words.into(), ..HttpResponse::default() })
    }
}

/// An address in its parts.
struct Target {
    origin: String,
    host: String,
    path: String,
    query: String,
}

impl Target {
    fn of(url: &str) -> Self {
        let (scheme, rest) = url.split_once("://").unwrap_or(("http", url));
        let rest = rest.split('#').next().unwrap_or_default();
        let (host, path) = rest.find(['/', '?']).map_or((rest, ""), |at| rest.split_at(at));
        let (path, query) = path.split_once('?').unwrap_or((path, ""));
        let path = if path.is_empty() { "/" } else { path };
        Self {
            origin: format!("{scheme}://{host}"),
            host: host.to_owned(),
            path: path.to_owned(),
            query: query.to_owned(),
        }
    }

    fn is_of(&self, stub: &Value) -> bool {
        let base = Self::of(stub.get("base").as_str().unwrap_or_default());
        if base.host != self.host {
            return false;
        }
        let search = if self.query.is_empty() { String::new() } else { format!("?{}", self.query) };
        let own = stub.get("path");
        if let Some(pattern) = own.get("regex").as_str() {
            // The patterns of stubs are plain text with an occasional dot or escaped slash.
            let plain = pattern.replace("\\/", "/").replace("\\?", "?").replace("\\.", ".");
            return format!("{}{search}", self.path)
                .contains(plain.trim_start_matches('^').trim_end_matches('$').trim_end_matches(".*"));
        }
        let full = format!("{}{}", base.path.trim_end_matches('/'), own.as_str().unwrap_or_default());
        if full.contains('?') {
            return full == format!("{}{search}", self.path);
        }
        let query = stub.get("query");
        full == self.path
            && match query.as_object() {
                Some(query) => query.iter().all(|(key, value)| {
                    pairs(&self.query).any(|(own, text)| own == **key && *text == *value.to_text())
                }),
                None => query.is_truthy() || search.is_empty(),
            }
    }
}

fn takes_body(stub: &Value, raw: &str, body: &Value) -> bool {
    match stub.get("body") {
        Value::Undefined | Value::Null => true,
        _ if stub.get("handler").is_truthy() => true,
        Value::String(text) if **text == *"<fn>" || **text == *raw => true,
        Value::String(text) => value::parse(text).is_ok_and(|wanted| wanted == *body),
        wanted => wanted == body,
    }
}

fn reply(stub: &Value, target: &Target, body: &Value, kind: &str) -> HttpResponse {
    if stub.get("handler").as_str() == Some("users-pagination") {
        return users(target, body, kind);
    }
    let mut headers: Vec<(String, String)> = stub
        .get("responseHeaders")
        .as_object()
        .into_iter()
        .flat_map(Object::iter)
        .map(|(name, value)| (name.to_ascii_lowercase(), value.to_text().to_string()))
        .collect();
    let response = stub.get("response");
    let content = match response {
        Value::Undefined | Value::Null => Vec::new(),
        Value::String(text) => text.as_bytes().to_vec(),
        other => match other.get("$base64").as_str() {
            Some(encoded) => base64::prelude::BASE64_STANDARD.decode(encoded).unwrap_or_default(),
            None => {
                if !headers.iter().any(|(name, _)| name == "content-type") {
                    headers.push(("content-type".into(), "application/json".into()));
                }
                value::to_string(other).into_bytes()
            }
        },
    };
    let status = stub.get("status").as_number().filter(|status| *status > 0.0).unwrap_or(200.0) as u16;
    let status_text = match status {
        200 => "OK",
        201 => "Created",
        401 => "Unauthorized",
        404 => "Not Found",
        _ => "",
    };
    HttpResponse { status, status_text: status_text.into(), headers, body: content.into() }
}

/// Pages of 15 users: `skip` and `limit` in the query, a form or JSON.
fn users(target: &Target, body: &Value, kind: &str) -> HttpResponse {
    let from_query = |name: &str| pairs(&target.query).find(|(own, _)| own == name).map(|(_, value)| value);
    let from_form = |name: &str, text: &str| {
        let rest = text.split(&format!("name=\"{name}\"")).nth(1)?;
        Some(rest.split("---").next()?.trim().to_owned())
    };
    let number = |name: &str, default: usize| {
        let text = match body {
            Value::Object(fields) => fields.get(name).map(|value| value.to_text().to_string()),
            Value::String(text) if !text.is_empty() => from_form(name, text),
            _ => from_query(name),
        };
        text.and_then(|text| text.parse().ok()).unwrap_or(default)
    };
    let (skip, limit) = (number("skip", 0), number("limit", 10));
    let page: Vec<Value> = (skip..skip + limit)
        .take_while(|id| *id <= 14)
        .map(|id| Value::from(Object::from_iter([("id", Value::from(id))])))
        .collect();
    let next = format!("{}/users?skip={}&limit={limit}", target.origin, skip + limit);
    let kind = if kind.is_empty() { "application/json" } else { kind };
    HttpResponse {
        status: if page.is_empty() { 404 } else { 200 },
        status_text: if page.is_empty() { "Not Found" } else { "OK" }.into(),
        headers: vec![("next-url".into(), next), ("content-type".into(), kind.into())],
        body: value::to_string(&Value::from(page)).into(),
    }
}

/// The pairs of a query or form, decoded.
fn pairs(text: &str) -> impl Iterator<Item = (String, String)> + '_ {
    text.split('&').filter(|pair| !pair.is_empty()).map(|pair| {
        let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
        (decode(key), decode(value))
    })
}

fn decode(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let hex = bytes.get(at + 1..at + 3).and_then(|hex| u8::from_str_radix(std::str::from_utf8(hex).ok()?, 16).ok());
        match (bytes[at], hex) {
            (b'%', Some(byte)) => {
                decoded.push(byte);
                at += 2;
            }
            (b'+', _) => decoded.push(b' '),
            (byte, _) => decoded.push(byte),
        }
        at += 1;
    }
    String::from_utf8_lossy(&decoded).into_owned()
}

/// A redirect's address, seen from where it was given.
fn join(base: &str, location: &str) -> String {
    if location.contains("://") { location.to_owned() } else { format!("{}{location}", Target::of(base).origin) }
}
