// `JSON.parse` with the words of V8 for its errors.
({ own }) => {
  const { parse } = JSON;
  const reword = (text, message) => {
    if (text === 'undefined' || text === '[object Object]') return `"${text}" is not valid JSON`;
    const token = /^unexpected token: '(.)/su.exec(message)?.[1];
    if (token === undefined) return message;
    const at = text.indexOf(token);
    const short = text.length <= 40 ? `"${text}"` : `${at > 10 ? '...' : ''}"${text.slice(Math.max(0, at - 10), at + 10)}"${at + 10 < text.length ? '...' : ''}`;
    return `Unexpected token '${token}', ${short} is not valid JSON`;
  };
  JSON.parse = function (text, reviver) {
    try { return parse(text, reviver); } catch (error) {
      if (error instanceof SyntaxError) error.message = reword(String(text), error.message);
      throw error;
    }
  };
  return {};
}
