// Quartets: the same four options, each right once.
import { describe, expect, it } from "vitest";
import { type ChoiceCandidate, matchQuartets } from "../../src/qa/plan/match-quartets.ts";
import { createRng } from "../../src/shared/rng.ts";

const unrelated = { seed: 1, related: (a: string, b: string) => a === b };
const candidate = (
  id: string,
  right: string,
  allowed: string,
  group = "train",
  strata: string[] = [],
): ChoiceCandidate => ({ id, right, allowed: [...allowed].filter((key) => key !== right), group, strata });

describe("matchQuartets", () => {
  it("joins four questions that may offer each other's answers", () => {
    const { chosen, dropped } = matchQuartets(
      [
        candidate("1", "a", "abcd"),
        candidate("2", "b", "abcd"),
        candidate("3", "c", "abcd"),
        candidate("4", "d", "abcd"),
        candidate("5", "a", "abcd"),
      ],
      unrelated,
    );
    expect(dropped).toHaveLength(1);
    expect(chosen.map((question) => question.right).sort()).toEqual(["a", "b", "c", "d"]);
    for (const { right, wrong } of chosen) expect([right, ...wrong].sort()).toEqual(["a", "b", "c", "d"]);
  });

  it("never offers what a question does not allow, a twin, or an answer of another group", () => {
    const blocked = [
      candidate("1", "a", "abcd"),
      candidate("2", "b", "abcd"),
      candidate("3", "c", "bcd"), // a may be right there
      candidate("4", "d", "abcd"),
    ];
    expect(matchQuartets(blocked, unrelated).chosen).toEqual([]);
    const twins = { seed: 1, related: (a: string, b: string) => a === b || [a, b].sort().join("") === "ab" };
    const free = ["a", "b", "c", "d"].map((key) => candidate(key, key, "abcd"));
    expect(matchQuartets(free, twins).chosen).toEqual([]);
    const split = free.map((value, index) => ({ ...value, group: index < 2 ? "train" : "test" }));
    expect(matchQuartets(split, unrelated).chosen).toEqual([]);
    expect(matchQuartets([], unrelated)).toEqual({ chosen: [], dropped: [], keys: [] });
  });

  it("takes partners of the same age and sex where there are some", () => {
    const people = ["a", "b", "c", "d"].flatMap((key) => [
      candidate(`${key}-old`, key, "abcd", "train", ["75+", "75+|male"]),
      candidate(`${key}-young`, key, "abcd", "train", ["<40", "<40|male"]),
    ]);
    const { chosen } = matchQuartets(people, unrelated);
    expect(chosen).toHaveLength(8);
    for (const at of [0, 4]) {
      const ages = chosen.slice(at, at + 4).map((question) => question.id.split("-")[1]);
      expect(new Set(ages).size).toBe(1);
    }
  });

  it("keeps every option right in exactly a quarter of its appearances, however frequent its answer is", () => {
    const keys = "abcdefgh";
    const rng = createRng(3);
    const many = Array.from({ length: 600 }, (_, index) => {
      const right = rng.next() < 0.6 ? "a" : (keys[rng.integer(keys.length)] ?? "a");
      const allowed = [...keys].filter(() => rng.next() < 0.8).join("");
      return candidate(`q${index}`, right, allowed);
    });
    const { chosen, keys: counts, dropped } = matchQuartets(many, unrelated);
    expect(chosen.length + dropped.length).toBe(600);
    expect(chosen.length).toBeGreaterThan(200);
    const sets = new Map<string, Map<string, number>>();
    const byId = new Map(many.map((value) => [value.id, value]));
    for (const { id, right, wrong } of chosen) {
      expect(wrong.every((key) => byId.get(id)?.allowed.includes(key))).toBe(true);
      const set = [right, ...wrong].sort().join("");
      const rights = sets.get(set) ?? new Map<string, number>();
      rights.set(right, (rights.get(right) ?? 0) + 1);
      sets.set(set, rights);
    }
    for (const [set, rights] of sets) {
      expect(rights.size, set).toBe(4);
      expect(new Set(rights.values()).size, set).toBe(1);
    }
    const asked = counts.find((count) => count.key === "a")?.asked ?? 0;
    expect(asked).toBeLessThanOrEqual(chosen.length / 4);
  });

  it("depends on the set of candidates and the seed, not on their order", () => {
    const keys = "abcdef";
    const rng = createRng(4);
    const many = Array.from({ length: 120 }, (_, index) =>
      candidate(`q${index}`, keys[rng.integer(6)] ?? "a", keys),
    );
    const sorted = (result: ReturnType<typeof matchQuartets>) =>
      [...result.chosen].map((question) => JSON.stringify(question)).sort();
    const forward = sorted(matchQuartets(many, unrelated));
    expect(sorted(matchQuartets(rng.shuffle(many), unrelated))).toEqual(forward);
    expect(sorted(matchQuartets(many, { ...unrelated, seed: 2 }))).not.toEqual(forward);
  });
});
