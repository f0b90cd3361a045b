// What code sees. Evaluated for each run in a fresh context, so it is small: what few codes use is in parts of its own,
// loaded when it is first touched.
(native, form) => {
  const global = globalThis;
  const { stringify } = JSON;
  const sees = native.sees();

  /** What the environment refuses, in n8n's words. */
  class ExpressionError extends Error {
    get name() { return 'ExpressionError'; }
  }
  const refuse = (words) => { throw new ExpressionError(words); };

  // The current item. Items are parsed when they are first looked at: code that makes its own never pays for them.
  let at = 0, list;
  const items = () => list ??= native.items();
  const item = (index = at) => items()[index];
  const index = () => at;

  const loaded = {};
  const part = (name) => loaded[name] ??= native.part(name)(kit);
  const host = (...args) => part('host').call(...args);
  const node = (...args) => part('nodes').node(...args);
  const staticData = (kind) => part('run').staticData(kind);

  // Code may assign to everything that it sees: then it has its own.
  const own = (name, value) => Object.defineProperty(global, name, { value, writable: true, configurable: true });
  const seen = (name, get) => Object.defineProperty(global, name, { get, set: (value) => own(name, value), configurable: true });
  const text = (value) => {
    if (typeof value === 'string') return value;
    if (value instanceof Error) return `${value.name}: ${value.message}`;
    if (typeof value === 'object' && value !== null) try { return stringify(value) ?? '{}'; } catch { return '[object]'; }
    return String(value);
  };
  const log = (...values) => native.log(values.map(text).join(' ').toWellFormed());
  const kit = { native, sees, own, seen, refuse, items, item, host, node, part, text, log, index, ExpressionError };

  const none = (name, args) => args.length > 0 && refuse(`$input.${name}() should have no arguments`);
  const $input = {
    get item() { return item(); },
    get params() { return sees.params; },
    get context() { return sees.context; },
    first(...args) { none('first', args); return items()[0]; },
    last(...args) { none('last', args); return items().at(-1); },
    all(...args) { none('all', args); return items(); },
  };
  const chosen = (_key, _description, _type, fallback) => fallback;
  const jmespath = (data, query) => host('$jmespath(...$arguments)', undefined, data, query);

  // It stands behind the global object, as its prototype: that is one object instead of a hundred properties to define.
  // Assigning to a field that is a value shadows it; one that is computed needs a setter for that, which `settable` gives.
  const env = {
    __proto__: Object.prototype,
    $input, console: { log, info: log, warn: log, error: log, debug: log, trace: log, dir: log, table: log },
    $: (name) => node(String(name)),
    $items: (name, output, run) => name === undefined ? items() : node(String(name)).all(output, run),
    $item: (index) => part('nodes').other(index),
    $runIndex: sees.runIndex, $mode: sees.mode, $workflow: sees.workflow, $prevNode: sees.prevNode, $vars: sees.vars,
    $parameter: sees.params, $rawParameter: sees.params, $nodeVersion: sees.nodeVersion, $nodeId: sees.nodeId, $webhookId: sees.webhookId,
    $fromAI: chosen, $fromAi: chosen, $fromai: chosen,
    $jmespath: jmespath, $jmesPath: jmespath,
    // What a node lets its own expressions see besides, such as the page that came before.
    ...sees.variables,
    $getWorkflowStaticData: staticData,
    setTimeout: (...args) => part('timers').after(...args),
    setInterval: (...args) => part('timers').every(...args),
    setImmediate: (call, ...args) => part('timers').after(call, 0, ...args),
    clearTimeout: (id) => part('timers').clear(id),
    clearInterval: (id) => part('timers').clear(id),
    clearImmediate: (id) => part('timers').clear(id),
    structuredClone: (value) => part('clone')(value),
    require: (name) => { throw new Error(`Module '${name}' is disallowed`); },
    get $json() { return item()?.json; }, set $json(value) { own('$json', value); },
    get $data() { return item()?.json; }, set $data(value) { own('$data', value); },
    get $binary() { return item()?.binary ?? {}; }, set $binary(value) { own('$binary', value); },
    get $itemIndex() { return at; }, set $itemIndex(value) { own('$itemIndex', value); },
    get $position() { return at; }, set $position(value) { own('$position', value); },
    get $node() { return part('nodes').all; }, set $node(value) { own('$node', value); },
    get $env() { return part('run').env; }, set $env(value) { own('$env', value); },
    get $execution() { return part('run').execution; }, set $execution(value) { own('$execution', value); },
    get $now() { return part('luxon').now; }, set $now(value) { own('$now', value); },
    get $today() { return part('luxon').today; }, set $today(value) { own('$today', value); },
    get DateTime() { return part('luxon').DateTime; }, set DateTime(value) { own('DateTime', value); },
    get Duration() { return part('luxon').Duration; }, set Duration(value) { own('Duration', value); },
    get Interval() { return part('luxon').Interval; }, set Interval(value) { own('Interval', value); },
    get Settings() { return part('luxon').Settings; }, set Settings(value) { own('Settings', value); },
    get Buffer() { return part('buffer').Buffer; }, set Buffer(value) { own('Buffer', value); },
    get atob() { return part('buffer').atob; }, set atob(value) { own('atob', value); },
    get btoa() { return part('buffer').btoa; }, set btoa(value) { own('btoa', value); },
    get TextEncoder() { return part('buffer').TextEncoder; }, set TextEncoder(value) { own('TextEncoder', value); },
    get TextDecoder() { return part('buffer').TextDecoder; }, set TextDecoder(value) { own('TextDecoder', value); },
    get URL() { return part('url').URL; }, set URL(value) { own('URL', value); },
    get URLSearchParams() { return part('url').URLSearchParams; }, set URLSearchParams(value) { own('URLSearchParams', value); },
    get Intl() { return part('intl').Intl; }, set Intl(value) { own('Intl', value); },
  };
  Object.setPrototypeOf(global, env);

  switch (form) {
    case 'AllItems': seen('items', items); break;
    case 'EachItem': seen('item', () => item()); break;
    case 'Function': seen('items', items); part('old'); break;
    case 'FunctionItem': seen('item', () => item()?.json); part('old'); break;
    case 'Expressions': part('expression'); break;
  }

  const values = [], faults = [];
  const fault = (error) => {
    faults.push([values.length, part('fault')(error)]);
    values.push(null);
  };
  const compile = (source) => {
    // What few codes name replaces what the language has: its own is not what V8's is.
    if (/ocale|Intl/.test(source)) part('intl');
    if (source.includes('JSON')) part('json');
    return native.compile(source);
  };
  const start = async ([source]) => {
    let run;
    try { run = compile(`(async function () {${source}\n})`); } catch (error) { return fault(error); }
    // `this` costs nothing where code does not ask for it.
    const self = /this|helpers/.test(source) ? part('self') : undefined;
    const isEach = form === 'EachItem' || form === 'FunctionItem';
    for (const count = isEach ? items().length : 1; at < count; at++) {
      try { values.push(await run.call(self)); } catch (error) { fault(error); }
    }
  };
  const evaluate = (sources) => {
    const count = items().length;
    for (const source of sources) {
      let run;
      try { run = part('expression').compile(source, compile); } catch (error) { run = () => { throw error; }; }
      for (at = 0; at < count; at++) try { values.push(run.call()); } catch (error) { fault(error); }
    }
  };

  const finish = () => {
    let out;
    // One of them may be what cannot be written: then that is a fault, and the others are not.
    try { out = stringify(values); } catch { out = stringify(part('fault').replace(values, faults)); }
    const lacking = [];
    // They are null in JSON, as much else is. Where there is no null, none of them is there; one value needs no such look.
    if (values.length === 1 || out.includes('null')) values.forEach((value, at) => { if (value === undefined || typeof value === 'function' || typeof value === 'symbol') lacking.push(at); });
    const { run } = loaded;
    // Let go here, they go one by one; at the engine's end its collector would walk them three times first.
    list = undefined;
    values.length = 0;
    return [out, stringify({ faults, undefined: lacking, staticData: run?.changedData(), customData: run?.custom() })];
  };
  const timers = (what) => loaded.timers === undefined ? -1 : loaded.timers[what]();
  return { start: form === 'Expressions' ? evaluate : start, next: () => timers('next'), fire: () => timers('fire'), finish };
}
