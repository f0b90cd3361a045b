//! One worker, as the server holds it.

use super::{JailError, Settings};
use crate::frame::{Frame, LENGTHS};
use crate::message::Answer;
use crate::walls::Walls;
use nix::sys::signal::{Signal, killpg};
use nix::unistd::Pid;
use std::os::fd::AsFd;
use std::process::Stdio;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};

/// A head is small, but for the console and static data.
const HEAD_BYTES: usize = 64 << 20;

/// What a pipe holds.
const PIPE_BYTES: usize = 64 << 10;

/// What it is made to hold where that is allowed.
#[cfg(target_os = "linux")]
const LONG_PIPE_BYTES: i32 = 1 << 20;

/// A worker process. Dropping it kills it and all that it might have started.
#[derive(Debug)]
pub(super) struct Process {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
    /// How long it has worked.
    pub(super) worked: Duration,
}

/// What a worker that waits may hold on to, in bytes.
const KEPT_BYTES: &str = "8388608";

impl Process {
    /// Starts a worker and waits until it says which walls stand.
    #[expect(clippy::disallowed_methods, reason = "this is the jail")]
    pub(super) async fn start(settings: &Settings) -> Result<(Self, Walls), JailError> {
        let mut command = Command::new(&settings.program);
        command.args(&settings.arguments).env_clear().current_dir("/").process_group(0).kill_on_drop(true);
        // Without it the C library looks for the machine's zone; code sees UTC.
        command.env("TZ", "UTC0");
        // The C library keeps what a run of a thousand items needs for the next one, and gives the rest back: asking the
        // system for it anew each time took a tenth of a run.
        command.env("MALLOC_TRIM_THRESHOLD_", KEPT_BYTES).env("MALLOC_TOP_PAD_", "1048576");
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child =
            command.spawn().map_err(|cause| JailError::Unavailable(format!("a worker cannot be started ({cause})")))?;
        let (Some(input), Some(output)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(JailError::broken("it has no pipe"));
        };
        lengthen(&input);
        lengthen(&output);
        let output = BufReader::with_capacity(PIPE_BYTES, output);
        let mut process = Self { child, input, output, worked: Duration::ZERO };
        match process.answer(0).await? {
            (Answer::Ready(walls), _) => Ok((process, walls)),
            _ => Err(JailError::broken("it did not say which walls stand")),
        }
    }

    /// Sends a message and waits for its answer, of which the body may have so many bytes.
    pub(super) async fn ask(&mut self, frame: &Frame, most_bytes: u64) -> Result<(Answer, Vec<u8>), JailError> {
        let sent = async {
            if frame.size() <= PIPE_BYTES {
                // One system call instead of four.
                return self.input.write_all(&frame.joined()?).await;
            }
            self.input.write_all(&frame.lengths()?).await?;
            for part in [&frame.head, &frame.body, &frame.more] {
                self.input.write_all(part).await?;
            }
            Ok(())
        };
        sent.await.map_err(|_: std::io::Error| JailError::Died)?;
        self.answer(most_bytes).await
    }

    async fn answer(&mut self, most_bytes: u64) -> Result<(Answer, Vec<u8>), JailError> {
        let mut lengths = [0; LENGTHS];
        self.output.read_exact(&mut lengths).await.map_err(|_| JailError::Died)?;
        let [head, body, more] = Frame::sizes(lengths);
        // Whoever broke out of the engine may announce anything.
        if head > HEAD_BYTES || body as u64 > most_bytes || more > 0 {
            return Err(JailError::broken("its answer is too long"));
        }
        let head = self.part(head).await?;
        let body = self.part(body).await?;
        Ok((serde_json::from_slice(&head).map_err(JailError::broken)?, body))
    }

    async fn part(&mut self, size: usize) -> Result<Vec<u8>, JailError> {
        let mut bytes = Vec::new();
        let read = (&mut self.output).take(size as u64).read_to_end(&mut bytes).await;
        match read {
            Ok(read) if read == size => Ok(bytes),
            _ => Err(JailError::Died),
        }
    }
}

/// Lets a pipe hold more: fewer turns for long messages. Who has too many pipes keeps the usual size.
#[cfg_attr(not(target_os = "linux"), expect(unused_variables, reason = "only Linux can"))]
fn lengthen(pipe: &impl AsFd) {
    #[cfg(target_os = "linux")]
    nix::fcntl::fcntl(pipe, nix::fcntl::FcntlArg::F_SETPIPE_SZ(LONG_PIPE_BYTES)).ok();
}

impl Drop for Process {
    fn drop(&mut self) {
        // Its process group has its own number. One that has ended and was not reaped still holds it.
        if let Some(id) = self.child.id().and_then(|id| i32::try_from(id).ok()) {
            // It may have ended by itself: then there is nobody to kill.
            killpg(Pid::from_raw(id), Signal::SIGKILL).ok();
        }
    }
}
