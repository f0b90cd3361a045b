//! Merge: brings the items of several inputs together.

mod clash;
mod combine;
mod fields;
mod old;
mod sql;

use crate::item::{Item, Link, Links};
use crate::node::{Context, Given, Group, Kind, NodeError, NodeType, Property, RequiredInputs, Run, Shown};
use crate::value::Value;

pub(super) static MERGE: NodeType = NodeType {
    name: "n8n-nodes-base.merge",
    title: "Merge",
    summary: "Brings the items of several inputs together: one after the other, by fields, by position, or by SQL.",
    group: Group::Flow,
    versions: &[1.0, 2.0, 2.1, 3.0, 3.1, 3.2],
    required_inputs: |node| {
        let waits = node.parameters.get("mode").and_then(Value::as_str) == Some("chooseBranch");
        match (node.version < 2.0, waits) {
            (true, _) => RequiredInputs::Any,
            (false, true) => RequiredInputs::All,
            (false, false) => RequiredInputs::AtLeast(1),
        }
    },
    properties: &[
        Property::options(
            "mode",
            "append",
            &[
                "append",
                "keepKeyMatches",
                "mergeByIndex",
                "mergeByKey",
                "multiplex",
                "passThrough",
                "removeKeyMatches",
                "wait",
            ],
        )
        .until(1.0),
        Property::options("mode", "append", &["append", "combine", "chooseBranch"]).since(2.0).until(2.1),
        Property::options("mode", "append", &["append", "combine", "combineBySql", "chooseBranch"]).since(3.0),
        // Version 1.
        Property::options("join", "left", &["inner", "left", "outer"])
            .until(1.0)
            .when(&[Shown::is("mode", &["mergeByIndex"])]),
        Property::text("propertyName1").required().until(1.0).when(BY_KEY),
        Property::text("propertyName2").required().until(1.0).when(BY_KEY),
        Property::options("output", "input1", &["input1", "input2"])
            .until(1.0)
            .when(&[Shown::is("mode", &["passThrough"])]),
        Property::options("overwrite", "always", &["always", "blank", "undefined"])
            .until(1.0)
            .when(&[Shown::is("mode", &["mergeByKey"])]),
        // How items are combined.
        Property::options("combinationMode", "mergeByFields", &["mergeByFields", "mergeByPosition", "multiplex"])
            .since(2.0)
            .until(2.1)
            .when(COMBINE),
        Property::options("combineBy", "combineByFields", &["combineByFields", "combineByPosition", "combineAll"])
            .since(3.0)
            .when(COMBINE),
        Property::number("numberInputs", 2.0).since(3.0),
        Property::bool("advanced", false)
            .since(3.0)
            .when(&[Shown::is("mode", &["combine"]), Shown::is("combineBy", &["combineByFields"])]),
        Property::text("fieldsToMatchString").since(3.0).when(&[
            Shown::is("mode", &["combine"]),
            Shown::is("combineBy", &["combineByFields"]),
            Shown::not("advanced", &["true"]),
        ]),
        Property::groups("mergeByFields", &[("values", &[Property::text("field1"), Property::text("field2")])])
            .since(2.0)
            .when(COMBINE),
        Property::options("joinMode", "keepMatches", JOIN).since(2.0).when(COMBINE),
        Property::options("outputDataFrom", "both", &["both", "input1", "input2"])
            .since(2.0)
            .when(&[Shown::is("mode", &["combine"]), Shown::is("joinMode", &["keepMatches", "keepNonMatches"])]),
        Property::text("query")
            .or("SELECT * FROM input1 LEFT JOIN input2 ON input1.name = input2.id")
            .required()
            .since(3.0)
            .when(&[Shown::is("mode", &["combineBySql"])]),
        // Which branch is taken.
        Property::options("chooseBranchMode", "waitForBoth", &["waitForBoth"]).since(2.0).until(2.1).when(CHOOSE),
        Property::options("chooseBranchMode", "waitForAll", &["waitForAll"]).since(3.0).when(CHOOSE),
        Property::options("output", "input1", &["input1", "input2", "empty"]).since(2.0).until(2.1).when(CHOOSE),
        Property::options("output", "specifiedInput", &["specifiedInput", "empty"]).since(3.0).when(CHOOSE),
        Property::number("useDataOfInput", 1.0)
            .since(3.0)
            .when(&[Shown::is("mode", &["chooseBranch"]), Shown::is("output", &["specifiedInput"])]),
        Property::collection("options", OPTIONS).since(2.0).when(&[Shown::is("mode", &["combine", "combineBySql"])]),
    ],
    run: Run::Pure(run),
    ..NodeType::BASE
};

