// Onset, peak and offset of P waves, QRS complexes and T waves from `(`, `p`/`N`/`t`, `)` annotations.
import type { WfdbAnnotation } from "../wfdb/wfdb-annotation.ts";

/** A wave of one beat in one lead; samples count from the start of the record at its own rate. */
export type WaveBoundary = {
  readonly wave: "P" | "QRS" | "T";
  /** Absent where the annotator marked no onset (paced beats, a wave at the edge). */
  readonly onsetSample?: number;
  readonly peakSample: number;
  readonly offsetSample?: number;
};

const WAVES: Readonly<Record<string, WaveBoundary["wave"]>> = { p: "P", N: "QRS", t: "T" };
/** A bracket pair without a peak, this many samples after one without offset, belongs to it (paced beats). */
const LATE_BRACKET_SAMPLES = 10;

/**
 * Waves in the order of their peaks.
 *
 * LUDB's files are not all clean: a wave without onset or offset keeps what it has; a wave marked several times
 * over (`(((ttt)))`) is one wave at the medians; a pair `()` without a peak is the offset of a QRS right before
 * it, else it is left out. Other annotations are ignored.
 */
export function groupWaveBoundaries(annotations: readonly WfdbAnnotation[]): WaveBoundary[] {
  const marks = annotations.filter(({ symbol }) => symbol === "(" || symbol === ")" || symbol in WAVES);
  const waves: WaveBoundary[] = [];
  let at = 0;
  const takeRun = (symbol: string): number[] => {
    const run: number[] = [];
    for (; marks[at]?.symbol === symbol; at++) run.push(marks[at]!.sample);
    return run;
  };
  while (at < marks.length) {
    const onsets = takeRun("(");
    const symbol = marks[at]?.symbol ?? "";
    const peaks = symbol in WAVES ? takeRun(symbol) : [];
    const offsets = takeRun(")");
    if (peaks.length > 0) waves.push(toWave(WAVES[symbol]!, onsets, peaks, offsets));
    else closeLast(waves, onsets, offsets);
  }
  return waves;
}

function toWave(
  wave: WaveBoundary["wave"],
  onsets: readonly number[],
  peaks: readonly number[],
  offsets: readonly number[],
): WaveBoundary {
  return {
    wave,
    ...(onsets.length > 0 && { onsetSample: median(onsets) }),
    peakSample: median(peaks),
    ...(offsets.length > 0 && { offsetSample: median(offsets) }),
  };
}

function closeLast(waves: WaveBoundary[], onsets: readonly number[], offsets: readonly number[]): void {
  const last = waves.at(-1);
  if (!last || last.offsetSample !== undefined || onsets.length === 0 || offsets.length === 0) return;
  if (median(onsets) - last.peakSample > LATE_BRACKET_SAMPLES) return;
  waves[waves.length - 1] = { ...last, offsetSample: median(offsets) };
}

/** The middle value of a rising list; the lower one of two. */
function median(values: readonly number[]): number {
  return values[(values.length - 1) >> 1]!;
}
