//! `pmos workflow run FILE`.

use super::{read, read_workflow, table};
use crate::cli::{Failure, say, say_json, tell};
use crate::config::Env;
use crate::workflow::{self, Outside};
use clap::Args;
use pmos_flow::data::{Facts, Mode, RunError, Status};
use pmos_flow::format::Workflow;
use pmos_flow::item::{Item, Items};
use pmos_flow::port::Ports;
use pmos_flow::run::{Execution, Limits, Outcome, Start};
use pmos_flow::value::{self, Object, Value};
use std::path::PathBuf;
use std::sync::Arc;

const EXAMPLES: &str = "\
Examples:
  pmos workflow run report.json
  pmos workflow run report.json --input items.json --json
  pmos workflow run import.json --files ./data --journal import.journal

Started again with the same --journal, a run that was killed goes on where it was.";

/// Run a workflow file of n8n and print what each node gave.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(in crate::cli) struct Run {
    /// The workflow, as n8n exports it.
    file: PathBuf,
    /// Start with these items: a JSON list of objects, or of {json, binary}; `-` reads it from stdin.
    #[arg(long, value_name = "FILE")]
    input: Option<PathBuf>,
    /// The credentials of nodes: a JSON object of type → fields, or a list of {type, name, data}.
    #[arg(long, value_name = "FILE")]
    credentials: Option<PathBuf>,
    /// Keep what was done in this file; with it, a run that was killed goes on.
    #[arg(long, value_name = "FILE")]
    journal: Option<PathBuf>,
    /// Let nodes read and write files in this folder, and nowhere else.
    #[arg(long, value_name = "FOLDER")]
    files: Option<PathBuf>,
    /// Let expressions read this environment variable as $env.NAME; may be given several times.
    #[arg(long = "env", value_name = "NAME")]
    env: Vec<String>,
    /// Allow requests to this address although it is not a public one, such as 127.0.0.1:8080; may be given several times.
    #[arg(long, value_name = "HOST:PORT")]
    allow: Vec<String>,
    /// The time zone of workflows that name none.
    #[arg(long, value_name = "ZONE", default_value = "America/New_York")]
    timezone: String,
    /// Start with this node.
    #[arg(long, value_name = "NODE")]
    from: Option<String>,
    /// Run only what leads to this node.
    #[arg(long, value_name = "NODE")]
    to: Option<String>,
    /// Run this node alone.
    #[arg(long, value_name = "NODE", conflicts_with_all = ["from", "to"])]
    only: Option<String>,
    /// Stop after so many seconds.
    #[arg(long, value_name = "SECONDS", default_value_t = 3600)]
    timeout: u64,
    /// Stop a piece of JavaScript after so many seconds.
    #[arg(long, value_name = "SECONDS", default_value_t = 60)]
    script_timeout: u64,
    /// Print n8n's run data as one JSON object.
    #[arg(long)]
    pub(in crate::cli) json: bool,
}

impl Run {
    pub(super) async fn run(self, env: &Env) -> Result<(), Failure> {
        let workflow = Arc::new(read_workflow(&self.file)?);
        let input = self.input()?;
        let outside = Outside {
            credentials: self.credentials.clone(),
            journal: self.journal.clone(),
            files: self.files.clone(),
            allow: self.allow.clone(),
            workflows: self.file.parent().map(PathBuf::from).unwrap_or_default(),
            identity: self.identity(input.as_ref())?,
            program: None,
        };
        let ports = workflow::ports(&outside).await?;
        let mut execution = self.execution(workflow, input, &ports, env).await?;
        let outcome = self.wait_for(&mut execution, &ports).await;
        if self.json {
            say_json(&execution.report(&outcome))?;
        } else {
            show(&execution)?;
        }
        ended(&outcome).map_err(Failure::already_told)
    }

    fn input(&self) -> Result<Option<Items>, Failure> {
        let Some(file) = &self.input else { return Ok(None) };
        let text = if file.as_os_str() == "-" {
            std::io::read_to_string(std::io::stdin())
                .map_err(|cause| Failure::usage(format!("stdin cannot be read: {cause}")))?
        } else {
            read(file)?
        };
        let items = match value::parse(&text) {
            Ok(Value::Array(items)) => items.iter().map(Item::read).collect(),
            Ok(item @ Value::Object(_)) => vec![Item::read(&item)],
            Ok(_) => return Err(Failure::usage("--input must be a JSON list of objects")),
            Err(error) => return Err(Failure::usage(format!("--input is no JSON: {error}"))),
        };
        Ok(Some(Arc::new(items)))
    }

    /// What a journal belongs to: this workflow with this input.
    fn identity(&self, input: Option<&Items>) -> Result<String, Failure> {
        let input = input.map(|items| value::to_string(&pmos_flow::run::items_json(items))).unwrap_or_default();
        Ok(format!("{}\n{input}", read(&self.file)?))
    }

