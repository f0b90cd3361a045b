//! The files of items: how a node finds one, and how it makes one.

mod encoding;
mod mime;

pub(super) use encoding::{Encoding, decode, encode, from_base64};
pub(in crate::nodes) use mime::{extension_of, mime_of};

use crate::item::{Binary, Item};
use crate::node::NodeError;
use crate::value::Str;
use bytes::Bytes;

/// The largest file that a reader of formats takes apart, unless it is bounded otherwise.
pub(super) const LARGEST_INPUT: usize = 256 << 20;

/// The file of an item in a property, in n8n's words where there is none.
pub(in crate::nodes) fn file_of<'i>(item: &'i Item, property: &str, index: usize) -> Result<&'i Binary, NodeError> {
    let Some(files) = &item.binary else {
        let message = format!(
            "This operation expects the node's input data to contain a binary file '{property}', but none was found [item {index}]"
        );
        return Err(NodeError::new(message)
            .described("Make sure that the previous node outputs a binary file")
            .at_item(index));
    };
    let file = files.iter().find(|(name, _)| **name == *property).map(|(_, file)| file);
    file.ok_or_else(|| {
        NodeError::new(format!("The item has no binary field '{property}' [item {index}]"))
            .described("Check that the parameter where you specified the input binary field name is correct, and that it matches a field in the binary input")
            .at_item(index)
    })
}

/// A file of an item: what the caller does not know is guessed from the name, then from the content, else it is text.
pub(in crate::nodes) fn file(data: impl Into<Bytes>, path: Option<&str>, mime_type: Option<&str>) -> Binary {
    let data = data.into();
    let path = path.filter(|path| !path.is_empty());
    let mime_type = mime_type
        .filter(|mime| !mime.is_empty())
        .or_else(|| path.and_then(|path| mime_of(path.rsplit_once('.')?.1)))
        .or_else(|| mime::sniff(&data))
        .unwrap_or("text/plain");
    let mut file = Binary {
        file_extension: extension_of(mime_type).map(Str::from),
        mime_type: mime_type.into(),
        data,
        ..Binary::default()
    };
    if let Some(path) = path {
        let (directory, name) = path.rsplit_once('/').map_or((None, path), |(directory, name)| (Some(directory), name));
        // A name that begins with its only dot has no extension.
        if let Some((_, extension)) =
            name.rsplit_once('.').filter(|(stem, extension)| !stem.is_empty() && !extension.is_empty())
        {
            file.file_extension = Some(extension.into());
        }
        file.directory = directory.map(|directory| if directory.is_empty() { "/" } else { directory }.into());
        file.file_name = Some(name.into());
    }
    file
}

/// The same file with the name `file` and its extension, if it has no name.
pub(super) fn named(mut file: Binary) -> Binary {
    if file.file_name.is_none() {
        let extension = file.file_extension.as_deref().map(|extension| format!(".{extension}")).unwrap_or_default();
        file.file_name = Some(format!("file{extension}").into());
    }
    file
}

#[cfg(test)]
mod tests {
    use super::file;

    #[test]
    fn a_path_says_name_type_and_folder() {
        let made = file("x", Some("/data/in/photo.JPG"), None);
        assert_eq!((&*made.mime_type, made.file_name.as_deref()), ("image/jpeg", Some("photo.JPG")));
        assert_eq!((made.file_extension.as_deref(), made.directory.as_deref()), (Some("JPG"), Some("/data/in")));
    }

    #[test]
    fn content_says_the_type_where_the_name_does_not() {
        assert_eq!(&*file(&b"%PDF-1.7"[..], None, None).mime_type, "application/pdf");
        let text = file("hello", Some(".env"), None);
        assert_eq!((&*text.mime_type, text.file_extension.as_deref()), ("text/plain", Some("txt")));
    }
}
