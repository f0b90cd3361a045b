//! Types of files, by their extensions and by how they begin.

/// Types and their extensions; the first extension of a type is the one that it is given.
static TYPES: &[(&str, &[&str])] = &[
    ("application/gzip", &["gz"]),
    ("application/javascript", &["js", "mjs"]),
    ("application/json", &["json", "map"]),
    ("application/ld+json", &["jsonld"]),
    ("application/msword", &["doc", "dot"]),
    (
        "application/octet-stream",
        &["bin", "dms", "lrf", "mar", "so", "dist", "pkg", "exe", "dll", "deb", "dmg", "iso", "img", "msi"],
    ),
    ("application/pdf", &["pdf"]),
    ("application/postscript", &["ai", "eps", "ps"]),
    ("application/rtf", &[]),
    ("application/sql", &["sql"]),
    ("application/vnd.ms-excel", &["xls", "xlm", "xla", "xlc", "xlt", "xlw"]),
    ("application/vnd.ms-outlook", &["msg"]),
    ("application/vnd.ms-powerpoint", &["ppt", "pps", "pot"]),
    ("application/vnd.oasis.opendocument.presentation", &["odp"]),
    ("application/vnd.oasis.opendocument.spreadsheet", &["ods"]),
    ("application/vnd.oasis.opendocument.text", &["odt"]),
    ("application/vnd.openxmlformats-officedocument.presentationml.presentation", &["pptx"]),
    ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", &["xlsx"]),
    ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", &["docx"]),
    ("application/vnd.rar", &["rar"]),
    ("application/x-7z-compressed", &["7z"]),
    ("application/x-bzip2", &["bz2", "boz"]),
    ("application/x-sh", &["sh"]),
    ("application/x-tar", &["tar"]),
    ("application/xhtml+xml", &["xhtml", "xht"]),
    ("application/xml", &["xml", "xsl", "xsd", "rng"]),
    ("application/zip", &["zip"]),
    ("audio/aac", &["aac"]),
    ("audio/mp4", &["m4a", "mp4a"]),
    ("audio/mpeg", &["mpga", "mp2", "mp2a", "mp3", "m2a", "m3a"]),
    ("audio/ogg", &["oga", "ogg", "spx", "opus"]),
    ("audio/wav", &["wav"]),
    ("audio/webm", &["weba"]),
    ("audio/x-flac", &["flac"]),
    ("font/otf", &["otf"]),
    ("font/ttf", &["ttf"]),
    ("font/woff", &["woff"]),
    ("font/woff2", &["woff2"]),
    ("image/avif", &["avif"]),
    ("image/bmp", &["bmp"]),
    ("image/gif", &["gif"]),
    ("image/heic", &["heic"]),
    ("image/jpeg", &["jpeg", "jpg", "jpe"]),
    ("image/png", &["png"]),
    ("image/svg+xml", &["svg", "svgz"]),
    ("image/tiff", &["tif", "tiff"]),
    ("image/vnd.microsoft.icon", &["ico"]),
    ("image/webp", &["webp"]),
    ("message/rfc822", &["eml", "mime"]),
    ("text/calendar", &["ics", "ifb"]),
    ("text/css", &["css"]),
    ("text/csv", &["csv"]),
    ("text/html", &["html", "htm", "shtml"]),
    ("text/markdown", &["md", "markdown"]),
    ("text/plain", &["txt", "text", "conf", "def", "list", "log", "in", "ini"]),
    ("text/rtf", &["rtf"]),
    ("text/tab-separated-values", &["tsv"]),
    ("text/vcard", &["vcard"]),
    ("text/x-vcard", &["vcf"]),
    ("text/xml", &[]),
    ("text/yaml", &["yaml", "yml"]),
    ("video/mp4", &["mp4", "mp4v", "mpg4"]),
    ("video/mpeg", &["mpeg", "mpg", "mpe", "m1v", "m2v"]),
    ("video/ogg", &["ogv"]),
    ("video/quicktime", &["mov", "qt"]),
    ("video/webm", &["webm"]),
    ("video/x-matroska", &["mkv", "mk3d", "mks"]),
    ("video/x-msvideo", &["avi"]),
];

/// The type of files with this extension.
pub(in crate::nodes) fn mime_of(extension: &str) -> Option<&'static str> {
    let extension = extension.to_ascii_lowercase();
    TYPES.iter().find(|(_, extensions)| extensions.contains(&&*extension)).map(|(mime, _)| *mime)
}

/// The usual extension of a type, parameters such as `charset` aside.
pub(in crate::nodes) fn extension_of(mime: &str) -> Option<&'static str> {
    let mime = mime.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    match mime.as_str() {
        "application/rtf" => Some("rtf"),
        "text/xml" => Some("xml"),
        "application/x-zip-compressed" => Some("zip"),
        "application/x-gzip" => Some("gz"),
        _ => TYPES.iter().find(|(own, _)| *own == mime).and_then(|(_, extensions)| extensions.first().copied()),
    }
}

/// How files begin: an offset, the bytes there, the type.
static BEGINNINGS: &[(usize, &[u8], &str)] = &[
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (0, b"GIF8", "image/gif"),
    (8, b"WEBP", "image/webp"),
    (0, b"II*\0", "image/tiff"),
    (0, b"MM\0*", "image/tiff"),
    (0, b"BM", "image/bmp"),
    (0, b"%PDF", "application/pdf"),
    (0, b"PK\x03\x04", "application/zip"),
    (0, b"PK\x05\x06", "application/zip"),
    (0, b"\x1f\x8b\x08", "application/gzip"),
    (0, b"BZh", "application/x-bzip2"),
    (0, b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (0, b"Rar!\x1a\x07", "application/vnd.rar"),
    (0, b"{\\rtf", "application/rtf"),
    (0, b"<?xml ", "application/xml"),
    (0, b"BEGIN:VCALENDAR", "text/calendar"),
    (0, b"ID3", "audio/mpeg"),
    (0, b"\xff\xfb", "audio/mpeg"),
    (0, b"OggS", "audio/ogg"),
    (0, b"fLaC", "audio/x-flac"),
    (8, b"WAVE", "audio/wav"),
    (8, b"AVI ", "video/x-msvideo"),
    (4, b"ftypqt", "video/quicktime"),
    (4, b"ftypheic", "image/heic"),
    (4, b"ftypM4A", "audio/mp4"),
    (4, b"ftyp", "video/mp4"),
    (0, b"\x1a\x45\xdf\xa3", "video/webm"),
    (257, b"ustar", "application/x-tar"),
];

/// The type that the beginning of a file gives away.
pub(super) fn sniff(data: &[u8]) -> Option<&'static str> {
    BEGINNINGS
        .iter()
        .find(|(at, bytes, _)| data.get(*at..).is_some_and(|rest| rest.starts_with(bytes)))
        .map(|(_, _, mime)| *mime)
}
