// Reads signals from .npy arrays: (leads, samples), (samples, leads), or a stack of either.
import { STANDARD_LEADS } from "../../record/lead-names.ts";
import type { FileStore } from "../../shared/byte-source.ts";
import { EcgError } from "../../shared/errors.ts";
import type { NpyArray } from "../../shared/npy.ts";
import type { RawChannel, RawRecording, SignalFileOptions } from "../raw-recording.ts";
import { sha256Hex } from "../sha256-hex.ts";
import { readNpyRow } from "./read-npy-row.ts";

/** More rows and columns than this on both sides leave open which of them are leads. */
const MOST_LEADS = 32;

/** How an array holds one recording. */
export type NpyLayout = {
  readonly leadCount: number;
  readonly sampleCount: number;
  /** Whether a recording is (samples, leads), as most Python code has it. */
  readonly leadsLast: boolean;
};

/**
 * Which axis of one recording holds leads: the one of 12, else the shorter one if it has at most 32; one axis is
 * one lead.
 * @throws EcgError INVALID_FILE when both axes or none could be the leads, or there are other than one or two.
 */
export function npyLayout(shape: readonly number[], where: string): NpyLayout {
  const [rows, columns] = shape.length === 1 ? [1, shape[0]!] : [shape[0] ?? 0, shape[1] ?? 0];
  const shown = `(${shape.join(", ")})`;
  if (shape.length < 1 || shape.length > 2 || rows * columns === 0) {
    throw new EcgError("INVALID_FILE", `${where}: expected an array (leads, samples), found shape ${shown}`, {
      hint: "one recording has two axes, a stack of them three",
    });
  }
  const leadsFirst = { leadCount: rows, sampleCount: columns, leadsLast: false };
  const leadsLast = { leadCount: columns, sampleCount: rows, leadsLast: true };
  const standard = STANDARD_LEADS.length;
  if (shape.length === 1) return leadsFirst;
  if (rows === standard && columns !== standard) return leadsFirst;
  if (columns === standard && rows !== standard) return leadsLast;
  if (rows !== columns && Math.min(rows, columns) <= MOST_LEADS)
    return rows < columns ? leadsFirst : leadsLast;
  throw new EcgError("INVALID_FILE", `${where}: expected leads on one axis, found shape ${shown}`, {
    hint: "save it as (leads, samples) with 12 leads",
  });
}

/** Names of the rows of an array: given, the twelve leads, `ECG` for one, else `ch1`, `ch2`, ... */
function channelNames(
  leadCount: number,
  where: string,
  given: readonly string[] | undefined,
): readonly string[] {
  if (given && given.length !== leadCount) {
    throw new EcgError(
      "INVALID_OPTION",
      `${where}: expected ${leadCount} lead names for ${leadCount} leads, got ${given.length}`,
    );
  }
  if (given) return given;
  if (leadCount === STANDARD_LEADS.length) return STANDARD_LEADS;
  return leadCount === 1 ? ["ECG"] : Array.from({ length: leadCount }, (_, lead) => `ch${lead + 1}`);
}

/**
 * One recording of an array as channels; twelve rows are taken in the order I II III aVR aVL aVF V1-V6.
 *
 * @param row which recording of a stack (0 otherwise).
 * @throws EcgError INVALID_OPTION without `samplingRateHz`, or for a row that is not there.
 */
export async function readNpySignals(
  store: FileStore,
  path: string,
  options: SignalFileOptions & { readonly row?: number } = {},
): Promise<RawRecording> {
  const { samplingRateHz } = options;
  if (samplingRateHz === undefined || !(samplingRateHz > 0) || !Number.isFinite(samplingRateHz)) {
    throw new EcgError(
      "INVALID_OPTION",
      `${path}: expected a sampling rate above 0 Hz, got ${samplingRateHz ?? "none"} (.npy files state none)`,
      { hint: "give --sampling-rate-hz, e.g. --sampling-rate-hz 500" },
    );
  }
  const { array, bytes } = await readNpyRow(store, path, options.row ?? 0);
  const layout = npyLayout(array.shape, path);
  const names = channelNames(layout.leadCount, path, options.leadNames);
  return {
    name: path,
    samplingRateHz,
    sampleCount: layout.sampleCount,
    channels: names.map(
      (name, lead): RawChannel => ({
        name,
        unit: options.unit ?? "",
        samples: takeLead(array, layout, lead),
        samplesPerFrame: 1,
      }),
    ),
    comments: [],
    sha256: await sha256Hex(bytes),
    leftOut: [],
  };
}

function takeLead(array: NpyArray, layout: NpyLayout, lead: number): Float64Array {
  const start = layout.leadsLast ? lead : lead * layout.sampleCount;
  const step = layout.leadsLast ? layout.leadCount : 1;
  return Float64Array.from({ length: layout.sampleCount }, (_, sample) => array.data[start + sample * step]!);
}
