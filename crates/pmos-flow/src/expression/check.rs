//! Judges expressions by recorded cases: what a file of cases says of their input, value or error, against what comes out.

use super::{Expression, ExpressionError, Scope};
use crate::time::{DateTime, Duration, Interval, JsDate};
use crate::value::{Exotic, Object, Value};
use jiff::tz::TimeZone;
use pmos_kit::Millis;

/// How a case went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// As recorded.
    Passed,
    /// Otherwise: what came out.
    Failed(String),
    /// The native evaluator does not cover it.
    Uncovered(String),
}

/// A case and how it went.
#[derive(Clone, Debug)]
pub struct CaseResult {
    /// The number of the case.
    pub id: i64,
    /// Its expression.
    pub expression: String,
    /// How it went.
    pub verdict: Verdict,
}

/// Judges the group `cases` of a file.
pub fn run_cases(file: &Value) -> Vec<CaseResult> {
    let cases = file.get("cases").as_array().unwrap_or_default();
    cases
        .iter()
        .map(|case| {
            let expression = case.get("expression").to_text().to_string();
            let verdict = judge(case, &expression);
            CaseResult { id: case.get("id").as_number().unwrap_or_default() as i64, expression, verdict }
        })
        .collect()
}

fn judge(case: &Value, text: &str) -> Verdict {
    let scope = CaseScope::of(case);
    // What does not begin with `=` is a value as it stands.
    let result = if text.starts_with('=') {
        Expression::compile(text).and_then(|expression| expression.evaluate(&scope))
    } else {
        Ok(text.into())
    };
    match (result, case.get("error").as_str()) {
        (Err(ExpressionError::Uncovered(what)), _) => Verdict::Uncovered(what),
        (Ok(value), None) if matches(case.get("expected"), &value) => Verdict::Passed,
        (Err(error), Some(words)) if error.message() == words => Verdict::Passed,
        (result, _) => Verdict::Failed(format!("{result:?}")),
    }
}

/// Does a value equal what is recorded, in the encoding of the file?
pub fn matches(expected: &Value, value: &Value) -> bool {
    if let Some(kind) = expected.get("$type").as_str() {
        return is_special(kind, expected, value);
    }
    match (expected, value) {
        (Value::Array(expected), Value::Array(values)) => {
            expected.len() == values.len()
                && expected.iter().zip(values.iter()).all(|(expected, value)| matches(expected, value))
        }
        (Value::Object(expected), Value::Object(object)) => {
            let fields: Vec<_> = object.iter().collect();
            expected.len() == fields.len()
                && expected.iter().all(|(key, expected)| object.get(key).is_some_and(|value| matches(expected, value)))
        }
        (expected, Value::Exotic(exotic)) => *expected == exotic.to_json(),
        (expected, value) => expected == value,
    }
}

fn is_special(kind: &str, expected: &Value, value: &Value) -> bool {
    let iso = expected.get("iso");
    let same_iso = |text: Option<String>| text.as_deref() == iso.as_str();
    match kind {
        "undefined" => value.is_undefined(),
        "-0" => value.as_number().is_some_and(|number| number == 0.0 && number.is_sign_negative()),
        "number" => match (expected.get("value").as_str(), value.as_number()) {
            (Some("NaN"), Some(number)) => number.is_nan(),
            (Some(text), Some(number)) => crate::value::number_from_text(text) == number,
            _ => false,
        },
        "bigint" => value.type_of() == "bigint" && expected.get("value").to_text() == value.to_text(),
        "function" => value.type_of() == "function",
        "Date" => value.as_exotic::<JsDate>().is_some_and(|date| same_iso(date.to_iso())),
        "DateTime" => value.as_exotic::<DateTime>().is_some_and(|time| {
            same_iso(time.to_iso())
                && expected.get("zone").as_str().is_none_or(|zone| *time.zone().name() == zone.into())
        }),
        "Duration" => value.as_exotic::<Duration>().is_some() && value.to_text() == iso.to_text(),
        "Interval" => value.as_exotic::<Interval>().is_some_and(|interval| {
            interval.call("toISO", &[]).ok().flatten().is_some_and(|text| text.to_text() == iso.to_text())
                || iso.is_undefined()
        }),
        _ => value.to_text().to_lowercase() == format!("[object {}]", kind.to_lowercase()),
    }
}

/// What a case's expression sees: the items of its input, in New York.
struct CaseScope {
    items: Vec<Value>,
    zone: TimeZone,
}

