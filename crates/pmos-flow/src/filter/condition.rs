//! One condition: two values and an operator.

use super::field_type::{Rigour, validate};
use super::moment;
use super::operator::{Comparison, Kind, Operation, Question};
use super::pattern::Pattern;
use crate::node::Parameter;
use crate::value::{Str, Value};
use jiff::tz::TimeZone;

/// How values are compared.
#[derive(Clone, Copy, Debug)]
pub(super) struct Options {
    case_sensitive: bool,
    strict: bool,
    version: u8,
}

impl Default for Options {
    fn default() -> Self {
        Self::read(&Value::Undefined)
    }
}

impl Options {
    pub(super) fn read(options: &Value) -> Self {
        Self {
            case_sensitive: options.get("caseSensitive").is_truthy(),
            strict: options.get("typeValidation").as_str() == Some("strict"),
            version: options.get("version").as_number().unwrap_or(1.0) as u8,
        }
    }
}

/// A compiled condition.
#[derive(Debug)]
pub(super) struct Condition {
    pub(super) left: Parameter,
    pub(super) right: Parameter,
    kind: Kind,
    right_kind: Kind,
    operation: Operation,
    /// Does the right side not count?
    single: bool,
    /// The pattern of the right side, where that is the same for every item.
    pattern: Option<Result<Pattern, String>>,
}

/// A value that does not fit its operator.
#[derive(Debug)]
pub(super) enum Misfit {
    /// Neither side fits, and both are of this type.
    Both { expected: Kind, found: &'static str },
    /// One side does not fit.
    Side { expected: Kind, found: &'static str, text: Str, strict: bool },
    /// A pattern that is none.
    Pattern(String),
}

impl Misfit {
    /// What is said of it, with the place: the condition and the item.
    pub(super) fn message(&self, condition: usize, item: usize) -> String {
        match self {
            Self::Both { expected, found } => {
                format!(
                    "Comparison type expects {} but both fields are {}",
                    with_article(expected.name()),
                    with_article(found)
                )
            }
            Self::Side { expected, found, text, strict } => {
                let expected = with_article(expected.name());
                let what = if *strict {
                    format!("Wrong type: '{text}' is {} but was expecting {expected}", with_article(found))
                } else {
                    format!("Conversion error: the {found} '{text}' can't be converted to {expected}")
                };
                format!("{what} [condition {condition}, item {item}]")
            }
            Self::Pattern(message) => message.clone(),
        }
    }

    /// What to do about it.
    pub(super) fn advice(&self) -> &'static str {
        match self {
            Self::Side { strict: true, .. } => {
                "Compare by another type, convert the value in an expression, or switch on 'Convert types where required'."
            }
            Self::Pattern(_) => "Correct the pattern.",
            _ => "Compare by another type.",
        }
    }
}

fn with_article(noun: &str) -> String {
    let article = if noun.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" };
    format!("{article} {noun}")
}

impl Condition {
    pub(super) fn compile(condition: &Parameter) -> Self {
        let fixed = |path: [&str; 2]| match condition.field(path[0]).and_then(|operator| operator.field(path[1])) {
            Some(Parameter::Fixed(value)) => value,
            _ => Value::Undefined,
        };
        let kind = Kind::read(fixed(["operator", "type"]).as_str().unwrap_or_default());
        let operation = Operation::read(fixed(["operator", "operation"]).as_str().unwrap_or_default());
        let side = |name| condition.field(name).unwrap_or(Parameter::Fixed(Value::Undefined));
        let right = side("rightValue");
        Self {
            pattern: match &right {
                Parameter::Fixed(Value::String(pattern)) if operation.question == Question::Matches => {
                    Some(Pattern::parse(pattern))
                }
                _ => None,
            },
            right_kind: fixed(["operator", "rightType"]).as_str().map_or(kind, Kind::read),
            single: fixed(["operator", "singleValue"]).is_truthy(),
            left: side("leftValue"),
            right,
            kind,
            operation,
        }
    }

    /// Does it hold for these values?
    pub(super) fn holds(&self, left: Value, right: Value, options: &Options, zone: &TimeZone) -> Result<bool, Misfit> {
        let (left, right) = self.fit(left, right, options, zone)?;
        let exists = !left.is_nullish() && !matches!(&left, Value::Number(number) if number.is_nan());
        let answer = match self.operation.question {
            Question::Exists => Some(exists),
            question => match self.kind {
                Kind::Any => None,
                Kind::Text => self.ask_text(question, &left, &right, options)?,
                Kind::Number => ask_number(question, &left, &right, exists),
                Kind::Date => ask_date(question, &left, &right, exists),
                Kind::Bool => ask_bool(question, &left, &right, exists),
                Kind::List => ask_list(question, &left, &right, options),
                Kind::Object => match question {
                    Question::IsEmpty => Some(left.as_object().is_none_or(|object| object.is_empty())),
                    _ => None,
                },
            },
        };
        // A question that nobody knows has the answer "no", whichever way it is asked.
        Ok(answer.is_some_and(|answer| answer != self.operation.negated))
    }

