import { describe, expect, test } from "vitest";
import type { ChatEvent, History, Message } from "../../rpc/types";
import { fromHistory, isBusy, reduce, textOf, type Transcript } from "./transcript";

const RUN = "run-1";
let clock = 0;

function message(seq: number, role: Message["role"], text: string, more: Partial<Message> = {}): Message {
  return { role, content: [{ type: "text", text }], timestamp: seq * 1_000, __openclaw: { id: `msg_${seq}`, seq, runId: RUN }, ...more };
}
const history = (messages: Message[], more: Partial<History> = {}): History => ({ sessionKey: "s", messages, hasMore: false, totalMessages: messages.length, deltaCursor: "1", defaults: {}, ...more });
const chat = (state: Transcript, seq: number, event: Partial<ChatEvent>): Transcript =>
  reduce(state, { type: "chat", event: { runId: RUN, sessionKey: "s", agentId: "a", seq, state: "delta", ...event }, at: ++clock });
const tool = (state: Transcript, seq: number, data: unknown): Transcript =>
  reduce(state, { type: "agent", event: { runId: RUN, sessionKey: "s", sessionId: "s", agentId: "a", seq, stream: "tool", ts: seq * 100, data }, at: ++clock });

const asked = fromHistory(history([message(1, "user", "hello")]));

describe("an answer that streams", () => {
  test("its pieces add up", () => {
    const state = chat(chat(asked, 1, { deltaText: "Hel" }), 2, { deltaText: "lo" });
    expect(state.runs[0]).toMatchObject({ text: "Hello", phase: "running" });
    expect(isBusy(state)).toBe(true);
  });

  test("a piece that begins anew, after tools, does", () => {
    const state = chat(chat(asked, 1, { deltaText: "Let me look." }), 4, { deltaText: "Found", replace: true });
    expect(chat(state, 5, { deltaText: " it." }).runs[0]?.text).toBe("Found it.");
  });

  test("a piece that comes twice counts once", () => {
    const once = chat(asked, 1, { deltaText: "Hel" });
    expect(chat(once, 1, { deltaText: "Hel" })).toBe(once);
  });

  test("a whole text so far takes the place of what there was", () => {
    const state = chat(chat(asked, 1, { deltaText: "Hel" }), 2, { message: message(0, "assistant", "Hello there") });
    expect(state.runs[0]?.text).toBe("Hello there");
  });

  test("the stored message ends it, and late pieces change nothing", () => {
    const final = chat(chat(asked, 1, { deltaText: "Hi" }), 2, { state: "final", message: message(2, "assistant", "Hi", { stopReason: "stop" }) });
    expect(final.runs).toEqual([]);
    expect(final.messages.map(textOf)).toEqual(["hello", "Hi"]);
    expect(chat(final, 3, { deltaText: " again" })).toBe(final);
  });

  test("final before or after the stored message, the answer stands once", () => {
    const reply = message(2, "assistant", "Hi", { stopReason: "stop" });
    const heard = reduce(chat(asked, 1, { deltaText: "Hi" }), { type: "message", message: reply });
    const both = chat(heard, 2, { state: "final", message: reply });
    expect(both.messages).toHaveLength(2);
    expect(both.runs).toEqual([]);
  });

  test("a final without its stored message stays visible until it is fetched", () => {
    const settling = chat(chat(asked, 1, { deltaText: "Hi" }), 2, { state: "final" });
    expect(settling.runs[0]).toMatchObject({ phase: "settling", text: "Hi" });
    expect(isBusy(settling)).toBe(false);
    const fetched = reduce(settling, { type: "caughtUp", history: history([message(2, "assistant", "Hi", { stopReason: "stop" })], { kind: "delta" }) });
    expect(fetched.runs).toEqual([]);
    expect(fetched.messages).toHaveLength(2);
  });
});

