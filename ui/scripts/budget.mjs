// What a first visit must load before anything shows: the gzip size of the entry and its static imports.
import { existsSync, readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

const BUDGET_KB = 135;
const dist = new URL("../dist/", import.meta.url);
const manifestFile = new URL(".vite/manifest.json", dist);
if (!existsSync(manifestFile)) {
  console.error("budget: no build found, run `npm run build` first");
  process.exit(1);
}
const manifest = JSON.parse(readFileSync(manifestFile, "utf8"));
const entry = Object.keys(manifest).find((id) => manifest[id].isEntry);

const seen = new Set();
const visit = (id) => {
  if (seen.has(id)) return;
  seen.add(id);
  for (const next of manifest[id].imports ?? []) visit(next);
};
visit(entry);

let total = 0;
for (const id of seen) {
  const bytes = gzipSync(readFileSync(new URL(manifest[id].file, dist)), { level: 9 }).length;
  total += bytes;
  console.log(`${(bytes / 1000).toFixed(1).padStart(7)} kB  ${manifest[id].file}`);
}
console.log(`${(total / 1000).toFixed(1).padStart(7)} kB  entry with static imports (budget ${BUDGET_KB} kB)`);
if (total > BUDGET_KB * 1000) process.exit(1);
