//! Switch: one of several ways for each item, by rules or by a number.

use super::comparison::{compare, moment};
use super::conditions::LOOSE;
use crate::filter::Filter;
use crate::format::Node;
use crate::item::Item;
use crate::node::{Context, Given, Group, Kind, NodeError, NodeType, Parameter, Property, Run, Shown};
use crate::value::Value;

const BY_RULES: &[Shown] = &[Shown::is("mode", &["rules"])];
const BY_NUMBER: &[Shown] = &[Shown::is("mode", &["expression"])];
const OPERATIONS: &[&str] = &[
    "after",
    "before",
    "contains",
    "notContains",
    "endsWith",
    "notEndsWith",
    "equal",
    "notEqual",
    "larger",
    "largerEqual",
    "smaller",
    "smallerEqual",
    "regex",
    "notRegex",
    "startsWith",
    "notStartsWith",
];

/// Sends each item one of several ways.
pub(super) static SWITCH: NodeType = NodeType {
    name: "n8n-nodes-base.switch",
    title: "Switch",
    summary: "Sends each item one of several ways.",
    group: Group::Flow,
    versions: &[1.0, 2.0, 3.0, 3.1, 3.2, 3.3, 3.4],
    outputs,
    properties: &[
        Property::options("mode", "rules", &["rules", "expression"]),
        Property::of("output", Kind::Any).when(BY_NUMBER),
        Property::number("outputsAmount", 4.0).since(2.0).until(2.9).when(BY_NUMBER),
        Property::number("numberOutputs", 4.0).since(3.0).when(BY_NUMBER),
        Property::options("dataType", "number", &["boolean", "dateTime", "number", "string"]).until(2.9).when(BY_RULES),
        Property::of("value1", Kind::Any).until(2.9).when(BY_RULES),
        Property::groups(
            "rules",
            &[(
                "rules",
                &[
                    Property::options("operation", "equal", OPERATIONS),
                    Property::of("value2", Kind::Any),
                    Property::number("output", 0.0).until(1.9),
                    Property::text("outputKey").since(2.0),
                ],
            )],
        )
        .until(2.9)
        .when(BY_RULES),
        Property::number("fallbackOutput", -1.0).until(2.9).when(BY_RULES),
        Property::groups(
            "rules",
            &[(
                "values",
                &[
                    Property::of("conditions", Kind::Filter),
                    Property::bool("renameOutput", false),
                    Property::text("outputKey"),
                ],
            )],
        )
        .since(3.0)
        .when(BY_RULES),
        LOOSE,
        Property::collection(
            "options",
            &[
                Property::options("fallbackOutput", "none", &["none", "extra"]),
                Property::bool("ignoreCase", true),
                Property::bool("looseTypeValidation", true),
                Property::text("renameFallbackOutput").or("Fallback"),
                Property::bool("allMatchingOutputs", false),
            ],
        )
        .since(3.0)
        .when(BY_RULES),
    ],
    run: Run::Pure(run),
    ..NodeType::BASE
};

/// No switch has more outputs.
const MOST_OUTPUTS: f64 = 1_000.0;

fn outputs(node: &Node) -> usize {
    let get = |name: &str| node.parameters.get(name).unwrap_or(&Value::Undefined);
    let amount = |name: &str| get(name).as_number().unwrap_or(4.0).clamp(0.0, MOST_OUTPUTS) as usize;
    let rules = |name: &str| get("rules").get(name).as_array().map_or(0, <[Value]>::len);
    match (node.version, get("mode").as_str()) {
        (version, _) if version < 2.0 => 4,
        (version, Some("expression")) if version < 3.0 => amount("outputsAmount"),
        (_, Some("expression")) => amount("numberOutputs"),
        (version, _) if version < 3.0 => rules("rules") + usize::from(get("fallbackOutput").as_str() == Some("extra")),
        _ => rules("values") + usize::from(get("options").get("fallbackOutput").as_str() == Some("extra")),
    }
}

/// How the outputs of an item are found.
enum Choice {
    Number(Parameter),
    Rules { rules: Vec<Filter>, all: Parameter, fallback: Parameter },
    Old(Old),
}

struct Old {
    is_date: bool,
    value: Parameter,
    /// Operation, value and, in version 1, output.
    rules: Vec<[Parameter; 3]>,
    fallback: Parameter,
}

