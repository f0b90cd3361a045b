import { beforeEach, expect, test } from "vitest";
import { applyEvent } from "./live";
import { queryKey } from "./keys";
import { queryClient } from "./query-client";
import type { Result, SessionRow } from "./types";

const WORKSPACE = "w1";
const row = (key: string, more: Partial<SessionRow> = {}): SessionRow => ({
  key,
  kind: "direct",
  sessionId: key,
  agentId: "a",
  updatedAt: 1,
  createdAt: 1,
  visibility: "workspace",
  archived: false,
  pinned: false,
  createdBy: "u",
  estimatedCostUsd: 0,
  inputTokens: 0,
  outputTokens: 0,
  totalTokens: 0,
  isMain: false,
  hasActiveRun: false,
  activeRunIds: [],
  messageCount: 0,
  ...more,
});
const list = (...sessions: SessionRow[]): Result<"sessions.list"> => ({ ts: 1, path: "", count: sessions.length, totalCount: sessions.length, limitApplied: 25, hasMore: false, defaults: {}, sessions });

const shown = queryKey(WORKSPACE, "sessions.list", { limit: 25 });
const other = queryKey(WORKSPACE, "sessions.list", { archived: true });
const changed = (session: SessionRow, reason = "patch") => applyEvent(WORKSPACE, "sessions.changed", { sessionKey: session.key, reason, ts: 2, session });

beforeEach(() => {
  queryClient.clear();
  queryClient.setQueryData(shown, list(row("s1"), row("s2")));
  queryClient.setQueryData(other, list());
});

test("a changed session is written into the lists that show it", () => {
  changed(row("s1", { label: "Launch", hasActiveRun: true }));
  expect(queryClient.getQueryData<Result<"sessions.list">>(shown)?.sessions[0]).toMatchObject({ label: "Launch", hasActiveRun: true });
});

test("a list that does not show it still counts as out of date", () => {
  changed(row("s1", { archived: true }));
  expect(queryClient.getQueryState(other)?.isInvalidated).toBe(true);
  expect(queryClient.getQueryState(shown)?.isInvalidated).toBe(true);
});

test("another workspace's lists are left alone", () => {
  const foreign = queryKey("w2", "sessions.list", { limit: 25 });
  queryClient.setQueryData(foreign, list(row("s1")));
  changed(row("s1", { label: "Launch" }));
  expect(queryClient.getQueryData<Result<"sessions.list">>(foreign)?.sessions[0]?.label).toBeUndefined();
  expect(queryClient.getQueryState(foreign)?.isInvalidated).toBe(false);
});

test("a changed membership makes the lists of people out of date", () => {
  const members = queryKey(WORKSPACE, "members.list", {});
  queryClient.setQueryData(members, { members: [] });
  applyEvent(WORKSPACE, "members.changed", {});
  expect(queryClient.getQueryState(members)?.isInvalidated).toBe(true);
});

test("an open conversation that went is not shown any longer", () => {
  const open = queryKey(WORKSPACE, "chat.history", { sessionKey: "main" });
  const otherChat = queryKey(WORKSPACE, "chat.history", { sessionKey: "s2" });
  queryClient.setQueryData(open, { session: row("s1") });
  queryClient.setQueryData(otherChat, { session: row("s2") });
  applyEvent(WORKSPACE, "sessions.changed", { sessionKey: "s1", reason: "delete", ts: 2 });
  expect(queryClient.getQueryData(open)).toBeUndefined();
  expect(queryClient.getQueryData(otherChat)).toBeDefined();
});
