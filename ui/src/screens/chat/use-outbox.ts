import { useCallback, useState } from "react";
import { useWorkspace } from "../../rpc/hooks";
import type { Message } from "../../rpc/types";
import { explain } from "../../text/explain";
import type { TextFile } from "./text-files";
import { textOf, wireRunId } from "./transcript";

export interface Outgoing {
  /** Also the run's id, so that sending it twice starts one run. */
  runId: string;
  text: string;
  files: ReadonlyArray<TextFile>;
  sentAt: number;
  state: "sending" | "queued" | "taken" | "failed";
  problem?: string;
}

/** What this tab has sent and the conversation does not show yet. */
export function useOutbox(sessionKey: string, messages: ReadonlyArray<Message>, onSent: () => void) {
  const { connection } = useWorkspace();
  const [sent, setSent] = useState<ReadonlyArray<Outgoing>>([]);

  const post = useCallback(
    async (item: Outgoing) => {
      const mark = (change: Partial<Outgoing>) => setSent((all) => all.map((one) => (one.runId === item.runId ? { ...one, ...change } : one)));
      try {
        const { status } = await connection.call("chat.send", sendParams(sessionKey, item));
        mark({ state: status === "queued" ? "queued" : "taken" });
        onSent();
      } catch (error) {
        const { title, body } = explain(error);
        mark({ state: "failed", problem: body || title });
      }
    },
    [connection, onSent, sessionKey],
  );

  const send = useCallback(
    (text: string, files: ReadonlyArray<TextFile> = []) => {
      const item: Outgoing = { runId: crypto.randomUUID(), text, files, sentAt: Date.now(), state: "sending" };
      setSent((all) => [...all, item]);
      void post(item);
    },
    [post],
  );
  const again = (item: Outgoing) => {
    setSent((all) => all.map((one) => (one.runId === item.runId ? { ...one, state: "sending" } : one)));
    void post(item);
  };
  const discard = (item: Outgoing) => setSent((all) => all.filter((one) => one.runId !== item.runId));

  return { waiting: sent.filter((item) => !isShown(item, messages)), send, again, discard };
}

export function sendParams(sessionKey: string, { runId, text, files }: Pick<Outgoing, "runId" | "text" | "files">) {
  const attachments = files.map(({ name, mimeType, base64 }) => ({ type: "file", mimeType, fileName: name, content: base64 }));
  return { sessionKey, message: text, idempotencyKey: runId, ...(attachments.length > 0 && { attachments }) };
}

// Clocks differ a little between browser and server.
const CLOCK_SLACK_MS = 10_000;

function isShown(item: Outgoing, messages: ReadonlyArray<Message>): boolean {
  return messages.some((message) => {
    if (message.role !== "user") return false;
    if (message.idempotencyKey !== undefined || message.__openclaw?.runId !== undefined) return wireRunId([message], message) === item.runId;
    return textOf(message).startsWith(item.text) && message.timestamp > item.sentAt - CLOCK_SLACK_MS;
  });
}
