//! `RegExp`, and the methods of texts that search.

use super::{Iter, argument, text16};
use crate::expression::ExpressionError;
use crate::expression::interpreter::{ErrorValue, Interpreter, Run, Stop, to_number, to_text, type_error, uncovered};
use crate::expression::regex::{CompileError, Match, MatchError, Regex};
use crate::value::{Exotic, Object, Str, Value};
use parking_lot::Mutex;
use std::ops::Range;
use std::sync::Arc;

/// A regular expression with where its next search begins.
#[derive(Debug)]
pub(crate) struct RegExp {
    regex: Arc<Regex>,
    source: Str,
    flags: String,
    /// In UTF-16 units.
    last_index: Mutex<usize>,
}

impl RegExp {
    pub(crate) fn source(&self) -> &Str {
        &self.source
    }

    pub(crate) fn flags(&self) -> &str {
        &self.flags
    }

    fn has(&self, flag: char) -> bool {
        self.flags.contains(flag)
    }
}

impl Exotic for RegExp {
    fn to_json(&self) -> Value {
        Value::from(Object::new())
    }

    fn to_text(&self) -> String {
        format!("/{}/{}", self.source, self.flags)
    }

    fn get(&self, name: &str) -> Result<Value, ExpressionError> {
        Ok(match name {
            "source" => self.source.clone().into(),
            "flags" => self.flags.as_str().into(),
            "lastIndex" => (*self.last_index.lock()).into(),
            "global" => self.has('g').into(),
            "ignoreCase" => self.has('i').into(),
            "multiline" => self.has('m').into(),
            "dotAll" => self.has('s').into(),
            "sticky" => self.has('y').into(),
            "unicode" => self.has('u').into(),
            _ => Value::Undefined,
        })
    }
}

const KEPT: usize = 32;

thread_local! {
    // The expressions that were compiled last: an expression's own literals are evaluated for every item.
    static COMPILED: std::cell::RefCell<Vec<(Str, String, Arc<Regex>)>> = const { std::cell::RefCell::new(Vec::new()) };
}

/// A regular expression of this pattern and these flags.
pub(crate) fn regexp(own: &mut Interpreter<'_>, pattern: &str, flags: &str) -> Run<Value> {
    own.charge(pattern.len())?;
    let known = COMPILED.with_borrow(|list| {
        list.iter()
            .find(|(text, own_flags, _)| **text == *pattern && own_flags == flags)
            .map(|(text, flags, regex)| (text.clone(), flags.clone(), regex.clone()))
    });
    let (source, _, regex) = match known {
        Some(known) => known,
        None => {
            let regex = match Regex::new(pattern, flags) {
                Ok(regex) => Arc::new(regex),
                Err(CompileError::Invalid(words)) => {
                    let message = format!("Invalid regular expression: /{pattern}/{flags}: {words}");
                    return Err(Box::new(Stop::Thrown(ErrorValue::value("SyntaxError", message))));
                }
                Err(CompileError::Uncovered(what)) => return uncovered(what),
            };
            let entry: (Str, String, Arc<Regex>) = (pattern.into(), flags.to_owned(), regex);
            COMPILED.with_borrow_mut(|list| {
                if list.len() >= KEPT {
                    list.remove(0);
                }
                list.push(entry.clone());
            });
            entry
        }
    };
    // Flags are listed in alphabetic order.
    let mut flags: Vec<char> = flags.chars().collect();
    flags.sort_unstable();
    let flags = flags.into_iter().collect();
    Ok(Value::Exotic(Arc::new(RegExp { regex, source, flags, last_index: Mutex::new(0) })))
}

/// The first match from a byte on.
fn search(own: &mut Interpreter<'_>, regexp: &RegExp, text: &str, from: usize) -> Run<Option<Match>> {
    let (result, steps) = regexp.regex.find(text, from, regexp.has('y'));
    own.steps(steps)?;
    match result {
        Ok(found) => Ok(found),
        Err(MatchError::Steps) => Err(ExpressionError::Limit("the regular expression takes too long".into()).into()),
        Err(MatchError::Depth) => uncovered("a deep regular expression"),
    }
}

