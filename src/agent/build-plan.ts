// The plan of a build: every recording of every source in a fixed order, so that a resumed build does the same.
import type { FileStore } from "../shared/byte-source.ts";
import { EcgError } from "../shared/errors.ts";
import { hashText } from "../shared/rng.ts";
import { detectFormat } from "../sources/detect-format.ts";
import { type OpenOptions, openSource } from "../sources/open-source.ts";
import { recordStem } from "./process-record.ts";
import type { ProcessTask } from "./process-worker.ts";

export type PlannedSource = {
  readonly name: string;
  readonly format: string;
  readonly path: string;
  readonly open: OpenOptions;
  readonly records: number;
};

export type BuildPlan = {
  readonly sources: readonly PlannedSource[];
  readonly tasks: readonly ProcessTask[];
  /** Files or folders of ECG-QA questions: no recordings, but more items about those that are there. */
  readonly questionPaths: readonly string[];
  /** Changes whenever the sources or an option that shapes the records change. */
  readonly fingerprint: string;
};

export type PlanOptions = {
  /** At most this many recordings a source, drawn by the seed. */
  readonly limit?: number | undefined;
  readonly seed: number;
  /** Anything else that shapes the processed records. */
  readonly shaping: Readonly<Record<string, unknown>>;
};

/**
 * List every source. @throws EcgError as `openSource` does (nothing there, no known format), INVALID_FILE when the
 * sources hold no recording at all.
 */
export async function planBuild(
  store: FileStore,
  paths: readonly string[],
  options: PlanOptions,
): Promise<BuildPlan> {
  const sources: PlannedSource[] = [];
  const tasks: ProcessTask[] = [];
  const questionPaths: string[] = [];
  for (const path of paths) {
    if ((await detectFormat(store, path)).format === "ecg-qa") {
      questionPaths.push(path);
      continue;
    }
    const sourceIndex = sources.length;
    // Every source may know the patients of another one's recordings (PTB-XL those of the Challenge).
    const open: OpenOptions = { identityTables: paths };
    const source = await openSource(store, path, open);
    const references = drawReferences(await source.list(), options);
    const name = uniqueName(source.format, sources);
    sources.push({ name, format: source.format, path, open, records: references.length });
    for (const reference of references)
      tasks.push({ sourceIndex, reference, stem: recordStem(name, reference.id) });
  }
  if (tasks.length === 0) {
    throw new EcgError("INVALID_FILE", `${paths.join(", ")}: expected recordings, found none`, {
      hint: "give folders of WFDB, PTB-XL, Challenge, LUDB, CSV or .npy recordings",
    });
  }
  const described = JSON.stringify([
    sources,
    tasks,
    questionPaths,
    options.limit ?? null,
    options.seed,
    options.shaping,
  ]);
  const fingerprint = [0, 1, 2]
    .map((salt) =>
      hashText(described, salt + 1)
        .toString(16)
        .padStart(8, "0"),
    )
    .join("");
  return { sources, tasks, questionPaths, fingerprint };
}

function drawReferences<T extends { readonly id: string }>(
  references: readonly T[],
  options: PlanOptions,
): T[] {
  if (options.limit === undefined || references.length <= options.limit) return [...references];
  const order = new Map(
    references.map((reference) => [reference, hashText(`${options.seed}:${reference.id}`)]),
  );
  const kept = new Set(
    [...references].sort((a, b) => (order.get(a) ?? 0) - (order.get(b) ?? 0)).slice(0, options.limit),
  );
  return references.filter((reference) => kept.has(reference));
}

/** Two folders of one format must not write to the same file names. */
function uniqueName(format: string, sources: readonly PlannedSource[]): string {
  const same = sources.filter((source) => source.format === format).length;
  return same === 0 ? format : `${format}${same + 1}`;
}
