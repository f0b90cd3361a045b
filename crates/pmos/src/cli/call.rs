//! `pmos call METHOD`.

use super::{Failure, say};
use crate::client::{self, Address, Remote};
use crate::config::Env;
use clap::Args;
use serde_json::Value;

const EXAMPLES: &str = "\
Examples:
  export PMOS_TOKEN=pmos_live_api_…
  pmos call agents.list
  pmos call agents.create --params '{\"name\":\"Researcher\"}'
  pmos call accounts.state --url https://pmos.example.com

Every method and its parameters: the page /docs of the server, or docs/protocol.json.";

/// Call a method of the API and print its result as JSON.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Call {
    /// The method, such as agents.list.
    method: String,
    /// Its parameters, a JSON object; `-` reads it from stdin.
    #[arg(long, value_name = "JSON", default_value = "{}")]
    params: String,
    /// Print the result in one line, as it came.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    remote: Remote,
}

impl Call {
    pub(super) async fn run(self, env: &Env) -> Result<(), Failure> {
        let params = params(&self.params)?;
        let address = Address::of(&self.remote, env)?;
        let result = client::call(&address, &self.method, &params).await?;
        if self.json {
            return say(&result);
        }
        let value: Value = serde_json::from_str(&result)
            .map_err(|_| Failure::failed("the server's answer is no JSON: is --url right?"))?;
        say(&serde_json::to_string_pretty(&value).map_err(pmos_kit::Error::internal)?)
    }
}

pub(super) fn params(text: &str) -> Result<Value, Failure> {
    let read;
    let text = if text == "-" {
        read = std::io::read_to_string(std::io::stdin())
            .map_err(|cause| Failure::usage(format!("stdin cannot be read: {cause}")))?;
        &read
    } else {
        text
    };
    match serde_json::from_str(text) {
        Ok(Value::Object(fields)) => Ok(Value::Object(fields)),
        Ok(_) => Err(Failure::usage("--params must be a JSON object, such as '{\"limit\":10}'")),
        Err(error) => Err(Failure::usage(format!("--params is no JSON: {error}"))),
    }
}
