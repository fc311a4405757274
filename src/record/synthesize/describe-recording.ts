// A short written report of a synthetic recording, in the words of a clinical reading.
import type { Statement } from "../statement.ts";
import type { SyntheticIntervals } from "./tell-truth.ts";

/** Rhythm and rate first, then axis and intervals, then every other statement, then noise. */
export function describeRecording(intervals: SyntheticIntervals, statements: readonly Statement[]): string {
  const inDimension = (dimension: string): readonly Statement[] =>
    statements.filter((statement) => statement.dimensions[0] === dimension);
  const rhythm = inDimension("rhythm").map((statement) => statement.name);
  const rate =
    intervals.heartRateBpm === null ? [] : [`ventricular rate ${Math.round(intervals.heartRateBpm)}/min`];
  const axis = statements.filter(
    (statement) => statement.code.value.endsWith("axis") || statement.code.value.includes("axis-"),
  );
  const others = inDimension("misc").filter((statement) => !axis.includes(statement));
  const sentences = [
    [...rhythm, ...rate].join(", "),
    axis.map((statement) => statement.name).join(", "),
    describeIntervals(intervals),
    ...inDimension("diagnosis").map(withText),
    ...inDimension("waveform").map(withText),
    ...others.map(withText),
  ];
  return sentences
    .filter((sentence) => sentence !== "")
    .map((sentence) => `${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}.`)
    .join(" ");
}

function describeIntervals(intervals: SyntheticIntervals): string {
  const parts = [
    intervals.prMs === null ? undefined : `PR ${Math.round(intervals.prMs)} ms`,
    `QRS ${Math.round(intervals.qrsMs)} ms`,
    `QT ${Math.round(intervals.qtMs)} ms`,
    intervals.qtcBazettMs === null ? undefined : `QTc ${Math.round(intervals.qtcBazettMs)} ms (Bazett)`,
  ];
  return parts.filter((part) => part !== undefined).join(", ");
}

function withText(statement: Statement): string {
  const where = statement.text;
  if (where === undefined) return statement.name;
  return /^(I|V|a)/.test(where) ? `${statement.name} in ${where}` : `${statement.name} (${where})`;
}