/// The next match as `exec` finds it: a global one goes on where it was.
fn exec(own: &mut Interpreter<'_>, regexp: &RegExp, text: &str) -> Run<Option<Match>> {
    let keeps = regexp.has('g') || regexp.has('y');
    let start = if keeps { *regexp.last_index.lock() } else { 0 };
    if start > text16::length(text) {
        *regexp.last_index.lock() = 0;
        return Ok(None);
    }
    let Some(from) = text16::byte_of(text, start) else { return uncovered("half a character") };
    let found = search(own, regexp, text, from)?;
    if keeps {
        *regexp.last_index.lock() = found.as_ref().map_or(0, |found| text16::unit_of(text, found.end()));
    }
    Ok(found)
}

/// All matches from the start on.
fn all(own: &mut Interpreter<'_>, regexp: &RegExp, text: &str) -> Run<Vec<Match>> {
    let (mut found, mut from) = (Vec::new(), 0);
    while from <= text.len() {
        let Some(next) = search(own, regexp, text, from)? else { break };
        from = if next.is_empty() {
            next.end() + text[next.end()..].chars().next().map_or(1, char::len_utf8)
        } else {
            next.end()
        };
        own.charge(64)?;
        found.push(next);
    }
    Ok(found)
}

fn group(text: &str, range: Option<&Range<usize>>) -> Value {
    range.map_or(Value::Undefined, |range| text[range.clone()].into())
}

fn groups(regexp: &RegExp, text: &str, found: &Match) -> Value {
    let names = regexp.regex.names();
    if names.is_empty() {
        return Value::Undefined;
    }
    let mut object = Object::new();
    for (name, number) in names {
        object.insert(name.as_str(), group(text, found.group(*number)));
    }
    object.into()
}

/// A match as `exec` gives it: a list with fields of its own.
#[derive(Debug)]
pub(crate) struct MatchList {
    list: Vec<Value>,
    index: usize,
    input: Str,
    groups: Value,
}

impl Exotic for MatchList {
    fn to_json(&self) -> Value {
        Value::from(self.list.clone()).into_json()
    }

    fn to_text(&self) -> String {
        Value::from(self.list.clone()).to_text().to_string()
    }

    fn get(&self, name: &str) -> Result<Value, ExpressionError> {
        Ok(match name {
            "index" => self.index.into(),
            "input" => self.input.clone().into(),
            "groups" => self.groups.clone(),
            "length" => self.list.len().into(),
            name => name.parse().ok().and_then(|at: usize| self.list.get(at).cloned()).unwrap_or_default(),
        })
    }
}

impl MatchList {
    pub(crate) fn list(&self) -> Value {
        Value::from(self.list.clone())
    }
}

fn match_value(regexp: &RegExp, text: &Str, found: &Match) -> Value {
    let list = (0..=regexp.regex.groups()).map(|number| group(text, found.group(number))).collect();
    let index = text16::unit_of(text, found.start());
    Value::Exotic(Arc::new(MatchList { list, index, input: text.clone(), groups: groups(regexp, text, found) }))
}

/// A method of a regular expression.
pub(super) fn method(
    own: &mut Interpreter<'_>,
    regexp: &RegExp,
    name: &str,
    arguments: &[Value],
) -> Run<Option<Value>> {
    let text = to_text(argument(arguments, 0))?;
    Ok(Some(match name {
        "test" => exec(own, regexp, &text)?.is_some().into(),
        "exec" => exec(own, regexp, &text)?.map_or(Value::Null, |found| match_value(regexp, &text, &found)),
        "toString" => regexp.to_text().into(),
        _ => return Ok(None),
    }))
}

