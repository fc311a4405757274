// trainHeartcare in a worker thread, so that the caller's thread can show progress and hear Ctrl-C. Node only.
import { runInWorker } from "../run-in-worker.ts";
import type { TrainingSummary } from "../training-event.ts";
import type { TrainHeartcareOptions } from "./train-heartcare.ts";

/** As `trainHeartcare`; events and the stop signal cross the threads. */
export function trainHeartcareInWorker({
  signal,
  onEvent,
  ...options
}: TrainHeartcareOptions): Promise<TrainingSummary> {
  const hooks = { ...(signal ? { signal } : {}), ...(onEvent ? { onEvent } : {}) };
  return runInWorker<TrainingSummary>(
    new URL("./train-heartcare-worker.ts", import.meta.url),
    options,
    hooks,
  );
}
