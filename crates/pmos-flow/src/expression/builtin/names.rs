//! The names of JavaScript's and n8n's functions.

use super::Native;
use crate::value::Value;

const STRING: &[&str] = &[
    "at", "charAt", "charCodeAt", "codePointAt", "concat", "endsWith", "includes", "indexOf", "isWellFormed", "lastIndexOf",
    "localeCompare", "match", "matchAll", "normalize", "padEnd", "padStart", "repeat", "replace", "replaceAll", "search", "slice", "split",
    "startsWith", "substr", "substring", "toLocaleLowerCase", "toLocaleUpperCase", "toLowerCase", "toString", "toUpperCase",
    "toWellFormed", "trim", "trimEnd", "trimLeft", "trimRight", "trimStart", "valueOf", "anchor", "big", "bold", "link", "small", "sub",
    "sup",
];
const ARRAY: &[&str] = &[
    "at", "concat", "copyWithin", "entries", "every", "fill", "filter", "find", "findIndex", "findLast", "findLastIndex", "flat",
    "flatMap", "forEach", "includes", "indexOf", "join", "keys", "lastIndexOf", "map", "pop", "push", "reduce", "reduceRight", "reverse",
    "shift", "slice", "some", "sort", "splice", "toLocaleString", "toReversed", "toSorted", "toSpliced", "toString", "unshift", "values",
    "with",
];
const NUMBER: &[&str] = &["toExponential", "toFixed", "toLocaleString", "toPrecision", "toString", "valueOf"];
const OBJECT: &[&str] = &["hasOwnProperty", "isPrototypeOf", "propertyIsEnumerable", "toLocaleString", "toString", "valueOf"];
const FUNCTION: &[&str] = &["apply", "bind", "call", "toString"];
const DATE: &[&str] = &[
    "getDate", "getDay", "getFullYear", "getHours", "getMilliseconds", "getMinutes", "getMonth", "getSeconds", "getTime",
    "getTimezoneOffset", "getUTCDate", "getUTCDay", "getUTCFullYear", "getUTCHours", "getUTCMilliseconds", "getUTCMinutes", "getUTCMonth",
    "getUTCSeconds", "getYear", "setDate", "setFullYear", "setHours", "setMilliseconds", "setMinutes", "setMonth", "setSeconds", "setTime",
    "setUTCDate", "setUTCFullYear", "setUTCHours", "setUTCMilliseconds", "setUTCMinutes", "setUTCMonth", "setUTCSeconds", "toDateString",
    "toGMTString", "toISOString", "toJSON", "toLocaleDateString", "toLocaleString", "toLocaleTimeString", "toString", "toTimeString",
    "toUTCString", "valueOf",
];
const COLLECTION: &[&str] = &[
    "add", "clear", "delete", "difference", "entries", "forEach", "get", "has", "intersection", "isDisjointFrom", "isSubsetOf",
    "isSupersetOf", "keys", "set", "symmetricDifference", "union", "values",
];
const REGEXP: &[&str] = &["exec", "test", "toString", "compile"];
const ITERATOR: &[&str] = &[
    "next", "toArray", "map", "filter", "take", "drop", "flatMap", "reduce", "forEach", "some", "every", "find",
];
const DATE_TIME: &[&str] = &[
    "diff", "diffNow", "endOf", "equals", "get", "hasSame", "minus", "plus", "reconfigure", "resolvedLocaleOptions", "set", "setLocale",
    "setZone", "startOf", "toBSON", "toFormat", "toHTTP", "toISO", "toISODate", "toISOTime", "toISOWeekDate", "toJSDate", "toJSON", "toLocal",
    "toLocaleParts", "toLocaleString", "toMillis", "toObject", "toRFC2822", "toRelative", "toRelativeCalendar", "toSQL", "toSQLDate",
    "toSQLTime", "toSeconds", "toString", "toUTC", "toUnixInteger", "until", "valueOf", "getPossibleOffsets",
];
const DURATION: &[&str] = &[
    "as", "equals", "get", "mapUnits", "minus", "negate", "normalize", "plus", "reconfigure", "rescale", "set", "shiftTo", "shiftToAll",
    "toFormat", "toHuman", "toISO", "toISOTime", "toJSON", "toMillis", "toObject", "toString", "valueOf", "removeZeros",
];
const INTERVAL: &[&str] = &[
    "abutsEnd", "abutsStart", "contains", "count", "difference", "divideEqually", "engulfs", "equals", "hasSame", "intersection", "isAfter",
    "isBefore", "isEmpty", "length", "mapEndpoints", "overlaps", "set", "splitAt", "splitBy", "toDuration", "toFormat", "toISO",
    "toISODate", "toISOTime", "toLocaleString", "toString", "union",
];
const ERROR: &[&str] = &["toString"];

