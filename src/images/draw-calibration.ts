// The calibration pulse: 1 mV for 0.2 s, 10 mm high and 5 mm wide at 10 mm/mV and 25 mm/s.
import type { Color, PathItem } from "./display-list.ts";
import { PULSE_SECONDS } from "./page-geometry.ts";

export type CalibrationPlace = {
  /** Where the flat paper before the pulse starts, and where the traces start. */
  readonly fromXMm: number;
  readonly toXMm: number;
  readonly zeroLineMm: number;
  readonly speedMmPerSecond: number;
  /** One pulse for each gain of the row, limb before chest. */
  readonly gainsMmPerMv: readonly number[];
};

const WIDTH_MM = 0.25;
/** White between the pulse's foot and the first column. */
const FOOT_GAP_MM = 1;

/** The pulses of one row, each on a whole number of pulse widths with flat paper around. */
export function drawCalibration(place: CalibrationPlace, color: Color): PathItem {
  const { fromXMm, toXMm, zeroLineMm, gainsMmPerMv } = place;
  const pulseMm = PULSE_SECONDS * place.speedMmPerSecond;
  const flatMm = (toXMm - fromXMm - pulseMm * gainsMmPerMv.length) / (gainsMmPerMv.length + 1);
  const points = [fromXMm + FOOT_GAP_MM, zeroLineMm];
  for (const [index, gain] of gainsMmPerMv.entries()) {
    const x = fromXMm + flatMm * (index + 1) + pulseMm * index;
    points.push(x, zeroLineMm, x, zeroLineMm - gain, x + pulseMm, zeroLineMm - gain, x + pulseMm, zeroLineMm);
  }
  points.push(toXMm - FOOT_GAP_MM, zeroLineMm);
  return { kind: "path", role: "calibration", runs: [Float32Array.from(points)], widthMm: WIDTH_MM, color };
}
