/** A call that did not succeed: the server's error, or ours when no answer came (`OFFLINE`, `TIMEOUT`). */
export class CallError extends Error {
  readonly code: string;
  readonly details: Record<string, unknown>;
  readonly retryable: boolean;
  readonly retryAfterMs: number | undefined;
  readonly requestId: string | undefined;

  constructor(error: WireError) {
    super(error.message);
    this.name = "CallError";
    this.code = error.code;
    this.details = isRecord(error.details) ? error.details : {};
    this.retryable = error.retryable ?? false;
    this.retryAfterMs = error.retryAfterMs;
    this.requestId = error.requestId;
  }

  /** The form field that the server blames, if any. */
  get field(): string | undefined {
    return typeof this.details.field === "string" ? this.details.field : undefined;
  }
}

export interface WireError {
  code: string;
  message: string;
  details?: unknown;
  retryable?: boolean;
  retryAfterMs?: number;
  requestId?: string;
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function isWireError(value: unknown): value is WireError {
  return isRecord(value) && typeof value.code === "string" && typeof value.message === "string";
}

export function hasCode(error: unknown, code: string): boolean {
  return error instanceof CallError && error.code === code;
}
