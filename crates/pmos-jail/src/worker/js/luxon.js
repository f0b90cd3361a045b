// DateTime, Duration and Interval, as luxon has them. The work is done in Rust; here is their shape: an object that holds
// its state, getters and methods that go to the host by their name.
({ sees, host, part }) => {
  const { isEncoding } = part('host');
  const getters = {
    DateTime: ['isValid', 'invalidReason', 'invalidExplanation', 'locale', 'numberingSystem', 'outputCalendar', 'zone', 'zoneName', 'year', 'quarter', 'month', 'day', 'hour', 'minute', 'second', 'millisecond', 'weekYear', 'weekNumber', 'weekday', 'isWeekend', 'localWeekday', 'localWeekNumber', 'localWeekYear', 'ordinal', 'monthShort', 'monthLong', 'weekdayShort', 'weekdayLong', 'offset', 'offsetNameShort', 'offsetNameLong', 'isOffsetFixed', 'isInDST', 'isInLeapYear', 'daysInMonth', 'daysInYear', 'weeksInWeekYear', 'weeksInLocalWeekYear'],
    Duration: ['isValid', 'invalidReason', 'invalidExplanation', 'locale', 'numberingSystem', 'years', 'quarters', 'months', 'weeks', 'days', 'hours', 'minutes', 'seconds', 'milliseconds'],
    Interval: ['isValid', 'invalidReason', 'invalidExplanation', 'start', 'end', 'lastDateTime'],
  };
  const methods = {
    DateTime: ['get', 'resolvedLocaleOptions', 'toUTC', 'toLocal', 'setZone', 'reconfigure', 'setLocale', 'set', 'plus', 'minus', 'startOf', 'endOf', 'toFormat', 'toLocaleString', 'toLocaleParts', 'toISO', 'toISODate', 'toISOWeekDate', 'toISOTime', 'toRFC2822', 'toHTTP', 'toSQLDate', 'toSQLTime', 'toSQL', 'toObject', 'toJSDate', 'diff', 'diffNow', 'until', 'hasSame', 'equals', 'toRelative', 'toRelativeCalendar',
      'beginningOf', 'endOfMonth', 'extract', 'isBetween', 'isDst', 'isInLast', 'format', 'toDateTime', 'diffTo', 'diffToNow', 'toInt', 'toFloat', 'toBoolean', 'isEmpty', 'isNotEmpty'],
    Duration: ['toFormat', 'toHuman', 'toObject', 'toISO', 'toISOTime', 'toMillis', 'plus', 'minus', 'get', 'set', 'reconfigure', 'as', 'normalize', 'rescale', 'shiftTo', 'shiftToAll', 'negate', 'removeZeros', 'equals'],
    Interval: ['length', 'count', 'hasSame', 'isEmpty', 'isAfter', 'isBefore', 'contains', 'set', 'splitAt', 'splitBy', 'divideEqually', 'overlaps', 'abutsStart', 'abutsEnd', 'engulfs', 'equals', 'intersection', 'union', 'difference', 'toISO', 'toISODate', 'toISOTime', 'toFormat', 'toLocaleString', 'toDuration'],
  };
  const statics = {
    DateTime: ['local', 'utc', 'fromJSDate', 'fromMillis', 'fromSeconds', 'fromObject', 'fromISO', 'fromRFC2822', 'fromHTTP', 'fromFormat', 'fromString', 'fromSQL', 'invalid', 'parseFormatForOpts', 'fromFormatExplain'],
    Duration: ['fromMillis', 'fromObject', 'fromISO', 'fromISOTime', 'invalid'],
    Interval: ['fromDateTimes', 'after', 'before', 'fromISO', 'invalid', 'merge', 'xor'],
  };
  const presets = ['DATE_SHORT', 'DATE_MED', 'DATE_MED_WITH_WEEKDAY', 'DATE_FULL', 'DATE_HUGE', 'TIME_SIMPLE', 'TIME_WITH_SECONDS', 'TIME_WITH_SHORT_OFFSET', 'TIME_WITH_LONG_OFFSET', 'TIME_24_SIMPLE', 'TIME_24_WITH_SECONDS', 'TIME_24_WITH_SHORT_OFFSET', 'TIME_24_WITH_LONG_OFFSET', 'DATETIME_SHORT', 'DATETIME_SHORT_WITH_SECONDS', 'DATETIME_MED', 'DATETIME_MED_WITH_SECONDS', 'DATETIME_MED_WITH_WEEKDAY', 'DATETIME_FULL', 'DATETIME_FULL_WITH_SECONDS', 'DATETIME_HUGE', 'DATETIME_HUGE_WITH_SECONDS'];
  const classes = {};
  const hidden = (value) => ({ value, writable: true, configurable: true });
  for (const kind of ['DateTime', 'Duration', 'Interval']) {
    const type = { [kind]: class { constructor(state) { Object.defineProperty(this, '$state', { value: Object.freeze(state) }); } } }[kind];
    for (const name of getters[kind]) Object.defineProperty(type.prototype, name, { get() { return host(`$0.${name}`, this); }, configurable: true });
    for (const name of methods[kind]) Object.defineProperty(type.prototype, name, hidden(function (...args) { return host(`$0.${name}(...$arguments)`, this, ...args); }));
    for (const name of statics[kind]) Object.defineProperty(type, name, hidden((...args) => host(`${kind}.${name}(...$arguments)`, undefined, ...args)));
    Object.defineProperty(type, `is${kind}`, hidden((value) => value instanceof type));
    type.prototype.toJSON = function () { return isEncoding() ? this.$state : this.toISO(); };
    type.prototype.toString = function () { return this.toISO() ?? `Invalid ${kind}`; };
    type.prototype[Symbol.toStringTag] = kind;
    classes[kind] = type;
  }
  const make = (state) => new classes[state.$is](state);

  // What needs no more than the state is answered here.
  const { DateTime, Duration, Interval } = classes;
  const millis = { get() { return this.$state.ms ?? NaN; }, configurable: true };
  Object.defineProperty(DateTime.prototype, 'ts', millis);
  Object.assign(DateTime.prototype, {
    toMillis() { return this.$state.ms ?? NaN; },
    valueOf() { return this.$state.ms ?? NaN; },
    toSeconds() { return this.toMillis() / 1000; },
    toUnixInteger() { return Math.floor(this.toMillis() / 1000); },
    toBSON() { return this.toJSDate(); },
    toJSDate() { return new Date(this.toMillis()); },
  });
  Interval.prototype.toJSON = function () { return isEncoding() ? this.$state : { s: this.start, e: this.end, invalid: null, isLuxonInterval: true }; };
  Duration.prototype.valueOf = function () { return this.toMillis(); };
  DateTime.now = () => make({ $is: 'DateTime', ms: Date.now(), zone: sees.zone });
  const pick = (better) => (...times) => times.length === 0 ? undefined : times.flat().reduce((one, other) => better(other, one) ? other : one);
  DateTime.min = pick((one, other) => one < other);
  DateTime.max = pick((one, other) => one > other);
  for (const name of presets) Object.defineProperty(DateTime, name, { get: () => host(`DateTime.${name}`), configurable: true });
  const now = make({ $is: 'DateTime', ms: sees.now, zone: sees.zone });
  const Settings = { defaultZone: sees.zone, defaultLocale: 'en-US', throwOnInvalid: false, now: Date.now };
  return { ...classes, Settings, make, now, get today() { return now.startOf('day'); } };
}
