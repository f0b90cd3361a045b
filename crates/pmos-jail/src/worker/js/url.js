// Addresses, as browsers have them.
({ native }) => {
  const encode = (text) => encodeURIComponent(text).replace(/[!'()~]|%20/g, (c) => c === '%20' ? '+' : '%' + c.charCodeAt(0).toString(16).toUpperCase());
  const decode = (text) => {
    const spaced = text.replaceAll('+', ' ');
    try { return decodeURIComponent(spaced); } catch { return spaced; }
  };

  class URLSearchParams {
    #pairs = []; #changed = () => {};
    constructor(init = '', changed) {
      if (changed) this.#changed = changed;
      if (typeof init === 'object' && init !== null) {
        const pairs = typeof init[Symbol.iterator] === 'function' ? init : Object.entries(init);
        for (const [name, value] of pairs) this.#pairs.push([String(name), String(value)]);
      } else {
        for (const part of String(init).replace(/^\?/, '').split('&')) {
          if (part === '') continue;
          const at = part.indexOf('=');
          this.#pairs.push(at === -1 ? [decode(part), ''] : [decode(part.slice(0, at)), decode(part.slice(at + 1))]);
        }
      }
    }
    #set(pairs) { this.#pairs = pairs; this.#changed(this.toString()); }
    get size() { return this.#pairs.length; }
    append(name, value) { this.#set([...this.#pairs, [String(name), String(value)]]); }
    delete(name, value) { this.#set(this.#pairs.filter((pair) => pair[0] !== name || (value !== undefined && pair[1] !== String(value)))); }
    get(name) { return this.#pairs.find((pair) => pair[0] === name)?.[1] ?? null; }
    getAll(name) { return this.#pairs.filter((pair) => pair[0] === name).map((pair) => pair[1]); }
    has(name, value) { return this.#pairs.some((pair) => pair[0] === name && (value === undefined || pair[1] === String(value))); }
    set(name, value) {
      const first = this.#pairs.findIndex((pair) => pair[0] === name);
      if (first === -1) return this.append(name, value);
      this.#set(this.#pairs.filter((pair, at) => pair[0] !== name || at === first).map((pair) => pair[0] === name ? [pair[0], String(value)] : pair));
    }
    sort() { this.#set(this.#pairs.toSorted((a, b) => a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0)); }
    forEach(call, self) { for (const [name, value] of this) call.call(self, value, name, this); }
    keys() { return this.#pairs.map((pair) => pair[0]).values(); }
    values() { return this.#pairs.map((pair) => pair[1]).values(); }
    entries() { return this.#pairs.map((pair) => [...pair]).values(); }
    [Symbol.iterator]() { return this.entries(); }
    toString() { return this.#pairs.map(([name, value]) => `${encode(name)}=${encode(value)}`).join('&'); }
    get [Symbol.toStringTag]() { return 'URLSearchParams'; }
  }

  class URL {
    #parts; #query;
    constructor(text, base) {
      this.#parts = native.url(String(text), base === undefined ? undefined : String(base));
      if (!this.#parts) throw Object.assign(new TypeError('Invalid URL'), { code: 'ERR_INVALID_URL', input: String(text) });
    }
    static canParse(text, base) { return !!native.url(String(text), base === undefined ? undefined : String(base)); }
    static parse(text, base) { return URL.canParse(text, base) ? new URL(text, base) : null; }
    static part(self, name) { return self.#parts[name]; }
    static change(self, name, value) { self.#parts = native.urlWith(self.#parts.href, name, String(value)); if (name === 'href' || name === 'search') self.#query = undefined; }
    get searchParams() { return this.#query ??= new URLSearchParams(this.#parts.search, (search) => { this.#parts = native.urlWith(this.#parts.href, 'search', search); }); }
    get origin() { return this.#parts.origin; }
    toString() { return this.#parts.href; }
    toJSON() { return this.#parts.href; }
    get [Symbol.toStringTag]() { return 'URL'; }
  }
  const { part, change } = URL;
  delete URL.part;
  delete URL.change;
  for (const name of ['href', 'protocol', 'username', 'password', 'host', 'hostname', 'port', 'pathname', 'search', 'hash']) {
    Object.defineProperty(URL.prototype, name, { get() { return part(this, name); }, set(value) { change(this, name, value); }, enumerable: true, configurable: true });
  }
  return { URL, URLSearchParams };
}
