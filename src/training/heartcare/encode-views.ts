// encodeViews: Beat's codes of each recording as the language model will read them, several views of a recording: the
// whole of it, and the same cut at random ends, so that no segment is learned by heart. Node only.
import { readFile } from "node:fs/promises";
import type { BeatTokenizer } from "../../beat/tokenizer.ts";
import type { EcgRecord } from "../../record/ecg-record.ts";
import { createLeadMatrix, leadSamples } from "../../record/lead-matrix.ts";
import { createRng, hashText } from "../../shared/rng.ts";
import { writeFileAtomic } from "../../shared/write-file-atomic.ts";
import type { CorpusRecord } from "./training-corpus.ts";

/** A segment by its codes; vectors are sums of codebook rows. */
export type SegmentCodes = {
  readonly core: readonly number[];
  readonly residual: readonly number[];
  /** null where voltages are unknown. */
  readonly leadSdMv: readonly number[] | null;
};

/** Segments of a view, in order of time. */
export type SignalView = readonly SegmentCodes[];

/** Cut at most this much from the end of a view. */
const LARGEST_CUT_SECONDS = 2;

/** By recording id, the whole recording first. Kept in a file, by which an interrupted run need not encode again. */
export async function encodeViews(
  records: readonly CorpusRecord[],
  tokenizer: BeatTokenizer,
  options: {
    readonly views: number;
    readonly seed: number;
    /** Names the tokenizer: codes of another one are not taken from the cache. */
    readonly tokenizerId: string;
    readonly cacheFile?: string;
    readonly onProgress?: (done: number, total: number) => void;
  },
): Promise<Map<string, readonly SignalView[]>> {
  const { views, seed, tokenizerId, cacheFile } = options;
  const kept = cacheFile ? await readKept(cacheFile) : new Map<string, KeptViews>();
  const found = new Map<string, KeptViews>();
  for (const [done, entry] of records.entries()) {
    const fingerprint = hashText(
      JSON.stringify([views, seed, tokenizerId, entry.row.original.sha256, entry.row.window]),
    );
    const before = kept.get(entry.id);
    if (before?.fingerprint === fingerprint) {
      found.set(entry.id, before);
      continue;
    }
    const rng = createRng(`${seed}/views/${entry.id}`);
    const list: SignalView[] = [];
    for (let view = 0; view < views; view++) {
      const cutSeconds = view === 0 ? 0 : rng.uniform(0, LARGEST_CUT_SECONDS);
      list.push(await encodeView(entry, tokenizer, cutSeconds));
    }
    found.set(entry.id, { fingerprint, views: list });
    if (done % 50 === 0) options.onProgress?.(done, records.length);
  }
  if (cacheFile) await writeFileAtomic(cacheFile, JSON.stringify([...found]));
  return new Map([...found].map(([id, entry]) => [id, entry.views]));
}

type KeptViews = { readonly fingerprint: number; readonly views: readonly SignalView[] };

/** The shown window of a recording without its last `cutSeconds`, as segments. */
export async function encodeView(
  entry: Pick<CorpusRecord, "row" | "signal" | "id">,
  tokenizer: BeatTokenizer,
  cutSeconds: number,
): Promise<SignalView> {
  const { startSample, endSample } = entry.row.window;
  const end = Math.max(startSample + 1, endSample - Math.round(cutSeconds * entry.row.samplingRateHz));
  const segments = await tokenizer.encode(windowOf(entry, startSample, end), { prepared: true });
  return segments.map(({ core, residual, leadSdMv }) => ({
    core,
    residual,
    leadSdMv: leadSdMv ? leadSdMv.map((value) => Number(value.toPrecision(4))) : null,
  }));
}

/** A part of a dataset's signal as a record of its own. */
export function windowOf(
  { row, signal, id }: Pick<CorpusRecord, "row" | "signal" | "id">,
  from: number,
  to: number,
): EcgRecord {
  const part = createLeadMatrix(signal.leadCount, to - from);
  for (let lead = 0; lead < signal.leadCount; lead++) {
    leadSamples(part, lead).set(leadSamples(signal, lead).subarray(from, to));
  }
  return {
    id,
    samplingRateHz: row.samplingRateHz,
    leads: row.leads,
    signal: part,
    patient: {},
    statements: [],
    sourceLabels: [],
    labelScope: [],
    identity: row.identity,
    provenance: {
      format: "dataset",
      path: row.files.signal,
      sha256: row.original.sha256,
      ...(row.amplitudeUnit === "z" ? { amplitudeUnit: "z" as const } : {}),
    },
  };
}

async function readKept(path: string): Promise<Map<string, KeptViews>> {
  const text = await readFile(path, "utf8").catch(() => "[]");
  return new Map(JSON.parse(text) as [string, KeptViews][]);
}
