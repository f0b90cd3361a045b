//! The rules of If, Switch and Filter: conditions that compare two values, joined by "and" or "or".
//!
//! - A rule is compiled once and tested for every item: fixed values, operators and patterns are known by then.
//! - Both sides are first made to fit the type of the operator ([`validate`]). Under strict validation only text is
//!   read as dates; everything else must be of the type. Under loose validation it is converted where it can be.
//! - A value that does not fit is an error with n8n's words, not a condition that does not hold.

pub mod check;
mod condition;
mod field_type;
mod form_fields;
pub(crate) mod literal;
pub(crate) mod moment;
mod operator;
mod pattern;

pub use field_type::{Rigour, validate, value_description};
pub use pattern::Pattern;

use crate::data::ItemScope;
use crate::expression::Scope;
use crate::node::{NodeError, Parameter};
use crate::value::Value;
use condition::{Condition, Options};
use jiff::tz::TimeZone;

/// A compiled rule: the value of a parameter such as `conditions` of If.
#[derive(Debug)]
pub enum Filter {
    /// Conditions.
    Rules(Rules),
    /// Something else, true where its value is: an expression, or nothing at all.
    Other(Parameter),
}

/// Conditions and how they are joined.
#[derive(Debug)]
pub struct Rules {
    all: bool,
    conditions: Vec<Condition>,
    options: Compiled,
}

/// How values are compared: known, or known for an item only.
#[derive(Debug)]
enum Compiled {
    Known(Options),
    PerItem(Parameter),
}

impl Filter {
    /// Compiles a rule: `{combinator, conditions: [{leftValue, rightValue, operator}], options}`.
    pub fn compile(rule: &Parameter) -> Self {
        match (rule.field("conditions"), rule.field("combinator")) {
            (Some(conditions), Some(combinator)) => Self::Rules(Rules {
                all: matches!(&combinator, Parameter::Fixed(Value::String(word)) if **word == *"and"),
                conditions: conditions.elements().iter().map(Condition::compile).collect(),
                options: match rule.field("options") {
                    Some(options) if !options.is_fixed() => Compiled::PerItem(options),
                    Some(Parameter::Fixed(options)) => Compiled::Known(Options::read(&options)),
                    _ => Compiled::Known(Options::default()),
                },
            }),
            _ => Self::Other(rule.clone()),
        }
    }

    /// Does it hold for an item? Fails for a value that does not fit its operator.
    pub fn test(&self, scope: &ItemScope<'_>, item: usize) -> Result<bool, NodeError> {
        match self {
            Self::Rules(rules) => rules.test(&|value| value.at(scope), scope.zone(), item),
            Self::Other(parameter) => match parameter.at(scope)? {
                value @ Value::Object(_) if !parameter.is_fixed() && value.get("conditions").as_array().is_some() => {
                    Self::compile(&Parameter::Fixed(value)).test(scope, item)
                }
                value => Ok(value.is_truthy()),
            },
        }
    }
}

impl Rules {
    fn test(
        &self,
        value: &dyn Fn(&Parameter) -> Result<Value, NodeError>,
        zone: &TimeZone,
        item: usize,
    ) -> Result<bool, NodeError> {
        let options = match &self.options {
            Compiled::Known(options) => *options,
            Compiled::PerItem(options) => Options::read(&value(options)?),
        };
        for (at, condition) in self.conditions.iter().enumerate() {
            let holds = condition
                .holds(value(&condition.left)?, value(&condition.right)?, &options, zone)
                .map_err(|misfit| NodeError::new(misfit.message(at, item)).described(misfit.advice()).at_item(item))?;
            if holds != self.all {
                return Ok(holds);
            }
        }
        Ok(self.all)
    }
}
