//! Promises of the evaluator that the recorded cases do not make.

use super::{Expression, ExpressionError, Scope};
use crate::value::{Value, parse, to_string};
use jiff::tz::TimeZone;

struct Fixed(Value, TimeZone);

impl Scope for Fixed {
    fn json(&self) -> Value {
        self.0.clone()
    }
    fn variable(&self, _: &str) -> Result<Option<Value>, ExpressionError> {
        Ok(None)
    }
    fn call(&self, _: &str, _: &[Value]) -> Result<Option<Value>, ExpressionError> {
        Ok(None)
    }
    fn now(&self) -> i64 {
        1_709_208_000_000
    }
    fn zone(&self) -> &TimeZone {
        &self.1
    }
    fn random(&self) -> f64 {
        0.5
    }
}

fn evaluate(code: &str) -> Result<Value, ExpressionError> {
    let json = parse(r#"{"list":[3,1,2],"items":[{"id":1,"v":"x"},{"id":2,"v":"y"}]}"#).unwrap();
    Expression::compile(&format!("={{{{ {code} }}}}"))?.evaluate(&Fixed(json, TimeZone::UTC))
}

fn json(code: &str) -> String {
    to_string(&evaluate(code).unwrap().into_json())
}

/// Code may change what it made itself; what others see, only the sandbox may change.
#[test]
fn changes_stay_where_nobody_else_sees_them() {
    for (code, expected) in [
        ("(() => { const a = []; for (const i of $json.items) a.push(i.id); return a })()", "[1,2]"),
        ("$json.items.reduce((all, i) => { all[i.v] = i.id; return all }, {})", r#"{"x":1,"y":2}"#),
        (
            "(() => { const g = {}; $json.items.forEach(i => { (g[i.v] ||= []).push(i.id) } ); return g })()",
            r#"{"x":[1],"y":[2]}"#,
        ),
        ("$json.list.sort()", "[1,2,3]"),
        ("(() => { const m = new Map(); const n = m; n.set('a', 1); return m.get('a') })()", "1"),
        ("(() => { const f = []; for (let i = 0; i < 3; i++) f.push(() => i); return f.map(g => g()) })()", "[0,1,2]"),
    ] {
        assert_eq!(json(code), expected, "{code}");
    }
    for code in [
        "$json.list.sort() + $json.list[0]",
        "(() => { const a = [1]; const b = a; b.push(2); return a })()",
        "(() => { $json.items[0].id = 5; return $json.items[0].id })()",
    ] {
        assert!(matches!(evaluate(code), Err(ExpressionError::Uncovered(_))), "{code}");
    }
}

/// No expression runs for ever, takes all memory or all of the stack.
#[test]
fn expressions_are_bounded() {
    for code in [
        "(() => { while (true) {} })()",
        "(() => { let s = 'x'; while (true) s += s; })()",
        "(() => { const a = []; while (true) a.push(a.length); })()",
        "'a'.repeat(1e8).repeat(10)",
        "/^(a+)+$/.test('a'.repeat(40) + 'b')",
        "(() => { let a = []; for (let i = 0; i < 1e6; i++) a = [a]; return a })()",
        "(() => { const f = n => f(n + 1); return f(0) })()",
        "(() => { const m = new Map(); m.set(1, m); return [...m.values()].length })(); ",
    ] {
        match evaluate(code) {
            Err(ExpressionError::Limit(_) | ExpressionError::Uncovered(_))
            | Ok(Value::Number(_) | Value::Undefined) => {}
            other => panic!("{code} gave {other:?}"),
        }
    }
    assert!(evaluate(&"(".repeat(100_000)).is_err());
    assert!(evaluate(&"[".repeat(100_000)).is_err());
    assert!(evaluate(&format!("1{}", "+1".repeat(100_000))).is_err());
    assert!(evaluate(&format!("x{}", ".a".repeat(4_000))).is_err());
}

/// The ways out of an expression are refused.
#[test]
fn ways_out_are_refused() {
    for code in ["[].constructor", "({})['const' + 'ructor']", "''.__proto__", "(() => 1)['prototype']", "arguments"] {
        assert!(matches!(evaluate(code), Err(ExpressionError::Refused(_))), "{code}");
    }
    assert_eq!(json("typeof process"), "\"object\"");
    assert_eq!(json("typeof window"), "\"undefined\"");
}

/// What code throws is undefined, n8n's own refusals stop.
#[test]
fn errors_are_told_apart() {
    assert!(evaluate("nothing.at.all").unwrap().is_undefined());
    assert!(evaluate("(() => { throw new Error('x') })()").unwrap().is_undefined());
    assert_eq!(
        evaluate("undefined.toJsonString()"),
        Err(ExpressionError::Refused("toJsonString can't be used on undefined value".into()))
    );
    assert!(matches!(Expression::compile("={{ 1 + }}"), Err(ExpressionError::Syntax(_))));
    assert!(matches!(evaluate("() => 1"), Err(ExpressionError::Refused(_))));
}
