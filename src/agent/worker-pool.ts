// A few worker threads that take tasks one after another; results come back in the order they finish.
import type { Worker } from "node:worker_threads";
import { EcgError } from "../shared/errors.ts";
import { startWorker } from "../shared/start-worker.ts";

export type PoolOptions<Setup> = {
  /** Module that answers each posted task with one message. */
  readonly module: URL;
  readonly workers: number;
  /** Given to every worker as `workerData`. */
  readonly setup: Setup;
  readonly signal?: AbortSignal | undefined;
};

/**
 * Run every task on one of `workers` threads and yield `{ index, result }` as they finish.
 *
 * At most one task a worker is under way, so memory does not grow with the number of tasks. A worker that dies
 * ends the run with its error; an abort stops all threads at once.
 */
export async function* runOnPool<Setup, Task, Result>(
  tasks: readonly Task[],
  options: PoolOptions<Setup>,
): AsyncGenerator<{ index: number; result: Result }> {
  const finished: { index: number; result: Result }[] = [];
  let failure: unknown;
  let wake: (() => void) | undefined;
  let next = 0;
  let delivered = 0;
  const workers: Worker[] = [];
  const notify = (): void => wake?.();
  const feed = (worker: Worker): void => {
    if (next < tasks.length) worker.postMessage({ index: next, task: tasks[next++] });
  };
  const fail = (error: unknown): void => {
    failure ??= error;
    notify();
  };
  const onAbort = (): void =>
    fail(new EcgError("ABORTED", "stopped by the user", { hint: "go on later with --resume" }));
  options.signal?.addEventListener("abort", onAbort);
  if (options.signal?.aborted) onAbort();
  try {
    for (let id = 0; id < Math.min(options.workers, tasks.length); id++) {
      const worker = startWorker(options.module, { workerData: options.setup });
      workers.push(worker);
      worker.on("message", (message: { index: number; result: Result }) => {
        finished.push(message);
        feed(worker);
        notify();
      });
      worker.on("error", fail);
      worker.on("exit", (code) => {
        if (delivered + finished.length < tasks.length) {
          fail(new EcgError("ABORTED", `worker thread: expected to work on, got exit code ${code}`));
        }
      });
      feed(worker);
    }
    while (delivered < tasks.length) {
      if (failure !== undefined) throw failure;
      const message = finished.shift();
      if (message) {
        delivered++;
        yield message;
      } else {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    }
  } finally {
    options.signal?.removeEventListener("abort", onAbort);
    await Promise.all(workers.map((worker) => worker.removeAllListeners("exit").terminate()));
  }
}
