//! What a node does to the outside. Every call has a name in the journal: it is kept before it is made, and so is its
//! answer before anything follows from it. A run that goes on after a crash gets recorded answers instead of new calls.

use super::Context;
use crate::node::{NodeError, error::Fatal};
use crate::port::{CallName, HttpRequest, HttpResponse, Mail, PortError, Recorded};
use crate::value::{Object, Value};
use bytes::Bytes;
use std::future::Future;
use std::sync::Arc;

impl Context<'_> {
    /// Sends a request. `item` and `page` name the call within this run of the node: the same call must have the same name
    /// when the run goes on after a crash.
    pub async fn send(&mut self, item: usize, page: usize, request: HttpRequest) -> Result<HttpResponse, NodeError> {
        let safe = matches!(request.method.to_ascii_uppercase().as_str(), "GET" | "HEAD" | "OPTIONS");
        let http = self.ports.http.clone();
        let make = async move {
            let response = http.send(request).await?;
            // A node that is tried again has seen such an answer, and wants another one.
            let mark = if response.status < 400 { GOOD } else { REFUSED };
            Ok((mark, response.to_record()))
        };
        let record = self.journaled(item, page, safe, make).await?;
        HttpResponse::from_record(&record)
            .ok_or_else(|| NodeError::fatal(Fatal::House, "the journal holds a response that cannot be read"))
    }

    /// Sends a mail.
    pub async fn mail(&mut self, item: usize, mail: Mail) -> Result<Value, NodeError> {
        let out = self.ports.mail.clone();
        let bytes =
            self.effect(item, 0, false, async move {
                out.send(mail).await.map(|said| crate::value::to_string(&said).into())
            })
            .await?;
        crate::value::parse_bytes(&bytes).map_err(|error| NodeError::fatal(Fatal::House, error.to_string()))
    }

    /// Reads a file.
    pub async fn read_file(&mut self, path: &str) -> Result<Bytes, NodeError> {
        Ok(self.ports.files.read(path).await?)
    }

    /// Writes a file. Writing the same content twice does no harm; appending it twice does.
    pub async fn write_file(&mut self, item: usize, path: &str, content: Bytes, append: bool) -> Result<(), NodeError> {
        let files = self.ports.files.clone();
        let path = path.to_owned();
        self.effect(item, 0, !append, async move { files.write(&path, content, append).await.map(|()| Bytes::new()) })
            .await?;
        Ok(())
    }

    /// The fields of the node's credential of this type.
    pub async fn credential(&self, kind: &str) -> Result<Arc<Object>, NodeError> {
        let reference = self.frame.node.credentials.iter().find(|(own, _)| **own == *kind);
        let (id, name) = reference.map_or((None, ""), |(_, reference)| (reference.id.as_deref(), &*reference.name));
        Ok(self.ports.credentials.get(kind, id, name).await?)
    }

    /// Keeps changed fields of the node's credential of this type.
    pub async fn update_credential(&self, kind: &str, fields: Arc<Object>) -> Result<(), NodeError> {
        let reference = self.frame.node.credentials.iter().find(|(own, _)| **own == *kind);
        let (id, name) = reference.map_or((None, ""), |(_, reference)| (reference.id.as_deref(), &*reference.name));
        Ok(self.ports.credentials.update(kind, id, name, fields).await?)
    }

    /// One call to the outside, journaled. `repeatable` says that making it twice does no harm.
    pub async fn effect(
        &mut self,
        item: usize,
        page: usize,
        repeatable: bool,
        make: impl Future<Output = Result<Bytes, PortError>> + Send,
    ) -> Result<Bytes, NodeError> {
        self.journaled(item, page, repeatable, async move { Ok((GOOD, make.await?)) }).await
    }

    async fn journaled(
        &mut self,
        item: usize,
        page: usize,
        repeatable: bool,
        make: impl Future<Output = Result<(u8, Bytes), PortError>> + Send,
    ) -> Result<Bytes, NodeError> {
        self.go_on(0)?;
        let journal = self.ports.journal.clone();
        if !journal.is_kept() {
            return Ok(make.await?.1);
        }
        let mut call = CallName {
            execution: self.world.facts.execution_id.clone(),
            node: self.frame.node.name.clone(),
            run: self.frame.run,
            item,
            page,
            attempt: 0,
        };
        loop {
            match journal.recorded(&call).await.map_err(house)? {
                // A failure was seen, and whoever looks again wants a new try.
                Recorded::Answered(answer) if call.attempt < self.attempt && answer.first() != Some(&GOOD) => {
                    call.attempt += 1
                }
                Recorded::Answered(answer) => return Ok(answered(&answer)?),
                Recorded::Intended if !repeatable && self.frame.node.retry.is_none() => {
                    return Err(NodeError::fatal(
                        Fatal::Interrupted,
                        format!(
                            "The run stopped while '{}' made call {page} for item {item}, and nobody knows whether it took effect",
                            call.node
                        ),
                    ));
                }
                Recorded::Intended => break,
                Recorded::Nothing => {
                    journal.intend(&call, self.unsaved.take()).await.map_err(house)?;
                    break;
                }
            }
        }
        let answer = make.await;
        journal.answer(&call, written(&answer)).await.map_err(house)?;
        Ok(answer?.1)
    }
}

fn house(error: PortError) -> NodeError {
    NodeError::fatal(Fatal::House, format!("the journal of the run failed: {error}"))
}

/// An answer that stands.
const GOOD: u8 = 0;
/// No answer, but an error.
const BAD: u8 = 1;
/// An answer that a new try asks for anew.
const REFUSED: u8 = 2;

fn written(answer: &Result<(u8, Bytes), PortError>) -> Bytes {
    let (mark, content) = match answer {
        Ok((mark, bytes)) => (*mark, bytes.as_ref()),
        Err(error) => (BAD, error.message.as_bytes()),
    };
    [&[mark], content].concat().into()
}

fn answered(record: &Bytes) -> Result<Bytes, PortError> {
    match record.first() {
        Some(&(GOOD | REFUSED)) => Ok(record.slice(1..)),
        Some(_) => Err(PortError::new(String::from_utf8_lossy(&record[1..]))),
        None => Err(PortError::new("an empty record in the journal")),
    }
}
