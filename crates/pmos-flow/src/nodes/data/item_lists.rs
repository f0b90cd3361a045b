//! Item Lists: the node that Sort, Limit, Split Out, Aggregate, Summarize and Remove Duplicates were once.

use super::aggregate::{self, ALL, INDIVIDUAL};
use super::remove_duplicates::{self, Types};
use super::sort::{self, DEFAULT_CODE};
use super::split_out::{self, Rules};
use super::summarize::{self, Form, Keys};
use crate::item::Links;
use crate::node::{BoxFuture, Context, Given, Group, Kind, NodeError, NodeType, Property, Run, Shown};

pub(super) static ITEM_LISTS: NodeType = NodeType {
    name: "n8n-nodes-base.itemLists",
    title: "Item Lists",
    summary: "Splits, aggregates, sorts, limits and summarizes lists of items.",
    group: Group::Data,
    versions: &[1.0, 2.0, 2.1, 2.2, 3.0, 3.1],
    properties: &[
        Property::options("resource", "itemList", &["itemList"]),
        Property::options("operation", SPLIT, &[JOIN_OLD, LIMIT, DEDUPLICATE, SORT, SPLIT, SUMMARIZE]).until(2.2),
        Property::options("operation", SPLIT, &[JOIN, LIMIT, DEDUPLICATE, SORT, SPLIT, SUMMARIZE]).since(3.0),
        // Split out.
        Property::text("fieldToSplitOut").required().when(&[Shown::is("operation", &[SPLIT])]),
        Property::options("include", "noOtherFields", split_out::INCLUDE).when(&[Shown::is("operation", &[SPLIT])]),
        NAMES_OLD.named("fieldsToInclude").when(SPLIT_SOME).until(2.2),
        Property::text("fieldsToInclude").when(SPLIT_SOME).since(3.0),
        Property::collection("options", split_out::OPTIONS).when(&[Shown::is("operation", &[SPLIT])]),
        // Aggregate.
        Property::options("aggregate", INDIVIDUAL, &[INDIVIDUAL, ALL])
            .when(&[Shown::is("operation", &[JOIN, JOIN_OLD])]),
        Property::groups("fieldsToAggregate", &[("fieldToAggregate", aggregate::FIELDS)])
            .when(&[Shown::is("operation", &[JOIN, JOIN_OLD]), Shown::is("aggregate", &[INDIVIDUAL])]),
        Property::text("destinationFieldName").or("data").when(ALL_DATA),
        Property::options("include", "allFields", aggregate::INCLUDE).when(ALL_DATA),
        NAMES_OLD.named("fieldsToExclude").when(ALL_DATA_EXCEPT).until(2.2),
        Property::text("fieldsToExclude").when(ALL_DATA_EXCEPT).since(3.0),
        NAMES_OLD.named("fieldsToInclude").when(ALL_DATA_SOME).until(2.2),
        Property::text("fieldsToInclude").when(ALL_DATA_SOME).since(3.0),
        Property::collection("options", aggregate::OPTIONS).when(&[Shown::is("operation", &[JOIN, JOIN_OLD])]),
        // Remove duplicates.
        Property::options("compare", "allFields", remove_duplicates::COMPARE)
            .when(&[Shown::is("operation", &[DEDUPLICATE])]),
        NAMES_OLD.named("fieldsToExclude").when(COMPARE_EXCEPT).until(2.2),
        Property::text("fieldsToExclude").when(COMPARE_EXCEPT).since(3.0),
        NAMES_OLD.named("fieldsToCompare").when(COMPARE_SOME).until(2.2),
        Property::text("fieldsToCompare").when(COMPARE_SOME).since(3.0),
        Property::collection("options", remove_duplicates::OPTIONS).when(&[Shown::is("operation", &[DEDUPLICATE])]),
        // Sort.
        Property::options("type", "simple", &["simple", "random", "code"]).when(&[Shown::is("operation", &[SORT])]),
        Property::groups("sortFieldsUi", &[("sortField", sort::FIELDS)])
            .when(&[Shown::is("operation", &[SORT]), Shown::is("type", &["simple"])]),
        Property::of("code", Kind::Text)
            .or(DEFAULT_CODE)
            .when(&[Shown::is("operation", &[SORT]), Shown::is("type", &["code"])]),
        Property::collection("options", &[Property::bool("disableDotNotation", false)])
            .when(&[Shown::is("operation", &[SORT])]),
        // Limit.
        Property::number("maxItems", 1.0).when(&[Shown::is("operation", &[LIMIT])]),
        Property::options("keep", "firstItems", &["firstItems", "lastItems"]).when(&[Shown::is("operation", &[LIMIT])]),
        // Summarize.
        Property::groups("fieldsToSummarize", &[("values", summarize::AGGREGATIONS)])
            .when(&[Shown::is("operation", &[SUMMARIZE])]),
        Property::text("fieldsToSplitBy").when(&[Shown::is("operation", &[SUMMARIZE])]),
        Property::collection(
            "options",
            &[
                Property::bool("disableDotNotation", false),
                Property::options("outputFormat", "separateItems", &["separateItems", "singleItem"]),
                Property::bool("skipEmptySplitFields", false),
            ],
        )
        .when(&[Shown::is("operation", &[SUMMARIZE])]),
    ],
    run: Run::Effect(run),
    ..NodeType::BASE
};

