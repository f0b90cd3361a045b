import { CallError } from "../rpc/errors";
import { text } from "./en";

export interface Explanation {
  title: string;
  body: string;
  requestId: string | undefined;
}

/** What to tell a person about a failure. The server's own words are kept where they say more than the code. */
export function explain(error: unknown): Explanation {
  if (!(error instanceof CallError)) {
    return { title: text.errors.fallback, body: error instanceof Error ? error.message : "", requestId: undefined };
  }
  return { title: text.errors.titles[error.code] ?? text.errors.fallback, body: bodyOf(error), requestId: error.requestId };
}

function bodyOf(error: CallError): string {
  switch (error.code) {
    case "NOT_FOUND":
      return text.errors.notFound;
    case "OFFLINE":
      return text.errors.offline;
    case "TIMEOUT":
      return text.errors.timeout;
    case "UNAUTHENTICATED":
      return text.errors.unauthenticated;
    case "RATE_LIMITED":
      return error.retryAfterMs ? text.errors.rateLimited(Math.ceil(error.retryAfterMs / 1_000)) : text.errors.rateLimitedSoon;
    default:
      return sentence(error.message);
  }
}

/** The server writes messages in the manner of programs, without a capital. */
export function sentence(message: string): string {
  return message.charAt(0).toUpperCase() + message.slice(1);
}
