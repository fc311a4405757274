import { spawn } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const MODULE = fileURLToPath(new URL("../../src/cli/abort-on-interrupt.ts", import.meta.url));

/** Work that ends `lastsMs` after it was asked to stop, and two signals `gapMs` apart. */
async function press(
  lastsMs: number,
  gapMs: number,
): Promise<{ code: number | null; signal: string | null; stdout: string }> {
  const script = `
    import { withInterrupt } from ${JSON.stringify(MODULE)};
    import { setTimeout as sleep } from "node:timers/promises";
    await withInterrupt(async (signal) => {
      console.log("working");
      while (!signal.aborted) await sleep(5);
      await sleep(${lastsMs});
    });
    console.log("kept");`;
  const child = spawn(
    process.execPath,
    ["--import", import.meta.resolve("tsx"), "--input-type=module", "-e", script],
    {
      stdio: ["ignore", "pipe", "ignore"],
    },
  );
  let stdout = "";
  child.stdout.on("data", (chunk: Buffer) => {
    stdout += chunk.toString();
  });
  const ended = new Promise<{ code: number | null; signal: string | null }>((resolve) => {
    child.on("close", (code, signal) => resolve({ code, signal }));
  });
  while (!stdout.includes("working")) await sleep(10);
  child.kill("SIGINT");
  await sleep(gapMs);
  child.kill("SIGINT");
  return { ...(await ended), stdout };
}

describe("withInterrupt", () => {
  it("takes a signal that arrives twice at once for one, and lets the work end", async () => {
    expect(await press(200, 20)).toMatchObject({ code: 0, stdout: "working\nkept\n" });
  });

  it("ends at once, by the signal, when it is asked a second time", async () => {
    expect(await press(60_000, 900)).toMatchObject({ signal: "SIGINT", stdout: "working\n" });
  });
});