    /// Both sides, made to fit.
    fn fit(&self, left: Value, right: Value, options: &Options, zone: &TimeZone) -> Result<(Value, Value), Misfit> {
        let fitted_left = fit(&left, self.kind, options, zone);
        let fitted_right = match fit(&right, self.right_kind, options, zone) {
            None if self.single => Some(Value::Undefined),
            other => other,
        };
        let misfit = |expected, value: &Value| Misfit::Side {
            expected,
            found: value.type_of(),
            text: value.to_text(),
            strict: options.strict,
        };
        match (fitted_left, fitted_right) {
            (Some(left), Some(right)) => Ok((left, right)),
            (None, None) if left.type_of() == right.type_of() => {
                Err(Misfit::Both { expected: self.kind, found: left.type_of() })
            }
            (None, _) => Err(misfit(self.kind, &left)),
            (_, None) => Err(misfit(self.right_kind, &right)),
        }
    }

    fn ask_text(
        &self,
        question: Question,
        left: &Value,
        right: &Value,
        options: &Options,
    ) -> Result<Option<bool>, Misfit> {
        let (left, right) = (text(left), text(right));
        let left = if options.case_sensitive || left.is_empty() { left } else { left.to_lowercase().into() };
        let small;
        let wanted: &str = if options.case_sensitive || question == Question::Matches {
            &right
        } else {
            small = right.to_lowercase();
            &small
        };
        Ok(Some(match question {
            Question::IsEmpty => left.is_empty(),
            Question::Compares(Comparison::Equal) => *left == *wanted,
            Question::Contains => left.contains(wanted),
            Question::StartsWith => left.starts_with(wanted),
            Question::EndsWith => left.ends_with(wanted),
            Question::Matches => match &self.pattern {
                Some(pattern) => pattern.as_ref().map_err(|error| Misfit::Pattern(error.clone()))?.is_match(&left),
                None => Pattern::parse(wanted).map_err(Misfit::Pattern)?.is_match(&left),
            },
            _ => return Ok(None),
        }))
    }
}

/// A value as the operator wants it; nothing where it does not fit.
fn fit(value: &Value, kind: Kind, options: &Options, zone: &TimeZone) -> Option<Value> {
    match (kind, value) {
        (Kind::Any, _) | (_, Value::Undefined | Value::Null) => return Some(value.clone()),
        (Kind::Bool, _) if !options.strict => {
            let read =
                (options.version >= 2).then(|| validate("", value, "boolean", &Rigour::default(), zone).ok()).flatten();
            return Some(read.unwrap_or(Value::Bool(value.is_truthy())));
        }
        (Kind::Text, Value::String(_))
        | (Kind::Number, Value::Number(_))
        | (Kind::List, Value::Array(_))
        | (Kind::Bool, Value::Bool(_)) => {
            return Some(value.clone());
        }
        // From version 3 on what is blank is no zero.
        (Kind::Number, Value::String(text)) if options.version >= 3 && text.trim().is_empty() => {
            return Some(Value::Null);
        }
        (Kind::Number, Value::Array(values)) if options.version >= 3 && values.is_empty() => return Some(Value::Null),
        _ => {}
    }
    validate("", value, kind.name(), &Rigour { strict: options.strict, parse_strings: true, ..Rigour::default() }, zone)
        .ok()
}

fn text(value: &Value) -> Str {
    match value {
        Value::String(text) => text.clone(),
        Value::Undefined | Value::Null => "".into(),
        other => other.to_text(),
    }
}

fn ask_number(question: Question, left: &Value, right: &Value, exists: bool) -> Option<bool> {
    match question {
        Question::IsEmpty => Some(!exists),
        Question::Compares(Comparison::Equal) => Some(left.strictly_equals(right)),
        // Null counts as zero, as it does in JavaScript.
        Question::Compares(comparison) => Some(comparison.holds(left.to_number().partial_cmp(&right.to_number()))),
        _ => None,
    }
}

fn ask_date(question: Question, left: &Value, right: &Value, exists: bool) -> Option<bool> {
    match question {
        Question::IsEmpty => Some(!exists),
        Question::Compares(comparison) => {
            Some(comparison.holds(moment::millis(left)?.partial_cmp(&moment::millis(right)?)))
        }
        _ => None,
    }
}

fn ask_bool(question: Question, left: &Value, right: &Value, exists: bool) -> Option<bool> {
    match question {
        Question::IsEmpty => Some(!exists),
        Question::IsTrue => Some(left.is_truthy()),
        Question::Compares(Comparison::Equal) => Some(left.strictly_equals(right)),
        _ => None,
    }
}

fn ask_list(question: Question, left: &Value, right: &Value, options: &Options) -> Option<bool> {
    let values = left.as_array().unwrap_or_default();
    match question {
        Question::IsEmpty => Some(values.is_empty()),
        Question::Contains => Some(match right {
            Value::String(wanted) if !options.case_sensitive => {
                let wanted = wanted.to_lowercase();
                values.iter().any(|value| value.as_str().is_some_and(|text| text.to_lowercase() == wanted))
            }
            Value::Number(number) if number.is_nan() => {
                values.iter().any(|value| value.as_number().is_some_and(f64::is_nan))
            }
            wanted => values.iter().any(|value| value.strictly_equals(wanted)),
        }),
        Question::Length(Comparison::Equal) => Some(right.as_number() == Some(values.len() as f64)),
        Question::Length(comparison) => Some(comparison.holds((values.len() as f64).partial_cmp(&right.to_number()))),
        _ => None,
    }
}
