//! Files that come with a message. Text alone: the model reads it as part of the message.

use crate::sessions::TextFile;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use pmos_kit::{Error, Result};
use schemars::JsonSchema;
use serde::Deserialize;

const MAX_FILES: usize = 10;
// All together, so that in base 64 they fit into a frame of 1 MiB with their message.
const MAX_BYTES: usize = 512 * 1024;

/// A file that comes with a message.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Attachment {
    /// Accepted, no effect.
    #[serde(rename = "type")]
    _kind: Option<String>,
    mime_type: Option<String>,
    file_name: Option<String>,
    /// The file in base 64: UTF-8 text, at most 512 KiB in all files together.
    content: String,
}

/// Understand the files of a message.
pub(super) fn text_files(attachments: Vec<Attachment>) -> Result<Option<Vec<TextFile>>> {
    if attachments.len() > MAX_FILES {
        return Err(Error::invalid_field("attachments", format!("attachments: at most {MAX_FILES} files")));
    }
    let bytes: usize = attachments.iter().map(|attachment| attachment.content.len() / 4 * 3).sum();
    if bytes > MAX_BYTES {
        return Err(Error::invalid_field("attachments", "attachments: at most 512 KiB in all files together"));
    }
    let files: Vec<TextFile> = attachments
        .into_iter()
        .enumerate()
        .map(|(place, attachment)| text_file(place, attachment))
        .collect::<Result<_>>()?;
    Ok(Some(files).filter(|files| !files.is_empty()))
}

fn text_file(place: usize, attachment: Attachment) -> Result<TextFile> {
    let bad = |words: &str| {
        Error::invalid_field(format!("attachments[{place}].content"), format!("attachments[{place}]: {words}"))
    };
    let encoded = attachment.content.split_once(";base64,").map_or(attachment.content.as_str(), |(_, data)| data);
    let bytes = STANDARD.decode(encoded).map_err(|_| bad("the content is not base 64"))?;
    let text = String::from_utf8(bytes).map_err(|_| bad("only text files, in UTF-8"))?;
    if text.contains('\0') {
        return Err(bad("only text files: this one holds U+0000"));
    }
    let name = attachment.file_name.unwrap_or_else(|| format!("file-{}.txt", place + 1));
    let file_name = name.chars().filter(|c| !c.is_control()).take(200).collect();
    Ok(TextFile { file_name, mime_type: attachment.mime_type.unwrap_or_else(|| "text/plain".into()), text })
}
