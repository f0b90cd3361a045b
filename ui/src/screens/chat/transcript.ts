// A conversation as this tab knows it: stored messages, and runs that are still being written.
//
// - A message is known by its id and stands at its number; hearing of it twice changes nothing.
// - A run's text is what has streamed since its last stored message; a stored message takes its place.
// - A run that has ended stays ended, whatever arrives late.
import { isRecord } from "../../rpc/errors";
import type { AgentEvent, ChatEvent, History, Message, SessionRow } from "../../rpc/types";

export interface LiveTool {
  id: string;
  name: string;
  args: unknown;
  startedAt: number;
  endedAt?: number;
  result?: unknown;
  isError?: boolean;
}

export interface LiveRun {
  runId: string;
  text: string;
  startedAt: number;
  tools: ReadonlyArray<LiveTool>;
  /** `settling`: over, but its message is not stored here yet. */
  phase: "running" | "stopping" | "settling" | "stopped" | "failed";
  error?: { message: string; kind?: string };
  chatSeq: number;
  agentSeq: number;
}

export interface Transcript {
  messages: ReadonlyArray<Message>;
  hasOlder: boolean;
  cursor: string | undefined;
  session: SessionRow | undefined;
  runs: ReadonlyArray<LiveRun>;
  ended: ReadonlyArray<string>;
}

export type TranscriptAction =
  | { type: "caughtUp"; history: History }
  | { type: "older"; history: History }
  | { type: "chat"; event: ChatEvent; at: number }
  | { type: "agent"; event: AgentEvent; at: number }
  | { type: "message"; message: Message }
  | { type: "session"; session: SessionRow }
  | { type: "stopping"; runId: string };

const ENDED_KEPT = 50;

export function fromHistory(history: History): Transcript {
  const empty: Transcript = { messages: [], hasOlder: history.hasMore ?? false, cursor: undefined, session: undefined, runs: [], ended: [] };
  return caughtUp(empty, history);
}

export function reduce(state: Transcript, action: TranscriptAction): Transcript {
  switch (action.type) {
    case "caughtUp":
      return caughtUp(state, action.history);
    case "older":
      return { ...state, messages: (action.history.messages ?? []).reduce(insert, state.messages), hasOlder: action.history.hasMore ?? false };
    case "chat":
      return chat(state, action.event, action.at);
    case "agent":
      return agent(state, action.event, action.at);
    case "message":
      return stored(state, action.message);
    case "session":
      return { ...state, session: { ...state.session, ...action.session } };
    case "stopping":
      return change(state, action.runId, (run) => (run.phase === "running" ? { ...run, phase: "stopping" } : run));
  }
}

function caughtUp(state: Transcript, history: History): Transcript {
  const withMessages = (history.messages ?? []).reduce(stored, state);
  const inFlight = history.inFlightRun;
  const active = new Set([...(history.sessionInfo?.activeRunIds ?? []), ...(inFlight ? [inFlight.runId] : [])]);
  const next: Transcript = {
    ...withMessages,
    cursor: history.deltaCursor ?? state.cursor,
    session: history.sessionInfo ?? state.session,
    runs: withMessages.runs.flatMap((run) => afterCatchUp(run, active)),
  };
  if (!inFlight || next.ended.includes(inFlight.runId)) return next;
  return change(withRun(next, inFlight.runId, inFlight.startedAt), inFlight.runId, (run) => ({
    ...run,
    // What we hold may be ahead of what is stored; what we hold with a hole in it is not a continuation of it.
    text: run.text.startsWith(inFlight.text) ? run.text : inFlight.text,
    chatSeq: Math.max(run.chatSeq, inFlight.seq ?? 0),
  }));
}

function afterCatchUp(run: LiveRun, active: ReadonlySet<string>): LiveRun[] {
  switch (run.phase) {
    case "running":
    case "stopping":
      return active.has(run.runId) ? [run] : [];
    case "settling":
      return [];
    case "stopped":
    case "failed":
      return [run];
  }
}

function stored(state: Transcript, message: Message): Transcript {
  const next = { ...state, messages: insert(state.messages, message) };
  const runId = wireRunId(next.messages, message);
  if (!runId || message.role !== "assistant") return next;
  if (message.stopReason !== "toolUse") return end(next, runId);
  const said = textOf(message);
  return change(next, runId, (run) => ({ ...run, text: run.text.startsWith(said) ? run.text.slice(said.length).trimStart() : "" }));
}

/**
 * The run of a message as events call it. Events know a run by the key that its sender chose, stored messages may
 * know it by the server's own id; the message that began the run carries both.
 */
