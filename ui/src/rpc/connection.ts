import { callHttp } from "./http";
import { isWorkspaceMethod, roleMay } from "./levels";
import { Socket, type SocketState } from "./socket";
import type { MethodName, Params, Result, Workspace } from "./types";
import { applyEvent, refetchAll } from "./live";

export type EventListener = (event: string, payload: unknown) => void;

/** One workspace as this tab is connected to it: its socket, and the calls that use it. */
export class Connection {
  readonly workspaceId: string;
  readonly #socket: Socket;
  readonly #watchers = new Set<() => void>();
  readonly #listeners = new Set<EventListener>();
  readonly #missed = new Set<() => void>();
  state: SocketState = { kind: "connecting" };

  /** `mayReturn` is asked when the server has ended our access: a changed password ends it too, and we may come back. */
  constructor(workspaceId: string, mayReturn: () => Promise<boolean>) {
    this.workspaceId = workspaceId;
    const { protocol, host } = window.location;
    this.#socket = new Socket({
      url: `${protocol === "https:" ? "wss" : "ws"}://${host}/w/${workspaceId}/socket`,
      version: __PMOS_UI_VERSION__,
      onEvent: (event, payload) => {
        applyEvent(workspaceId, event, payload);
        for (const listener of this.#listeners) listener(event, payload);
      },
      onMissed: () => {
        refetchAll(workspaceId);
        for (const listener of this.#missed) listener();
      },
      onState: (state) => {
        this.state = state;
        if (state.kind === "open") void this.#socket.request("sessions.subscribe", {}).catch(() => undefined);
        if (state.kind === "ended" && state.reason !== "stopped") void this.#return(state.reason === "revoked", mayReturn);
        for (const watcher of this.#watchers) watcher();
      },
    });
  }

  /** Connect until the returned function is called. */
  run(): () => void {
    const retry = () => this.#socket.retryNow();
    this.#socket.start();
    window.addEventListener("online", retry);
    document.addEventListener("visibilitychange", retry);
    return () => {
      window.removeEventListener("online", retry);
      document.removeEventListener("visibilitychange", retry);
      this.#socket.stop();
    };
  }

  async #return(again: boolean, mayReturn: () => Promise<boolean>): Promise<void> {
    if ((await mayReturn()) && again && this.state.kind === "ended" && this.state.reason === "revoked") this.#socket.start();
  }

  retryNow(): void {
    this.#socket.retryNow();
  }

  async call<M extends MethodName>(method: M, params: Params<M>, signal?: AbortSignal): Promise<Result<M>> {
    if (!isWorkspaceMethod(method)) return callHttp(method, params, signal ? { signal } : {});
    if (this.state.kind === "open") return (await this.#socket.request(method, params, signal ? { signal } : {})) as Result<M>;
    return callHttp(method, params, { workspaceId: this.workspaceId, ...(signal && { signal }) });
  }

  /** Whether the server would let us call this; before its hello, what our role suggests. */
  may(method: MethodName, role: Workspace["role"]): boolean {
    const methods = this.#socket.hello?.features.methods;
    return methods ? methods.includes(method) : roleMay(role, method);
  }

  get serverProtocolHash(): string | undefined {
    return this.#socket.hello?.features.protocolHash;
  }

  onEvent(listener: EventListener): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  onMissed(listener: () => void): () => void {
    this.#missed.add(listener);
    return () => void this.#missed.delete(listener);
  }

  watchState = (watcher: () => void): (() => void) => {
    this.#watchers.add(watcher);
    return () => void this.#watchers.delete(watcher);
  };
}
