// `structuredClone`.
() => (value) => {
  const copies = new Map();
  const copy = (value) => {
    if (typeof value === 'function' || typeof value === 'symbol') throw new Error(`${String(value)} could not be cloned.`);
    if (value === null || typeof value !== 'object') return value;
    if (copies.has(value)) return copies.get(value);
    const keep = (made) => { copies.set(value, made); return made; };
    if (value instanceof Date) return keep(new Date(value));
    if (value instanceof RegExp) return keep(new RegExp(value.source, value.flags));
    if (value instanceof ArrayBuffer || ArrayBuffer.isView(value)) return keep(value.slice());
    if (value instanceof Map) {
      const made = keep(new Map());
      for (const [key, one] of value) made.set(copy(key), copy(one));
      return made;
    }
    if (value instanceof Set) {
      const made = keep(new Set());
      for (const one of value) made.add(copy(one));
      return made;
    }
    if (value instanceof Error) {
      const made = keep(new value.constructor(value.message));
      made.stack = value.stack;
      return made;
    }
    const made = keep(Array.isArray(value) ? new Array(value.length) : {});
    for (const key of Object.keys(value)) made[key] = copy(value[key]);
    return made;
  };
  return copy(value);
}
