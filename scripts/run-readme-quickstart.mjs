// Runs what README.md's Quickstart shows, in an empty project that has the package installed.
// Usage: node scripts/run-readme-quickstart.mjs README.md <folder>
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const [readme, folder] = process.argv.slice(2);
if (!readme || !folder) throw new Error("usage: run-readme-quickstart.mjs README.md <folder>");
const text = readFileSync(readme, "utf8");
const section = /^## Quickstart\n([\s\S]*?)(?=^## )/m.exec(text)?.[1] ?? "";
const blocks = [...section.matchAll(/^```(\w+)\n([\s\S]*?)^```/gm)].map(([, language, code]) => ({
  language,
  code,
}));
if (blocks.length === 0) throw new Error(`${readme}: expected code under "## Quickstart", found none`);

for (const [index, { language, code }] of blocks.entries()) {
  console.log(`README quickstart, block ${index + 1} (${language})`);
  const options = { cwd: folder, stdio: ["ignore", "inherit", "inherit"] };
  if (language === "bash") {
    execFileSync("bash", ["-euo", "pipefail", "-c", code], options);
  } else if (language === "js") {
    const file = join(folder, `quickstart-${index}.mjs`);
    writeFileSync(file, code);
    execFileSync(process.execPath, [file], options);
  }
}
