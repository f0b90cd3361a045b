//! Holds the rules against recorded answers.

use super::{Filter, Rigour, moment, validate, value_description};
use crate::node::Parameter;
use crate::value::{Object, Value};
use jiff::tz::TimeZone;

/// What came of a check.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Checked {
    /// How many answers were right.
    pub passed: usize,
    /// What was wrong, one text for each wrong answer.
    pub failed: Vec<String>,
}

/// Asks what the groups `filter` and `typeValidation` of a file ask, and compares the answers with the file's. Dates
/// without an offset are read in `zone`.
pub fn check(file: &Value, zone: &TimeZone) -> Checked {
    let mut checked = Checked::default();
    let groups: [(&str, fn(&Value, &TimeZone) -> Result<Value, String>); 2] =
        [("filter", filter), ("typeValidation", field_type)];
    for (group, answer) in groups {
        for (at, case) in file.get(group).get("cases").as_array().unwrap_or_default().iter().enumerate() {
            let expected = match case.get("error").as_str() {
                Some(error) => Err(error.to_owned()),
                None => Ok(case.get("expected").clone()),
            };
            match answer(case, zone) {
                given if given == expected => checked.passed += 1,
                given => {
                    checked.failed.push(format!("{group}[{at}]: expected {}, got {}", words(&expected), words(&given)))
                }
            }
        }
    }
    checked
}

fn words(answer: &Result<Value, String>) -> String {
    match answer {
        Ok(value) => crate::value::to_string(value),
        Err(error) => format!("the error: {error}"),
    }
}

fn filter(case: &Value, zone: &TimeZone) -> Result<Value, String> {
    let rule = decode(case.get("filter"));
    match Filter::compile(&Parameter::Fixed(rule)) {
        Filter::Rules(rules) => {
            let fixed = |parameter: &Parameter| match parameter {
                Parameter::Fixed(value) => Ok(value.clone()),
                _ => Ok(Value::Undefined),
            };
            rules.test(&fixed, zone, 0).map(Value::Bool).map_err(|error| error.message)
        }
        Filter::Other(_) => Err("this is no rule".into()),
    }
}

fn field_type(case: &Value, zone: &TimeZone) -> Result<Value, String> {
    let arguments: Vec<Value> = case.get("args").as_array().unwrap_or_default().iter().map(decode).collect();
    let argument = |at: usize| arguments.get(at).cloned().unwrap_or_default();
    if case.get("fn").as_str() == Some("getValueDescription") {
        return Ok(value_description(&argument(0)).into());
    }
    let options = argument(3);
    let allowed: Vec<Value> =
        options.get("valueOptions").as_array().unwrap_or_default().iter().map(|one| one.get("value").clone()).collect();
    let rigour = Rigour {
        strict: options.get("strict").is_truthy(),
        parse_strings: options.get("parseStrings").is_truthy(),
        options: &allowed,
    };
    let valid = |valid: bool, key: &str, value: Value| {
        let mut answer = Object::from_iter([("valid", Value::Bool(valid))]);
        if !value.is_undefined() {
            answer.insert(key, value);
        }
        Value::from(answer)
    };
    Ok(match validate(&argument(0).to_text(), &argument(1), &argument(2).to_text(), &rigour, zone) {
        Ok(value) => valid(true, "newValue", moment::describe(&value).unwrap_or(value)),
        Err(message) => valid(false, "errorMessage", message.into()),
    })
}

/// What `{"$type": ...}` stands for.
fn decode(value: &Value) -> Value {
    match (value.get("$type").as_str(), value) {
        (Some("undefined"), _) => Value::Undefined,
        (Some("number"), _) => Value::Number(value.get("value").to_number()),
        (Some("Date" | "DateTime"), _) => moment::decode(value).unwrap_or_default(),
        (_, Value::Array(values)) => Value::list(values.iter().map(decode)),
        (_, Value::Object(object)) => {
            Value::from(object.iter().map(|(key, value)| (key.clone(), decode(value))).collect::<Object>())
        }
        _ => value.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::check;
    use jiff::tz::TimeZone;

    /// The recorded answers lie beside the source tree where somebody has them.
    #[test]
    fn the_rules_answer_as_recorded() {
        let places = ["../../../shared", "../../../../shared"]
            .map(|up| format!("{}/{up}/n8n/expressions.json", env!("CARGO_MANIFEST_DIR")));
        let Some(text) = places.iter().find_map(|place| std::fs::read_to_string(place).ok()) else {
            println!("no recorded answers here: nothing was compared");
            return;
        };
        let checked = check(&crate::value::parse(&text).unwrap(), &TimeZone::get("America/New_York").unwrap());
        println!("{} answers are right, {} are not", checked.passed, checked.failed.len());
        assert!(checked.failed.is_empty(), "{}", checked.failed.join("\n"));
    }
}
