// Traces followed on the pages of hospital documents against the signals that were drawn.
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { digitisePage } from "../../../src/images/segment/digitise-page.ts";
import { segmentPage } from "../../../src/images/segment/segment-page.ts";
import { readPage } from "../../../src/model/dspa/node/read-page.ts";
import { leadSamples } from "../../../src/record/lead-matrix.ts";
import { STANDARD_LEADS } from "../../../src/record/lead-names.ts";
import { readNpy } from "../../../src/shared/npy.ts";
import { correlation, quantile } from "./render-picture.ts";

const HOSPITAL = fileURLToPath(new URL("../../../../shared/data/hospital-pdf/", import.meta.url));

type Strip = { readonly lead: string; readonly start_s: number; readonly duration_s: number };

describe.skipIf(!existsSync(HOSPITAL))("digitised hospital documents (needs ../shared)", () => {
  it.each([
    ["A01-zh-6x2-table", 0.97, 0.05],
    ["A05-zh-6x2-rhythm-simultaneous", 0.97, 0.05],
    ["B01-en-3x4-helvetica", 0.97, 0.05],
    ["B04-en-3x4-blue-cm", 0.97, 0.05],
    ["C03-de-12x1-nocal", 0.85, 0.08],
  ] as const)("%s", async (name, least, mostMv) => {
    const page = await readPage(`${HOSPITAL}${name}.pdf`);
    const found = digitisePage(segmentPage(page, page.hints), { id: name });
    const truth = JSON.parse(readFileSync(`${HOSPITAL}${name}.json`, "utf8")) as { leads: readonly Strip[] };
    const { data } = readNpy(readFileSync(`${HOSPITAL}${name}.npy`));
    const signal = data as Float32Array;
    const correlations: number[] = [];
    const errors: number[] = [];
    for (const { lead, start_s, duration_s } of truth.leads) {
      const record = found.find(
        ({ leads, signal: { sampleCount } }) =>
          leads.includes(lead) && Math.abs(sampleCount / 250 - duration_s) < 0.2,
      );
      expect(record, lead).toBeDefined();
      const read = leadSamples(record!.signal, record!.leads.indexOf(lead));
      const from = (STANDARD_LEADS as readonly string[]).indexOf(lead) * 2500 + Math.round(start_s * 250);
      const drawn = signal.subarray(from, from + read.length);
      correlations.push(correlation(read, drawn));
      const differences = [...read].flatMap((value, i) => {
        const difference = value - (drawn[i] ?? Number.NaN);
        return Number.isFinite(difference) ? [difference] : [];
      });
      const middle = quantile(
        differences.sort((a, b) => a - b),
        0.5,
      );
      errors.push(
        Math.sqrt(differences.reduce((sum, value) => sum + (value - middle) ** 2, 0) / differences.length),
      );
    }
    expect(correlations.length).toBeGreaterThanOrEqual(12);
    expect(quantile(correlations, 0.25)).toBeGreaterThan(least);
    expect(quantile(errors, 0.75)).toBeLessThan(mostMv);
  });
});
