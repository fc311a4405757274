import { existsSync, readFileSync, statSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { BEAT_MODEL_FILE, readBeat } from "../../../src/beat/beat-checkpoint.ts";
import { compileBeatForward } from "../../../src/beat/beat-forward.ts";
import { evaluateBeat } from "../../../src/beat/evaluate-beat.ts";
import { openBeat, resolveBeatFolder } from "../../../src/beat/node/open-beat.ts";
import { leadSamples } from "../../../src/record/lead-matrix.ts";
import { synthesizeEcg } from "../../../src/record/synthesize-ecg.ts";
import { diskFileStore } from "../../../src/shared/disk-file-store.ts";
import { cleanRecord } from "../../../src/signal/clean-record.ts";
import { chooseEvaluated, SEEN_FILE } from "../../../src/training/held-out.ts";
import { loadRecordings } from "../../../src/training/load-recordings.ts";
import { testRuntime } from "../../graph/gradient-check.ts";

const MODEL = fileURLToPath(new URL("../../../models/beat-base/", import.meta.url));
const SHARDS = fileURLToPath(new URL("../../../../shared/data/ptb-xl-zscore100/", import.meta.url));

describe.skipIf(!existsSync(MODEL))("models/beat-base", () => {
  it("is small enough to ship, and is what opens without a name", () => {
    expect(resolveBeatFolder()).toMatch(/models[/\\]beat-base/);
    expect(statSync(`${MODEL}${BEAT_MODEL_FILE}`).size).toBeLessThan(20e6);
  });

  it("gives a synthetic recording back: most of its energy, in mV", async () => {
    const record = synthesizeEcg({ seed: 11, heartRateBpm: 72, durationSeconds: 8, samplingRateHz: 500 });
    const { tokenizer } = await openBeat(undefined, { threads: 1 });
    const segments = await tokenizer.encode(record);
    const { signal, unit } = await tokenizer.decode(segments);
    await tokenizer.dispose();
    expect([unit, segments.length, signal.sampleCount]).toEqual(["mV", 2, 2000]);
    const { cleaned } = cleanRecord(record, { toHz: 250 });
    let [error, energy] = [0, 0];
    for (let lead = 0; lead < 12; lead++) {
      const [x, y] = [leadSamples(cleaned.signal, lead), leadSamples(signal, lead)];
      for (let t = 0; t < x.length; t++) {
        error += (x[t]! - y[t]!) ** 2;
        energy += x[t]! ** 2;
      }
    }
    expect(error / energy).toBeLessThan(0.35);
  });

  it.skipIf(!existsSync(SHARDS))("holds on PTB-XL's fold 10 what its card says", async () => {
    const { config, store } = await readBeat(diskFileStore, MODEL);
    const { splits } = await loadRecordings([SHARDS], { samplingRateHz: 250, minimumSamples: 1500 });
    const seen = JSON.parse(readFileSync(`${MODEL}${SEEN_FILE}`, "utf8"));
    const all = [...splits.train, ...splits.val, ...splits.test];
    const recordings = chooseEvaluated(all, "held-out", seen);
    expect(recordings.every(({ identity }) => identity.fold === 10)).toBe(true);
    expect(recordings.length).toBeGreaterThan(150);
    const runtime = await testRuntime();
    const forward = await compileBeatForward(config, { runtime, store, batch: 16, session: { threads: 2 } });
    const found = await evaluateBeat(forward, recordings);
    await forward.dispose();
    expect(found.mse).toBeLessThan(0.18);
    expect(found.lTotal).toBeLessThan(0.65);
    expect(found.codeUse.core).toBeGreaterThan(0.98);
    expect(found.codeUse.residual).toBeGreaterThan(0.98);
    expect(found.forecastMse).toBeLessThan(0.8);
    for (const difference of Object.values(found.forecastMinus)) expect(difference.high).toBeLessThan(0);
  });
});
