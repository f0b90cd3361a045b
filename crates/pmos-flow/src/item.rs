//! Items: what a node gets and what it gives.

use crate::value::{Object, Str, Value};
use bytes::Bytes;
use std::sync::Arc;

/// The items of one input or one output, shared between the nodes that read them.
pub type Items = Arc<Vec<Item>>;

/// One item. A clone costs three counters.
#[derive(Clone, Debug, Default)]
pub struct Item {
    /// Its fields.
    pub json: Arc<Object>,
    /// Its files, by the name of their property.
    pub binary: Option<Arc<Vec<(Str, Binary)>>>,
    /// The input items that it comes from.
    pub links: Links,
    /// The error that it carries to a node's error output.
    pub error: Option<Str>,
}

impl Item {
    /// An item of these fields, without files and links.
    pub fn new(json: impl Into<Arc<Object>>) -> Self {
        Self { json: json.into(), ..Self::default() }
    }

    /// The same item with one link, to the item `index` of input 0: what a node gives that passes items on.
    #[must_use]
    pub fn linked(mut self, index: usize) -> Self {
        self.links = Links::One(Link::to(index));
        self
    }

    /// The same item with other fields.
    #[must_use]
    pub fn with_json(&self, json: impl Into<Arc<Object>>) -> Self {
        Self { json: json.into(), ..self.clone() }
    }

    /// A file of the item.
    pub fn file(&self, property: &str) -> Option<&Binary> {
        self.binary.as_ref()?.iter().find(|(name, _)| **name == *property).map(|(_, file)| file)
    }

    /// The same item with a file more; one of the same name is replaced.
    #[must_use]
    pub fn with_file(mut self, property: &str, file: Binary) -> Self {
        let mut files = self.binary.take().map(Arc::unwrap_or_clone).unwrap_or_default();
        match files.iter_mut().find(|(name, _)| **name == *property) {
            Some((_, old)) => *old = file,
            None => files.push((property.into(), file)),
        }
        self.binary = Some(Arc::new(files));
        self
    }

    /// `{json: {error: message}}`: what stands for an item that failed where the node goes on.
    pub fn failed(message: &str) -> Self {
        Self::new(Object::from_iter([("error", Value::from(message))]))
    }
}

/// A file of an item. Its bytes are shared.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Binary {
    /// The content.
    pub data: Bytes,
    /// Such as `text/plain`.
    pub mime_type: Str,
    /// The name with its extension.
    pub file_name: Option<Str>,
    /// The extension, without a dot.
    pub file_extension: Option<Str>,
    /// The folder that it was read from.
    pub directory: Option<Str>,
}

/// The input items that an item comes from.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Links {
    /// Not known.
    #[default]
    None,
    /// One item.
    One(Link),
    /// Several items.
    Many(Arc<[Link]>),
}

impl Links {
    /// The links as a list.
    pub fn as_slice(&self) -> &[Link] {
        match self {
            Self::None => &[],
            Self::One(link) => std::slice::from_ref(link),
            Self::Many(links) => links,
        }
    }

    /// Links to several items of input 0.
    pub fn to_all(indexes: impl IntoIterator<Item = usize>) -> Self {
        Self::Many(indexes.into_iter().map(Link::to).collect())
    }
}

/// A link to an input item.
#[derive(Clone, Debug, PartialEq)]
pub struct Link {
    /// The index of the item.
    pub item: u32,
    /// The input that it came in by.
    pub input: u16,
    /// The output that it really came from, where that is not what fed the input: loops hold items back.
    pub source: Option<Arc<Source>>,
}

impl Link {
    /// A link to an item of input 0.
    pub fn to(index: usize) -> Self {
        Self::of_input(0, index)
    }

    /// A link to an item of another input.
    pub fn of_input(input: usize, index: usize) -> Self {
        Self {
            item: u32::try_from(index).unwrap_or(u32::MAX),
            input: u16::try_from(input).unwrap_or(u16::MAX),
            source: None,
        }
    }
}

/// The output of a run of a node, from which items came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// The node's name.
    pub node: Str,
    /// Its output.
    pub output: usize,
    /// Its run, counted from 0.
    pub run: usize,
}

impl Binary {
    /// A file from the JSON of an item: `{data (base64), mimeType, fileName?, fileExtension?}`; nothing where `data` is not base64.
    pub fn read(file: &Value) -> Option<Self> {
        use base64::Engine;
        let text = |key: &str| file.get(key).as_str().filter(|text| !text.is_empty()).map(Str::from);
        Some(Self {
            data: base64::prelude::BASE64_STANDARD.decode(file.get("data").as_str()?).ok()?.into(),
            mime_type: text("mimeType").unwrap_or_else(|| "application/octet-stream".into()),
            file_name: text("fileName"),
            file_extension: text("fileExtension"),
            directory: text("directory"),
        })
    }

    /// The file as the JSON of an item has it.
    pub fn to_json(&self) -> Object {
        use base64::Engine;
        let mut json = self.describe();
        json.insert("data", Value::from(base64::prelude::BASE64_STANDARD.encode(&self.data)));
        json
    }

    /// All that the JSON of an item says of the file, but its content.
    pub fn describe(&self) -> Object {
        let mut json = Object::from_iter([("mimeType", Value::from(self.mime_type.clone()))]);
        let kind = match self.mime_type.split(';').next().unwrap_or_default() {
            "application/json" => Some("json"),
            "application/pdf" => Some("pdf"),
            "text/html" => Some("html"),
            mime => match mime.split('/').next() {
                Some(kind @ ("text" | "image" | "audio" | "video")) => Some(kind),
                _ => None,
            },
        };
        let fields = [
            ("fileType", kind.map(Str::from)),
            ("fileName", self.file_name.clone()),
            ("fileExtension", self.file_extension.clone()),
            ("directory", self.directory.clone()),
        ];
        json.extend(fields.into_iter().filter_map(|(key, text)| Some((key, Value::from(text?)))));
        json.insert("fileSize", Value::from(human_size(self.data.len())));
        json.insert("bytes", Value::from(self.data.len()));
        json
    }
}

/// A size as n8n shows it, three significant digits: `12 B`, `1.23 kB`, `4.5 MB`.
fn human_size(bytes: usize) -> String {
    let (mut size, mut unit) = (bytes as f64, "B");
    for larger in ["kB", "MB", "GB"] {
        if size >= 1000.0 {
            (size, unit) = (size / 1000.0, larger);
        }
    }
    let digits = if size >= 100.0 || unit == "B" {
        0
    } else if size >= 10.0 {
        1
    } else {
        2
    };
    // Rounded as the number is in binary, not as it reads: 1.045 is a little less.
    let text = format!("{size:.digits$}");
    let text = if digits > 0 { text.trim_end_matches('0').trim_end_matches('.') } else { &text };
    format!("{text} {unit}")
}