/// The namespaces and classes with their functions.
const STATIC: &[(&str, &[&str])] = &[
    ("Math", &[
        "abs", "acos", "acosh", "asin", "asinh", "atan", "atan2", "atanh", "cbrt", "ceil", "clz32", "cos", "cosh", "exp", "expm1", "floor",
        "fround", "hypot", "imul", "log", "log10", "log1p", "log2", "max", "min", "pow", "random", "round", "sign", "sin", "sinh", "sqrt",
        "tan", "tanh", "trunc",
    ]),
    ("JSON", &["parse", "stringify"]),
    ("Object", &["assign", "entries", "freeze", "fromEntries", "groupBy", "hasOwn", "is", "isExtensible", "isFrozen", "isSealed", "keys", "seal", "values"]),
    ("Array", &["from", "isArray", "of"]),
    ("Number", &["isFinite", "isInteger", "isNaN", "isSafeInteger", "parseFloat", "parseInt"]),
    ("String", &["fromCharCode", "fromCodePoint", "raw"]),
    ("Date", &["UTC", "now", "parse"]),
    ("BigInt", &["asIntN", "asUintN"]),
    ("Map", &["groupBy"]),
    ("Set", &[]),
    ("DateTime", &[
        "now", "local", "utc", "fromJSDate", "fromMillis", "fromSeconds", "fromObject", "fromISO", "fromRFC2822", "fromHTTP", "fromFormat",
        "fromString", "fromSQL", "invalid", "isDateTime", "min", "max",
    ]),
    ("Duration", &["fromMillis", "fromObject", "fromDurationLike", "fromISO", "fromISOTime", "isDuration", "invalid"]),
    ("Interval", &["fromDateTimes", "after", "before", "fromISO", "isInterval", "merge", "xor", "invalid"]),
    ("Intl", &["NumberFormat", "DateTimeFormat", "Collator", "PluralRules", "RelativeTimeFormat", "ListFormat", "Segmenter", "DisplayNames"]),
    ("RegExp", &["escape"]),
];

/// The functions and classes that are names by themselves.
const GLOBAL: &[&str] = &[
    "parseInt", "parseFloat", "isNaN", "isFinite", "encodeURIComponent", "encodeURI", "decodeURIComponent", "decodeURI", "Object", "Array",
    "Number", "String", "Boolean", "Date", "BigInt", "Map", "Set", "RegExp", "Error", "TypeError", "RangeError", "SyntaxError",
    "ReferenceError", "DateTime", "Duration", "Interval", "Symbol", "WeakMap", "WeakSet", "Int8Array", "Uint8Array", "Uint8ClampedArray",
    "Int16Array", "Uint16Array", "Int32Array", "Uint32Array", "Float32Array", "Float64Array", "BigInt64Array", "BigUint64Array",
    "ArrayBuffer", "DataView", "EvalError", "URIError", "AggregateError", "$if", "$ifEmpty", "$min", "$max", "$average", "$not",
    "$jmespath", "$evaluateExpression", "min", "max", "average", "not", "numberList", "zip", "$jmesPath",
];

/// What n8n shows as an empty object instead.
const EMPTIED: &[&str] = &[
    "document", "global", "globalThis", "self", "alert", "prompt", "confirm", "eval", "uneval", "setTimeout", "setInterval",
    "setImmediate", "clearImmediate", "queueMicrotask", "Function", "require", "module", "Buffer", "__dirname", "__filename", "process",
    "fetch", "XMLHttpRequest", "Promise", "Generator", "GeneratorFunction", "AsyncFunction", "AsyncGenerator", "AsyncGeneratorFunction",
    "WebAssembly", "Reflect", "Proxy", "escape", "unescape", "exports", "SharedArrayBuffer", "Atomics", "ShadowRealm", "performance",
];

