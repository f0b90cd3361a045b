//! What code that harms meets.

use crate::support::{limited, pool, request, three, value, values};
use pmos_jail::{Form, JailError, Limits};
use serde_json::json;
use std::time::Duration;

const SHORT: Duration = Duration::from_millis(300);

/// Whatever takes forever is stopped, wherever it is stuck, and says so.
#[tokio::test]
async fn what_takes_too_long_is_stopped() {
    for code in [
        "while (true) {}",
        "try { while (true) {} } catch { return 1 }",
        "await new Promise(() => {})",
        "for (;;) await null",
        "await new Promise(done => setTimeout(done, 60000))",
        "setInterval(() => { while (true) {} }, 1); await new Promise(() => {})",
        "return /^(a+)+$/.test('a'.repeat(40) + 'b')",
        "return { toJSON() { while (true) {} } }",
        "const a = new Array(2 ** 32 - 1); return a.indexOf(1)",
    ] {
        assert_eq!(limited(code, SHORT).await.unwrap_err(), JailError::Time { limit_ms: 300 }, "{code}");
    }
}

/// Whatever takes too much memory is stopped, and says so.
#[tokio::test]
async fn what_takes_too_much_memory_is_stopped() {
    for code in [
        "const a = []; while (true) a.push('x'.repeat(1e6) + a.length)",
        "return new Uint8Array(1e9).length",
        "return new Array(1e9).fill(1.5)",
        "return [...Array(3e7).keys()]",
    ] {
        assert_eq!(
            limited(code, Duration::from_secs(20)).await.unwrap_err(),
            JailError::Memory { limit_bytes: 64 << 20 },
            "{code}"
        );
    }
}

/// Recursion, in code and in the engine, ends in an error that code can catch.
#[tokio::test]
async fn recursion_is_bounded() {
    assert_eq!(value("let depth = 0; const f = () => { depth++; f() }; try { f() } catch (e) { return depth > 10000 && e instanceof RangeError }").await, json!(true));
    assert_eq!(
        value("let a = []; for (let i = 0; i < 1e5; i++) a = [a]; try { String(a) } catch (e) { return 'caught' }")
            .await,
        json!("caught")
    );
    assert_eq!(value("try { JSON.parse('['.repeat(1e6)) } catch (e) { return 'caught' }").await, json!("caught"));
    assert_eq!(value("try { new RegExp('('.repeat(1e5)) } catch (e) { return 'caught' }").await, json!("caught"));
}

/// More output than was allowed is refused.
#[tokio::test]
async fn output_is_bounded() {
    let mut request = request(Form::AllItems, &["return 'x'.repeat(2000)"], &three());
    request.limits = Limits { output_bytes: 1000, ..request.limits };
    assert_eq!(pool().run("w", request).await.unwrap_err(), JailError::Output { limit_bytes: 1000 });
    let response =
        limited("for (let i = 0; i < 1e4; i++) console.log('x'.repeat(1000))", Duration::from_secs(10)).await.unwrap();
    assert!(response.console.iter().map(String::len).sum::<usize>() <= 64 << 10);
}

/// Nothing that a run does to the language is there in the next.
#[tokio::test]
async fn each_run_begins_anew() {
    let pool = pool();
    let first = "Object.prototype.evil = 1; Array.prototype.map = () => 'evil'; globalThis.left = 1; JSON.stringify = () => 'evil'; Promise.prototype.then = null; return 1";
    pool.run("w", request(Form::AllItems, &[first], &three())).await.unwrap();
    let second = "return [({}).evil, [1].map(x => x), typeof left, JSON.stringify({})]";
    let response = pool.run("w", request(Form::AllItems, &[second], &three())).await.unwrap();
    assert_eq!(pool.workers(), 1);
    assert_eq!(values(&response), json!([[null, [1], "undefined", "{}"]]));
}

/// There is nothing to call that reaches out.
#[tokio::test]
async fn there_is_no_way_out_to_call() {
    let names = "return ['process', 'fetch', 'std', 'os', 'Deno', 'Bun', 'load', 'read', 'print', 'native', '__host', 'Worker', 'WebAssembly', 'XMLHttpRequest'].filter(name => name in globalThis)";
    assert_eq!(value(names).await, json!([]));
    assert_eq!(value("try { await import('/etc/passwd') } catch { return 'refused' }").await, json!("refused"));
    assert_eq!(value("try { await import('std') } catch { return 'refused' }").await, json!("refused"));
}
