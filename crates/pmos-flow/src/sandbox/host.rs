//! What JavaScript in the jail knows beside the language: luxon's times, n8n's methods on values, JMESPath, numbers and
//! dates as people of a place write them. All of it is the evaluator of expressions: written once, called from both.

use crate::expression::{Expression, ExpressionError, Scope};
use crate::time::{DateTime, Duration, Interval, JsDate, Unit, Zone};
use crate::value::{self, Object, Value};
use jiff::tz::TimeZone;
use pmos_jail::{Call, Host, HostError};
use pmos_kit::{Millis, OsRng};
use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

/// How many compiled expressions are kept: the prelude asks for fewer.
const MOST_EXPRESSIONS: usize = 1_000;

type Compiled = RefCell<HashMap<String, Rc<Expression>>>;

/// The host of workers.
pub(super) fn host() -> Host {
    let compiled = Compiled::default();
    Host::new(move |call| answer(&compiled, call))
}

fn answer(compiled: &Compiled, call: &Call<'_>) -> Result<String, HostError> {
    let zone = TimeZone::get(call.zone).unwrap_or(TimeZone::UTC);
    let thrown = |words: &str| HostError::Thrown(words.to_owned());
    let given = value::parse(call.given).map_err(|error| HostError::Thrown(error.to_string()))?;
    let given = if call.given.contains("\"$is\"") { revived(&given, &Zone::of(&zone)) } else { given };
    let Some([own, arguments]) = given.as_array() else {
        return Err(thrown("a value and its arguments were expected"));
    };
    let scope = Given { own: own.clone(), arguments: arguments.clone(), now: call.now as Millis, zone };
    match expression(compiled, call.code)?.evaluate(&scope) {
        Ok(Value::Undefined) => Ok(String::new()),
        Ok(value) => Ok(value::to_string(&encoded(value))),
        Err(ExpressionError::Uncovered(_) | ExpressionError::Syntax(_)) => Err(HostError::Missing),
        Err(ExpressionError::Thrown(words)) => Err(HostError::Thrown(words)),
        Err(ExpressionError::Refused(words) | ExpressionError::Limit(words)) => Err(HostError::Refused(words)),
    }
}

fn expression(compiled: &Compiled, code: &str) -> Result<Rc<Expression>, HostError> {
    let mut compiled = compiled.borrow_mut();
    if let Some(known) = compiled.get(code) {
        return Ok(known.clone());
    }
    let expression = Rc::new(Expression::compile(&format!("={{{{ {code} }}}}")).map_err(|_| HostError::Missing)?);
    if compiled.len() >= MOST_EXPRESSIONS {
        compiled.clear();
    }
    compiled.insert(code.to_owned(), expression.clone());
    Ok(expression)
}

/// What the expressions of the prelude see.
struct Given {
    own: Value,
    arguments: Value,
    now: Millis,
    zone: TimeZone,
}

impl Scope for Given {
    fn json(&self) -> Value {
        Value::Undefined
    }

    fn variable(&self, name: &str) -> Result<Option<Value>, ExpressionError> {
        Ok(match name {
            "$0" => Some(self.own.clone()),
            "$arguments" => Some(self.arguments.clone()),
            _ => None,
        })
    }

    fn call(&self, _function: &str, _arguments: &[Value]) -> Result<Option<Value>, ExpressionError> {
        Ok(None)
    }

    fn now(&self) -> Millis {
        self.now
    }

    fn zone(&self) -> &TimeZone {
        &self.zone
    }

    fn random(&self) -> f64 {
        crate::port::random(&OsRng)
    }
}

/// The values that JSON could not hold, from what stood for them. How deep they are nested the parser has bounded.
fn revived(value: &Value, zone: &Zone) -> Value {
    match value {
        Value::Array(values) => Value::list(values.iter().map(|value| revived(value, zone))),
        Value::Object(object) => match object.get("$is").and_then(Value::as_str) {
            Some("undefined") => Value::Undefined,
            Some("Date") => Value::Exotic(Arc::new(JsDate::new(value.get("ms").as_number().unwrap_or(f64::NAN)))),
            Some("DateTime") => Value::Exotic(Arc::new(date_time(value, zone))),
            Some("Duration") => Value::Exotic(Arc::new(duration(value))),
            Some("Interval") => Value::Exotic(Arc::new(Interval::new(
                date_time(value.get("start"), zone),
                date_time(value.get("end"), zone),
            ))),
            _ => Value::from(object.iter().map(|(key, value)| (key.clone(), revived(value, zone))).collect::<Object>()),
        },
        plain => plain.clone(),
    }
}