/// The methods that n8n adds.
const EXTENSION: &[&str] = &[
    "hash", "removeMarkdown", "removeTags", "toDate", "toDateTime", "toBoolean", "toDecimalNumber", "toNumber", "toFloat", "toInt",
    "toWholeNumber", "toSentenceCase", "toSnakeCase", "toTitleCase", "urlDecode", "urlEncode", "quote", "replaceSpecialChars", "length",
    "isDomain", "isEmail", "isNumeric", "isUrl", "isURL", "isEmpty", "isNotEmpty", "toJsonString", "extractEmail", "extractDomain",
    "extractUrl", "extractUrlPath", "parseJson", "base64Encode", "base64Decode", "removeDuplicates", "unique", "first", "last", "pluck",
    "randomItem", "sum", "min", "max", "average", "compact", "smartJoin", "chunk", "renameKeys", "merge", "mergeIntoObject", "union",
    "difference", "intersection", "append", "ceil", "floor", "format", "round", "abs", "isInteger", "isEven", "isOdd", "beginningOf",
    "endOfMonth", "extract", "isBetween", "isDst", "isInLast", "isWeekend", "minus", "plus", "diffTo", "diffToNow", "hasField",
    "removeField", "removeFieldsContaining", "keepFieldsContaining", "keys", "values",
];

/// Is it a name with functions of its own?
pub(crate) fn is_namespace(name: &str) -> bool {
    STATIC.iter().any(|(owner, _)| *owner == name)
}

/// Is it a method that n8n adds to some kind of value?
pub(crate) fn is_extension(name: &str) -> bool {
    EXTENSION.contains(&name)
}

pub(crate) fn is_object_method(name: &str) -> bool {
    OBJECT.contains(&name)
}

pub(crate) fn is_array_method(name: &str) -> bool {
    ARRAY.contains(&name)
}

/// The function or class of this name.
pub(super) fn global_function(name: &str) -> Option<Native> {
    GLOBAL.iter().find(|known| **known == name).map(|name| Native { owner: "", name })
}

/// Is the name one that n8n empties?
pub(super) fn is_emptied(name: &str) -> bool {
    EMPTIED.contains(&name)
}

/// The function of a namespace, as a value.
pub(super) fn static_function(owner: &str, name: &str) -> Option<Native> {
    let (owner, functions) = STATIC.iter().find(|(known, _)| *known == owner)?;
    functions.iter().find(|known| **known == name).map(|name| Native { owner, name })
}

fn methods(value: &Value) -> (&'static str, &'static [&'static str]) {
    use super::{Iter, Map, RegExp, Set};
    use crate::expression::interpreter::ErrorValue;
    match value {
        Value::String(_) => ("a string", STRING),
        Value::Array(_) => ("an array", ARRAY),
        Value::Number(_) => ("a number", NUMBER),
        Value::Exotic(_) if value.as_exotic::<crate::time::JsDate>().is_some() => ("a date", DATE),
        Value::Exotic(_) if value.as_exotic::<Map>().is_some() || value.as_exotic::<Set>().is_some() => ("a collection", COLLECTION),
        Value::Exotic(_) if value.as_exotic::<RegExp>().is_some() => ("a regexp", REGEXP),
        Value::Exotic(_) if value.as_exotic::<Iter>().is_some() => ("an iterator", ITERATOR),
        Value::Exotic(_) if value.as_exotic::<ErrorValue>().is_some() => ("an error", ERROR),
        Value::Exotic(_) if value.as_exotic::<crate::time::DateTime>().is_some() => ("a DateTime", DATE_TIME),
        Value::Exotic(_) if value.as_exotic::<crate::time::Duration>().is_some() => ("a Duration", DURATION),
        Value::Exotic(_) if value.as_exotic::<crate::time::Interval>().is_some() => ("an Interval", INTERVAL),
        Value::Exotic(_) if value.type_of() == "function" => ("a function", FUNCTION),
        _ => ("an object", OBJECT),
    }
}

/// Has JavaScript a method of this name for this value?
pub(crate) fn has_method(value: &Value, name: &str) -> bool {
    methods(value).1.contains(&name) || OBJECT.contains(&name)
}

/// A method as a value, such as `'a'.trim`; `undefined` where there is none.
pub(crate) fn method_value(value: &Value, name: &str) -> Value {
    if value.is_nullish() {
        return Value::Undefined;
    }
    let (owner, names) = methods(value);
    match names.iter().chain(OBJECT).find(|known| **known == name) {
        Some(name) => Native { owner, name }.into(),
        None => Value::Undefined,
    }
}
