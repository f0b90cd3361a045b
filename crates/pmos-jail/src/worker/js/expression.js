// Expressions: templates of `{{ }}`, and the functions that only they see.
({ own, host, refuse, ExpressionError }) => {
  // A template's text in its parts: text and code in turn. `\{{` is text.
  const split = (template) => {
    const parts = [];
    let rest = template;
    for (;;) {
      const open = /(?<!\\)\{\{/.exec(rest);
      const close = open && rest.indexOf('}}', open.index + 2);
      if (!open || close === -1) return [...parts, rest.replaceAll('\\{{', '{{')];
      parts.push(rest.slice(0, open.index).replaceAll('\\{{', '{{'), rest.slice(open.index + 2, close));
      rest = rest.slice(close + 2);
    }
  };
  const trimmed = (source) => source.replace(/;\s*$/, '');

  /** The function of a source: a template if it begins with `=`, else code. */
  const compile = (source, compileCode) => {
    const code = (source) => compileCode(`(function () { return (${trimmed(source)}\n); })`);
    if (!source.startsWith('=')) return code(source);
    const parts = split(source.slice(1));
    const calls = parts.map((part, at) => {
      if (at % 2 === 0) return () => part;
      let run;
      try { run = code(part); } catch (error) { if (error instanceof SyntaxError) refuse('invalid syntax'); throw error; }
      // What JavaScript throws is swallowed, what n8n refuses is not.
      return () => { try { return run(); } catch (error) { if (error instanceof ExpressionError || !(error instanceof Error)) throw error; } };
    });
    if (parts.length === 3 && parts[0] === '' && parts[2] === '') return calls[1];
    const isShown = (value) => value || value === 0 || value === false;
    return () => calls.map((call) => { const value = call(); return isShown(value) ? value : ''; }).join('');
  };

  // Methods that expressions have on values, where the language has none of that name.
  const methods = {
    String: ['hash', 'removeMarkdown', 'removeTags', 'toDate', 'toDateTime', 'toBoolean', 'toDecimalNumber', 'toNumber', 'toFloat', 'toInt', 'toWholeNumber', 'toSentenceCase', 'toSnakeCase', 'toTitleCase', 'urlDecode', 'urlEncode', 'quote', 'replaceSpecialChars', 'isDomain', 'isEmail', 'isNumeric', 'isUrl', 'isEmpty', 'isNotEmpty', 'toJsonString', 'extractEmail', 'extractDomain', 'extractUrl', 'extractUrlPath', 'parseJson', 'base64Encode', 'base64Decode'],
    Array: ['removeDuplicates', 'unique', 'first', 'last', 'pluck', 'randomItem', 'sum', 'min', 'max', 'average', 'isNotEmpty', 'isEmpty', 'compact', 'smartJoin', 'chunk', 'renameKeys', 'merge', 'mergeIntoObject', 'union', 'difference', 'intersection', 'append', 'toJsonString', 'toInt', 'toFloat', 'toBoolean', 'toDateTime'],
    Number: ['ceil', 'floor', 'format', 'round', 'abs', 'isInteger', 'isEven', 'isOdd', 'toBoolean', 'toInt', 'toFloat', 'toDateTime', 'isEmpty', 'isNotEmpty'],
    Date: ['beginningOf', 'endOfMonth', 'extract', 'isBetween', 'isDst', 'isInLast', 'isWeekend', 'minus', 'plus', 'format', 'toDateTime', 'diffTo', 'diffToNow', 'toInt', 'toFloat', 'toBoolean', 'isEmpty', 'isNotEmpty'],
    Boolean: ['toBoolean', 'toInt', 'toFloat', 'toNumber', 'toDateTime', 'isEmpty', 'isNotEmpty'],
    Object: ['isEmpty', 'isNotEmpty', 'hasField', 'removeField', 'removeFieldsContaining', 'keepFieldsContaining', 'compact', 'urlEncode', 'keys', 'values', 'toJsonString', 'toInt', 'toFloat', 'toBoolean', 'toDateTime', 'merge'],
  };
  for (const [type, names] of Object.entries(methods)) {
    const { prototype } = globalThis[type];
    for (const name of names) {
      if (Object.hasOwn(prototype, name)) continue;
      const value = function (...args) { return host(`$0.${name}(...$arguments)`, this, ...args); };
      // A field of that name is a field: assigning to one must work as if the method were not there.
      const set = function (value) { Object.defineProperty(this, name, { value, writable: true, enumerable: true, configurable: true }); };
      Object.defineProperty(prototype, name, { get: () => value, set, configurable: true });
    }
  }
  for (const name of ['$ifEmpty', '$if', '$min', '$max', '$average', '$not', 'min', 'max', 'average', 'not', 'numberList', 'zip']) {
    own(name, (...args) => host(`${name}(...$arguments)`, undefined, ...args));
  }
  own('$if', (condition, yes, no) => condition ? yes : no);
  return { compile };
}
