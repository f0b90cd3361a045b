//! The worker's side: raises the walls, then answers one request after the other.

mod callee;
mod compiled;
mod engine;
mod fault;
mod host;
mod natives;
mod probe;
mod text;
mod url;

pub use host::{Call, Host, HostError};

use crate::frame::Frame;
use crate::message::{Answer, Order};
use crate::walls::Walls;
use std::io::{Read, Result, Write};
use std::process::ExitCode;
use std::rc::Rc;

/// What a worker keeps from one run to the next.
struct Worker {
    host: Rc<Host>,
    compiled: Rc<compiled::Compiled>,
}

/// The whole life of a worker: the program's `main` calls this when it was started as one, before anything else.
///
/// It needs standard input and output to be pipes of a [`crate::Pool`], and returns when that closes them.
pub fn work(host: Host) -> ExitCode {
    let worker = Worker { host: Rc::new(host), compiled: Rc::default() };
    let walls = Walls::raise();
    let enough = walls.suffice().is_ok();
    let (mut input, mut output) = (std::io::stdin().lock(), std::io::stdout().lock());
    match say(&mut output, &Answer::Ready(walls), Vec::new())
        .and_then(|()| if enough { serve(&worker, &mut input, &mut output) } else { Ok(()) })
    {
        Ok(()) if enough => ExitCode::SUCCESS,
        _ => ExitCode::FAILURE,
    }
}

fn serve(worker: &Worker, input: &mut impl Read, output: &mut impl Write) -> Result<()> {
    while let Some(frame) = Frame::read(input)? {
        let (answer, values) = match serde_json::from_slice(&frame.head) {
            Ok(Order::Run { form, code, sees, limits }) => {
                engine::run(worker, engine::Run { form, code, sees, limits, items: frame.body, nodes: frame.more })
            }
            Ok(Order::Probe) => (Answer::Probed(probe::try_everything()), Vec::new()),
            Err(error) => (Answer::Broken(error.to_string()), Vec::new()),
        };
        say(output, &answer, values)?;
    }
    Ok(())
}

fn say(output: &mut impl Write, answer: &Answer, values: Vec<u8>) -> Result<()> {
    Frame { head: serde_json::to_vec(answer)?, body: values, more: Vec::new() }.write(output)
}