impl Choice {
    fn compile(context: &mut Context<'_>) -> Result<Self, NodeError> {
        if &*context.text("mode", 0)? == "expression" {
            return Ok(Self::Number(context.parameter("output")));
        }
        let nothing = || Parameter::Fixed(Value::Undefined);
        if context.version() >= 3.0 {
            let rule = |rule: &Parameter| Filter::compile(&rule.field("conditions").unwrap_or_else(nothing));
            return Ok(Self::Rules {
                rules: context.parameter("rules.values").elements().iter().map(rule).collect(),
                all: context.parameter("options.allMatchingOutputs"),
                fallback: context.parameter("options.fallbackOutput"),
            });
        }
        let rule =
            |rule: &Parameter| ["operation", "value2", "output"].map(|name| rule.field(name).unwrap_or_else(nothing));
        let is_date = &*context.text("dataType", 0)? == "dateTime";
        let default = match &*context.text("dataType", 0)? {
            "number" => Value::Number(0.0),
            "boolean" => Value::Bool(false),
            _ => Value::from(""),
        };
        let or_default = |parameter: Parameter| match parameter {
            Parameter::Fixed(Value::Undefined) => Parameter::Fixed(default.clone()),
            other => other,
        };
        Ok(Self::Old(Old {
            is_date,
            value: or_default(context.parameter("value1")),
            rules: context
                .parameter("rules.rules")
                .elements()
                .iter()
                .map(rule)
                .map(|[operation, value, output]| [operation, or_default(value), output])
                .collect(),
            fallback: context.parameter("fallbackOutput"),
        }))
    }

    /// Pushes the outputs of an item.
    fn choose(&self, context: &Context<'_>, at: usize, outputs: &mut Vec<f64>) -> Result<(), NodeError> {
        let scope = context.scope(at);
        match self {
            Self::Number(output) => outputs.push(output.at(&scope)?.to_number()),
            Self::Rules { rules, all, fallback } => {
                for (number, rule) in rules.iter().enumerate() {
                    if rule.test(&scope, at)? {
                        outputs.push(number as f64);
                        if !all.at(&scope)?.is_truthy() {
                            return Ok(());
                        }
                    }
                }
                if outputs.is_empty() {
                    outputs.extend(fallback_output(&fallback.at(&scope)?, rules.len()));
                }
            }
            Self::Old(old) => {
                let date = |value: Value| if old.is_date { moment(&value) } else { Ok(value) };
                let value = date(old.value.at(&scope)?)?;
                for (number, [operation, other, output]) in old.rules.iter().enumerate() {
                    if compare(operation.at(&scope)?.as_str().unwrap_or_default(), &value, &date(other.at(&scope)?)?)? {
                        let output = output.at(&scope)?;
                        outputs.push(if output.is_nullish() { number as f64 } else { output.to_number() });
                        return Ok(());
                    }
                }
                outputs.extend(fallback_output(&old.fallback.at(&scope)?, old.rules.len()));
            }
        }
        Ok(())
    }
}

/// Where items go that no rule takes.
fn fallback_output(fallback: &Value, rules: usize) -> Option<f64> {
    match fallback {
        Value::String(word) if **word == *"extra" => Some(rules as f64),
        Value::String(word) if **word == *"none" => None,
        Value::Undefined | Value::Null => None,
        number => Some(number.to_number()).filter(|number| *number != -1.0),
    }
}

fn run(context: &mut Context<'_>) -> Result<Given, NodeError> {
    let choice = Choice::compile(context)?;
    let mut given: Vec<Vec<Item>> = vec![Vec::new(); outputs(context.node()).max(1)];
    let mut chosen = Vec::new();
    for (at, item) in context.items().iter().enumerate() {
        context.go_on(at)?;
        chosen.clear();
        let places = choice.choose(context, at, &mut chosen).and_then(|()| {
            chosen.iter().map(|output| in_range(*output, given.len(), context.version())).collect::<Result<Vec<_>, _>>()
        });
        match places {
            Ok(places) => places.into_iter().for_each(|place| given[place].push(item.clone().linked(at))),
            Err(error) => given[0].push(context.failed(error, at)?),
        }
    }
    Ok(given.into())
}

fn in_range(output: f64, outputs: usize, version: f64) -> Result<usize, NodeError> {
    if output >= 0.0 && output < outputs as f64 && output.fract() == 0.0 {
        return Ok(output as usize);
    }
    let words = format!("The ouput {} is not allowed", crate::value::number_to_text(output));
    let last = outputs.saturating_sub(1);
    Err(match version {
        version if version < 3.0 => NodeError::new(format!("{words}. It has to be between 0 and {last}!")),
        _ if output == outputs as f64 => NodeError::new(format!("{words}."))
            .described(format!("Outputs are counted from 0: the last one is {last}.")),
        _ => NodeError::new(words).described(format!("It has to be between 0 and {last}.")),
    })
}
