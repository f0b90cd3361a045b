//! Files: the UI's, and the pages of the API. All are in one table, built at start: a path that is not in it leads
//! nowhere, however it is written.

use super::{docs, embedded, refused, text};
use crate::Ui;
use crate::headers::Content;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::Response;
use bytes::Bytes;
use pmos_kit::{Error, Result};
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::path::Path;

/// The entry of the UI.
const INDEX: &str = "/index.html";
const NO_UI: &str = "This server runs without its user interface. Its API is described at /docs.\n";
/// Vite puts a hash of the content into the names of what lies here, so it never changes.
const HASHED: &str = "/assets/";

/// All files, by their path.
#[derive(Debug)]
pub(crate) struct Assets {
    files: HashMap<String, Asset>,
}

#[derive(Debug)]
struct Asset {
    body: Bytes,
    content_type: &'static str,
    etag: HeaderValue,
    content: Option<Content>,
}

impl Assets {
    /// Read the UI's files and write the pages of the API.
    pub(crate) fn load(ui: &Ui, protocol: &Value, version: &str) -> Result<Self> {
        let mut assets = Self { files: HashMap::new() };
        match ui {
            Ui::None => {}
            Ui::Dir(directory) => assets.add_directory(directory, "")?,
            Ui::Embedded => {
                let files = embedded::files()
                    .ok_or_else(|| Error::invalid("this program was built without its UI: use --ui-dir"))?;
                files.iter().for_each(|(name, body)| assets.add(format!("/{name}"), Bytes::from_static(body), None));
            }
        }
        if *ui != Ui::None && !assets.files.contains_key(INDEX) {
            return Err(Error::invalid("the UI has no index.html: build it with `npm run build` in ui/"));
        }
        for (path, body) in docs::files(protocol, version) {
            assets.add(path, body.into(), Some(Content::Docs));
        }
        Ok(assets)
    }

    fn add_directory(&mut self, directory: &Path, prefix: &str) -> Result<()> {
        let unreadable = |error: std::io::Error| {
            Error::invalid(format!("the directory of the UI, {}, cannot be read: {error}", directory.display()))
        };
        for entry in std::fs::read_dir(directory).map_err(unreadable)? {
            let entry = entry.map_err(unreadable)?;
            let name = entry.file_name().to_string_lossy().into_owned();
            // What a build keeps for itself is not for visitors.
            if name.starts_with('.') {
                continue;
            }
            let path = format!("{prefix}/{name}");
            let kind = entry.file_type().map_err(unreadable)?;
            if kind.is_dir() {
                self.add_directory(&entry.path(), &path)?;
            } else if kind.is_file() {
                self.add(path, std::fs::read(entry.path()).map_err(unreadable)?.into(), None);
            }
        }
        Ok(())
    }

    fn add(&mut self, path: String, body: Bytes, content: Option<Content>) {
        let content_type = content_type(&path, content);
        let is_page = content_type.starts_with("text/html");
        let etag = format!("\"{}\"", pmos_kit::token::hex(&Sha256::digest(&body)[..12]));
        // Digits, letters and quotes are always a header value.
        let etag = HeaderValue::try_from(etag).unwrap_or(HeaderValue::from_static("\"\""));
        let content = content.or(is_page.then_some(Content::Page));
        self.files.insert(path, Asset { body, content_type, etag, content });
    }

    /// Answer a request for a file. A path of the UI that is no file is one of its screens, and gets its entry.
    pub(crate) fn answer(&self, head: &Parts) -> Response {
        if !matches!(head.method, Method::GET | Method::HEAD) {
            return refused(StatusCode::METHOD_NOT_ALLOWED, "this path takes GET alone");
        }
        let path = head.uri.path();
        if let Some(file) = self.files.get(path) {
            return self.send(path, file, &head.headers);
        }
        let is_screen = accepts(&head.headers, header::ACCEPT, "text/html") && !is_reserved(path);
        match self.files.get(INDEX).filter(|_| is_screen || path == "/") {
            Some(index) => self.send(INDEX, index, &head.headers),
            None if path == "/" => text(StatusCode::OK, "text/plain; charset=utf-8", NO_UI),
            None => super::problem(&Error::not_found()),
        }
    }

    fn send(&self, path: &str, file: &Asset, asked: &HeaderMap) -> Response {
        let packed = self.packed(path, asked);
        let (body, encoding) = packed.map_or((&file.body, None), |(packed, encoding)| (&packed.body, Some(encoding)));
        let is_known = asked.get(header::IF_NONE_MATCH).is_some_and(|known| known == file.etag);
        let mut response = if is_known {
            text(StatusCode::NOT_MODIFIED, file.content_type, Bytes::new())
        } else {
            text(StatusCode::OK, file.content_type, body.clone())
        };
        let headers = response.headers_mut();
        headers.insert(header::ETAG, file.etag.clone());
        headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
        let caching = if path.starts_with(HASHED) { "public, max-age=31536000, immutable" } else { "no-cache" };
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(caching));
        if let Some(encoding) = encoding.filter(|_| !is_known) {
            headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
        }
        if let Some(content) = file.content {
            response.extensions_mut().insert(content);
        }
        response
    }

    /// The same file, packed when the UI was built, if the browser can unpack it.
    fn packed(&self, path: &str, asked: &HeaderMap) -> Option<(&Asset, &'static str)> {
        [("br", "br"), ("gzip", "gz")].into_iter().find_map(|(encoding, ending)| {
            let packed = self.files.get(&format!("{path}.{ending}"))?;
            accepts(asked, header::ACCEPT_ENCODING, encoding).then_some((packed, encoding))
        })
    }
}

/// Paths that are no screens of the UI: what is not found there is not there.
fn is_reserved(path: &str) -> bool {
    ["/api/", "/docs/", HASHED].iter().any(|prefix| path.starts_with(prefix))
}

fn accepts(headers: &HeaderMap, name: header::HeaderName, value: &str) -> bool {
    let listed = headers.get_all(name).iter().filter_map(|line| line.to_str().ok()).flat_map(|line| line.split(','));
    listed.map(|item| item.split(';').next().unwrap_or_default().trim()).any(|item| item.eq_ignore_ascii_case(value))
}

fn content_type(path: &str, content: Option<Content>) -> &'static str {
    let ending = path.rsplit_once('/').map_or(path, |(_, name)| name).rsplit_once('.').map(|(_, ending)| ending);
    match ending {
        Some("html") => "text/html; charset=utf-8",
        None if content == Some(Content::Docs) => "text/html; charset=utf-8",
        Some("js" | "mjs") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("json" | "map") => "application/json",
        Some("webmanifest") => "application/manifest+json",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("ico") => "image/x-icon",
        Some("webp") => "image/webp",
        Some("jpg" | "jpeg") => "image/jpeg",
        Some("woff2") => "font/woff2",
        Some("txt") => "text/plain; charset=utf-8",
        Some("wasm") => "application/wasm",
        _ => "application/octet-stream",
    }
}
