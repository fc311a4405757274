// Conduction and axis from PR, QRS and the shapes of V1, V6, I and the limb leads.
import type { Measurements } from "./measurements.ts";
import { graded, type Reading, shapeOf, size } from "./reading.ts";

/** Limits of the AHA/ACCF/HRS recommendations, part III (Surawicz et al. 2009), ms. */
const LONG_PR_MS = 200;
const SHORT_PR_MS = 120;
const WIDE_QRS_MS = 120;
const INCOMPLETE_QRS_MS = 100;

/** Blocks, pre-excitation and axis; nothing but pacing's own axis is told of paced rhythms. */
export function readConduction(measured: Measurements, isPaced: boolean): Reading[] {
  const out = [...readAxis(measured)];
  if (isPaced) return out;
  const { prMs, qrsMs } = measured;
  if (prMs !== null && prMs > LONG_PR_MS && isSinusP(measured)) {
    const because = `PR ${prMs.toFixed(0)} ms > ${LONG_PR_MS} ms`;
    // measured from the earliest P onset of all leads, PR is a few ms longer than read in one lead
    out.push({ key: "scp:1AVB", confidence: graded(prMs - LONG_PR_MS, 40, [0.3, 0.9]), because });
    out.push({ key: "scp:LPR", confidence: 0.3, because });
  }
  if (qrsMs === null) return out;
  const block = readBundleBranch(measured, qrsMs);
  const preexcited = prMs !== null && prMs < SHORT_PR_MS && qrsMs >= 110 && startsSlowly(measured);
  if (preexcited) {
    const because = `PR ${prMs.toFixed(0)} ms, QRS ${qrsMs.toFixed(0)} ms, slow start`;
    out.push({ key: "scp:WPW", confidence: 0.5, because });
  } else if (block) {
    out.push(block);
  }
  const fascicle = readFascicles(measured);
  if (fascicle && block?.key !== "scp:CLBBB") out.push(fascicle);
  return out;
}

function readBundleBranch(measured: Measurements, qrsMs: number): Reading | null {
  const [v1, v6, one] = ["V1", "V6", "I"].map((lead) => shapeOf(measured, lead));
  if (!v1 || !v6 || !one) return null;
  const width = `QRS ${qrsMs.toFixed(0)} ms`;
  const secondR = size(v1.rPrimeAmplitudeMv) >= 0.1;
  const lateRight = v1.qrsTerminalMv > 0.05 && (one.qrsTerminalMv < -0.02 || v6.qrsTerminalMv < -0.02);
  if (qrsMs >= WIDE_QRS_MS) {
    const sure = graded(qrsMs - WIDE_QRS_MS, 20, [0.55, 0.9]);
    // in left bundle branch block the raised ST segment of V1 may lift the end of QRS, but there is no R'
    if (lateRight && (secondR || v1.qrsAreaMvMs > 0)) {
      return { key: "scp:CRBBB", confidence: sure, because: `${width}, V1 ends upward, S in I or V6` };
    }
    const leftward = v1.qrsAreaMvMs < 0 && (v6.qrsAreaMvMs > 0 || one.qrsAreaMvMs > 0);
    const noSeptalQ = size(one.qAmplitudeMv) < 0.1 && size(v6.qAmplitudeMv) < 0.1;
    if (leftward && noSeptalQ && qrsMs >= 130) {
      return {
        key: "scp:CLBBB",
        confidence: sure,
        because: `${width}, V1 downward, I or V6 upward without Q`,
      };
    }
    const unsure = graded(qrsMs - WIDE_QRS_MS, 15, [0.3, 0.55]);
    return { key: "scp:IVCD", confidence: unsure, because: `${width}, neither bundle branch pattern` };
  }
  if (qrsMs >= INCOMPLETE_QRS_MS && secondR && v1.qrsTerminalMv > 0) {
    return {
      key: "scp:IRBBB",
      confidence: 0.6,
      because: `${width}, R' of ${size(v1.rPrimeAmplitudeMv).toFixed(2)} mV in V1`,
    };
  }
  return null;
}

/** Left anterior: axis -45 to -90, qR in aVL, rS below; left posterior: axis 90 to 180, rS in I and aVL, qR below. */
function readFascicles(measured: Measurements): Reading | null {
  const axis = measured.axisDegrees.qrs;
  const [one, avl, two, three, avf] = ["I", "aVL", "II", "III", "aVF"].map((lead) => shapeOf(measured, lead));
  if (axis === null || !one || !avl || !two || !three || !avf) return null;
  const because = `axis ${axis.toFixed(0)} degrees`;
  const smallRBelow = size(three.rAmplitudeMv) > 0 && size(avf.rAmplitudeMv) > 0;
  if (
    axis <= -45 &&
    axis >= -90 &&
    size(avl.rAmplitudeMv) > size(avl.sAmplitudeMv) &&
    three.qrsAreaMvMs < 0
  ) {
    return {
      key: "scp:LAFB",
      confidence: smallRBelow ? 0.8 : 0.55,
      because: `${because}, aVL upward, III and aVF downward`,
    };
  }
  const sAbove = one.qrsAreaMvMs < 0 && avl.qrsAreaMvMs < 0 && size(one.rAmplitudeMv) > 0;
  if (axis >= 100 && axis <= 180 && sAbove && size(three.qAmplitudeMv) > 0 && size(avf.qAmplitudeMv) > 0) {
    return { key: "scp:LPFB", confidence: 0.4, because: `${because}, rS in I and aVL, qR in III and aVF` };
  }
  return null;
}

/** P waves that point down and left; an inverted one far before QRS is the end of a T wave or ectopic. */
function isSinusP({ axisDegrees }: Measurements): boolean {
  return axisDegrees.p === null || (axisDegrees.p >= -40 && axisDegrees.p <= 110);
}

/** The upward start of QRS takes more than half of the way to its top in most chest leads: a delta wave. */
function startsSlowly(measured: Measurements): boolean {
  const times = ["V3", "V4", "V5", "V6", "I", "II"].flatMap(
    (lead) => shapeOf(measured, lead)?.rPeakTimeMs ?? [],
  );
  return times.length >= 3 && times.filter((time) => time >= 50).length >= times.length / 2;
}

/** Frontal axis in the groups of the AHA/ACCF/HRS recommendations: -30 to 90 is normal. */
function readAxis({ axisDegrees }: Measurements): Reading[] {
  const axis = axisDegrees.qrs;
  if (axis === null) return [];
  const because = `QRS axis ${axis.toFixed(0)} degrees`;
  const reading = (key: Reading["key"], beyond: number): Reading => ({
    key,
    confidence: graded(beyond, 15, [0.6, 0.9]),
    because,
  });
  if (axis < -90) return [reading("heartcare:extreme-axis-deviation", -90 - axis)];
  if (axis < -30) return [reading("heartcare:left-axis-deviation", -30 - axis)];
  if (axis > 90) return [reading("heartcare:right-axis-deviation", axis - 90)];
  const normal = reading("heartcare:normal-heart-axis", Math.min(axis + 30, 90 - axis));
  if (axis < 0) return [normal, { ...reading("heartcare:leftward-axis", 0), confidence: 0.4 }];
  if (axis > 75) return [normal, { ...reading("heartcare:rightward-axis", 0), confidence: 0.35 }];
  return [normal];
}