describe("an answer that does not come to its end", () => {
  test("stopped: what was said is kept", () => {
    const stopping = reduce(chat(asked, 1, { deltaText: "Hel" }), { type: "stopping", runId: RUN });
    expect(stopping.runs[0]?.phase).toBe("stopping");
    const stopped = chat(stopping, 2, { state: "aborted", message: message(2, "assistant", "Hel", { stopReason: "aborted" }) });
    expect(stopped.runs).toEqual([]);
    expect(stopped.messages.at(-1)).toMatchObject({ stopReason: "aborted" });
  });

  test("stopped before the first word", () => {
    const state = chat(chat(asked, 1, { deltaText: "" }), 2, { state: "aborted" });
    expect(state.runs[0]?.phase).toBe("stopped");
    expect(isBusy(state)).toBe(false);
  });

  test("failed: the first error stands, the second is ignored", () => {
    const failed = chat(asked, 1, { state: "error", errorMessage: "no key", errorKind: "unknown" });
    expect(chat(failed, 2, { state: "error", errorMessage: "no key, in more words" })).toBe(failed);
    expect(failed.runs[0]).toMatchObject({ phase: "failed", error: { message: "no key", kind: "unknown" } });
  });

  test("interrupted: the typed message is what stands", () => {
    const state = reduce(chat(asked, 1, { deltaText: "Hel" }), { type: "message", message: message(2, "assistant", "Hel", { stopReason: "interrupted" }) });
    expect(state.runs).toEqual([]);
    expect(state.messages.at(-1)).toMatchObject({ stopReason: "interrupted" });
  });

  test("a new run clears a failed one away", () => {
    const failed = chat(asked, 1, { state: "error", errorMessage: "no" });
    const next = reduce(failed, { type: "chat", event: { runId: "run-2", sessionKey: "s", agentId: "a", seq: 1, state: "delta", deltaText: "Yes" }, at: 1 });
    expect(next.runs.map((run) => run.runId)).toEqual(["run-2"]);
  });
});

describe("tools", () => {
  test("a call starts, ends, and keeps its result", () => {
    const running = tool(asked, 1, { phase: "start", name: "read", toolCallId: "c1", args: { path: "a" } });
    expect(running.runs[0]?.tools[0]).toMatchObject({ id: "c1", name: "read", startedAt: 100 });
    const done = tool(running, 2, { phase: "result", name: "read", toolCallId: "c1", isError: false, result: "text" });
    expect(done.runs[0]?.tools[0]).toMatchObject({ result: "text", isError: false, endedAt: 200 });
  });

  test("the stored message of a call takes over the words before it, and the run goes on", () => {
    const speaking = chat(asked, 1, { deltaText: "Let me look. And" });
    const state = reduce(speaking, { type: "message", message: message(2, "assistant", "Let me look.", { stopReason: "toolUse" }) });
    expect(state.runs[0]).toMatchObject({ text: "And", phase: "running" });
  });
});

describe("a run that the server stores under an id of its own", () => {
  test("is recognised by the message that began it", () => {
    const begun = fromHistory(history([{ ...message(1, "user", "hello"), idempotencyKey: `${RUN}:user`, __openclaw: { id: "msg_1", seq: 1, runId: "run_stored" } }]));
    const speaking = chat(begun, 1, { deltaText: "Hi" });
    const reply = message(2, "assistant", "Hi", { stopReason: "stop", __openclaw: { id: "msg_2", seq: 2, runId: "run_stored" } });
    const state = reduce(speaking, { type: "message", message: reply });
    expect(state.runs).toEqual([]);
    expect(chat(state, 2, { deltaText: " late" })).toBe(state);
  });
});

describe("after a gap", () => {
  test("text with a hole is replaced by what the server holds", () => {
    const holed = chat(chat(asked, 1, { deltaText: "One " }), 3, { deltaText: "three" });
    const state = reduce(holed, { type: "caughtUp", history: history([], { kind: "delta", inFlightRun: { runId: RUN, text: "One two three", startedAt: 1, seq: 3 } }) });
    expect(state.runs[0]?.text).toBe("One two three");
    expect(chat(state, 3, { deltaText: "three" }).runs[0]?.text).toBe("One two three");
    expect(chat(state, 4, { deltaText: " four" }).runs[0]?.text).toBe("One two three four");
  });

  test("text that is ahead of what is stored is kept", () => {
    const ahead = chat(asked, 5, { deltaText: "One two three" });
    const state = reduce(ahead, { type: "caughtUp", history: history([], { kind: "delta", inFlightRun: { runId: RUN, text: "One two", startedAt: 1, seq: 3 } }) });
    expect(state.runs[0]?.text).toBe("One two three");
  });

  test("a run that ended meanwhile is no longer shown as running", () => {
    const running = chat(asked, 1, { deltaText: "Hi" });
    const state = reduce(running, { type: "caughtUp", history: history([message(2, "assistant", "Hi", { stopReason: "stop" })], { kind: "delta" }) });
    expect(state.runs).toEqual([]);
    expect(isBusy(state)).toBe(false);
  });

  test("messages come in their order and once, older ones before", () => {
    const late = fromHistory(history([message(3, "user", "c"), message(4, "assistant", "d")], { hasMore: true }));
    const again = reduce(late, { type: "message", message: message(4, "assistant", "d") });
    const whole = reduce(again, { type: "older", history: history([message(1, "user", "a"), message(2, "assistant", "b")]) });
    expect(whole.messages.map(textOf)).toEqual(["a", "b", "c", "d"]);
    expect(whole.hasOlder).toBe(false);
  });
});
