// trainBeat in a worker thread, so that the caller's thread can show progress and hear Ctrl-C. Node only.
import { runInWorker } from "./run-in-worker.ts";
import type { TrainBeatOptions } from "./train-beat.ts";
import type { TrainingSummary } from "./training-event.ts";

/** Beat's training makes few short-lived objects: Node's default for them would take 70 MB. */
const RESOURCE_LIMITS = { maxYoungGenerationSizeMb: 8 };

/** As `trainBeat`; events and the stop signal cross the threads. */
export function trainBeatInWorker({
  signal,
  onEvent,
  ...options
}: TrainBeatOptions): Promise<TrainingSummary> {
  const hooks = {
    ...(signal ? { signal } : {}),
    ...(onEvent ? { onEvent } : {}),
    resourceLimits: RESOURCE_LIMITS,
  };
  return runInWorker<TrainingSummary>(new URL("./train-beat-worker.ts", import.meta.url), options, hooks);
}
