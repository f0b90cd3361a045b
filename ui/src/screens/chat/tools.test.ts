import { expect, test } from "vitest";
import type { Message } from "../../rpc/types";
import { inOneLine, readable, toolCalls } from "./tools";
import { fromHistory, reduce } from "./transcript";

const call = (id: string): Message => ({
  role: "assistant",
  content: [{ type: "toolCall", id, name: "read", arguments: { path: "a" } }],
  timestamp: 1_000,
  stopReason: "toolUse",
  __openclaw: { id: `msg_${id}`, seq: 1, runId: "r" },
});
const result = (id: string): Message => ({ role: "toolResult", content: "text", timestamp: 1_250, toolCallId: id, toolName: "read", isError: false, __openclaw: { id: `res_${id}`, seq: 2 } });

const conversation = (...messages: Message[]) => fromHistory({ sessionKey: "s", messages, hasMore: false, totalMessages: messages.length, deltaCursor: "1", defaults: {} });
const live = { runId: "r", sessionKey: "s", sessionId: "s", agentId: "a" };

test("a stored call with its stored result is done, and knows how long it took", () => {
  const calls = toolCalls(conversation(call("c"), result("c")));
  expect(calls.get("c")).toMatchObject({ state: "done", result: "text", durationMs: 250 });
});

test("a stored call without a result is unfinished, unless its run goes on", () => {
  const stored = conversation(call("c"));
  expect(toolCalls(stored).get("c")?.state).toBe("unfinished");
  const running = reduce(stored, { type: "agent", event: { ...live, seq: 1, stream: "lifecycle", ts: 1, data: { phase: "start" } }, at: 1 });
  expect(toolCalls(running).get("c")?.state).toBe("running");
});

test("a live result is shown before it is stored", () => {
  let state = conversation(call("c"));
  const event = (seq: number, data: unknown) => reduce(state, { type: "agent", event: { ...live, seq, stream: "tool", ts: seq * 10, data }, at: 1 });
  state = event(1, { phase: "start", name: "read", toolCallId: "c", args: { path: "a" } });
  state = event(2, { phase: "result", name: "read", toolCallId: "c", isError: true, result: { content: [{ type: "text", text: "no such file" }] } });
  expect(toolCalls(state).get("c")).toMatchObject({ state: "failed", result: "no such file", durationMs: 10 });
});

test("inputs and outputs are made readable", () => {
  expect(readable({ content: [{ type: "text", text: "a" }, { type: "text", text: "b" }] })).toBe("a\nb");
  expect(readable({ a: 1 })).toBe('{\n  "a": 1\n}');
  expect(inOneLine({ command: "ls\n  -l" })).toBe("ls -l");
  expect(inOneLine({ a: 1, b: 2 })).toBe('{"a":1,"b":2}');
});
