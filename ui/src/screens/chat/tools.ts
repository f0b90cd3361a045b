import type { Message } from "../../rpc/types";
import type { LiveRun, Transcript } from "./transcript";
import { textOf, wireRunId } from "./transcript";

export interface ToolCall {
  id: string;
  name: string;
  args: unknown;
  state: "running" | "done" | "failed" | "unfinished";
  result?: string;
  startedAt: number;
  durationMs?: number;
}

/** Every tool call of a conversation in order: those of stored messages, then those that run now. */
export function toolCalls(transcript: Transcript): Map<string, ToolCall> {
  const calls = new Map<string, ToolCall>();
  const live = new Set(transcript.runs.filter((run) => run.phase === "running" || run.phase === "stopping").map((run) => run.runId));
  for (const message of transcript.messages) {
    if (message.role === "assistant") for (const call of callsOf(transcript.messages, message, live)) calls.set(call.id, call);
    else if (message.role === "toolResult") answer(calls, message);
  }
  for (const run of transcript.runs) addLive(calls, run);
  return calls;
}

function callsOf(messages: ReadonlyArray<Message>, message: Message, live: ReadonlySet<string>): ToolCall[] {
  if (typeof message.content === "string") return [];
  const state = live.has(wireRunId(messages, message) ?? "") ? "running" : "unfinished";
  return message.content.flatMap((block) =>
    block.type === "toolCall" ? [{ id: block.id, name: block.name, args: block.arguments, state, startedAt: message.timestamp }] : [],
  );
}

function answer(calls: Map<string, ToolCall>, message: Message): void {
  const call = calls.get(message.toolCallId ?? "");
  if (!call) return;
  calls.set(call.id, {
    ...call,
    state: message.isError ? "failed" : "done",
    result: textOf(message),
    durationMs: message.timestamp - call.startedAt,
  });
}

function addLive(calls: Map<string, ToolCall>, run: LiveRun): void {
  for (const tool of run.tools) {
    const known = calls.get(tool.id);
    if (known && known.state !== "running" && known.state !== "unfinished") continue;
    const over = tool.endedAt !== undefined;
    calls.set(tool.id, {
      id: tool.id,
      name: tool.name,
      args: tool.args ?? known?.args,
      state: over ? (tool.isError ? "failed" : "done") : run.phase === "running" || run.phase === "stopping" ? "running" : "unfinished",
      startedAt: tool.startedAt,
      ...(tool.result !== undefined && { result: readable(tool.result) }),
      ...(tool.endedAt !== undefined && { durationMs: tool.endedAt - tool.startedAt }),
    });
  }
}

/** A tool's input or output for reading: text as it is, content blocks as their text, anything else as JSON. */
export function readable(value: unknown): string {
  if (value === undefined || value === null) return "";
  if (typeof value === "string") return value;
  const content = Array.isArray(value) ? value : (value as { content?: unknown }).content;
  if (Array.isArray(content) && content.length > 0 && content.every((block) => typeof block?.text === "string")) {
    return content.map((block: { text: string }) => block.text).join("\n");
  }
  return JSON.stringify(value, null, 2);
}

/** The input in one line: the value itself where there is only one. */
export function inOneLine(args: unknown): string {
  if (typeof args !== "object" || args === null) return readable(args);
  const values = Object.values(args);
  const line = values.length === 1 && typeof values[0] === "string" ? values[0] : JSON.stringify(args);
  return line.replace(/\s+/g, " ").slice(0, 160);
}
