// Rhythm from rate, regularity, P waves and spikes.
import { rrStatistics } from "./measure-rhythm.ts";
import type { Measurements } from "./measurements.ts";
import { graded, type Reading } from "./reading.ts";

/** P waves before this share of the beats make a sinus rhythm; before less than that share, none. */
const P_MOSTLY = 0.6;
const P_RARELY = 0.4;
/** Coefficient of variation of RR above which a rhythm without P waves is irregular. */
const IRREGULAR = 0.09;
const SLOW_BPM = 60;
const FAST_BPM = 100;
const REENTRY_BPM = 150;
/** Sinus bradycardia is certain only below 50/min (ACC/AHA/HRS bradycardia guideline, Kusumoto et al. 2018). */
const CERTAINLY_SLOW_BPM = 50;
/** Sinus arrhythmia: intervals between normal beats differ by more than 160 ms (120 to 160 ms by author). */
const ARRHYTHMIA_MS = 160;
const FLUTTER_REGULARITY = 0.5;

/** One basic rhythm (none when it cannot be told), and the extrasystoles in it. */
export function readRhythm(measured: Measurements): Reading[] {
  const basic = readBasicRhythm(measured);
  return [...basic, ...readExtrasystoles(measured, basic[0] ?? null)];
}

/** The basic rhythm, then what else it may be called. */
function readBasicRhythm(measured: Measurements): Reading[] {
  const { heartRateBpm, rhythm, pacing } = measured;
  if (heartRateBpm === null || rhythm.pShare === null) return [];
  const rate = `${heartRateBpm.toFixed(0)}/min`;
  if (pacing.likely) {
    const share = (100 * pacing.beatShare).toFixed(0);
    const paced: Reading = {
      key: "scp:PACE",
      confidence: 0.9,
      because: `spikes before ${share}% of the beats`,
    };
    const irregular = rhythm.pShare < P_RARELY && variationOf(measured) >= IRREGULAR;
    const because = "irregular between paced beats, no repeating P waves";
    return irregular ? [paced, { key: "scp:AFIB", confidence: 0.5, because }] : [paced];
  }
  if (looksPaced(measured)) {
    const because = `QRS ${measured.qrsMs?.toFixed(0)} ms, V1 downward, axis far to the left: as paced from the right apex`;
    return [{ key: "scp:PACE", confidence: 0.5, because }];
  }
  const variation = variationOf(measured);
  if (rhythm.flutter !== null && rhythm.flutter.regularity >= FLUTTER_REGULARITY && rhythm.pShare < 1) {
    const because = `regular waves of ${rhythm.flutter.ratePerMinute.toFixed(0)}/min between the complexes`;
    return [{ key: "scp:AFLT", confidence: 0.5, because }];
  }
  if (rhythm.pShare < P_RARELY) {
    const because = `no repeating P waves, RR varies by ${(100 * variation).toFixed(0)}%`;
    if (variation >= IRREGULAR) {
      return [{ key: "scp:AFIB", confidence: graded(variation - IRREGULAR, 0.1, [0.65, 0.9]), because }];
    }
    return readFastWithoutP(heartRateBpm, `${rate}, ${because}`);
  }
  return rhythm.pShare < P_MOSTLY ? [] : readSinus(measured, heartRateBpm);
}

/** Regular and fast without P waves of its own: below 150/min they are most often hidden in T (Surawicz & Knilans). */
function readFastWithoutP(heartRateBpm: number, because: string): Reading[] {
  if (heartRateBpm <= FAST_BPM) return [];
  return [{ key: heartRateBpm < REENTRY_BPM ? "scp:STACH" : "scp:SVTAC", confidence: 0.45, because }];
}

/** Irregularity that counts for fibrillation: of all intervals, but without extrasystoles of another shape. */
function variationOf({ rr, rhythm, beats }: Measurements): number {
  const steady = rhythm.rrVariation ?? 0;
  return rr === null || beats.some(({ dominant }) => !dominant)
    ? steady
    : Math.max(steady, rr.sdMs / rr.meanMs);
}

/** Right apical pacing without visible spikes (low sampling rate or band limit): left bundle block shape, superior axis, very wide. */
function looksPaced({ qrsMs, axisDegrees, leads }: Measurements): boolean {
  const axis = axisDegrees.qrs;
  const v1 = leads["V1"];
  return (
    qrsMs !== null && qrsMs >= 170 && axis !== null && axis < -45 && v1 !== undefined && v1.qrsAreaMvMs < 0
  );
}

