// What is said about a recording: SCP-ECG statements and the suite's own, with their four dimensions.

/** The four question dimensions of the paper's Table 10. */
export const DIMENSIONS = ["diagnosis", "waveform", "rhythm", "misc"] as const;
export type Dimension = (typeof DIMENSIONS)[number];

/** `scp`: one of the 71 SCP-ECG statements of PTB-XL; `heartcare`: a name of Table 10 without an SCP code. */
export type StatementCode = { readonly system: "scp" | "heartcare"; readonly value: string };

/** A finding that counts as present in a recording. */
export type Statement = {
  readonly code: StatementCode;
  /** English name, as in Table 10 where it has one. */
  readonly name: string;
  readonly dimensions: readonly Dimension[];
  /** 0-100, or null when it is stated without one (PTB-XL writes 0 for that). */
  readonly likelihood: number | null;
  /** The words or code of the source that it was read from, or a detail such as the leads of a noise. */
  readonly text?: string;
};

/** A label exactly as the source file carried it. */
export type SourceLabel = {
  readonly system: "scp" | "snomed" | "aha" | "text";
  readonly code: string;
  readonly likelihood: number | null;
};

/** `scp:NORM`, `heartcare:left-axis-deviation`: the key of a statement in sets, scopes and tables. */
export type StatementKey = `${"scp" | "heartcare"}:${string}`;

/** The key of a statement code. */
export function statementKey(code: StatementCode): StatementKey {
  return `${code.system}:${code.value}`;
}