impl CaseScope {
    fn of(case: &Value) -> Self {
        let items = case.get("input").as_array().unwrap_or_default().iter().map(decoded).collect();
        Self { items, zone: TimeZone::get("America/New_York").unwrap_or(TimeZone::UTC) }
    }

    fn item(&self, at: usize) -> Value {
        self.items.get(at).map_or(Value::Undefined, wrapped)
    }
}

/// An item with its functions, which JSON writes as `{"$type": "function"}`.
fn decoded(json: &Value) -> Value {
    let Value::Object(object) = json else { return json.clone() };
    let is_function = |value: &Value| value.get("$type").as_str() == Some("function");
    let field =
        |value: &Value| if is_function(value) { Value::Exotic(std::sync::Arc::new(Nothing)) } else { value.clone() };
    object.iter().map(|(key, value)| (key.clone(), field(value))).collect::<Object>().into()
}

/// A function that gives nothing.
#[derive(Debug)]
struct Nothing;

impl Exotic for Nothing {
    fn to_json(&self) -> Value {
        Value::Undefined
    }

    fn to_text(&self) -> String {
        "function () {}".into()
    }

    fn type_of(&self) -> &'static str {
        "function"
    }

    fn call(&self, name: &str, _: &[Value]) -> Result<Option<Value>, ExpressionError> {
        Ok(name.is_empty().then_some(Value::Undefined))
    }
}

fn wrapped(json: &Value) -> Value {
    Object::from_iter([("json", json.clone())]).into()
}

impl Scope for CaseScope {
    fn json(&self) -> Value {
        self.items.first().cloned().unwrap_or_default()
    }

    fn variable(&self, name: &str) -> Result<Option<Value>, ExpressionError> {
        Ok(Some(match name {
            "$json" => return Err(ExpressionError::Refused("Node 'node' hasn't been executed".into())),
            "$input" => Value::Exotic(std::sync::Arc::new(Input(self.items.clone()))),
            "$itemIndex" | "$position" | "$runIndex" => Value::from(0),
            "$vars" | "$binary" | "$parameter" => Value::object(),
            _ => return Ok(None),
        }))
    }

    fn call(&self, function: &str, _: &[Value]) -> Result<Option<Value>, ExpressionError> {
        Ok((function == "$items").then(|| Value::list((0..self.items.len()).map(|at| self.item(at)))))
    }

    fn now(&self) -> Millis {
        1_709_208_000_000
    }

    fn zone(&self) -> &TimeZone {
        &self.zone
    }

    fn random(&self) -> f64 {
        0.5
    }
}

/// `$input`.
#[derive(Debug)]
struct Input(Vec<Value>);

impl Exotic for Input {
    fn to_json(&self) -> Value {
        Value::object()
    }

    fn to_text(&self) -> String {
        "[object Object]".into()
    }

    fn get(&self, name: &str) -> Result<Value, ExpressionError> {
        Ok(match name {
            "item" => self.0.first().map_or(Value::Undefined, wrapped),
            "params" | "context" => Value::object(),
            _ => Value::Undefined,
        })
    }

    fn call(&self, name: &str, _: &[Value]) -> Result<Option<Value>, ExpressionError> {
        Ok(Some(match name {
            "first" => self.0.first().map_or(Value::Undefined, wrapped),
            "last" => self.0.last().map_or(Value::Undefined, wrapped),
            "all" => Value::list(self.0.iter().map(wrapped)),
            _ => return Ok(None),
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::{Verdict, run_cases};

    /// The recorded cases pass, or are left to the sandbox.
    #[test]
    fn recorded_cases_pass() {
        let base = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
        let places = ["../../../shared/n8n/expressions.json", "../../../../shared/n8n/expressions.json"];
        let Some(text) = places.iter().find_map(|place| std::fs::read_to_string(base.join(place)).ok()) else {
            println!("skipped: no recorded expressions are here");
            return;
        };
        let results = run_cases(&crate::value::parse(&text).unwrap());
        let (mut passed, mut failed, mut uncovered) = (0, 0, 0);
        for result in &results {
            match &result.verdict {
                Verdict::Passed => passed += 1,
                Verdict::Failed(what) => {
                    failed += 1;
                    println!("failed {}: {} gave {what}", result.id, result.expression);
                }
                Verdict::Uncovered(what) => {
                    uncovered += 1;
                    println!("uncovered {}: {} ({what})", result.id, result.expression);
                }
            }
        }
        println!("{passed} passed, {failed} failed, {uncovered} left to the sandbox");
        assert_eq!(failed, 0);
    }
}
