// Noises: where they are, what is said about them, and that they arise at electrodes.
import { describe, expect, it } from "vitest";
import type { EcgRecord } from "../../../src/record/ecg-record.ts";
import { STANDARD_LEADS } from "../../../src/record/lead-names.ts";
import { type SyntheticNoise, synthesizeEcg } from "../../../src/record/synthesize-ecg.ts";
import { lead, mean } from "./measure-samples.ts";

const SEEDS = [1, 2, 3, 4, 5];
const RATE = 250;

function make(seed: number, noises: SyntheticNoise[], samplingRateHz = RATE): EcgRecord {
  return synthesizeEcg({ seed, samplingRateHz, durationSeconds: 10, findings: ["SR"], noises });
}

/** Root mean square of what a noise added to each lead, mV. */
function addedRms(noisy: EcgRecord, clean: EcgRecord): number[] {
  return STANDARD_LEADS.map((name) => {
    const [with_, without] = [lead(noisy, name), lead(clean, name)];
    return Math.sqrt(mean([...with_].map((mv, t) => (mv - without[t]!) ** 2)));
  });
}

/** Share of a lead's added power below a frequency, by a one-pole low-pass. */
function lowShare(noisy: EcgRecord, clean: EcgRecord, index: number, hz: number): number {
  const name = STANDARD_LEADS[index]!;
  const without = lead(clean, name);
  const added = lead(noisy, name).map((mv, t) => mv - without[t]!);
  const keep = Math.exp((-2 * Math.PI * hz) / RATE);
  let [slow, low, all] = [0, 0, 0];
  for (const mv of added) {
    slow = keep * slow + (1 - keep) * mv;
    low += slow * slow;
    all += mv * mv;
  }
  return low / all;
}

const textOf = (record: EcgRecord, value: string): string | undefined =>
  record.statements.find(({ code }) => code.value === value)?.text;

describe("noises", () => {
  const keys = {
    "baseline-drift": "baseline-drift",
    "burst-noise": "burst-noise",
    "static-noise": "static-noise",
    "electrode-problem": "electrodes-problems",
  } as const;

  it.each(Object.entries(keys))("%s is stated with the leads in which it is largest", (noise, value) => {
    for (const seed of SEEDS) {
      const clean = make(seed, []);
      const noisy = make(seed, [noise as SyntheticNoise]);
      const text = textOf(noisy, value);
      expect(text).toBeDefined();
      const named = text!.replace(/ \(.*/, "").split(", ");
      const rms = addedRms(noisy, clean);
      const worst = STANDARD_LEADS[rms.indexOf(Math.max(...rms))]!;
      expect(Math.max(...rms), `seed ${seed}`).toBeGreaterThan(0.012);
      expect(named, `seed ${seed}`).toContain(worst);
    }
  });

  it("drift is slow, static noise is fast, bursts come and go", () => {
    for (const seed of SEEDS) {
      const clean = make(seed, []);
      const worstOf = (noisy: EcgRecord): number => {
        const rms = addedRms(noisy, clean);
        return rms.indexOf(Math.max(...rms));
      };
      const drift = make(seed, ["baseline-drift"]);
      expect(lowShare(drift, clean, worstOf(drift), 2)).toBeGreaterThan(0.8);
      const still = make(seed, ["static-noise"]);
      expect(lowShare(still, clean, worstOf(still), 2)).toBeLessThan(0.05);
      const bursts = make(seed, ["burst-noise"]);
      const name = STANDARD_LEADS[worstOf(bursts)]!;
      const without = lead(clean, name);
      const size = lead(bursts, name).map((mv, t) => Math.abs(mv - without[t]!));
      const quiet = size.filter((mv) => mv < 0.005).length / size.length;
      expect(quiet).toBeGreaterThan(0.2);
      expect(Math.max(...size)).toBeGreaterThan(0.08);
    }
  });

  it("shows muscle noise where the rate is too low for mains", () => {
    for (const seed of SEEDS) {
      const added = addedRms(make(seed, ["static-noise"], 100), make(seed, [], 100));
      expect(Math.max(...added)).toBeGreaterThan(0.012);
    }
  });

  it("exchanging the arms turns lead I over and swaps II with III", () => {
    const seed = SEEDS.concat(Array.from({ length: 60 }, (_, i) => 6 + i)).find((candidate) =>
      textOf(make(candidate, ["electrode-problem"]), "electrodes-problems")?.includes("arm"),
    )!;
    const clean = make(seed, []);
    const exchanged = make(seed, ["electrode-problem"]);
    expect(lead(exchanged, "I")).toBeAllClose(
      lead(clean, "I").map((mv) => -mv),
      { atol: 2 ** -11 },
    );
    expect(lead(exchanged, "II")).toBeAllClose(lead(clean, "III"), { atol: 2 ** -11 });
    expect(lead(exchanged, "aVR")).toBeAllClose(lead(clean, "aVL"), { atol: 2 ** -11 });
    expect(lead(exchanged, "aVF")).toBeAllClose(lead(clean, "aVF"), { atol: 2 ** -11 });
    expect(lead(exchanged, "V3")).toEqual(lead(clean, "V3"));
    // Its picture is not normal, and its axis says nothing.
    expect(exchanged.statements.map(({ code }) => code.value)).not.toContain("NORM");
    expect(exchanged.labelScope).not.toContain("heartcare:normal-heart-axis");
  });

  it("ambient noise has the asked size and is not stated", () => {
    const options = { seed: 3, samplingRateHz: RATE, durationSeconds: 10 };
    const quiet = synthesizeEcg({ ...options, ambientNoiseMv: 0.01 });
    const clean = synthesizeEcg(options);
    for (const rms of addedRms(quiet, clean)) {
      expect(rms).toBeGreaterThan(0.004);
      expect(rms).toBeLessThan(0.06);
    }
    expect(quiet.statements).toEqual(clean.statements);
  });
});