export function wireRunId(messages: ReadonlyArray<Message>, message: Message): string | undefined {
  const runId = message.__openclaw?.runId;
  if (!runId) return undefined;
  const asked = messages.findLast((other) => other.role === "user" && other.__openclaw?.runId === runId);
  return asked?.idempotencyKey?.replace(/:user$/, "") ?? runId;
}

function chat(state: Transcript, event: ChatEvent, at: number): Transcript {
  if (state.ended.includes(event.runId)) return state;
  const known = state.runs.find((run) => run.runId === event.runId);
  if (known && (event.seq <= known.chatSeq || known.phase === "failed")) return state;
  const next = withRun(state, event.runId, at);
  const touch = (update: (run: LiveRun) => LiveRun) =>
    change(next, event.runId, (run) => update({ ...run, chatSeq: event.seq }));

  switch (event.state) {
    case "delta":
      return touch((run) => ({
        ...run,
        // After tools a new text begins; what was said before them is a stored message.
        text: event.deltaText === undefined ? textOf(event.message) : event.replace ? event.deltaText : run.text + event.deltaText,
      }));
    case "final":
    case "aborted":
      if (event.message?.__openclaw?.id) return end({ ...next, messages: insert(next.messages, event.message) }, event.runId);
      return touch((run) => {
        const text = textOf(event.message) || run.text;
        return { ...run, text, phase: event.state === "aborted" && !text ? "stopped" : "settling" };
      });
    case "error":
      return touch((run) => ({
        ...run,
        phase: "failed",
        error: { message: event.errorMessage ?? "", ...(event.errorKind && { kind: event.errorKind }) },
      }));
  }
}

function agent(state: Transcript, event: AgentEvent, at: number): Transcript {
  if (state.ended.includes(event.runId) || !isRecord(event.data)) return state;
  const { data } = event;
  const known = state.runs.find((run) => run.runId === event.runId);
  if (known && event.seq <= known.agentSeq) return state;
  if (event.stream === "lifecycle") return data.phase === "start" ? withRun(state, event.runId, at) : state;
  if (event.stream !== "tool" || typeof data.toolCallId !== "string") return state;
  const id = data.toolCallId;
  return change(withRun(state, event.runId, at), event.runId, (run) => ({
    ...run,
    agentSeq: event.seq,
    tools:
      data.phase === "start"
        ? [...run.tools, { id, name: String(data.name ?? ""), args: data.args, startedAt: event.ts ?? at }]
        : run.tools.map((tool) => (tool.id === id ? { ...tool, ...toolUpdate(data, event.ts ?? at) } : tool)),
  }));
}

function toolUpdate(data: Record<string, unknown>, at: number): Partial<LiveTool> {
  if (data.phase === "result") return { result: data.result, isError: data.isError === true, endedAt: at };
  return data.phase === "update" ? { result: data.partialResult } : {};
}

/** The state with this run in it. A new run clears away what earlier ones left behind. */
function withRun(state: Transcript, runId: string, startedAt: number): Transcript {
  if (state.runs.some((run) => run.runId === runId)) return state;
  const run: LiveRun = { runId, text: "", startedAt, tools: [], phase: "running", chatSeq: -1, agentSeq: -1 };
  return { ...state, runs: [...state.runs.filter((other) => other.phase !== "failed" && other.phase !== "stopped"), run] };
}

function change(state: Transcript, runId: string, update: (run: LiveRun) => LiveRun): Transcript {
  return { ...state, runs: state.runs.map((run) => (run.runId === runId ? update(run) : run)) };
}

function end(state: Transcript, runId: string): Transcript {
  return {
    ...state,
    runs: state.runs.filter((run) => run.runId !== runId),
    ended: state.ended.includes(runId) ? state.ended : [...state.ended.slice(-ENDED_KEPT), runId],
  };
}

function insert(messages: ReadonlyArray<Message>, message: Message): ReadonlyArray<Message> {
  const id = messageId(message);
  const known = messages.findIndex((other) => messageId(other) === id);
  if (known >= 0) return messages.with(known, message);
  const seq = message.__openclaw?.seq ?? Number.POSITIVE_INFINITY;
  const before = messages.findLastIndex((other) => (other.__openclaw?.seq ?? Number.POSITIVE_INFINITY) <= seq);
  return messages.toSpliced(before + 1, 0, message);
}

export function messageId(message: Message): string {
  return message.__openclaw?.id ?? `${message.role}:${message.timestamp}:${message.toolCallId ?? ""}`;
}

export function textOf(message: Message | undefined): string {
  if (!message) return "";
  if (typeof message.content === "string") return message.content;
  return message.content.flatMap((block) => (block.type === "text" ? [block.text] : [])).join("\n\n");
}

export function isBusy(state: Transcript | undefined): boolean {
  return state?.runs.some((run) => run.phase === "running" || run.phase === "stopping") ?? false;
}