    async fn execution(
        &self,
        workflow: Arc<Workflow>,
        input: Option<Items>,
        ports: &Ports,
        env: &Env,
    ) -> Result<Execution, Failure> {
        let zone = workflow.settings.timezone.as_deref().unwrap_or(&self.timezone);
        let allowed = self.env.iter().filter_map(|name| Some((name.as_str(), Value::from(env.get(name)?))));
        let facts = Facts {
            mode: Mode::Manual,
            zone: workflow::time_zone(zone)?,
            env: Arc::new(allowed.collect::<Object>()),
            ..Facts::default()
        };
        let limits = Limits {
            duration_ms: self.timeout.saturating_mul(1000),
            script_ms: self.script_timeout.saturating_mul(1000),
            ..Limits::default()
        };
        let kept = ports.journal.state(&facts.execution_id).await.map_err(|error| Failure::failed(error.message))?;
        let execution = match kept {
            Some(state) => {
                tell("the run goes on from its journal");
                Execution::restore(workflow, facts, ports.clone(), limits, &state)
            }
            None => {
                let start = Start {
                    node: self.only.clone().or_else(|| self.from.clone()),
                    items: input,
                    destination: self.to.clone(),
                    alone: self.only.is_some(),
                };
                Execution::new(workflow, facts, start, ports.clone(), limits)
            }
        };
        execution.map_err(|error| Failure::failed(error.message))
    }

    /// Runs to the end, waiting where a node waits for a time.
    async fn wait_for(&self, execution: &mut Execution, ports: &Ports) -> Outcome {
        loop {
            let outcome = execution.run().await;
            let due = outcome.wait.as_ref().filter(|wait| !wait.resumed_by_request).and_then(|wait| wait.until);
            let Some(due) = due else { return outcome };
            let ms = u64::try_from(due - ports.clock.now()).unwrap_or(0);
            tell(&format!("'{}' waits for {} s", outcome.last.as_deref().unwrap_or("a node"), ms.div_ceil(1000)));
            ports.clock.sleep(ms).await;
            execution.resume(None);
        }
    }
}

/// How many items of a node are shown.
const SHOWN: usize = 5;

/// What each node gave, in the order in which they ran.
fn show(execution: &Execution) -> Result<(), Failure> {
    let world = execution.world();
    let mut runs: Vec<_> =
        (0..world.runs.len()).flat_map(|node| world.runs[node].iter().map(move |run| (node, run))).collect();
    runs.sort_by_key(|(_, run)| run.execution_index);
    let mut rows = vec![vec!["node".to_owned(), "status".to_owned(), "items".to_owned(), "time".to_owned()]];
    for (node, run) in &runs {
        let items: Vec<String> = run.outputs.iter().map(|items| items.len().to_string()).collect();
        rows.push(vec![
            world.workflow.nodes[*node].name.to_string(),
            run.status.as_str().to_owned(),
            items.join(" | "),
            format!("{} ms", run.took_ms),
        ]);
    }
    for line in table::lines(&rows) {
        say(&line)?;
    }
    let Some((node, run)) = runs.last() else { return Ok(()) };
    for (output, items) in run.outputs.iter().enumerate().filter(|(_, items)| !items.is_empty()) {
        say("")?;
        say(&format!("{}, output {output}: {} items", world.workflow.nodes[*node].name, items.len()))?;
        for item in items.iter().take(SHOWN) {
            say(&value::to_string(&Value::Object(item.json.clone())))?;
        }
        if items.len() > SHOWN {
            say(&format!("… and {} more (--json prints all)", items.len() - SHOWN))?;
        }
    }
    Ok(())
}

fn ended(outcome: &Outcome) -> Result<(), Failure> {
    match (outcome.status, &outcome.error) {
        (Status::Success, _) => Ok(()),
        (Status::Waiting, _) => Err(Failure::unavailable(format!(
            "'{}' waits for a request, which only a server can take",
            outcome.last.as_deref().unwrap_or("a node")
        ))),
        (status, Some(error)) => Err(Failure::failed(format!("{}: {}", status.as_str(), words(error)))),
        (status, None) => Err(Failure::failed(format!("the run ended as {}", status.as_str()))),
    }
}

/// The error with node, item and parameter.
fn words(error: &RunError) -> String {
    let mut place = format!("'{}'", error.node);
    if let Some(item) = error.item {
        place.push_str(&format!(", item {item}"));
    }
    if let Some(parameter) = &error.parameter {
        place.push_str(&format!(", parameter '{parameter}'"));
    }
    match &error.description {
        Some(more) => format!("{place}: {} ({more})", error.message),
        None => format!("{place}: {}", error.message),
    }
}
