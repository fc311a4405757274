// A progress bar with rate and time left on stderr; a plain line now and then when it is not a terminal.

/** Tells a waiting person how far long work has come. */
export type Progress = {
  /** `done` units are finished; `note` is a short remark behind the bar. */
  update(done: number, note?: string): void;
  /** Clear the bar and print a last line. */
  finish(text?: string): void;
};

export type ProgressOptions = {
  readonly label: string;
  readonly total: number;
  /** What is counted, e.g. "records". */
  readonly unit: string;
  readonly quiet?: boolean;
};

/** Start a progress display. In a terminal at most ten redraws a second, elsewhere a line every ten seconds. */
export function startProgress(options: ProgressOptions): Progress {
  const { label, total, unit } = options;
  const startedAt = performance.now();
  const terminal = process.stderr.isTTY === true;
  const interval = terminal ? 100 : 10_000;
  let lastDrawn = terminal ? Number.NEGATIVE_INFINITY : startedAt;
  let firstDone: number | undefined;

  const line = (done: number, note: string): string => {
    const seconds = (performance.now() - startedAt) / 1000;
    const rate = seconds > 0 ? (done - (firstDone ?? 0)) / seconds : 0;
    const left = rate > 0 ? formatSeconds((total - done) / rate) : "-";
    const share = total > 0 ? done / total : 1;
    const bar = "█".repeat(Math.round(share * 24)).padEnd(24, "░");
    return `${label} ${bar} ${done}/${total} ${unit}  ${rate.toFixed(rate < 10 ? 1 : 0)}/s  ${left} left${note ? `  ${note}` : ""}`;
  };
  return {
    update(done, note = "") {
      firstDone ??= done > 1 ? done : 0;
      const now = performance.now();
      if (options.quiet || now - lastDrawn < interval) return;
      lastDrawn = now;
      process.stderr.write(terminal ? `\r\x1b[2K${line(done, note)}` : `${line(done, note)}\n`);
    },
    finish(text) {
      if (options.quiet) return;
      if (terminal) process.stderr.write("\r\x1b[2K");
      if (text) process.stderr.write(`${text}\n`);
    },
  };
}

/** Shows work of several steps: a new bar whenever the step's name changes. */
export function showSteps(
  unit: string,
  quiet = false,
): { update: (done: number, total: number, step: string) => void; finish: () => void } {
  let current: { step: string; bar: Progress } | undefined;
  return {
    update(done, total, step) {
      if (current?.step !== step) {
        current?.bar.finish();
        current = { step, bar: startProgress({ label: step, total, unit, quiet }) };
      }
      current.bar.update(done);
    },
    finish: () => current?.bar.finish(),
  };
}

/** 75 -> "1 min 15 s", 8 -> "8 s". */
export function formatSeconds(seconds: number): string {
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}
