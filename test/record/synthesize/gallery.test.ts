// The pictures of docs/synthetic: one of every finding and noise, none too large.
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { listSyntheticFindings, SYNTHETIC_NOISES } from "../../../src/record/synthesize-ecg.ts";

const FOLDER = join(import.meta.dirname, "../../../docs/synthetic");

describe("docs/synthetic", () => {
  const readme = readFileSync(join(FOLDER, "README.md"), "utf8");

  it("shows every finding and every noise (redraw with scripts/draw-synthetic-gallery.ts)", () => {
    for (const { finding, description } of listSyntheticFindings()) {
      const hasVariants = listSyntheticFindings().some((other) => other.finding.startsWith(`${finding}:`));
      if (!hasVariants) expect(readme).toContain(`### ${finding}\n\n${description}\n`);
    }
    for (const noise of SYNTHETIC_NOISES) expect(readme).toContain(`### ${noise}`);
  });

  it("links every picture once, each at most 60 kB", () => {
    const files = readdirSync(FOLDER).filter((file) => file.endsWith(".svg"));
    const links = [...readme.matchAll(/\]\(([^)]+\.svg)\)/g)].map((match) => match[1]);
    expect(links.sort()).toEqual(files.sort());
    for (const file of files) expect(statSync(join(FOLDER, file)).size).toBeLessThanOrEqual(60_500);
  });
});
