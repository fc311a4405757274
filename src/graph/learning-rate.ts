// Learning-rate schedules: pure functions of the step, so that a resumed run needs no state of theirs.
import { EcgError } from "../shared/errors.ts";

/** The learning rate of a step, counted from 0. */
export type Schedule = (step: number) => number;

export type ScheduleOptions = {
  readonly peak: number;
  /** Steps of the whole run, warm-up included; later steps stay at the end value. */
  readonly steps: number;
  /** Steps of linear rise before the peak. Default 0. Step s of the warm-up has peak * (s + 1) / warmupSteps. */
  readonly warmupSteps?: number;
  /** The end value as a fraction of the peak. Default 0. */
  readonly endFraction?: number;
};

/** The same rate at every step after the warm-up. */
export function constantSchedule(options: ScheduleOptions): Schedule {
  return createSchedule(options, () => 1);
}

/** Falls in a straight line from the peak to the end. */
export function linearSchedule(options: ScheduleOptions): Schedule {
  return createSchedule(options, (progress) => 1 - progress);
}

/** Falls along half a cosine from the peak to the end (Loshchilov & Hutter 2017, without restarts). */
export function cosineSchedule(options: ScheduleOptions): Schedule {
  return createSchedule(options, (progress) => (1 + Math.cos(Math.PI * progress)) / 2);
}

function createSchedule(options: ScheduleOptions, fall: (progress: number) => number): Schedule {
  const { peak, steps, warmupSteps = 0, endFraction = 0 } = options;
  const valid = peak >= 0 && steps >= 1 && warmupSteps >= 0 && warmupSteps <= steps;
  if (!valid || !Number.isFinite(peak)) {
    throw new EcgError(
      "INVALID_OPTION",
      `schedule: expected peak >= 0 and 0 <= warmupSteps <= steps, got peak ${peak}, warmupSteps ${warmupSteps}, steps ${steps}`,
    );
  }
  return (step) => {
    if (step < warmupSteps) return (peak * (step + 1)) / warmupSteps;
    const progress = Math.min(1, (step - warmupSteps) / Math.max(1, steps - warmupSteps));
    return peak * (endFraction + (1 - endFraction) * fall(progress));
  };
}
