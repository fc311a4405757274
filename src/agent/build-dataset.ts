// HeartAgent: from folders of recordings to a dataset of questions (paper A, Figure 2).
import { join } from "node:path";
import { auditDataset } from "../dataset/audit/audit-dataset.ts";
import type { AuditReport } from "../dataset/audit/audit-report.ts";
import type { DatasetManifest } from "../dataset/manifest.ts";
import { writeCard } from "../dataset/write-card.ts";
import { diskFileStore } from "../shared/disk-file-store.ts";
import { toJsonLines } from "../shared/json-lines.ts";
import { writeFileAtomic } from "../shared/write-file-atomic.ts";
import { planBuild } from "./build-plan.ts";
import { describeLimits } from "./describe-limits.ts";
import { makeManifest } from "./make-manifest.ts";
import { measureItemLeak } from "./measure-item-leak.ts";
import { prepareOutput } from "./prepare-output.ts";
import { processSources, type SkippedRecord } from "./process-sources.ts";
import { uniteRecordings } from "./unite-recordings.ts";
import { writeQuestions } from "./write-questions.ts";

export type BuildOptions = {
  readonly out: string;
  readonly seed: number;
  /** Threads that read and draw. */
  readonly workers: number;
  /** At most this many recordings a source, drawn by the seed. */
  readonly limit?: number | undefined;
  /** Go on with an interrupted build in `out`; without it `out` must be new or hold a finished dataset to replace. */
  readonly resume?: boolean;
  /** Draw pages and ask about images. Default true. */
  readonly images?: boolean;
  readonly dpi?: number;
  readonly mainsHz?: 50 | 60;
  /** Figure 7's rule 2 to the letter. */
  readonly figure7Strict?: boolean;
  /** Say measured intervals in the context of questions. */
  readonly measuredContext?: boolean;
  /** Compare waveforms after building. Default true. */
  readonly audit?: boolean;
  readonly onProgress?: ((done: number, total: number, step: string) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
};

export type BuildResult = {
  readonly manifest: DatasetManifest;
  readonly skipped: readonly SkippedRecord[];
  readonly audit: AuditReport | undefined;
  /** Dx codes and the like that no table knows, with how many recordings carry each. */
  readonly unknownLabels: Readonly<Record<string, number>>;
};

/** Pages at 100 dpi: a 3x4 page of A4 size is about 1,170 pixels wide. */
const DEFAULT_DPI = 100;

/**
 * Build a dataset folder from sources: read, clean, pick windows, measure and draw in worker threads; unite files
 * of one recording; write questions; count, audit, describe.
 *
 * The same sources, seed and options give the same items byte for byte, whatever the number of workers. Killed at
 * any point, `resume` goes on after the last finished recording; the manifest is written last, so a folder with one
 * is whole. A broken recording is skipped and listed in `skipped.jsonl`.
 * @throws EcgError NOT_FOUND / INVALID_FILE for a source that is none, INVALID_OPTION for an occupied `out`,
 *   ABORTED when stopped.
 */
export async function buildDataset(sources: readonly string[], options: BuildOptions): Promise<BuildResult> {
  const { out, seed, images = true, dpi = DEFAULT_DPI, mainsHz = 50 } = options;
  const plan = await planBuild(diskFileStore, sources, {
    limit: options.limit,
    seed,
    shaping: { images, dpi, mainsHz },
  });
  await prepareOutput(out, { resume: options.resume === true, fingerprint: plan.fingerprint });
  const setup = { out, images, dpi, mainsHz, sources: plan.sources };
  const processed = await processSources(plan, setup, {
    workers: options.workers,
    signal: options.signal,
    onProgress: (done, total) => options.onProgress?.(done, total, "recordings"),
  });
  const united = uniteRecordings(processed.records);
  await writeFileAtomic(join(out, "skipped.jsonl"), toJsonLines(processed.skipped));
  await writeFileAtomic(join(out, "same-recording.jsonl"), toJsonLines(united.same));
  await writeFileAtomic(join(out, "records.jsonl"), toJsonLines(united.records));
  const questions = await writeQuestions(united.records, {
    ...options,
    images,
    questionPaths: plan.questionPaths,
  });
  const manifest = makeManifest({ plan, processed, united, questions, options });
  await writeFileAtomic(join(out, "manifest.json"), `${JSON.stringify(manifest, null, 2)}\n`);
  const audit = options.audit === false ? undefined : await auditDataset(out, options);
  const textLeak = measureItemLeak(questions.itemsBySplit, seed);
  await writeCard(out, { manifest, audit, textLeak, limits: describeLimits(united.records) });
  return { manifest, skipped: processed.skipped, audit, unknownLabels: countUnknownLabels(united.records) };
}

function countUnknownLabels(
  records: readonly { readonly unknownLabels: readonly string[] }[],
): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const record of records) {
    for (const label of record.unknownLabels) counts[label] = (counts[label] ?? 0) + 1;
  }
  return counts;
}
