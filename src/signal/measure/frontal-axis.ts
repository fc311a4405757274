// The direction of a wave in the frontal plane.

/**
 * Axis in degrees (-180, 180] from the net areas (or amplitudes) of leads I and aVF; null when both are nearly nothing
 * (the vector is shorter than `least`, in the same unit) or not finite.
 *
 * Lead I points to 0 degrees and aVF to 90. By Einthoven's triangle aVF shows a frontal vector at sqrt(3)/2 of the
 * size at which a lead of I's strength would, so axis = atan2(2 aVF / sqrt(3), I).
 */
export function frontalAxis(leadI: number, leadAvf: number, least = 0): number | null {
  const up = (2 / Math.sqrt(3)) * leadAvf;
  const length = Math.hypot(leadI, up);
  if (!Number.isFinite(length) || length <= least) return null;
  const degrees = (Math.atan2(up, leadI) * 180) / Math.PI;
  return degrees <= -180 ? 180 : degrees;
}
