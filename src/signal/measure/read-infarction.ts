// Old infarction from Q waves and lost R waves.
import type { LeadShape, Measurements } from "./measurements.ts";
import { leadsWhere, type Reading, size, WALLS, type WallName } from "./reading.ts";

/**
 * Q waves of a prior infarction (4th universal definition, 2018, table 2): any Q of 20 ms or QS in V2-V3; Q of 30 ms
 * and 0.1 mV, or QS, in two neighbouring leads of I, II, aVL, aVF, V4-V6. III counts beside II or aVF. A quarter of R
 * in depth is asked for as well (the older rule), for III more, since a lone Q in III is normal.
 */
function isPathological(shape: LeadShape, lead: string): boolean {
  const { qAmplitudeMv, qDurationMs, rAmplitudeMv } = shape;
  const depth = size(qAmplitudeMv);
  if (qAmplitudeMv === null || qDurationMs === null) return false;
  const isQs = rAmplitudeMv === null && depth >= 0.1;
  if (lead === "V1") return false;
  if (lead === "V2" || lead === "V3") return isQs || (qDurationMs >= 20 && depth >= 0.05);
  const ratio = lead === "III" || lead === "aVL" ? 0.35 : 0.2;
  return isQs || (qDurationMs >= 30 && depth >= 0.1 && depth >= ratio * size(rAmplitudeMv));
}

const INFARCTION: Readonly<Record<WallName, Reading["key"]>> = {
  inferior: "scp:IMI",
  septal: "scp:ASMI",
  anterior: "scp:AMI",
  lateral: "scp:LMI",
};

/** Infarction by wall; none in left bundle branch block, pre-excitation or pacing. */
export function readInfarction(measured: Measurements, options: { readonly hidesQ: boolean }): Reading[] {
  if (options.hidesQ) return [];
  const found: Partial<Record<WallName, string[]>> = {};
  for (const [wall, leads] of Object.entries(WALLS) as [WallName, readonly string[]][]) {
    const hits = leadsWhere(measured, leads, isPathological);
    if (hits.length >= 2) found[wall] = hits;
  }
  const lost = leadsWhere(measured, ["V2", "V3"], ({ rAmplitudeMv }) => size(rAmplitudeMv) < 0.15);
  const grows = size(measured.leads["V3"]?.rAmplitudeMv) > size(measured.leads["V1"]?.rAmplitudeMv) + 0.05;
  const out: Reading[] = [];
  for (const [wall, leads] of Object.entries(found) as [WallName, string[]][]) {
    if (wall === "anterior" && found.septal) continue;
    out.push({ key: INFARCTION[wall], confidence: 0.6, because: `Q waves in ${leads.join(", ")}` });
  }
  if (!found.septal && !found.anterior && lost.length === 2 && !grows && measured.leads["V1"]) {
    out.push({ key: "scp:ASMI", confidence: 0.5, because: "hardly any R in V2 and V3" });
  }
  if (out.length > 0) {
    out.push({ key: "scp:QWAVE", confidence: 0.4, because: out.map(({ because }) => because).join("; ") });
  }
  return out;
}
