import { expect, test } from "vitest";
// @ts-expect-error a script without types
import { generate } from "../scripts/protocol.mjs";

const made: string = generate({
  hash: "abc",
  methods: {
    "agents.update": {
      kind: "write",
      level: "member",
      scope: "operator.write",
      doc: "Change an agent.",
      params: { $ref: "#/$defs/UpdateAgent" },
      result: { $ref: "#/$defs/AgentRow" },
    },
    "accounts.me": { kind: "read", level: "signedIn", params: { type: "object", additionalProperties: false }, result: { type: "object", properties: { ok: { const: true } }, required: ["ok"] } },
  },
  events: { tick: { doc: "Still there.", payload: { type: "object", properties: { ts: { type: "integer" } }, required: ["ts"] } } },
  $defs: {
    UpdateAgent: {
      type: "object",
      properties: { agentId: { type: "string" }, model: { type: ["string", "null"], description: "null clears it" } },
      required: ["agentId"],
      additionalProperties: false,
    },
    AgentRow: { type: "object", properties: { id: { type: "string" }, note: { anyOf: [{ $ref: "#/$defs/Note" }, { type: "null" }] }, tags: { type: "array", items: { type: "string" } } }, required: ["id", "tags"] },
    Note: { oneOf: [{ type: "object", properties: { kind: { const: "a" } }, required: ["kind"] }, { enum: ["x", "y"] }] },
  },
});

test("parameters keep null, which clears; answers leave the field out instead", () => {
  expect(made).toContain("model?: string | null;");
  expect(made).toContain("note?: Note;");
});

test("methods, events, levels and the hash are there under their names", () => {
  expect(made).toContain('export const PROTOCOL_HASH = "abc";');
  expect(made).toMatch(/"agents\.update": \{ params: UpdateAgent; result: AgentRow \};/);
  expect(made).toContain('"accounts.me": { params: Record<string, never>; result: {');
  expect(made).toMatch(/"tick": \{\n\s+ts: number;/);
  expect(made).toContain('"agents.update": "member",');
  expect(made).toContain("tags: Array<string>;");
});

test("unions stay unions", () => {
  expect(made).toContain('export type Note = ({\n  kind: "a";\n} | "x" | "y");');
});
