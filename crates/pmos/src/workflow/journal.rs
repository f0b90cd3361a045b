//! The journal of a run in a file.
//!
//! A head that says what it belongs to, then records: length, checksum, content. A record counts when it is whole; what a
//! power cut left half-written at the end is cut off. Every record is on the disk before the engine goes on.

use async_trait::async_trait;
use bytes::Bytes;
use parking_lot::Mutex;
use pmos_flow::port::{CallName, Journal, KeptState, PortError, Recorded};
use pmos_kit::Error;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::fs::{File, OpenOptions};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

const MARK: &[u8] = b"pmos journal 1\n";
const IDENTITY_BYTES: usize = 32;
const HEAD_BYTES: usize = MARK.len() + IDENTITY_BYTES;
/// Length and checksum of a record.
const FRAME_BYTES: usize = 4 + 8;
/// From this size on a journal is written anew when most of it is states that were replaced.
const COMPACT_FROM: u64 = 4 << 20;

/// The journal of a run in a file. One process at a time has it.
pub(super) struct FileJournal(Mutex<Inner>);

struct Inner {
    file: File,
    calls: HashMap<CallName, Recorded>,
    states: HashMap<String, Bytes>,
    resumes: usize,
}

/// The first line of a record; the bytes follow it.
#[derive(Serialize, Deserialize)]
enum Head {
    Intend { call: Name, states: Vec<(String, usize)> },
    Answer { call: Name },
    Keep { states: Vec<(String, usize)> },
    Resume,
}

#[derive(Serialize, Deserialize)]
struct Name(String, String, usize, usize, usize, usize);

impl From<&CallName> for Name {
    fn from(call: &CallName) -> Self {
        Self(call.execution.to_string(), call.node.to_string(), call.run, call.item, call.page, call.attempt)
    }
}

impl From<Name> for CallName {
    fn from(Name(execution, node, run, item, page, attempt): Name) -> Self {
        Self { execution: execution.into(), node: node.into(), run, item, page, attempt }
    }
}

impl FileJournal {
    /// Opens the journal of what `identity` says, or begins one.
    pub(super) fn open(path: &Path, identity: &str) -> Result<Self, Error> {
        let wrong = |words: String| Error::invalid(format!("--journal {}: {words}", path.display()));
        let broken = |cause: std::io::Error| wrong(format!("cannot be used: {cause}"));
        let identity: [u8; IDENTITY_BYTES] = Sha256::digest(identity).into();
        let mut file = OpenOptions::new().read(true).append(true).create(true).open(path).map_err(broken)?;
        file.try_lock().map_err(|_| wrong("is in use by another run".to_owned()))?;
        let mut content = Vec::new();
        file.read_to_end(&mut content).map_err(broken)?;
        let head = [MARK, identity.as_slice()].concat();
        if content.len() < HEAD_BYTES && head.starts_with(&content) {
            // New, or killed while it was begun.
            file.set_len(0).and_then(|()| file.write_all(&head)).and_then(|()| file.sync_all()).map_err(broken)?;
            sync_folder(path).map_err(broken)?;
            content = head;
        } else if !content.starts_with(MARK) {
            return Err(wrong("is another kind of file: name one that does not exist".to_owned()));
        } else if content[..HEAD_BYTES] != head[..] {
            return Err(wrong(
                "belongs to another workflow or other input: name another file, or delete it".to_owned(),
            ));
        }
        let mut inner = Inner { file, calls: HashMap::new(), states: HashMap::new(), resumes: 0 };
        let whole = inner.read(&content[HEAD_BYTES..]) + HEAD_BYTES;
        if !is_torn(&content[whole..]) {
            // To go on without what follows could make calls a second time.
            return Err(wrong(format!("is damaged at byte {whole}: what was done after that cannot be told")));
        }
        if whole < content.len() {
            inner.file.set_len(whole as u64).map_err(broken)?;
        }
        inner.compact(path, &content[..HEAD_BYTES], whole as u64).map_err(broken)?;
        Ok(Self(Mutex::new(inner)))
    }
}

impl Inner {
    /// Takes in the whole records and gives how many bytes they have.
    fn read(&mut self, content: &[u8]) -> usize {
        let mut at = 0;
        while let Some((record, next)) = framed(content, at) {
            let Some((head, body)) = split(record) else { break };
            self.take(head, body);
            at = next;
        }
        at
    }

    fn take(&mut self, head: Head, body: &[u8]) {
        self.resumes = if matches!(head, Head::Resume) { self.resumes + 1 } else { 0 };
        match head {
            Head::Intend { call, states } => {
                self.take_states(states, body);
                self.calls.insert(call.into(), Recorded::Intended);
            }
            Head::Answer { call } => {
                self.calls.insert(call.into(), Recorded::Answered(Bytes::copy_from_slice(body)));
            }
            Head::Keep { states } => self.take_states(states, body),
            Head::Resume => {}
        }
    }

