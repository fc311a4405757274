// What must hold of every item before it leaves: one right option, nothing wrong that could be right (design 4.4).
import { areRelated, findStatement, findStatementByName } from "../labels/find-statement.ts";
import { type StatementKey, statementKey } from "../record/statement.ts";
import { EcgError } from "../shared/errors.ts";
import { parseOptions } from "./parse-options.ts";
import { type QaItem, qaItemSchema } from "./qa-item.ts";
import type { QaRecord } from "./qa-record.ts";
import { type AnswerKey, NO_WAVEFORM, recordFacts } from "./record-facts.ts";
import type { Subject } from "./tasks/item-parts.ts";
import { OPTION_WORDINGS } from "./templates/normal-wording.ts";
import { optionAnswer } from "./write-options.ts";

/** Ids of the templates whose options are statements about one recording. */
const CHOICE_TEMPLATES = /^closed-(diagnosis|waveform|rhythm|misc)-/;

/** Problems of an item in words; empty when it is sound. With its record, the options are held against the labels. */
export function checkItem(item: QaItem, record?: QaRecord): string[] {
  const shape = qaItemSchema.safeParse(item);
  if (!shape.success) return shape.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`);
  const subject = record === undefined ? undefined : { record, facts: recordFacts(record) };
  return [...checkWording(item), ...(subject === undefined ? [] : checkOptionsOf(item, subject))];
}

/** @throws EcgError INVALID_OPTION that lists the problems of {@link checkItem}, schema left out for speed. */
export function assertSoundItem(item: QaItem, subject?: Subject): void {
  const problems = [...checkWording(item), ...(subject === undefined ? [] : checkOptionsOf(item, subject))];
  if (problems.length > 0) {
    throw new EcgError(
      "INVALID_OPTION",
      `item ${item.id}: expected a sound item, got ${problems.join("; ")}`,
      {
        details: { id: item.id, problems },
      },
    );
  }
}

/** The statement, or the normal answer, that an option text stands for. */
export function optionKey(text: string): AnswerKey | undefined {
  for (const key of ["scp:NORM", NO_WAVEFORM] as const) {
    if (OPTION_WORDINGS[key]?.includes(text)) return key;
  }
  return findStatementByName(text)?.key;
}

function checkWording(item: QaItem): string[] {
  const problems: string[] = [];
  if (/\{\w+\}|undefined|NaN/.test(`${item.instruction} ${item.answer} ${item.context}`)) {
    problems.push("a slot or value is missing from the text");
  }
  if (item.answer.trim() === "") problems.push("the answer is empty");
  const { options } = item;
  if (options === undefined) return problems;
  const plain = options.map((option) => option.trim().toLowerCase());
  if (new Set(plain).size !== options.length) problems.push("options repeat");
  const rightPlaces = options.filter((_, place) => optionAnswer(options, place) === item.answer);
  if (rightPlaces.length !== 1) problems.push(`${rightPlaces.length} options are the answer`);
  const parsed = parseOptions(item.instruction);
  if (parsed === undefined || parsed.options.join("\n") !== options.join("\n")) {
    problems.push("the instruction does not read back as its options");
  }
  return problems;
}

/** Of a choice question: the right option is certain, every wrong one in scope, absent and unrelated. */
function checkOptionsOf(item: QaItem, subject: Subject): string[] {
  const { options, dimension } = item;
  if (options === undefined || dimension === undefined || !CHOICE_TEMPLATES.test(item.templateId)) return [];
  const facts = subject.facts[dimension];
  const present = subject.record.statements.map((statement) => statementKey(statement.code));
  return options.flatMap((option, place) => {
    const key = optionKey(option);
    if (key === undefined) return [`option "${option}" is no statement`];
    if (optionAnswer(options, place) === item.answer) {
      const holds = key === NO_WAVEFORM ? facts.normal : present.includes(key) || key === "scp:NORM";
      return holds ? [] : [`the right option "${option}" is not a statement of the record`];
    }
    if (key !== NO_WAVEFORM && !isUnrelated(key, present))
      return [`the wrong option "${option}" may be right`];
    return facts.absent.includes(key) ? [] : [`the wrong option "${option}" is outside the label scope`];
  });
}

function isUnrelated(key: StatementKey, present: readonly StatementKey[]): boolean {
  return findStatement(key) !== undefined && !present.some((other) => areRelated(key, other));
}
