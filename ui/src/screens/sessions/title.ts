import type { SessionRow } from "../../rpc/types";
import { text } from "../../text/en";

/** What a conversation is called: its given name, else what it is about. */
export function titleOf(session: SessionRow | undefined): string {
  if (!session) return text.sessions.untitled;
  return session.label || session.displayName || session.derivedTitle || (session.isMain ? text.sessions.main : text.sessions.untitled);
}

/** The last message in plain words: the marks of Markdown mean nothing in one line. */
export function previewOf(session: SessionRow): string | undefined {
  return session.lastMessagePreview?.replace(/[*_`#>|~]+/g, "").trim() || undefined;
}
