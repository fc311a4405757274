// Heart vectors to leads: the base field, displaced sources, turning.
import { describe, expect, it } from "vitest";
import { waveHeight } from "../../../src/record/synthesize/heart-wave.ts";
import {
  createLeadField,
  projectVector,
  type TorsoGeometry,
  turnVector,
} from "../../../src/record/synthesize/lead-field.ts";

const MEAN_TORSO: TorsoGeometry = {
  heartShiftCm: [0, 0, 0],
  electrodeShiftCm: Array.from({ length: 6 }, () => [0, 0, 0] as const),
  leadGains: Array(8).fill(1),
};

describe("createLeadField", () => {
  it("is the base field for a mean torso: columns of I and V2 by hand", () => {
    const { whole } = createLeadField(MEAN_TORSO);
    expect(projectVector(whole, [1, 0, 0])).toBeAllClose(
      [0.647, 0.248, -0.524, -0.004, 0.934, 1.222, 1.082, 0.803],
      { atol: 1e-12 },
    );
    expect([...projectVector(whole, [0, 0, 1])].slice(2, 4)).toBeAllClose([-0.794, -1.643], { atol: 1e-12 });
  });

  it("is linear in the vector", () => {
    const { anterior } = createLeadField(MEAN_TORSO);
    const sum = projectVector(anterior, [0.3, -0.2, 0.7]);
    const parts = [projectVector(anterior, [0.3, 0, 0]), projectVector(anterior, [0, -0.2, 0.7])];
    expect(sum).toBeAllClose(
      sum.map((_, lead) => parts[0]![lead]! + parts[1]![lead]!),
      { atol: 1e-12 },
    );
  });

  it("follows the dipole law: half the distance, four times the lead", () => {
    const base = createLeadField(MEAN_TORSO).whole.subarray(9, 12);
    const length = Math.hypot(...base);
    const distance = Math.sqrt(58 / length);
    const near = base.map((part) => (0.5 * part * distance) / length);
    const shifted = createLeadField({ ...MEAN_TORSO, heartShiftCm: [near[0]!, near[1]!, near[2]!] });
    expect(shifted.whole.subarray(9, 12)).toBeAllClose(
      base.map((part) => 4 * part),
      { atol: 1e-9 },
    );
  });

  it("enlarges a site in the leads that are near to it, and leaves the limb leads alone", () => {
    const field = createLeadField(MEAN_TORSO);
    const size = (site: Float64Array, lead: number): number =>
      Math.hypot(...site.subarray(lead * 3, lead * 3 + 3));
    expect(size(field.anterior, 4)).toBeGreaterThan(1.15 * size(field.whole, 4));
    expect(size(field.lateral, 7)).toBeGreaterThan(1.15 * size(field.whole, 7));
    expect(size(field.lateral, 2)).toBeLessThan(size(field.whole, 2));
    expect(field.anterior.subarray(0, 6)).toEqual(field.whole.subarray(0, 6));
  });
});

describe("turnVector", () => {
  it("turns left to down in the frontal plane and left to back in the horizontal", () => {
    expect([...turnVector([1, 0, 0], 90, 0)]).toBeAllClose([0, 1, 0], { atol: 1e-12 });
    expect([...turnVector([1, 0, 0], 0, 90)]).toBeAllClose([0, 0, 1], { atol: 1e-12 });
    expect(Math.hypot(...turnVector([0.3, -0.4, 1.2], 23, -41))).toBeCloseTo(1.3, 12);
  });
});

describe("waveHeight", () => {
  it("is a Gaussian flank, a flat top, another flank, then nothing", () => {
    const wave = { from: 10, to: 20, before: 2, after: 4 };
    const heights = [0, 8, 10, 15, 20, 28, 39].map((at) => waveHeight(wave, at));
    expect(heights).toBeAllClose([0, Math.exp(-0.5), 1, 1, 1, Math.exp(-2), 0], { atol: 1e-12 });
  });
});