const COMBINE: &[Shown] = &[Shown::is("mode", &["combine"])];
const CHOOSE: &[Shown] = &[Shown::is("mode", &["chooseBranch"])];
const BY_KEY: &[Shown] = &[Shown::is("mode", &["keepKeyMatches", "mergeByKey", "removeKeyMatches"])];
const JOIN: &[&str] = &["keepMatches", "keepNonMatches", "keepEverything", "enrichInput1", "enrichInput2"];
const OPTIONS: &[Property] = &[
    Property::group("clashHandling", &[("values", CLASH)]),
    Property::bool("disableDotNotation", false),
    Property::bool("fuzzyCompare", false),
    Property::bool("includeUnpaired", false),
    Property::options("multipleMatches", "all", &["all", "first"]),
    Property::options("emptyQueryResult", "empty", &["success", "empty"]).since(3.2),
    Property::of("queryParameters", Kind::Text).or(""),
];
const CLASH: &[Property] = &[
    Property::text("resolveClash"),
    Property::options("mergeMode", "deepMerge", &["deepMerge", "shallowMerge"])
        .when(&[Shown::not("resolveClash", &["addSuffix"])]),
    Property::bool("overrideEmpty", false).when(&[Shown::not("resolveClash", &["addSuffix"])]),
];

fn run(context: &mut Context<'_>) -> Result<Given, NodeError> {
    let version = context.version();
    let mode = context.text("mode", 0)?;
    if version < 2.0 {
        return old::merge(context, &mode);
    }
    let by = context.text(if version < 3.0 { "combinationMode" } else { "combineBy" }, 0)?;
    match (&*mode, &*by) {
        ("chooseBranch", _) => choose(context),
        ("combine", "mergeByFields" | "combineByFields") => fields::by_fields(context),
        ("combine", "mergeByPosition") => combine::by_position_of_two(context),
        ("combine", "combineByPosition") => combine::by_position(context),
        ("combine", _) => combine::all(context),
        ("combineBySql", _) => sql::by_sql(context),
        _ => Ok(append(context)),
    }
}

/// The items of all inputs, one input after the other.
fn append(context: &Context<'_>) -> Given {
    (0..context.inputs()).flat_map(|input| whole(context, input)).collect::<Vec<_>>().into()
}

fn choose(context: &mut Context<'_>) -> Result<Given, NodeError> {
    let inputs = inputs(context)?;
    let output = context.text("output", 0)?;
    let input = match &*output {
        "empty" => return Ok(vec![Item { links: all_links(context, 0..inputs), ..Item::default() }].into()),
        "input2" => 2,
        "input1" => 1,
        _ => context.number("useDataOfInput", 0)?.max(0.0) as usize,
    };
    if input == 0 || input > inputs {
        return Err(NodeError::new(format!("Input {input} doesn't exist"))
            .described(format!("The node has only {inputs} inputs, so selecting input {input} is not possible.")));
    }
    Ok(whole(context, input - 1).into())
}

/// How many inputs the node has.
fn inputs(context: &mut Context<'_>) -> Result<usize, NodeError> {
    let number = context.number("numberInputs", 0)?;
    Ok(if number >= 2.0 { number.min(10.0) as usize } else { 2 })
}

/// An item as it came in, linked to its place.
fn of(item: &Item, input: usize, at: usize) -> Item {
    Item { links: Links::One(Link::of_input(input, at)), ..item.clone() }
}

/// All items of an input as they came in.
fn whole(context: &Context<'_>, input: usize) -> Vec<Item> {
    context.input(input).iter().enumerate().map(|(at, item)| of(item, input, at)).collect()
}

/// Links to all items of some inputs.
fn all_links(context: &Context<'_>, inputs: std::ops::Range<usize>) -> Links {
    let links = inputs.flat_map(|input| (0..context.input(input).len()).map(move |at| Link::of_input(input, at)));
    Links::Many(links.collect())
}
