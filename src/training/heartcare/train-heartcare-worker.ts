// The worker thread in which `heartcare model train` computes. Node only.
import { serveWorker } from "../run-in-worker.ts";
import type { TrainingSummary } from "../training-event.ts";
import { type TrainHeartcareOptions, trainHeartcare } from "./train-heartcare.ts";

await serveWorker<Omit<TrainHeartcareOptions, "signal" | "onEvent">, TrainingSummary>((options, hooks) =>
  trainHeartcare({ ...options, ...hooks }),
);
