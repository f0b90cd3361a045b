// What the server tells us unasked, written into the queries that show it.
import type { InfiniteData } from "@tanstack/react-query";
import { isRecord } from "./errors";
import { methodKey } from "./keys";
import { queryClient } from "./query-client";
import type { Result, SessionRow } from "./types";

type SessionList = Result<"sessions.list">;

export function applyEvent(workspaceId: string, event: string, payload: unknown): void {
  if (event === "sessions.changed" && isRecord(payload)) return sessionChanged(workspaceId, payload);
  if (event === "agents.changed") {
    void queryClient.invalidateQueries({ queryKey: methodKey(workspaceId, "agents.list") });
    void queryClient.invalidateQueries({ queryKey: methodKey(workspaceId, "agents.get") });
    void queryClient.invalidateQueries({ queryKey: methodKey(workspaceId, "agents.files.list") });
    // One that became private took its sessions along.
    void queryClient.invalidateQueries({ queryKey: methodKey(workspaceId, "sessions.list") });
    void queryClient.invalidateQueries({ queryKey: methodKey(workspaceId, "workspaces.get") });
  }
  if (event === "members.changed") {
    void queryClient.invalidateQueries({ queryKey: methodKey(workspaceId, "members.list") });
    void queryClient.invalidateQueries({ queryKey: methodKey(workspaceId, "invites.list") });
    void queryClient.invalidateQueries({ queryKey: methodKey(workspaceId, "workspaces.get") });
  }
}

export function refetchAll(workspaceId: string): void {
  void queryClient.invalidateQueries({ queryKey: [workspaceId] });
}

const isOf = (key: unknown, transcript: unknown) => isRecord(transcript) && isRecord(transcript.session) && transcript.session.key === key;

// What a row's change does to the lists that show it: nothing but itself, or also their order or length.
const REORDERING = new Set(["create", "delete", "reset"]);

function sessionChanged(workspaceId: string, payload: Record<string, unknown>): void {
  const lists = methodKey(workspaceId, "sessions.list");
  // Whoever has it open is shown that it went: from here, or from their sight.
  if (payload.reason === "delete") {
    void queryClient.resetQueries({ queryKey: methodKey(workspaceId, "chat.history"), predicate: ({ state }) => isOf(payload.sessionKey, state.data) });
  }
  const row = isRecord(payload.session) ? (payload.session as SessionRow) : undefined;
  let inPlace = !REORDERING.has(String(payload.reason));
  let shown = false;
  const holds = (list: SessionList) => list.sessions.some((known) => known.key === row?.key);
  const update = (list: SessionList): SessionList => ({
    ...list,
    sessions: list.sessions.map((known, place) => {
      if (known.key !== row?.key) return known;
      shown = true;
      const moves = known.archived !== row.archived || known.pinned !== row.pinned || (place > 0 && known.updatedAt !== row.updatedAt);
      if (moves) inPlace = false;
      return { ...known, ...row };
    }),
  });
  queryClient.setQueriesData<SessionList | InfiniteData<SessionList>>({ queryKey: lists }, (data) => {
    if (!data) return undefined;
    if ("pages" in data) return data.pages.some(holds) ? { ...data, pages: data.pages.map(update) } : undefined;
    // A list without the row must not be written: that would make it count as fresh.
    return holds(data) ? update(data) : undefined;
  });
  const refetch = !shown || !inPlace;
  // Lists that nobody looks at are asked for again when somebody does.
  void queryClient.invalidateQueries({ queryKey: lists, refetchType: refetch ? "active" : "none" });
  if (refetch) void queryClient.invalidateQueries({ queryKey: methodKey(workspaceId, "workspaces.get") });
}
