//! Which fields and files of the input are kept.

use crate::item::{Binary, Item};
use crate::node::{Context, NodeError};
use crate::value::{Object, Path, Str, Value};
use std::sync::Arc;

/// Which fields and files of the input are kept.
pub(super) struct Kept {
    fields: Which,
    files: bool,
}

enum Which {
    All,
    None,
    /// Where each field is, and where it goes.
    Selected(Vec<(Path, Path)>),
    Except(Vec<Path>),
}

impl Kept {
    pub(super) fn read(context: &mut Context<'_>, dots: bool) -> Result<Self, NodeError> {
        let new = context.version() >= 3.3;
        let include = match new && !context.flag("includeOtherFields", 0)? {
            true => "none".into(),
            false => context.text("include", 0)?,
        };
        let fields = match &*include {
            "all" => Which::All,
            "none" => Which::None,
            "selected" => Which::Selected(
                names(context, "includeFields")?
                    .iter()
                    .map(|name| {
                        // A nested field comes out of its nest.
                        let last = name.rsplit('.').next().filter(|_| dots).unwrap_or(name);
                        (Path::with(name, dots), Path::with(last, dots))
                    })
                    .collect(),
            ),
            "except" => {
                Which::Except(names(context, "excludeFields")?.iter().map(|name| Path::with(name, dots)).collect())
            }
            other => {
                return Err(
                    NodeError::new(format!("The include option \"{other}\" is not known!")).in_parameter("include")
                );
            }
        };
        let files = match context.version() >= 3.4 {
            true => !matches!(fields, Which::None) && !context.flag("options.stripBinary", 0)?,
            false => context.flag("options.includeBinary", 0)?,
        };
        Ok(Self { fields, files })
    }

    pub(super) fn fields_of(&self, item: &Item) -> Object {
        match &self.fields {
            Which::All => Object::clone(&item.json),
            Which::None => Object::new(),
            Which::Selected(paths) => {
                let mut kept = Object::new();
                for (from, to) in paths {
                    if let Some(value) = from.find(&item.json) {
                        to.set(&mut kept, value);
                    }
                }
                kept
            }
            Which::Except(paths) => {
                let mut kept = Object::clone(&item.json);
                paths.iter().for_each(|path| drop(path.unset(&mut kept)));
                kept
            }
        }
    }

    pub(super) fn files_of(&self, item: &Item) -> Option<Arc<Vec<(Str, Binary)>>> {
        item.binary.clone().filter(|_| self.files)
    }
}

/// Names with commas between them, or a list of names.
fn names(context: &mut Context<'_>, parameter: &str) -> Result<Vec<String>, NodeError> {
    let text = match context.get(parameter, 0)? {
        Value::Undefined | Value::Null => return Ok(Vec::new()),
        value => value.to_text(),
    };
    Ok(text.split(',').map(|name| name.trim().to_owned()).filter(|name| !name.is_empty()).collect())
}
