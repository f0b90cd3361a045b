// Counts promises. One that cannot be kept because an earlier one broke has failed too: nothing is skipped.
let passed = 0;
const failures = [];
let witness = async () => undefined;

/** Called with the name of each broken promise, to keep what the pages looked like. */
export function onFailure(next) {
  witness = next;
}

export async function promise(name, body) {
  const started = Date.now();
  try {
    await body();
    passed += 1;
    console.log(`ok    ${name} (${Date.now() - started} ms)`);
  } catch (error) {
    failures.push(name);
    await witness(name).catch(() => undefined);
    console.log(`FAIL  ${name}\n      ${String(error?.stack ?? error).split("\n").slice(0, 14).join("\n      ")}`);
  }
}

export function check(condition, words) {
  if (!condition) throw new Error(words);
}

export function equal(actual, expected, words) {
  check(Object.is(actual, expected), `${words}: expected ${JSON.stringify(expected)}, got ${JSON.stringify(actual)}`);
}

/** Waits until something is true, because the other side of a wire takes its time. */
export async function eventually(words, probe, timeoutMs = 15_000) {
  const end = Date.now() + timeoutMs;
  let last;
  while (Date.now() < end) {
    last = await probe();
    if (last) return last;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`${words}: not within ${timeoutMs} ms`);
}

export function close() {
  if (failures.length > 0) console.log(`\nFailed:\n${failures.map((name) => `- ${name}`).join("\n")}`);
  console.log(`\n${passed} passed, ${failures.length} failed`);
  return failures.length === 0 ? 0 : 1;
}