/// A method of a text that searches.
pub(super) fn string_method(own: &mut Interpreter<'_>, text: &Str, name: &str, arguments: &[Value]) -> Run<Value> {
    let first = argument(arguments, 0);
    let known = first.as_exotic::<RegExp>();
    match name {
        "split" => return split(own, text, first, arguments),
        "replace" | "replaceAll" => return replace(own, text, name, arguments),
        _ => {}
    }
    let made;
    let regexp = match known {
        Some(regexp) => regexp,
        None => {
            let pattern = if first.is_undefined() { "(?:)".into() } else { to_text(first)? };
            made = regexp(own, &pattern, if name == "matchAll" { "g" } else { "" })?;
            let Some(regexp) = made.as_exotic::<RegExp>() else { return uncovered(name) };
            regexp
        }
    };
    match name {
        "search" => {
            Ok(search(own, regexp, text, 0)?
                .map_or(Value::from(-1), |found| text16::unit_of(text, found.start()).into()))
        }
        "matchAll" => {
            if !regexp.has('g') {
                return type_error("String.prototype.matchAll called with a non-global RegExp argument");
            }
            let found = all(own, regexp, text)?;
            Ok(Iter::of(found.iter().map(|found| match_value(regexp, text, found)).collect()))
        }
        _ if regexp.has('g') => {
            *regexp.last_index.lock() = 0;
            let found = all(own, regexp, text)?;
            if found.is_empty() {
                return Ok(Value::Null);
            }
            own.list(found.iter().map(|found| group(text, found.group(0))).collect())
        }
        _ => Ok(exec(own, regexp, text)?.map_or(Value::Null, |found| match_value(regexp, text, &found))),
    }
}

fn split(own: &mut Interpreter<'_>, text: &Str, separator: &Value, arguments: &[Value]) -> Run<Value> {
    let limit = match argument(arguments, 1) {
        Value::Undefined => usize::MAX,
        value => crate::expression::interpreter::to_uint32(to_number(value)?) as usize,
    };
    let mut parts: Vec<Value> = Vec::new();
    if let Some(regexp) = separator.as_exotic::<RegExp>() {
        if text.is_empty() {
            let matches = search(own, regexp, text, 0)?.is_some_and(|found| found.is_empty());
            return own.list(if matches { Vec::new() } else { vec![Value::String(text.clone())] });
        }
        let (mut start, mut from) = (0, 0);
        while from < text.len() {
            let Some(found) = search(own, regexp, text, from)? else { break };
            if found.start() >= text.len() {
                break;
            }
            // An empty match at the end of the part before it separates nothing.
            if found.is_empty() && found.end() == start {
                from = found.end() + text[found.end()..].chars().next().map_or(1, char::len_utf8);
                continue;
            }
            own.charge(found.start() - start + 32)?;
            parts.push(text[start..found.start()].into());
            parts.extend((1..=regexp.regex.groups()).map(|number| group(text, found.group(number))));
            start = found.end();
            from = if found.is_empty() {
                found.end() + text[found.end()..].chars().next().map_or(1, char::len_utf8)
            } else {
                found.end()
            };
        }
        parts.push(text[start..].into());
    } else if separator.is_undefined() {
        parts.push(Value::String(text.clone()));
    } else {
        let separator = to_text(separator)?;
        own.charge(text.len() * 2)?;
        if separator.is_empty() {
            if text.chars().any(|c| c.len_utf16() > 1) {
                return uncovered("half a character");
            }
            own.charge(text.len() * 24)?;
            parts.extend(text.chars().map(|c| Value::from(c.encode_utf8(&mut [0; 4]) as &str)));
        } else {
            parts.extend(text.split(&*separator).map(Value::from));
        }
    }
    parts.truncate(limit);
    own.list(parts)
}

