// Recordings and reference outputs of ../shared for the golden tests of signal/ (absent for users: tests skip).
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { EcgRecord } from "../../src/record/ecg-record.ts";
import { stackLeads } from "../../src/record/lead-matrix.ts";
import { readNpy } from "../../src/shared/npy.ts";

const shared = join(dirname(fileURLToPath(import.meta.url)), "../../../shared");
const goldenFolder = join(shared, "golden/signal");

/** Names of the reference folders; empty where ../shared is not there. */
export const goldenCases: readonly string[] = existsSync(goldenFolder)
  ? readdirSync(goldenFolder).sort()
  : [];

export type Golden = {
  readonly samplingRateHz: number;
  /** The first 10 s of the recording, all leads, header order. */
  readonly leads: readonly { readonly name: string; readonly samplesMv: Float64Array }[];
  readonly resampled: ArrayLike<number>;
  readonly cleaned: ArrayLike<number>;
  readonly quality: ArrayLike<number>;
  readonly expected: {
    readonly target_hz: number;
    readonly window_samples: number;
    readonly samples: number;
    readonly leads: Readonly<
      Record<string, { rpeaks: number[]; best_window_start?: number; best_window_mean?: number }>
    >;
  };
};

export function readGolden(name: string): Golden {
  const array = (file: string): ArrayLike<number> =>
    readNpy(readFileSync(join(goldenFolder, name, file))).data;
  return {
    ...readFormat16(join(shared, "data", name.replaceAll("__", "/"))),
    resampled: array("resampled.npy"),
    cleaned: array("cleaned.npy"),
    quality: array("quality.npy"),
    expected: JSON.parse(readFileSync(join(goldenFolder, name, "expected.json"), "utf8")),
  };
}

/** A record of these leads for the functions that take one. */
export function recordOf(
  leads: readonly string[],
  samples: readonly ArrayLike<number>[],
  samplingRateHz: number,
): EcgRecord {
  return {
    id: "test",
    samplingRateHz,
    leads,
    signal: stackLeads(samples),
    patient: {},
    statements: [],
    sourceLabels: [],
    labelScope: [],
    identity: { recordingId: "test:1", patientId: "test:1", patientKnown: false },
    provenance: { format: "test", path: "test", sha256: "" },
  };
}

/**
 * The first 10 s of a WFDB record in format 16, in float64. Not the reader of sources/wfdb on purpose: what these
 * tests hold against the reference must not depend on another part of the suite.
 */
function readFormat16(path: string): Pick<Golden, "samplingRateHz" | "leads"> {
  const lines = readFileSync(`${path}.hea`, "utf8").split(/\r?\n/);
  const rows = lines.filter((line) => line !== "" && !line.startsWith("#")).map((line) => line.split(/\s+/));
  const [head, ...signals] = rows as [string[], ...string[][]];
  const samplingRateHz = Number(head[2]);
  const count = Math.min(Number(head[3]), 10 * samplingRateHz);
  const leads = signals.map((row) => {
    const [file, format, gainText, , zeroText] = row as [string, string, string, string, string];
    const [, skip = "0"] = /^16(?:\+(\d+))?$/.exec(format) ?? [];
    const [, gain, baseline = zeroText] = /^([\d.]+)(?:\((-?\d+)\))?/.exec(gainText) ?? [];
    const siblings = signals.filter((other) => other[0] === file);
    const bytes = readFileSync(join(dirname(path), file));
    const view = new DataView(bytes.buffer, bytes.byteOffset + Number(skip));
    const column = siblings.indexOf(row);
    const sample = (t: number): number => view.getInt16(2 * (t * siblings.length + column), true);
    const samplesMv = Float64Array.from(
      { length: count },
      (_, t) => (sample(t) - Number(baseline)) / Number(gain),
    );
    return { name: row.slice(8).join(" "), samplesMv };
  });
  return { samplingRateHz, leads };
}
