// An answer of a model for people, and for programs.
import { layoutForecast } from "../beat/layout-forecast.ts";
import type { QuestionAnswer } from "../model/dspa/ask-question.ts";
import type { QuestionEvidence } from "../model/dspa/question-evidence.ts";
import { describeRecording } from "../model/dspa/render-report.ts";
import { leadSamples } from "../record/lead-matrix.ts";
import { printLine, printNote } from "./print.ts";
import { writePicture } from "./write-picture.ts";

/** The answer as plain JSON; a forecast with its samples by lead. */
export function answerJson({ forecast, ...answer }: QuestionAnswer): Record<string, unknown> {
  if (!forecast) return answer;
  const { recordId, samplingRateHz, unit, startSeconds, seconds, leads, signal } = forecast;
  const samples = leads.map((lead, index) => [lead, Array.from(leadSamples(signal, index))]);
  return {
    ...answer,
    forecast: { recordId, samplingRateHz, unit, startSeconds, seconds, leads: Object.fromEntries(samples) },
  };
}

/** The answer in lines. Words that were printed while they came are not repeated. */
export function printAnswer(answer: QuestionAnswer, options: { readonly streamed: boolean }): void {
  if (answer.kind === "open" && options.streamed) printLine(answer.answer === "" ? "(no words)" : "");
  else printLine(answer.answer);
  if (answer.finish === "length") printNote("(cut off: --max-new-tokens allows more)");
  const { options: offered, shares, read = [] } = answer;
  if (!offered || !shares) return;
  const parts = offered.map(
    (_, index) => `${"ABCDEFGH"[index]} ${(100 * (shares[index] ?? 0)).toFixed(1)} %`,
  );
  printLine(`shares: ${parts.join(", ")}`);
  for (const [index, statements] of read.entries()) {
    const names = statements.map(({ name, share }) => `${name} ${(100 * share).toFixed(0)}`);
    const which = read.length > 1 ? ` from ${["the first", "the second"][index]}` : "";
    printLine(
      `read${which}: ${names.length > 0 ? names.join(", ") : "no statement that it takes to be present"}`,
    );
  }
}

/** What went in, a line each. */
export function printEvidence({ model, recordings }: QuestionEvidence): void {
  printLine(`model: ${model}`);
  for (const recording of recordings) {
    for (const line of describeRecording(recording)) printLine(`went in: ${line}`);
  }
}

/** The figure of a forecast; a remark where there is none to draw. */
export async function drawForecast(path: string, { forecast }: QuestionAnswer): Promise<boolean> {
  if (!forecast) {
    printNote(`no picture: the question does not ask for what comes next, so ${path} is not written`);
    return false;
  }
  await writePicture(path, layoutForecast(forecast.before, forecast));
  return true;
}
