// One socket per tab and workspace: challenge, connect, hello; then requests, answers and events.
//
// - A request has a time limit and ends when the socket does; nothing is replayed silently.
// - A lost socket comes back with doubling, jittered pauses; `4001` and a refused hello do not.
// - Silence for two ticks means the line is dead, whatever the browser believes.
// - A hole in the event numbers is reported once, so that the screens fetch again.
import { CallError, isRecord, isWireError, type WireError } from "./errors";

export type SocketState =
  | { kind: "connecting" }
  | { kind: "open" }
  | { kind: "waiting"; retryAt: number }
  | { kind: "ended"; reason: "stopped" | "revoked" | "refused"; message?: string };

export interface Hello {
  features: { methods: ReadonlyArray<string>; protocolHash?: string };
  policy?: { tickIntervalMs?: number };
  auth?: { scopes?: ReadonlyArray<string> };
}

/** The part of a WebSocket that is used, so that tests can bring their own. */
export interface Line {
  send(text: string): void;
  close(code?: number, reason?: string): void;
  addEventListener(type: "message", listener: (event: { data: unknown }) => void): void;
  addEventListener(type: "close", listener: (event: { code: number; reason: string }) => void): void;
}

interface SocketOptions {
  url: string;
  version: string;
  onEvent: (event: string, payload: unknown) => void;
  /** Events were missed: after a gap in their numbers, or after a reconnect. */
  onMissed: () => void;
  onState: (state: SocketState) => void;
  open?: (url: string) => Line;
  random?: () => number;
}

interface Pending {
  resolve: (payload: unknown) => void;
  reject: (error: unknown) => void;
  stop: () => void;
}

const REQUEST_TIMEOUT_MS = 30_000;
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 30_000;
const HANDSHAKE_TIMEOUT_MS = 15_000;
const SCOPES = ["operator.admin", "operator.read", "operator.write", "operator.approvals", "operator.pairing"];

export class Socket {
  hello: Hello | undefined;
  state: SocketState = { kind: "connecting" };

  readonly #options: SocketOptions;
  #line: Line | undefined;
  #pending = new Map<string, Pending>();
  #counter = 0;
  #lastSeq: number | undefined;
  #failures = 0;
  #hasBeenOpen = false;
  #retryTimer: ReturnType<typeof setTimeout> | undefined;
  #watchdog: ReturnType<typeof setTimeout> | undefined;
  #tickMs = 30_000;
  #askedPauseMs: number | undefined;
  #refusal: WireError | undefined;

  constructor(options: SocketOptions) {
    this.#options = options;
  }

  start(): void {
    this.#connect();
  }

  stop(): void {
    this.#end({ kind: "ended", reason: "stopped" });
    this.#line?.close(1000, "leaving");
  }

  /** Try at once instead of waiting out the pause, for example when the network is back. */
  retryNow(): void {
    if (this.state.kind === "waiting") this.#connect();
  }

  request(method: string, params: unknown, options: { timeoutMs?: number; signal?: AbortSignal } = {}): Promise<unknown> {
    if (this.state.kind !== "open") return Promise.reject(lost());
    return this.#send(method, params, options);
  }

  #connect(): void {
    clearTimeout(this.#retryTimer);
    this.#set({ kind: "connecting" });
    this.#lastSeq = undefined;
    this.#refusal = undefined;
    const open = this.#options.open ?? ((url: string): Line => new WebSocket(url));
    const line = open(this.#options.url);
    this.#line = line;
    line.addEventListener("message", (event) => this.#line === line && this.#receive(event.data));
    line.addEventListener("close", (event) => this.#line === line && this.#closed(event.code, event.reason));
    this.#watch(HANDSHAKE_TIMEOUT_MS);
  }

  #receive(data: unknown): void {
    const frame = parse(data);
    if (!frame) return;
    if (this.state.kind === "open") this.#watch(this.#tickMs * 2);
    if (frame.type === "res" && typeof frame.id === "string") this.#answer(frame.id, frame);
    else if (frame.type === "event" && typeof frame.event === "string") this.#event(frame.event, frame);
  }

  #event(event: string, frame: Record<string, unknown>): void {
    if (event === "connect.challenge") return void this.#greet();
    if (typeof frame.seq === "number") {
      const missed = this.#lastSeq !== undefined && frame.seq > this.#lastSeq + 1;
      this.#lastSeq = frame.seq;
      if (missed) this.#options.onMissed();
    }
    this.#options.onEvent(event, frame.payload);
  }

  #answer(id: string, frame: Record<string, unknown>): void {
    const pending = this.#pending.get(id);
    if (!pending) return;
    this.#pending.delete(id);
    pending.stop();
    if (frame.ok === true) return pending.resolve(frame.payload);
    const error = isWireError(frame.error) ? frame.error : { code: "INTERNAL", message: "The server refused without a reason." };
    pending.reject(new CallError(error));
  }

