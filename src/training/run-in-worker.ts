// Training in a worker thread: ONNX Runtime blocks the thread that it computes on. Node only.
import { parentPort, type ResourceLimits, workerData } from "node:worker_threads";
import { EcgError, type EcgErrorCode, errorMessage } from "../shared/errors.ts";
import { startWorker } from "../shared/start-worker.ts";
import type { TrainingEvent } from "./training-event.ts";

type FromWorker =
  | { readonly kind: "event"; readonly event: TrainingEvent }
  | { readonly kind: "result"; readonly result: unknown }
  | { readonly kind: "error"; readonly error: PlainError };

type PlainError = {
  readonly code: EcgErrorCode | undefined;
  readonly message: string;
  readonly stack: string | undefined;
  readonly hint: string | undefined;
  readonly details: Readonly<Record<string, unknown>>;
};

export type WorkerHooks = {
  readonly signal?: AbortSignal;
  readonly onEvent?: (event: TrainingEvent) => void;
};

/**
 * Run a module that calls {@link serveWorker}, with plain `data`. On the signal the worker is asked to stop: it
 * finishes its step, saves, and its result comes as usual.
 * @param hooks `resourceLimits` are those of the worker's heap; arrays of numbers live outside it.
 * @throws EcgError what the work threw.
 */
export async function runInWorker<Result>(
  module: URL,
  data: unknown,
  hooks: WorkerHooks & { readonly resourceLimits?: ResourceLimits } = {},
): Promise<Result> {
  const { resourceLimits } = hooks;
  const worker = startWorker(module, { workerData: data, ...(resourceLimits ? { resourceLimits } : {}) });
  const stop = (): void => worker.postMessage("stop");
  if (hooks.signal?.aborted) stop();
  hooks.signal?.addEventListener("abort", stop);
  try {
    return await new Promise<Result>((resolve, reject) => {
      worker.on("message", (message: FromWorker) => {
        if (message.kind === "event") hooks.onEvent?.(message.event);
        else if (message.kind === "result") resolve(message.result as Result);
        else reject(fromPlain(message.error));
      });
      worker.on("error", reject);
      worker.on("exit", (code) =>
        reject(new EcgError("TRAINING_FAILED", `worker: expected a result, got exit code ${code}`)),
      );
    });
  } finally {
    hooks.signal?.removeEventListener("abort", stop);
    await worker.terminate();
  }
}

/** Call at the end of a worker module: runs the work, sends its events and its result or error. */
export async function serveWorker<Data, Result>(
  work: (data: Data, hooks: Required<WorkerHooks>) => Promise<Result>,
): Promise<void> {
  const port = parentPort;
  if (!port)
    throw new EcgError("USAGE", "serveWorker: expected to run in a worker thread, got the main thread");
  const send = (message: FromWorker): void => port.postMessage(message);
  const controller = new AbortController();
  port.on("message", () => controller.abort());
  try {
    const result = await work(workerData as Data, {
      signal: controller.signal,
      onEvent: (event) => send({ kind: "event", event }),
    });
    send({ kind: "result", result });
  } catch (error) {
    send({ kind: "error", error: toPlain(error) });
  } finally {
    port.close();
  }
}

function toPlain(error: unknown): PlainError {
  const known = EcgError.isInstance(error) ? error : undefined;
  return {
    code: known?.code,
    message: errorMessage(error),
    stack: error instanceof Error ? error.stack : undefined,
    hint: known?.hint,
    details: JSON.parse(JSON.stringify(known?.details ?? {})) as Record<string, unknown>,
  };
}

function fromPlain({ code, message, stack, hint, details }: PlainError): Error {
  const error = code
    ? new EcgError(code, message, { ...(hint ? { hint } : {}), details })
    : new Error(message);
  if (stack !== undefined) error.stack = stack;
  return error;
}
