import { CallError, isRecord, isWireError } from "./errors";
import type { MethodName, Params, Result } from "./types";

interface CallOptions {
  workspaceId?: string;
  signal?: AbortSignal;
}

// Kept in memory only: a page that is reloaded asks accounts.me for it again.
let csrfToken: string | undefined;

export function rememberCsrfToken(token: string | undefined): void {
  csrfToken = token;
}

/** One method over HTTP. Used before a socket stands, and for everything that is not about a workspace. */
export async function callHttp<M extends MethodName>(method: M, params: Params<M>, options: CallOptions = {}): Promise<Result<M>> {
  const headers: Record<string, string> = { "content-type": "application/json" };
  if (csrfToken) headers["pmos-csrf"] = csrfToken;
  if (options.workspaceId) headers["pmos-workspace"] = options.workspaceId;

  let response: Response;
  try {
    response = await fetch(`/api/v1/call/${method}`, {
      method: "POST",
      headers,
      body: JSON.stringify(params),
      credentials: "same-origin",
      signal: options.signal ?? null,
    });
  } catch (cause) {
    if (options.signal?.aborted) throw cause;
    throw new CallError({ code: "OFFLINE", message: "The server did not answer.", retryable: true });
  }

  const body: unknown = await response.json().catch(() => undefined);
  if (response.ok && isRecord(body)) return body as Result<M>;
  const error = isRecord(body) ? body.error : undefined;
  if (isWireError(error)) throw new CallError(error);
  throw new CallError({
    code: response.status === 503 || response.status === 502 ? "UNAVAILABLE" : "INTERNAL",
    message: `The server answered with status ${response.status}.`,
    retryable: response.status >= 500,
    requestId: response.headers.get("x-request-id") ?? undefined,
  });
}
