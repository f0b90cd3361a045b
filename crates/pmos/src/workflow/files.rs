//! The files of workflows: one folder, and nothing outside it.

use async_trait::async_trait;
use bytes::Bytes;
use pmos_flow::port::{Files, PortError};
use pmos_kit::Error;
use rustix::fs::{Mode, OFlags, ResolveFlags, openat2};
use std::fs::File;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

/// A folder. The kernel resolves paths within it: neither `..` nor a link leads out (openat2(2), RESOLVE_BENEATH).
pub(super) struct Folder(Option<(File, PathBuf)>);

/// A file may have so many bytes.
const LARGEST: u64 = 256 << 20;
/// A pattern may match so many files.
const MOST_FILES: usize = 10_000;

impl Folder {
    pub(super) fn new(path: Option<PathBuf>) -> Result<Self, Error> {
        let Some(path) = path else { return Ok(Self(None)) };
        let wrong = |cause: std::io::Error| Error::invalid(format!("--files {}: {cause}", path.display()));
        let whole = path.canonicalize().map_err(wrong)?;
        Ok(Self(Some((File::open(&whole).map_err(wrong)?, whole))))
    }

    /// The folder, and a path within it. Paths may be written whole or from the folder on.
    fn within<'p>(&self, path: &'p str) -> Result<(&File, &'p Path), PortError> {
        let Some((folder, whole)) = &self.0 else {
            return Err(PortError::new("Files cannot be used here: start the run with --files FOLDER"));
        };
        let path = Path::new(path);
        let inner = if path.is_absolute() { path.strip_prefix(whole).ok() } else { Some(path) };
        let inner = inner.ok_or_else(|| outside(path))?;
        Ok((folder, if inner.as_os_str().is_empty() { Path::new(".") } else { inner }))
    }

    fn open(&self, path: &str, flags: OFlags) -> Result<File, PortError> {
        let (folder, inner) = self.within(path)?;
        let mode = if flags.contains(OFlags::CREATE) { Mode::from_raw_mode(0o644) } else { Mode::empty() };
        openat2(folder, inner, flags | OFlags::CLOEXEC, mode, ResolveFlags::BENEATH | ResolveFlags::NO_MAGICLINKS)
            .map(File::from)
            .map_err(|cause| {
                if cause == rustix::io::Errno::XDEV { outside(Path::new(path)) } else { failed(path, cause.into()) }
            })
    }
}

fn outside(path: &Path) -> PortError {
    PortError::new(format!("Access to '{}' is not allowed: it is not within the folder of --files", path.display()))
}

fn failed(path: &str, cause: std::io::Error) -> PortError {
    match cause.kind() {
        std::io::ErrorKind::NotFound => PortError::new(format!("The file \"{path}\" could not be accessed.")),
        _ => PortError::new(format!("The file \"{path}\" could not be accessed: {cause}")),
    }
}

#[async_trait]
impl Files for Folder {
    async fn read(&self, path: &str) -> Result<Bytes, PortError> {
        let mut content = Vec::new();
        let file = self.open(path, OFlags::RDONLY | OFlags::NONBLOCK)?;
        if !file.metadata().map_err(|cause| failed(path, cause))?.is_file() {
            return Err(PortError::new(format!("'{path}' is no file")));
        }
        file.take(LARGEST + 1).read_to_end(&mut content).map_err(|cause| failed(path, cause))?;
        if content.len() as u64 > LARGEST {
            return Err(PortError::new(format!("The file '{path}' is larger than the limit of {} MiB", LARGEST >> 20)));
        }
        Ok(content.into())
    }

    async fn matching(&self, pattern: &str) -> Result<Vec<String>, PortError> {
        let (_, inner) = self.within(pattern)?;
        let Some((_, whole)) = &self.0 else { return Ok(Vec::new()) };
        let parts: Vec<&str> = inner.to_str().unwrap_or_default().split('/').collect();
        let mut found = Vec::new();
        self.walk(".", &parts, &mut found)?;
        found.sort();
        let start = if Path::new(pattern).is_absolute() { whole.clone() } else { PathBuf::new() };
        Ok(found.into_iter().map(|path| start.join(path).to_string_lossy().into_owned()).collect())
    }

