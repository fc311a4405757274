// The worker thread in which `heartcare beat train` computes. Node only.
import { serveWorker } from "./run-in-worker.ts";
import { type TrainBeatOptions, trainBeat } from "./train-beat.ts";
import type { TrainingSummary } from "./training-event.ts";

await serveWorker<Omit<TrainBeatOptions, "signal" | "onEvent">, TrainingSummary>((options, hooks) =>
  trainBeat({ ...options, ...hooks }),
);
