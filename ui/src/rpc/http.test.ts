import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { CallError } from "./errors";
import { callHttp, rememberCsrfToken } from "./http";

const answer = vi.fn<typeof fetch>();

beforeEach(() => {
  answer.mockReset();
  vi.stubGlobal("fetch", answer);
});
afterEach(() => rememberCsrfToken(undefined));

const json = (body: unknown, status = 200) => Promise.resolve(new Response(JSON.stringify(body), { status }));

test("a call names its workspace and carries the token against forgery", async () => {
  answer.mockReturnValue(json({ agents: [] }));
  rememberCsrfToken("secret-token");
  await callHttp("agents.list", {}, { workspaceId: "w1" });
  const [address, request] = answer.mock.calls[0] ?? [];
  expect(address).toBe("/api/v1/call/agents.list");
  expect(request?.method).toBe("POST");
  expect(request?.headers).toMatchObject({ "pmos-csrf": "secret-token", "pmos-workspace": "w1", "content-type": "application/json" });
});

test("the server's error keeps its code, its field and its request id", async () => {
  answer.mockReturnValue(json({ error: { code: "INVALID_REQUEST", message: "too short", details: { field: "name" }, requestId: "req_1" } }, 400));
  const error = await callHttp("workspaces.create", { name: "" }).catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(CallError);
  expect(error).toMatchObject({ code: "INVALID_REQUEST", message: "too short", field: "name", requestId: "req_1", retryable: false });
});

test("no answer at all is told apart from a refusal", async () => {
  answer.mockRejectedValue(new TypeError("Failed to fetch"));
  await expect(callHttp("accounts.me", {})).rejects.toMatchObject({ code: "OFFLINE", retryable: true });
});

test("a proxy's page instead of JSON becomes an error that can be shown", async () => {
  answer.mockResolvedValue(new Response("<h1>Bad gateway</h1>", { status: 502 }));
  await expect(callHttp("accounts.me", {})).rejects.toMatchObject({ code: "UNAVAILABLE", retryable: true });
});

test("a call that was given up does not turn into an error message", async () => {
  const given = new AbortController();
  answer.mockImplementation(() => Promise.reject(new DOMException("aborted", "AbortError")));
  given.abort();
  await expect(callHttp("accounts.me", {}, { signal: given.signal })).rejects.toMatchObject({ name: "AbortError" });
});
