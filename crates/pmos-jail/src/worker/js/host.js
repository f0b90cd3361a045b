// The way to functions in Rust. What JSON lacks goes through as `{"$is": kind, …}`.
({ native, part, sees, ExpressionError }) => {
  const { parse, stringify } = JSON;
  // `toJSON` is asked before `encode`: times must give their state then, not their text.
  let isEncoding = false;
  function encode(key, value) {
    const raw = this[key];
    if (raw === undefined) return { $is: 'undefined' };
    if (raw === null || typeof raw !== 'object') return value;
    return raw instanceof Date ? { $is: 'Date', ms: raw.getTime() } : raw.$state ?? value;
  }
  function revive(_, value) {
    switch (value?.$is) {
      case 'undefined': return undefined;
      case 'Date': return new Date(value.ms ?? NaN);
      case 'DateTime': case 'Duration': case 'Interval': return part('luxon').make(value);
      default: return value;
    }
  }
  /** Evaluates `code` in Rust, with `self` as `$0` and the arguments as `$arguments`. */
  const call = (code, self, ...args) => {
    let given, out;
    isEncoding = true;
    try { given = stringify([self, args], encode); } finally { isEncoding = false; }
    try { out = native.host(code, given, Date.now(), sees.zone ?? 'UTC'); } catch (error) {
      throw error.name === 'ExpressionError' ? new ExpressionError(error.message) : error;
    }
    if (out === '') return undefined;
    return out.includes('"$is"') ? parse(out, revive) : parse(out);
  };
  return { call, isEncoding: () => isEncoding };
}
