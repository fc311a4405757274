// What every source of recordings promises (src/sources/source.ts), checked in the same way for all of them.
import { beforeAll, describe, expect, it } from "vitest";
import type { EcgRecord } from "../../src/record/ecg-record.ts";
import { leadSamples } from "../../src/record/lead-matrix.ts";
import { canonicalLead, STANDARD_LEADS, type StandardLead } from "../../src/record/lead-names.ts";
import type { EcgErrorCode } from "../../src/shared/errors.ts";
import type { RecordReference, RecordSource } from "../../src/sources/source.ts";

export type SourceContract = {
  /** Opens the source anew. */
  readonly open: () => Promise<RecordSource>;
  /** What is known of one of its recordings. */
  readonly expected: {
    readonly id: string;
    readonly format: string;
    readonly recordingId: string;
    readonly patientId: string;
    readonly patientKnown: boolean;
    readonly samplingRateHz: number;
    readonly leads: readonly string[];
    readonly sampleCount: number;
    /** First samples of some leads in mV (z where the source says so). */
    readonly firstSamples: Readonly<Record<string, readonly number[]>>;
    /** Absolute tolerance of those samples. */
    readonly atol: number;
    /** A sample that the file does not have. Absent where the format cannot say so: give the reason instead. */
    readonly missing: { readonly lead: string; readonly sample: number } | string;
  };
  /** A recording that is broken, and how reading it must fail; a reason where none can be. */
  readonly broken:
    | {
        readonly open: () => Promise<RecordSource>;
        readonly id: string;
        readonly code: EcgErrorCode;
        readonly message: RegExp;
      }
    | string;
};

/** Run the suite for one source. */
export function describeSourceContract(name: string, contract: SourceContract): void {
  const { expected, broken } = contract;
  describe(`${name} keeps the contract of a source`, () => {
    let source: RecordSource;
    let references: readonly RecordReference[];
    let reference: RecordReference;
    let record: EcgRecord;
    beforeAll(async () => {
      source = await contract.open();
      references = await source.list();
      reference = references.find(({ id }) => id === expected.id) as RecordReference;
      record = await source.read(reference);
    });

    it("lists unique references in a stable order, as plain JSON", async () => {
      const ids = references.map(({ id }) => id);
      expect(ids).toContain(expected.id);
      expect(new Set(ids).size).toBe(ids.length);
      expect(await source.list()).toEqual(references);
      expect(await (await contract.open()).list()).toEqual(references);
      expect(JSON.parse(JSON.stringify(references))).toEqual(references);
    });

    it("reads by a reference that came from another thread", async () => {
      const fresh = await contract.open();
      const again = await fresh.read(JSON.parse(JSON.stringify(reference)) as RecordReference);
      expect(again.signal.data).toBeAllClose(record.signal.data);
      expect({ ...again, signal: undefined }).toEqual({ ...record, signal: undefined });
    });

    it("has canonical names in canonical order, each once", () => {
      expect(record.leads).toEqual(expected.leads);
      const standard = record.leads.map(canonicalLead).filter((lead) => lead !== undefined);
      expect(standard).toEqual(record.leads.filter((lead) => STANDARD_LEADS.includes(lead as StandardLead)));
      expect(standard.map((lead) => STANDARD_LEADS.indexOf(lead))).toEqual(
        standard.map((lead) => STANDARD_LEADS.indexOf(lead)).sort((a, b) => a - b),
      );
      expect(new Set(record.leads).size).toBe(record.leads.length);
    });

    it("has its samples in mV, one row a lead", () => {
      expect(record.samplingRateHz).toBe(expected.samplingRateHz);
      expect(record.signal.leadCount).toBe(expected.leads.length);
      expect(record.signal.sampleCount).toBe(expected.sampleCount);
      expect(record.signal.data).toHaveLength(expected.leads.length * expected.sampleCount);
      for (const [lead, samples] of Object.entries(expected.firstSamples)) {
        const row = leadSamples(record.signal, record.leads.indexOf(lead));
        expect(row.subarray(0, samples.length)).toBeAllClose(samples, { atol: expected.atol });
      }
    });

    const { missing } = expected;
    it.skipIf(typeof missing === "string")(`has NaN where a sample is missing ${reasonOf(missing)}`, () => {
      const { lead, sample } = missing as { lead: string; sample: number };
      const row = leadSamples(record.signal, record.leads.indexOf(lead));
      expect(row[sample]).toBeNaN();
      expect(row[sample === 0 ? 1 : sample - 1]).not.toBeNaN();
    });

    it("says who it is and where it comes from", () => {
      expect(record.identity).toMatchObject({
        recordingId: expected.recordingId,
        patientId: expected.patientId,
        patientKnown: expected.patientKnown,
      });
      expect(source.format).toBe(expected.format);
      expect(record.provenance).toMatchObject({ format: expected.format, path: reference.path });
      expect(record.provenance.sha256).toMatch(/^[0-9a-f]{64}$/);
      for (const statement of record.statements) {
        expect(
          statement.likelihood === null || (statement.likelihood > 0 && statement.likelihood <= 100),
        ).toBe(true);
      }
      for (const key of record.labelScope) expect(key).toMatch(/^(scp|heartcare):./);
    });

    it("reads some leads and samples only, as they are in the whole", async () => {
      const [first, last] = [expected.leads[0] ?? "", expected.leads.at(-1) ?? ""];
      const startSample = 2;
      const endSample = Math.min(7, expected.sampleCount);
      const part = await source.read(reference, { leads: [last, first], startSample, endSample });
      expect(part.leads).toEqual(last === first ? [first] : [last, first]);
      expect(part.signal.sampleCount).toBe(endSample - startSample);
      for (const [row, lead] of part.leads.entries()) {
        const whole = leadSamples(record.signal, record.leads.indexOf(lead));
        expect(leadSamples(part.signal, row)).toBeAllClose(whole.subarray(startSample, endSample));
      }
      expect(part.provenance.window).toEqual({ startSample, endSample });
      expect(part.identity).toEqual(record.identity);
    });

    it("refuses a lead, a range and a reference that are not there", async () => {
      await expect(source.read(reference, { leads: ["V9"] })).rejects.toMatchObject({
        name: "EcgError",
        code: "INVALID_OPTION",
        message: expect.stringContaining("V9"),
      });
      await expect(source.read(reference, { endSample: expected.sampleCount + 1 })).rejects.toMatchObject({
        code: "INVALID_OPTION",
        message: expect.stringContaining(String(expected.sampleCount + 1)),
      });
      const stranger = { id: "no-such-recording", path: "no/such/file.hea" };
      await expect(source.read(stranger)).rejects.toMatchObject({ name: "EcgError", code: "NOT_FOUND" });
    });

    it.skipIf(typeof broken === "string")(
      `gives one clear error for a broken recording ${reasonOf(broken)}`,
      async () => {
        if (typeof broken === "string") return;
        const damaged = await broken.open();
        const bad = (await damaged.list()).find(({ id }) => id === broken.id);
        expect(bad).toBeDefined();
        await expect(damaged.read(bad as RecordReference)).rejects.toMatchObject({
          name: "EcgError",
          code: broken.code,
          message: expect.stringMatching(broken.message),
        });
      },
    );
  });
}

function reasonOf(value: unknown): string {
  return typeof value === "string" ? `(skipped: ${value})` : "";
}
