// Installs what a command needs when it is missing, and never removes anything.
// Usage: node scripts/ensure-installed.mjs runtime|all
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
const scope = process.argv[2] === "all" ? "all" : "runtime";

const wanted = Object.keys({
  ...manifest.dependencies,
  ...(scope === "all" ? manifest.devDependencies : {}),
});
const missing = wanted.filter((name) => !existsSync(join(root, "node_modules", name, "package.json")));
if (missing.length > 0) {
  // With development dependencies already there, `--omit=dev` would prune them.
  const hasDevelopment = Object.keys(manifest.devDependencies ?? {}).some((name) =>
    existsSync(join(root, "node_modules", name, "package.json")),
  );
  const omit = scope === "runtime" && !hasDevelopment ? ["--omit=dev"] : [];
  console.error(`installing ${missing.length} missing packages (npm install ${omit.join(" ")}) ...`);
  const result = spawnSync("npm", ["install", "--no-audit", "--no-fund", "--loglevel=error", ...omit], {
    cwd: root,
    stdio: ["ignore", 2, 2],
    shell: process.platform === "win32",
    env: { ...process.env, ONNXRUNTIME_NODE_INSTALL: "skip" },
  });
  if (result.status !== 0) {
    console.error("npm install failed; check the network and the registry, then run the command again");
    process.exit(1);
  }
}
