//! The conditions of If and Filter, of every version: rules, or in old files groups of comparisons by type.

use super::comparison::{compare, moment};
use crate::data::ItemScope;
use crate::filter::Filter;
use crate::item::Item;
use crate::node::{Context, Kind, NodeError, Parameter, Property};
use crate::value::Value;

/// Rules.
pub(super) const RULES: Property = Property::of("conditions", Kind::Filter).since(2.0);

/// Comparisons by type, as old files have them.
pub(super) const OLD: Property = Property::groups(
    "conditions",
    &[
        (
            "boolean",
            &[
                Property::bool("value1", false),
                Property::options("operation", "equal", &["equal", "notEqual"]),
                Property::bool("value2", false),
            ],
        ),
        (
            "dateTime",
            &[
                Property::of("value1", Kind::Date),
                Property::options("operation", "after", &["after", "before"]),
                Property::of("value2", Kind::Date),
            ],
        ),
        (
            "number",
            &[
                Property::number("value1", 0.0),
                Property::options("operation", "smaller", NUMBERS),
                Property::number("value2", 0.0),
            ],
        ),
        (
            "string",
            &[Property::text("value1"), Property::options("operation", "equal", TEXTS), Property::text("value2")],
        ),
    ],
)
.until(1.9);

const NUMBERS: &[&str] =
    &["smaller", "smallerEqual", "equal", "notEqual", "larger", "largerEqual", "isEmpty", "isNotEmpty"];
const TEXTS: &[&str] = &[
    "contains",
    "notContains",
    "endsWith",
    "notEndsWith",
    "equal",
    "notEqual",
    "regex",
    "notRegex",
    "startsWith",
    "notStartsWith",
    "isEmpty",
    "isNotEmpty",
];

/// The options of nodes that test by rules.
pub(super) const OPTIONS: Property =
    Property::collection("options", &[Property::bool("ignoreCase", true), Property::bool("looseTypeValidation", true)])
        .since(2.0);

/// Less strict validation, beside the options.
pub(super) const LOOSE: Property = Property::bool("looseTypeValidation", false).since(2.1);

/// Compiled conditions.
enum Conditions {
    Rules(Filter),
    Old { all: bool, comparisons: Vec<Comparison> },
}

struct Comparison {
    is_date: bool,
    left: Parameter,
    operation: Parameter,
    right: Parameter,
}

impl Conditions {
    /// The conditions of a node; `all` says whether old ones must all hold.
    fn compile(context: &mut Context<'_>, all: bool) -> Self {
        let conditions = context.parameter("conditions");
        if context.version() >= 2.0 {
            return Self::Rules(Filter::compile(&conditions));
        }
        let of_type = |kind: &str| conditions.field(kind).map(|group| group.elements()).unwrap_or_default();
        let comparison = |kind: &str, one: Parameter| {
            let side = |name| one.field(name).unwrap_or(Parameter::Fixed(Value::Undefined));
            Comparison {
                is_date: kind == "dateTime",
                left: side("value1"),
                operation: side("operation"),
                right: side("value2"),
            }
        };
        let kinds = ["boolean", "dateTime", "number", "string"];
        Self::Old {
            all,
            comparisons: kinds
                .iter()
                .flat_map(|kind| of_type(kind).into_iter().map(move |one| comparison(kind, one)))
                .collect(),
        }
    }

    fn test(&self, scope: &ItemScope<'_>, item: usize) -> Result<bool, NodeError> {
        let (all, comparisons) = match self {
            Self::Rules(filter) => return filter.test(scope, item),
            Self::Old { all, comparisons } => (*all, comparisons),
        };
        for one in comparisons {
            let (mut left, operation, mut right) =
                (one.left.at(scope)?, one.operation.at(scope)?, one.right.at(scope)?);
            if one.is_date {
                (left, right) = (moment(&left)?, moment(&right)?);
            }
            let holds = compare(operation.as_str().unwrap_or_default(), &left, &right)?;
            if holds != all {
                return Ok(holds);
            }
        }
        Ok(all)
    }
}

/// The items that meet the node's conditions, and the others. `all` says whether old conditions must all hold. An item
/// that cannot be tested counts as one that does not meet them where the node goes on.
pub(super) fn divide(context: &mut Context<'_>, all: bool) -> Result<[Vec<Item>; 2], NodeError> {
    let conditions = Conditions::compile(context, all);
    let (mut meet, mut others) = (Vec::new(), Vec::new());
    for (at, item) in context.items().iter().enumerate() {
        context.go_on(at)?;
        let holds = match conditions.test(&context.scope(at), at) {
            Err(error) if context.goes_on() && error.may_go_on() => false,
            holds => holds.map_err(|error| error.at_item(at).in_parameter("conditions"))?,
        };
        if holds { &mut meet } else { &mut others }.push(item.clone().linked(at));
    }
    Ok([meet, others])
}
