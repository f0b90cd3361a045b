// Writes src/rpc/protocol.ts from docs/protocol.json, the method registry that the server generates.
//   node scripts/protocol.mjs            write
//   node scripts/protocol.mjs --check    fail when the file on disk differs
import { readFileSync, writeFileSync } from "node:fs";

const source = new URL("../../docs/protocol.json", import.meta.url);
const target = new URL("../src/rpc/protocol.ts", import.meta.url);

const name = (ref) => ref.slice(ref.lastIndexOf("/") + 1).replace(/\W+/g, "_");
const key = (field) => (/^[A-Za-z_$][\w$]*$/.test(field) ? field : JSON.stringify(field));
const comment = (text, indent) =>
  text ? `${indent}/** ${text.trim().replaceAll("*/", "*\\/").split("\n").join(`\n${indent} *  `)} */\n` : "";

/** A schema as a TypeScript type. `nulls` keeps null on optional fields: parameters may clear with it, answers leave the field out. */
function type(schema, nulls, indent = "") {
  if (schema === true || schema === undefined) return "unknown";
  if (schema === false) return "never";
  if (schema.$ref) return name(schema.$ref);
  if ("const" in schema) return JSON.stringify(schema.const);
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(" | ");
  const union = schema.oneOf ?? schema.anyOf;
  if (union) {
    const own = schema.properties ? `${object(schema, nulls, indent)} & ` : "";
    return `${own}(${union.map((part) => type(part, nulls, indent)).join(" | ")})`;
  }
  if (schema.allOf) return schema.allOf.map((part) => type(part, nulls, indent)).join(" & ");
  if (Array.isArray(schema.type)) return schema.type.map((one) => type({ ...schema, type: one }, nulls, indent)).join(" | ");
  switch (schema.type) {
    case "string": return "string";
    case "integer":
    case "number": return "number";
    case "boolean": return "boolean";
    case "null": return "null";
    case "array": return schema.prefixItems
      ? `[${schema.prefixItems.map((item) => type(item, nulls, indent)).join(", ")}]`
      : `Array<${type(schema.items, nulls, indent)}>`;
    case "object": return object(schema, nulls, indent);
    default: return schema.properties ? object(schema, nulls, indent) : "unknown";
  }
}

function object(schema, nulls, indent) {
  const fields = Object.entries(schema.properties ?? {});
  const rest = schema.additionalProperties;
  if (fields.length === 0) return rest && rest !== true ? `Record<string, ${type(rest, nulls, indent)}>` : rest === false || schema.properties ? "Record<string, never>" : "Record<string, unknown>";
  const inner = `${indent}  `;
  const lines = fields.map(([field, value]) => {
    const optional = !(schema.required ?? []).includes(field);
    return `${comment(value.description, inner)}${inner}${key(field)}${optional ? "?" : ""}: ${type(optional && !nulls ? withoutNull(value) : value, nulls, inner)};`;
  });
  return `{\n${lines.join("\n")}\n${indent}}`;
}

const isNull = (schema) => schema.type === "null";

function withoutNull(schema) {
  const parts = schema.anyOf ?? schema.oneOf;
  if (parts?.some(isNull)) {
    const left = parts.filter((part) => !isNull(part));
    return left.length === 1 ? left[0] : { anyOf: left };
  }
  if (!Array.isArray(schema.type)) return schema;
  const left = schema.type.filter((one) => one !== "null");
  return { ...schema, type: left.length === 1 ? left[0] : left };
}

/** The definitions that parameters are made of, and those that these are made of. */
function ofParameters(protocol) {
  const found = new Set();
  const visit = (part) => {
    if (typeof part !== "object" || part === null) return;
    const id = typeof part.$ref === "string" ? part.$ref.slice(part.$ref.lastIndexOf("/") + 1) : undefined;
    if (id && !found.has(id)) {
      found.add(id);
      visit(protocol.$defs?.[id]);
    }
    for (const inner of Object.values(part)) visit(inner);
  };
  for (const method of Object.values(protocol.methods)) visit(method.params);
  return found;
}

// Exported for its test.
export function generate(protocol) {
  const parameters = ofParameters(protocol);
  const definitions = Object.entries(protocol.$defs ?? {}).map(
    ([id, schema]) => `${comment(schema.description, "")}export type ${name(id)} = ${type(schema, parameters.has(id))};\n`,
  );
  const methods = Object.entries(protocol.methods).map(
    ([id, method]) =>
      `${comment(method.doc, "  ")}  ${JSON.stringify(id)}: { params: ${type(method.params, true, "  ")}; result: ${type(method.result, false, "  ")} };`,
  );
  const events = Object.entries(protocol.events ?? {}).map(
    ([id, event]) => `${comment(event.doc, "  ")}  ${JSON.stringify(id)}: ${type(event.payload, false, "  ")};`,
  );
  const levels = Object.entries(protocol.methods).map(([id, method]) => `  ${JSON.stringify(id)}: ${JSON.stringify(method.level)},`);
  return `// Generated from docs/protocol.json by scripts/protocol.mjs. Do not edit.

export const PROTOCOL_HASH = ${JSON.stringify(protocol.hash)};

${definitions.join("\n")}
export interface Methods {
${methods.join("\n")}
}

export interface Events {
${events.join("\n")}
}

/** The least role that may call each method; the server decides, the screens only hide what it would refuse. */
export const METHOD_LEVELS = {
${levels.join("\n")}
} as const satisfies Record<keyof Methods, string>;
`;
}

if (process.argv[1] === new URL(import.meta.url).pathname) {
  const made = generate(JSON.parse(readFileSync(source, "utf8")));
  if (process.argv.includes("--check")) {
    if (readFileSync(target, "utf8") !== made) {
      console.error("src/rpc/protocol.ts is not what docs/protocol.json says: run `npm run protocol`");
      process.exit(1);
    }
  } else {
    writeFileSync(target, made);
  }
}
