//! `pmos workflow coverage DIR`.

use super::table;
use crate::cli::{Failure, say, say_json};
use clap::Args;
use pmos_flow::format::Workflow;
use pmos_flow::nodes;
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// Say how many of the workflow files in a folder can be run, and which types of nodes the others need.
#[derive(Debug, Args)]
pub(in crate::cli) struct Coverage {
    /// The folder; the folders in it are read too.
    folder: PathBuf,
    /// Print one JSON object.
    #[arg(long)]
    pub(in crate::cli) json: bool,
}

#[derive(Default)]
struct Found {
    files: usize,
    imported: usize,
    covered: usize,
    failed: Vec<(PathBuf, String)>,
    /// By type: in how many files it is missing.
    missing: BTreeMap<String, usize>,
}

/// Folders within folders: deeper than anybody keeps workflows.
const DEEPEST: usize = 16;

impl Coverage {
    pub(super) fn run(self) -> Result<(), Failure> {
        let mut found = Found::default();
        found.read_folder(&self.folder, 0)?;
        let mut missing: Vec<(&String, &usize)> = found.missing.iter().collect();
        missing.sort_by(|a, b| b.1.cmp(a.1).then(a.0.cmp(b.0)));
        if self.json {
            return say_json(&json!({
                "files": found.files,
                "imported": found.imported,
                "covered": found.covered,
                "failed": found.failed.iter().map(|(file, why)| json!({ "file": file, "message": why })).collect::<Vec<_>>(),
                "missing": missing.iter().map(|(kind, files)| json!({ "type": kind, "files": files })).collect::<Vec<_>>(),
            }));
        }
        for (file, why) in &found.failed {
            say(&format!("{}: {why}", file.display()))?;
        }
        let rows: Vec<Vec<String>> =
            missing.iter().map(|(kind, files)| vec![files.to_string(), (*kind).clone()]).collect();
        if !rows.is_empty() {
            say("files  missing type")?;
        }
        for line in table::lines(&rows) {
            say(&line)?;
        }
        let percent = |part: usize| if found.files == 0 { 0.0 } else { part as f64 * 100.0 / found.files as f64 };
        say(&format!(
            "{} files: {} import ({:.1} %), {} use only known types ({:.1} %)",
            found.files,
            found.imported,
            percent(found.imported),
            found.covered,
            percent(found.covered)
        ))
    }
}

impl Found {
    fn read_folder(&mut self, folder: &Path, depth: usize) -> Result<(), Failure> {
        let entries = std::fs::read_dir(folder)
            .map_err(|cause| Failure::usage(format!("{} cannot be read: {cause}", folder.display())))?;
        let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
        paths.sort();
        for path in paths {
            if path.is_dir() && !path.is_symlink() && depth < DEEPEST {
                self.read_folder(&path, depth + 1)?;
            } else if path.extension().is_some_and(|extension| extension == "json") {
                self.read_file(path);
            }
        }
        Ok(())
    }

    fn read_file(&mut self, path: PathBuf) {
        let Ok(text) = std::fs::read_to_string(&path) else { return };
        // Other JSON lies beside workflows: what has no nodes is none.
        if !text.contains("\"nodes\"") {
            return;
        }
        self.files += 1;
        match Workflow::parse(&text) {
            Ok(workflow) => {
                self.imported += 1;
                let missing: BTreeSet<&str> =
                    workflow.nodes.iter().map(|node| &*node.kind).filter(|kind| nodes::find(kind).is_none()).collect();
                self.covered += usize::from(missing.is_empty());
                for kind in missing {
                    *self.missing.entry(kind.to_owned()).or_default() += 1;
                }
            }
            Err(error) => self.failed.push((path, error.to_string())),
        }
    }
}
