// Bytes: Node's Buffer, and what browsers have for text.
({ native }) => {
  // Bytes go to Rust as text of which each character is one byte.
  const raw = (bytes) => {
    let out = '';
    for (let at = 0; at < bytes.length; at += 8192) out += String.fromCharCode.apply(null, bytes.subarray(at, at + 8192));
    return out;
  };
  const view = (bytes) => new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const decode = (bytes, encoding = 'utf8') => native.text(raw(view(bytes)), String(encoding));
  const wrap = (bytes) => new Buffer(bytes.buffer, bytes.byteOffset, bytes.byteLength);

  class Buffer extends Uint8Array {
    static from(source, encoding, length) {
      if (typeof source === 'string') return wrap(native.bytes(source.toWellFormed(), String(encoding ?? 'utf8')));
      if (source instanceof ArrayBuffer) return new Buffer(source, encoding, length);
      if (ArrayBuffer.isView(source) || Array.isArray(source)) return new Buffer(source);
      if (source?.type === 'Buffer' && Array.isArray(source.data)) return new Buffer(source.data);
      if (typeof source?.valueOf?.() === 'string') return Buffer.from(source.valueOf(), encoding);
      throw new TypeError('The first argument must be of type string or an instance of Buffer, ArrayBuffer, or Array or an Array-like Object.');
    }
    static alloc(size, fill, encoding) { const made = new Buffer(size); return fill === undefined ? made : made.fill(fill, 0, size, encoding); }
    static allocUnsafe(size) { return new Buffer(size); }
    static isBuffer(value) { return value instanceof Buffer; }
    static isEncoding(name) { return /^(utf-?8|utf-?16le|ucs-?2|hex|base64(url)?|latin1|binary|ascii)$/i.test(name); }
    static byteLength(value, encoding) { return typeof value === 'string' ? Buffer.from(value, encoding).length : value.byteLength; }
    static concat(list, length = list.reduce((sum, one) => sum + one.length, 0)) {
      const made = new Buffer(length);
      let at = 0;
      for (const one of list) { if (at >= length) break; made.set(one.subarray(0, length - at), at); at += one.length; }
      return made;
    }
    static compare(one, other) { return one.compare(other); }
    toString(encoding, start = 0, end = this.length) { return decode(this.subarray(start, end), encoding); }
    toJSON() { return { type: 'Buffer', data: Array.from(this) }; }
    equals(other) { return this.length === other.length && this.every((byte, at) => byte === other[at]); }
    compare(other) {
      const at = this.findIndex((byte, at) => byte !== other[at]);
      return at === -1 ? Math.sign(this.length - other.length) : at >= other.length || this[at] > other[at] ? 1 : -1;
    }
    slice(start, end) { return this.subarray(start, end); }
    fill(value, start, end, encoding) {
      if (typeof value !== 'string') return super.fill(value, start, end);
      const bytes = Buffer.from(value, encoding);
      for (let at = start ?? 0; at < (end ?? this.length) && bytes.length > 0; at++) this[at] = bytes[(at - (start ?? 0)) % bytes.length];
      return this;
    }
    write(text, at = 0, length, encoding) {
      const bytes = Buffer.from(text, typeof length === 'string' ? length : encoding).subarray(0, Math.min(this.length - at, typeof length === 'number' ? length : Infinity));
      this.set(bytes, at);
      return bytes.length;
    }
    copy(target, at = 0, start = 0, end = this.length) {
      const bytes = this.subarray(start, Math.min(end, start + target.length - at));
      target.set(bytes, at);
      return bytes.length;
    }
    indexOf(value, from = 0, encoding) {
      if (typeof value === 'number') return super.indexOf(value, from);
      const bytes = typeof value === 'string' ? Buffer.from(value, encoding) : value;
      for (let at = from; at <= this.length - bytes.length; at++) if (bytes.every((byte, offset) => this[at + offset] === byte)) return at;
      return -1;
    }
    includes(value, from, encoding) { return this.indexOf(value, from, encoding) !== -1; }
  }
  const numbers = { Int8: 1, Uint8: 1, UInt8: 1, Int16: 2, UInt16: 2, Int32: 4, UInt32: 4, Float: 4, Double: 8, BigInt64: 8, BigUInt64: 8 };
  for (const [name, size] of Object.entries(numbers)) {
    const own = { Float: 'Float32', Double: 'Float64' }[name] ?? name.replace('UInt', 'Uint');
    for (const order of size === 1 ? [''] : ['LE', 'BE']) {
      const at = (bytes) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      Buffer.prototype[`read${name}${order}`] = function (offset = 0) { return at(this)[`get${own}`](offset, order === 'LE'); };
      Buffer.prototype[`write${name}${order}`] = function (value, offset = 0) { at(this)[`set${own}`](offset, value, order === 'LE'); return offset + size; };
    }
  }

  const latin = (text) => { if (/[^\0-\xff]/.test(text)) throw new Error('Invalid character'); return text; };
  const btoa = (text) => native.text(latin(String(text)), 'base64');
  const atob = (text) => {
    const clean = String(text).replace(/\s/g, '');
    if (/[^A-Za-z0-9+/=]/.test(clean) || clean.replace(/=+$/, '').length % 4 === 1) throw new Error('The string to be decoded is not correctly encoded.');
    return raw(native.bytes(clean, 'base64'));
  };
  class TextEncoder {
    get encoding() { return 'utf-8'; }
    encode(text = '') { return native.bytes(String(text).toWellFormed(), 'utf8'); }
  }
  class TextDecoder {
    #encoding;
    constructor(encoding = 'utf-8') { this.#encoding = encoding.toLowerCase(); }
    get encoding() { return this.#encoding; }
    decode(bytes) {
      if (bytes === undefined) return '';
      return decode(bytes instanceof ArrayBuffer ? new Uint8Array(bytes) : bytes, this.#encoding).replace(/^\ufeff/, '');
    }
  }

  const types = { txt: 'text/plain', csv: 'text/csv', html: 'text/html', json: 'application/json', pdf: 'application/pdf', png: 'image/png', jpg: 'image/jpeg', jpeg: 'image/jpeg', gif: 'image/gif', webp: 'image/webp', svg: 'image/svg+xml', xml: 'application/xml', zip: 'application/zip', xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', mp3: 'audio/mpeg', mp4: 'video/mp4', md: 'text/markdown', ics: 'text/calendar' };
  return { Buffer, atob, btoa, TextEncoder, TextDecoder, mimeTypeOf: (extension) => types[extension?.toLowerCase()] ?? 'application/octet-stream' };
}
