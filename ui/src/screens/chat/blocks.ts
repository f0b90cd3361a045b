/** Cuts Markdown at empty lines outside of code fences. Each piece reads the same alone as in the whole, lists' numbers included. */
export function blocks(source: string): string[] {
  const found: string[] = [];
  let current: string[] = [];
  let fence: string | undefined;
  for (const line of source.split("\n")) {
    const mark = /^\s{0,3}(`{3,}|~{3,})/.exec(line)?.[1];
    if (mark && fence === undefined) fence = mark;
    else if (mark && fence !== undefined && mark.startsWith(fence)) fence = undefined;
    // An indented line after an empty one belongs to what is above it.
    const startsAnew = fence === undefined && current.at(-1)?.trim() === "" && line.trim() !== "" && !/^\s/.test(line);
    if (startsAnew) {
      found.push(current.join("\n"));
      current = [];
    }
    current.push(line);
  }
  if (current.some((line) => line.trim() !== "")) found.push(current.join("\n"));
  return found;
}
