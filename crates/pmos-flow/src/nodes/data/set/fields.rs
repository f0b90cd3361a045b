//! Fields that are set one by one, each with its type.

use super::json::Template;
use super::put;
use crate::data::ItemScope;
use crate::expression::Scope;
use crate::filter::{Rigour, validate, value_description};
use crate::item::{Binary, Item};
use crate::node::{Context, NodeError, Parameter};
use crate::value::{Object, Path, Str, Value};

/// Fields that are set one by one.
pub(super) struct Fields {
    fields: Vec<Field>,
    dots: bool,
    /// Is what does not fit its type kept as it is?
    lenient: bool,
    version: f64,
}

struct Field {
    name: Parameter,
    /// Where it goes, if that is the same for every item.
    path: Option<Path>,
    kind: Str,
    value: Parameter,
    /// Of an object that is written as text with expressions in it.
    template: Option<Template>,
}

impl Fields {
    pub(super) fn read(context: &mut Context<'_>, dots: bool) -> Result<Self, NodeError> {
        let version = context.version();
        let list = if version < 3.3 { "fields.values" } else { "assignments.assignments" };
        let (group, entries) = list.split_once('.').unwrap_or((list, ""));
        let written = context.node().parameters.get(group).cloned().unwrap_or_default();
        let written = written.get(entries).as_array().unwrap_or_default().to_vec();
        let compiled = context.parameter(list).elements();
        let fields = compiled.iter().enumerate().map(|(at, entry)| Field::read(entry, written.get(at), version, dots));
        Ok(Self {
            fields: fields.collect(),
            dots,
            lenient: context.flag("options.ignoreConversionErrors", 0)?,
            version,
        })
    }

    /// Sets the fields of an item.
    pub(super) fn lay(
        &self,
        scope: &ItemScope<'_>,
        item: &Item,
        at: usize,
        context: &Context<'_>,
        json: &mut Object,
        files: &mut Vec<(Str, Binary)>,
    ) -> Result<(), NodeError> {
        for field in &self.fields {
            let path = match &field.path {
                Some(path) => path,
                None => &Path::with(&field.name.at(scope)?.to_text(), self.dots),
            };
            if &*field.kind == "binary" {
                files.extend(file(&field.value.at(scope)?, item, context).map(|file| (path.text().clone(), file)));
            } else {
                let parameter = if self.version >= 3.3 { "assignments" } else { "fields" };
                let value = self.value(field, path.text(), scope, at);
                put(path, json, value.map_err(|error| error.in_parameter(&format!("{parameter}.{}", path.text())))?);
            }
        }
        Ok(())
    }

    /// The value of a field, made to fit its type.
    fn value(&self, field: &Field, name: &str, scope: &ItemScope<'_>, item: usize) -> Result<Value, NodeError> {
        let given = field.value.at(scope)?;
        if given.is_nullish() && self.version >= 3.2 {
            return Ok(Value::Null);
        }
        let misfit = |words: String| {
            NodeError::new(format!("{words} [item {item}]")).described(format!(
                "To fix the error try to change the type for the field \"{name}\" or activate the option “Ignore Type Conversion Errors” to apply a less strict type validation"
            ))
        };
        let given = match (&*field.kind, &field.template) {
            ("object", Some(template)) if !given.is_nullish() => {
                template.object(scope, &format!("entry \"{name}\" inside 'Fields to Set'"), item)?.into()
            }
            // What undefined became in version 3.0 stays so.
            ("string", _) if given.is_nullish() && self.version < 3.1 => Value::String(given.to_text()),
            ("string", _) if given.is_nullish() && self.lenient => Value::Null,
            ("string", _) if given.is_nullish() => {
                return Err(misfit(format!("'{name}' expects a string but we got {}", value_description(&given))));
            }
            _ => given,
        };
        let rigour = Rigour { parse_strings: true, ..Rigour::default() };
        match validate(name, &given, &field.kind, &rigour, scope.zone()) {
            Ok(Value::Undefined) => Ok(Value::Null),
            Ok(value) => Ok(value),
            Err(_) if self.lenient => Ok(given),
            Err(words) => Err(misfit(words)),
        }
    }
}

impl Field {
    fn read(entry: &Parameter, written: Option<&Value>, version: f64, dots: bool) -> Self {
        let fixed = |name: &str| match entry.field(name) {
            Some(Parameter::Fixed(Value::String(text))) => Some(text),
            _ => None,
        };
        let (kind, place): (Str, Str) = if version < 3.3 {
            let kind = fixed("type").unwrap_or_else(|| "stringValue".into());
            (kind.trim_end_matches("Value").into(), kind)
        } else {
            (fixed("type").unwrap_or_else(|| "string".into()), "value".into())
        };
        let value = entry.field(&place).unwrap_or(Parameter::Fixed(Value::Undefined));
        let name = entry.field("name").unwrap_or(Parameter::Fixed(Value::from("")));
        Self {
            path: match &name {
                Parameter::Fixed(name) => Some(Path::with(&name.to_text(), dots)),
                _ => None,
            },
            template: (&*kind == "object" && !value.is_fixed())
                .then(|| Template::of(&value, written.map(|entry| entry.get(&place)))),
            name,
            kind,
            value,
        }
    }
}

/// The file that a value stands for: the name of one of the item's, or one as expressions see it.
fn file(value: &Value, item: &Item, context: &Context<'_>) -> Option<Binary> {
    if let Some(name) = value.as_str() {
        return item.file(name).cloned();
    }
    let described = |file: &Binary| file.describe().iter().all(|(key, own)| value.get(key) == own);
    let of_item = |item: &Item| {
        item.binary
            .iter()
            .flat_map(|files| files.iter())
            .find(|(_, file)| described(file))
            .map(|(_, file)| file.clone())
    };
    let earlier = || {
        context
            .world()
            .runs
            .iter()
            .flatten()
            .flat_map(|run| &run.outputs)
            .flat_map(|items| items.iter())
            .find_map(of_item)
    };
    value.as_object().and_then(|_| of_item(item).or_else(earlier))
}
