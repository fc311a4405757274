import { mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bundleBrowser } from "./bundle-browser.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "bundle-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe("src/browser.ts", () => {
  it("bundles without a node: or native module", async () => {
    expect(await bundleBrowser(join(folder, "bundle"))).toEqual([]);
    expect((await stat(join(folder, "bundle", "browser.js"))).size).toBeGreaterThan(100_000);
  });

  it("would be caught if it reached one", async () => {
    const entry = join(folder, "guilty.ts");
    await writeFile(
      entry,
      'import { readFileSync } from "node:fs";\nexport const text = readFileSync("x", "utf8");\n',
    );
    expect(await bundleBrowser(join(folder, "guilty"), entry)).toEqual([
      expect.stringContaining("node:fs in"),
    ]);
  });
});
