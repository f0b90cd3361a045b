//! JMESPath: `$jmespath(data, query)`.

mod evaluate;
mod functions;
mod lexer;
mod parser;

use super::ExpressionError;
use crate::value::Value;

/// What a query finds; null where it finds nothing.
///
/// Throws where the query is none, or a function gets what it cannot take.
pub(crate) fn search(data: &Value, query: &str) -> Result<Value, ExpressionError> {
    let tree = parser::parse(query)?;
    let mut evaluator = evaluate::Evaluator { steps: 0 };
    evaluator.evaluate(&tree, data.clone())
}

fn thrown<T>(message: impl Into<String>) -> Result<T, ExpressionError> {
    Err(ExpressionError::Thrown(message.into()))
}

#[cfg(test)]
mod tests {
    use super::search;
    use crate::value::{parse, to_string};

    #[test]
    fn queries_find_what_they_ask_for() {
        let data = parse(r#"{"a":[{"n":"x","v":3,"t":["p","q"]},{"n":"y","v":1,"t":[]},{"n":"z","v":2}],"o":{"k":1,"l":2},"s":"text"}"#).unwrap();
        for (query, expected) in [
            ("a[0].n", r#""x""#),
            ("a[*].n", r#"["x","y","z"]"#),
            ("a[].t[]", r#"["p","q"]"#),
            ("a[-1].v", "2"),
            ("a[1:].n", r#"["y","z"]"#),
            ("a[::-1].v", "[2,1,3]"),
            ("a[?v > `1`].n", r#"["x","z"]"#),
            ("a[?n == 'y'] | [0].v", "1"),
            ("a[?contains(n, 'x') || v == `2`].v", "[3,2]"),
            ("o.*", "[1,2]"),
            ("a[*].{name: n, w: v}[0]", r#"{"name":"x","w":3}"#),
            ("a[*].{name: n} | [0]", r#"{"name":"x"}"#),
            ("a[*].[n, v] | [2]", r#"["z",2]"#),
            ("sort_by(a, &v)[*].n", r#"["y","z","x"]"#),
            ("max_by(a, &v).n", r#""x""#),
            ("length(a)", "3"),
            ("sum(a[*].v)", "6"),
            ("join('-', a[*].n)", r#""x-y-z""#),
            ("keys(o)", r#"["k","l"]"#),
            ("missing.b", "null"),
            ("\"s\"", r#""text""#),
            ("not_null(q, s)", r#""text""#),
            ("map(&v, a)", "[3,1,2]"),
            ("!q", "true"),
            ("@.s", r#""text""#),
            ("to_string(o)", r#""{\"k\":1,\"l\":2}""#),
        ] {
            assert_eq!(to_string(&search(&data, query).unwrap()), expected, "{query}");
        }
        assert!(search(&data, "a[").is_err());
        assert!(search(&data, &"(".repeat(10_000)).is_err());
    }
}
