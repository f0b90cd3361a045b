#!/usr/bin/env node
// The real OpenClaw client against a server: does everything that a person does with it still work?
//
//   node clients/openclaw.mjs --url ws://127.0.0.1:18789 --token TOKEN [--only TEXT] [--record FOLDER]
//
// --only runs the scenarios whose name holds the text; --record keeps each one's frames in FOLDER/<scenario>.jsonl.
// Needs npm, tmux and a server whose model is our fake model. Ends with "N passed, M failed".
import { randomUUID } from "node:crypto";
import { parseArgs } from "node:util";
import { Client } from "./lib/client.mjs";
import { Recorder } from "./lib/recorder.mjs";
import { scenarios } from "./lib/scenarios.mjs";

const { values: options } = parseArgs({
  options: { url: { type: "string" }, token: { type: "string" }, only: { type: "string", default: "" }, record: { type: "string" } },
});
if (!options.url || !options.token) {
  console.error("usage: node clients/openclaw.mjs --url ws://HOST:PORT --token TOKEN [--only TEXT] [--record FOLDER]");
  process.exit(2);
}

const client = new Client(options.token);
const recorder = options.record && new Recorder({
  target: options.url,
  folder: options.record,
  modules: client.script,
  replace: [[options.token, "<token>"], [client.home, "~"]],
});
client.use(recorder ? await recorder.start() : options.url);

let agent;
/** A session of the default agent that nobody has used before. */
const session = async (name) => {
  agent ??= (await client.call("agents.list")).defaultId;
  return `agent:${agent}:client-${name}-${randomUUID().slice(0, 8)}`;
};

const counts = { passed: 0, failed: 0 };
for (const [name, scenario] of Object.entries(scenarios)) {
  if (!name.includes(options.only)) continue;
  recorder?.begin(name.replace(/[^a-z0-9.]+/gi, "-"));
  const begun = Date.now();
  try {
    await scenario({ client, session });
    counts.passed++;
    console.log(`ok      ${name} (${Date.now() - begun} ms)`);
  } catch (error) {
    counts.failed++;
    console.log(`FAILED  ${name} (${Date.now() - begun} ms)\n${error.message.replace(/^/gm, "        ")}`);
  }
}
recorder?.close();
client.remove();
console.log(`${counts.passed} passed, ${counts.failed} failed`);
process.exitCode = counts.failed > 0 || counts.passed === 0 ? 1 : 0;
