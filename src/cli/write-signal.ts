// A signal as a file: .npy (float32, leads x samples) with a .json beside it, or .csv.

import type { DecodedSignal } from "../beat/tokenizer.ts";
import { leadSamples } from "../record/lead-matrix.ts";
import { EcgError } from "../shared/errors.ts";
import { writeNpy } from "../shared/npy.ts";
import { writeFileAtomic } from "../shared/write-file-atomic.ts";

/**
 * Write by the file's ending. Missing samples are NaN in .npy and empty cells in .csv.
 * @throws EcgError USAGE for another ending.
 */
export async function writeSignal(
  path: string,
  leads: readonly string[],
  decoded: DecodedSignal,
): Promise<void> {
  const { signal, samplingRateHz, unit, startSample } = decoded;
  if (path.endsWith(".npy")) {
    await writeFileAtomic(path, writeNpy(signal.data, [signal.leadCount, signal.sampleCount]));
    const facts = { samplingRateHz, leads, unit, startSample };
    await writeFileAtomic(path.replace(/\.npy$/, ".json"), `${JSON.stringify(facts)}\n`);
  } else if (path.endsWith(".csv")) await writeFileAtomic(path, toCsv(leads, decoded));
  else throw new EcgError("USAGE", `--out: expected a file ending in .npy or .csv, got ${path}`);
}

function toCsv(
  leads: readonly string[],
  { signal, samplingRateHz, unit, startSample }: DecodedSignal,
): string {
  const rows = leads.map((_, index) => leadSamples(signal, index));
  const lines = [["time (s)", ...leads.map((lead) => `${lead} (${unit})`)].join(",")];
  for (let t = 0; t < signal.sampleCount; t++) {
    const cells = rows.map((samples) => {
      const value = samples[t] ?? Number.NaN;
      return Number.isNaN(value) ? "" : String(Number(value.toPrecision(7)));
    });
    lines.push([String(Number(((startSample + t) / samplingRateHz).toFixed(6))), ...cells].join(","));
  }
  return `${lines.join("\n")}\n`;
}