function readSinus({ rhythm, axisDegrees, beats }: Measurements, heartRateBpm: number): Reading[] {
  // P of sinus origin points down and left; a measured axis of P well outside that is ectopic
  const p = axisDegrees.p;
  if (p !== null && (p < -40 || p > 110)) return [];
  const share = (100 * (rhythm.pShare ?? 0)).toFixed(0);
  const because = `P waves before ${share}% of the beats, ${heartRateBpm.toFixed(0)}/min`;
  const sinus: Reading = { key: "scp:SR", confidence: 0.9, because };
  if (heartRateBpm > FAST_BPM) return [{ key: "scp:STACH", confidence: 0.9, because }];
  if (heartRateBpm < CERTAINLY_SLOW_BPM) return [{ key: "scp:SBRAD", confidence: 0.9, because }];
  if (heartRateBpm < SLOW_BPM) {
    const slow: Reading = { key: "scp:SBRAD", confidence: 0.5, because };
    return [{ ...sinus, confidence: 0.6 }, slow];
  }
  const normal = beats.flatMap(({ rrMs, dominant, premature }, i) =>
    rrMs !== null && dominant && !premature && !beats[i - 1]?.premature ? [rrMs] : [],
  );
  const statistics = normal.length < 4 ? null : rrStatistics(normal);
  const range = statistics === null ? 0 : statistics.maxMs - statistics.minMs;
  if (range <= ARRHYTHMIA_MS || rhythm.prematureCount > 1) return [sinus];
  const irregular: Reading = {
    key: "scp:SARRH",
    confidence: graded(range - ARRHYTHMIA_MS, 150, [0.45, 0.8]),
    because: `intervals differ by ${range.toFixed(0)} ms`,
  };
  return [irregular, { ...sinus, confidence: 0.55 }];
}

function readExtrasystoles({ rhythm, beats }: Measurements, basic: Reading | null): Reading[] {
  const out: Reading[] = [];
  const fibrillates = basic?.key === "scp:AFIB" || basic?.key === "scp:AFLT";
  const ventricular = fibrillates
    ? beats.filter(({ wide }) => wide).length
    : beats.filter(({ wide, premature, prMs }) => wide && (premature || prMs === null)).length;
  if (ventricular > 0 && basic?.key !== "scp:PACE") {
    const because = `${ventricular} wide beats of another shape`;
    out.push({ key: "scp:PVC", confidence: rhythm.prematureWideCount > 0 ? 0.85 : 0.55, because });
    out.push({ key: "heartcare:ventricular-extrasystoles", confidence: 0.7, because });
  }
  const atrial = beats.filter((beat, i) => !beat.wide && comesEarly(beats, i)).length;
  const paced = basic?.key === "scp:PACE";
  if (!fibrillates && !paced && atrial > 0 && atrial <= 0.4 * beats.length) {
    const because = `${atrial} early narrow beats`;
    out.push({ key: "scp:PAC", confidence: 0.65, because });
    out.push({ key: "heartcare:supraventricular-extrasystoles", confidence: 0.55, because });
  }
  if (!fibrillates && alternates(beats.map(({ premature }) => premature))) {
    out.push({ key: "scp:BIGU", confidence: 0.7, because: "every other beat is early" });
  }
  return out;
}

/** Early against the usual interval, against the one before, and followed by none that is early as well. */
function comesEarly(beats: Measurements["beats"], i: number): boolean {
  const [before, beat, after] = [beats[i - 1], beats[i], beats[i + 1]];
  if (!beat?.premature || beat.rrMs === null) return false;
  if (before?.rrMs != null && beat.rrMs > 0.85 * before.rrMs) return false;
  return after?.rrMs == null || after.rrMs > 1.1 * beat.rrMs;
}

/** At least three early beats in turn with as many normal ones. */
function alternates(early: readonly boolean[]): boolean {
  let run = 0;
  for (let i = 2; i < early.length; i++) {
    run = early[i] === early[i - 2] && early[i] !== early[i - 1] ? run + 1 : 0;
    if (run >= 4) return true;
  }
  return false;
}
