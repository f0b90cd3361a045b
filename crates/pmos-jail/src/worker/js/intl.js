// What depends on language: numbers, dates and the order of text, as people of a place write them. The host knows them; a
// worker without one knows American numbers.
({ host }) => {
  const attempt = (name, self, args, otherwise) => {
    try { return host(`$0.${name}(...$arguments)`, self, ...args); } catch (error) {
      if (error.name === 'Missing') return otherwise();
      throw error;
    }
  };
  const symbols = { USD: '$', EUR: '€', GBP: '£', JPY: '¥', INR: '₹' };
  const american = (number, options = {}) => {
    if (!Number.isFinite(number)) return Number.isNaN(number) ? 'NaN' : number < 0 ? '-∞' : '∞';
    const isMoney = options.style === 'currency';
    const least = options.minimumFractionDigits ?? (isMoney ? 2 : 0);
    const most = Math.max(least, options.maximumFractionDigits ?? (isMoney ? 2 : options.style === 'percent' ? 0 : 3));
    let [whole, fraction = ''] = Math.abs(options.style === 'percent' ? number * 100 : number).toFixed(Math.min(most, 20)).split('.');
    while (fraction.length > least && fraction.endsWith('0')) fraction = fraction.slice(0, -1);
    if (options.useGrouping !== false) whole = whole.replace(/\B(?=(\d{3})+$)/g, ',');
    const text = fraction ? `${whole}.${fraction}` : whole;
    const money = isMoney ? symbols[options.currency] ?? `${options.currency} ` : '';
    return `${number < 0 ? '-' : ''}${money}${text}${options.style === 'percent' ? '%' : ''}`;
  };
  const numeric = (value, locale, options) => attempt('toLocaleString', Number(value), [locale, options], () => american(Number(value), options));
  const dated = (value, name, locale, options) => attempt(name, value, [locale, options], () => plain[name].call(value));
  const { toLocaleString, toLocaleDateString, toLocaleTimeString } = Date.prototype;
  const plain = { toLocaleString, toLocaleDateString, toLocaleTimeString };
  const simple = (text) => String(text).normalize('NFD').replace(/[\u0300-\u036f]/g, '').toLowerCase();
  const order = (a, b) => a < b ? -1 : a > b ? 1 : 0;
  // As ICU's root order for letters: by base letter, then accent, then small before capital.
  const compare = (a, b, locale, options) => attempt('localeCompare', String(a), [String(b), locale, options], () => order(simple(a), simple(b)) || order(a.toLowerCase(), b.toLowerCase()) || -order(a, b));

  const put = (type, methods) => {
    for (const [name, value] of Object.entries(methods)) Object.defineProperty(type.prototype, name, { value, writable: true, configurable: true });
  };
  put(Number, { toLocaleString(locale, options) { return numeric(this, locale, options); } });
  put(BigInt, { toLocaleString(locale, options) { return numeric(this, locale, options); } });
  put(String, { localeCompare(other, locale, options) { return compare(String(this), String(other), locale, options); } });
  put(Date, Object.fromEntries(Object.keys(plain).map((name) => [name, function (locale, options) { return dated(this, name, locale, options); }])));

  class Format {
    constructor(locale, options = {}) { Object.defineProperty(this, 'given', { value: { locale: [locale].flat()[0] ?? 'en-US', ...options } }); }
    resolvedOptions() { return { ...this.given }; }
    static supportedLocalesOf(locales) { return [locales].flat(); }
  }
  class NumberFormat extends Format { get format() { return (value) => numeric(value, this.given.locale, this.given); } }
  class DateTimeFormat extends Format {
    get format() { return (value = new Date()) => dated(new Date(value), this.given.timeStyle || this.given.hour ? 'toLocaleString' : 'toLocaleDateString', this.given.locale, this.given); }
    resolvedOptions() { return { calendar: 'gregory', numberingSystem: 'latn', timeZone: 'UTC', ...this.given }; }
  }
  class Collator extends Format { get compare() { return (a, b) => compare(String(a), String(b), this.given.locale, this.given); } }
  return { Intl: { NumberFormat, DateTimeFormat, Collator } };
}
