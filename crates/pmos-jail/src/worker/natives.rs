//! The functions in Rust that the prelude is built on. Code never sees them: only the prelude holds them.

use super::Worker;
use super::compiled::Compiled;
use super::host::{Call, HostError};
use super::text::Encoding;
use rquickjs::{Ctx, Exception, Function, Object, TypedArray, Value};
use serde_json::value::RawValue;
use std::cell::RefCell;
use std::rc::Rc;

/// Longer consoles are cut.
const CONSOLE_BYTES: usize = 64 << 10;

/// The JSON that the prelude parses when code first looks.
pub(super) struct Given {
    pub(super) items: Vec<u8>,
    pub(super) nodes: Vec<u8>,
    pub(super) sees: Box<RawValue>,
}

/// What was written to the console.
#[derive(Default)]
pub(super) struct Console {
    pub(super) lines: Vec<String>,
    bytes: usize,
}

impl Console {
    fn write(&mut self, mut line: String) {
        let room = CONSOLE_BYTES.saturating_sub(self.bytes);
        if line.len() > room {
            line = line
                .char_indices()
                .take_while(|(at, char)| at + char.len_utf8() <= room)
                .map(|(_, char)| char)
                .collect();
        }
        self.bytes += line.len() + 1;
        if room > 0 {
            self.lines.push(line);
        }
    }
}

/// The object that the prelude gets.
pub(super) fn object<'js>(
    ctx: &Ctx<'js>,
    worker: &Worker,
    given: Given,
    console: &Rc<RefCell<Console>>,
) -> rquickjs::Result<Object<'js>> {
    let Worker { host, compiled } = worker;
    let natives = Object::new(ctx.clone())?;
    let Given { items, nodes, sees } = given;
    let sees = Box::<str>::from(sees).into_string().into_bytes();
    for (name, json) in [("items", items), ("nodes", nodes), ("sees", sees)] {
        // Parsed once: the text is given up for it.
        let json = RefCell::new(json);
        let parse = move |ctx: Ctx<'js>| ctx.json_parse(json.take());
        natives.set(name, Function::new(ctx.clone(), parse)?)?;
    }
    let parts = compiled.clone();
    natives.set("part", Function::new(ctx.clone(), move |ctx: Ctx<'js>, name: String| load(&ctx, &parts, &name))?)?;
    let codes = compiled.clone();
    natives
        .set("compile", Function::new(ctx.clone(), move |ctx: Ctx<'js>, source: String| codes.code(&ctx, source))?)?;
    let console = console.clone();
    natives.set("log", Function::new(ctx.clone(), move |line: String| console.borrow_mut().write(line))?)?;
    let host = host.clone();
    let answer = move |ctx: Ctx<'js>, code: String, given: String, now: f64, zone: String| {
        host.answer(&Call { code: &code, given: &given, now, zone: &zone }).map_err(|error| match error {
            HostError::Thrown(message) => throw(&ctx, "Error", &message),
            HostError::Refused(message) => throw(&ctx, "ExpressionError", &message),
            HostError::Missing => throw(&ctx, "Missing", &format!("{} is not available here", called(&code))),
        })
    };
    natives.set("host", Function::new(ctx.clone(), answer)?)?;
    text(ctx, &natives)?;
    super::url::add(ctx, &natives)?;
    Ok(natives)
}

/// Conversions between text and bytes. JavaScript hands bytes over as text of which each character is one byte.
fn text<'js>(ctx: &Ctx<'js>, natives: &Object<'js>) -> rquickjs::Result<()> {
    let encode = |ctx: Ctx<'js>, text: String, encoding: String| {
        TypedArray::<u8>::new(ctx, Encoding::of(&encoding).bytes(&text))
    };
    natives.set("bytes", Function::new(ctx.clone(), encode)?)?;
    let decode = |bytes: String, encoding: String| Encoding::of(&encoding).text(&Encoding::Latin1.bytes(&bytes));
    natives.set("text", Function::new(ctx.clone(), decode)?)
}

/// What an expression of the prelude calls, in words: `plus` of `$0.plus(...$arguments)`.
fn called(code: &str) -> &str {
    let end = code.find('(').unwrap_or(code.len());
    code[..end].trim_start_matches("$0.")
}

fn throw(ctx: &Ctx<'_>, name: &str, message: &str) -> rquickjs::Error {
    let thrown = Exception::from_message(ctx.clone(), message).and_then(|exception| {
        exception.as_object().set("name", name)?;
        Ok(exception)
    });
    match thrown {
        Ok(exception) => exception.throw(),
        Err(error) => error,
    }
}

/// Evaluates a part of the prelude.
pub(super) fn load<'js>(ctx: &Ctx<'js>, compiled: &Compiled, name: &str) -> rquickjs::Result<Value<'js>> {
    let source = match name {
        "core" => include_str!("js/core.js"),
        "nodes" => include_str!("js/nodes.js"),
        "host" => include_str!("js/host.js"),
        "timers" => include_str!("js/timers.js"),
        "fault" => include_str!("js/fault.js"),
        "run" => include_str!("js/run.js"),
        "self" => include_str!("js/self.js"),
        "old" => include_str!("js/old.js"),
        "clone" => include_str!("js/clone.js"),
        "json" => include_str!("js/json.js"),
        "luxon" => include_str!("js/luxon.js"),
        "buffer" => include_str!("js/buffer.js"),
        "url" => include_str!("js/url.js"),
        "intl" => include_str!("js/intl.js"),
        "expression" => include_str!("js/expression.js"),
        _ => return Err(Exception::throw_internal(ctx, "no such part")),
    };
    compiled.part(ctx, name, source)
}
