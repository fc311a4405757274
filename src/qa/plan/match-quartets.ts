// Four questions with the same four options, each option right in one of them: text alone cannot tell which.
import { createRng, type Rng } from "../../shared/rng.ts";
import { inSeededOrder } from "./strata.ts";

/** A question before its wrong options are chosen. */
export type ChoiceCandidate = {
  readonly id: string;
  readonly right: string;
  /** Keys that may be offered as wrong. */
  readonly allowed: readonly string[];
  /** Only questions of one group share options: split, dimension, modality, template family. */
  readonly group: string;
  /** Likeness from coarse to fine (source, age, sex): the four are alike where candidates allow. */
  readonly strata: readonly string[];
};

export type ChosenQuestion = {
  readonly id: string;
  readonly right: string;
  readonly wrong: readonly string[];
};

export type KeyCount = { readonly key: string; readonly candidates: number; readonly asked: number };

export type QuartetResult = {
  readonly chosen: readonly ChosenQuestion[];
  /** Candidates that found no three partners. */
  readonly dropped: readonly string[];
  /** For each right answer, how many candidates it had and how many are asked. */
  readonly keys: readonly KeyCount[];
};

export type QuartetOptions = {
  readonly seed: number;
  /** Keys that may not be options of one question (a twin of an option would be visibly wrong). */
  readonly related: (a: string, b: string) => boolean;
};

const SIZE = 4;
/** Candidates looked at for one place before another key is tried. */
const TRIED_CANDIDATES = 300;
/** First members tried for a key before it counts as exhausted. */
const TRIED_STARTS = 12;

/**
 * Choose questions and their wrong options in quartets.
 *
 * A quartet is four questions of one group whose right answers a, b, c, d differ, each of which may offer the other
 * three as wrong. All four then carry the options {a, b, c, d}. Whatever a reader does with the set of options, he
 * is right in exactly one of the four; what is kept apart by `group` (splits above all) cannot be inferred from one
 * another either. No answer can make up more than a quarter of the questions: of sinus rhythm, where hardly a
 * record lacks it, most candidates stay without partners and are dropped, in seeded order.
 * Deterministic in the set of candidates and the seed; input order does not matter.
 */
export function matchQuartets(
  candidates: readonly ChoiceCandidate[],
  options: QuartetOptions,
): QuartetResult {
  const groups = new Map<string, ChoiceCandidate[]>();
  for (const candidate of inSeededOrder(candidates, options.seed, (value) => value.id)) {
    const list = groups.get(candidate.group) ?? [];
    list.push(candidate);
    groups.set(candidate.group, list);
  }
  const chosen = [...groups.keys()].sort().flatMap((group) => {
    const rng = createRng(`${options.seed}|quartets|${group}`);
    return new QuartetSearch(groups.get(group) ?? [], options.related, rng).run();
  });
  const chosenIds = new Set(chosen.map((question) => question.id));
  return {
    chosen,
    dropped: candidates
      .map((candidate) => candidate.id)
      .filter((id) => !chosenIds.has(id))
      .sort(),
    keys: countKeys(candidates, chosenIds),
  };
}

type Entry = {
  readonly candidate: ChoiceCandidate;
  readonly allowed: ReadonlySet<string>;
  used: boolean;
};

/** Builds quartets until no key can start another one. */
class QuartetSearch {
  readonly #byKey = new Map<string, Entry[]>();
  readonly #remaining = new Map<string, number>();
  readonly #related: QuartetOptions["related"];
  readonly #rng: Rng;

  constructor(candidates: readonly ChoiceCandidate[], related: QuartetOptions["related"], rng: Rng) {
    this.#related = related;
    this.#rng = rng;
    for (const candidate of candidates) {
      const list = this.#byKey.get(candidate.right) ?? [];
      list.push({ candidate, allowed: new Set(candidate.allowed), used: false });
      this.#byKey.set(candidate.right, list);
      this.#remaining.set(candidate.right, list.length);
    }
  }

