// One annotation of a WFDB annotation file. Format: WFDB Applications Guide, annot(5).

/** A beat label, rhythm change, wave boundary or note at one sample of a record. */
export type WfdbAnnotation = {
  /** Sample of the record (at the record's rate unless the file states a time resolution of its own). */
  readonly sample: number;
  /** Annotation code, 1 to 49. */
  readonly code: number;
  /** Mnemonic of the code (`N`, `V`, `+`, `(`, ...), or `[<code>]` for a code that has none. */
  readonly symbol: string;
  /** Subtype, -128 to 127; 0 unless stated. */
  readonly subtype: number;
  /** Signal that the annotation belongs to; carried over from the annotation before unless stated. */
  readonly channel: number;
  /** The `num` field; carried over from the annotation before unless stated. */
  readonly number: number;
  /** Auxiliary text such as `(AFIB`; "" unless stated. A closing NUL of the file is not part of it. */
  readonly text: string;
};
