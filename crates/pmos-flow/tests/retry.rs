//! A node that is tried again after a failure asks anew, also where the failure was recorded.

use async_trait::async_trait;
use bytes::Bytes;
use pmos_flow::conformance::CaseClock;
use pmos_flow::data::{Facts, Status};
use pmos_flow::format::Workflow;
use pmos_flow::port::{
    Credentials, Files, HttpOut, HttpRequest, HttpResponse, Journal, Mail, MailOut, PortError, Ports, Sandbox, Script,
    ScriptOutput, Workflows,
};
use pmos_flow::run::{Execution, Limits, MemoryJournal, NoJournal, Start};
use pmos_flow::value::{Object, Value};
use pmos_kit::OsRng;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// An outside that fails once, then answers.
#[derive(Default)]
struct Outside {
    calls: AtomicUsize,
}

fn nothing<T>() -> Result<T, PortError> {
    Err(PortError::new("there is nothing here"))
}

#[async_trait]
impl HttpOut for Outside {
    async fn send(&self, _request: HttpRequest) -> Result<HttpResponse, PortError> {
        let status = if self.calls.fetch_add(1, Ordering::Relaxed) == 0 { 500 } else { 200 };
        let headers = vec![("content-type".into(), "application/json".into())];
        Ok(HttpResponse { status, headers, body: Bytes::from_static(br#"{"ok":true}"#), ..HttpResponse::default() })
    }
}

#[async_trait]
impl Files for Outside {
    async fn read(&self, _path: &str) -> Result<Bytes, PortError> {
        nothing()
    }
    async fn matching(&self, _pattern: &str) -> Result<Vec<String>, PortError> {
        nothing()
    }
    async fn write(&self, _path: &str, _content: Bytes, _append: bool) -> Result<(), PortError> {
        nothing()
    }
}

#[async_trait]
impl Credentials for Outside {
    async fn get(&self, _kind: &str, _id: Option<&str>, _name: &str) -> Result<Arc<Object>, PortError> {
        nothing()
    }
    async fn update(&self, _kind: &str, _id: Option<&str>, _name: &str, _fields: Arc<Object>) -> Result<(), PortError> {
        nothing()
    }
}

#[async_trait]
impl MailOut for Outside {
    async fn send(&self, _mail: Mail) -> Result<Value, PortError> {
        nothing()
    }
}

#[async_trait]
impl Workflows for Outside {
    async fn by_id(&self, _id: &str) -> Result<Value, PortError> {
        nothing()
    }
}

#[async_trait]
impl Sandbox for Outside {
    async fn run(&self, _script: Script) -> Result<ScriptOutput, PortError> {
        nothing()
    }
}

/// How a run with a retrying request ends, and how many calls it made.
async fn run(journal: Arc<dyn Journal>) -> (Status, usize) {
    let file = r#"{"nodes":[
        {"name":"Start","type":"n8n-nodes-base.manualTrigger","typeVersion":1,"position":[0,0]},
        {"name":"Ask","type":"n8n-nodes-base.httpRequest","typeVersion":4.2,"position":[0,0],"retryOnFail":true,"parameters":{"method":"POST","url":"https://example.com/"}}
    ],"connections":{"Start":{"main":[[{"node":"Ask","type":"main","index":0}]]}},"settings":{"executionOrder":"v1"}}"#;
    let outside = Arc::new(Outside::default());
    let ports = Ports {
        http: outside.clone(),
        sandbox: outside.clone(),
        files: outside.clone(),
        credentials: outside.clone(),
        mail: outside.clone(),
        workflows: outside.clone(),
        clock: Arc::new(CaseClock::default()),
        chance: Arc::new(OsRng),
        journal,
    };
    let workflow = Arc::new(Workflow::parse(file).unwrap_or_else(|error| panic!("{error}")));
    let mut execution = Execution::new(workflow, Facts::default(), Start::default(), ports, Limits::default())
        .unwrap_or_else(|error| panic!("{error}"));
    (execution.run().await.status, outside.calls.load(Ordering::Relaxed))
}

#[tokio::test]
async fn a_failure_is_asked_anew() {
    assert_eq!(run(Arc::new(NoJournal)).await, (Status::Success, 2));
    assert_eq!(run(Arc::new(MemoryJournal::default())).await, (Status::Success, 2));
}