  run(): ChosenQuestion[] {
    const chosen: ChosenQuestion[] = [];
    const open = new Set([...this.#byKey.keys()].sort());
    while (open.size > 0) {
      const key = this.#drawKey([...open]);
      const quartet = this.#startFrom(key);
      if (quartet === undefined) {
        open.delete(key);
        continue;
      }
      for (const entry of quartet) {
        entry.used = true;
        const right = entry.candidate.right;
        const left = (this.#remaining.get(right) ?? 0) - 1;
        this.#remaining.set(right, left);
        const list = this.#byKey.get(right) ?? [];
        if (list.length > 16 && left < list.length / 2) {
          this.#byKey.set(
            right,
            list.filter((other) => !other.used),
          );
        }
        const wrong = quartet.map((other) => other.candidate.right).filter((other) => other !== right);
        chosen.push({ id: entry.candidate.id, right, wrong });
      }
    }
    return chosen;
  }

  /** A key in proportion to the root of what is left of it: frequent answers lead, rare ones are not forgotten. */
  #drawKey(keys: readonly string[]): string {
    const weights = keys.map((key) => Math.sqrt(Math.max(0, this.#remaining.get(key) ?? 0)));
    let draw = this.#rng.next() * weights.reduce((sum, weight) => sum + weight, 0);
    for (const [index, key] of keys.entries()) {
      draw -= weights[index] ?? 0;
      if (draw < 0) return key;
    }
    return keys[0] ?? "";
  }

  #startFrom(key: string): Entry[] | undefined {
    let tried = 0;
    for (const entry of this.#byKey.get(key) ?? []) {
      if (entry.used) continue;
      const quartet = this.#complete(entry);
      if (quartet !== undefined) return quartet;
      if (++tried === TRIED_STARTS) return undefined;
    }
    return undefined;
  }

  /** Add the three keys with most candidates left that fit, each with the candidate most like the first. */
  #complete(first: Entry): Entry[] | undefined {
    const members = [first];
    const keys = [...first.allowed]
      .filter((key) => (this.#remaining.get(key) ?? 0) > 0)
      .map((key) => ({ key, weight: (this.#remaining.get(key) ?? 0) * (0.3 + this.#rng.next()) }))
      .sort((a, b) => b.weight - a.weight || (a.key < b.key ? -1 : 1));
    for (const { key } of keys) {
      const fits = members.every(
        (member) => member.allowed.has(key) && !this.#related(member.candidate.right, key),
      );
      if (!fits) continue;
      const partner = this.#mostAlike(key, members);
      if (partner !== undefined) members.push(partner);
      if (members.length === SIZE) return members;
    }
    return undefined;
  }

  #mostAlike(key: string, members: readonly Entry[]): Entry | undefined {
    const wanted = members[0]?.candidate.strata ?? [];
    let best: Entry | undefined;
    let bestLikeness = -1;
    let tried = 0;
    for (const entry of this.#byKey.get(key) ?? []) {
      if (entry.used || !members.every((member) => entry.allowed.has(member.candidate.right))) continue;
      const likeness = entry.candidate.strata.filter((stratum, level) => stratum === wanted[level]).length;
      if (likeness > bestLikeness) {
        best = entry;
        bestLikeness = likeness;
      }
      if (bestLikeness === wanted.length || ++tried === TRIED_CANDIDATES) break;
    }
    return best;
  }
}

function countKeys(candidates: readonly ChoiceCandidate[], chosen: ReadonlySet<string>): KeyCount[] {
  const counts = new Map<string, { candidates: number; asked: number }>();
  for (const { id, right } of candidates) {
    const count = counts.get(right) ?? { candidates: 0, asked: 0 };
    count.candidates++;
    if (chosen.has(id)) count.asked++;
    counts.set(right, count);
  }
  return [...counts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, count]) => ({ key, ...count }));
}
