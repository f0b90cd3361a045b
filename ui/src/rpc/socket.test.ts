import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { CallError } from "./errors";
import { Socket, type Line, type SocketState } from "./socket";

/** The server's end of a line, played by the test. */
class FakeLine extends EventTarget implements Line {
  sent: Array<{ id: string; method: string; params: Record<string, unknown> }> = [];
  closed: { code: number | undefined; reason: string | undefined } | undefined;

  send(text: string): void {
    this.sent.push(JSON.parse(text));
  }
  close(code?: number, reason?: string): void {
    if (this.closed) return;
    this.closed = { code, reason };
    this.drop(code ?? 1005, reason);
  }
  override addEventListener(type: string, listener: unknown): void {
    super.addEventListener(type, listener as EventListener);
  }
  say(frame: unknown): void {
    this.dispatchEvent(Object.assign(new Event("message"), { data: JSON.stringify(frame) }));
  }
  drop(code: number, reason = ""): void {
    this.dispatchEvent(Object.assign(new Event("close"), { code, reason }));
  }
  get last() {
    const last = this.sent.at(-1);
    if (!last) throw new Error("nothing was sent");
    return last;
  }
  async welcome(tickIntervalMs = 30_000): Promise<void> {
    this.say({ type: "event", event: "connect.challenge", payload: { nonce: "n", ts: 1 } });
    this.say({ type: "res", id: this.last.id, ok: true, payload: { features: { methods: ["agents.list"] }, policy: { tickIntervalMs } } });
    await vi.advanceTimersByTimeAsync(0);
  }
}

let lines: FakeLine[];
let states: SocketState[];
const onEvent = vi.fn<(event: string, payload: unknown) => void>();
const onMissed = vi.fn<() => void>();

function start(): Socket {
  const socket = new Socket({
    url: "ws://here/w/1/socket",
    version: "1",
    onEvent,
    onMissed,
    onState: (state) => states.push(state),
    open: () => {
      const line = new FakeLine();
      lines.push(line);
      return line;
    },
    random: () => 1,
  });
  socket.start();
  return socket;
}

const line = () => lines.at(-1) as FakeLine;
const failure = (promise: Promise<unknown>) => promise.catch((error: unknown) => error as CallError);

beforeEach(() => {
  vi.useFakeTimers();
  lines = [];
  states = [];
  onEvent.mockReset();
  onMissed.mockReset();
});
afterEach(() => vi.useRealTimers());

test("it waits for the challenge, then introduces itself, then is open", async () => {
  const socket = start();
  expect(line().sent).toHaveLength(0);
  line().say({ type: "event", event: "connect.challenge", payload: { nonce: "n", ts: 1 } });
  expect(line().last).toMatchObject({
    method: "connect",
    params: { minProtocol: 3, maxProtocol: 4, client: { id: "pmos-ui", mode: "ui", platform: "web" }, caps: ["pmos-delta", "tool-events"] },
  });
  line().say({ type: "res", id: line().last.id, ok: true, payload: { features: { methods: ["agents.list"] } } });
  await vi.advanceTimersByTimeAsync(0);
  expect(socket.state.kind).toBe("open");
  expect(socket.hello?.features.methods).toEqual(["agents.list"]);
});

test("an answer finds its request, in whatever order", async () => {
  const socket = start();
  await line().welcome();
  const one = socket.request("agents.list", {});
  const two = failure(socket.request("agents.get", {}));
  const [first, second] = line().sent.slice(-2);
  line().say({ type: "res", id: second?.id, ok: false, error: { code: "NOT_FOUND", message: "gone" } });
  line().say({ type: "res", id: first?.id, ok: true, payload: { agents: [] } });
  expect(await one).toEqual({ agents: [] });
  expect(await two).toMatchObject({ code: "NOT_FOUND" });
});

test("a request ends after its time, by its signal, and with the line", async () => {
  const socket = start();
  await line().welcome();
  const late = failure(socket.request("slow", {}, { timeoutMs: 1_000 }));
  await vi.advanceTimersByTimeAsync(1_000);
  expect(await late).toMatchObject({ code: "TIMEOUT" });

  const given = new AbortController();
  const dropped = failure(socket.request("slow", {}, { signal: given.signal }));
  given.abort(new Error("left the screen"));
  expect(await dropped).toMatchObject({ message: "left the screen" });

  const cut = failure(socket.request("slow", {}));
  line().drop(1006);
  expect(await cut).toMatchObject({ code: "OFFLINE", retryable: true });
});

