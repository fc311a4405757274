// Peak memory of a whole `heartcare beat train` at the default size (batch 32, base preset), in a process of its own.
// Run: npx tsx bench-perf/beat/train-memory.bench.ts [--recordings=2300] [--steps=8] [--threads=2] [--preset=base]
// Few steps go through everything that a long run does: loading, k-means, evaluations, checkpoints, report.
import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const option = (name: string, fallback: string): string =>
  process.argv.find((argument) => argument.startsWith(`--${name}=`))?.slice(name.length + 3) ?? fallback;
const recordings = Number(option("recordings", "2300"));
const steps = Number(option("steps", "8"));
const threads = Number(option("threads", "2"));
const preset = option("preset", "base");
/** Below this the machine that the project is made for has memory left for everything else. */
const LIMIT_MB = 1000;

const folder = await mkdtemp(join(tmpdir(), "beat-memory-"));
try {
  const configFile = join(folder, "config.json");
  const half = Math.max(1, Math.floor(steps / 2));
  const rhythm = { warmupSteps: 1, evaluateEvery: half, checkpointEvery: 1, logEvery: 1 };
  await writeFile(configFile, JSON.stringify(preset === "base" ? rhythm : { ...rhythm, warmupSteps: 0 }));
  const out = join(folder, "run");
  const peakKilobytes = await train([
    `synthetic:${recordings}`,
    ...["--out", out, "--config", configFile, "--preset", preset, "--cache", join(folder, "cache")],
    ...["--steps", `${steps}`, "--threads", `${threads}`],
  ]);
  const { step, outcome } = JSON.parse(await readFile(join(out, "report.json"), "utf8"));
  // 1 MB is 1,000,000 bytes here, as in the limit.
  const peakMb = Math.round((peakKilobytes * 1024) / 1e6);
  console.log(
    JSON.stringify({
      preset,
      recordings,
      threads,
      outcome,
      steps: step,
      peakMb,
      belowLimit: peakMb < LIMIT_MB,
    }),
  );
} finally {
  await rm(folder, { recursive: true, force: true });
}

/** Run the command to its end; the largest resident set of its process, all threads together, in KiB. */
async function train(flags: readonly string[]): Promise<number> {
  const main = fileURLToPath(new URL("../../src/cli/main.ts", import.meta.url));
  // Loaded in every thread of the child: each tells the peak of the process when it ends, the main thread last.
  const tell = `process.on("exit", () => require("node:fs").writeSync(2, "peak " + process.resourceUsage().maxRSS + "\\n"));`;
  const preload = join(folder, "tell-peak.cjs");
  await writeFile(preload, tell);
  const child = spawn(
    process.execPath,
    ["--require", preload, "--import", "tsx", main, "beat", "train", ...flags],
    { stdio: ["ignore", "ignore", "pipe"] },
  );
  let errors = "";
  child.stderr.on("data", (text: Buffer) => {
    errors += text;
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", resolve);
  });
  const peaks = [...errors.matchAll(/^peak (\d+)$/gm)].map(([, peak]) => Number(peak));
  if (code !== 0 || peaks.length === 0) throw new Error(`beat train ended with ${code}: ${errors}`);
  return Math.max(...peaks);
}
