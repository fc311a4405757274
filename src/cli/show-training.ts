// What a training shows while it runs, and at its end: one line an event on stderr, one for the summary.
import type { TrainingEvent, TrainingSummary } from "../training/training-event.ts";
import { printJson, printLine, printNote } from "./print.ts";
import { formatSeconds, type Progress, startProgress } from "./progress.ts";

/** Takes events of a run of `steps`; call `finish` at its end. */
export function showTraining({ steps }: { readonly steps: number }): {
  show: (event: TrainingEvent) => void;
  finish: () => void;
} {
  let loading: { source: string; bar: Progress } | undefined;
  const line = (text: string): void => {
    loading?.bar.finish();
    loading = undefined;
    printNote(text);
  };
  return {
    show(event) {
      if (event.kind === "loading") {
        if (loading?.source !== event.source) {
          loading?.bar.finish();
          const { source, total } = event;
          loading = { source, bar: startProgress({ label: `read ${source}`, total, unit: "recordings" }) };
        }
        loading.bar.update(event.done);
      } else if (event.kind === "note") line(event.text);
      else if (event.kind === "checkpoint") return;
      else if (event.kind === "step") {
        const rate = `${event.stepsPerSecond.toFixed(2)} steps/s`;
        const left = `${formatSeconds(event.secondsLeft)} left`;
        line(`step ${event.step}/${steps}  ${formatNumbers(event.losses)}  ${rate}  ${left}`);
      } else line(`  val after ${event.step}: ${formatNumbers(event.scores)}${event.best ? "  best" : ""}`);
    },
    finish: () => loading?.bar.finish(),
  };
}

function formatNumbers(values: Readonly<Record<string, number>>): string {
  return Object.entries(values)
    .map(([name, value]) => `${name} ${value >= 100 ? value.toFixed(0) : value.toFixed(3)}`)
    .join("  ");
}

/** What ends a training: its summary on stdout, exit code 1 and a hint when it was stopped before its end. */
export function printTrainingSummary(
  summary: TrainingSummary,
  { out, json = false }: { readonly out: string; readonly json?: boolean | undefined },
): void {
  const { outcome, step, best, seconds } = summary;
  const found = best ? `best ${best.score.toFixed(4)} after step ${best.step}` : "not scored yet";
  if (json) printJson(summary);
  else
    printLine(
      `${outcome} after ${step} steps in ${formatSeconds(seconds)}; ${found}; see ${out}/report.html`,
    );
  if (outcome !== "interrupted") return;
  printNote("hint: go on later with --resume");
  process.exitCode = 1;
}
