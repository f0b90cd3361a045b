//! Compression: packs files of an item, and unpacks them.

use super::inflate::{Budget, gunzip};
use super::{Zip, ZipWriter};
use crate::item::{Binary, Item};
use crate::node::{Context, Given, Group, NodeError, NodeType, Property, Run, Shown};
use crate::nodes::files::binary::{extension_of, file, file_of, mime_of};
use flate2::{Compression, write::GzEncoder};
use std::io::Write;

const COMPRESS: Shown = Shown::is("operation", &["compress"]);

pub(in crate::nodes::files) static COMPRESSION: NodeType = NodeType {
    name: "n8n-nodes-base.compression",
    title: "Compression",
    summary: "Packs files into a zip or gzip file, and unpacks them.",
    group: Group::Files,
    versions: &[1.0, 1.1],
    properties: &[
        Property::options("operation", "decompress", &["compress", "decompress"]),
        Property::text("binaryPropertyName").or("data").required(),
        Property::options("outputFormat", "", &["gzip", "zip"]).when(&[COMPRESS]).until(1.0),
        Property::options("outputFormat", "zip", &["gzip", "zip"]).when(&[COMPRESS]).since(1.1),
        Property::text("fileName").when(&[COMPRESS, Shown::is("outputFormat", &["zip"])]).until(1.0),
        Property::text("fileName").when(&[COMPRESS]).since(1.1),
        Property::text("binaryPropertyOutput")
            .or("data")
            .when(&[COMPRESS, Shown::is("outputFormat", &["zip"])])
            .until(1.0),
        Property::text("binaryPropertyOutput").or("data").when(&[COMPRESS]).since(1.1),
        Property::text("outputPrefix")
            .or("data")
            .when(&[COMPRESS, Shown::is("outputFormat", &["gzip"])])
            .until(1.0)
            .required(),
        Property::text("outputPrefix").or("file_").when(&[Shown::is("operation", &["decompress"])]).required(),
    ],
    run: Run::Pure(run),
    ..NodeType::BASE
};

/// Packing these again would cost time and save nothing.
static PACKED: &[&str] = &[
    "7z", "aifc", "bz2", "deb", "docx", "gif", "gz", "heic", "jpg", "jpeg", "jfif", "mov", "mp3", "mp4", "mpg", "mpeg",
    "odp", "ods", "odt", "pdf", "png", "ppt", "pptx", "rar", "xlsx", "zip", "webp", "webm",
];

fn run(context: &mut Context<'_>) -> Result<Given, NodeError> {
    context.each(|context, at, item| {
        let names = context.text("binaryPropertyName", at)?;
        let names: Vec<&str> = names.split(',').map(str::trim).collect();
        let mut given = Item::new(item.json.clone());
        if &*context.text("operation", at)? == "decompress" {
            let prefix = context.text("outputPrefix", at)?;
            for (count, file) in unpack(context, item, at, &names)?.into_iter().enumerate() {
                given = given.with_file(&format!("{prefix}{count}"), file);
            }
            return Ok(vec![given]);
        }
        match &*context.text("outputFormat", at)? {
            "gzip" if context.version() < 1.1 => {
                let prefix = context.text("outputPrefix", at)?;
                for (index, name) in names.iter().enumerate() {
                    let source = file_of(item, name, at)?;
                    let stem = source.file_name.as_deref().and_then(|name| name.split('.').next()).unwrap_or("file");
                    let packed = file(gzip(&source.data)?, Some(&format!("{stem}.gzip")), Some("application/gzip"));
                    given = given.with_file(&format!("{prefix}{index}"), packed);
                }
            }
            "gzip" => {
                let source = file_of(item, names.first().copied().unwrap_or_default(), at)?;
                let name = context.text("fileName", at)?;
                let packed = file(gzip(&source.data)?, Some(&name), Some("application/gzip"));
                given = given.with_file(&context.text("binaryPropertyOutput", at)?, packed);
            }
            _ => {
                let zipped = zip(item, at, &names)?;
                let name = context.text("fileName", at)?;
                given = given.with_file(
                    &context.text("binaryPropertyOutput", at)?,
                    file(zipped, Some(&name), mime_of("zip").filter(|_| name.is_empty())),
                );
            }
        }
        Ok(vec![given])
    })
}

fn zip(item: &Item, at: usize, names: &[&str]) -> Result<Vec<u8>, NodeError> {
    let mut writer = ZipWriter::default();
    for name in names {
        let source = file_of(item, name, at)?;
        let stored = source
            .file_extension
            .as_deref()
            .is_some_and(|extension| PACKED.contains(&&*extension.to_ascii_lowercase()));
        writer.add(source.file_name.as_deref().unwrap_or(name), &source.data, stored)?;
    }
    Ok(writer.finish())
}

fn gzip(content: &[u8]) -> Result<Vec<u8>, NodeError> {
    let failed = |error: std::io::Error| NodeError::new(error.to_string());
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(content).map_err(failed)?;
    encoder.finish().map_err(failed)
}

fn unpack(context: &Context<'_>, item: &Item, at: usize, names: &[&str]) -> Result<Vec<Binary>, NodeError> {
    let mut files = Vec::new();
    for name in names {
        let source = file_of(item, name, at)?;
        let extension = source.file_extension.as_deref().map(str::to_ascii_lowercase);
        let extension =
            extension.ok_or_else(|| NodeError::new(format!("File extension not found for binary data {name}")))?;
        let mut budget = Budget::of(source.data.len(), context.limits.bytes);
        match extension.as_str() {
            "zip" => {
                let zip = Zip::open(&source.data)?;
                // Folders have no content, and macOS adds a shadow of every file.
                for entry in
                    zip.entries.iter().filter(|entry| !entry.name.contains("__MACOSX") && !entry.name.ends_with('/'))
                {
                    files.push(file(zip.read(entry, &mut budget)?, Some(&entry.name), None));
                }
            }
            "gz" | "gzip" => files.push(ungzipped(source, &mut budget)?),
            _ => {}
        }
    }
    Ok(files)
}

/// A gzip file unpacked: `report.csv.gz` becomes `report.csv`, and what has no second extension is named by its content.
fn ungzipped(source: &Binary, budget: &mut Budget) -> Result<Binary, NodeError> {
    let content = gunzip(&source.data, budget)?;
    let name = source.file_name.as_deref().unwrap_or("file");
    let inner = name.strip_suffix(".gz").and_then(|name| name.rsplit_once('.')).map(|(_, extension)| extension);
    let mut unpacked = file(content, None, inner.and_then(mime_of));
    let extension = inner.or_else(|| extension_of(&unpacked.mime_type)).unwrap_or("txt");
    let stem = name.split('.').next().unwrap_or(name);
    unpacked.file_name = Some(format!("{stem}.{extension}").into());
    unpacked.file_extension = Some(extension.into());
    Ok(unpacked)
}
