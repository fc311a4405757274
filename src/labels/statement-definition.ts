// The shape of a row of the statement table, and the two short constructors that the data files use.
import {
  type Dimension,
  type Statement,
  type StatementCode,
  type StatementKey,
  statementKey,
} from "../record/statement.ts";

/** PTB-XL's five diagnostic superclasses. */
export const SUPERCLASSES = ["NORM", "MI", "STTC", "CD", "HYP"] as const;
export type Superclass = (typeof SUPERCLASSES)[number];

/** Walls of the left ventricle that an infarction, injury or ischaemia statement names. */
export type Wall = "inferior" | "anterior" | "septal" | "lateral" | "posterior";

/** Statements that exclude each other inside one recording: naming one says that the others are absent. */
export type ContrastGroup = "overall" | "rhythm" | "axis" | "infarction-stage";

/** One statement of the suite: an SCP-ECG statement of PTB-XL or a name of the paper's Table 10 without one. */
export type StatementDefinition = {
  readonly key: StatementKey;
  readonly code: StatementCode;
  /** English name, as in Table 10 where it has one, else PTB-XL's description of the SCP-ECG statement. */
  readonly name: string;
  readonly dimensions: readonly Dimension[];
  readonly superclass?: Superclass;
  /** PTB-XL's diagnostic subclass; a file's own value, not a key. */
  readonly subclass?: string;
  /** More general statements: whoever has this one has those as well. */
  readonly parents: readonly StatementKey[];
  /** Statements that may name the same finding or are so often part of it that absence says nothing. */
  readonly overlaps: readonly StatementKey[];
  /** Walls named by an infarction, injury or ischaemia statement: a shared wall is an overlap. */
  readonly walls: readonly Wall[];
  /** Other English wordings and the abbreviations of reports. */
  readonly synonyms: readonly string[];
  /** SNOMED CT concept ids (strings: some exceed 2^53). */
  readonly snomed: readonly string[];
  /** AHA/ACC/HRS statement codes (Mason et al. 2007), with modifiers joined by `+`. */
  readonly aha: readonly string[];
  readonly contrast?: ContrastGroup;
  /**
   * True where silence says nothing unless another statement of the contrast group is there: no file lists
   * "sinus rhythm" or an axis whenever it holds.
   */
  readonly absentOnlyByContrast: boolean;
};

export type StatementDetails = Partial<
  Omit<StatementDefinition, "key" | "code" | "name" | "dimensions" | "absentOnlyByContrast">
> & { readonly absentOnlyByContrast?: boolean };

/** A row for one of the 71 SCP-ECG statements. */
export function scp(
  value: string,
  name: string,
  dimensions: readonly Dimension[],
  details: StatementDetails = {},
): StatementDefinition {
  return define({ system: "scp", value }, name, dimensions, details);
}

/** A row for a statement of our own; its code is the name in kebab-case unless `value` says otherwise. */
export function own(
  name: string,
  dimensions: readonly Dimension[],
  details: StatementDetails & { readonly value?: string } = {},
): StatementDefinition {
  const { value, ...rest } = details;
  const slug = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, "");
  return define({ system: "heartcare", value: value ?? slug }, name, dimensions, rest);
}

function define(
  code: StatementCode,
  name: string,
  dimensions: readonly Dimension[],
  details: StatementDetails,
): StatementDefinition {
  return {
    parents: [],
    overlaps: [],
    walls: [],
    synonyms: [],
    snomed: [],
    aha: [],
    absentOnlyByContrast: false,
    ...details,
    key: statementKey(code),
    code,
    name,
    dimensions,
  };
}

/** A statement of a recording from its definition. */
export function toStatement(
  definition: StatementDefinition,
  likelihood: number | null,
  text?: string,
): Statement {
  const statement = {
    code: definition.code,
    name: definition.name,
    dimensions: definition.dimensions,
    likelihood,
  };
  return text === undefined ? statement : { ...statement, text };
}
