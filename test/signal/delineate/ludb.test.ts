// Boundaries and intervals on six LUDB patients of the reporting half, held to fixed limits.
import { existsSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { annotatedIntervals } from "../../../scripts/delineation/annotated-intervals.ts";
import { consensusOfAnnotations } from "../../../scripts/delineation/consensus-of-annotations.ts";
import { halfOf, listLudb, readAnnotatedRecord, toRecord } from "../../../scripts/delineation/ludb-halves.ts";
import { meanAndSd, WaveTally } from "../../../scripts/delineation/match-waves.ts";
import { delineateRecord } from "../../../src/signal/delineate/delineate-record.ts";
import { measureIntervals } from "../../../src/signal/measure/measure-intervals.ts";

const FOLDER = "../shared/data/ludb/data";

describe.skipIf(!existsSync(FOLDER))("LUDB (skipped where ../shared is absent)", () => {
  it("delineates the first six patients of the reporting half as well as the docs say", async () => {
    const numbers = (await listLudb(FOLDER, "reporting")).slice(0, 6);
    expect(numbers.every((each) => halfOf(each) === "reporting")).toBe(true);
    const tallies = { P: new WaveTally(), QRS: new WaveTally(), T: new WaveTally() };
    const differences: Record<"prMs" | "qrsMs" | "qtMs", number[]> = { prMs: [], qrsMs: [], qtMs: [] };
    for (const recordNumber of numbers) {
      const annotated = await readAnnotatedRecord(FOLDER, recordNumber);
      const record = toRecord(annotated);
      const beats = delineateRecord(record).beats.map(({ consensus }) => consensus);
      for (const [name, key] of [
        ["P", "p"],
        ["QRS", "qrs"],
        ["T", "t"],
      ] as const) {
        const truths = consensusOfAnnotations(annotated.boundaries, name, 500);
        const span: [number, number] = [truths[0]?.peakSample ?? 0, truths.at(-1)?.peakSample ?? 0];
        tallies[name].add(
          truths,
          beats.flatMap((beat) => beat[key] ?? []),
          { samplingRateHz: 500, span },
        );
      }
      const truth = annotatedIntervals(annotated);
      const found = measureIntervals(record);
      for (const key of ["prMs", "qrsMs", "qtMs"] as const) {
        if (truth[key] !== null && found[key] !== null) differences[key].push(found[key] - truth[key]);
      }
    }
    for (const name of ["P", "QRS", "T"] as const) {
      expect(tallies[name].sensitivity).toBeGreaterThan(0.95);
      expect(tallies[name].predictivity).toBeGreaterThan(0.95);
    }
    const check = (errors: readonly number[], limits: { mean: number; sd: number }): void => {
      const { mean, sd } = meanAndSd(errors);
      expect(Math.abs(mean)).toBeLessThan(limits.mean);
      expect(sd).toBeLessThan(limits.sd);
    };
    check(tallies.P.errorsMs.onset, { mean: 6, sd: 12 });
    check(tallies.P.errorsMs.offset, { mean: 6, sd: 12.7 });
    check(tallies.QRS.errorsMs.onset, { mean: 4, sd: 9 }); // one of the six is paced
    check(tallies.QRS.errorsMs.offset, { mean: 5, sd: 11.6 });
    check(tallies.T.errorsMs.offset, { mean: 12, sd: 30.6 });
    check(differences.prMs, { mean: 10, sd: 12 });
    check(differences.qrsMs, { mean: 10, sd: 11 });
    check(differences.qtMs, { mean: 15, sd: 20 });
  }, 300_000);
});
