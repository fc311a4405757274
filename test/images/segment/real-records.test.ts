// Pages of real recordings (PTB-XL, beside the repository): each tile against the recording that was drawn.
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import type { PageOptions } from "../../../src/images/page-options.ts";
import type { EcgRecord } from "../../../src/record/ecg-record.ts";
import { createLeadMatrix } from "../../../src/record/lead-matrix.ts";
import { STANDARD_LEADS } from "../../../src/record/lead-names.ts";
import { buildTestRecord } from "../build-test-record.ts";
import { checkPage, quantile } from "./render-picture.ts";

const FOLDER = fileURLToPath(new URL("../../../../shared/data/ptb-xl/records500/00000/", import.meta.url));
const IDS = ["00001", "00005", "00022"];

/** A record of format 16 with twelve leads at 500 Hz and 1000 steps a mV, as PTB-XL stores them. */
function readRecord(id: string): EcgRecord {
  const bytes = readFileSync(`${FOLDER}${id}_hr.dat`);
  const sampleCount = bytes.length / 24;
  const signal = createLeadMatrix(12, sampleCount, 0);
  for (let i = 0; i < sampleCount * 12; i++) {
    signal.data[(i % 12) * sampleCount + Math.floor(i / 12)] = bytes.readInt16LE(2 * i) / 1000;
  }
  return { ...buildTestRecord({ samplingRateHz: 500, seconds: 10 }), id, leads: STANDARD_LEADS, signal };
}

const PAGES: readonly (readonly [string, PageOptions, number])[] = [
  ["3x4 at 100 dpi", {}, 100],
  ["3x4 on grey paper at 80 dpi", { grid: "grey" }, 80],
  ["6x2 at 150 dpi", { layout: "6x2" }, 150],
  ["12x1 at 100 dpi and 5 mm/mV", { layout: "12x1", gainMmPerMv: 5 }, 100],
];

describe.skipIf(!existsSync(FOLDER))("segmentPage on real recordings (needs ../shared)", () => {
  it.each(PAGES)("reads %s", (_name, options, dpi) => {
    const correlations = IDS.flatMap((id) => checkPage(readRecord(id), options, dpi).correlations);
    expect(correlations).toHaveLength(12 * IDS.length);
    expect(quantile(correlations, 0.5)).toBeGreaterThan(0.97);
    expect(quantile(correlations, 0.1)).toBeGreaterThan(0.9);
  });
});