    fn take_states(&mut self, states: Vec<(String, usize)>, mut body: &[u8]) {
        for (execution, length) in states {
            let (state, rest) = body.split_at(length.min(body.len()));
            self.states.insert(execution, Bytes::copy_from_slice(state));
            body = rest;
        }
    }

    /// Writes a record to the disk, and takes it in.
    fn write(&mut self, head: Head, body: &[u8]) -> std::io::Result<()> {
        self.file.write_all(&record(&head, body)?)?;
        self.file.sync_data()?;
        self.take(head, body);
        Ok(())
    }

    /// Writes the file anew with what still counts, where that is the smaller part of it.
    fn compact(&mut self, path: &Path, head: &[u8], size: u64) -> std::io::Result<()> {
        let live: usize =
            self.states.values().map(Bytes::len).sum::<usize>() + self.calls.values().map(weight).sum::<usize>();
        if size < COMPACT_FROM || size < 2 * live as u64 {
            return Ok(());
        }
        let temporary = PathBuf::from(format!("{}.new", path.display()));
        let mut file = OpenOptions::new().read(true).write(true).create(true).truncate(true).open(&temporary)?;
        file.try_lock().map_err(std::io::Error::other)?;
        file.write_all(head)?;
        for (call, recorded) in &self.calls {
            match recorded {
                Recorded::Intended => {
                    file.write_all(&record(&Head::Intend { call: call.into(), states: Vec::new() }, &[])?)?
                }
                Recorded::Answered(answer) => file.write_all(&record(&Head::Answer { call: call.into() }, answer)?)?,
                Recorded::Nothing => {}
            }
        }
        for (execution, state) in &self.states {
            file.write_all(&record(&Head::Keep { states: vec![(execution.clone(), state.len())] }, state)?)?;
        }
        for _ in 0..self.resumes {
            file.write_all(&record(&Head::Resume, &[])?)?;
        }
        file.sync_all()?;
        std::fs::rename(&temporary, path)?;
        sync_folder(path)?;
        file.seek(SeekFrom::End(0))?;
        self.file = file;
        Ok(())
    }
}

fn weight(recorded: &Recorded) -> usize {
    match recorded {
        Recorded::Answered(answer) => answer.len() + FRAME_BYTES,
        _ => FRAME_BYTES,
    }
}

fn sync_folder(path: &Path) -> std::io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    File::open(folder)?.sync_all()
}

fn record(head: &Head, body: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut content = serde_json::to_vec(head)?;
    content.push(b'\n');
    content.extend_from_slice(body);
    let length = u32::try_from(content.len())
        .map_err(|_| std::io::Error::other("a record of the journal is larger than 4 GiB"))?;
    let mut framed = Vec::with_capacity(FRAME_BYTES + content.len());
    framed.extend_from_slice(&length.to_le_bytes());
    framed.extend_from_slice(&checksum(&content));
    framed.extend_from_slice(&content);
    Ok(framed)
}

fn checksum(content: &[u8]) -> [u8; 8] {
    let digest = Sha256::digest(content);
    std::array::from_fn(|at| digest[at])
}

/// The record at a place, and where the next one begins; nothing where it is not whole.
fn framed(content: &[u8], at: usize) -> Option<(&[u8], usize)> {
    let frame = content.get(at..at + FRAME_BYTES)?;
    let length = u32::from_le_bytes(frame[..4].try_into().ok()?) as usize;
    let end = (at + FRAME_BYTES).checked_add(length)?;
    let record = content.get(at + FRAME_BYTES..end)?;
    (checksum(record) == frame[4..]).then_some((record, end))
}

/// Is what follows the last whole record nothing, or one record that was not written to its end?
fn is_torn(rest: &[u8]) -> bool {
    let length = rest.first_chunk().map(|length| u32::from_le_bytes(*length) as usize);
    let reaches_end = length.is_none_or(|length| FRAME_BYTES.saturating_add(length) >= rest.len());
    // A file system may give the room before it has the content.
    reaches_end || rest.iter().all(|byte| *byte == 0)
}

fn split(record: &[u8]) -> Option<(Head, &[u8])> {
    // JSON in one line: the first line break ends it.
    let end = record.iter().position(|byte| *byte == b'\n')?;
    Some((serde_json::from_slice(&record[..end]).ok()?, &record[end + 1..]))
}

fn joined(states: Vec<KeptState>) -> (Vec<(String, usize)>, Vec<u8>) {
    let lengths = states.iter().map(|(execution, state)| (execution.to_string(), state.len())).collect();
    (lengths, states.into_iter().flat_map(|(_, state)| state).collect())
}

fn failed(cause: std::io::Error) -> PortError {
    PortError::new(format!("the journal cannot be written: {cause}"))
}

#[async_trait]
impl Journal for FileJournal {
    async fn recorded(&self, call: &CallName) -> Result<Recorded, PortError> {
        Ok(self.0.lock().calls.get(call).cloned().unwrap_or(Recorded::Nothing))
    }

