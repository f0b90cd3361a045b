//! Runs workflows whose results are known, and says where ours differ.
//!
//! A suite is a folder with an `index.json`: `{cases: [{id, file, node, expected, …}]}`. Three kinds of expectation are
//! understood: items pinned to a node (`pinData`), items in a file of their own (`expectedFile`), and whole recorded runs
//! (`run` beside `workflow` in the case's own file).

mod expressions;
mod judge;
mod world;

pub use expressions::expressions;
pub use world::CaseClock;

use crate::data::{Facts, Mode};
use crate::format::Workflow;
use crate::item::{Item, Items};
use crate::nodes;
use crate::port::Sandbox;
use crate::run::{Execution, Limits, Start};
use crate::value::{self, Object, Str, Value};
use jiff::tz::TimeZone;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A folder of cases.
pub struct Suite {
    folder: PathBuf,
    cases: Vec<Value>,
}

/// How a case went.
#[derive(Clone, Debug)]
pub struct Verdict {
    /// The case's id.
    pub id: String,
    /// The family of nodes that it is about.
    pub family: String,
    /// Where we differ, in words; none if we do not.
    pub differences: Vec<String>,
}

impl Suite {
    /// Reads a suite. The error says which file is at fault.
    pub fn load(folder: &Path) -> Result<Self, String> {
        let index = read_json(&folder.join("index.json"))?;
        let cases = index.get("cases").as_array().ok_or("index.json has no list `cases`")?.to_vec();
        Ok(Self { folder: folder.to_owned(), cases })
    }

    /// The ids of the cases.
    pub fn ids(&self) -> Vec<String> {
        self.cases.iter().map(|case| case.get("id").to_text().to_string()).collect()
    }

    /// Runs the case at a place in the list.
    pub async fn run(&self, at: usize, sandbox: Arc<dyn Sandbox>) -> Verdict {
        let Some(case) = self.cases.get(at) else {
            return Verdict {
                id: String::new(),
                family: String::new(),
                differences: vec!["there is no such case".into()],
            };
        };
        let differences = match self.run_case(case, sandbox).await {
            Ok(differences) => differences,
            Err(words) => vec![words],
        };
        Verdict {
            id: case.get("id").to_text().to_string(),
            family: case.get("node").to_text().to_string(),
            differences,
        }
    }

    async fn run_case(&self, case: &Value, sandbox: Arc<dyn Sandbox>) -> Result<Vec<String>, String> {
        let name = case.get("file").as_str().ok_or("the case names no file")?;
        let fixtures = self.folder.join("fixtures");
        let path = self.folder.join(name);
        let text = std::fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        let text = text.replace("{{FIXTURES}}", &fixtures.to_string_lossy()).replace("{{TMPDIR}}", world::TEMPORARY);
        let file = value::parse(&text).map_err(|error| format!("{name}: {error}"))?;
        let json = if file.get("workflow").as_object().is_some() { file.get("workflow") } else { &file };
        let mut workflow = Workflow::read(json).map_err(|error| error.to_string())?;
        self.keep_pins_of_triggers(&mut workflow, case)?;
        let workflow = Arc::new(workflow);
        let zone = workflow.settings.timezone.as_deref().unwrap_or(DEFAULT_ZONE);
        let facts = Facts {
            execution_id: "1".into(),
            mode: Mode::Manual,
            zone: TimeZone::get(zone).map_err(|error| error.to_string())?,
            resume_url: "http://localhost:5678/webhook-waiting/1".into(),
            resume_form_url: "http://localhost:5678/form-waiting/1".into(),
            ..Facts::default()
        };
        let stubs = match case.get("stubs") {
            Value::Undefined | Value::Null => Value::list([]),
            Value::Array(files) => Value::list(
                files
                    .iter()
                    .map(|file| read_json(&self.folder.join(&*file.to_text())))
                    .collect::<Result<Vec<_>, _>>()?
                    .iter()
                    .flat_map(|stubs| stubs.as_array().unwrap_or_default().to_vec()),
            ),
            file => read_json(&self.folder.join(&*file.to_text()))?,
        };
        let ports = world::ports(&fixtures, &stubs, case.get("credentials"), sandbox);
        let mut execution = Execution::new(workflow, facts, Start::default(), ports, Limits::default())
            .map_err(|error| error.message)?;
        let outcome = execution.run().await;
        Ok(judge::judge(&self.folder, case, &file, &execution, &outcome))
    }

    /// All pins but those of triggers are removed; a mocked type is pinned to its records.
    fn keep_pins_of_triggers(&self, workflow: &mut Workflow, case: &Value) -> Result<(), String> {
        let is_trigger = |node: &crate::format::Node| nodes::find(&node.kind).is_some_and(|kind| kind.is_trigger());
        let triggers: Vec<Str> =
            workflow.nodes.iter().filter(|node| is_trigger(node)).map(|node| node.name.clone()).collect();
        workflow.pin_data.retain(|node, _| triggers.contains(node));
        for (kind, file) in case.get("mockNodes").as_object().into_iter().flat_map(Object::iter) {
            let records = read_json(&self.folder.join(&*file.to_text()))?;
            for node in workflow.nodes.iter().filter(|node| node.kind == *kind) {
                let all = node.parameters.get("returnAll").is_some_and(Value::is_truthy);
                // The default limit of this kind of node is 5.
                let limit = node.parameters.get("limit").and_then(Value::as_number).unwrap_or(5.0) as usize;
                let records = records.as_array().unwrap_or_default().iter().take(if all { usize::MAX } else { limit });
                let items: Items = Arc::new(records.map(Item::read).collect());
                workflow.pin_data.insert(node.name.clone(), items);
            }
        }
        Ok(())
    }
}

/// The zone of workflows that name none.
const DEFAULT_ZONE: &str = "America/New_York";

pub(crate) fn read_json(path: &Path) -> Result<Value, String> {
    let text = std::fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
    // What is expected may name the folder that the workflow wrote to.
    value::parse(&text.replace("{{TMPDIR}}", world::TEMPORARY)).map_err(|error| format!("{}: {error}", path.display()))
}