fn replace(own: &mut Interpreter<'_>, text: &Str, name: &str, arguments: &[Value]) -> Run<Value> {
    let (sought, by) = (argument(arguments, 0), argument(arguments, 1));
    let function = (by.type_of() == "function").then_some(by);
    let template = if function.is_some() { "".into() } else { to_text(by)? };
    let mut out = String::new();
    let mut behind = 0;
    if let Some(regexp) = sought.as_exotic::<RegExp>() {
        if name == "replaceAll" && !regexp.has('g') {
            return type_error("replaceAll must be called with a global RegExp");
        }
        let found =
            if regexp.has('g') { all(own, regexp, text)? } else { exec(own, regexp, text)?.into_iter().collect() };
        for found in &found {
            out.push_str(&text[behind..found.start()]);
            let captures: Vec<Option<Range<usize>>> =
                (0..=regexp.regex.groups()).map(|number| found.group(number).cloned()).collect();
            let groups = groups(regexp, text, found);
            push_replacement(own, &mut out, text, &captures, &groups, function, &template)?;
            behind = found.end();
        }
    } else {
        let sought = to_text(sought)?;
        let mut places: Vec<usize> = if sought.is_empty() {
            text.char_indices().map(|(at, _)| at).chain([text.len()]).collect()
        } else {
            text.match_indices(&*sought).map(|(at, _)| at).collect()
        };
        if name == "replace" {
            places.truncate(1);
        }
        for at in places {
            out.push_str(&text[behind..at]);
            push_replacement(
                own,
                &mut out,
                text,
                &[Some(at..at + sought.len())],
                &Value::Undefined,
                function,
                &template,
            )?;
            behind = at + sought.len();
        }
    }
    out.push_str(&text[behind..]);
    own.text(out)
}

/// Writes what stands for a match.
fn push_replacement(
    own: &mut Interpreter<'_>,
    out: &mut String,
    text: &Str,
    captures: &[Option<Range<usize>>],
    groups: &Value,
    function: Option<&Value>,
    template: &str,
) -> Run<()> {
    let Some(Some(whole)) = captures.first().cloned() else { return Ok(()) };
    own.charge(template.len() + 8)?;
    if let Some(function) = function {
        let mut arguments: Vec<Value> = captures.iter().map(|range| group(text, range.as_ref())).collect();
        arguments.push(text16::unit_of(text, whole.start).into());
        arguments.push(Value::String(text.clone()));
        if !groups.is_undefined() {
            arguments.push(groups.clone());
        }
        let result = own.call(function, arguments)?;
        let result = to_text(&result)?;
        own.charge(result.len())?;
        out.push_str(&result);
        return Ok(());
    }
    let mut rest = template;
    while let Some(at) = rest.find('$') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let second = rest[1..].chars().next();
        let mut taken = 2;
        match second {
            Some('$') => out.push('$'),
            Some('&') => out.push_str(&text[whole.clone()]),
            Some('`') => out.push_str(&text[..whole.start]),
            Some('\'') => out.push_str(&text[whole.end..]),
            Some('<') if !groups.is_undefined() && rest.contains('>') => {
                taken = rest.find('>').unwrap_or(1) + 1;
                let value = groups.get(&rest[2..taken - 1]);
                if !value.is_undefined() {
                    out.push_str(&value.to_text());
                }
            }
            Some(digit) if digit.is_ascii_digit() => {
                let two = rest
                    .get(1..3)
                    .and_then(|digits| digits.parse::<usize>().ok())
                    .filter(|number| (1..captures.len()).contains(number));
                let one = digit
                    .to_digit(10)
                    .map(|digit| digit as usize)
                    .filter(|number| (1..captures.len()).contains(number));
                match (two, one) {
                    (Some(number), _) => {
                        taken = 3;
                        out.push_str(group(text, captures[number].as_ref()).as_str().unwrap_or_default());
                    }
                    (None, Some(number)) => {
                        out.push_str(group(text, captures[number].as_ref()).as_str().unwrap_or_default())
                    }
                    (None, None) => out.push_str(&rest[..2]),
                }
            }
            _ => {
                out.push('$');
                taken = 1;
            }
        }
        rest = &rest[taken..];
        // ``$` `` and `$'` may each write the whole text.
        own.charge(if matches!(second, Some('`' | '\'')) { text.len() } else { 0 })?;
    }
    out.push_str(rest);
    Ok(())
}
