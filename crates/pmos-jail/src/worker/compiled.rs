//! Compiled code, kept for the life of the worker: a fresh engine for every run would otherwise compile the prelude anew,
//! which takes ten times as long as loading it (0.5 ms against 0.05).
//!
//! The engine's own calls for this are not wrapped by anyone. Its bytecode is trusted input: it comes from the engine itself
//! and stays in this process. Whoever could change it has the process already.
#![expect(unsafe_code, reason = "no crate wraps the engine's calls for compiled scripts")]

use rquickjs::{Ctx, Error, Value, qjs};
use std::cell::RefCell;
use std::collections::HashMap;
use std::ffi::{CString, c_int};
use std::ptr::NonNull;
use std::rc::Rc;

/// How many codes of tenants are kept.
const MOST_CODES: usize = 64;

/// What was compiled, by its source.
#[derive(Default)]
pub(super) struct Compiled {
    parts: RefCell<HashMap<&'static str, Rc<[u8]>>>,
    codes: RefCell<HashMap<String, Rc<[u8]>>>,
}

impl Compiled {
    /// The value of a part of the prelude, which is strict.
    pub(super) fn part<'js>(&self, ctx: &Ctx<'js>, name: &str, source: &'static str) -> rquickjs::Result<Value<'js>> {
        let known = self.parts.borrow().get(source).cloned();
        let bytecode = match known {
            Some(bytecode) => bytecode,
            None => {
                let flags = qjs::JS_EVAL_FLAG_STRICT | qjs::JS_EVAL_TYPE_GLOBAL;
                let bytecode = compile(ctx, source, name, flags, qjs::JS_WRITE_OBJ_STRIP_SOURCE)?;
                self.parts.borrow_mut().insert(source, bytecode.clone());
                bytecode
            }
        };
        run(ctx, &bytecode)
    }

    /// The value of a tenant's code. It is not strict: the code that people write is not.
    pub(super) fn code<'js>(&self, ctx: &Ctx<'js>, source: String) -> rquickjs::Result<Value<'js>> {
        let known = self.codes.borrow().get(&source).cloned();
        let bytecode = match known {
            Some(bytecode) => bytecode,
            None => {
                let bytecode = compile(ctx, &source, "code", qjs::JS_EVAL_TYPE_GLOBAL, 0)?;
                let mut codes = self.codes.borrow_mut();
                if codes.len() >= MOST_CODES {
                    codes.clear();
                }
                codes.insert(source, bytecode.clone());
                bytecode
            }
        };
        run(ctx, &bytecode)
    }
}

fn compile(ctx: &Ctx<'_>, source: &str, name: &str, flags: u32, write: u32) -> rquickjs::Result<Rc<[u8]>> {
    let (source, name) = (CString::new(source)?, CString::new(name)?);
    let raw = ctx.as_raw().as_ptr();
    let flags = (flags | qjs::JS_EVAL_FLAG_COMPILE_ONLY) as c_int;
    // SAFETY: the context lives as long as `ctx`; both texts end with a zero and outlive the call, which copies them.
    let function =
        unsafe { own(ctx, qjs::JS_Eval(raw, source.as_ptr(), source.as_bytes().len() as _, name.as_ptr(), flags))? };
    let mut size = 0;
    // SAFETY: `function` is the value of this context that the call before gave; `size` outlives the call.
    let written = unsafe {
        qjs::JS_WriteObject(raw, &raw mut size, function.as_raw(), (qjs::JS_WRITE_OBJ_BYTECODE | write) as c_int)
    };
    let written = NonNull::new(written).ok_or(Error::Exception)?;
    // SAFETY: the engine allocated `size` bytes there, gives them to us, and takes them back by its own `js_free`.
    unsafe {
        let bytecode = Rc::from(std::slice::from_raw_parts(written.as_ptr(), size as usize));
        qjs::js_free(raw, written.as_ptr().cast());
        Ok(bytecode)
    }
}

fn run<'js>(ctx: &Ctx<'js>, bytecode: &[u8]) -> rquickjs::Result<Value<'js>> {
    let raw = ctx.as_raw().as_ptr();
    // SAFETY: the bytes are what this engine wrote in this process; it copies what it keeps. `JS_EvalFunction` takes over
    // the value that it is given, so nobody else may drop it.
    unsafe {
        let function =
            qjs::JS_ReadObject(raw, bytecode.as_ptr(), bytecode.len() as _, qjs::JS_READ_OBJ_BYTECODE as c_int);
        if qjs::JS_IsException(function) {
            return Err(Error::Exception);
        }
        own(ctx, qjs::JS_EvalFunction(raw, function))
    }
}

/// The value that the engine gave, or the exception that it has thrown.
///
/// # Safety
/// The value must be of this context, and nobody else may drop it.
unsafe fn own<'js>(ctx: &Ctx<'js>, value: qjs::JSValue) -> rquickjs::Result<Value<'js>> {
    // SAFETY: as the caller promises.
    unsafe { if qjs::JS_IsException(value) { Err(Error::Exception) } else { Ok(Value::from_raw(ctx.clone(), value)) } }
}
