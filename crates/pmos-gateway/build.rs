//! With the feature `embed-ui`: a table of the files in `ui/dist`, for `include!` in `src/http/embedded.rs`.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    println!("cargo:rerun-if-changed=build.rs");
    if env::var_os("CARGO_FEATURE_EMBED_UI").is_none() {
        return Ok(());
    }
    let dist = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../ui/dist");
    println!("cargo:rerun-if-changed={}", dist.display());
    if !dist.join("index.html").is_file() {
        return Err(io::Error::other("the feature embed-ui needs ui/dist: run `npm run build` in ui/ first"));
    }
    let mut table = String::from("[\n");
    for file in files_below(&dist)? {
        let name = file.strip_prefix(&dist).map_err(io::Error::other)?.display().to_string();
        // Writing to a String does not fail.
        let _infallible = writeln!(table, "    ({name:?}, include_bytes!({:?})),", file.canonicalize()?);
    }
    table.push(']');
    let out = env::var_os("OUT_DIR").ok_or_else(|| io::Error::other("cargo sets OUT_DIR"))?;
    fs::write(PathBuf::from(out).join("ui.rs"), table)
}

fn files_below(directory: &Path) -> io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(directory)? {
        let entry = entry?;
        let path = entry.path();
        // What a build keeps for itself is not for visitors.
        if entry.file_name().to_string_lossy().starts_with('.') {
            continue;
        }
        if path.is_dir() {
            files.extend(files_below(&path)?);
        } else {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}
