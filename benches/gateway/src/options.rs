//! The command line: words and `--name value` pairs.

use std::collections::HashMap;
use std::str::FromStr;

use anyhow::{Context, Result, bail};

/// What was asked for. Modes take their defaults where they use them.
#[derive(Debug, Clone, Default)]
pub(crate) struct Options {
    words: Vec<String>,
    named: HashMap<String, String>,
}

impl Options {
    pub(crate) fn parse(args: impl Iterator<Item = String>) -> Result<Options> {
        let mut options = Options::default();
        let mut args = args;
        while let Some(arg) = args.next() {
            match arg.strip_prefix("--") {
                Some(name) => {
                    let value = args.next().with_context(|| format!("--{name} needs a value"))?;
                    options.named.insert(name.to_owned(), value);
                }
                None => options.words.push(arg),
            }
        }
        Ok(options)
    }

    /// The same with one more option, for a mode that runs others.
    pub(crate) fn with(&self, name: &str, value: impl ToString) -> Options {
        let mut options = self.clone();
        options.named.insert(name.to_owned(), value.to_string());
        options
    }

    /// The options of one of several servers: `--alone-url` is the `--url` of `alone`.
    pub(crate) fn under(&self, name: &str) -> Options {
        let mut options = self.clone();
        for (key, value) in &self.named {
            if let Some(own) = key.strip_prefix(name).and_then(|rest| rest.strip_prefix('-')) {
                options.named.insert(own.to_owned(), value.clone());
            }
        }
        options
    }

    pub(crate) fn word(&self, index: usize) -> Option<&str> {
        self.words.get(index).map(String::as_str)
    }

    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.named.get(name).map(String::as_str)
    }

    pub(crate) fn required(&self, name: &str) -> Result<&str> {
        self.text(name).with_context(|| format!("--{name} is missing"))
    }

    pub(crate) fn number<T: FromStr>(&self, name: &str, default: T) -> Result<T> {
        let Some(text) = self.text(name) else { return Ok(default) };
        match text.parse() {
            Ok(number) => Ok(number),
            Err(_) => bail!("--{name} is not a number: {text}"),
        }
    }
}
