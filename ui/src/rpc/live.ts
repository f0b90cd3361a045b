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

// Changes of rows that are shown are written in place; one that adds, removes or reorders asks the server.
const REORDERING = new Set(["create", "delete", "archive", "reset"]);

function sessionChanged(workspaceId: string, payload: Record<string, unknown>): void {
  const lists = methodKey(workspaceId, "sessions.list");
  const row = isRecord(payload.session) ? (payload.session as SessionRow) : undefined;
  let shown = false;
  if (row) {
    const update = (list: SessionList): SessionList => ({
      ...list,
      sessions: list.sessions.map((known) => {
        if (known.key !== row.key) return known;
        shown = true;
        return { ...known, ...row };
      }),
    });
    queryClient.setQueriesData<SessionList | InfiniteData<SessionList>>({ queryKey: lists }, (data) =>
      data && "pages" in data ? { ...data, pages: data.pages.map(update) } : data && update(data),
    );
  }
  if (!shown || REORDERING.has(String(payload.reason))) {
    void queryClient.invalidateQueries({ queryKey: lists });
    void queryClient.invalidateQueries({ queryKey: methodKey(workspaceId, "workspaces.get") });
  }
}
