import { useQuery, useQueryClient, type QueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useMemo } from "react";
import type { Connection } from "../../rpc/connection";
import { isRecord } from "../../rpc/errors";
import { useSocketState, useWorkspace } from "../../rpc/hooks";
import { queryKey } from "../../rpc/keys";
import type { AgentEvent, ChatEvent, Message, SessionRow } from "../../rpc/types";
import { fromHistory, reduce, type Transcript, type TranscriptAction } from "./transcript";

const PAGE = 60;

/** The conversation of a session, kept live while it is open. */
export function useTranscript(sessionKey: string) {
  const { connection } = useWorkspace();
  const client = useQueryClient();
  const key = useMemo(() => queryKey(connection.workspaceId, "chat.history", { sessionKey }) as readonly unknown[], [connection, sessionKey]);

  const query = useQuery<Transcript>({
    queryKey: key,
    queryFn: ({ signal }) => catchUp(client, key, connection, sessionKey, signal),
    staleTime: Number.POSITIVE_INFINITY,
    // Events reach only the open conversation, so one that was left has a hole until it asks again.
    refetchOnMount: "always",
    structuralSharing: false,
  });

  useLiveEvents(connection, client, key, sessionKey);

  const apply = useCallback(
    (action: TranscriptAction) => client.setQueryData<Transcript>(key, (state) => state && reduce(state, action)),
    [client, key],
  );
  const loadOlder = useCallback(async () => {
    const first = client.getQueryData<Transcript>(key)?.messages[0]?.__openclaw?.seq;
    if (first === undefined) return;
    const history = await connection.call("chat.history", { sessionKey, limit: PAGE, before: first });
    apply({ type: "older", history });
  }, [apply, client, connection, key, sessionKey]);

  return { query, apply, loadOlder };
}

async function catchUp(client: QueryClient, key: readonly unknown[], connection: Connection, sessionKey: string, signal: AbortSignal) {
  const cursor = client.getQueryData<Transcript>(key)?.cursor;
  if (cursor !== undefined) {
    const delta = await connection.call("chat.history", { sessionKey, cursor }, signal);
    // Events were applied while the answer was on its way, so the state is read now, not before.
    const state = client.getQueryData<Transcript>(key);
    if (state && delta.kind === "delta") return reduce(state, { type: "caughtUp", history: delta });
  }
  return fromHistory(await connection.call("chat.history", { sessionKey, limit: PAGE }, signal));
}

function useLiveEvents(connection: Connection, client: QueryClient, key: readonly unknown[], sessionKey: string): void {
  const socket = useSocketState();
  const isOpen = socket.kind === "open";

  useEffect(() => {
    if (!isOpen) return;
    void connection.call("sessions.messages.subscribe", { key: sessionKey }).catch(() => undefined);
    return () => {
      if (connection.state.kind === "open") void connection.call("sessions.messages.unsubscribe", { key: sessionKey }).catch(() => undefined);
    };
  }, [connection, isOpen, sessionKey]);

  useEffect(() => {
    let waiting: TranscriptAction[] = [];
    let scheduled = false;

    // One write per frame, however many pieces arrived. A hidden tab has no frames, so it uses a timer.
    const schedule = () => {
      if (scheduled) return;
      scheduled = true;
      if (document.hidden) setTimeout(flush, 500);
      else requestAnimationFrame(flush);
    };
    const flush = () => {
      scheduled = false;
      const state = client.getQueryData<Transcript>(key);
      // While an answer is under way events wait for it: they may already be part of it.
      if (!state || client.isFetching({ queryKey: key, exact: true }) > 0) {
        if (client.getQueryState(key)?.error) waiting = [];
        else schedule();
        return;
      }
      const next = waiting.reduce(reduce, state);
      waiting = [];
      client.setQueryData(key, next);
      if (next.runs.some((run) => run.phase === "settling")) void client.invalidateQueries({ queryKey: key, exact: true });
    };

    const stop = connection.onEvent((event, payload) => {
      const action = actionOf(event, payload, sessionKey, client.getQueryData<Transcript>(key)?.session?.key);
      if (!action) return;
      waiting.push(action);
      schedule();
    });
    return () => {
      stop();
      waiting = [];
    };
  }, [client, connection, key, sessionKey]);
}

function actionOf(event: string, payload: unknown, asked: string, canonical: string | undefined): TranscriptAction | undefined {
  if (!isRecord(payload) || (payload.sessionKey !== asked && payload.sessionKey !== canonical)) return undefined;
  const at = Date.now();
  switch (event) {
    case "chat":
      return { type: "chat", event: payload as ChatEvent, at };
    case "agent":
      return { type: "agent", event: payload as AgentEvent, at };
    case "session.message":
      return isRecord(payload.message) ? { type: "message", message: payload.message as Message } : undefined;
    case "sessions.changed":
      return isRecord(payload.session) ? { type: "session", session: payload.session as SessionRow } : undefined;
    default:
      return undefined;
  }
}