    async fn intend(&self, call: &CallName, states: Vec<KeptState>) -> Result<(), PortError> {
        let (states, body) = joined(states);
        self.0.lock().write(Head::Intend { call: call.into(), states }, &body).map_err(failed)
    }

    async fn answer(&self, call: &CallName, answer: Bytes) -> Result<(), PortError> {
        self.0.lock().write(Head::Answer { call: call.into() }, &answer).map_err(failed)
    }

    async fn keep(&self, states: Vec<KeptState>) -> Result<(), PortError> {
        let (states, body) = joined(states);
        self.0.lock().write(Head::Keep { states }, &body).map_err(failed)
    }

    async fn state(&self, execution: &str) -> Result<Option<Bytes>, PortError> {
        Ok(self.0.lock().states.get(execution).cloned())
    }

    async fn resumed(&self, _execution: &str) -> Result<usize, PortError> {
        let mut inner = self.0.lock();
        inner.write(Head::Resume, &[]).map_err(failed)?;
        Ok(inner.resumes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn call(item: usize) -> CallName {
        CallName { execution: "1".into(), node: "Send\n".into(), run: 0, item, page: 0, attempt: 0 }
    }

    /// Cut off at any byte, a journal holds what was written whole before, and goes on from there.
    #[tokio::test]
    async fn a_torn_end_is_cut_off() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("journal");
        let journal = FileJournal::open(&path, "a").unwrap();
        let mut ends = vec![std::fs::metadata(&path).unwrap().len()];
        journal.intend(&call(0), vec![("1".into(), Bytes::from_static(b"state\n"))]).await.unwrap();
        ends.push(std::fs::metadata(&path).unwrap().len());
        journal.answer(&call(0), Bytes::from_static(b"\0answer")).await.unwrap();
        ends.push(std::fs::metadata(&path).unwrap().len());
        drop(journal);
        let whole = std::fs::read(&path).unwrap();
        for cut in 0..=whole.len() {
            std::fs::write(&path, &whole[..cut]).unwrap();
            let journal = FileJournal::open(&path, "a").unwrap();
            let expected = match ends.iter().filter(|end| **end <= cut as u64).count() {
                0 | 1 => Recorded::Nothing,
                2 => Recorded::Intended,
                _ => Recorded::Answered(Bytes::from_static(b"\0answer")),
            };
            assert_eq!(journal.recorded(&call(0)).await.unwrap(), expected, "cut at {cut}");
            journal.intend(&call(1), Vec::new()).await.unwrap();
            drop(journal);
            let again = FileJournal::open(&path, "a").unwrap();
            assert_eq!(again.recorded(&call(1)).await.unwrap(), Recorded::Intended, "cut at {cut}");
        }
    }

    /// Damage in the middle is not taken for the end: calls would be made a second time.
    #[tokio::test]
    async fn damage_in_the_middle_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("journal");
        let journal = FileJournal::open(&path, "a").unwrap();
        journal.intend(&call(0), Vec::new()).await.unwrap();
        journal.intend(&call(1), Vec::new()).await.unwrap();
        drop(journal);
        let mut content = std::fs::read(&path).unwrap();
        content[HEAD_BYTES + FRAME_BYTES + 3] ^= 1;
        std::fs::write(&path, &content).unwrap();
        assert!(FileJournal::open(&path, "a").is_err());
    }

    #[tokio::test]
    async fn a_journal_belongs_to_one_run() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("journal");
        let first = FileJournal::open(&path, "a").unwrap();
        assert!(FileJournal::open(&path, "a").is_err(), "two have it at once");
        drop(first);
        assert!(FileJournal::open(&path, "b").is_err(), "it is another's");
        std::fs::write(&path, "something else").unwrap();
        assert!(FileJournal::open(&path, "a").is_err());
    }

    #[tokio::test]
    async fn states_that_were_replaced_are_dropped() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("journal");
        let journal = FileJournal::open(&path, "a").unwrap();
        let state = |byte: u8| Bytes::from(vec![byte; 1 << 20]);
        for byte in 0..8 {
            journal.intend(&call(usize::from(byte)), vec![("1".into(), state(byte))]).await.unwrap();
        }
        assert_eq!(journal.resumed("1").await.unwrap(), 1);
        drop(journal);
        let journal = FileJournal::open(&path, "a").unwrap();
        assert!(std::fs::metadata(&path).unwrap().len() < 2 << 20);
        assert_eq!(journal.state("1").await.unwrap(), Some(state(7)));
        assert_eq!(journal.recorded(&call(3)).await.unwrap(), Recorded::Intended);
        assert_eq!(journal.resumed("1").await.unwrap(), 2);
        journal.answer(&call(3), Bytes::new()).await.unwrap();
        assert_eq!(journal.resumed("1").await.unwrap(), 1);
    }
}
