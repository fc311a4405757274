// Pairs of recordings of different patients that are the same ECG, whatever its name, rate, scale, shift or crop.
import type { DatasetRecord } from "../dataset-record.ts";
import type { AuditReport, Finding } from "./audit-report.ts";
import { compareWaveforms, SAME_WAVEFORM_CORRELATION } from "./compare-waveforms.ts";
import { descriptorSimilarity, type Fingerprint } from "./fingerprint.ts";

/**
 * Pairs whose descriptors are less alike are not aligned. Copies cropped to 6 s were found down to 0.82, others stay
 * above 0.98. Across splits no copy may be missed; inside a split the looser net would cost most of the time.
 */
const ALIGN_ABOVE_SIMILARITY = { acrossSplits: 0.8, insideSplit: 0.93 };

export type WaveformCopies = {
  readonly findings: readonly Finding[];
  readonly statistics: AuditReport["fingerprints"];
};

type CopyOptions = {
  readonly onProgress?: ((done: number, total: number, step: string) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
};

/**
 * Compare every pair of different patients: first the descriptors, then, where these are alike, the waveforms.
 * `fingerprints[i]` belongs to `records[i]`. Gives the event loop a turn every recording.
 */
export async function findWaveformCopies(
  records: readonly DatasetRecord[],
  fingerprints: readonly Fingerprint[],
  options: CopyOptions = {},
): Promise<WaveformCopies> {
  const findings: Finding[] = [];
  let pairs = 0;
  let aligned = 0;
  let strangers = 0;
  let highestBelow = 0;
  for (const [index, record] of records.entries()) {
    options.signal?.throwIfAborted();
    for (let other = 0; other < index; other++) {
      const candidate = records[other];
      const [first, second] = [fingerprints[other], fingerprints[index]];
      if (!candidate || !first || !second || candidate.identity.patientId === record.identity.patientId)
        continue;
      pairs++;
      const { acrossSplits, insideSplit } = ALIGN_ABOVE_SIMILARITY;
      const enough = candidate.split === record.split ? insideSplit : acrossSplits;
      if (descriptorSimilarity(first, second) < enough) continue;
      aligned++;
      const match = compareWaveforms(first, second);
      if (match.correlation < SAME_WAVEFORM_CORRELATION) {
        highestBelow = Math.max(highestBelow, match.correlation);
        continue;
      }
      if (candidate.identity.patientKnown && record.identity.patientKnown) strangers++;
      findings.push(toFinding(candidate, record, match));
    }
    options.onProgress?.(index + 1, records.length, "comparing waveforms");
    if (index % 50 === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  const statistics = {
    threshold: SAME_WAVEFORM_CORRELATION,
    pairs,
    aligned,
    above: findings.length,
    aboveKnownStrangers: strangers,
    highestBelow: Number(highestBelow.toFixed(4)),
    withoutFingerprint: fingerprints.filter((print) => print.leads.every((lead) => lead === undefined))
      .length,
  };
  return { findings, statistics };
}

function toFinding(
  first: DatasetRecord,
  second: DatasetRecord,
  match: { readonly correlation: number; readonly shiftSeconds: number },
): Finding {
  const correlation = Number(match.correlation.toFixed(4));
  return {
    kind: "fingerprint",
    between: [first.identity.recordingId, second.identity.recordingId],
    splits: [first.split, second.split],
    patientsKnown: first.identity.patientKnown && second.identity.patientKnown,
    detail: `the waveforms are the same (correlation ${correlation} at a shift of ${match.shiftSeconds} s)`,
    correlation,
    shiftSeconds: match.shiftSeconds,
  };
}
