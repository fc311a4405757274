// Closed questions without a signal: balanced ones, and ones whose options tell part of the answers.
import type { QaItem } from "../../src/qa/qa-item.ts";
import { createRng } from "../../src/shared/rng.ts";
import { choiceItem } from "./bench-items.ts";

/** Forty findings with unrelated names. */
const FINDINGS = Array.from({ length: 40 }, (_, i) => `Finding ${String.fromCharCode(65 + (i % 26))}${i}`);

export type LeakOptions = {
  readonly seed: number;
  /** Share of the questions whose answer follows from the text; 0 is balanced. */
  readonly leak: number;
  /** `finding`: the lowest-numbered option is right. `age`: which one depends on the patient's decade. */
  readonly by?: "finding" | "age";
};

/** Questions with four options; in a leaking share of them the text decides. */
export function leakingItems(count: number, { seed, leak, by = "finding" }: LeakOptions): QaItem[] {
  const rng = createRng(`leaking-items:${seed}`);
  return Array.from({ length: count }, (_, index) => {
    const options = rng.shuffle(FINDINGS).slice(0, 4);
    const age = 20 + rng.integer(70);
    const rank = (option: string): number => {
      const place = FINDINGS.indexOf(option);
      return by === "finding" ? place : (place * 7 + Math.floor(age / 10) * 11) % FINDINGS.length;
    };
    const told = options.indexOf([...options].sort((a, b) => rank(a) - rank(b))[0] ?? "");
    const right = rng.next() < leak ? told : rng.integer(4);
    return choiceItem(`q${index}`, right, {
      options,
      context: `12-lead ECG signal, 10 s, 250 Hz. Patient: ${age}-year-old male.`,
      templateId: `closed-diagnosis-${rng.integer(12)}`,
    });
  });
}
