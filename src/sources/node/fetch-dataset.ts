// fetchDataset: every listed file of a public data set into a folder, checked against its SHA256SUMS.txt. Node only.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { EcgError, errorMessage } from "../../shared/errors.ts";
import { writeFileAtomic } from "../../shared/write-file-atomic.ts";
import { CHECKSUM_LIST, type ListedFile, parseChecksumList, selectFiles } from "../fetch/checksum-list.ts";
import { fetchFile } from "./fetch-file.ts";

export type FetchPlan = {
  /** Folder of the files; ends with a slash. */
  readonly url: string;
  readonly files: readonly ListedFile[];
  /** `SHA256SUMS.txt` as it came. */
  readonly listText: string;
};

export type FetchDatasetOptions = {
  /** Transfers at the same time. Default 4. */
  readonly parallel?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly retryDelayMs?: number | undefined;
  /** Files that are done, of how many, and the bytes that have arrived. */
  readonly onProgress?: ((done: number, total: number, bytes: number) => void) | undefined;
};

export type FetchSummary = {
  readonly files: number;
  readonly fetched: number;
  /** Were there already and right. */
  readonly kept: number;
  /** That arrived in this call. */
  readonly bytes: number;
};

const PARALLEL = 4;

/**
 * Ask for the list of files; nothing is written.
 * @param only files and folders of the data set; everything without it.
 * @throws EcgError REMOTE_FAILED without an answer, as `parseChecksumList` and `selectFiles`.
 */
export async function planFetch(
  url: string,
  only?: readonly string[],
  signal?: AbortSignal,
): Promise<FetchPlan> {
  const folder = url.endsWith("/") ? url : `${url}/`;
  const where = `${folder}${CHECKSUM_LIST}`;
  const listText = await readList(where, signal);
  return { url: folder, files: selectFiles(parseChecksumList(listText, where), only, where), listText };
}

async function readList(where: string, signal: AbortSignal | undefined): Promise<string> {
  const hint = "check the network and the address; --from names another place that has the data set";
  let answer: Response;
  try {
    answer = await fetch(where, signal ? { signal } : {});
    if (answer.ok) return await answer.text();
  } catch (cause) {
    const inner = cause instanceof Error && cause.cause ? cause.cause : cause;
    const message = `${where}: expected the list of files, got ${errorMessage(inner)}`;
    throw new EcgError(signal?.aborted ? "ABORTED" : "REMOTE_FAILED", message, { hint, cause });
  }
  await answer.body?.cancel();
  const { status } = answer;
  throw new EcgError("REMOTE_FAILED", `${where}: expected the list of files, got HTTP status ${status}`, {
    hint,
    details: { status },
  });
}

/** How many of a plan's files are there by name; their content is checked when they are fetched. */
export function countThere(plan: FetchPlan, out: string): number {
  return plan.files.filter(({ name }) => existsSync(join(out, name))).length;
}

/**
 * Fetch the files of a plan into `out`. The first failure stops the others; what has arrived is kept, so that the same
 * call goes on with it. `SHA256SUMS.txt` is written last: where it stands, every file of the plan was checked.
 * @throws EcgError as `fetchFile`.
 */
export async function fetchDataset(
  plan: FetchPlan,
  out: string,
  options: FetchDatasetOptions = {},
): Promise<FetchSummary> {
  const { parallel = PARALLEL, signal, retryDelayMs, onProgress } = options;
  const { files } = plan;
  const failing = new AbortController();
  const either = signal ? AbortSignal.any([signal, failing.signal]) : failing.signal;
  const counts = { fetched: 0, kept: 0, bytes: 0 };
  const tell = (): void => onProgress?.(counts.fetched + counts.kept, files.length, counts.bytes);
  const onBytes = (count: number): void => {
    counts.bytes += count;
    tell();
  };
  const queue = files.values();
  let failure: unknown;
  const work = async (): Promise<void> => {
    for (const { name, sha256 } of queue) {
      if (either.aborted) return;
      const url = plan.url + name.split("/").map(encodeURIComponent).join("/");
      try {
        const result = await fetchFile(url, join(out, name), {
          sha256,
          signal: either,
          onBytes,
          retryDelayMs,
        });
        counts[result]++;
        tell();
      } catch (error) {
        failure ??= error;
        failing.abort();
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(parallel, files.length) }, work));
  if (failure !== undefined) throw failure;
  if (signal?.aborted)
    throw new EcgError("ABORTED", `${plan.url}: stopped`, { hint: "run it again to go on" });
  await writeFileAtomic(join(out, CHECKSUM_LIST), plan.listText);
  return { files: files.length, ...counts };
}
