//! What browsers and Node have beside the language.

use crate::support::{run, value, values};
use pmos_jail::Form;
use serde_json::json;

async fn holds(code: &str) {
    let response = run(Form::AllItems, &[&format!("return {code}")]).await;
    assert_eq!(response.faults, [], "{code}");
    assert_eq!(values(&response), json!([true]), "{code}");
}

/// Bytes and text, in every encoding.
#[tokio::test]
async fn buffers_hold_bytes() {
    for code in [
        "Buffer.from('hi').toString('base64') === 'aGk='",
        "Buffer.from('aGk=', 'base64').toString() === 'hi'",
        "Buffer.from('ü€😀').length === 9 && Buffer.from('ü€😀').toString() === 'ü€😀'",
        "Buffer.from([1, 2, 255]).toString('hex') === '0102ff'",
        "Buffer.concat([Buffer.from('a'), Buffer.from('bc')]).toString() === 'abc'",
        "JSON.stringify(Buffer.from('a')) === '{\"type\":\"Buffer\",\"data\":[97]}'",
        "Buffer.isBuffer(Buffer.alloc(3)) && Buffer.alloc(3, 'ab').toString() === 'aba' && Buffer.byteLength('ü') === 2",
        "Buffer.from('hello').subarray(1, 3).toString() === 'el' && Buffer.from('hello').slice(-2).toString() === 'lo'",
        "Buffer.from('abc').equals(Buffer.from('abc')) && Buffer.from('b').compare(Buffer.from('a')) === 1 && Buffer.from('abcabc').indexOf('ca') === 2",
        "(() => { const b = Buffer.alloc(8); b.writeUInt32BE(258); b.writeDoubleLE(1.5, 0); return b.readDoubleLE(0) === 1.5 && Buffer.from([1, 2]).readUInt16BE() === 258 })()",
        "btoa('hi') === 'aGk=' && atob('aGk=') === 'hi' && atob(btoa('\\xff')) === '\\xff'",
        "new TextDecoder().decode(new TextEncoder().encode('ü')) === 'ü'",
    ] {
        holds(code).await;
    }
}

/// Addresses as browsers read and write them.
#[tokio::test]
async fn urls_are_read_and_written() {
    for code in [
        "new URL('https://u:p@Example.com:8443/a/../b?x=1&y=2#z').href === 'https://u:p@example.com:8443/b?x=1&y=2#z'",
        "new URL('/c?d', 'https://example.com/a').toString() === 'https://example.com/c?d'",
        "(() => { const u = new URL('https://example.com/?a=1'); u.searchParams.append('b', 'x y&'); u.pathname = '/p'; return u.href === 'https://example.com/p?a=1&b=x+y%26' && u.searchParams.get('b') === 'x y&' })()",
        "(() => { try { new URL('nope') } catch (e) { return e instanceof TypeError && e.message === 'Invalid URL' && e.code === 'ERR_INVALID_URL' } })()",
        "new URLSearchParams({ a: 1, b: 'ü' }).toString() === 'a=1&b=%C3%BC' && [...new URLSearchParams('a=1&a=2').entries()].length === 2",
        "JSON.stringify({ u: new URL('http://a') }) === '{\"u\":\"http://a/\"}'",
    ] {
        holds(code).await;
    }
}

/// Copies, numbers as Americans write them, text in the order of dictionaries.
#[tokio::test]
async fn the_rest_is_there() {
    for code in [
        "(() => { const a = { d: new Date(5), m: new Map([[1, { x: 1 }]]), l: [1, [2]] }; a.self = a; const b = structuredClone(a); return b !== a && b.self === b && b.d.getTime() === 5 && b.m.get(1).x === 1 && b.l[1] !== a.l[1] })()",
        "(1234567.891).toLocaleString() === '1,234,567.891' && (0.256).toLocaleString('en-US', { style: 'percent' }) === '26%'",
        "new Intl.NumberFormat('en-US', { style: 'currency', currency: 'USD' }).format(-1234.5) === '-$1,234.50'",
        "['b', 'a', 'C', 'Á', 'B'].sort((a, b) => a.localeCompare(b)).join('') === 'aÁbBC'",
        "JSON.stringify([typeof setTimeout, typeof process, typeof fetch, typeof this.helpers.httpRequest]) === '[\"function\",\"undefined\",\"undefined\",\"function\"]'",
        "(await this.helpers.prepareBinaryData(Buffer.from('x'), 'a.txt')).mimeType === 'text/plain'",
        "new Date(2024, 0, 1).toISOString() === '2024-01-01T00:00:00.000Z'",
    ] {
        holds(code).await;
    }
}

/// The old nodes: items that are changed in place, the JSON of each item, functions for static data and files.
#[tokio::test]
async fn the_old_nodes_have_their_names() {
    let response = run(
        Form::Function,
        &["for (const item of items) item.json.x = getWorkflowStaticData('global').count; return items"],
    )
    .await;
    assert_eq!(values(&response)[0][2], json!({ "json": { "n": 2, "x": 1 } }));
    let response = run(
        Form::FunctionItem,
        &["item.files = getBinaryData() ?? 'none'; text = item.n + 1; item.text = text; return item"],
    )
    .await;
    assert_eq!(values(&response)[1], json!({ "n": 1, "files": "none", "text": 2 }));
}

/// Templates: text around code, what is empty is nothing, what JavaScript throws is swallowed and what n8n refuses is not.
#[tokio::test]
async fn templates_are_joined() {
    let response = run(
        Form::Expressions,
        &[
            "={{ $json.n; }}",
            "=n is {{ $json.n }}{{ undefined }}{{ $json.a.b }}!",
            "={{ $json.a.b }}",
            "={{ $('Idle').first() }}",
            "=a {{ 1 + }}",
        ],
    )
    .await;
    assert_eq!(
        values(&response),
        json!([0, 1, 2, "n is 0!", "n is 1!", "n is 2!", null, null, null, null, null, null, null, null, null])
    );
    assert_eq!(response.undefined, [6, 7, 8]);
    let words: Vec<&str> = response.faults.iter().map(|(_, fault)| fault.message.as_str()).collect();
    assert_eq!(words, [["Node 'Idle' hasn't been executed"; 3], ["invalid syntax"; 3]].concat());
}

/// What JSON lacks goes to the host and comes back as what it was.
#[tokio::test]
async fn values_survive_the_way_to_the_host() {
    for code in [
        "(() => { const [own, [times, date]] = $jmespath([$now, { at: $now }], new Date(5)); return own === undefined && DateTime.isDateTime(times[0]) && times[1].at.toMillis() === $now.toMillis() && date.getTime() === 5 })()",
        "Number.isNaN($jmespath(new Date(NaN))[1][0].getTime())",
        "JSON.stringify($jmespath('a', 'ü\\u0000')[1]) === JSON.stringify(['a', 'ü\\u0000'])",
    ] {
        holds(code).await;
    }
}

/// A function of the host that is not there says so.
#[tokio::test]
async fn a_function_that_the_host_lacks_says_so() {
    assert_eq!(
        value("try { DateTime.fromISO('2024') } catch (e) { return e.message }").await,
        json!("DateTime.fromISO is not available here")
    );
    assert_eq!(
        value("return [$now.toMillis(), $now < DateTime.now(), DateTime.isDateTime($now)]").await,
        json!([1_700_000_000_000_i64, true, true])
    );
}
