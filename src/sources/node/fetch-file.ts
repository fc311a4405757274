// fetchFile: one file over HTTP, gone on with where it stopped, and there only when its SHA-256 is right. Node only.
import { createHash } from "node:crypto";
import { createReadStream, existsSync } from "node:fs";
import { mkdir, open, rename, rm, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { EcgError, errorMessage } from "../../shared/errors.ts";

export type FetchFileOptions = {
  /** Lower-case hexadecimal SHA-256 that the file must have. */
  readonly sha256: string;
  readonly signal?: AbortSignal | undefined;
  /** Told of every piece that arrived. */
  readonly onBytes?: ((count: number) => void) | undefined;
  /** Wait before the first retry, doubled each time. Default 1,000. */
  readonly retryDelayMs?: number | undefined;
};

/** `kept`: it was there and right. `fetched`: it was not. */
export type FetchedFile = "kept" | "fetched";

/** Attempts without progress before giving up. */
const MOST_ATTEMPTS = 4;
const RETRY_DELAY_MS = 1000;
/** Statuses that another attempt may change. */
const PASSING_STATUSES: ReadonlySet<number> = new Set([408, 425, 429, 500, 502, 503, 504]);
/** Causes that another attempt may change; a refused connection or an unknown host is told at once. */
const PASSING_CAUSES = /^(ECONNRESET|EPIPE|ETIMEDOUT|EAI_AGAIN|UND_ERR_\w+)$/;

/**
 * Fetch `url` to `path`. What has arrived stands in `<path>.partial` and is gone on with, in this call and in the next,
 * by an HTTP range; `path` itself appears whole and checked or not at all. A file that is there already with the right
 * SHA-256 is not asked for; one with another is replaced.
 * @throws EcgError REMOTE_FAILED (no answer, or not with the file), CHECKSUM_MISMATCH, INVALID_FILE for a folder in
 * its place, WRITE_FAILED, ABORTED.
 */
export async function fetchFile(url: string, path: string, options: FetchFileOptions): Promise<FetchedFile> {
  const { sha256 } = options;
  if (existsSync(path) && (await hashFile(path)) === sha256) return "kept";
  const partial = `${path}.partial`;
  await writing(path, () => mkdir(dirname(path), { recursive: true }));
  let resumed = (await sizeOf(partial)) > 0;
  // an earlier call may have been ended between the last byte and the check
  let whole = resumed && (await hashFile(partial)) === sha256;
  while (!whole) {
    await transfer(url, partial, options);
    const found = await hashFile(partial);
    whole = found === sha256;
    if (whole) break;
    await rm(partial, { force: true });
    if (!resumed) {
      throw new EcgError("CHECKSUM_MISMATCH", `${url}: expected SHA-256 ${sha256}, got ${found}`, {
        hint: "the file differs from the list of checksums; try later, or another place with --from",
        details: { expected: sha256, found },
      });
    }
    // the beginning may have been of another version: once more from the first byte
    resumed = false;
  }
  await writing(path, () => rename(partial, path));
  return "fetched";
}

/** Attempts until the body has ended; waits grow while nothing new arrives. */
async function transfer(url: string, partial: string, options: FetchFileOptions): Promise<void> {
  const { signal, retryDelayMs = RETRY_DELAY_MS } = options;
  let furthest = await sizeOf(partial);
  for (let attempt = 1; ; attempt++) {
    const failure = await attemptTransfer(url, partial, options);
    if (!failure) return;
    if (signal?.aborted) throw stopped(url, failure);
    if (!failure.passing || attempt >= MOST_ATTEMPTS) throw failure.error;
    const size = await sizeOf(partial);
    if (size > furthest) attempt = 0;
    furthest = Math.max(furthest, size);
    await wait(retryDelayMs * 2 ** attempt, undefined, signal ? { signal } : {}).catch((cause: unknown) => {
      throw stopped(url, cause);
    });
  }
}

type Failure = { readonly error: EcgError; readonly passing: boolean };

async function attemptTransfer(
  url: string,
  partial: string,
  { signal, onBytes }: FetchFileOptions,
): Promise<Failure | undefined> {
  const have = await sizeOf(partial);
  let response: Response;
  try {
    response = await fetch(url, {
      // ranges count bytes of the file, not of a compressed form of it; with a range fetch asks for that by itself
      headers: have > 0 ? { range: `bytes=${have}-` } : { "accept-encoding": "identity" },
      ...(signal ? { signal } : {}),
    });
  } catch (cause) {
    return noAnswer(url, cause);
  }
  const { status, body } = response;
  if (status === 416) {
    await body?.cancel();
    await rm(partial, { force: true });
    return { error: refused(url, status), passing: have > 0 };
  }
  if (status !== 200 && status !== 206) {
    await body?.cancel();
    return { error: refused(url, status), passing: PASSING_STATUSES.has(status) };
  }
  const goesOn = status === 206 && response.headers.get("content-range")?.startsWith(`bytes ${have}-`);
  if (status === 206 && !goesOn) {
    await body?.cancel();
    await rm(partial, { force: true });
    return { error: refused(url, status), passing: have > 0 };
  }
  const file = await writing(partial, () => open(partial, goesOn ? "a" : "w"));
  try {
    for await (const piece of body ?? []) {
      await writing(partial, () => file.writeFile(piece));
      onBytes?.(piece.byteLength);
    }
  } catch (cause) {
    if (EcgError.isInstance(cause)) throw cause;
    return { ...noAnswer(url, cause), passing: true };
  } finally {
    await file.close();
  }
  return undefined;
}

function noAnswer(url: string, cause: unknown): Failure {
  const inner = cause instanceof Error && cause.cause instanceof Error ? cause.cause : cause;
  const code = inner instanceof Error && "code" in inner ? String(inner.code) : "";
  const error = new EcgError("REMOTE_FAILED", `${url}: expected the file, got ${errorMessage(inner)}`, {
    hint: "check the network and run the same command again: it goes on where it stopped; --from names another place",
    details: { code },
    cause,
  });
  return { error, passing: PASSING_CAUSES.test(code) };
}

function refused(url: string, status: number): EcgError {
  return new EcgError("REMOTE_FAILED", `${url}: expected the file, got HTTP status ${status}`, {
    hint:
      status === 404
        ? "the data set may have moved to a new version; --from names another place"
        : "run the same command again later: it goes on where it stopped",
    details: { status },
  });
}

function stopped(url: string, cause: unknown): EcgError {
  return new EcgError("ABORTED", `${url}: stopped`, {
    hint: "run the same command again: it goes on where it stopped",
    cause,
  });
}

async function writing<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    throw new EcgError("WRITE_FAILED", `${path}: expected to write a file, got ${errorMessage(cause)}`, {
      hint: "check free space and permissions",
      cause,
    });
  }
}

async function sizeOf(path: string): Promise<number> {
  return existsSync(path) ? (await stat(path)).size : 0;
}

/** Lower-case hexadecimal SHA-256 of a file of any size. */
async function hashFile(path: string): Promise<string> {
  const hash = createHash("sha256");
  try {
    for await (const piece of createReadStream(path)) hash.update(piece as Uint8Array);
  } catch (cause) {
    throw new EcgError("INVALID_FILE", `${path}: expected a file to check, got ${errorMessage(cause)}`, {
      cause,
    });
  }
  return hash.digest("hex");
}