  async #greet(): Promise<void> {
    try {
      const hello = await this.#send("connect", {
        minProtocol: 3,
        maxProtocol: 4,
        client: { id: "pmos-ui", mode: "ui", version: this.#options.version, platform: "web" },
        caps: ["pmos-delta", "tool-events"],
        scopes: SCOPES,
      });
      if (!isHello(hello)) throw new CallError({ code: "INTERNAL", message: "The server's greeting was not understood." });
      this.hello = hello;
      this.#tickMs = hello.policy?.tickIntervalMs ?? this.#tickMs;
      this.#failures = 0;
      this.#watch(this.#tickMs * 2);
      this.#set({ kind: "open" });
      if (this.#hasBeenOpen) this.#options.onMissed();
      this.#hasBeenOpen = true;
    } catch (error) {
      if (!(error instanceof CallError)) throw error;
      this.#askedPauseMs = error.retryAfterMs;
      if (!error.retryable) this.#refusal = error;
      this.#line?.close(1000, "connect failed");
    }
  }

  #send(method: string, params: unknown, options: { timeoutMs?: number; signal?: AbortSignal } = {}): Promise<unknown> {
    const { signal, timeoutMs = REQUEST_TIMEOUT_MS } = options;
    if (signal?.aborted) return Promise.reject(signal.reason);
    const id = `${++this.#counter}`;
    return new Promise((resolve, reject) => {
      const drop = (error: unknown) => {
        this.#pending.delete(id);
        stop();
        reject(error);
      };
      const aborted = () => drop(signal?.reason);
      const timer = setTimeout(
        () => drop(new CallError({ code: "TIMEOUT", message: "The server took too long to answer.", retryable: true })),
        timeoutMs,
      );
      const stop = () => {
        clearTimeout(timer);
        signal?.removeEventListener("abort", aborted);
      };
      signal?.addEventListener("abort", aborted);
      this.#pending.set(id, { resolve, reject, stop });
      this.#line?.send(JSON.stringify({ type: "req", id, method, params }));
    });
  }

  #closed(code: number, reason: string): void {
    const refusal = this.#refusal;
    this.#dropPending();
    if (this.state.kind === "ended") return;
    if (code === 4001) return this.#end({ kind: "ended", reason: "revoked", message: reason });
    if (refusal) return this.#end({ kind: "ended", reason: "refused", message: refusal.message });
    if (code === 1008 && this.state.kind !== "open") return this.#end({ kind: "ended", reason: "refused", message: reason });
    this.#pause(code === 1012);
  }

  #pause(restarting: boolean): void {
    const random = this.#options.random ?? Math.random;
    const ceiling = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** this.#failures);
    this.#failures += 1;
    // Half of the pause is fixed and half is chance, so that a restarted server is not met by everyone at once.
    const pause = this.#askedPauseMs ?? (restarting ? FIRST_PAUSE_MS * random() : ceiling / 2 + (ceiling / 2) * random());
    this.#askedPauseMs = undefined;
    clearTimeout(this.#watchdog);
    this.#retryTimer = setTimeout(() => this.#connect(), pause);
    this.#set({ kind: "waiting", retryAt: Date.now() + pause });
  }

  #watch(ms: number): void {
    clearTimeout(this.#watchdog);
    this.#watchdog = setTimeout(() => {
      const line = this.#line;
      this.#line = undefined;
      line?.close(4000, "tick timeout");
      this.#closed(4000, "tick timeout");
    }, ms);
  }

  #end(state: SocketState): void {
    clearTimeout(this.#retryTimer);
    clearTimeout(this.#watchdog);
    this.#dropPending();
    this.#set(state);
  }

  #dropPending(): void {
    for (const pending of this.#pending.values()) {
      pending.stop();
      pending.reject(lost());
    }
    this.#pending.clear();
  }

  #set(state: SocketState): void {
    this.state = state;
    this.#options.onState(state);
  }
}

function lost(): CallError {
  return new CallError({ code: "OFFLINE", message: "The connection was lost.", retryable: true });
}

function parse(data: unknown): Record<string, unknown> | undefined {
  if (typeof data !== "string") return undefined;
  try {
    const frame: unknown = JSON.parse(data);
    return isRecord(frame) ? frame : undefined;
  } catch {
    return undefined;
  }
}

function isHello(value: unknown): value is Hello {
  return isRecord(value) && isRecord(value.features) && Array.isArray(value.features.methods);
}
