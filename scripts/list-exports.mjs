// Writes src/index.ts from the stages' own lists, so that the root never forgets a name. Usage: node scripts/list-exports.mjs
import { existsSync, readFileSync, writeFileSync } from "node:fs";

const STAGES = [
  "record",
  "labels",
  "signal",
  "images",
  "images/node",
  "sources",
  "sources/node",
  "qa",
  "dataset",
  "graph",
  "beat",
  "model",
  "training",
  "agent",
  "bench",
];
const root = new URL("../src/", import.meta.url);
const lines = [
  "// The public API in the order in which data flows; each stage is also a subpath (heartcare-suite/signal).",
  "// Written by scripts/list-exports.mjs from the stages' index.ts.",
  'export { diskFileStore } from "./shared/disk-file-store.ts";',
  'export { EcgError, type EcgErrorCode, type EcgErrorOptions } from "./shared/errors.ts";',
  'export { createMemoryFileStore } from "./shared/memory-file-store.ts";',
  'export { type NpyArray, readNpy, writeNpy } from "./shared/npy.ts";',
];
const taken = new Set();
for (const stage of STAGES) {
  const url = new URL(`${stage}/index.ts`, root);
  if (!existsSync(url)) continue;
  const names = [];
  for (const [, onlyTypes, list] of readFileSync(url, "utf8").matchAll(/^export (type )?\{([^}]*)\}/gm)) {
    for (const entry of list
      .split(",")
      .map((part) => part.trim())
      .filter(Boolean)) {
      const name = entry.replace(/^type\s+/, "").replace(/^.* as /, "");
      if (taken.has(name)) continue;
      taken.add(name);
      names.push(onlyTypes || entry.startsWith("type ") ? `type ${name}` : name);
    }
  }
  if (names.length > 0) lines.push(`export { ${names.join(", ")} } from "./${stage}/index.ts";`);
}
writeFileSync(new URL("index.ts", root), `${lines.join("\n")}\n`);
