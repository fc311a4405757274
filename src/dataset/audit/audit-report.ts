// What an audit found: leaks between splits, copies inside a split, and how often strangers look alike.
import type { Split } from "../assign-split.ts";

export type LeakKind = "identity" | "patient" | "exam" | "waveform" | "fingerprint" | "image" | "item";

/** Two things that should not both be there. */
export type Finding = {
  readonly kind: LeakKind;
  /** Recording ids (or an item id and a recording id for kind `item`). */
  readonly between: readonly [string, string];
  readonly splits: readonly [Split, Split];
  /** One sentence for people. */
  readonly detail: string;
  /** Both recordings name their patient. */
  readonly patientsKnown: boolean;
  readonly correlation?: number;
  readonly shiftSeconds?: number;
};

export type AuditReport = {
  readonly version: 1;
  readonly records: number;
  readonly items: number;
  /**
   * Findings across splits, and copies of which one names no patient: those share a split by chance only. Each makes
   * the audit fail.
   */
  readonly leaks: readonly Finding[];
  /** The same waveform under two patients that are both known, inside one split: a duplicate of the source. */
  readonly copies: readonly Finding[];
  readonly fingerprints: {
    readonly threshold: number;
    /** Pairs of recordings of different patients. */
    readonly pairs: number;
    /** Pairs alike enough in rhythm and shape to be aligned sample by sample. */
    readonly aligned: number;
    readonly above: number;
    /** Pairs above the threshold whose patients are both known and different: true copies or false alarms. */
    readonly aboveKnownStrangers: number;
    /** The highest correlation below the threshold, between different patients. */
    readonly highestBelow: number;
    readonly withoutFingerprint: number;
  };
  /** Equal report texts in different splits: short texts repeat by nature, so they are counted and fail nothing. */
  readonly equalTexts: { readonly texts: number; readonly examples: readonly string[] };
};
