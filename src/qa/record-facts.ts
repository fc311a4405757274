// What the labels of a recording allow to be asked and answered, dimension by dimension (design 4.4).
import { absentStatements } from "../labels/absent-statements.ts";
import { statementDefinition, withAncestors } from "../labels/find-statement.ts";
import { type Dimension, type Statement, type StatementKey, statementKey } from "../record/statement.ts";
import type { QaRecord } from "./qa-record.ts";

/** Figure 7's threshold: a diagnosis from this likelihood on may be the right option. */
export const CERTAIN_LIKELIHOOD = 60;

/** A waveform option that stands for "no form statement"; it is no statement, so it has a key of its own. */
export const NO_WAVEFORM = "none:waveform";
export type AnswerKey = StatementKey | typeof NO_WAVEFORM;

/** How many waveform statements annotators must have looked for before silence means a normal waveform. */
const WAVEFORM_SCOPE_MINIMUM = 12;

export type DimensionFacts = {
  /** Present statements of the dimension, without those that a more specific present one implies. */
  readonly present: readonly Statement[];
  /** Of these, the ones stated without a likelihood or with at least {@link CERTAIN_LIKELIHOOD}. */
  readonly certain: readonly StatementKey[];
  /** Statements of the dimension that may be offered as wrong or answered with no. */
  readonly absent: readonly AnswerKey[];
  /** The labels say that the dimension is normal: NORM leads, or a searched waveform shows nothing. */
  readonly normal: boolean;
};

export type RecordFacts = Readonly<Record<Dimension, DimensionFacts>>;

/** Facts of a recording in the four dimensions. Pure function of its statements and label scope. */
export function recordFacts(record: Pick<QaRecord, "statements" | "labelScope">): RecordFacts {
  const absent = absentStatements(record.statements, record.labelScope);
  const of = (dimension: Dimension): DimensionFacts => {
    const present = mostSpecific(
      record.statements.filter((statement) => statement.dimensions.includes(dimension)),
    );
    return {
      present,
      certain: present.filter(isCertain).map((statement) => statementKey(statement.code)),
      absent: absent.filter((key) => statementDefinition(key).dimensions.includes(dimension)),
      normal: false,
    };
  };
  const diagnosis = of("diagnosis");
  const waveform = of("waveform");
  const onlyNormal = diagnosis.certain.length === 1 && diagnosis.certain[0] === "scp:NORM";
  const searched = searchedWaveforms(record.labelScope) >= WAVEFORM_SCOPE_MINIMUM;
  const normalWaveform =
    searched && waveform.present.length === 0 && onlyNormal && diagnosis.present.length === 1;
  return {
    diagnosis: { ...diagnosis, normal: onlyNormal },
    waveform: {
      ...waveform,
      normal: normalWaveform,
      absent: searched && waveform.certain.length > 0 ? [...waveform.absent, NO_WAVEFORM] : waveform.absent,
    },
    rhythm: of("rhythm"),
    misc: of("misc"),
  };
}

/** True for a statement that may be the right answer: stated without a likelihood, or 60 and more. */
export function isCertain(statement: Statement): boolean {
  return statement.likelihood === null || statement.likelihood >= CERTAIN_LIKELIHOOD;
}

/**
 * The diagnoses that Figure 7 allows as the right option, best first; empty when the record gives no item.
 *
 * The highest likelihood of 60 or more (none stated counts as certain); all that tie there, of which one is asked
 * and none offered. NORM gives way to an abnormal diagnosis that ties with it. When nothing reaches 60, `strict`
 * answers with NORM as the figure's rule 2 says; otherwise there is no answer, for calling an infarction of
 * likelihood 50 normal is clinically false. Where annotators did not look for NORM, strict changes nothing.
 */
export function leadingDiagnoses(
  facts: RecordFacts,
  options: { readonly strict: boolean; readonly labelScope: readonly StatementKey[] },
): StatementKey[] {
  const rank = (statement: Statement): number => statement.likelihood ?? 100;
  const eligible = facts.diagnosis.present.filter(isCertain);
  if (eligible.length === 0) {
    return options.strict && options.labelScope.includes("scp:NORM") ? ["scp:NORM"] : [];
  }
  const highest = Math.max(...eligible.map(rank));
  const leading = eligible
    .filter((statement) => rank(statement) === highest)
    .map((statement) => statementKey(statement.code));
  const abnormal = leading.filter((key) => key !== "scp:NORM");
  return abnormal.length > 0 ? abnormal : leading;
}

/** Statements without those that are an ancestor of another one in the list. */
function mostSpecific(statements: readonly Statement[]): Statement[] {
  const keys = statements.map((statement) => statementKey(statement.code));
  return statements.filter((_, index) => {
    const key = keys[index];
    return !keys.some((other) => other !== key && key !== undefined && withAncestors(other).has(key));
  });
}

function searchedWaveforms(scope: readonly StatementKey[]): number {
  return scope.filter((key) => statementDefinition(key).dimensions.includes("waveform")).length;
}
