// What a person does with the real client, and what must be seen then. The server's model is our fake model: `[[tokens 2000]]`
// makes it long-winded, `[[delay 50]]` slow.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { sleep, Terminal } from "./terminal.mjs";

const ANSWER = /Hello from the fake model\./;
const LONG_WINDED = "[[tokens 2000]] [[delay 50]]";
const LAST_TOKEN = /token2000\b/;

export const scenarios = {
  async "health"({ client }) {
    const { code, out } = await client.run("health");
    assert.equal(code, 0, out);
    const json = await client.run("health", "--json");
    assert.equal(JSON.parse(json.out).ok, true, json.out);
  },

  async "status"({ client }) {
    const { code, out } = await client.run("status");
    assert.equal(code, 0, out);
    assert.match(out, /\breachable\b/, out);
    assert.doesNotMatch(out, /unreachable/, out);
    // The plain page does without the server's own answer; the JSON is that answer.
    const json = await client.run("status", "--json");
    assert.equal(JSON.parse(json.out).gateway.reachable, true, json.out);
    const { channelSummary, sessions } = await client.call("status");
    assert.deepEqual([Array.isArray(channelSummary), Array.isArray(sessions.byAgent)], [true, true]);
  },

  async "call health by url and token"({ client }) {
    const { code, out } = await client.run("gateway", "call", "health", "--url", client.url, "--token", client.token, "--json");
    assert.equal(code, 0, out);
    assert.equal(JSON.parse(out).ok, true, out);
  },

  async "call agents.list"({ client }) {
    const { defaultId, mainKey, scope, agents } = await client.call("agents.list");
    assert.ok(agents.some(({ id }) => id === defaultId), `no row for the default agent ${defaultId}`);
    assert.deepEqual([typeof mainKey, typeof scope], ["string", "string"]);
  },

  async "call sessions.list"({ client }) {
    const { count, sessions } = await client.call("sessions.list", { limit: 5 });
    assert.equal(typeof count, "number");
    for (const { key, kind } of sessions) assert.deepEqual([typeof key, typeof kind], ["string", "string"]);
  },

  async "call chat.send"({ client, session }) {
    const sessionKey = await session("send");
    const send = { sessionKey, message: "hello by chat.send", idempotencyKey: randomUUID() };
    assert.equal((await client.call("chat.send", send)).runId, send.idempotencyKey);
    const texts = await answered(client, sessionKey);
    assert.ok(texts.some((text) => ANSWER.test(text)), texts.join("\n"));
    assert.equal((await client.call("chat.send", send)).status, "ok");
    assert.equal((await history(client, sessionKey)).filter(({ role }) => role === "user").length, 1);
  },

  async "call chat.abort"({ client, session }) {
    const sessionKey = await session("abort");
    const runId = randomUUID();
    await client.call("chat.send", { sessionKey, message: LONG_WINDED, idempotencyKey: runId });
    const { aborted, runIds } = await client.call("chat.abort", { sessionKey });
    assert.deepEqual([aborted, runIds], [true, [runId]]);
    await sleep(500);
    assert.deepEqual(await client.call("chat.abort", { sessionKey }), { ok: true, aborted: false, runIds: [] });
    const texts = (await history(client, sessionKey)).map(textOf);
    assert.ok(!texts.some((text) => LAST_TOKEN.test(text)), "the run went on");
  },

  async "agent --message"({ client, session }) {
    const { code, out } = await client.run("agent", "--session-key", await session("agent"), "--message", "hello by agent");
    assert.equal(code, 0, out);
    assert.match(out, ANSWER, out);
    assert.match(out, /hello by agent/, out);
  },

  async "agent --json, when the model fails"({ client, session }) {
    const { out } = await client.run("agent", "--session-key", await session("agent-fails"), "--json", "--message", "[[fail 400]]");
    assert.doesNotMatch(out, ANSWER, out);
    assert.match(out, /error|fail/i, out);
  },

  async "an unknown method"({ client }) {
    const { code, out } = await client.run("gateway", "call", "nobody.knows");
    assert.notEqual(code, 0, out);
    assert.match(out, /unknown method: nobody\.knows/, out);
  },

  async "a wrong token"({ client }) {
    const { code, out } = await client.run("gateway", "call", "health", "--url", client.url, "--token", "not-the-token", "--json");
    assert.notEqual(code, 0, out);
    assert.match(out, /unauthorized|token/i, out);
  },

  async "tui: answer, abort by Esc, leave"({ client, session }) {
    const command = [client.node, client.script, "tui", "--url", client.url, "--token", client.token, "--session", await session("tui")];
    const terminal = new Terminal(command, client.environment, client.home);
    try {
      // On a busy machine the client takes a while to start.
      await terminal.shows(/connected \| idle/, 120_000);
      await terminal.enter("hello [[tokens 7]]");
      await terminal.shows(/token7\b/);
      await terminal.shows(/connected \| idle/);

      await terminal.enter(LONG_WINDED);
      await terminal.shows(/token8\b/);
      terminal.key("Escape");
      const screen = await terminal.shows(/run aborted/, 5_000);
      assert.doesNotMatch(screen, LAST_TOKEN);
      await sleep(1_000);
      assert.equal(lastToken(terminal.screen()), lastToken(screen), "text came after the abort");

      await terminal.enter("still there? [[tokens 700]]");
      await terminal.shows(/token700\b/);
      await terminal.shows(/connected \| idle/);
      await terminal.enter("/exit");
      if (!(await terminal.ends())) assert.fail(`it did not leave:\n${terminal.screen()}`);
    } finally {
      terminal.close();
    }
  },
};

async function history(client, sessionKey) {
  return (await client.call("chat.history", { sessionKey })).messages;
}

/** The assistant's texts, once there is one. */
async function answered(client, sessionKey) {
  for (let attempt = 0; attempt < 30; attempt++) {
    const texts = (await history(client, sessionKey)).filter(({ role }) => role === "assistant").map(textOf);
    if (texts.length > 0) return texts;
  }
  return [];
}

function textOf({ content }) {
  return typeof content === "string" ? content : content.map(({ text }) => text ?? "").join("");
}

function lastToken(screen) {
  return screen.match(/token\d+/g)?.at(-1);
}