    async fn write(&self, path: &str, content: Bytes, append: bool) -> Result<(), PortError> {
        let how = if append { OFlags::APPEND } else { OFlags::TRUNC };
        let mut file = self.open(path, OFlags::WRONLY | OFlags::CREATE | how)?;
        file.write_all(&content).map_err(|cause| failed(path, cause))
    }
}

impl Folder {
    /// Adds what the rest of a pattern matches in a folder. `**` matches any number of folders.
    fn walk(&self, folder: &str, parts: &[&str], found: &mut Vec<String>) -> Result<(), PortError> {
        let Some((part, rest)) = parts.split_first() else { return Ok(()) };
        let folder_file = match self.open(folder, OFlags::RDONLY | OFlags::DIRECTORY) {
            Ok(file) => file,
            Err(_) => return Ok(()),
        };
        if *part == "**" {
            self.walk(folder, rest, found)?;
        }
        let entries = rustix::fs::Dir::read_from(&folder_file).map_err(|cause| failed(folder, cause.into()))?;
        for entry in entries.flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            let path = if folder == "." { name.clone() } else { format!("{folder}/{name}") };
            let is_folder = entry.file_type() == rustix::fs::FileType::Directory;
            if name == "." || name == ".." || found.len() >= MOST_FILES {
                continue;
            }
            match *part {
                "**" if is_folder => self.walk(&path, parts, found)?,
                "**" => {}
                pattern if !matches(pattern, &name) => {}
                _ if rest.is_empty() && !is_folder => found.push(path),
                _ if is_folder => self.walk(&path, rest, found)?,
                _ => {}
            }
        }
        Ok(())
    }
}

/// Does a pattern with `*` and `?` match a name?
fn matches(pattern: &str, name: &str) -> bool {
    let (pattern, name): (Vec<char>, Vec<char>) = (pattern.chars().collect(), name.chars().collect());
    let (mut p, mut n) = (0, 0);
    // Where the last star stands, and how much of the name it has taken.
    let mut star = None;
    while n < name.len() {
        match pattern.get(p) {
            Some('*') => {
                star = Some((p, n));
                p += 1;
            }
            Some(c) if *c == '?' || *c == name[n] => {
                p += 1;
                n += 1;
            }
            _ => match &mut star {
                Some((at, taken)) => {
                    *taken += 1;
                    (p, n) = (*at + 1, *taken);
                }
                None => return false,
            },
        }
    }
    pattern[p..].iter().all(|c| *c == '*')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn nothing_outside_the_folder_can_be_reached() {
        let top = tempfile::tempdir().unwrap();
        let inner = top.path().join("inner");
        std::fs::create_dir_all(inner.join("deep")).unwrap();
        std::fs::write(top.path().join("secret"), "secret").unwrap();
        std::fs::write(inner.join("deep/a.csv"), "a").unwrap();
        std::os::unix::fs::symlink(top.path(), inner.join("out")).unwrap();
        let folder = Folder::new(Some(inner.clone())).unwrap();
        assert_eq!(folder.read("deep/a.csv").await.unwrap(), "a");
        assert_eq!(folder.read(inner.join("deep/a.csv").to_str().unwrap()).await.unwrap(), "a");
        for path in ["../secret", "out/secret", "/etc/passwd", "deep/../../secret", "deep"] {
            assert!(folder.read(path).await.is_err(), "{path}");
        }
        assert!(folder.write("out/new", Bytes::new(), false).await.is_err());
        assert_eq!(folder.matching("**/*.csv").await.unwrap(), ["deep/a.csv"]);
        assert_eq!(folder.matching("out/*").await.unwrap(), Vec::<String>::new());
        assert!(Folder::new(None).unwrap().read("deep/a.csv").await.is_err());
    }

    #[test]
    fn patterns_match_names() {
        for (pattern, name, does) in [
            ("*.csv", "a.csv", true),
            ("a?c", "abc", true),
            ("*", "", true),
            ("*a*b", "xaxxb", true),
            ("a", "ab", false),
        ] {
            assert_eq!(matches(pattern, name), does, "{pattern} {name}");
        }
    }
}