test("nothing is sent while there is no line", async () => {
  const socket = start();
  expect(await failure(socket.request("agents.list", {}))).toMatchObject({ code: "OFFLINE" });
});

test("a lost line comes back, each time after a longer pause, at most half a minute", async () => {
  start();
  const pauses = [1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000];
  for (const [tries, pause] of pauses.entries()) {
    line().drop(1006);
    await vi.advanceTimersByTimeAsync(pause - 1);
    expect(lines).toHaveLength(tries + 1);
    await vi.advanceTimersByTimeAsync(1);
    expect(lines).toHaveLength(tries + 2);
  }
  await line().welcome();
  line().drop(1006);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(lines).toHaveLength(pauses.length + 2);
});

test("after it came back the screens are told to ask again", async () => {
  start();
  await line().welcome();
  expect(onMissed).not.toHaveBeenCalled();
  line().drop(1012, "service restart");
  await vi.advanceTimersByTimeAsync(1_000);
  await line().welcome();
  expect(onMissed).toHaveBeenCalledTimes(1);
});

test("revoked access is final", async () => {
  const socket = start();
  await line().welcome();
  line().drop(4001, "member removed");
  await vi.advanceTimersByTimeAsync(60_000);
  expect(socket.state).toEqual({ kind: "ended", reason: "revoked", message: "member removed" });
  expect(lines).toHaveLength(1);
});

test("a refused greeting is final, one that asks for patience is not", async () => {
  const refused = start();
  line().say({ type: "event", event: "connect.challenge", payload: {} });
  line().say({ type: "res", id: line().last.id, ok: false, error: { code: "INVALID_REQUEST", message: "origin not allowed" } });
  await vi.advanceTimersByTimeAsync(60_000);
  expect(refused.state).toMatchObject({ kind: "ended", reason: "refused", message: "origin not allowed" });

  lines = [];
  start();
  line().say({ type: "event", event: "connect.challenge", payload: {} });
  line().say({ type: "res", id: line().last.id, ok: false, error: { code: "UNAVAILABLE", message: "starting", retryable: true, retryAfterMs: 500 } });
  await vi.advanceTimersByTimeAsync(500);
  expect(lines).toHaveLength(2);
});

test("a slow consumer is thrown out and comes back", async () => {
  start();
  await line().welcome();
  line().drop(1008, "slow consumer");
  await vi.advanceTimersByTimeAsync(1_000);
  expect(lines).toHaveLength(2);
});

test("two ticks of silence mean that the line is dead; any frame is a sign of life", async () => {
  start();
  await line().welcome(10_000);
  await vi.advanceTimersByTimeAsync(19_000);
  line().say({ type: "event", event: "tick", payload: { ts: 1 }, seq: 1 });
  await vi.advanceTimersByTimeAsync(19_999);
  expect(line().closed).toBeUndefined();
  await vi.advanceTimersByTimeAsync(1);
  expect(lines[0]?.closed).toEqual({ code: 4000, reason: "tick timeout" });
  await vi.advanceTimersByTimeAsync(1_000);
  expect(lines).toHaveLength(2);
});

test("a hole in the numbers is told once, an event without a number is not a hole", async () => {
  start();
  await line().welcome();
  line().say({ type: "event", event: "chat", payload: {}, seq: 1 });
  line().say({ type: "event", event: "chat", payload: {} });
  line().say({ type: "event", event: "chat", payload: {}, seq: 2 });
  expect(onMissed).not.toHaveBeenCalled();
  line().say({ type: "event", event: "chat", payload: {}, seq: 5 });
  line().say({ type: "event", event: "chat", payload: {}, seq: 6 });
  expect(onMissed).toHaveBeenCalledTimes(1);
  expect(onEvent).toHaveBeenCalledTimes(5);
});

test("when the network is back it does not wait out the pause", async () => {
  const socket = start();
  line().drop(1006);
  socket.retryNow();
  expect(lines).toHaveLength(2);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(socket.state.kind).not.toBe("ended");
});

test("leaving ends it for good", async () => {
  const socket = start();
  await line().welcome();
  socket.stop();
  expect(lines[0]?.closed?.code).toBe(1000);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(lines).toHaveLength(1);
  expect(states.at(-1)).toEqual({ kind: "ended", reason: "stopped" });
});

test("what is not a frame is ignored", async () => {
  const socket = start();
  await line().welcome();
  line().dispatchEvent(Object.assign(new Event("message"), { data: "not json" }));
  line().say([1, 2]);
  line().say({ type: "res", id: "unknown", ok: true });
  expect(socket.state.kind).toBe("open");
});
