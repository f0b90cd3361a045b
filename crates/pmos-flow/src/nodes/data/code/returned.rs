//! From what code returned to items, with n8n's words for what is none.

use crate::item::{Item, Link, Links};
use crate::node::NodeError;
use crate::value::{Object, Str, Value};

/// The keys that an item may have.
const KEYS: [&str; 8] = ["json", "binary", "pairedItem", "error", "index", "metadata", "evaluationData", "sendMessage"];

/// The items of what code for all items returned: a list of items or of their fields, or one of either, or null.
pub(super) fn for_all_items(value: Value) -> Result<Vec<Item>, NodeError> {
    let improper = || {
        NodeError::new("Code doesn't return items properly")
            .described("Please return an array of objects, one for each item you would like to output.")
    };
    let list = match value {
        Value::Null => return Ok(Vec::new()),
        Value::Array(values) => values.to_vec(),
        value @ Value::Object(_) => vec![value],
        _ => return Err(improper()),
    };
    let objects = list.iter().map(Value::as_object).collect::<Option<Vec<_>>>().ok_or_else(improper)?;
    if objects.iter().any(|object| is_item(object)) {
        objects.iter().enumerate().try_for_each(|(at, object)| has_known_keys(object, at))?;
    }
    let with_json = objects.iter().filter(|object| object.contains_key("json")).count();
    let with_files = objects.iter().filter(|object| object.contains_key("binary")).count();
    if (with_json > 0 && with_json < list.len()) || (with_json == 0 && with_files > 0 && with_files < list.len()) {
        return Err(NodeError::new("Inconsistent item format"));
    }
    list.iter().enumerate().map(|(at, value)| read(value, at)).collect()
}

/// The item of what code for each item returned: an item or its fields; nothing for null and undefined.
pub(super) fn for_item(value: Value, at: usize) -> Result<Option<Item>, NodeError> {
    match &value {
        Value::Null | Value::Undefined => return Ok(None),
        Value::Array(_) => return Err(not_an_object("json", at)),
        Value::Object(object) if object.contains_key("json") => has_known_keys(object, at)?,
        Value::Object(_) => {}
        other => {
            let words = format!(
                "Please return an object representing the output item. ('{}' was returned instead.)",
                other.to_text()
            );
            return Err(NodeError::new(format!("Code doesn't return an object [item {at}]")).described(words));
        }
    }
    read(&value, at).map(Some)
}

fn is_item(object: &Object) -> bool {
    object.keys().any(|key| KEYS.contains(&&**key))
}

fn has_known_keys(object: &Object, at: usize) -> Result<(), NodeError> {
    if object.keys().all(|key| KEYS.contains(&&**key)) {
        return Ok(());
    }
    Err(NodeError::new(format!("Invalid output format [item {at}]"))
        .described("An output item has other keys beside <code>json</code>. Put all fields into the object under <code>json</code>."))
}

fn not_an_object(key: &str, at: usize) -> NodeError {
    NodeError::new(format!("A '{key}' property isn't an object [item {at}]"))
        .described(format!("In the returned data, every key named '{key}' must point to an object."))
}

/// An item from `{json, binary?, pairedItem?, error?}`, or from its fields alone.
pub(super) fn read(value: &Value, at: usize) -> Result<Item, NodeError> {
    let Some(object) = value.as_object() else { return Err(not_an_object("json", at)) };
    if !object.contains_key("json") && !object.contains_key("binary") {
        return Ok(Item::new(object.clone()));
    }
    if object.contains_key("json") && value.get("json").as_object().is_none() {
        return Err(not_an_object("json", at));
    }
    if !value.get("binary").is_nullish() && value.get("binary").as_object().is_none() {
        return Err(not_an_object("binary", at));
    }
    let mut item = match object.contains_key("json") {
        true => Item::read(value),
        // Fields beside files, without an object of their own.
        false => {
            let fields: Object = object
                .iter()
                .filter(|(key, _)| ***key != *"binary")
                .map(|(key, value)| (key.clone(), value.clone()))
                .collect();
            let whole = Object::from_iter([("json", fields.into()), ("binary", value.get("binary").clone())]);
            Item::read(&whole.into())
        }
    };
    item.links = links(value.get("pairedItem"));
    item.error = message(value.get("error"));
    Ok(item)
}

fn message(error: &Value) -> Option<Str> {
    match error {
        Value::Undefined | Value::Null => None,
        Value::Object(_) => Some(error.get("message").to_text()),
        other => Some(other.to_text()),
    }
}

/// The links of `pairedItem`: a number, `{item, input?}`, or a list of these.
fn links(paired: &Value) -> Links {
    let link = |value: &Value| {
        let (item, input) = match value {
            Value::Number(item) => (*item, 0.0),
            other => (other.get("item").as_number()?, other.get("input").as_number().unwrap_or(0.0)),
        };
        (item >= 0.0).then(|| Link::of_input(input as usize, item as usize))
    };
    match paired {
        Value::Array(values) => Links::Many(values.iter().filter_map(link).collect()),
        one => link(one).map_or(Links::None, Links::One),
    }
}

#[cfg(test)]
mod tests {
    use super::{for_all_items, for_item};
    use crate::item::Links;
    use crate::value::parse;

    #[test]
    fn items_are_read_in_every_form() {
        for (text, count) in
            [("[]", 0), ("null", 0), (r#"[{"a":1},{"a":2}]"#, 2), (r#"{"json":{}}"#, 1), (r#"{"a":1}"#, 1)]
        {
            assert_eq!(for_all_items(parse(text).unwrap()).unwrap().len(), count, "{text}");
        }
        let items = for_all_items(parse(r#"[{"json":{},"pairedItem":[{"item":2,"input":1},0]}]"#).unwrap()).unwrap();
        assert!(matches!(&items[0].links, Links::Many(links) if links.len() == 2 && links[0].input == 1));
    }

    #[test]
    fn what_is_no_item_is_named() {
        for (text, words) in [
            (r#""x""#, "Code doesn't return items properly"),
            (r#"["x"]"#, "Code doesn't return items properly"),
            (r#"[{"json":"x"}]"#, "A 'json' property isn't an object [item 0]"),
            (r#"[{"json":{},"foo":1}]"#, "Invalid output format [item 0]"),
            (r#"[{"json":{}},{"binary":{}}]"#, "Inconsistent item format"),
        ] {
            assert_eq!(for_all_items(parse(text).unwrap()).unwrap_err().message, words, "{text}");
        }
        assert_eq!(
            for_item(parse("[{}]").unwrap(), 3).unwrap_err().message,
            "A 'json' property isn't an object [item 3]"
        );
        assert!(for_item(parse("null").unwrap(), 0).unwrap().is_none());
    }
}