fn date_time(state: &Value, default: &Zone) -> DateTime {
    let zone =
        state.get("zone").as_str().and_then(|name| Zone::named(name, default)).unwrap_or_else(|| default.clone());
    let time = match state.get("ms").as_number() {
        Some(ms) => DateTime::from_millis(ms, zone),
        None => DateTime::invalid("unparsable", zone),
    };
    match state.get("locale").as_str() {
        Some(locale) => time.with_locale(locale),
        None => time,
    }
}

fn duration(state: &Value) -> Duration {
    let mut duration = Duration::default();
    for (name, amount) in state.get("values").as_object().into_iter().flat_map(Object::iter) {
        if let (Some(unit), Some(amount)) = (Unit::named(name), amount.as_number()) {
            duration.set(unit, amount);
        }
    }
    duration
}

/// What stands in JSON for the values that it cannot hold.
fn encoded(value: Value) -> Value {
    let is = |kind: &str, fields: Vec<(&str, Value)>| {
        Value::from(Object::from_iter([vec![("$is", Value::from(kind))], fields].concat()))
    };
    if let Some(time) = value.as_exotic::<DateTime>() {
        return is("DateTime", time_fields(time));
    }
    if let Some(duration) = value.as_exotic::<Duration>() {
        return is("Duration", vec![("values", duration.to_object().into())]);
    }
    if let Some(date) = value.as_exotic::<JsDate>() {
        return is("Date", vec![("ms", Value::from(date.millis()))]);
    }
    if let (Some(_), Value::Exotic(interval)) = (value.as_exotic::<Interval>(), &value) {
        let end = |name: &str| interval.get(name).map(encoded).unwrap_or_default();
        return is("Interval", vec![("start", end("start")), ("end", end("end"))]);
    }
    match value {
        Value::Array(values) => Value::list(values.iter().cloned().map(encoded)),
        Value::Object(object) => {
            Value::from(object.iter().map(|(key, value)| (key.clone(), encoded(value.clone()))).collect::<Object>())
        }
        plain => plain,
    }
}

fn time_fields(time: &DateTime) -> Vec<(&'static str, Value)> {
    let mut fields = vec![("zone", Value::from(time.zone().name().clone()))];
    match time.invalid_reason() {
        Some(reason) => fields.push(("reason", Value::from(reason))),
        None => fields.push(("ms", Value::from(time.millis()))),
    }
    if time.locale() != "en-US" {
        fields.push(("locale", Value::from(time.locale())));
    }
    fields
}

#[cfg(test)]
mod tests {
    use super::{Compiled, answer};
    use pmos_jail::{Call, HostError};

    fn ask(code: &str, given: &str) -> Result<String, HostError> {
        answer(&Compiled::default(), &Call { code, given, now: 1_700_000_000_000.0, zone: "America/New_York" })
    }

    const NEW_YEAR: &str = r#"{"$is":"DateTime","ms":1704067200000,"zone":"Europe/Berlin"}"#;

    #[test]
    fn times_go_in_and_come_back() {
        let ask = |code: &str, given: &str| ask(code, given).unwrap();
        assert_eq!(ask("$0.year", &format!("[{NEW_YEAR}, []]")), "2024");
        assert_eq!(ask("$0.toISO(...$arguments)", &format!("[{NEW_YEAR}, []]")), r#""2024-01-01T01:00:00.000+01:00""#);
        let later = r#"{"$is":"DateTime","zone":"Europe/Berlin","ms":1704153600000}"#;
        assert_eq!(ask("$0.plus(...$arguments)", &format!(r#"[{NEW_YEAR}, [{{"days":1}}]]"#)), later);
        let from = "DateTime.fromISO(...$arguments)";
        assert!(ask(from, r#"[null, ["2024-01-01"]]"#).contains(r#""zone":"America/New_York","ms":1704085200000"#));
        assert!(ask(from, r#"[null, ["nonsense"]]"#).contains(r#""reason":"unparsable""#));
        assert_eq!(ask("$0.as(...$arguments)", r#"[{"$is":"Duration","values":{"hours":36}}, ["days"]]"#), "1.5");
    }

    #[test]
    fn values_have_the_methods_of_expressions() {
        assert_eq!(ask("$0.toTitleCase(...$arguments)", r#"["a b", []]"#).unwrap(), r#""A B""#);
        assert_eq!(ask("$jmespath(...$arguments)", r#"[null, [{"a":{"b":5}}, "a.b"]]"#).unwrap(), "5");
        assert_eq!(ask("$0.nothing(...$arguments)", "[1, []]").unwrap(), "");
        assert!(matches!(ask("$0.toInt(...$arguments)", "[null, []]"), Err(HostError::Refused(_))));
    }
}