const SPLIT: &str = "splitOutItems";
const JOIN_OLD: &str = "aggregateItems";
const JOIN: &str = "concatenateItems";
const DEDUPLICATE: &str = "removeDuplicates";
const SORT: &str = "sort";
const LIMIT: &str = "limit";
const SUMMARIZE: &str = "summarize";

const NAMES_OLD: Property = Property::groups("", &[("fields", &[Property::text("fieldName")])]);
const SPLIT_SOME: &[Shown] = &[Shown::is("operation", &[SPLIT]), Shown::is("include", &["selectedOtherFields"])];
const ALL_DATA: &[Shown] = &[Shown::is("operation", &[JOIN, JOIN_OLD]), Shown::is("aggregate", &[ALL])];
const ALL_DATA_EXCEPT: &[Shown] = &[
    Shown::is("operation", &[JOIN, JOIN_OLD]),
    Shown::is("aggregate", &[ALL]),
    Shown::is("include", &["allFieldsExcept"]),
];
const ALL_DATA_SOME: &[Shown] = &[
    Shown::is("operation", &[JOIN, JOIN_OLD]),
    Shown::is("aggregate", &[ALL]),
    Shown::is("include", &["specifiedFields"]),
];
const COMPARE_EXCEPT: &[Shown] = &[Shown::is("operation", &[DEDUPLICATE]), Shown::is("compare", &["allFieldsExcept"])];
const COMPARE_SOME: &[Shown] = &[Shown::is("operation", &[DEDUPLICATE]), Shown::is("compare", &["selectedFields"])];

fn run<'a>(context: &'a mut Context<'_>) -> BoxFuture<'a, Result<Given, NodeError>> {
    Box::pin(async move {
        let version = context.version();
        let missing_fails = version < 2.1;
        match &*context.text("operation", 0)? {
            JOIN | JOIN_OLD => {
                let mut given = aggregate::aggregate(context, missing_fails)?;
                if version < 2.0 && &*context.text("aggregate", 0)? == ALL {
                    // The first version forgot to say where the data came from.
                    given.outputs.iter_mut().flatten().for_each(|item| item.links = Links::None);
                }
                Ok(given)
            }
            SUMMARIZE => {
                let form = Form {
                    keys: Keys::Fields,
                    plain_names: version < 2.0,
                    only_numbers: version < 3.0,
                    never_count_empty: true,
                };
                summarize::summarize(context, missing_fails, form)
            }
            DEDUPLICATE => {
                remove_duplicates::remove_duplicates(context, if version > 3.0 { Types::Any } else { Types::Same })
            }
            SORT => sort::run(context).await,
            LIMIT => limit(context),
            _ => split_out::split_out(context, rules(version)),
        }
    })
}

fn rules(version: f64) -> Rules {
    match version {
        version if version < 2.0 => Rules::Lists,
        version if version < 2.1 => Rules::ListsAndObjects,
        version if version < 2.2 => Rules::OrMissing,
        _ => Rules::Current,
    }
}

fn limit(context: &mut Context<'_>) -> Result<Given, NodeError> {
    let length = context.items().len();
    let most = context.number("maxItems", 0)?.max(0.0) as usize;
    let first = if &*context.text("keep", 0)? == "lastItems" { length.saturating_sub(most) } else { 0 };
    let mut given = context.pass_on();
    for output in &mut given.outputs {
        output.drain(..first.min(output.len()));
        output.truncate(most);
    }
    Ok(given)
}
